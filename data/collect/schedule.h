/* When each host is asked next. Pure bookkeeping: the time is a parameter, in UTC seconds; nothing is sent here.
 *
 * A host is asked every interval (the shortest of its checks), a little sooner or later so that hosts do not stay in step. While it does not
 * answer the interval doubles, but never beyond 2.5 of them: at 3 its values would be stale (domain-rules §2), and that would be our
 * own doing. At most max_in_flight hosts are asked at once. A clock that jumps back does not stop anybody. */
#ifndef DATA_COLLECT_SCHEDULE_H
#define DATA_COLLECT_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/mem.h"
#include "core/contract/contract.h"

struct schedule_host {
	const struct host *host;
	int interval_s;
	int64_t next_at;
	int64_t started_at;   /* TIME_NONE: not being asked */
	int misses;           /* in a row beyond the count that confirms */
	uint32_t turn;        /* how often it was asked: the jitter's other half */
};

struct schedule {
	VEC(struct schedule_host) list; /* hosts that are probed and have checks */
	uint64_t seed;
	size_t in_flight, max_in_flight;
};

void schedule_init(struct schedule *s, const struct contract *c, uint64_t seed, size_t max_in_flight, int64_t now);
void schedule_release(struct schedule *s);
/* Index of a host that is due and may be asked, the one that waited longest first; SIZE_MAX when there is none. */
size_t schedule_due(const struct schedule *s, int64_t now);
void schedule_start(struct schedule *s, size_t host, int64_t now);
/* answered: it was reached. confirmed: it is known to be down, so that asking less often loses nothing. */
void schedule_finish(struct schedule *s, size_t host, bool answered, bool confirmed, int64_t now);
/* Asks it as soon as there is room, whatever the interval says. */
void schedule_force(struct schedule *s, size_t host, int64_t now);
size_t schedule_find(const struct schedule *s, const char *host_id); /* SIZE_MAX */
/* When schedule_due will have something, TIME_NONE while all hosts are being asked. */
int64_t schedule_next_at(const struct schedule *s);

#endif
