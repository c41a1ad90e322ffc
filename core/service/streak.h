/* What a run of results of one check says: failures in a row, flapping, where one state ends and the next begins (domain-rules §2,
 * §7). Pure; whoever records results keeps a struct streak a check and gives each result once, in order. */
#ifndef CORE_SERVICE_STREAK_H
#define CORE_SERVICE_STREAK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/probe/probe.h"

#define STREAK_RESULTS 20 /* flapping is judged over so many */

struct streak {
	enum probe_state state;
	int64_t since;         /* first result of the interval it is in; TIME_NONE when there was none ever */
	int64_t at;            /* of the newest result */
	int64_t last_good_at;  /* newest UP or WARN */
	int64_t failing_since; /* first failed result of those in a row; TIME_NONE while it does not fail */
	int failures;          /* DOWN in a row; UNREACH and UNKNOWN say nothing and neither add nor end it */
	bool confirmed;        /* as many failures as it takes */
	bool flapping;
	int flap_mpct;         /* thousandths of a percent of weighted change; 0 below 20 results */
	char recent[STREAK_RESULTS + 1]; /* a letter a result, oldest first; without UNREACH */
};

enum streak_step {
	STREAK_EXTENDS, /* the interval goes on */
	STREAK_CHANGES, /* another state from here on; the one before ends here */
	STREAK_GAP,     /* nothing was known for a while: the one before ended max_gap after its last result */
	STREAK_OLD,     /* not newer than the newest: nothing was done */
};

void streak_init(struct streak *s);
/* needed: failures in a row that confirm; max_gap: seconds that a result holds (3 intervals). */
enum streak_step streak_add(struct streak *s, enum probe_state state, int64_t at, int needed, int64_t max_gap);

/* Response times fall into buckets whose bounds grow by a quarter of a doubling: at most a fifth off, mergeable over any span.
 * latency_bound: the smallest ms above the bucket. */
int latency_bucket(int64_t ms);
int64_t latency_bound(int bucket);

#endif
