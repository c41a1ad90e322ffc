/* See streak.h. */
#include "core/service/streak.h"

#include <string.h>

#include "core/base/civil.h"

enum {
	FLAP_ON = 30000, /* thousandths of a percent */
	FLAP_OFF = 25000,
	MPCT = 100000,
	WEIGHT_FIRST = 288, /* 0.8 and 0.35/18 in parts of 360 */
	WEIGHT_STEP = 7,
};

void streak_init(struct streak *s)
{
	*s = (struct streak){
		.state = PROBE_NEVER, .since = TIME_NONE, .at = TIME_NONE, .last_good_at = TIME_NONE, .failing_since = TIME_NONE,
	};
}

static bool good(enum probe_state state)
{
	return state == PROBE_UP || state == PROBE_WARN;
}

static void count(struct streak *s, enum probe_state state, int64_t at, int needed)
{
	if (good(state)) {
		s->last_good_at = at;
		s->failures = 0;
		s->failing_since = TIME_NONE;
	} else if (state == PROBE_DOWN) {
		if (s->failures == 0)
			s->failing_since = at;
		if (s->failures < INT32_MAX)
			s->failures++;
	}
	s->confirmed = s->failures > 0 && s->failures >= needed;
}

static void judge_flapping(struct streak *s, enum probe_state state)
{
	static const char letters[] = { [PROBE_NEVER] = '-', [PROBE_UP] = 'u', [PROBE_WARN] = 'w', [PROBE_DOWN] = 'd',
					[PROBE_UNKNOWN] = '?', [PROBE_STALE] = '-' };
	size_t len = strlen(s->recent);

	if (state == PROBE_UNREACH)
		return;
	if (len == STREAK_RESULTS)
		memmove(s->recent, s->recent + 1, len--);
	s->recent[len] = letters[state];
	s->recent[len + 1] = '\0';
	s->flap_mpct = 0;
	if (len + 1 < STREAK_RESULTS)
		return;
	int changed = 0, all = 0;
	for (int i = 0; i < STREAK_RESULTS - 1; i++) {
		int weight = WEIGHT_FIRST + WEIGHT_STEP * i;
		all += weight;
		changed += s->recent[i] != s->recent[i + 1] ? weight : 0;
	}
	s->flap_mpct = (int)((int64_t)changed * MPCT / all);
	s->flapping = s->flapping ? s->flap_mpct >= FLAP_OFF : s->flap_mpct >= FLAP_ON;
}

enum streak_step streak_add(struct streak *s, enum probe_state state, int64_t at, int needed, int64_t max_gap)
{
	enum streak_step step = STREAK_EXTENDS;

	if (s->at != TIME_NONE && at <= s->at)
		return STREAK_OLD;
	if (s->at == TIME_NONE || at - s->at > max_gap)
		step = STREAK_GAP;
	else if (state != s->state)
		step = STREAK_CHANGES;
	if (step != STREAK_EXTENDS)
		s->since = at;
	s->state = state;
	s->at = at;
	count(s, state, at, needed);
	judge_flapping(s, state);
	return step;
}

/* 0–3 have a bucket each; from 4 on, four to a doubling. */
int latency_bucket(int64_t ms)
{
	if (ms < 4)
		return ms < 0 ? 0 : (int)ms;
	int top = 63 - __builtin_clzll((unsigned long long)ms);
	return 4 * (top - 1) + (int)((ms >> (top - 2)) & 3);
}

int64_t latency_bound(int bucket)
{
	return bucket < 4 ? bucket + 1 : (int64_t)(4 + bucket % 4 + 1) << (bucket / 4 - 1);
}
