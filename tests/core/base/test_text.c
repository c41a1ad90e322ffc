/* Bytes to cells: decoding, widths, what the sanitiser lets through, cutting and padding, search keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "core/base/json.h"
#include "core/base/text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void check_decode(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int32_t cp;
		size_t taken;
	} rows[] = {
		{ "a", 1, 'a', 1 },
		{ "\0", 1, 0, 1 },
		{ "é", 2, 0xe9, 2 },
		{ "障", 3, 0x969c, 3 },
		{ "𠮷", 4, 0x20bb7, 4 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff, 4 },
		{ "", 0, -1, 1 },
		{ "\x80", 1, -1, 1 },
		{ "\xc0\xaf", 2, -1, 1 },         /* overlong '/' */
		{ "\xc1\x9b", 2, -1, 1 },         /* overlong ESC */
		{ "\xe0\x80\x9b", 3, -1, 1 },
		{ "\xf0\x80\x80\x9b", 4, -1, 1 },
		{ "\xed\xa0\x80", 3, -1, 1 },     /* a surrogate */
		{ "\xf4\x90\x80\x80", 4, -1, 1 }, /* beyond Unicode */
		{ "\xf5\x80\x80\x80", 4, -1, 1 },
		{ "\xff", 1, -1, 1 },
		{ "\xe9\x9a", 2, -1, 1 }, /* truncated */
		{ "\xe9\x9a\x1b", 3, -1, 1 },
		{ "\xe3z", 2, -1, 1 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int32_t cp;
		assert_int_equal(text_decode(rows[i].bytes, rows[i].len, &cp), rows[i].taken);
		assert_int_equal(cp, rows[i].cp);
	}
}

static void check_round_trip(void **state)
{
	(void)state;
	for (int32_t cp = 0; cp <= 0x10ffff; cp++) {
		char bytes[4];
		int32_t back;
		if (cp == 0xd800)
			cp = 0xe000;
		size_t len = text_encode(cp, bytes);
		if (text_decode(bytes, len, &back) != len || back != cp)
			fail_msg("U+%04X came back as U+%04X", (unsigned)cp, (unsigned)back);
	}
	char bytes[4];
	assert_int_equal(text_encode(0xd800, bytes), 3);
	assert_memory_equal(bytes, "\xef\xbf\xbd", 3);
	assert_true(text_valid("保守", 6));
	assert_true(text_valid("", 0));
	assert_false(text_valid("保守", 5));
}

