/* The line editor: scripts of keys and what stands there afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/widget/lineedit.h"

/* "<Left>" is a key, "<paste:…>" a paste, all else characters. */
static bool press(struct lineedit *e, const char *script)
{
	bool used = true;

	while (*script != '\0') {
		char name[64];
		size_t len = strcspn(script + 1, ">");
		struct key key = { 0 };
		if (*script == '<' && script[1] != '\0') {
			snprintf(name, sizeof name, "%.*s", (int)len, script + 1);
			script += len + 2;
			if (strncmp(name, "paste:", 6) == 0)
				key = (struct key){ .code = HK_PASTE, .paste = name + 6 };
			else
				key.code = key_parse(name);
		} else {
			wchar_t wide = 0;
			const unsigned char *b = (const unsigned char *)script;
			int n = b[0] < 0x80 ? 1 : b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
			wide = n == 1 ? b[0] : b[0] & (0xff >> (n + 1));
			for (int i = 1; i < n; i++)
				wide = wide << 6 | (b[i] & 0x3f);
			key.code = (int)wide;
			script += n;
		}
		used = lineedit_key(e, &key);
	}
	return used;
}

static void check_scripts(void **state)
{
	static const struct {
		const char *keys;
		const char *text; /* the caret as | */
	} rows[] = {
		{ "abc", "abc|" },
		{ "障害", "障害|" },
		{ "障害<Left>x", "障x|害" },
		{ "障害<Backspace>", "障|" },
		{ "か\u3099", "が|" },
		{ "e\u0301<Backspace>", "|" },
		{ "e\u0323\u0301x<Left><Left>", "|ẹ\u0301x" },
		{ "👩\u200d💻<Backspace>", "|" },
		{ "ｶﾞ<Left>", "|ｶﾞ" },
		{ "葛\U000e0100<Left>x", "x|葛\U000e0100" },
		{ "abc<Home><Del>", "|bc" },
		{ "abc<Ctrl-A>x<Ctrl-E>y", "xabcy|" },
		{ "abc<Home><Left><End><Right>", "abc|" },
		{ "ab cd<Ctrl-W>", "ab |" },
		{ "ab cd  <Ctrl-W>", "ab |" },
		{ "障害の対応<Ctrl-W>", "障害の|" },
		{ "障害の対応<Ctrl-W><Ctrl-W>", "障害|" },
		{ "サーバー更新<Ctrl-W>", "サーバー|" },
		{ "ab cd<Ctrl-U>", "|" },
		{ "abcd<Left><Left><Ctrl-U>", "|cd" },
		{ "abcd<Left><Left><Ctrl-K>", "ab|" },
		{ "abcd<Left><Left><Ctrl-K><Home><Ctrl-Y>", "cd|ab" },
		{ "a b c<Ctrl-W><Ctrl-W><Ctrl-Y>", "a b c|" },
		{ "a b<Ctrl-W>x<Ctrl-W><Ctrl-Y><Alt-y>", "a b|" },
		{ "abcd<Home><Alt-d>", "|" },
		{ "ab cd<Home><Alt-f>x", "abx| cd" },
		{ "ab cd<Alt-b>x", "ab x|cd" },
		{ "ab cd<Alt-Backspace>", "ab |" },
		{ "ab cd<Ctrl-Left><Ctrl-Left><Ctrl-Right>x", "abx| cd" },
		{ "ab<Ctrl-T>", "ba|" },
		{ "abc<Left><Ctrl-T>", "acb|" },
		{ "障a<Ctrl-T>", "a障|" },
		{ "a<Ctrl-T>", "a|" },
		{ "abc<Ctrl-_>", "|" },
		{ "abc<Left>d<Ctrl-_>", "ab|c" },
		{ "a<paste:xyz>b<Ctrl-_><Ctrl-_>", "a|" },
		{ "a<paste:1\n2\t3>", "a1 2 3|" },
		{ "<paste:か\u3099>", "が|" },
		{ "abc<Ctrl-U><Ctrl-_>", "abc|" },
		{ "abc<Backspace><Backspace><Ctrl-_>", "abc|" },
		{ "<Ctrl-_><Ctrl-Y><Backspace><Del><Ctrl-K>", "|" },
		{ "abc<Left><Ctrl-D>", "ab|" },
		{ "\ufffd\ue000", "\ufffd\ue000|" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct lineedit e;
		char seen[200];
		lineedit_init(&e);
		press(&e, rows[i].keys);
		snprintf(seen, sizeof seen, "%.*s|%s", (int)e.caret, lineedit_text(&e), lineedit_text(&e) + e.caret);
		if (strcmp(seen, rows[i].text) != 0)
			fail_msg("'%s' gives '%s', not '%s'", rows[i].keys, seen, rows[i].text);
		lineedit_release(&e);
	}
}

static void check_foreign_keys(void **state)
{
	static const char *const keys[] = { "<Up>", "<Down>", "<Enter>", "<Esc>", "<Tab>", "<F1>", "<Ctrl-D>", "<Ctrl-C>", "<Ctrl-P>" };
	struct lineedit e;

	(void)state;
	lineedit_init(&e);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		assert_false(press(&e, keys[i]));
	assert_true(press(&e, "x<Ctrl-D>"));
	lineedit_release(&e);
	lineedit_release(&e);
}

static void check_limit(void **state)
{
	struct lineedit e;

	(void)state;
	lineedit_init(&e);
	e.max = 7;
	press(&e, "障害対x");
	assert_string_equal(lineedit_text(&e), "障害x");
	press(&e, "<Ctrl-U><paste:障害対応>");
	assert_string_equal(lineedit_text(&e), "障害");
	lineedit_set(&e, "0123456789");
	assert_string_equal(lineedit_text(&e), "0123456");
	lineedit_release(&e);
}

static const char *recall(void *ctx, int direction, const char *text)
{
	static const char *const lines[] = { "first", "second" };
	int *at = ctx;

	(void)text;
	if (*at + direction < 0 || *at + direction > 1)
		return NULL;
	*at += direction;
	return lines[*at];
}

static void check_history(void **state)
{
	struct lineedit e;
	int at = 2;

	(void)state;
	lineedit_init(&e);
	e.history = recall;
	e.ctx = &at;
	assert_true(press(&e, "x<Up>"));
	assert_string_equal(lineedit_text(&e), "second");
	press(&e, "<Ctrl-P><Up>");
	assert_string_equal(lineedit_text(&e), "first");
	press(&e, "<Down>!");
	assert_string_equal(lineedit_text(&e), "second!");
	lineedit_release(&e);
}

static void assert_drawn(struct lineedit *e, int width, const char *want, int caret)
{
	struct surface s;
	struct strbuf out = { 0 };

	surface_init(&s, 1, 12);
	surface_text(&s, 0, 0, 12, ROLE_text, "############");
	lineedit_draw(e, &s, 0, 2, width, ROLE_input, true);
	surface_dump(&s, false, &out);
	assert_string_equal(strbuf_text(&out), want);
	assert_int_equal(s.cursor_col, caret);
	assert_true(s.cursor_visible);
	strbuf_release(&out);
	surface_release(&s);
}

static void check_drawing(void **state)
{
	struct lineedit e;

	(void)state;
	lineedit_init(&e);
	assert_drawn(&e, 6, "##      ####\n", 2);
	press(&e, "障害");
	assert_drawn(&e, 6, "##障害  ####\n", 6);
	press(&e, "対応");
	assert_drawn(&e, 6, "## 対応 ####\n", 7); /* 障 and half of 害 have scrolled out */
	press(&e, "<Home>");
	assert_drawn(&e, 6, "##障害対####\n", 2);
	press(&e, "<Right><Right>");
	assert_drawn(&e, 6, "##障害対####\n", 6);
	press(&e, "<Right>");
	assert_drawn(&e, 6, "##害対応####\n", 6);
	lineedit_set(&e, "a\u200bb\ue000");
	assert_drawn(&e, 10, "##b<U+E000>\n", 11);
	lineedit_draw(&e, &(struct surface){ 0 }, 0, 0, 0, ROLE_input, true);
	lineedit_release(&e);
}

static void check_long_text(void **state)
{
	struct lineedit e;
	static char text[30001];

	(void)state;
	for (int i = 0; i < 10000; i++)
		memcpy(text + 3 * i, "障", 3);
	lineedit_init(&e);
	lineedit_insert(&e, text);
	assert_int_equal(e.caret, 30000);
	press(&e, "<Left><Backspace>x<Home><Ctrl-W><Alt-f>");
	assert_int_equal(e.text.len, 29998);
	press(&e, "<End><Backspace><Ctrl-W><Ctrl-W>");
	assert_int_equal(e.text.len, 0);
	lineedit_release(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_scripts),
		cmocka_unit_test(check_foreign_keys),
		cmocka_unit_test(check_limit),
		cmocka_unit_test(check_history),
		cmocka_unit_test(check_drawing),
		cmocka_unit_test(check_long_text),
	};

	return cmocka_run_group_tests_name("lineedit", tests, NULL, NULL);
}
