/* Names of keys: what keys.def may say, and that every name comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/widget/key.h"

static const struct {
	const char *name;
	int code;
	const char *shown; /* NULL: the same */
} rows[] = {
	{ "g", 'g', NULL },
	{ "G", 'G', NULL },
	{ "?", '?', NULL },
	{ "-", '-', NULL },
	{ "\\", '\\', NULL },
	{ "障", 0x969c, NULL },
	{ "Space", ' ', NULL },
	{ "Ctrl-R", HK_CTRL | 'r', NULL },
	{ "ctrl-r", HK_CTRL | 'r', "Ctrl-R" },
	{ "Ctrl-Space", HK_CTRL | ' ', NULL },
	{ "Ctrl-_", HK_CTRL | '_', NULL },
	{ "Ctrl-]", HK_CTRL | ']', NULL },
	{ "F1", HK_F1, NULL },
	{ "F12", HK_F12, NULL },
	{ "Up", HK_UP, NULL },
	{ "PgDn", HK_PAGE_DOWN, NULL },
	{ "PageDown", HK_PAGE_DOWN, "PgDn" },
	{ "Enter", HK_ENTER, NULL },
	{ "Return", HK_ENTER, "Enter" },
	{ "Esc", HK_ESCAPE, NULL },
	{ "Tab", HK_TAB, NULL },
	{ "Shift-Tab", HK_BACKTAB, NULL },
	{ "BackTab", HK_BACKTAB, "Shift-Tab" },
	{ "Alt-b", HK_ALT | 'b', NULL },
	{ "Alt-B", HK_ALT | 'B', NULL },
	{ "Alt--", HK_ALT | '-', NULL },
	{ "Ctrl-Left", HK_CTRL | HK_LEFT, NULL },
	{ "Shift-Up", HK_SHIFT | HK_UP, NULL },
	{ "Ctrl-Alt-Del", HK_CTRL | HK_ALT | HK_DELETE, NULL },
	{ "", 0, NULL },
	{ "Ctrl-", 0, NULL },
	{ "Ctrl-I", 0, NULL },
	{ "Ctrl-M", 0, NULL },
	{ "Ctrl-1", 0, NULL },
	{ "Ctrl-障", 0, NULL },
	{ "Shift-a", 0, NULL },
	{ "F13", 0, NULL },
	{ "gg", 0, NULL },
	{ "\x1b", 0, NULL },
	{ "\xe3", 0, NULL },
	{ "\u0301", 0, NULL },
	{ "Hyper-x", 0, NULL },
};

static void check_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char name[32];
		if (key_parse(rows[i].name) != rows[i].code)
			fail_msg("'%s' is %x", rows[i].name, (unsigned)key_parse(rows[i].name));
		if (rows[i].code != 0)
			assert_string_equal(key_name(rows[i].code, name), rows[i].shown != NULL ? rows[i].shown : rows[i].name);
	}
}

static void check_every_code_has_a_name(void **state)
{
	(void)state;
	for (int code = KEY_NONE_ + 1; code <= HK_SYNC; code++) {
		char name[32];
		assert_int_equal(key_parse(key_name(code, name)), code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_names),
		cmocka_unit_test(check_every_code_has_a_name),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
