/* tui/term on a real pty: start and end, keys in pieces, sizes, stop and continue, hang-up, signals, crash, poor environments. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/vt.h"

static struct vt *start_with(const char *const *env, int rows, int cols)
{
	static char program[4096];
	const char *build = getenv("HOSHU_BUILDDIR");

	snprintf(program, sizeof program, "%s/tests/tui/term/show", build != NULL ? build : ".");
	return vt_spawn((const char *[]){ program, "sh", "-c", "exit 3", NULL },
			&(struct vt_options){ .rows = rows, .cols = cols, .env = env });
}

static struct vt *start(void)
{
	struct vt *vt = start_with(NULL, 24, 80);

	vt_sync(vt);
	return vt;
}

static void assert_left_sane(struct vt *vt)
{
	int row, col;
	bool visible;

	assert_false(vt_alternate_screen(vt));
	assert_false(vt_mouse_on(vt));
	assert_false(vt_paste_on(vt));
	assert_true(vt_tty_restored(vt));
	vt_cursor(vt, &row, &col, &visible);
	assert_true(visible);
}

static void quit(struct vt *vt)
{
	vt_keys(vt, "q", NULL);
	assert_int_equal(vt_exit_code(vt), 0);
	assert_left_sane(vt);
	vt_free(vt);
}

static void check_start_and_quit(void **state)
{
	struct vt *vt = start();

	(void)state;
	assert_true(vt_alternate_screen(vt));
	assert_true(vt_mouse_on(vt));
	assert_true(vt_paste_on(vt));
	assert_false(vt_tty_restored(vt));
	vt_golden(vt, "tests/tui/term/show.80x24.golden", true);
	quit(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_start_and_quit),
	};

	return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
