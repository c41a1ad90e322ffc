/* The recovery clock (S2.3(1)②, domain-rules §5): from what was recorded to start, 復旧目安 and state.
 *
 * Recomputed on every read, never stored. Times are UTC seconds, TIME_NONE is not known. The 48 hours are a
 * guideline (目安), not a time limit: nights, weekends and holidays do not stop them (Civil Code art. 139). */
#ifndef CORE_TICKET_RECOVERY_H
#define CORE_TICKET_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/calendar/calendar.h"
#include "core/ticket/words.h"

struct contract;
struct talk;
struct ticket;

struct recovery_facts {
	enum severity severity;
	enum cause cause;
	int64_t detected_at, contact_at, accepted_at, recovered_at;
	int64_t deferral_agreed_at, deferral_due; /* the agreed 後日対応; TIME_NONE: none */
	int64_t target_s;          /* 172800 */
	bool self_detected_counts; /* a reading of the contract: detection starts the clock */
	bool clock;                /* the kind of ticket has a clock at all */
};

enum recovery_state {
	RECOVERY_NONE,        /* this kind of ticket has no clock */
	RECOVERY_NOT_STARTED, /* no contact yet, or the reception has yet to open */
	RECOVERY_RUNNING,
	RECOVERY_OVERDUE,     /* 目安超過 and not recovered */
	RECOVERY_MET,         /* 目安以内 */
	RECOVERY_MISSED,      /* recovered after it */
	RECOVERY_OUT_OF_SCOPE, /* not caused by what was delivered: shown, not judged */
};

struct recovery {
	enum recovery_state state;
	int64_t start, due;   /* TIME_NONE while not known; due itself is still in time */
	int64_t remaining_s;  /* due - now, negative when over; TIME_NONE once recovered or without due */
	int64_t over_s;       /* past due, of the recovery or of now; 0 when in time */
	int64_t elapsed_s;    /* from start to the recovery or to now; 0 before the start */
	int64_t to_work_s;    /* from contact to the start of work (着手), TIME_NONE until both are known */
	bool provisional;     /* 目安(仮): severity or cause are not judged yet */
	bool judged;          /* the guideline applies: 重度, caused by what was delivered */
	bool deferred;        /* due is the one agreed as 後日対応 */
};

/* calendar: for the reception's closure. */
void recovery_judge(const struct recovery_facts *f, const struct calendar *calendar, int64_t now, struct recovery *out);
/* The facts of a ticket; deferral: the talk that its row names, NULL when none or cancelled. */
void recovery_facts_of(const struct ticket *t, const struct talk *deferral, const struct contract *c,
		       struct recovery_facts *out);
/* Both at once, with the start of work. */
void ticket_recovery(const struct ticket *t, const struct talk *deferral, const struct contract *c, int64_t now,
		     struct recovery *out);

/* "running": for --json. */
const char *recovery_state_name(enum recovery_state state);

/* Order of the queue: what binds (重度, 判定待ち, an agreed 後日対応) before the reminders of 通常 and 軽微, these before what no
 * longer runs; within each the nearest due first (none last), then severity, then the older contact. For qsort. */
int recovery_compare(const struct recovery *a, enum severity sa, const struct recovery *b, enum severity sb);

#endif
