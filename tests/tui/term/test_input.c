/* Bytes to keys, whole and in pieces; answers of the terminal before curses; looks on terminals of few colours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "data/contract/theme.h"
#include "tui/term/internal.h"

static void take_all(struct input *in, struct strbuf *out)
{
	struct key key;
	char name[32];

	while (input_take(in, &key)) {
		strbuf_addf(out, "%s%s", out->len > 0 ? " " : "", key_name(key.code, name));
		if ((key.code & ~(HK_CTRL | HK_ALT | HK_SHIFT)) == HK_MOUSE)
			strbuf_addf(out, ":%d@%d,%d%s", key.button, key.row, key.col, key.pressed ? "" : "up");
		if (key.code == HK_PASTE)
			strbuf_addf(out, "'%s'", key.paste);
	}
}

static const struct {
	const char *bytes;
	const char *keys;
} rows[] = {
	{ "ab", "a b" },
	{ "障é𠮷", "障 é 𠮷" },
	{ "\r\n\t\b\x7f", "Enter Enter Tab Backspace Backspace" },
	{ "\x01\x1a\x1c\x1d\x1e\x1f", "Ctrl-A Ctrl-Z Ctrl-\\ Ctrl-] Ctrl-^ Ctrl-_" },
	{ "\x1b", "Esc" },
	{ "\x1b\x1b", "Esc Esc" },
	{ "\x1b" "b", "Alt-b" },
	{ "\x1b障", "Alt-障" },
	{ "\x1b\x7f\x1b\r", "Alt-Backspace Alt-Enter" },
	{ "\x1b[", "Alt-[" },
	{ "\x1bO", "Alt-O" },
	{ "\x1b]", "Alt-]" },
	{ "\x1b[A\x1bOB\x1b[1;5C\x1b[1;2D", "Up Down Ctrl-Right Shift-Left" },
	{ "\x1b[H\x1b[1~\x1b[4~\x1b[F\x1b[7~\x1b[8~", "Home Home End End Home End" },
	{ "\x1b[3;5~\x1b[5~\x1b[6;3~\x1b[2~", "Ctrl-Del PgUp Alt-PgDn Ins" },
	{ "\x1bOP\x1b[15~\x1b[24~\x1b[Z", "F1 F5 F12 Shift-Tab" },
	{ "\x1b[24;1R", "" }, /* a position report that came too late */
	{ "\x1b[1;2R", "" },
	{ "\x1b[?64;1;2cx", "x" },
	{ "\x1b[>0;276;0cx", "x" },
	{ "\x1b]11;rgb:0000/0000/0000\x1b\\x", "x" },
	{ "\x1b]0;rm -rf\ax", "x" },
	{ "\x1bP1$r0m\x1b\\x", "x" },
	{ "\x1b_Gi=1;OK\x1b\\x", "x" },
	{ "\x1b]0;cut\x1b[Ax", "Up x" },
	{ "\x1b[99~\x1b[1;99yx", "x" },
	{ "\x1b[5A\x1b[24;2Hx", "x" },
	{ "\x1b[12\x01", "Ctrl-A" },
	{ "\x1b[<0;1;1M", "Mouse:0@0,0" },
	{ "\x1b[<0;250;120m", "Mouse:0@119,249up" },
	{ "\x1b[<64;5;6M\x1b[<65;5;6M", "Mouse:64@5,4 Mouse:65@5,4" },
	{ "\x1b[<28;5;6M", "Ctrl-Alt-Shift-Mouse:0@5,4" },
	{ "\x1b[<0;0;1Mx\x1b[<1;2Mx\x1b[<;;Mx\x1b[<a", "x x x" },
	{ "\x1b[<0;999999999999999999999;1Mx", "x" },
	{ "\x1b[M !!x", "x" },
	{ "\x1b[I\x1b[O", "FocusIn FocusOut" },
	{ "\x1b[200~ab\r\nc\rd\x1b[31m\x01\x1b[201~x", "Paste'ab\nc\nd[31m' x" },
	{ "\x1b[200~か\u3099\xff\x1b[201~", "Paste'が\ufffd'" },
	{ "\x1b[201~x", "x" },
	{ "\xe3\x81z", "\ufffd z" },
	{ "\xe3\x1b[A", "\ufffd Up" },
	{ "\xff\x80\xc0", "\ufffd \ufffd \ufffd" },
	{ "\xc2\x9b" "A", "\ufffd A" },
	{ "\xf0\x9f\x91\xa9", "👩" },
	{ "\xe3\xe3\x81\x82", "\ufffd あ" },
};

