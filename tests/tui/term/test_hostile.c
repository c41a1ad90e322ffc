/* 100,000 hostile strings through the surface and curses onto a real pty: what comes out keeps to a grammar that has no place for
 * a byte of theirs that is no character (reliability.md S1), and no cell is out of place (S2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/grammar.h"
#include "tests/support/vt.h"
#include "tests/tui/term/strings.h"

#define PAGES_ALIKE 700
#define PAGES_WILD 700

static void assert_same_rows(const char *seen, const char *want, unsigned long page)
{
	while (*seen != '\0' || *want != '\0') {
		size_t a = strcspn(seen, "\n"), b = strcspn(want, "\n");
		if (a != b || memcmp(seen, want, a) != 0)
			fail_msg("page %lu: '%.*s' is not '%.*s'", page, (int)a, seen, (int)b, want);
		seen += a + 1;
		want += b + 1;
	}
}

static void run_pages(bool wild, unsigned long pages)
{
	char program[4096], where[32];
	const char *build = getenv("HOSHU_BUILDDIR");
	struct surface page;
	struct strbuf want = { 0 };

	snprintf(program, sizeof program, "%s/tests/tui/term/hostile", build != NULL ? build : ".");
	struct vt *vt = vt_spawn((const char *[]){ program, wild ? "wild" : NULL, NULL }, &(struct vt_options){ 0 });
	surface_init(&page, 24, 80);
	vt_sync(vt);
	vt_forget_output(vt);
	for (unsigned long n = 1; n <= pages; n++) {
		size_t len;
		vt_keys(vt, "n", NULL);
		vt_sync(vt);
		const char *bytes = vt_output(vt, &len);
		snprintf(where, sizeof where, "page %lu", n);
		grammar_check(bytes, len, where);
		vt_forget_output(vt);
		if (wild)
			continue;
		hostile_page(n, wild, &page);
		strbuf_clear(&want);
		surface_dump(&page, false, &want);
		assert_same_rows(vt_screen(vt, false), strbuf_text(&want), n);
	}
	vt_keys(vt, "q", NULL);
	assert_int_equal(vt_exit_code(vt), 0);
	assert_true(vt_tty_restored(vt));
	surface_release(&page);
	strbuf_release(&want);
	vt_free(vt);
}

static void check_no_cell_is_out_of_place(void **state)
{
	(void)state;
	run_pages(false, PAGES_ALIKE);
}

static void check_any_code_point(void **state)
{
	(void)state;
	run_pages(true, PAGES_WILD);
}

/* The grammar refuses what it must refuse. */
static void check_the_grammar_itself(void **state)
{
	static const char *const bad[] = { "\x1b[2J", "\x1b]0;x\a", "\x1b[6n", "\x1b[c", "\x1b[?1049l", "\x1b" "c", "\x1bPq", "\x1b[?2004l",
					   "\x1b[1", "\x1b(0", "\x1b[24;80t", "\x1b[?7;9l" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(grammar_sequence(bad[i], strlen(bad[i])), 0);
	assert_int_equal(grammar_sequence("\x1b[12;3Hx", 8), 7);
	assert_int_equal(grammar_sequence("\x1b[?25l", 6), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_the_grammar_itself),
		cmocka_unit_test(check_no_cell_is_out_of_place),
		cmocka_unit_test(check_any_code_point),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
