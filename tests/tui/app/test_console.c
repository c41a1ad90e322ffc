/* The console on a real pty: what a person sees and presses, from the first paint to the last. */
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/support/vt.h"

#define ENV_MAX 16

struct place {
	char folder[64];
	char program[512];
	char config[128], data[128], state[128], now[64];
	const char *env[ENV_MAX];
};

static struct place place;
extern char **environ;

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

/* Runs hoshu with the words in the place's environment; its exit code. */
static int hoshu(const char *first, ...)
{
	const char *argv[24] = { place.program, first };
	va_list ap;
	pid_t pid;
	int n = 2, status;

	va_start(ap, first);
	while (n < 23 && (argv[n] = va_arg(ap, const char *)) != NULL)
		n++;
	va_end(ap);
	for (size_t i = 0; place.env[i] != NULL; i++) {
		char *copy = strdup(place.env[i]), *equals = strchr(copy, '=');
		*equals = '\0';
		setenv(copy, equals + 1, 1);
		free(copy);
	}
	assert_int_equal(posix_spawn(&pid, place.program, NULL, NULL, (char *const *)(uintptr_t)argv, environ), 0);
	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int make_place(void **state)
{
	const char *build = getenv("HOSHU_BUILDDIR");

	(void)state;
	snprintf(place.folder, sizeof place.folder, "/tmp/hoshu-console-XXXXXX");
	assert_non_null(mkdtemp(place.folder));
	snprintf(place.program, sizeof place.program, "%s/hoshu", build != NULL ? build : ".");
	snprintf(place.config, sizeof place.config, "HOSHU_CONFIG_DIR=%s/config", place.folder);
	snprintf(place.data, sizeof place.data, "XDG_DATA_HOME=%s/data", place.folder);
	snprintf(place.state, sizeof place.state, "XDG_STATE_HOME=%s/state", place.folder);
	const char *const env[] = { place.config, place.data, place.state, "HOSHU_NOW=2026-10-14 09:42", "HOSHU_LANG=ja",
				    "EDITOR=/bin/true", NULL };
	memcpy(place.env, env, sizeof env);
	assert_int_equal(hoshu("init", "--person", "\xe4\xbd\x90\xe8\x97\xa4", "--tag", "S", "--contract", "satte", NULL), 0);
	return 0;
}

static int drop_place(void **state)
{
	(void)state;
	return nftw(place.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static struct vt *start(int rows, int cols, const char *lang, const char *option)
{
	const char *argv[] = { place.program, "--lang", lang, option, NULL };

	return vt_spawn(argv, &(struct vt_options){ .rows = rows, .cols = cols, .env = place.env });
}

static void finish(struct vt *vt)
{
	vt_keys(vt, "Q", NULL);
	assert_int_equal(vt_exit_code(vt), 0);
	assert_false(vt_alternate_screen(vt));
	assert_true(vt_tty_restored(vt));
	vt_free(vt);
}

static void command(struct vt *vt, const char *line)
{
	vt_keys(vt, ":", NULL);
	vt_type(vt, line);
	vt_keys(vt, "Enter", NULL);
	vt_sync(vt);
}

static void see(struct vt *vt, const char *text)
{
	if (!vt_has(vt, text))
		fail_msg("'%s' is not on the screen:\n%s", text, vt_screen(vt, false));
}

static void the_first_screen_says_where_one_is(void **state)
{
	struct vt *vt = start(24, 80, "ja", NULL);

	(void)state;
	vt_sync(vt);
	see(vt, "10/14(\xe6\xb0\xb4) 09:42");
	see(vt, "\xe7\xa8\xbc\xe5\x83\x8d\xe6\x99\x82\xe9\x96\x93\xe5\x86\x85 20:00\xe8\xbf\x84");
	see(vt, "SE \xe4\xbd\x90\xe8\x97\xa4");
	finish(vt);
	vt = start(24, 80, "en", NULL);
	vt_sync(vt);
	see(vt, "10/14(Wed) 09:42");
	see(vt, "service hours, until 20:00");
	finish(vt);
}

static void help_narrows_and_runs(void **state)
{
	struct vt *vt = start(24, 80, "en", NULL);

	(void)state;
	vt_keys(vt, "8", "?", NULL);
	vt_sync(vt);
	see(vt, "Help. Type to narrow:");
	see(vt, "mark the row");
	vt_type(vt, "language of the");
	vt_sync(vt);
	see(vt, "change the language of the screen now");
	assert_false(vt_has(vt, "mark the row"));
	vt_keys(vt, "Esc", NULL);
	vt_sync(vt);
	see(vt, "draw everything again");
	vt_type(vt, "language of the");
	vt_keys(vt, "Enter", NULL);
	vt_sync(vt);
	/* lang wants a language: the form asks for it */
	see(vt, "[ do it ]");
	vt_keys(vt, "Right", "F2", NULL);
	vt_sync(vt);
	see(vt, "10/14(\xe6\xb0\xb4) 09:42");
	finish(vt);
}

static void the_prompt_completes_and_remembers(void **state)
{
	struct vt *vt = start(24, 80, "en", NULL);

	(void)state;
	vt_keys(vt, ":", NULL);
	vt_type(vt, "bac");
	vt_keys(vt, "Tab", NULL);
	vt_sync(vt);
	see(vt, ":backup");
	vt_keys(vt, "Enter", NULL);
	vt_sync(vt);
	see(vt, "backup written and verified");
	vt_keys(vt, ":", NULL);
	vt_type(vt, "no such verb");
	vt_keys(vt, "Up", NULL);
	vt_sync(vt);
	see(vt, ":backup");
	vt_keys(vt, "Down", NULL);
	vt_sync(vt);
	see(vt, ":no such verb");
	vt_keys(vt, "Enter", NULL);
	vt_sync(vt);
	see(vt, "there is no verb 'no'");
	finish(vt);
	/* the next session remembers */
	vt = start(24, 80, "en", NULL);
	vt_keys(vt, ":", "Up", "Up", NULL);
	vt_sync(vt);
	see(vt, ":backup");
	vt_keys(vt, "Esc", NULL);
	finish(vt);
}

static void what_is_typed_into_a_form_is_kept(void **state)
{
	struct vt *vt = start(24, 80, "en", NULL);

	(void)state;
	command(vt, "ticket open");
	vt_type(vt, "\xe5\x8d\xb0\xe5\x88\xb7\xe4\xb8\x8d\xe5\x8f\xaf");
	vt_keys(vt, "Esc", NULL);
	vt_sync(vt);
	see(vt, "comes back with 'ticket open'");
	/* not even a terminal that goes away loses it */
	vt_hang_up(vt);
	assert_int_equal(vt_exit_code(vt), 129);
	vt_free(vt);
	vt = start(24, 80, "en", NULL);
	command(vt, "ticket open");
	see(vt, "the draft from before is back");
	see(vt, "\xe5\x8d\xb0\xe5\x88\xb7\xe4\xb8\x8d\xe5\x8f\xaf");
	vt_keys(vt, "F2", NULL);
	vt_sync(vt);
	see(vt, "saved 09:42");
	command(vt, "ticket open");
	assert_false(vt_has(vt, "\xe5\x8d\xb0\xe5\x88\xb7\xe4\xb8\x8d\xe5\x8f\xaf"));
	vt_keys(vt, "F2", NULL);
	vt_sync(vt);
	see(vt, "required");
	vt_keys(vt, "Esc", NULL);
	vt_sync(vt);
	finish(vt);
}

static char *inside(const char *path)
{
	static char whole[256];

	snprintf(whole, sizeof whole, "%s/%s", place.folder, path);
	return whole;
}

static void a_busy_database_is_waited_for_with_the_form_kept(void **state)
{
	struct vt *vt = start(24, 80, "en", NULL);
	sqlite3 *db;

	(void)state;
	command(vt, "ticket open");
	vt_type(vt, "waits its turn");
	vt_sync(vt);
	assert_int_equal(sqlite3_open(inside("data/hoshu/satte/records.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	vt_keys(vt, "F2", NULL);
	vt_wait_text(vt, "saving; another program holds the records");
	assert_true(vt_has(vt, "waits its turn"));
	assert_false(vt_has(vt, "saved 09:42"));
	assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	vt_sync(vt);
	see(vt, "saved 09:42");
	finish(vt);
}

static void another_program_s_change_comes_by_itself(void **state)
{
	struct vt *vt = start(24, 120, "en", NULL);

	(void)state;
	vt_keys(vt, "8", NULL);
	vt_sync(vt);
	assert_false(vt_has(vt, "from the shell"));
	assert_int_equal(hoshu("ticket", "open", "--title", "from the shell", "--contact", "09:30", NULL), 0);
	vt_wait_text(vt, "from the shell");
	finish(vt);
}

static void what_is_kept_is_the_owner_s_alone(void **state)
{
	static const char *const files[] = { "state/hoshu/prompt", "data/hoshu/satte/drafts", "data/hoshu/satte/records.db" };
	struct vt *vt = start(24, 80, "en", NULL);
	struct stat st;

	(void)state;
	command(vt, "ticket open");
	vt_type(vt, "half done");
	vt_keys(vt, "Esc", NULL);
	finish(vt);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		assert_int_equal(stat(inside(files[i]), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	unlink(inside("data/hoshu/satte/drafts"));
}

static void a_change_is_undone_and_done_again(void **state)
{
	struct vt *vt = start(24, 120, "en", NULL);

	(void)state;
	command(vt, "ticket open printer --contact 09:00");
	see(vt, "saved 09:42");
	vt_keys(vt, "8", NULL);
	vt_sync(vt);
	see(vt, "title=printer");
	vt_keys(vt, "u", NULL);
	vt_sync(vt);
	see(vt, "taken back");
	see(vt, "undo");
	vt_keys(vt, "U", NULL);
	vt_sync(vt);
	see(vt, "done again");
	vt_keys(vt, "G", "Enter", NULL);
	vt_sync(vt);
	see(vt, "ticket");
	vt_keys(vt, "q", NULL);
	vt_sync(vt);
	see(vt, "[8");
	finish(vt);
}

static void it_is_redrawn_at_every_size(void **state)
{
	struct vt *vt = start(24, 80, "en", NULL);
	static const int sizes[][2] = { { 40, 120 }, { 16, 60 }, { 48, 160 }, { 17, 61 } };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		vt_sync(vt);
		see(vt, "09:42");
		see(vt, "? help");
	}
	vt_resize(vt, 10, 40);
	vt_sync(vt);
	see(vt, "the window is too small: 40x10");
	assert_false(vt_has(vt, "09:42"));
	vt_resize(vt, 24, 80);
	vt_sync(vt);
	see(vt, "09:42");
	finish(vt);
}

static void it_opens_where_it_was_left(void **state)
{
	struct vt *vt = start(24, 120, "en", NULL);

	(void)state;
	vt_keys(vt, "3", NULL);
	vt_sync(vt);
	see(vt, "[3");
	finish(vt);
	vt = start(24, 120, "en", NULL);
	vt_sync(vt);
	see(vt, "[3");
	vt_mouse(vt, 0, 0, 48, true);
	vt_sync(vt);
	assert_false(vt_has(vt, "[3"));
	command(vt, "ticket open outage --contact 09:00 --severity major");
	vt_keys(vt, ":", NULL);
	vt_type(vt, "ticket take #");
	vt_keys(vt, "Tab", NULL);
	vt_sync(vt);
	see(vt, ":ticket take #S");
	vt_keys(vt, "Esc", NULL);
	finish(vt);
	vt = start(24, 120, "en", NULL);
	vt_sync(vt);
	see(vt, "[2");
	finish(vt);
}

/* A small script stands for the editor: what it writes stands in the field, which is not yet saved. */
static void a_field_is_written_in_the_editor(void **state)
{
	const char *path = inside("editor");
	FILE *f = fopen(path, "w");

	(void)state;
	assert_non_null(f);
	fputs("#!/bin/sh\necho 'written elsewhere' >\"$1\"\n", f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0700), 0);
	char editor[300];
	snprintf(editor, sizeof editor, "EDITOR=%s", path);
	for (size_t i = 0; place.env[i] != NULL; i++)
		if (strncmp(place.env[i], "EDITOR=", 7) == 0)
			place.env[i] = editor;
	struct vt *vt = start(24, 80, "en", NULL);
	command(vt, "ticket open");
	vt_keys(vt, "F4", NULL);
	vt_sync(vt);
	see(vt, "the editor is for fields of several lines");
	for (int i = 0; i < 12; i++)
		vt_keys(vt, "Down", NULL);
	vt_keys(vt, "F4", NULL);
	vt_sync(vt);
	see(vt, "written elsewhere");
	assert_true(vt_alternate_screen(vt));
	vt_keys(vt, "Esc", NULL);
	finish(vt);
	unlink(inside("data/hoshu/satte/drafts"));
}

static void what_cannot_be_taken_back_is_confirmed(void **state)
{
	struct vt *vt = start(24, 120, "en", NULL);

	(void)state;
	command(vt, "terminal add HT01");
	command(vt, "terminal retire HT01");
	see(vt, "terminal retire");
	vt_keys(vt, "n", NULL);
	vt_sync(vt);
	command(vt, "terminal retire HT01");
	vt_keys(vt, "y", NULL);
	vt_sync(vt);
	see(vt, "1 terminal(s) saved");
	finish(vt);
}

static void it_stops_and_comes_back(void **state)
{
	struct vt *vt = start(24, 80, "en", NULL);

	(void)state;
	vt_sync(vt);
	vt_keys(vt, "Ctrl-Z", NULL);
	vt_wait_stopped(vt);
	assert_false(vt_alternate_screen(vt));
	vt_continue(vt);
	vt_sync(vt);
	assert_true(vt_alternate_screen(vt));
	see(vt, "09:42");
	finish(vt);
}

static void read_only_refuses_before_it_asks(void **state)
{
	struct vt *vt = start(24, 80, "en", "--read-only");

	(void)state;
	vt_sync(vt);
	see(vt, "[read-only]");
	command(vt, "ticket open");
	see(vt, "this session may only read");
	vt_keys(vt, "u", NULL);
	vt_sync(vt);
	see(vt, "this session may only read: 'undo'");
	finish(vt);
}

static void esc_and_unknown_keys_do_no_harm(void **state)
{
	struct vt *vt = start(24, 80, "en", NULL);

	(void)state;
	for (int i = 0; i < 5; i++)
		vt_keys(vt, "Esc", NULL);
	vt_keys(vt, "F12", NULL);
	vt_sync(vt);
	see(vt, "F12 does nothing here");
	vt_paste(vt, "Q\nq\n:quit\n");
	vt_sync(vt);
	see(vt, "pasted text goes into a form");
	command(vt, "theme light");
	see(vt, "theme light");
	command(vt, "theme nothing");
	see(vt, "nothing");
	vt_signal(vt, SIGTERM);
	assert_int_equal(vt_exit_code(vt), 143);
	assert_true(vt_tty_restored(vt));
	vt_free(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_screen_says_where_one_is),
		cmocka_unit_test(help_narrows_and_runs),
		cmocka_unit_test(the_prompt_completes_and_remembers),
		cmocka_unit_test(what_is_typed_into_a_form_is_kept),
		cmocka_unit_test(a_busy_database_is_waited_for_with_the_form_kept),
		cmocka_unit_test(another_program_s_change_comes_by_itself),
		cmocka_unit_test(what_is_kept_is_the_owner_s_alone),
		cmocka_unit_test(a_change_is_undone_and_done_again),
		cmocka_unit_test(it_is_redrawn_at_every_size),
		cmocka_unit_test(it_opens_where_it_was_left),
		cmocka_unit_test(a_field_is_written_in_the_editor),
		cmocka_unit_test(what_cannot_be_taken_back_is_confirmed),
		cmocka_unit_test(it_stops_and_comes_back),
		cmocka_unit_test(read_only_refuses_before_it_asks),
		cmocka_unit_test(esc_and_unknown_keys_do_no_harm),
	};

	return cmocka_run_group_tests_name("tui/app/console", tests, make_place, drop_place);
}
