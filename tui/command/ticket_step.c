/* Verbs that move a ticket: take, stage, jump, stamps, close, reopen, and 後日対応 (S2.3(1)①②). The rules are core/ticket's. */
#include <string.h>

#include "core/base/strbuf.h"
#include "core/ticket/talk.h"
#include "data/store/note.h"
#include "data/store/talk.h"
#include "tui/command/ticket.h"
#include "tui/widget/tr.h"

static void put_text(struct tx *tx, const struct ticket *t, const char *column, const char *text)
{
	if (text[0] != '\0')
		tx_text(tx, TABLE_ticket, t->id, column, text);
}

static int judge_open(struct run *run, struct picked *p, struct err *err)
{
	(void)run;
	if (p->row->closed_at != TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is closed already"), p->row->number);
	return 0;
}

/* ---- ticket take ---- */

static const struct arg args_take[] = {
	ARG_TICKETS,
	{ "owner", ARG_STAFF, 0, N_("who works on it") },
	ARG_END,
};

static const char *taker(struct run *run)
{
	return run_given(run, "owner") ? run_text(run, "owner") : run->actor;
}

static int judge_take(struct run *run, struct picked *p, struct err *err)
{
	if (strcmp(p->row->owner, taker(run)) == 0)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is taken by {2} already"), p->row->number, taker(run));
	return judge_open(run, p, err);
}

/* Taking a contact that came while the reception is closed accepts it: the clock starts (domain-rules §5). */
static void write_take(struct run *run, struct tx *tx, const struct picked *p)
{
	tx_text(tx, TABLE_ticket, p->row->id, COLUMN(ticket, owner), taker(run));
	if (p->row->contact_at != TIME_NONE && p->row->accepted_at == TIME_NONE)
		tx_int(tx, TABLE_ticket, p->row->id, COLUMN(ticket, accepted_at), run->now);
}

static const char *more_taker(struct run *run, const struct picked *p)
{
	(void)p;
	return taker(run);
}

static int exec_take(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_take, write_take, N_("ticket #{1} taken by {2}"), more_taker };

	return ticket_verb_run(run, &verb, err);
}

const struct command cmd_ticket_take = {
	.name = "ticket take", .summary = N_("take a ticket: work on it oneself"), .args = args_take,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_take,
};

/* ---- ticket stage, ticket jump ---- */

static const struct arg args_stage[] = {
	ARG_TICKETS,
	{ "to", ARG_STAGE, ARG_ASK, N_("stage; the next one when not given") },
	{ "reason", ARG_TEXT, ARG_ASK, N_("reason, when stages are skipped or gone back to") },
	{ "at", ARG_TIME, ARG_ASK, N_("when it happened"), .initial = "now" },
	ARG_END,
};

static const struct arg args_jump[] = {
	ARG_TICKETS,
	{ "to", ARG_STAGE, ARG_REQUIRED, N_("stage") },
	{ "reason", ARG_TEXT, ARG_REQUIRED, N_("reason") },
	{ "at", ARG_TIME, ARG_ASK, N_("when it happened"), .initial = "now" },
	ARG_END,
};

/* The stages that a kind has, for the sentence that refuses another. */
static int no_stage(const struct picked *p, const char *wanted, struct err *err)
{
	struct strbuf known = { 0 };

	for (size_t i = 0; i < p->flow->stage_count; i++)
		strbuf_addf(&known, "%s%s", i > 0 ? ", " : "", p->flow->stages[i].id);
	ERR(err, HS_ERR_INVALID, N_("ticket #{1} has no stage '{2}'; its stages are {3}"), p->row->number, wanted,
	    strbuf_text(&known));
	strbuf_release(&known);
	return HS_ERR_INVALID;
}

static int judge_stage(struct run *run, struct picked *p, struct err *err)
{
	int64_t at;
	int rc = run_moment(run, "at", &at, err);

	if (rc != 0)
		return rc;
	p->stage = run_given(run, "to") ? flow_stage(p->flow, run_text(run, "to")) : stage_next(p->flow, p->row->stage);
	if (p->stage == NULL)
		return run_given(run, "to") ? no_stage(p, run_text(run, "to"), err)
					    : ERR(err, HS_ERR_STATE, N_("ticket #{1} is at its last stage"), p->row->number);
	if (ticket_absorbed(p->row, p->flow))
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} was absorbed by another; reopen it first"), p->row->number);
	return ticket_may_enter(p->row, p->flow, p->stage, run_text(run, "reason"), err);
}