static void check_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct input in = { 0 };
		struct strbuf out = { 0 };
		for (const char *at = rows[i].bytes; *at != '\0'; at++) {
			input_feed(&in, (unsigned char)*at);
			take_all(&in, &out);
		}
		input_idle(&in);
		take_all(&in, &out);
		if (strcmp(strbuf_text(&out), rows[i].keys) != 0)
			fail_msg("row %zu gives '%s', not '%s'", i, strbuf_text(&out), rows[i].keys);
		input_release(&in);
		strbuf_release(&out);
	}
}

/* An idle moment between any two bytes breaks no character, no paste, no mouse report with its first digit. */
static void check_pieces(void **state)
{
	static const char *const texts[] = { "障害é𠮷x", "\x1b[200~貼り\r付け\x1b[201~x" };
	static const char *const keys[] = { "障 害 é 𠮷 x", "Paste'貼り\n付け' x" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct input in = { 0 };
		struct strbuf out = { 0 };
		for (const char *at = texts[i]; *at != '\0'; at++) {
			input_feed(&in, (unsigned char)*at);
			if (at - texts[i] > 1 || i == 0)
				input_idle(&in);
			take_all(&in, &out);
		}
		assert_string_equal(strbuf_text(&out), keys[i]);
		input_release(&in);
		strbuf_release(&out);
	}
}

/* curses' own codes among the bytes. */
static void check_codes(void **state)
{
	struct input in = { 0 };
	struct strbuf out = { 0 };

	(void)state;
	input_feed(&in, 0);
	input_feed(&in, 0x1b);
	input_feed(&in, HK_SYNC);
	input_feed(&in, 0xe3);
	input_feed(&in, HK_UP);
	input_feed(&in, INPUT_CODE_MOUSE);
	for (const char *at = "2;3;4M"; *at != '\0'; at++)
		input_feed(&in, *at);
	take_all(&in, &out);
	input_feed(&in, INPUT_CODE_PASTE);
	input_feed(&in, 'p');
	input_feed(&in, HK_UP); /* a sequence within what is pasted is no key */
	input_feed(&in, INPUT_CODE_PASTE_END);
	input_feed(&in, INPUT_CODE_PASTE_END);
	input_feed(&in, INPUT_CODE_NONE);
	input_feed(&in, INPUT_CODE_X10);
	for (const char *at = " !!z"; *at != '\0'; at++)
		input_feed(&in, *at);
	take_all(&in, &out);
	assert_string_equal(strbuf_text(&out), "Ctrl-Space Esc Sync \ufffd Up Mouse:2@3,2 Paste'p' z");
	input_release(&in);
	strbuf_release(&out);
}

static void check_long_input(void **state)
{
	struct input in = { 0 };
	struct key key;

	(void)state;
	for (const char *at = "\x1b[200~"; *at != '\0'; at++)
		input_feed(&in, *at);
	for (int i = 0; i < 3 << 20; i++)
		input_feed(&in, 'x');
	for (const char *at = "\x1b[201~"; *at != '\0'; at++)
		input_feed(&in, *at);
	assert_true(input_take(&in, &key));
	assert_int_equal(key.code, HK_PASTE);
	assert_in_range(strlen(key.paste), 1 << 20, (1 << 20) + 16);
	for (const char *at = "\x1b]52;"; *at != '\0'; at++)
		input_feed(&in, *at);
	for (int i = 0; i < 5000; i++)
		input_feed(&in, 'x');
	assert_true(input_take(&in, &key));
	assert_int_equal(key.code, 'x');
	input_release(&in);
}

static void check_random(void **state)
{
	static const char alphabet[] = "\x1b\x1b\x1b[[<O]P_M~;;0129\a\\mAZ\xe3\x81\xff\x01";
	uint32_t seed = 3;
	struct input in = { 0 };
	struct key key;

	(void)state;
	for (int i = 0; i < 300000; i++) {
		seed = seed * 1664525 + 1013904223;
		input_feed(&in, (unsigned char)alphabet[(seed >> 16) % (sizeof alphabet - 1)]);
		if (seed >> 30 == 0)
			input_idle(&in);
		while (input_take(&in, &key))
			assert_true(key.code > 0);
	}
	input_release(&in);
}

