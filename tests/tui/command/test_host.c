/* The verbs of hosts from the shell, against a real sshd: no key is trusted that nobody vouched for, none is
 * replaced unseen. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/data/net/lab.h"

static struct lab lab;
static char said[65536]; /* by the last hoshu, both streams */

/* Runs hoshu with the words, without a terminal; gives its exit code. */
static int hoshu(const char *words)
{
	struct strbuf line = { 0 };
	int pipe_fds[2], status;
	size_t len = 0;
	ssize_t got;

	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	strbuf_addf(&line, "exec %s/hoshu %s </dev/null 2>&1", getenv("HOSHU_BUILDDIR"), words);
	pid_t pid = fork();
	if (pid == 0) {
		setsid();
		dup2(pipe_fds[1], 1);
		execl("/bin/sh", "sh", "-c", strbuf_text(&line), (char *)NULL);
		_exit(127);
	}
	close(pipe_fds[1]);
	while (len < sizeof said - 1 && (got = read(pipe_fds[0], said + len, sizeof said - 1 - len)) > 0)
		len += (size_t)got;
	said[len] = '\0';
	close(pipe_fds[0]);
	strbuf_release(&line);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void assert_said(const char *text)
{
	if (strstr(said, text) == NULL)
		fail_msg("'%s' is not in: %s", text, said);
}

/* The bundled contract with one host filled in. */
static void write_contract(int port)
{
	struct strbuf path = { 0 }, out = { 0 };
	char line[4096];

	strbuf_addf(&path, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	FILE *f = fopen(strbuf_text(&path), "re");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		if (strstr(line, "id = \"web1\"") != NULL)
			strbuf_addf(&out,
				    "{ id = \"web1\"; name = [ \"Web\", \"Web\" ]; address = \"127.0.0.1\"; "
				    "port = %d; user = \"%s\"; "
				    "key_file = \"%s\"; groups = [ \"web\" ]; },\n",
				    port, lab.user, lab.key_file);
		else
			strbuf_add_text(&out, line);
	}
	fclose(f);
	lab_write(&lab, "test.conf", strbuf_text(&out));
	strbuf_release(&path);
	strbuf_release(&out);
}

static int open_lab(void **state)
{
	struct strbuf helper = { 0 };

	(void)state;
	lab_open(&lab);
	strbuf_addf(&helper, "%s/hoshu-net", getenv("HOSHU_BUILDDIR"));
	setenv("HOSHU_NET", strbuf_text(&helper), 1);
	strbuf_release(&helper);
	assert_int_equal(mkdir(lab_path(&lab, "home"), 0700), 0);
	setenv("HOME", lab_path(&lab, "home"), 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOSHU_CONFIG_DIR");
	return 0;
}

static int close_lab(void **state)
{
	(void)state;
	lab_close(&lab);
	return 0;
}

/* "SHA256:…" of a host key of the lab. */
static void fingerprint(const char *pin, int port, char out[128])
{
	struct net_job job = { .kind = NET_KEYSCAN, .host_id = "h", .address = "127.0.0.1", .port = port };
	const struct net_result *r = lab_do(&lab, &job);

	assert_int_equal(r->outcome, NET_OK);
	assert_string_equal(r->key_base64, strchr(pin, ' ') + 1);
	snprintf(out, 128, "%s", r->key_fingerprint);
}

static void trusts_only_what_was_vouched_for(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	char right[128], words[512], changed[128];

	(void)state;
	fingerprint(lab.pin, s.port, right);
	write_contract(s.port);
	snprintf(words, sizeof words, "init --person tester --tag T --contract %s/test.conf", lab.folder);
	if (hoshu(words) != 0)
		fail_msg("init: %s", said);

	assert_int_equal(hoshu("host test web1"), 1);
	assert_said("never confirmed");
	assert_int_equal(hoshu("host trust web1"), 1);
	assert_said(right);
	assert_said("nothing was trusted");
	assert_int_equal(hoshu("host trust web1 --fingerprint SHA256:AAAA"), 1);
	assert_said("nothing was trusted");
	assert_int_equal(hoshu("host keys --json"), 0);
	assert_null(strstr(said, "SHA256"));

	snprintf(words, sizeof words, "host trust web1 --fingerprint %s --channel paper", right);
	if (hoshu(words) != 0)
		fail_msg("trust: %s", said);
	assert_int_equal(hoshu("host keys --json"), 0);
	assert_said(right);
	assert_said("paper");
	if (hoshu("host test web1") != 0)
		fail_msg("test: %s", said);
	assert_said("connected in");
	assert_int_equal(hoshu("host trust web1"), 0);
	assert_said("already");
	assert_int_equal(hoshu("host list"), 0);
	assert_said("web1");

	/* the server comes back with another key: both are shown, none is taken over */
	snprintf(words, sizeof words, "HostKey %s/host_other", lab.folder);
	lab_stop(&lab, &s);
	s = lab_sshd(&lab, words);
	fingerprint(lab.other_pin, s.port, changed);
	write_contract(s.port);
	assert_int_equal(hoshu("host test web1"), 1);
	assert_said(right);
	assert_said(changed);
	assert_int_equal(hoshu("host trust web1"), 1);
	assert_said("ANOTHER");
	assert_said(right);
	assert_int_equal(hoshu("host test web1"), 1);
	snprintf(words, sizeof words, "host trust web1 --fingerprint %s", changed);
	assert_int_equal(hoshu(words), 0);
	if (hoshu("host test web1") != 0)
		fail_msg("test: %s", said);

	assert_int_equal(hoshu("host untrust web1"), 0);
	assert_int_equal(hoshu("host test web1"), 1);
	assert_int_equal(hoshu("host untrust web1"), 1);
	assert_int_equal(hoshu("host trust ap1"), 1);
	lab_stop(&lab, &s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trusts_only_what_was_vouched_for),
	};
	return cmocka_run_group_tests_name("host", tests, open_lab, close_lab);
}
