/* Counting, flapping, intervals and buckets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/base/civil.h"
#include "core/service/streak.h"

static enum probe_state state_of(char c)
{
	switch (c) {
	case 'u':
		return PROBE_UP;
	case 'w':
		return PROBE_WARN;
	case 'd':
		return PROBE_DOWN;
	case 'x':
		return PROBE_UNREACH;
	default:
		return PROBE_UNKNOWN;
	}
}

static struct streak play(const char *results)
{
	struct streak s;

	streak_init(&s);
	for (int i = 0; results[i] != '\0'; i++)
		streak_add(&s, state_of(results[i]), i * 60, 3, 180);
	return s;
}

static void test_confirming(void **state)
{
	static const struct {
		const char *results;
		int failures;
		bool confirmed;
		int64_t failing_since, since, last_good;
	} cases[] = {
		{ "u", 0, false, TIME_NONE, 0, 0 },
		{ "d", 1, false, 0, 0, TIME_NONE },
		{ "udd", 2, false, 60, 60, 0 },
		{ "uddd", 3, true, 60, 60, 0 },
		{ "uddu", 0, false, TIME_NONE, 180, 180 },
		{ "uddw", 0, false, TIME_NONE, 180, 180 },
		{ "udxdxd", 3, true, 60, 300, 0 },
		{ "ud?dd", 3, true, 60, 180, 0 },
		{ "udddx", 3, true, 60, 240, 0 },
		{ "xxxx", 0, false, TIME_NONE, 0, TIME_NONE },
		{ "dddud", 1, false, 240, 240, 180 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct streak s = play(cases[i].results);
		assert_int_equal(s.failures, cases[i].failures);
		assert_int_equal(s.confirmed, cases[i].confirmed);
		assert_true(s.failing_since == cases[i].failing_since);
		assert_true(s.since == cases[i].since);
		assert_true(s.last_good_at == cases[i].last_good);
	}
}

static void test_flapping(void **state)
{
	/* Weights in parts of 360: 288 + 7i for pair i from 0, 6669 in all. */
	static const struct {
		const char *results;
		int mpct;
		bool flapping;
	} cases[] = {
		{ "uuuuuuuuuuuuuuuuuuu", 0, false },
		{ "dududududududududud", 0, false },         /* 19 results are too few */
		{ "uuuuuuuuuuuuuuuuuuuu", 0, false },
		{ "dudududududududududu", 100000, true },
		{ "duuuuuuuuuuuuuuuuuuu", 4318, false },     /* 288 / 6669 */
		{ "uuuuuuuuuuuuuuuuuuud", 6207, false },     /* 414 / 6669 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct streak s = play(cases[i].results);
		assert_int_equal(s.flap_mpct, cases[i].mpct);
		assert_int_equal(s.flapping, cases[i].flapping);
	}
	/* Five changes among the last pairs: 386+393+400+407+414 = 2000 of 6669. */
	struct streak s = play("uuuuuuuuuuuuuuududud");
	assert_int_equal(s.flap_mpct, 29989);
	assert_false(s.flapping);
	/* Once on it stays on down to 25 %, and UNREACH is no result. */
	s = play("dududududududududududu");
	assert_true(s.flapping);
	int64_t at = 100000;
	while (s.flap_mpct >= 25000) {
		assert_true(s.flapping);
		streak_add(&s, PROBE_UNREACH, at++, 3, 1000000);
		streak_add(&s, PROBE_UP, at++, 3, 1000000);
	}
	assert_false(s.flapping);
	assert_true(s.flap_mpct > 20000);
}

static void test_intervals(void **state)
{
	struct streak s;

	(void)state;
	streak_init(&s);
	assert_int_equal(streak_add(&s, PROBE_UP, 1000, 3, 180), STREAK_GAP);
	assert_int_equal(streak_add(&s, PROBE_UP, 1180, 3, 180), STREAK_EXTENDS);
	assert_int_equal(streak_add(&s, PROBE_UP, 1180, 3, 180), STREAK_OLD);
	assert_int_equal(streak_add(&s, PROBE_DOWN, 1100, 3, 180), STREAK_OLD);
	assert_int_equal(s.state, PROBE_UP);
	assert_int_equal(streak_add(&s, PROBE_DOWN, 1200, 3, 180), STREAK_CHANGES);
	assert_int_equal(streak_add(&s, PROBE_DOWN, 1381, 3, 180), STREAK_GAP);
	assert_int_equal(s.since, 1381);
	assert_int_equal(s.failing_since, 1200);
}

static void test_buckets(void **state)
{
	int last = -1;

	(void)state;
	for (int64_t ms = 0; ms < 3000000; ms += 1 + ms / 50) {
		int b = latency_bucket(ms);
		assert_true(b == last || b > last);
		assert_true(ms < latency_bound(b));
		assert_true(b == 0 || ms >= latency_bound(b - 1));
		last = b;
	}
	for (int b = 0; b < 100; b++) {
		assert_int_equal(latency_bucket(latency_bound(b)), b + 1);
		assert_int_equal(latency_bucket(latency_bound(b) - 1), b);
	}
	assert_int_equal(latency_bucket(-5), 0);
	assert_true(latency_bucket(INT64_MAX) < 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_confirming), cmocka_unit_test(test_flapping), cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_buckets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