static void check_probe(void **state)
{
	static const struct {
		const char *bytes;
		bool answered;
		int cells, background;
		const char *typed;
	} answers[] = {
		{ "\x1b[24;2R\x1b[?6c", true, 1, 0, "" },
		{ "\x1b[1;3R\x1b[?64;22c", true, 2, 0, "" },
		{ "\x1b[1;1R\x1b[?6c", true, 0, 0, "" },
		{ "\x1b[1;9999999R\x1b[?6c", true, 0, 0, "\x1b[1;9999999R" },
		{ "q\x1b[5;2Rj\x1b[?6ck", true, 1, 0, "qjk" },
		{ "\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?6c", true, 0, 1, "" },
		{ "\x1b]11;rgb:ffff/ffff/ffff\a\x1b[?6c", true, 0, 2, "" },
		{ "\x1b]11;rgb:ff/f0/00\a\x1b[?6c", true, 0, 2, "" },
		{ "\x1b]11;rgba:10/10/10/ff\a\x1b[?6c", true, 0, 1, "" },
		{ "\x1b]11;white\a\x1b[?6c", true, 0, 0, "" },
		{ "\x1b]11;rgb:\a\x1b[?6c", true, 0, 0, "" },
		{ "\x1b]11;rgb:1/\a\x1b]11;\a\x1b[?6c", true, 0, 0, "" },
		{ "\x1b[A障", false, 0, 0, "\x1b[A障" },
		{ "\x1b[24;2", false, 0, 0, "\x1b[24;2" },
		{ "\x1b[;R\x1b[R", false, 0, 0, "\x1b[;R\x1b[R" },
		{ "\x1b]11;rgb:00", false, 0, 0, "\x1b]11;rgb:00" },
		{ "\x1b", false, 0, 0, "\x1b" },
		{ "", false, 0, 0, "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct probe probe = { 0 };
		assert_int_equal(probe_parse(answers[i].bytes, strlen(answers[i].bytes), &probe), answers[i].answered);
		assert_int_equal(probe.answered, answers[i].answered);
		assert_int_equal(probe.ambiguous_cells, answers[i].cells);
		assert_int_equal(probe.background, answers[i].background);
		assert_string_equal(strbuf_text(&probe.typed), answers[i].typed);
		strbuf_release(&probe.typed);
	}
}

static void check_looks(void **state)
{
	static const struct theme_role roles[ROLE_COUNT] = {
		[ROLE_bad] = { .name = "bad", .full = { 202, 232, THEME_BOLD }, .basic = { 9, 12, THEME_UNDERLINE },
			       .plain = { -1, -1, THEME_REVERSE } },
	};
	const struct theme theme = { .name = "t", .roles = roles, .role_count = ROLE_COUNT };
	static const struct {
		int colors;
		bool direct;
		struct look want;
	} looks[] = {
		{ 0, false, { -1, -1, THEME_REVERSE } },
		{ 2, false, { -1, -1, THEME_REVERSE } },
		{ 8, false, { 1, 4, THEME_UNDERLINE | THEME_BOLD } },
		{ 16, false, { 9, 12, THEME_UNDERLINE } },
		{ 88, false, { 9, 12, THEME_UNDERLINE } },
		{ 256, false, { 202, 232, THEME_BOLD } },
		{ 1 << 24, true, { 0xff5f00, 0x080808, THEME_BOLD } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
		struct look look;
		look_of(&theme, ROLE_bad, looks[i].colors, looks[i].direct, &look);
		assert_int_equal(look.fg, looks[i].want.fg);
		assert_int_equal(look.bg, looks[i].want.bg);
		assert_int_equal(look.attributes, looks[i].want.attributes);
		look_of(NULL, ROLE_bad, looks[i].colors, looks[i].direct, &look);
		assert_int_equal(look.fg, -1);
		assert_int_equal(look.attributes, THEME_BOLD);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_rows),
		cmocka_unit_test(check_pieces),
		cmocka_unit_test(check_codes),
		cmocka_unit_test(check_long_input),
		cmocka_unit_test(check_random),
		cmocka_unit_test(check_probe),
		cmocka_unit_test(check_looks),
	};

	return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
