/* See history.h. */
#include "data/practice/history.h"

enum { YEAR_DAYS = 365, QUIET_MAX_DAYS = 120, OUTAGE_MAX_MINUTES = 95 };

/* splitmix64: small, and the same on every machine. */
static uint64_t draw(uint64_t *seed)
{
	uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int put(struct status *st, const struct check *check, int64_t from, int64_t to, enum probe_state state,
	       struct err *err)
{
	struct state_interval i = {
		.from = from, .to = to, .first_at = from, .last_at = to - check->interval_s, .state = state,
	};

	return to - from < check->interval_s ? 0 : status_put_interval(st, check->id, &i, err);
}

/* Quiet stretches with a fault between them; each third fault is only a warning. */
static int measure_check(struct status *st, const struct check *check, int64_t from, int64_t to, uint64_t *seed,
			 struct err *err)
{
	int rc = 0;

	for (int64_t at = from; at < to && rc == 0;) {
		int64_t quiet = (int64_t)(1 + draw(seed) % (QUIET_MAX_DAYS * 24)) * 3600;
		int64_t fault = (int64_t)(1 + draw(seed) % OUTAGE_MAX_MINUTES) * 60;
		enum probe_state state = draw(seed) % 3 == 0 ? PROBE_WARN : PROBE_DOWN;
		int64_t until = at + quiet < to ? at + quiet : to;
		int64_t back = until + fault < to ? until + fault : to;
		rc = put(st, check, at, until, PROBE_UP, err);
		if (rc == 0)
			rc = put(st, check, until, back, state, err);
		at = back;
	}
	return rc;
}

int history_measure(struct status *st, const struct contract *c, int64_t now, struct err *err)
{
	uint64_t seed = 8;
	int rc = status_begin(st, err);

	for (size_t i = 0; i < c->check_count && rc == 0; i++) {
		const struct host *host = contract_host(c, c->checks[i].host);
		if (host != NULL && host->probe)
			rc = measure_check(st, &c->checks[i], now - (int64_t)YEAR_DAYS * DAY_SECONDS, now - 300, &seed, err);
	}
	return rc == 0 ? status_commit(st, err) : rc;
}
