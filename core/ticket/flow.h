/* 障害対応フロー: how a ticket moves through the stages that the contract gives its kind (S2.3(1)①, domain-rules §7).
 *
 * Pure: says whether a step is allowed, and what it stamps; data/store writes it. A stage may be skipped or gone back to, with a
 * reason. A fault that is reopened keeps the start of its clock, and loses recovery, confirmation and closing. */
#ifndef CORE_TICKET_FLOW_H
#define CORE_TICKET_FLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/contract/contract.h"

struct recovery;
struct ticket;
struct tick;

/* Index of a stage in its flow, -1 when the flow does not have it. */
int stage_index(const struct flow *f, const char *id);
/* The stage after id; the first for an unknown one; NULL after the last. */
const struct flow_stage *stage_next(const struct flow *f, const char *id);
/* The stage that closes, NULL when the flow has none. */
const struct flow_stage *stage_closing(const struct flow *f);
/* Where a reopened ticket goes on: the stage where work starts, else the first. */
const struct flow_stage *stage_reopen(const struct flow *f);

/* What entering a stage does to the stamps of a ticket. */
struct stage_step {
	bool needs_reason;                        /* it skips or goes back */
	bool back;
	bool starts, recovers, confirms, closes;  /* stamps set to the step's time, where empty */
	bool clears_recovered, clears_confirmed, clears_closed;
};
void stage_step(const struct ticket *t, const struct flow *f, const struct flow_stage *to, struct stage_step *out);

/* Whether ticket t may enter stage to. reason: "" when none is given.
 * HS_ERR_STATE it is there already; HS_ERR_OWED a reason, severity, cause, measure or recovery is missing. */
int ticket_may_enter(const struct ticket *t, const struct flow *f, const struct flow_stage *to, const char *reason,
		     struct err *err);
/* Whether it may be closed: 重度 needs cause and measure in writing; a kind with a clock needs its severity judged and
 * its recovery recorded. */
int ticket_may_close(const struct ticket *t, const struct flow *f, struct err *err);
/* Whether another ticket absorbed it: closed, with a parent, without having come to the closing stage. An open ticket with a
 * parent recurs from it. */
bool ticket_absorbed(const struct ticket *t, const struct flow *f);
/* Whether t may be absorbed by into. HS_ERR_STATE, HS_ERR_INVALID. */
int ticket_may_absorb(const struct ticket *t, const struct ticket *into, struct err *err);
/* Whether 後日対応 may be agreed: 軽微 alone (S2.3(1)②). HS_ERR_STATE. */
int ticket_may_defer(const struct ticket *t, const struct flow *f, struct err *err);

/* 次の対応: the one thing that this ticket needs next, most urgent first. */
enum next_action {
	NEXT_NOTHING, NEXT_TAKE, NEXT_SEVERITY, NEXT_CONSULT, NEXT_CAUSE, NEXT_ITEM, NEXT_RECOVER, NEXT_CONFIRM, NEXT_CAUSE_TEXT,
	NEXT_STAGE,
};
/* done: the ticks of this ticket; consulted: a talk with the client about a security incident is recorded (S2.3(1)④).
 * what (may be NULL) receives the sentence; japanese chooses among the contract's names. */
enum next_action ticket_next(const struct ticket *t, const struct flow *f, const struct tick *done, size_t done_count,
			     bool consulted, bool japanese, struct msg *what);

#endif
