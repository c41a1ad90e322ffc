/* What the case files leave out: own closed days, a published list against the rule, eras of the contract, odd closures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/civil.h"
#include "core/base/strbuf.h"
#include "core/calendar/calendar.h"
#include "core/contract/contract.h"

enum { ZONE = 32400 };

static const struct calendar city = { .offset_s = ZONE, .office = { 1229, 103 }, .reception = { 1229, 103 } };

static int32_t day(const char *text)
{
	int32_t d;

	assert_true(day_parse(text, &d));
	return d;
}

static void own_closed_days_are_holidays(void **state)
{
	int32_t extra[] = { day("2026-04-16") };
	struct calendar c = city;

	(void)state;
	assert_true(business_day(&c, extra[0]));
	c.extra = extra;
	c.extra_count = 1;
	assert_false(business_day(&c, extra[0]));
	assert_int_equal(business_days_after(&c, day("2026-04-15"), 1), day("2026-04-17"));
}

static void a_published_list_wins_over_the_rule_in_its_years(void **state)
{
	int32_t listed[] = { day("2027-01-01"), day("2027-06-10") };
	struct calendar c = city;

	(void)state;
	c.listed = listed;
	c.listed_count = 2;
	c.listed_from_year = c.listed_to_year = 2027;
	assert_true(calendar_holiday(&c, day("2027-06-10")));
	assert_false(calendar_holiday(&c, day("2027-05-05")));
	assert_true(calendar_holiday(&c, day("2026-05-05")));
}

static void an_office_that_never_opens_ends_the_search(void **state)
{
	struct calendar c = { .offset_s = ZONE, .office = { 101, 1231 }, .reception = { 101, 1231 } };
	int64_t reopens = 0;

	(void)state;
	assert_int_equal(business_days_after(&c, day("2026-04-15"), 1), DAY_NONE);
	assert_int_equal(business_deadline(&c, 0, 1), TIME_NONE);
	assert_true(reception_closed(&c, 0, &reopens));
	assert_int_equal(reopens, TIME_NONE);
}

static void days_between_count_what_is_left(void **state)
{
	(void)state;
	assert_int_equal(business_days_between(&city, day("2026-10-14"), day("2026-10-19")), 3);
	assert_int_equal(business_days_between(&city, day("2026-10-19"), day("2026-10-14")), -3);
	assert_int_equal(business_days_between(&city, day("2026-10-14"), day("2026-10-14")), 0);
	for (int n = 1; n < 300; n++) /* the inverse of counting on */
		assert_int_equal(
			business_days_between(&city, day("2026-10-14"), business_days_after(&city, day("2026-10-14"), n)), n);
}

static void the_reception_reopens_at_midnight(void **state)
{
	int64_t reopens, closed = day_start(day("2026-12-29"), ZONE), open = day_start(day("2027-01-04"), ZONE);

	(void)state;
	assert_false(reception_closed(&city, closed - 1, &reopens));
	assert_true(reception_closed(&city, closed, &reopens));
	assert_int_equal(reopens, open);
	assert_true(reception_closed(&city, open - 1, &reopens));
	assert_int_equal(reopens, open);
	assert_false(reception_closed(&city, open, &reopens));
}

static void the_contract_can_add_an_era(void **state)
{
	struct era added[] = { { "new", "K", { "光明", "Komei", "光", "K" }, day("2031-05-01") } };
	struct calendar c = city;
	struct strbuf sb = { 0 };

	(void)state;
	c.eras = added;
	c.era_count = 1;
	wareki_format(&c, day("2031-04-30"), false, &sb);
	assert_string_equal(strbuf_text(&sb), "令和13年4月30日");
	strbuf_clear(&sb);
	wareki_format(&c, day("2031-05-01"), false, &sb);
	assert_string_equal(strbuf_text(&sb), "光明元年5月1日");
	strbuf_clear(&sb);
	wareki_format(&c, day("2032-01-01"), true, &sb);
	assert_string_equal(strbuf_text(&sb), "K2.1.1");
	strbuf_clear(&sb);
	fiscal_year_format(&c, 2031, &sb);
	assert_string_equal(strbuf_text(&sb), "令和13年度");
	strbuf_clear(&sb);
	fiscal_year_format(&c, 2032, &sb);
	assert_string_equal(strbuf_text(&sb), "光明2年度");
	strbuf_release(&sb);
}

static void no_holiday_outside_the_known_years(void **state)
{
	struct holiday h;

	(void)state;
	assert_false(holiday_on(day("1954-01-01"), &h));
	assert_false(holiday_on(day("2051-01-01"), &h));
	assert_true(holiday_on(day("2050-01-01"), &h));
	assert_string_equal(h.en, "New Year's Day");
}

static void the_contract_gives_the_calendar(void **state)
{
	struct contract c = { .offset_s = ZONE, .office_closed_from_md = 1229, .office_closed_to_md = 103,
			      .reception_closed_from_md = 1230, .reception_closed_to_md = 102 };
	struct calendar calendar;

	(void)state;
	calendar_of(&c, &calendar);
	assert_int_equal(calendar.offset_s, ZONE);
	assert_int_equal(calendar.office.from_md, 1229);
	assert_int_equal(calendar.reception.to_md, 102);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_closed_days_are_holidays),
		cmocka_unit_test(a_published_list_wins_over_the_rule_in_its_years),
		cmocka_unit_test(an_office_that_never_opens_ends_the_search),
		cmocka_unit_test(days_between_count_what_is_left),
		cmocka_unit_test(the_reception_reopens_at_midnight),
		cmocka_unit_test(the_contract_can_add_an_era),
		cmocka_unit_test(no_holiday_outside_the_known_years),
		cmocka_unit_test(the_contract_gives_the_calendar),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
