/* tui/term on a real pty: start and end, keys in pieces, sizes, stop and continue, hang-up, signals, crash, poor environments. */
#include "config.h"

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

#define ENV(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *program(void)
{
	static char path[4096];
	const char *build = getenv("HOSHU_BUILDDIR");

	snprintf(path, sizeof path, "%s/tests/tui/term/show", build != NULL ? build : ".");
	return path;
}

static struct vt *start_with(const char *const *env, int rows, int cols)
{
	struct vt *vt = vt_spawn((const char *[]){ program(), "sh", "-c", "exit 3", NULL },
				 &(struct vt_options){ .rows = rows, .cols = cols, .env = env });

	vt_sync(vt);
	return vt;
}

static struct vt *start(void)
{
	return start_with(NULL, 24, 80);
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

static void assert_shows(struct vt *vt, const char *text)
{
	if (!vt_has(vt, text))
		fail_msg("'%s' is not on the screen:\n%s", text, vt_screen(vt, false));
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

static void check_looks(void **state)
{
	static const struct {
		const char *env[3];
		const char *file;
	} rows[] = {
		{ { "NO_COLOR=1" }, "tests/tui/term/show.nocolor.golden" },
		{ { "SHOW_BARE=1" }, "tests/tui/term/show.bare.golden" },
		{ { "TERM=xterm" }, "tests/tui/term/show.8.golden" },
		{ { "TERM=linux" }, "tests/tui/term/show.linux.golden" },
		{ { "TERM=vt100" }, "tests/tui/term/show.vt100.golden" },
		{ { "TERM=tmux-256color" }, "tests/tui/term/show.tmux.golden" },
		{ { "SHOW_WIDE=1" }, NULL },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vt *vt = start_with(rows[i].env, 24, 80);
		if (rows[i].file != NULL)
			vt_golden(vt, rows[i].file, true);
		else
			assert_shows(vt, "wide=1 probed=0 ascii=1");
		vt_keys(vt, "q", NULL);
		assert_int_equal(vt_exit_code(vt), 0);
		assert_true(vt_tty_restored(vt));
		vt_free(vt);
	}
}

static void check_theme_while_running(void **state)
{
	struct vt *vt = start_with(ENV("SHOW_BARE=1"), 24, 80);

	(void)state;
	vt_keys(vt, "t", NULL);
	vt_sync(vt);
	assert_non_null(strstr(vt_screen(vt, true), "5@10:9 201/-"));
	quit(vt);
}

static void check_keys(void **state)
{
	struct vt *vt = start();

	(void)state;
	vt_keys(vt, "a", "障", "Up", "F5", "Ctrl-R", "Shift-Left", "Ctrl-Right", "Esc", "Alt-b", "Shift-Tab", "Ctrl-Space", NULL);
	vt_sync(vt);
	assert_shows(vt, "a 障 Up F5 Ctrl-R Shift-Left Ctrl-Right Esc Alt-b Shift-Tab Ctrl-Space");
	vt_keys(vt, "C", "PgUp", "PgDn", "Home", "End", "Ins", "Del", "Backspace", "Enter", "Tab", "F12", NULL);
	vt_sync(vt);
	assert_shows(vt, "PgUp PgDn Home End Ins Del Backspace Enter Tab F12");
	quit(vt);
}

static void check_split_characters(void **state)
{
	static const char text[] = "障é𠮷\x1b[1;5A";
	struct vt *vt = start();

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		vt_send(vt, text + i, 1);
		vt_wait_read(vt);
	}
	vt_type(vt, text + 9);
	vt_sync(vt);
	assert_shows(vt, "障 é 𠮷 Ctrl-Up");
	quit(vt);
}

/* Without anything behind it, after the time that a key's sequence may take. */
static void check_lone_escape(void **state)
{
	struct vt *vt = start();

	(void)state;
	vt_type(vt, "\x1b");
	vt_wait_text(vt, "\nEsc");
	quit(vt);
}

static void check_paste_mouse_focus(void **state)
{
	struct vt *vt = start_with(NULL, 24, 260);

	(void)state;
	vt_paste(vt, "貼付\r\nq");
	vt_mouse(vt, 0, 5, 249, true);
	vt_mouse(vt, 0, 5, 249, false);
	vt_mouse(vt, 64, 1, 1, true);
	vt_type(vt, "\x1b[I\x1b[O");
	vt_sync(vt);
	assert_shows(vt, "Paste '貼付 q' Mouse 0@5,249 Mouse 0@5,249 up Mouse 64@1,1 FocusIn FocusOut");
	quit(vt);
}

/* Typed before the program reads: neither lost nor taken for an answer. */
static void check_typed_ahead(void **state)
{
	struct vt *vt = vt_spawn((const char *[]){ program(), NULL }, &(struct vt_options){ .silent = true });

	(void)state;
	vt_wait_output(vt, "\x1b[c"); /* it waits for an answer that never comes */
	vt_type(vt, "ab");
	vt_sync(vt);
	vt_type(vt, "d");
	vt_sync(vt);
	assert_shows(vt, "\na b d");
	quit(vt);
}

static void check_silent_terminal(void **state)
{
	struct vt *vt = vt_spawn((const char *[]){ program(), NULL }, &(struct vt_options){ .silent = true });

	(void)state;
	vt_sync(vt);
	assert_shows(vt, "wide=0 probed=0 ascii=1");
	assert_shows(vt, "+------------------+");
	vt_type(vt, "\x1b[1;2R\x1b[?6c"); /* the answers, too late */
	vt_sync(vt);
	assert_shows(vt, "run=0\n\n");
	quit(vt);
}

static void check_sizes(void **state)
{
	static const int sizes[][2] = { { 1, 1 }, { 2, 5 }, { 1, 80 }, { 24, 1 }, { 300, 1000 }, { 16, 60 }, { 40, 120 }, { 48, 160 } };
	struct vt *vt = start();

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		char want[32];
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		vt_sync(vt);
		snprintf(want, sizeof want, "%dx%d", sizes[i][0], sizes[i][1]);
		want[sizes[i][1] < 31 ? sizes[i][1] : 31] = '\0';
		assert_shows(vt, want);
	}
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct vt *other = start_with(NULL, sizes[i][0], sizes[i][1]);
		quit(other);
	}
	quit(vt);
}

