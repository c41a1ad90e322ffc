/* The first start on a PC: three questions on a real pty, then the console; and a contract that breaks while it is open. */
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "tests/data/contract/files.h"
#include "tests/support/vt.h"

static char folder[64], home[96], data[640], contract[96], program[600];
static const char *const env[] = { home, data, "HOSHU_CONFIG_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
				   "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", NULL };

static int start(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/hoshu-first-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(home, sizeof home, "HOME=%s", folder);
	snprintf(data, sizeof data, "HOSHU_DATADIR=%s", getenv("HOSHU_SRCDIR"));
	snprintf(program, sizeof program, "%s/hoshu", getenv("HOSHU_BUILDDIR"));
	snprintf(contract, sizeof contract, "%s/own.conf", folder);
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

/* The recorder that the console started ends after it: its lock is free when it has. */
static void wait_for_the_recorder(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct strbuf path = { 0 };

	strbuf_addf(&path, "%s/.local/share/hoshu/satte/collect.lock", folder);
	int fd = open(strbuf_text(&path), O_RDWR | O_CLOEXEC);
	if (fd >= 0) {
		assert_int_equal(fcntl(fd, F_OFD_SETLKW, &lock), 0);
		close(fd);
	}
	strbuf_release(&path);
}

static int stop(void **state)
{
	(void)state;
	wait_for_the_recorder();
	return nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void put_contract(const char *what, const char *with)
{
	struct strbuf text = { 0 }, changed = { 0 };

	read_whole("data/contract/satte.conf", &text);
	assert_int_not_equal(replace_once(strbuf_text(&text), what, with, strlen(with), &changed), 0);
	FILE *f = fopen(contract, "we");
	assert_non_null(f);
	fwrite(changed.buf, 1, changed.len, f);
	fclose(f);
	strbuf_release(&text);
	strbuf_release(&changed);
}

static void answer(struct vt *vt, const char *question, const char *text)
{
	vt_wait_text(vt, question);
	vt_type(vt, text);
	vt_type(vt, "\n");
}

static void assert_shows(struct vt *vt, const char *text)
{
	if (!vt_has(vt, text))
		fail_msg("no '%s' on:\n%s", text, vt_screen(vt, false));
}

static struct vt *first_start(void)
{
	struct vt *vt = vt_spawn((const char *[]){ program, "--lang", "en", NULL }, &(struct vt_options){ .rows = 24, .cols = 110, .env = env });

	vt_wait_text(vt, "hoshu is not set up on this PC yet");
	answer(vt, "your short name", "佐藤");
	answer(vt, "letters of this device, one to three capitals", "sa");
	answer(vt, "'tag' takes one to three capital letters", "SA");
	answer(vt, "contract: an installed one, or a path", contract);
	vt_sync(vt);
	return vt;
}

static void three_answers_open_the_console(void **state)
{
	struct strbuf path = { 0 };

	(void)state;
	put_contract("Satte City Library,", "Satte City Library,");
	struct vt *vt = first_start();
	assert_true(vt_alternate_screen(vt));
	assert_shows(vt, "Satte");
	vt_keys(vt, "q", NULL);
	assert_int_equal(vt_exit_code(vt), 0);
	assert_true(vt_tty_restored(vt));
	vt_free(vt);
	strbuf_addf(&path, "%s/.config/hoshu/hoshu.conf", folder);
	assert_int_equal(access(strbuf_text(&path), R_OK), 0);
	strbuf_release(&path);
}

static void an_end_of_input_writes_nothing(void **state)
{
	struct strbuf path = { 0 };

	(void)state;
	struct vt *vt = vt_spawn((const char *[]){ program, "--lang", "en", NULL }, &(struct vt_options){ .rows = 24, .cols = 110, .env = env });
	vt_wait_text(vt, "your short name");
	vt_type(vt, "\x04");
	assert_int_equal(vt_exit_code(vt), 1);
	assert_true(vt_has(vt, "nothing was written"));
	vt_free(vt);
	strbuf_addf(&path, "%s/.config/hoshu/hoshu.conf", folder);
	assert_int_not_equal(access(strbuf_text(&path), R_OK), 0);
	strbuf_release(&path);
}

static void a_contract_that_breaks_never_replaces_the_one_in_use(void **state)
{
	(void)state;
	put_contract("Satte City Library,", "Satte City Library,");
	struct vt *vt = first_start();
	put_contract("months = 6", "months = 0");
	vt_type(vt, ":reload");
	vt_keys(vt, "Enter", NULL);
	vt_sync(vt);
	assert_shows(vt, "Satte");
	assert_shows(vt, "cannot be used");
	put_contract("\"Satte City\"", "\"Renewed\"");
	vt_type(vt, ":reload");
	vt_keys(vt, "Enter", NULL);
	vt_sync(vt);
	assert_shows(vt, "Renewed");
	vt_keys(vt, "q", NULL);
	assert_int_equal(vt_exit_code(vt), 0);
	vt_free(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(three_answers_open_the_console, start, stop),
		cmocka_unit_test_setup_teardown(an_end_of_input_writes_nothing, start, stop),
		cmocka_unit_test_setup_teardown(a_contract_that_breaks_never_replaces_the_one_in_use, start, stop),
	};

	return cmocka_run_group_tests_name("the first start", tests, NULL, NULL);
}
