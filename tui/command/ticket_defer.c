/* 後日対応 (S2.3(1)②): a minor fault may be dealt with later, as discussed with the system manager. The talk is the record; the ticket
 * names it. Withdrawing it appends a 取消 (domain-rules §6). */
#include <string.h>

#include "core/base/strbuf.h"
#include "core/ticket/talk.h"
#include "data/store/talk.h"
#include "tui/command/ticket.h"
#include "tui/widget/tr.h"

static const struct arg args_defer[] = {
	ARG_TICKETS,
	{ "until", ARG_TIME, ARG_REQUIRED, N_("until when") },
	{ "person", ARG_TEXT, ARG_REQUIRED, N_("who agreed") },
	{ "at", ARG_TIME, ARG_ASK, N_("when it was agreed"), .initial = "now" },
	{ "means", ARG_CHOICE, ARG_ASK, N_("by which means"), choices_means, "phone" },
	{ "body", ARG_CHOICE, ARG_ASK, N_("for whom"), choices_body },
	{ "act", ARG_CHOICE, 0, N_("kind of talk"), choices_act },
	{ "said", ARG_LONG_TEXT, ARG_ASK, N_("what was said") },
	{ "conditions", ARG_TEXT, ARG_ASK, N_("conditions") },
	ARG_END,
};

static void talk_of_run(struct run *run, struct talk *t)
{
	struct talk_rule rule;
	int64_t at;

	table_row_init(TABLE_talk, t);
	talk_rule(run->contract, ABOUT_DEFERRAL, &rule);
	run_moment(run, "at", &at, NULL);
	t->about = about_words[ABOUT_DEFERRAL].id;
	t->act = run_given(run, "act") ? run_text(run, "act") : act_words[rule.act].id;
	t->body = run_given(run, "body") ? run_text(run, "body") : rule.body;
	t->means = run_given(run, "means") ? run_text(run, "means") : "phone";
	t->result = result_words[RESULT_AGREED].id;
	t->person = run_text(run, "person");
	t->who = run->actor;
	t->said = run_text(run, "said");
	t->conditions = run_text(run, "conditions");
	t->at = at;
	t->new_due = run_number(run, "until");
}

static int judge_defer(struct run *run, struct picked *p, struct err *err)
{
	struct talk t;
	int64_t at;
	int rc = run_moment(run, "at", &at, err);

	if (rc == 0)
		rc = ticket_may_defer(p->row, p->flow, err);
	if (rc != 0)
		return rc;
	talk_of_run(run, &t);
	if (t.new_due <= t.at)
		return ERR(err, HS_ERR_INVALID, N_("--until lies before the agreement itself"));
	if (!talk_settles(&t, false))
		return ERR(err, HS_ERR_INVALID, N_("putting off needs a discussion or an agreement; a {1} settles nothing"), t.act);
	return talk_check(&t, run->now, err);
}

static void write_defer(struct run *run, struct tx *tx, const struct picked *p)
{
	struct talk t;
	char id[UUID_SIZE], number[24];

	talk_of_run(run, &t);
	t.subject = p->row->id;
	talk_put(tx, &t, id, number);
	tx_text(tx, TABLE_ticket, p->row->id, COLUMN(ticket, deferral), id);
}

/* An agreement after the guideline passed is a fact worth keeping, and moves nothing. */
static const char *more_defer(struct run *run, const struct picked *p)
{
	struct recovery r;
	struct talk t;
	struct strbuf sb = { 0 };

	talk_of_run(run, &t);
	ticket_recovery(p->row, &t, run->contract, run->now, &r);
	if (r.deferred || r.start == TIME_NONE)
		time_format(t.new_due, run->contract->offset_s, TIME_MINUTES, &sb);
	else
		strbuf_add_text(&sb, tr(N_("agreed after the guideline had passed: it stays as it was")));
	const char *kept = arena_text(&run->mem, strbuf_text(&sb));
	strbuf_release(&sb);
	return kept;
}

static int exec_defer(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_defer, write_defer, N_("ticket #{1} put off: {2}"), more_defer };

	return ticket_verb_run(run, &verb, err);
}

static void prefill_defer(struct run *run)
{
	struct talk_rule rule;

	if (run->contract == NULL)
		return;
	talk_rule(run->contract, ABOUT_DEFERRAL, &rule);
	run_prefill(run, "body", rule.body);
}

const struct command cmd_ticket_defer = {
	.name = "ticket defer", .summary = N_("put a minor fault off, as discussed with the system manager"),
	.args = args_defer, .flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_defer, .prefill = prefill_defer,
};

/* ---- ticket undefer ---- */

static const struct arg args_undefer[] = {
	ARG_TICKETS,
	{ "reason", ARG_TEXT, ARG_REQUIRED, N_("reason") },
	ARG_END,
};

static int judge_undefer(struct run *run, struct picked *p, struct err *err)
{
	(void)run;
	if (p->row->deferral[0] == '\0')
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is not put off"), p->row->number);
	if (p->row->closed_at != TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is closed already"), p->row->number);
	return 0;
}

static void write_undefer(struct run *run, struct tx *tx, const struct picked *p)
{
	struct rows rows;
	char number[24];

	tx_text(tx, TABLE_ticket, p->row->id, COLUMN(ticket, deferral), "");
	if (store_row(run->store, TABLE_talk, p->row->deferral, &rows, NULL) != 0)
		return;
	talk_put_cancel(tx, ROWS(talk, &rows), run_text(run, "reason"), number);
	rows_release(&rows);
}

static int exec_undefer(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_undefer, write_undefer, N_("ticket #{1} is put off no longer"), NULL };

	return ticket_verb_run(run, &verb, err);
}

const struct command cmd_ticket_undefer = {
	.name = "ticket undefer", .summary = N_("withdraw what was agreed about putting off"), .args = args_undefer,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_undefer,
};
