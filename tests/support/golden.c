/* See golden.h. */
#include "tests/support/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/strbuf.h"

static void read_file(const char *path, struct strbuf *out)
{
	char bytes[4096];
	size_t n;
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return;
	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
		strbuf_add(out, bytes, n);
	fclose(file);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		fail_msg("cannot write '%s'", path);
}

/* diff -u to standard error, every line behind '#'. */
static void show_difference(const char *path, const char *actual)
{
	char other[] = "/tmp/golden-XXXXXX";
	int fd = mkstemp(other);

	if (fd < 0)
		return;
	close(fd);
	write_file(other, actual);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execlp("diff", "diff", "-u", "--label", "golden", "--label", "actual", path, other, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	unlink(other);
}

void golden_check(const char *path, const char *actual)
{
	const char *root = getenv("HOSHU_SRCDIR"), *update = getenv("UPDATE");
	struct strbuf full = { 0 }, want = { 0 };

	strbuf_addf(&full, "%s/%s", root != NULL ? root : ".", path);
	if (update != NULL && strcmp(update, "1") == 0)
		write_file(full.buf, actual);
	read_file(full.buf, &want);
	int same = strcmp(strbuf_text(&want), actual) == 0;
	if (!same)
		show_difference(full.buf, actual);
	strbuf_release(&full);
	strbuf_release(&want);
	if (!same)
		fail_msg("'%s' differs; UPDATE=1 rewrites it", path);
}
