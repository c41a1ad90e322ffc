/* A night in a moment: intervals, jitter, back-off, room, clocks that jump; and whose silence it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/civil.h"
#include "data/collect/schedule.h"
#include "data/collect/witness.h"

#define NOW 1791936122
enum { HOSTS = 40 };

static struct host hosts[HOSTS + 2];
static struct check checks[HOSTS + 2];
static char names[HOSTS + 2][8];
static struct contract contract = { .hosts = hosts, .host_count = HOSTS + 2, .checks = checks, .check_count = HOSTS + 1 };

static int make_hosts(void **state)
{
	(void)state;
	for (int i = 0; i < HOSTS + 2; i++) {
		memcpy(names[i], "h00", 4);
		names[i][1] = (char)('0' + i / 10);
		names[i][2] = (char)('0' + i % 10);
		hosts[i] = (struct host){ .id = names[i], .probe = i != HOSTS };
		checks[i] = (struct check){ .id = names[i], .kind = "ssh", .host = names[i], .interval_s = 60 };
	}
	return 0;
}

static void check_first_round(void **state)
{
	struct schedule s;
	size_t i, started = 0;

	(void)state;
	schedule_init(&s, &contract, 1, 16, NOW);
	assert_int_equal(s.list.len, HOSTS); /* not the placeholder, not the one without checks */
	assert_int_equal(schedule_find(&s, names[HOSTS]), SIZE_MAX);
	while ((i = schedule_due(&s, NOW + 1)) != SIZE_MAX) {
		schedule_start(&s, i, NOW + 1);
		started++;
	}
	assert_int_equal(started, 16); /* no more at once than allowed */
	assert_int_equal(schedule_next_at(&s), TIME_NONE);
	schedule_finish(&s, 3, true, false, NOW + 1);
	assert_int_not_equal(schedule_due(&s, NOW + 1), SIZE_MAX);
	schedule_release(&s);
}

/* Every host is asked every interval, give or take a tenth, and not all in step. */
static void check_rhythm(void **state)
{
	struct schedule s;
	int asked[HOSTS] = { 0 };
	int64_t last[HOSTS] = { 0 };
	bool spread = false;

	(void)state;
	schedule_init(&s, &contract, 7, HOSTS, NOW);
	for (int64_t t = NOW; t < NOW + 6000; t++) {
		for (size_t i; (i = schedule_due(&s, t)) != SIZE_MAX;) {
			if (asked[i] > 0)
				assert_in_range(t - last[i], 54, 66);
			spread = spread || (i > 0 && last[i] != last[0]);
			last[i] = t;
			asked[i]++;
			schedule_start(&s, i, t);
			schedule_finish(&s, i, true, false, t);
		}
	}
	for (size_t i = 0; i < HOSTS; i++)
		assert_in_range(asked[i], 92, 110);
	assert_true(spread);
	schedule_release(&s);
}

/* A host that is known to be down is asked less often, never so seldom that its value grows stale, and at once normally again. */
static void check_back_off(void **state)
{
	struct schedule s;
	int64_t t = NOW, longest = 0;

	(void)state;
	schedule_init(&s, &contract, 7, 1, NOW);
	s.list.len = 1;
	for (int n = 0; n < 50; n++) {
		t = s.list.v[0].next_at > t ? s.list.v[0].next_at : t;
		assert_int_equal(schedule_due(&s, t), 0);
		schedule_start(&s, 0, t);
		schedule_finish(&s, 0, false, n >= 3, t + 10);
		int64_t wait = s.list.v[0].next_at - t;
		if (n < 3)
			assert_in_range(wait, 54, 66);
		longest = wait > longest ? wait : longest;
		assert_in_range(wait, 54, 179); /* stale is beyond 180 */
	}
	assert_in_range(longest, 120, 179);
	t = s.list.v[0].next_at;
	schedule_start(&s, 0, t);
	schedule_finish(&s, 0, true, true, t);
	assert_in_range(s.list.v[0].next_at - t, 54, 66);
	schedule_release(&s);
}

static void check_clock_jumps(void **state)
{
	struct schedule s;

	(void)state;
	schedule_init(&s, &contract, 7, 1, NOW);
	s.list.len = 1;
	schedule_start(&s, 0, NOW);
	schedule_finish(&s, 0, true, false, NOW);
	assert_int_equal(schedule_due(&s, NOW + 10), SIZE_MAX);
	assert_int_equal(schedule_due(&s, NOW - 86400), 0); /* set back a day: nobody waits a day */
	schedule_start(&s, 0, NOW);
	schedule_finish(&s, 0, true, false, NOW - 86400); /* set back while it was being asked */
	assert_in_range(s.list.v[0].next_at, NOW - 86400, NOW - 86400 + 66);
	schedule_force(&s, 0, NOW - 86400);
	assert_int_equal(schedule_due(&s, NOW - 86400), 0);
	schedule_release(&s);
}

static void check_witnesses(void **state)
{
	struct witness w[5] = { { EVIDENCE_SILENT, NOW, false } };
	size_t ask[WITNESSES_ASKED], asked;

	(void)state;
	/* alone: nobody can tell, so it is the server */
	assert_int_equal(witness_judge(w, 1, 0, NOW - 5, ask, &asked), WITNESS_SERVER);
	/* others that spoke before the try prove nothing: they are asked, three at most */
	for (int i = 1; i < 5; i++)
		w[i] = (struct witness){ EVIDENCE_ALIVE, NOW - 60, false };
	assert_int_equal(witness_judge(w, 5, 0, NOW - 5, ask, &asked), WITNESS_WAIT);
	assert_int_equal(asked, 3);
	/* one that spoke since is enough */
	w[4].at = NOW - 2;
	assert_int_equal(witness_judge(w, 5, 0, NOW - 5, ask, &asked), WITNESS_SERVER);
	/* all that were asked are silent: it is our own network */
	for (int i = 1; i < 5; i++)
		w[i] = (struct witness){ EVIDENCE_SILENT, NOW, false };
	assert_int_equal(witness_judge(w, 5, 0, NOW - 5, ask, &asked), WITNESS_OURS);
	/* one that was down before is no witness; where only such are left, it is the server */
	for (int i = 1; i < 5; i++)
		w[i].down = true;
	assert_int_equal(witness_judge(w, 5, 0, NOW - 5, ask, &asked), WITNESS_SERVER);
	/* one that was never asked is asked */
	w[2] = (struct witness){ EVIDENCE_NONE, TIME_NONE, false };
	assert_int_equal(witness_judge(w, 5, 0, NOW - 5, ask, &asked), WITNESS_WAIT);
	assert_int_equal(asked, 1);
	assert_int_equal(ask[0], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_first_round), cmocka_unit_test(check_rhythm),    cmocka_unit_test(check_back_off),
		cmocka_unit_test(check_clock_jumps), cmocka_unit_test(check_witnesses),
	};
	return cmocka_run_group_tests_name("schedule", tests, make_hosts, NULL);
}
