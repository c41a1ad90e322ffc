/* The list: what it asks of its source, and that selection and marks follow a row whatever happens around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/civil.h"
#include "tui/widget/list.h"

struct rows {
	size_t count, from; /* rows from .. from + count - 1 */
	size_t asked, page;
	char text[64], id[32];
};

static const struct list_column columns[] = {
	{ "n", "no", 6, 8, 1, 1, true },
	{ "name", "name", 8, 0, 1, -1, true },
	{ "extra", "extra", 10, 20, 3, -1, false },
	{ "more", "more", 20, 30, 4, -1, false },
};

static size_t count(void *ctx)
{
	return ((struct rows *)ctx)->count;
}

static void row(void *ctx, size_t i, struct list_cell *cells)
{
	struct rows *r = ctx;
	size_t n = r->from + i;

	r->asked++;
	snprintf(r->text, sizeof r->text, "%s %zu", n % 3 == 0 ? "\xe6\x9c\xac\xe9\xa4\xa8" : "\xe6\x9d\xb1\xe5\x85\xac\xe6\xb0\x91", n);
	cells[0].number = -(int64_t)n;
	cells[1].text = r->text;
}

static const char *id(void *ctx, size_t i)
{
	struct rows *r = ctx;

	snprintf(r->id, sizeof r->id, "%06zu", r->from + i);
	return r->id;
}

static bool more(void *ctx)
{
	struct rows *r = ctx;

	if (r->page == 0)
		return false;
	r->page--;
	r->count += 100;
	return true;
}

static const struct list_source source = { .count = count, .row = row, .id = id };
static const struct list_source paged = { .count = count, .row = row, .id = id, .more = more };

static void make(struct list *l, struct rows *r, const struct list_source *from)
{
	list_init(l, columns, 4, from, r);
	list_refill(l);
}

static void press(struct list *l, int code)
{
	assert_true(list_key(l, &(struct key){ .code = code }));
}

static void only_visible_rows_are_asked_for(void **state)
{
	struct rows r = { .count = 100000 };
	struct list l;
	struct surface s;

	(void)state;
	surface_init(&s, 24, 80);
	make(&l, &r, &source);
	list_draw(&l, &s, (struct rect){ 0, 0, 24, 80 }, true);
	press(&l, 'G');
	list_draw(&l, &s, (struct rect){ 0, 0, 24, 80 }, true);
	assert_true(r.asked <= 46);
	assert_string_equal(list_selected_id(&l), "099999");
	list_release(&l);
	surface_release(&s);
}

static void selection_follows_its_row(void **state)
{
	struct rows r = { .count = 50, .from = 10 };
	struct list l;

	(void)state;
	make(&l, &r, &source);
	list_move(&l, 7);
	assert_string_equal(list_selected_id(&l), "000017");
	r.from = 15;
	list_refill(&l);
	assert_string_equal(list_selected_id(&l), "000017");
	assert_int_equal(l.selected, 2);
	r.from = 30;
	list_refill(&l);
	assert_int_equal(l.selected, 2);
	r.count = 0;
	list_refill(&l);
	assert_null(list_selected_id(&l));
	press(&l, 'j');
	press(&l, 'G');
	press(&l, ' ');
	assert_int_equal(l.marks.len, 0);
	list_release(&l);
}

static void filter_keeps_rows_that_hold_every_word(void **state)
{
	struct rows r = { .count = 100 };
	struct list l;

	(void)state;
	make(&l, &r, &source);
	list_move(&l, 12);
	list_set_filter(&l, "\xe6\x9c\xac\xe9\xa4\xa8 1");
	for (size_t i = 0; i < l.shown; i++)
		assert_int_equal(l.order[i] % 3, 0);
	assert_string_equal(list_selected_id(&l), "000012");
	/* rows that changed are looked at anew */
	r.from = 300;
	list_refill(&l);
	for (size_t i = 0; i < l.shown; i++)
		assert_int_equal(l.order[i] % 3, 0);
	list_set_filter(&l, "300");
	assert_int_equal(l.shown, 1);
	list_set_filter(&l, "nothing like it");
	assert_int_equal(l.shown, 0);
	assert_int_equal(list_selected(&l), SIZE_MAX);
	list_set_filter(&l, NULL);
	assert_int_equal(l.shown, 100);
	list_release(&l);
}

static void sorts_by_number_and_back(void **state)
{
	struct rows r = { .count = 100 };
	struct list l;

	(void)state;
	make(&l, &r, &source);
	press(&l, 'o');
	assert_int_equal(l.sort, 0);
	assert_int_equal(l.order[0], 99);
	press(&l, 'O');
	assert_int_equal(l.order[0], 0);
	press(&l, 'o');
	assert_int_equal(l.sort, 1);
	press(&l, 'o');
	assert_int_equal(l.sort, -1);
	assert_null(l.order);
	list_release(&l);
}