/* 200 changes of size while it draws, answered or not; the last one is what stands there. */
static void check_resize_storm(void **state)
{
	struct vt *vt = start();

	(void)state;
	for (int i = 0; i < 200; i++) {
		vt_resize(vt, 1 + i * 7 % 60, 1 + i * 13 % 200);
		if (i % 3 == 0)
			vt_keys(vt, "x", NULL);
		if (i % 10 == 0)
			vt_sync(vt);
	}
	vt_resize(vt, 24, 80);
	vt_keys(vt, "Up", NULL);
	vt_sync(vt);
	assert_shows(vt, "24x80 ");
	assert_shows(vt, "Up\n┌──────────────────┐\n│障害ｶﾞ①髙が^[[2J  │\n└──────────────────┘\ntext ");
	quit(vt);
}

static void check_suspend(void **state)
{
	struct vt *vt = start();
	char before[4096];

	(void)state;
	for (int i = 0; i < 3; i++) {
		snprintf(before, sizeof before, "%s", strchr(vt_screen(vt, true), '\n'));
		if (i == 1)
			vt_signal(vt, SIGTSTP);
		else
			vt_keys(vt, "Ctrl-Z", NULL);
		vt_wait_stopped(vt);
		assert_left_sane(vt);
		if (i == 2)
			vt_resize(vt, 24, 79);
		vt_continue(vt);
		vt_sync(vt);
		assert_string_equal(strchr(vt_screen(vt, true), '\n'), before);
		assert_true(vt_mouse_on(vt));
		assert_false(vt_tty_restored(vt));
	}
	assert_shows(vt, "24x79");
	quit(vt);
}

/* Stopped by someone else, without a chance to leave the screen. */
static void check_stopped_from_outside(void **state)
{
	struct vt *vt = start();

	(void)state;
	vt_signal(vt, SIGSTOP);
	vt_wait_stopped(vt);
	vt_continue(vt);
	vt_sync(vt);
	vt_golden(vt, "tests/tui/term/show.80x24.golden", true);
	quit(vt);
}

static void check_ending_signals(void **state)
{
	static const int signals[] = { SIGTERM, SIGQUIT };

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		struct vt *vt = start();
		vt_signal(vt, signals[i]);
		assert_int_equal(vt_exit_code(vt), 128 + signals[i]);
		assert_left_sane(vt);
		vt_free(vt);
	}
	struct vt *vt = start();
	vt_hang_up(vt);
	assert_int_equal(vt_exit_code(vt), 128 + SIGHUP);
	vt_free(vt);
}

