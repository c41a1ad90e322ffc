/* A planned stop that touches business hours is flagged before it is saved (S2.2(1)). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/service/plan.h"

static const struct contract contract = { .offset_s = 32400, .business_from_s = 27000, .business_to_s = 72000 };

static int64_t at(const char *text)
{
	int64_t t;

	assert_true(time_parse(text, 0, 32400, &t));
	return t;
}

static bool touches(const char *from, const char *to)
{
	return stop_touches_business(&contract, at(from), at(to));
}

static void test_touches(void **state)
{
	(void)state;
	assert_false(touches("2026-10-20 01:00", "2026-10-20 03:00"));
	assert_false(touches("2026-10-20 20:00", "2026-10-21 07:30"));
	assert_true(touches("2026-10-20 19:59", "2026-10-21 07:30"));
	assert_true(touches("2026-10-20 20:00", "2026-10-21 07:31"));
	assert_true(touches("2026-10-20 12:00", "2026-10-20 12:01"));
	assert_true(touches("2026-10-20 20:00", "2026-10-21 20:00"));
	assert_true(touches("2026-10-20 01:00", "2026-10-30 01:00"));
	assert_false(touches("2026-10-20 12:00", "2026-10-20 12:00"));
}

static void test_check(void **state)
{
	struct stop s;

	(void)state;
	table_row_init(TABLE_stop, &s);
	s.kind = "planned";
	s.title = "patches";
	assert_int_equal(stop_check(&contract, &s, false, NULL), HS_ERR_INVALID);
	s.from_at = at("2026-10-20 01:00");
	assert_int_equal(stop_check(&contract, &s, false, NULL), HS_ERR_INVALID);
	s.to_at = s.from_at;
	assert_int_equal(stop_check(&contract, &s, false, NULL), HS_ERR_INVALID);
	s.to_at += 7200;
	assert_int_equal(stop_check(&contract, &s, false, NULL), 0);
	s.to_at = at("2026-10-20 07:31");
	assert_int_equal(stop_check(&contract, &s, false, NULL), HS_ERR_OWED);
	assert_int_equal(stop_check(&contract, &s, true, NULL), HS_ERR_OWED);
	s.reason = "the library is closed";
	assert_int_equal(stop_check(&contract, &s, false, NULL), HS_ERR_OWED);
	assert_int_equal(stop_check(&contract, &s, true, NULL), 0);
	s.kind = "emergency";
	s.to_at = TIME_NONE;
	assert_int_equal(stop_check(&contract, &s, false, NULL), 0);
	s.reason = "";
	assert_int_equal(stop_check(&contract, &s, false, NULL), HS_ERR_INVALID);
	s.kind = "sudden";
	assert_int_equal(stop_check(&contract, &s, false, NULL), HS_ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_touches), cmocka_unit_test(test_check) };
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