static void marks_are_targets(void **state)
{
	struct rows r = { .count = 100 };
	const char *ids[10];
	struct list l;

	(void)state;
	make(&l, &r, &source);
	assert_int_equal(list_targets(&l, ids, 10), 1);
	assert_string_equal(ids[0], "000000");
	press(&l, ' ');
	list_move(&l, 3);
	press(&l, HK_CTRL | ' ');
	assert_int_equal(l.marks.len, 5);
	assert_int_equal(list_targets(&l, ids, 10), 5);
	assert_string_equal(ids[4], "000004");
	assert_int_equal(list_targets(&l, ids, 2), 2);
	press(&l, HK_CTRL | ' ');
	assert_int_equal(l.marks.len, 5);
	press(&l, ' ');
	assert_int_equal(l.marks.len, 4);
	r.from = 2;
	list_refill(&l);
	assert_true(list_marked(&l, "000002"));
	list_clear_marks(&l);
	assert_int_equal(l.marks.len, 0);
	list_release(&l);
}

static void search_goes_round(void **state)
{
	struct rows r = { .count = 100 };
	struct list l;

	(void)state;
	make(&l, &r, &source);
	assert_false(list_search(&l, NULL, false));
	assert_true(list_search(&l, " 77", false));
	assert_string_equal(list_selected_id(&l), "000077");
	assert_true(list_search(&l, "\xe6\x9c\xac\xe9\xa4\xa8", false));
	assert_string_equal(list_selected_id(&l), "000078");
	assert_true(list_search(&l, NULL, true));
	assert_string_equal(list_selected_id(&l), "000075");
	assert_false(list_search(&l, "zebra", false));
	assert_string_equal(list_selected_id(&l), "000075");
	list_release(&l);
}

static void the_next_page_comes_before_the_end(void **state)
{
	struct rows r = { .count = 100, .page = 3 };
	struct list l;

	(void)state;
	make(&l, &r, &paged);
	list_move(&l, 99);
	assert_int_equal(l.shown, 200);
	press(&l, 'G');
	assert_int_equal(l.shown, 400);
	assert_string_equal(list_selected_id(&l), "000399");
	list_release(&l);
}

static size_t column_at(const struct surface *s, const char *title)
{
	struct strbuf text = { 0 };

	surface_dump(s, false, &text);
	const char *at = strstr(strbuf_text(&text), title);
	size_t col = at != NULL && at < strchr(strbuf_text(&text), '\n') ? (size_t)(at - text.buf) : SIZE_MAX;
	strbuf_release(&text);
	return col;
}

static void columns_fit_every_width(void **state)
{
	static const struct {
		int cols;
		bool extra, more;
	} cases[] = { { 20, false, false }, { 40, true, false }, { 80, true, true }, { 160, true, true } };
	struct rows r = { .count = 5 };
	struct list l;
	struct surface s;

	(void)state;
	make(&l, &r, &source);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		surface_init(&s, 10, cases[i].cols);
		list_draw(&l, &s, (struct rect){ 0, 0, 10, cases[i].cols }, true);
		assert_true(column_at(&s, "name") != SIZE_MAX);
		assert_int_equal(column_at(&s, "extra") != SIZE_MAX, cases[i].extra);
		assert_int_equal(column_at(&s, "more") != SIZE_MAX, cases[i].more);
		surface_release(&s);
	}
	list_release(&l);
}

static void a_click_selects(void **state)
{
	struct rows r = { .count = 100 };
	struct list l;
	struct surface s;

	(void)state;
	surface_init(&s, 24, 80);
	make(&l, &r, &source);
	list_draw(&l, &s, (struct rect){ 3, 0, 20, 80 }, true);
	assert_true(list_key(&l, &(struct key){ .code = HK_MOUSE, .row = 9, .col = 4, .pressed = true }));
	assert_string_equal(list_selected_id(&l), "000005");
	assert_true(list_key(&l, &(struct key){ .code = HK_MOUSE, .row = 9, .col = 4, .button = 65 }));
	assert_string_equal(list_selected_id(&l), "000008");
	assert_false(list_key(&l, &(struct key){ .code = HK_MOUSE, .row = 1, .col = 4, .pressed = true }));
	list_release(&l);
	surface_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_visible_rows_are_asked_for),
		cmocka_unit_test(selection_follows_its_row),
		cmocka_unit_test(filter_keeps_rows_that_hold_every_word),
		cmocka_unit_test(sorts_by_number_and_back),
		cmocka_unit_test(marks_are_targets),
		cmocka_unit_test(search_goes_round),
		cmocka_unit_test(the_next_page_comes_before_the_end),
		cmocka_unit_test(columns_fit_every_width),
		cmocka_unit_test(a_click_selects),
	};

	return cmocka_run_group_tests_name("tui/widget/list", tests, NULL, NULL);
}