static void check_other_signals(void **state)
{
	struct vt *vt = start();

	(void)state;
	vt_signal(vt, SIGINT);
	vt_signal(vt, SIGUSR1);
	vt_sync(vt);
	assert_shows(vt, "SIGINT reload");
	vt_signal(vt, SIGHUP); /* the terminal is still there */
	vt_sync(vt);
	assert_shows(vt, "reload reload");
	vt_keys(vt, "Ctrl-C", NULL); /* a key, not a signal */
	vt_sync(vt);
	assert_shows(vt, "Ctrl-C");
	quit(vt);
}

#ifndef SANITIZED /* they keep their own reports */
static void check_crash(void **state)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct vt *vt = start();

	(void)state;
	vt_keys(vt, "X", NULL);
	assert_int_equal(vt_exit_code(vt), 128 + SIGABRT);
	assert_left_sane(vt);
	vt_free(vt);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		vt = start();
		vt_signal(vt, signals[i]);
		assert_int_equal(vt_exit_code(vt), 128 + signals[i]);
		assert_left_sane(vt);
		vt_free(vt);
	}
}
#endif

static void check_out_of_memory(void **state)
{
	struct vt *vt = start_with(ENV("ASAN_OPTIONS=allocator_may_return_null=1"), 24, 80);

	(void)state;
	vt_keys(vt, "O", NULL);
	assert_int_not_equal(vt_exit_code(vt), 0);
	assert_left_sane(vt);
	vt_free(vt);
}

static struct vt *start_running(const char *script)
{
	struct vt *vt = vt_spawn((const char *[]){ program(), "sh", "-c", script, NULL }, &(struct vt_options){ 0 });

	vt_sync(vt);
	return vt;
}

static void check_other_program(void **state)
{
	struct vt *vt = start();

	(void)state;
	vt_keys(vt, "R", NULL);
	vt_sync(vt);
	assert_shows(vt, "run=3");
	vt_keys(vt, "R", "x", NULL);
	vt_sync(vt);
	assert_shows(vt, "x");
	quit(vt);

	/* it has the terminal as the shell had it, and takes a key of its own; the size changes meanwhile */
	vt = start_running("stty -a | grep -q ' icanon' && echo ready && read line && test \"$line\" = hello");
	vt_keys(vt, "R", NULL);
	vt_wait_text(vt, "ready");
	vt_resize(vt, 20, 90);
	vt_type(vt, "hello\n");
	vt_wait_text(vt, "20x90");
	vt_sync(vt);
	assert_shows(vt, "run=0");
	quit(vt);

	/* it stops, and so do we */
	vt = start_running("kill -STOP $$; exit 4");
	vt_keys(vt, "R", NULL);
	vt_wait_stopped(vt);
	assert_left_sane(vt);
	vt_continue(vt);
	vt_sync(vt);
	assert_shows(vt, "run=4");
	quit(vt);

	vt = start_running("kill -TERM $$");
	vt_keys(vt, "R", NULL);
	vt_sync(vt);
	assert_shows(vt, "run=143");
	quit(vt);

	/* Ctrl-C there is not Ctrl-C here */
	vt = start_running("echo ready; read line");
	vt_keys(vt, "R", NULL);
	vt_wait_text(vt, "ready");
	vt_keys(vt, "Ctrl-C", NULL);
	vt_wait_text(vt, "run=130");
	vt_sync(vt);
	assert_false(vt_has(vt, "SIGINT"));
	quit(vt);

	vt = vt_spawn((const char *[]){ program(), "/nonexistent/editor", NULL }, &(struct vt_options){ 0 });
	vt_sync(vt);
	vt_keys(vt, "R", NULL);
	vt_sync(vt);
	assert_shows(vt, "run=-3");
	quit(vt);
}

static void check_copy(void **state)
{
	struct vt *vt = start();

	(void)state;
	vt_keys(vt, "y", NULL);
	vt_sync(vt);
	assert_string_equal(vt_clipboard(vt), "6Zqc5a6zIFMx");
	quit(vt);
}

static void check_caret(void **state)
{
	struct vt *vt = start();
	int row, col;
	bool visible;

	(void)state;
	vt_cursor(vt, &row, &col, &visible);
	assert_false(visible);
	vt_keys(vt, "c", NULL);
	vt_sync(vt);
	vt_cursor(vt, &row, &col, &visible);
	assert_true(visible);
	assert_int_equal(row, 3);
	assert_int_equal(col, 5);
	quit(vt);
}

