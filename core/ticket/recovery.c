/* See recovery.h. */
#include "core/ticket/recovery.h"

#include <string.h>

#include "core/base/civil.h"
#include "core/change/tables.h"
#include "core/contract/contract.h"

/* A contact while the reception is closed counts from its reopening, or from the acceptance if somebody took
 * the call before that. */
static int64_t contact_start(const struct recovery_facts *f, const struct calendar *calendar)
{
	int64_t reopens;

	if (f->contact_at == TIME_NONE || !reception_closed(calendar, f->contact_at, &reopens))
		return f->contact_at;
	if (f->accepted_at == TIME_NONE || (reopens != TIME_NONE && f->accepted_at > reopens))
		return reopens;
	return f->accepted_at > f->contact_at ? f->accepted_at : f->contact_at;
}

/* Self-detection is not moved by the closure, and the earlier start wins. */
static int64_t recovery_start(const struct recovery_facts *f, const struct calendar *calendar)
{
	int64_t start = contact_start(f, calendar);

	if (f->self_detected_counts && f->detected_at != TIME_NONE && (start == TIME_NONE || f->detected_at < start))
		return f->detected_at;
	return start;
}

/* 後日対応 replaces the 48 hours of a minor fault when it was agreed by the due second. */
static bool deferral_holds(const struct recovery_facts *f, int64_t due)
{
	return f->severity == SEVERITY_MINOR && f->deferral_agreed_at != TIME_NONE && f->deferral_due != TIME_NONE &&
	       f->deferral_agreed_at <= due;
}

static void judge_recovered(const struct recovery_facts *f, struct recovery *out)
{
	out->elapsed_s = f->recovered_at > out->start ? f->recovered_at - out->start : 0;
	out->over_s = f->recovered_at > out->due ? f->recovered_at - out->due : 0;
	out->state = out->over_s > 0 ? RECOVERY_MISSED : RECOVERY_MET;
}

static void judge_open(int64_t now, struct recovery *out)
{
	out->remaining_s = out->due - now;
	out->elapsed_s = now > out->start ? now - out->start : 0;
	out->over_s = now > out->due ? now - out->due : 0;
	out->state = now < out->start ? RECOVERY_NOT_STARTED : out->over_s > 0 ? RECOVERY_OVERDUE : RECOVERY_RUNNING;
}

void recovery_judge(const struct recovery_facts *f, const struct calendar *calendar, int64_t now, struct recovery *out)
{
	*out = (struct recovery){ .start = TIME_NONE, .due = TIME_NONE, .remaining_s = TIME_NONE, .to_work_s = TIME_NONE };
	if (!f->clock)
		return;
	out->judged = f->severity == SEVERITY_MAJOR && f->cause == CAUSE_DELIVERED;
	out->provisional = f->severity == SEVERITY_UNDECIDED || f->cause == CAUSE_UNDECIDED;
	out->state = RECOVERY_NOT_STARTED;
	out->start = recovery_start(f, calendar);
	if (out->start != TIME_NONE) {
		out->due = out->start + f->target_s;
		out->deferred = deferral_holds(f, out->due);
		if (out->deferred)
			out->due = f->deferral_due;
		if (f->recovered_at != TIME_NONE)
			judge_recovered(f, out);
		else
			judge_open(now, out);
	}
	if (f->cause == CAUSE_OTHER) {
		out->state = RECOVERY_OUT_OF_SCOPE;
		out->provisional = false;
	}
}

void recovery_facts_of(const struct ticket *t, const struct talk *deferral, const struct contract *c,
		       struct recovery_facts *out)
{
	const struct flow *flow = contract_flow(c, t->kind);

	*out = (struct recovery_facts){
		.severity = severity_of(t->severity),
		.cause = cause_of(t->cause),
		.detected_at = t->detected_at,
		.contact_at = t->contact_at,
		.accepted_at = t->accepted_at,
		.recovered_at = t->recovered_at,
		.deferral_agreed_at = deferral != NULL ? deferral->at : TIME_NONE,
		.deferral_due = deferral != NULL ? deferral->new_due : TIME_NONE,
		.target_s = c->recovery_target_s,
		.self_detected_counts = c->self_detected_counts,
		.clock = flow != NULL && flow->clock,
	};
}

void ticket_recovery(const struct ticket *t, const struct talk *deferral, const struct contract *c, int64_t now,
		     struct recovery *out)
{
	struct recovery_facts facts;
	struct calendar calendar;

	recovery_facts_of(t, deferral, c, &facts);
	calendar_of(c, &calendar);
	recovery_judge(&facts, &calendar, now, out);
	if (t->contact_at != TIME_NONE && t->started_at != TIME_NONE)
		out->to_work_s = t->started_at > t->contact_at ? t->started_at - t->contact_at : 0;
}

const char *recovery_state_name(enum recovery_state state)
{
	static const char *const names[] = {
		[RECOVERY_NONE] = "none",       [RECOVERY_NOT_STARTED] = "not-started",
		[RECOVERY_RUNNING] = "running", [RECOVERY_OVERDUE] = "overdue",
		[RECOVERY_MET] = "met",         [RECOVERY_MISSED] = "missed",
		[RECOVERY_OUT_OF_SCOPE] = "out-of-scope",
	};
	return names[state];
}

/* The moment a ticket presses: its due while it runs, none once recovered or out of scope. */
static int64_t pressing(const struct recovery *r)
{
	bool runs = r->state == RECOVERY_RUNNING || r->state == RECOVERY_OVERDUE || r->state == RECOVERY_NOT_STARTED;

	return runs && r->due != TIME_NONE ? r->due : INT64_MAX;
}

/* 0: a due that binds (重度, not judged yet, or agreed with the client); 1: the reminder of the others; 2: nothing runs. */
static int pressure(const struct recovery *r, enum severity severity)
{
	bool binds = severity == SEVERITY_MAJOR || severity == SEVERITY_UNDECIDED || r->deferred;
	bool runs = r->state == RECOVERY_RUNNING || r->state == RECOVERY_OVERDUE || r->state == RECOVERY_NOT_STARTED;

	return !runs ? 2 : !binds;
}

int recovery_compare(const struct recovery *a, enum severity sa, const struct recovery *b, enum severity sb)
{
	int64_t da = pressing(a), db = pressing(b);
	int pa = pressure(a, sa), pb = pressure(b, sb);

	if (pa != pb)
		return pa - pb;
	if (da != db)
		return da < db ? -1 : 1;
	if (sa != sb)
		return severity_rank(sa) - severity_rank(sb);
	return (a->start > b->start) - (a->start < b->start);
}
