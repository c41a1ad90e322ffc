/* See desk.h. */
#include "tests/whole/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/contract/config.h"

enum { WORDS = 40 };

void desk_make(struct desk *p, bool plain)
{
	static char built[4096];
	struct complaints complaints = { 0 };
	struct strbuf contract = { 0 };
	struct config *config = NULL;
	struct err err = { 0 };

	snprintf(built, sizeof built, "%s/hoshu", getenv("HOSHU_BUILDDIR"));
	const char *without_sanitizers = getenv("HOSHU_PLAIN");
	p->program = plain && without_sanitizers != NULL && *without_sanitizers != '\0' ? without_sanitizers : built;
	snprintf(p->folder, sizeof p->folder, "/tmp/hoshu-desk-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->config, sizeof p->config, "%s/config", p->folder);
	snprintf(p->data, sizeof p->data, "%s/data", p->folder);
	strbuf_addf(&contract, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	const struct config_options where = { p->config, p->data };
	const struct config_answers answers = {
		.person = "佐藤", .role = "se", .tag = "S", .contract_file = strbuf_text(&contract), .language = "en", .theme = "",
	};
	assert_int_equal(config_load(&where, &config, &complaints, &err), 0);
	assert_int_equal(config_save(config, &answers, false, &err), 0);
	config_free(config);
	vec_release(&complaints.list);
	strbuf_release(&contract);
}

void desk_remove(struct desk *p)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/rm", "rm", "-rf", p->folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

const char *const *desk_argv(const struct desk *p, const char *const *words)
{
	static const char *argv[WORDS];
	size_t n = 0;

	argv[n++] = p->program;
	argv[n++] = "--config";
	argv[n++] = p->config;
	argv[n++] = "--data";
	argv[n++] = p->data;
	while (words != NULL && *words != NULL && n + 1 < WORDS)
		argv[n++] = *words++;
	argv[n] = NULL;
	return argv;
}

pid_t desk_start(const struct desk *p, const char *const *words, int *out)
{
	union {
		const char *const *from;
		char *const *to;
	} argv = { .from = desk_argv(p, words) };
	int pipes[2];

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		dup2(null, 0);
		dup2(pipes[1], 1);
		dup2(null, 2);
		execv(p->program, argv.to);
		_exit(127);
	}
	close(pipes[1]);
	*out = pipes[0];
	return pid;
}

struct store *desk_store(const struct desk *p)
{
	struct store *s = NULL;
	struct strbuf folder = { 0 }, text = { 0 };
	struct err err = { 0 };

	strbuf_addf(&folder, "%s/satte", p->data);
	const struct store_options options = { .folder = strbuf_text(&folder), .tag = "S", .read_only = true, .busy_ms = 5000 };
	if (store_open(&s, &options, &err) != 0) {
		err_format(&err, NULL, &text);
		fail_msg("%s", strbuf_text(&text));
	}
	strbuf_release(&folder);
	return s;
}

static void say(void *ctx, const struct msg *what)
{
	struct strbuf text = { 0 };

	msg_format(what, NULL, &text);
	print_message("fsck: %s\n", strbuf_text(&text));
	strbuf_release(&text);
	++*(int *)ctx;
}

void desk_prove(const struct desk *p)
{
	struct store *s = desk_store(p);
	struct err err = { 0 };
	int64_t checked = 0;
	int found = 0;

	assert_int_equal(store_fsck(s, say, &found, &checked, &err), 0);
	assert_int_equal(found, 0);
	assert_true(checked > 0);
	store_close(s);
}