/* Nothing changed: not a cell is sent again, but all of them when asked. */
static void check_only_differences(void **state)
{
	struct vt *vt = start();
	size_t len;

	(void)state;
	vt_forget_output(vt);
	vt_sync(vt);
	assert_string_equal(vt_output(vt, NULL), "\x1b]777;idle\x1b\\");
	vt_forget_output(vt);
	vt_keys(vt, "z", NULL);
	vt_sync(vt);
	vt_output(vt, &len);
	assert_in_range(len, 10, 60);
	vt_forget_output(vt);
	vt_keys(vt, "L", NULL);
	vt_sync(vt);
	vt_output(vt, &len);
	assert_true(len > 400);
	quit(vt);
}

static void check_no_terminal(void **state)
{
	static const struct {
		const char *env[3];
		const char *says;
	} rows[] = {
		{ { "TERM" }, "TERM is not set" },
		{ { "TERM=" }, "TERM is not set" },
		{ { "TERM=dumb" }, "'dumb' cannot move its cursor" },
		{ { "TERM=../../etc/passwd" }, "cannot move its cursor" },
		{ { "TERM=no-such-terminal", "HOSHU_PROBE=0" }, "'no-such-terminal' is not known here" },
		{ { "TERM=glasstty", "HOSHU_PROBE=0" }, "'glasstty' is not known here" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vt *vt = vt_spawn((const char *[]){ program(), NULL }, &(struct vt_options){ .env = rows[i].env });
		assert_int_equal(vt_exit_code(vt), 2);
		assert_shows(vt, rows[i].says);
		assert_left_sane(vt);
		vt_free(vt);
	}
	char script[4200];
	snprintf(script, sizeof script, "exec %s </dev/null", program());
	struct vt *vt = vt_spawn((const char *[]){ "sh", "-c", script, NULL }, &(struct vt_options){ 0 });
	assert_int_equal(vt_exit_code(vt), 2);
	assert_shows(vt, "the console needs a terminal");
	vt_free(vt);
}

static void check_poor_environments(void **state)
{
	static const struct {
		const char *env[4];
		const char *shows;
	} rows[] = {
		{ { "TERM=xterm-kitty" }, "utf8=1" }, /* perhaps not in terminfo: the terminal answered */
		{ { "TERM=no-such-terminal" }, "utf8=1" },
		{ { "LANG=C" }, "utf8=1" },
		{ { "LANG" }, "utf8=1" },
		{ { "LC_ALL=ja_JP.UTF-8" }, "utf8=1" },
		{ { "LC_ALL=xx_YY.EUC-JP", "LANG=ja_JP.SJIS" }, "utf8=1" },
		{ { "TERMINFO=/nonexistent", "TERMINFO_DIRS=/nonexistent" }, "24x80 xterm-256color" },
		{ { "HOME=/nonexistent", "TMPDIR=/nonexistent" }, "24x80" },
		{ { "COLUMNS=40", "LINES=10" }, "24x80" },
		{ { "TMUX=/tmp/x,1,0" }, "probed=1 ascii=1" },
		{ { "HOSHU_PROBE=0" }, "probed=0 ascii=1" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vt *vt = start_with(rows[i].env, 24, 80);
		assert_shows(vt, rows[i].shows);
		assert_shows(vt, "障害ｶﾞ");
		quit(vt);
	}
	char script[4200];
	snprintf(script, sizeof script, "ulimit -n 16; exec %s", program());
	struct vt *vt = vt_spawn((const char *[]){ "sh", "-c", script, NULL }, &(struct vt_options){ 0 });
	vt_sync(vt);
	quit(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_start_and_quit),
		cmocka_unit_test(check_looks),
		cmocka_unit_test(check_theme_while_running),
		cmocka_unit_test(check_keys),
		cmocka_unit_test(check_split_characters),
		cmocka_unit_test(check_lone_escape),
		cmocka_unit_test(check_paste_mouse_focus),
		cmocka_unit_test(check_typed_ahead),
		cmocka_unit_test(check_silent_terminal),
		cmocka_unit_test(check_sizes),
		cmocka_unit_test(check_resize_storm),
		cmocka_unit_test(check_suspend),
		cmocka_unit_test(check_stopped_from_outside),
		cmocka_unit_test(check_ending_signals),
		cmocka_unit_test(check_other_signals),
#ifndef SANITIZED
		cmocka_unit_test(check_crash),
#endif
		cmocka_unit_test(check_out_of_memory),
		cmocka_unit_test(check_other_program),
		cmocka_unit_test(check_copy),
		cmocka_unit_test(check_caret),
		cmocka_unit_test(check_only_differences),
		cmocka_unit_test(check_no_terminal),
		cmocka_unit_test(check_poor_environments),
	};

	return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
