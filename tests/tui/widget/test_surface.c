/* Surfaces: clipping on every side, wide glyphs that are never split, bars that are never full too soon, hostile text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "tui/widget/surface.h"

static void assert_dump(const struct surface *s, bool roles, const char *want)
{
	struct strbuf out = { 0 };

	surface_dump(s, roles, &out);
	assert_string_equal(strbuf_text(&out), want);
	strbuf_release(&out);
}

/* Every row is exactly as many cells as the surface has columns, and every wide glyph has its right half. */
static void assert_whole(const struct surface *s)
{
	for (int row = 0; row < s->rows; row++)
		for (int col = 0; col < s->cols; col++) {
			const struct cell *c = &s->cells[row * s->cols + col];
			struct strbuf clean = { 0 };
			text_sanitize(c->glyph, strlen(c->glyph), &clean);
			assert_string_equal(strbuf_text(&clean), c->glyph);
			assert_int_equal(text_cells(c->glyph), c->cells);
			strbuf_release(&clean);
			if (c->cells == 0)
				assert_true(col > 0 && c[-1].cells == 2);
			if (c->cells == 2)
				assert_true(col + 1 < s->cols && c[1].cells == 0);
		}
}

static void check_text(void **state)
{
	static const struct {
		int row, col, width;
		const char *text;
		int used;
		const char *want;
	} rows[] = {
		{ 0, 0, 6, "abc", 3, "abc\n\n" },
		{ 1, 2, 6, "abc", 3, "\n  abc\n" },
		{ 0, 0, 2, "abc", 2, "ab\n\n" },
		{ 0, 4, 6, "abc", 2, "    ab\n\n" },
		{ 0, 0, 6, "障害x", 5, "障害x\n\n" },
		{ 0, 0, 3, "障害x", 3, "障\n\n" },
		{ 0, 5, 6, "障", 1, "\n\n" },
		{ 0, -1, 6, "障x", 3, " x\n\n" },
		{ 0, -2, 6, "障x", 3, "x\n\n" },
		{ 0, -9, 3, "abc", 3, "\n\n" },
		{ 2, 0, 6, "abc", 0, "\n\n" },
		{ -1, 0, 6, "abc", 0, "\n\n" },
		{ 0, 9, 6, "abc", 0, "\n\n" },
		{ 0, 0, 0, "abc", 0, "\n\n" },
		{ 0, 0, -5, "abc", 0, "\n\n" },
		{ 0, 0, INT32_MAX, "abcdefgh", 6, "abcdef\n\n" },
		{ 0, INT32_MAX, INT32_MAX, "abc", 0, "\n\n" },
		{ 0, 0, 6, "か\u3099e\u0301", 3, "がé\n\n" },
		{ 0, 0, 6, "\x1b[2J", 5, "^[[2J\n\n" },
		{ 0, 0, 6, "👍🏽", 4, "👍🏽\n\n" },
		{ 0, 0, 3, "👍🏽", 3, "\n\n" },
		{ 0, 0, 6, "ｶﾞﾊﾟ", 4, "ｶﾞﾊﾟ\n\n" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct surface s;
		surface_init(&s, 2, 6);
		assert_int_equal(surface_text(&s, rows[i].row, rows[i].col, rows[i].width, ROLE_text, rows[i].text), rows[i].used);
		assert_dump(&s, false, rows[i].want);
		assert_whole(&s);
		surface_release(&s);
	}
}

static void check_overwriting_halves(void **state)
{
	struct surface s;

	(void)state;
	surface_init(&s, 1, 6);
	surface_text(&s, 0, 0, 6, ROLE_ok, "障害者");
	surface_text(&s, 0, 1, 1, ROLE_bad, "x");
	assert_dump(&s, true, " x害者\n0@0:1 ok\n0@1:1 bad\n0@2:4 ok\n");
	surface_text(&s, 0, 3, 2, ROLE_bad, "対");
	assert_dump(&s, false, " x 対\n");
	assert_whole(&s);
	surface_text(&s, 0, 4, 1, ROLE_text, "y");
	assert_dump(&s, false, " x  y\n");
	assert_whole(&s);
	surface_release(&s);
}

static void check_field(void **state)
{
	struct surface s;

	(void)state;
	surface_init(&s, 3, 8);
	assert_int_equal(surface_field(&s, 0, 0, 8, ROLE_text, 1, "障害"), 8);
	assert_int_equal(surface_field(&s, 1, 1, 5, ROLE_text, -1, "障害対応"), 5);
	assert_int_equal(surface_field(&s, 2, 0, 0, ROLE_text, -1, "x"), 0);
	assert_dump(&s, false, "    障害\n 障害~\n\n");
	surface_field(&s, 0, 0, 8, ROLE_head, 0, "ab");
	assert_dump(&s, true, "   ab\n 障害~\n\n0@0:8 head\n");
	surface_release(&s);
}

static void check_areas(void **state)
{
	struct surface s;

	(void)state;
	surface_init(&s, 3, 4);
	for (int row = 0; row < 3; row++)
		surface_text(&s, row, 0, 4, ROLE_text, "障害");
	surface_fill(&s, (struct rect){ 1, 1, 9, 1 }, ROLE_bar);
	assert_dump(&s, true, "障害\n  害\n  害\n1@1:1 bar\n2@1:1 bar\n");
	surface_role(&s, (struct rect){ -5, -5, 6, 7 }, ROLE_select, true);
	assert_dump(&s, true, "障害\n  害\n  害\n0@0:2 select reverse\n1@1:1 bar\n2@1:1 bar\n");
	surface_fill(&s, (struct rect){ INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX }, ROLE_bad);
	surface_fill(&s, (struct rect){ 0, 0, -1, -1 }, ROLE_bad);
	assert_whole(&s);
	surface_clear(&s);
	assert_dump(&s, true, "\n\n\n");
	surface_release(&s);
}

static void check_frames(void **state)
{
	struct surface s;

	(void)state;
	surface_init(&s, 3, 5);
	s.ascii = true;
	surface_frame(&s, (struct rect){ 0, 0, 3, 5 }, ROLE_text);
	assert_dump(&s, false, "+---+\n|   |\n+---+\n");
	s.ascii = false;
	surface_frame(&s, (struct rect){ 0, 0, 3, 5 }, ROLE_text);
	assert_dump(&s, false, "┌───┐\n│   │\n└───┘\n");
	surface_clear(&s);
	surface_frame(&s, (struct rect){ -1, -1, 3, 4 }, ROLE_text);
	assert_dump(&s, false, "  │\n──┘\n\n");
	surface_frame(&s, (struct rect){ 0, 0, 1, 4 }, ROLE_text);
	text_set_ambiguous_wide(true);
	surface_clear(&s);
	surface_hline(&s, 2, -3, 99, ROLE_text);
	surface_vline(&s, -3, 4, 99, ROLE_text);
	surface_hline(&s, 9, 0, 5, ROLE_text);
	surface_vline(&s, 0, 9, 5, ROLE_text);
	assert_dump(&s, false, "    |\n    |\n----|\n");
	text_set_ambiguous_wide(false);
	surface_release(&s);
}

static void check_bar(void **state)
{
	static const struct {
		int width;
		int64_t done, total;
		const char *want;
	} rows[] = {
		{ 12, 0, 10, "[----------]\n" },      { 12, 4, 10, "[####------]\n" },
		{ 50, 1, 48, "[#-----------------------------------------------]\n" },
		{ 50, 47 * 3600, 172800, "[###############################################-]\n" },
		{ 12, 41, 100, "[#####-----]\n" },
		{ 12, 10, 10, "[##########]\n" },     { 12, 1, 1000, "[#---------]\n" },
		{ 12, 999, 1000, "[#########-]\n" },  { 12, 11, 10, "[##########]\n" },
		{ 12, -1, 10, "[----------]\n" },     { 12, 5, 0, "[----------]\n" },
		{ 12, INT64_MAX - 1, INT64_MAX, "[#########-]\n" }, { 12, INT64_MAX, INT64_MAX, "[##########]\n" },
		{ 3, 1, 2, "[-]\n" },                 { 2, 1, 2, "\n" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct surface s;
		surface_init(&s, 1, 60);
		surface_bar(&s, 0, 0, rows[i].width, ROLE_text, rows[i].done, rows[i].total);
		assert_dump(&s, false, rows[i].want);
		surface_release(&s);
	}
}

static void check_empty(void **state)
{
	struct surface s;

	(void)state;
	surface_init(&s, 0, 0);
	surface_text(&s, 0, 0, 5, ROLE_text, "x");
	surface_fill(&s, (struct rect){ 0, 0, 5, 5 }, ROLE_text);
	assert_dump(&s, true, "");
	surface_release(&s);
	surface_init(&s, -3, 5);
	surface_frame(&s, (struct rect){ 0, 0, 5, 5 }, ROLE_text);
	surface_release(&s);
	surface_release(&s);
}

/* Random hostile text at random places never breaks a row. */
static void check_hostile(void **state)
{
	static const char *const pieces[] = { "\x1b[2J", "\xe3", "\xe3\x81", "\u202e", "障", "か\u3099", "\u3099", "👩\u200d💻",
					      "ｶﾞ", "🇯🇵", "a", "\n", "\x9b", "\u0344\u0344\u0344\u0344\u0344", "क\u093f", "①" };
	uint32_t seed = 7;
	struct surface s;

	(void)state;
	surface_init(&s, 3, 17);
	for (int round = 0; round < 20000; round++) {
		char text[256] = "";
		int at[3];
		for (int i = 0; i < 5; i++) {
			seed = seed * 1664525 + 1013904223;
			const char *piece = pieces[(seed >> 20) % (sizeof pieces / sizeof pieces[0])];
			memcpy(text + strlen(text), piece, strlen(piece) + 1);
		}
		for (int i = 0; i < 3; i++) {
			seed = seed * 1664525 + 1013904223;
			at[i] = (int)(seed >> 24) % 24 - 4;
		}
		surface_text(&s, at[0] % 3, at[1], at[2], (enum role)(round % ROLE_COUNT), text);
		if (round % 64 == 0)
			assert_whole(&s);
	}
	assert_whole(&s);
	surface_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_text),
		cmocka_unit_test(check_overwriting_halves),
		cmocka_unit_test(check_field),
		cmocka_unit_test(check_areas),
		cmocka_unit_test(check_frames),
		cmocka_unit_test(check_bar),
		cmocka_unit_test(check_empty),
		cmocka_unit_test(check_hostile),
	};

	return cmocka_run_group_tests_name("surface", tests, NULL, NULL);
}