static void write_stage(struct run *run, struct tx *tx, const struct picked *p)
{
	int64_t at;

	run_moment(run, "at", &at, NULL);
	ticket_enter(tx, run->contract, p->row, p->stage, at, run_text(run, "reason"));
}

static const char *more_stage(struct run *run, const struct picked *p)
{
	(void)run;
	return tr_label(&p->stage->name);
}

static int exec_stage(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_stage, write_stage, N_("ticket #{1}: {2}"), more_stage };

	return ticket_verb_run(run, &verb, err);
}

const struct command cmd_ticket_stage = {
	.name = "ticket stage", .summary = N_("go to the next stage, or to a named one"), .args = args_stage,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_stage,
};

const struct command cmd_ticket_jump = {
	.name = "ticket jump", .summary = N_("skip stages or go back, with a reason"), .args = args_jump,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_stage,
};

/* ---- stamps: start, recover, confirm ---- */

static const struct arg args_stamp[] = {
	ARG_TICKETS,
	{ "at", ARG_TIME, ARG_REQUIRED, N_("when it happened"), .initial = "now" },
	{ "text", ARG_LONG_TEXT, ARG_ASK, N_("a note with it (internal)") },
	{ "permanent", ARG_FLAG, 0, N_("the permanent repair is done too") },
	ARG_END,
};

static int judge_stamp(struct run *run, struct picked *p, struct err *err)
{
	int64_t at;
	int rc = run_moment(run, "at", &at, err);

	return rc != 0 ? rc : judge_open(run, p, err);
}

static void write_stamp(struct run *run, struct tx *tx, const struct picked *p, const char *column)
{
	char note[UUID_SIZE];
	int64_t at = run_number(run, "at");

	tx_int(tx, TABLE_ticket, p->row->id, column, at);
	if (run_given(run, "permanent"))
		tx_int(tx, TABLE_ticket, p->row->id, COLUMN(ticket, permanent_at), at);
	if (run_given(run, "text"))
		note_put(tx, p->row->id, run_text(run, "text"), false, at, note);
}

static void write_start(struct run *run, struct tx *tx, const struct picked *p)
{
	write_stamp(run, tx, p, COLUMN(ticket, started_at));
}

static void write_recover(struct run *run, struct tx *tx, const struct picked *p)
{
	write_stamp(run, tx, p, COLUMN(ticket, recovered_at));
}

static void write_confirm(struct run *run, struct tx *tx, const struct picked *p)
{
	write_stamp(run, tx, p, COLUMN(ticket, confirmed_at));
}

static const char *more_at(struct run *run, const struct picked *p)
{
	struct strbuf sb = { 0 };

	(void)p;
	time_format(run_number(run, "at"), run->contract->offset_s, TIME_MINUTES, &sb);
	const char *kept = arena_text(&run->mem, strbuf_text(&sb));
	strbuf_release(&sb);
	return kept;
}

static int exec_start(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_stamp, write_start, N_("ticket #{1}: work started {2}"), more_at };

	return ticket_verb_run(run, &verb, err);
}

static int exec_recover(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_stamp, write_recover, N_("ticket #{1}: recovered {2}"), more_at };

	return ticket_verb_run(run, &verb, err);
}

static int exec_confirm(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_stamp, write_confirm, N_("ticket #{1}: confirmed by the city {2}"),
						 more_at };

	return ticket_verb_run(run, &verb, err);
}

const struct command cmd_ticket_start = {
	.name = "ticket start", .summary = N_("record when work on it started"), .args = args_stamp,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_start,
};

const struct command cmd_ticket_recover = {
	.name = "ticket recover", .summary = N_("record when the service was usable again"), .args = args_stamp,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_recover,
};

const struct command cmd_ticket_confirm = {
	.name = "ticket confirm", .summary = N_("record when the city confirmed the recovery"), .args = args_stamp,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_confirm,
};

/* ---- ticket close, ticket reopen ---- */

