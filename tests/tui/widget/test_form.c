/* The form: from field to field, choices, suggestions, several lines, and nothing that gets lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/golden.h"
#include "tui/widget/form.h"

enum { TITLE, SITE, AT, BODY, URGENT };

static void check(void *ctx, size_t i, struct form_field *f)
{
	(void)ctx;
	if (i == AT && strchr(form_value(f), ':') == NULL)
		strbuf_add_text(&f->problem, "this is no time; write 14:30");
	else if (i == AT)
		strbuf_add_text(&f->note, "2026-10-14 14:30");
}

static void make(struct form *f)
{
	form_init(f, " ticket open: take a call");
	form_add(f, "title", FORM_TEXT, true);
	struct form_field *site = form_add(f, "\xe6\x96\xbd\xe8\xa8\xad", FORM_CHOICE, false);
	form_add_choice(f, site, "honkan", "\xe5\xb8\x82\xe7\xab\x8b\xe5\x9b\xb3\xe6\x9b\xb8\xe9\xa4\xa8");
	form_add_choice(f, site, "higashi", "\xe6\x9d\xb1\xe5\x85\xac\xe6\xb0\x91\xe9\xa4\xa8");
	form_add_choice(f, site, "higashi", "twice");
	form_add(f, "at", FORM_TEXT, false);
	form_add(f, "words", FORM_LONG, false);
	form_add(f, "urgent", FORM_SWITCH, false);
	f->check = check;
}

static enum form_event press(struct form *f, int code)
{
	return form_key(f, &(struct key){ .code = code });
}

static void type(struct form *f, const char *text)
{
	for (; *text != '\0'; text++)
		assert_int_equal(press(f, (unsigned char)*text), FORM_USED);
}

static void keys_go_round_and_choose(void **state)
{
	struct form f;

	(void)state;
	make(&f);
	assert_int_equal(press(&f, HK_UP), FORM_USED);
	assert_int_equal(f.at, 5);
	assert_int_equal(press(&f, HK_DOWN), FORM_USED);
	type(&f, "no answer");
	press(&f, HK_ENTER);
	assert_int_equal(f.at, SITE);
	assert_int_equal(f.fields.v[SITE].choices.len, 2);
	assert_string_equal(form_value(&f.fields.v[SITE]), "");
	press(&f, HK_LEFT);
	assert_string_equal(form_value(&f.fields.v[SITE]), "higashi");
	press(&f, HK_RIGHT);
	assert_string_equal(form_value(&f.fields.v[SITE]), "honkan");
	press(&f, HK_LEFT);
	assert_string_equal(form_value(&f.fields.v[SITE]), "higashi");
	press(&f, HK_BACKSPACE);
	assert_string_equal(form_value(&f.fields.v[SITE]), "");
	press(&f, 0x6771);
	assert_string_equal(form_value(&f.fields.v[SITE]), "higashi");
	assert_int_equal(press(&f, 'z'), FORM_NONE);
	f.at = URGENT;
	press(&f, ' ');
	assert_string_equal(form_value(&f.fields.v[URGENT]), "1");
	assert_string_equal(form_value(&f.fields.v[TITLE]), "no answer");
	assert_int_equal(press(&f, HK_ESCAPE), FORM_CANCEL);
	assert_int_equal(press(&f, HK_F2), FORM_DONE);
	f.at = f.fields.len;
	assert_int_equal(press(&f, HK_ENTER), FORM_DONE);
	assert_int_equal(press(&f, 'x'), FORM_NONE);
	form_release(&f);
}

static void it_is_complete_when_nothing_is_missing_or_wrong(void **state)
{
	struct form f;

	(void)state;
	make(&f);
	f.at = URGENT;
	assert_false(form_complete(&f));
	assert_int_equal(f.at, TITLE);
	type(&f, "x");
	form_set(&f.fields.v[AT], "later");
	assert_false(form_complete(&f));
	assert_int_equal(f.at, AT);
	form_set(&f.fields.v[AT], "14:30");
	assert_true(form_complete(&f));
	form_release(&f);
}

static void a_suggestion_gives_way_to_what_is_typed(void **state)
{
	struct form f;

	(void)state;
	make(&f);
	form_set(&f.fields.v[AT], "now");
	f.fields.v[AT].fresh = true;
	f.at = AT;
	type(&f, "9:10");
	assert_string_equal(form_value(&f.fields.v[AT]), "9:10");
	form_set(&f.fields.v[AT], "now");
	f.fields.v[AT].fresh = true;
	press(&f, HK_BACKSPACE);
	assert_string_equal(form_value(&f.fields.v[AT]), "no");
	form_release(&f);
}

static void several_lines_are_the_editors(void **state)
{
	struct form f;

	(void)state;
	make(&f);
	f.at = BODY;
	assert_int_equal(press(&f, HK_F4), FORM_EDITOR);
	form_set(&f.fields.v[BODY], "one\ntwo\n");
	assert_int_equal(press(&f, 'x'), FORM_NONE);
	assert_int_equal(press(&f, HK_BACKSPACE), FORM_NONE);
	assert_string_equal(form_value(&f.fields.v[BODY]), "one\ntwo\n");
	form_set(&f.fields.v[BODY], "one");
	type(&f, "!");
	assert_string_equal(form_value(&f.fields.v[BODY]), "one!");
	f.at = TITLE;
	assert_int_equal(press(&f, HK_F4), FORM_NONE);
	form_release(&f);
}

static void draw(struct form *f, int rows, int cols, const char *golden)
{
	struct surface s;
	struct strbuf text = { 0 };

	surface_init(&s, rows, cols);
	form_draw(f, &s, (struct rect){ 0, 0, rows, cols });
	surface_dump(&s, true, &text);
	golden_check(golden, strbuf_text(&text));
	strbuf_release(&text);
	surface_release(&s);
}

static void it_looks_like_this(void **state)
{
	struct form f;

	(void)state;
	make(&f);
	form_set(&f.fields.v[TITLE], "\xe3\x83\xab\xe3\x83\xbc\xe3\x82\xbf\xe5\xbf\x9c\xe7\xad\x94\xe3\x81\xaa\xe3\x81\x97\x1b[2J");
	form_set(&f.fields.v[SITE], "honkan");
	form_set(&f.fields.v[BODY], "one\ntwo\nthree");
	form_set(&f.fields.v[AT], "25");
	form_complete(&f);
	draw(&f, 9, 80, "tests/tui/widget/form.80.golden");
	press(&f, HK_UP);
	draw(&f, 9, 120, "tests/tui/widget/form.120.golden");
	f.at = f.fields.len;
	draw(&f, 5, 60, "tests/tui/widget/form.60.golden");
	form_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_go_round_and_choose),
		cmocka_unit_test(it_is_complete_when_nothing_is_missing_or_wrong),
		cmocka_unit_test(a_suggestion_gives_way_to_what_is_typed),
		cmocka_unit_test(several_lines_are_the_editors),
		cmocka_unit_test(it_looks_like_this),
	};

	return cmocka_run_group_tests_name("tui/widget/form", tests, NULL, NULL);
}