static void check_widths(void **state)
{
	static const struct {
		int32_t cp;
		int narrow, wide;
	} rows[] = {
		{ 0, -1, -1 },      { '\t', -1, -1 },   { 0x1b, -1, -1 },   { ' ', 1, 1 },      { '~', 1, 1 },
		{ 0x7f, -1, -1 },   { 0x9b, -1, -1 },   { 0xa0, 1, 1 },     { 0xad, -1, -1 },   { 0xa7, 1, 2 },
		{ 0xe9, 1, 2 },     { 0xe5, 1, 1 },     { 0x301, 0, 0 },    { 0x3042, 2, 2 },   { 0x30ac, 2, 2 },
		{ 0x3099, 0, 0 },   { 0xff76, 1, 1 },   { 0xff9e, 1, 1 },   { 0xff21, 2, 2 },   { 0x969c, 2, 2 },
		{ 0x20bb7, 2, 2 },  { 0x25cb, 1, 2 },   { 0x203b, 1, 2 },   { 0x2192, 1, 2 },   { 0x2500, 1, 2 },
		{ 0x2460, 1, 2 },   { 0x2713, 1, 1 },   { 0x200b, -1, -1 }, { 0x200d, -1, -1 }, { 0x202e, -1, -1 },
		{ 0x2066, -1, -1 }, { 0xfeff, -1, -1 }, { 0xfe0f, -1, -1 }, { 0xe0100, -1, -1 }, { 0xe0041, -1, -1 },
		{ 0xe000, -1, -1 }, { 0xfffd, 1, 2 },   { 0xffff, -1, -1 }, { 0x378, -1, -1 },  { 0x115f, -1, -1 },
		{ 0x1100, 2, 2 },   { 0x1161, 0, 0 },   { 0xac00, 2, 2 },   { 0x1f468, 2, 2 },  { 0x1f1ef, 1, 1 },
		{ 0x2028, -1, -1 }, { 0x3000, 2, 2 },   { 0x410, 1, 2 },    { 0x3164, -1, -1 }, { 0x110000, -1, -1 },
		{ -1, -1, -1 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		text_set_ambiguous_wide(false);
		if (text_codepoint_cells(rows[i].cp) != rows[i].narrow)
			fail_msg("U+%04X: %d cells", (unsigned)rows[i].cp, text_codepoint_cells(rows[i].cp));
		text_set_ambiguous_wide(true);
		if (text_codepoint_cells(rows[i].cp) != rows[i].wide)
			fail_msg("U+%04X: %d cells where ambiguous is wide", (unsigned)rows[i].cp,
				 text_codepoint_cells(rows[i].cp));
		text_set_ambiguous_wide(false);
	}
	assert_false(text_ambiguous_wide());
}

typedef void appender(const char *bytes, size_t len, struct strbuf *out);

static void check_appended(appender *append, const char *in, size_t len, const char *want)
{
	struct strbuf out = { 0 };

	strbuf_add_text(&out, "e"); /* what stands before must neither change nor bear marks */
	append(in, len, &out);
	assert_int_equal(out.buf[0], 'e');
	assert_string_equal(out.buf + 1, want);
	strbuf_release(&out);
}

static void check_sanitize(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "障害対応", "障害対応" },
		{ "a\tb\nc", "a b c" },
		{ "a\r\nb", "a b" },
		{ "a\rb", "a^Mb" },
		{ "\x1b[2J", "^[[2J" },
		{ "\x1b]0;own\x07", "^[]0;own^G" },
		{ "\x7f\x08", "^?^H" },
		{ "\xc2\x9b" "2J", "<U+009B>2J" },
		{ "\xe3\x81", "<E3><81>" },
		{ "\xe3", "<E3>" },
		{ "\xe3\x1b[2J", "<E3>^[[2J" },
		{ "\xc1\x9b[2J", "<C1><9B>[2J" },
		{ "\x8f\xe1\x8a\x51", "<8F><E1><8A>Q" }, /* Shift_JIS */
		{ "a\u202e" "fdp.exe", "afdp.exe" },
		{ "\u2066x\u2069\u200e\u200f\u061c", "x" },
		{ "a\u200b\u2060\ufeff\u00adb", "ab" },
		{ "\U000e0041\U000e007f", "" },
		{ "\ufff9a\ufffb", "<U+FFF9>a<U+FFFB>" },
		{ "\ue000", "<U+E000>" },
		{ "\u0378", "<U+0378>" },
		{ "\uffff", "<U+FFFF>" },
		{ "👩\u200d💻", "👩💻" },
		{ "⚠\ufe0f", "⚠" },
		{ "葛\U000e0100城", "葛城" },
		{ "か\u3099", "が" },
		{ "ｶﾞ", "ｶﾞ" },
		{ "e\u0301", "é" },
		{ "e\u200d\u0301", "é" },
		{ "\u0301", "<U+0301>" },
		{ "\u3099\u3099", "<U+3099>\u3099" },
		{ "e\u0323\u0301\u0302\u0303\u0304\u0305\u0306", "ẹ\u0301\u0302\u0303\u0304" },
		{ "\u00a0\u2003x\u3000", "  x\u3000" },
		{ "\u2028", " " },
		{ "髙﨑\ufa19\ufa1a①㈱", "髙﨑\ufa19\ufa1a①㈱" },
		{ "\u1112\u1161\u11ab", "한" },
		{ "A\u030a", "Å" },
		{ "Å", "Å" },
		{ "\u0600\u115fx", "<U+0600>x" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_appended(text_sanitize, rows[i][0], strlen(rows[i][0]), rows[i][1]);
	check_appended(text_sanitize, "a\0b", 3, "a^@b");
}

/* Every code point, and every pair of bytes: nothing comes out that may not be drawn, and a second pass changes nothing. */
static void assert_clean(const struct strbuf *out)
{
	for (size_t i = 0; i < out->len;) {
		int32_t cp;
		i += text_decode(out->buf + i, out->len - i, &cp);
		if (text_codepoint_cells(cp) < 0)
			fail_msg("U+%04X came through", (unsigned)cp);
	}
	struct strbuf again = { 0 };
	text_sanitize(strbuf_text(out), out->len, &again);
	assert_string_equal(strbuf_text(&again), strbuf_text(out));
	strbuf_release(&again);
}

static void check_sanitize_everything(void **state)
{
	struct strbuf in = { 0 }, out = { 0 };

	(void)state;
	for (int32_t cp = 0; cp <= 0x10ffff; cp++) {
		char bytes[4];
		strbuf_add(&in, bytes, text_encode(cp, bytes));
		if (in.len < 60000 && cp < 0x10ffff)
			continue;
		text_sanitize(in.buf, in.len, &out);
		assert_clean(&out);
		strbuf_clear(&in);
		strbuf_clear(&out);
	}
	for (int pair = 0; pair <= 0xffff; pair++) {
		char bytes[2] = { (char)(pair >> 8), (char)pair };
		text_sanitize(bytes, 2, &out);
		assert_clean(&out);
		strbuf_clear(&out);
	}
	strbuf_release(&in);
	strbuf_release(&out);
}

/* Random bytes with a taste for what hurts, and the pieces joined as a program that cuts by bytes would. */
static void check_sanitize_random(void **state)
{
	static const char *const pieces[] = { "\x1b[", "\xe3", "\xe3\x81", "\xf0\x9f", "\u0301", "\u3099", "\u200d",
					      "\u202e", "障", "が", "か", "\x9b", "\xc2\x9b", "a", "\n", "\u0344",
					      "\u0958", "\U0001d15e", "\ufa19", "ｶ", "ﾞ", "\u1161", "\u11ab" };
	uint32_t seed = 20261123;
	struct strbuf in = { 0 }, out = { 0 };

	(void)state;
	for (int round = 0; round < 20000; round++) {
		strbuf_clear(&in);
		strbuf_clear(&out);
		for (int i = 0; i < 12; i++) {
			seed = seed * 1664525 + 1013904223;
			uint32_t pick = seed >> 16;
			if (pick % 8 == 0)
				strbuf_add_char(&in, (char)(pick >> 5));
			else
				strbuf_add_text(&in, pieces[pick % COUNT(pieces)]);
		}
		text_sanitize(in.buf, in.len, &out);
		assert_clean(&out);
	}
	strbuf_release(&in);
	strbuf_release(&out);
}

static void check_normalize(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "a\tb\x1b", "a\tb\x1b" },
		{ "か\u3099", "が" },
		{ "ハ\u309a", "パ" },
		{ "A\u030a\xff", "Å\ufffd" },
		{ "\ufa19田 﨑 \U0002f800", "\ufa19田 﨑 \U0002f800" },
		{ "葛\U000e0100", "葛\U000e0100" },
		{ "ｶﾞ", "ｶﾞ" },
		{ "①", "①" },
		{ "e\u0301\u0323", "ẹ\u0301" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_appended(text_normalize, rows[i][0], strlen(rows[i][0]), rows[i][1]);
}

static void check_fold(void **state)
{
	static const char *const rows[][2] = {
		{ "ｶﾞｷﾞ①㈱ＡＢＣ", "がぎ1(株)abc" },
		{ "サーバー", "さーばー" },
		{ "ヴァヷ", "ゔぁヷ" },
		{ "Straße", "strasse" },
		{ "葛\U000e0100城", "葛城" },
		{ "\ufa19田", "神田" },
		{ "０３－１２３４", "03-1234" },
		{ "03\u20101234\u22125", "03-1234-5" },
		{ "〜～", "~~" },
		{ "a\u200bb", "ab" },
		{ "\xff", "\ufffd" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_appended(text_fold, rows[i][0], strlen(rows[i][0]), rows[i][1]);
}

/* A million marks in falling order, which naive reordering would sort for hours. */
static void check_long_runs_of_marks(void **state)
{
	struct strbuf in = { 0 }, out = { 0 };

	(void)state;
	strbuf_add_text(&in, "a");
	for (int i = 0; i < 500000; i++)
		strbuf_add_text(&in, i % 2 ? "\u0301" : "\u0345");
	text_sanitize(in.buf, in.len, &out);
	assert_int_equal(text_cells(out.buf), 1);
	assert_true(out.len <= 2 + 4 * 2);
	strbuf_clear(&out);
	text_normalize(in.buf, in.len, &out);
	assert_true(out.len > 900000);
	text_fold(in.buf, in.len, &out);
	strbuf_release(&in);
	strbuf_release(&out);
}

static void check_graphemes(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} rows[] = {
		{ "", 0 },
		{ "a", 1 },
		{ "ab", 1 },
		{ "障害", 3 },
		{ "e\u0301x", 3 },
		{ "か\u3099か", 6 },
		{ "ｶﾞｶ", 6 },
		{ "🇯🇵🇯🇵", 8 },
		{ "👍🏽x", 8 },
		{ "👩\u200d💻x", 11 },
		{ "葛\U000e0100x", 7 },
		{ "\xffx", 1 },
		{ "\xe3\x81", 1 },
		{ "x\xff", 1 },
		{ "ｶﾞﾞﾞﾞﾞ", 12 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (text_grapheme(rows[i].text) != rows[i].len)
			fail_msg("'%s': %zu bytes", rows[i].text, text_grapheme(rows[i].text));
}

static void check_cells_and_fit(void **state)
{
	static const struct {
		const char *text;
		size_t width, cells, len, used;
	} rows[] = {
		{ "", 0, 5, 0, 0 },       { "abc", 3, 5, 3, 3 },   { "abc", 3, 2, 2, 2 },  { "障害", 4, 4, 6, 4 },
		{ "障害", 4, 3, 3, 2 },   { "障害", 4, 1, 0, 0 },  { "障害", 4, 0, 0, 0 }, { "aが", 3, 2, 1, 1 },
		{ "e\u0301", 1, 1, 3, 1 }, { "ｶﾞ", 2, 1, 0, 0 },   { "ｶﾞ", 2, 2, 6, 2 },   { "🇯🇵x", 3, 2, 8, 2 },
		{ "👍🏽x", 5, 3, 0, 0 },   { "○", 1, 1, 3, 1 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t used;
		assert_int_equal(text_cells(rows[i].text), rows[i].width);
		assert_int_equal(text_fit(rows[i].text, rows[i].cells, &used), rows[i].len);
		assert_int_equal(used, rows[i].used);
	}
	assert_int_equal(text_fit("abc", 2, NULL), 2);
	text_set_ambiguous_wide(true);
	assert_int_equal(text_cells("○α"), 4);
	text_set_ambiguous_wide(false);
}

static void check_pad(void **state)
{
	static const struct {
		const char *text;
		size_t cells;
		int align;
		const char *want;
	} rows[] = {
		{ "abc", 5, -1, "abc  " },    { "abc", 5, 1, "  abc" },      { "abc", 6, 0, " abc  " },
		{ "abc", 3, 1, "abc" },       { "abcd", 3, -1, "ab~" },      { "abcd", 3, 1, "ab~" },
		{ "障害対応", 5, -1, "障害~" }, { "障害対応", 6, -1, "障害~ " }, { "障害対応", 6, 1, "障害~ " },
		{ "障害", 1, -1, "~" },       { "障害", 0, -1, "" },         { "", 3, 0, "   " },
		{ "障害", 2, 0, "~ " },       { "", 0, -1, "" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct strbuf out = { 0 };
		text_pad(rows[i].text, rows[i].cells, rows[i].align, &out);
		assert_string_equal(strbuf_text(&out), rows[i].want);
		assert_int_equal(text_cells(strbuf_text(&out)), rows[i].cells);
		strbuf_release(&out);
	}
}

static void check_long_text(void **state)
{
	struct strbuf in = { 0 }, out = { 0 };
	size_t used;

	(void)state;
	for (int i = 0; i < 10000; i++)
		strbuf_add_text(&in, i % 3 == 0 ? "か\u3099" : i % 3 == 1 ? "x" : "障");
	text_sanitize(in.buf, in.len, &out);
	assert_int_equal(text_cells(out.buf), 16667);
	text_fit(out.buf, 9999, &used);
	assert_in_range(used, 9998, 9999);
	strbuf_clear(&in);
	text_pad(out.buf, 77, -1, &in);
	assert_int_equal(text_cells(in.buf), 77);
	strbuf_release(&in);
	strbuf_release(&out);
}

/* What a terminal might obey is escaped, nothing is lost, and a broken byte is marked. */
static void json_is_inert(void **state)
{
	struct strbuf sb = { 0 };
	struct json j;

	(void)state;
	json_init(&j, &sb);
	json_text(&j, NULL, "a\x1b[2J\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81\xff\"\\保");
	assert_string_equal(strbuf_text(&sb), "\"a\\u001b[2J\\u009b\\u202e\\udb40\\udc01\xef\xbf\xbd\\\"\\\\保\"");
	strbuf_release(&sb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_decode),
		cmocka_unit_test(check_round_trip),
		cmocka_unit_test(check_widths),
		cmocka_unit_test(check_sanitize),
		cmocka_unit_test(check_sanitize_everything),
		cmocka_unit_test(check_sanitize_random),
		cmocka_unit_test(check_normalize),
		cmocka_unit_test(check_fold),
		cmocka_unit_test(check_long_runs_of_marks),
		cmocka_unit_test(check_graphemes),
		cmocka_unit_test(check_cells_and_fit),
		cmocka_unit_test(check_pad),
		cmocka_unit_test(check_long_text), cmocka_unit_test(json_is_inert),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
