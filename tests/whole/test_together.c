/* R4: two consoles, a recorder and a loop of verbs write to one contract at once: nothing is lost, nobody freezes.
 *
 * HOSHU_WRITES sets how many writes in all (default 2,000). A frozen program would never answer the sync token. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/vt.h"
#include "tests/whole/desk.h"

enum { WRITES = 2000, AT_ONCE = 2 };

static struct desk desk;

static int start(void **state)
{
	(void)state;
	desk_make(&desk, true);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	desk_remove(&desk);
	return 0;
}

struct verb {
	pid_t pid;
	int out;
};

static struct verb open_ticket(int n)
{
	char title[32];
	const char *words[] = { "ticket", "open", "--title", title, NULL };
	struct verb v;

	snprintf(title, sizeof title, "v %d", n);
	v.pid = desk_start(&desk, words, &v.out);
	return v;
}

static void assert_done(const struct verb *v)
{
	int status;

	assert_int_equal(waitpid(v->pid, &status, 0), v->pid);
	assert_int_equal(status, 0);
	close(v->out);
}

static void type_ticket(struct vt *vt, char kind, int n)
{
	char line[64];

	snprintf(line, sizeof line, ":ticket open --title '%c %d'\r", kind, n);
	vt_type(vt, line);
}

static void everyone_writes(void **state)
{
	const char *text = getenv("HOSHU_WRITES");
	int writes = text != NULL && *text != '\0' ? (int)strtol(text, NULL, 10) : WRITES, status;
	const char *collect[] = { "collect", NULL };
	int done[3] = { 0 }, out;
	struct vt *a, *b;

	(void)state;
	const struct verb first = open_ticket(done[2]++);
	assert_done(&first);
	pid_t recorder = desk_start(&desk, collect, &out);
	a = vt_spawn(desk_argv(&desk, NULL), &(struct vt_options){ 0 });
	b = vt_spawn(desk_argv(&desk, NULL), &(struct vt_options){ 0 });
	for (int n = 1; n < writes; n += 4) {
		struct verb verbs[AT_ONCE];
		type_ticket(a, 'a', done[0]++);
		type_ticket(b, 'b', done[1]++);
		for (int i = 0; i < AT_ONCE; i++)
			verbs[i] = open_ticket(done[2]++);
		vt_sync(a);
		vt_sync(b);
		for (int i = 0; i < AT_ONCE; i++)
			assert_done(&verbs[i]);
	}
	vt_keys(a, "Q", NULL);
	vt_keys(b, "Q", NULL);
	assert_int_equal(vt_exit_code(a), 0);
	assert_int_equal(vt_exit_code(b), 0);
	vt_free(a);
	vt_free(b);
	kill(recorder, SIGTERM);
	assert_int_equal(waitpid(recorder, &status, 0), recorder);
	assert_true(WIFEXITED(status));
	close(out);

	struct store *s = desk_store(&desk);
	struct rows rows = { 0 };
	struct err err = { 0 };
	assert_int_equal(store_rows(s, TABLE_ticket, NULL, NULL, &rows, &err), 0);
	print_message("%d written, %zu there\n", done[0] + done[1] + done[2], rows.len);
	assert_int_equal(rows.len, done[0] + done[1] + done[2]);
	rows_release(&rows);
	store_close(s);
	desk_prove(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(everyone_writes) };

	return cmocka_run_group_tests(tests, start, stop);
}