static const struct arg args_close[] = {
	ARG_TICKETS,
	{ "reason", ARG_TEXT, ARG_REQUIRED, N_("how it ended") },
	{ "cause", ARG_LONG_TEXT, ARG_ASK, N_("cause (severe faults need it)") },
	{ "measure", ARG_LONG_TEXT, ARG_ASK, N_("measure (severe faults need it)") },
	{ "recovered", ARG_TIME, ARG_ASK, N_("when the service was usable again") },
	{ "at", ARG_TIME, 0, N_("when it happened") },
	ARG_END,
};

static int judge_close(struct run *run, struct picked *p, struct err *err)
{
	struct ticket after = *p->row;
	int64_t at, recovered;
	int rc = run_moment(run, "at", &at, err);

	if (rc == 0)
		rc = run_moment(run, "recovered", &recovered, err);
	if (rc != 0)
		return rc;
	p->stage = stage_closing(p->flow);
	if (p->stage == NULL)
		return ERR(err, HS_ERR_STATE, N_("the contract gives kind '{1}' no stage that closes"), p->row->kind);
	if (run_given(run, "cause"))
		after.cause_text = run_text(run, "cause");
	if (run_given(run, "measure"))
		after.measure_text = run_text(run, "measure");
	if (run_given(run, "recovered"))
		after.recovered_at = recovered;
	return ticket_may_enter(&after, p->flow, p->stage, run_text(run, "reason"), err);
}

static void write_close(struct run *run, struct tx *tx, const struct picked *p)
{
	int64_t at;

	run_moment(run, "at", &at, NULL);
	put_text(tx, p->row, COLUMN(ticket, cause_text), run_text(run, "cause"));
	put_text(tx, p->row, COLUMN(ticket, measure_text), run_text(run, "measure"));
	if (run_given(run, "recovered"))
		tx_int(tx, TABLE_ticket, p->row->id, COLUMN(ticket, recovered_at), run_number(run, "recovered"));
	ticket_enter(tx, run->contract, p->row, p->stage, at, run_text(run, "reason"));
}

static int exec_close(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_close, write_close, N_("ticket #{1} closed"), NULL };

	return ticket_verb_run(run, &verb, err);
}

static void prefill_close(struct run *run)
{
	struct rows rows;

	if (!run_one_ticket(run, &rows))
		return;
	run_prefill(run, "cause", ROWS(ticket, &rows)->cause_text);
	run_prefill(run, "measure", ROWS(ticket, &rows)->measure_text);
	rows_release(&rows);
}

const struct command cmd_ticket_close = {
	.name = "ticket close", .summary = N_("close a ticket"), .args = args_close,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_close, .prefill = prefill_close,
};

static const struct arg args_reopen[] = {
	ARG_TICKETS,
	{ "reason", ARG_TEXT, ARG_REQUIRED, N_("reason") },
	{ "to", ARG_STAGE, ARG_ASK, N_("stage it goes on from") },
	ARG_END,
};

static int judge_reopen(struct run *run, struct picked *p, struct err *err)
{
	if (p->row->closed_at == TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is not closed"), p->row->number);
	p->stage = run_given(run, "to") ? flow_stage(p->flow, run_text(run, "to"))
		   : ticket_absorbed(p->row, p->flow) ? flow_stage(p->flow, p->row->stage) : stage_reopen(p->flow);
	if (p->stage == NULL)
		return no_stage(p, run_given(run, "to") ? run_text(run, "to") : p->row->stage, err);
	if (p->stage->closes)
		return ERR(err, HS_ERR_INVALID, N_("ticket #{1} cannot be reopened into the stage that closes it"),
			   p->row->number);
	return 0;
}

static void write_reopen(struct run *run, struct tx *tx, const struct picked *p)
{
	if (ticket_absorbed(p->row, p->flow))
		tx_text(tx, TABLE_ticket, p->row->id, COLUMN(ticket, parent), "");
	ticket_enter(tx, run->contract, p->row, p->stage, run->now, run_text(run, "reason"));
}

static int exec_reopen(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_reopen, write_reopen, N_("ticket #{1} reopened: {2}"), more_stage };

	return ticket_verb_run(run, &verb, err);
}

const struct command cmd_ticket_reopen = {
	.name = "ticket reopen", .summary = N_("reopen a closed ticket; its clock keeps its start"), .args = args_reopen,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_reopen,
};
