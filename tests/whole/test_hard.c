/* Hard conditions, met by the whole program as a person meets them: what is said, what is kept, and that work goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "tests/support/vt.h"
#include "tests/whole/desk.h"

static struct desk desk;

static int start(void **state)
{
	(void)state;
	desk_make(&desk, false);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	desk_remove(&desk);
	return 0;
}

static struct vt *console(const char *const *words)
{
	struct vt *vt = vt_spawn(desk_argv(&desk, words), &(struct vt_options){ .rows = 24, .cols = 100 });

	vt_sync(vt);
	return vt;
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

static void finish(struct vt *vt)
{
	vt_keys(vt, "Q", NULL);
	assert_int_equal(vt_exit_code(vt), 0);
	vt_free(vt);
}

static const char *inside(const char *path)
{
	static char whole[256];

	snprintf(whole, sizeof whole, "%s/%s", desk.folder, path);
	return whole;
}

/* ---- the contract file ---- */

/* A copy of the bundled contract with one text in it replaced by another (NULL: as it is). */
static void write_contract(const char *path, const char *old, const char *new)
{
	char from[4096];
	struct strbuf text = { 0 };
	char block[4096];
	size_t n;

	snprintf(from, sizeof from, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	FILE *in = fopen(from, "r"), *out = fopen(path, "w");
	assert_true(in != NULL && out != NULL);
	while ((n = fread(block, 1, sizeof block, in)) > 0)
		strbuf_add(&text, block, n);
	const char *at = old != NULL ? strstr(strbuf_text(&text), old) : NULL;
	assert_true(old == NULL || at != NULL);
	if (at != NULL) {
		fprintf(out, "%.*s%s%s", (int)(at - strbuf_text(&text)), strbuf_text(&text), new, at + strlen(old));
	} else {
		fwrite(strbuf_text(&text), 1, text.len, out);
	}
	fclose(in);
	assert_int_equal(fclose(out), 0);
	strbuf_release(&text);
}

static void mistakes_in_the_contract_keep_the_old_one(void **state)
{
	char path[256];

	(void)state;
	snprintf(path, sizeof path, "%s", inside("own.conf"));
	write_contract(path, NULL, NULL);
	struct vt *vt = console((const char *[]){ "--contract", path, NULL });
	see(vt, "Satte");
	write_contract(path, "\"Satte City\" ];", "\"Renamed\" ];");
	command(vt, "reload");
	see(vt, "the contract was read again");
	see(vt, "Renamed");
	/* two mistakes, both told with their lines */
	write_contract(path, "probing = { interval = \"5m\"; }", "probing = { interval = \"often\"; }; nonsense = 1");
	command(vt, "reload");
	see(vt, "Renamed");
	see(vt, "'interval' takes a span");
	see(vt, "nonsense");
	vt_keys(vt, "q", NULL);
	/* a syntax error */
	write_contract(path, "sites = (", "sites = {{");
	command(vt, "reload");
	see(vt, "Renamed");
	see(vt, "own.conf");
	vt_keys(vt, "q", NULL);
	command(vt, "ticket open goes-on");
	see(vt, "saved");
	finish(vt);
}

static void a_hang_up_without_one_reads_the_contract(void **state)
{
	char path[256];

	(void)state;
	snprintf(path, sizeof path, "%s", inside("own.conf"));
	write_contract(path, NULL, NULL);
	struct vt *vt = console((const char *[]){ "--contract", path, NULL });
	write_contract(path, "\"Satte City\" ];", "\"Renamed\" ];");
	vt_signal(vt, SIGHUP);
	vt_wait_text(vt, "Renamed");
	vt_hang_up(vt);
	assert_int_equal(vt_exit_code(vt), 128 + SIGHUP);
	vt_free(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_in_the_contract_keep_the_old_one),
		cmocka_unit_test(a_hang_up_without_one_reads_the_contract),
	};

	return cmocka_run_group_tests_name("whole/hard", tests, start, stop);
}
