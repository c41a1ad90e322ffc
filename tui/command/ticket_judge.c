/* Verbs that set what a person judges of a ticket: severity, cause, warranty (S4.3), fee (S2.3(3)①), mode (S2.2(2)), owner;
 * cause and measure in writing; check-list items; links between tickets. */
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/note.h"
#include "tui/command/ticket.h"
#include "tui/widget/tr.h"

/* ---- one column of many tickets ---- */

static const char *label_of(const struct choice *words, const char *id)
{
	for (const struct choice *c = words; c != NULL && c->id != NULL; c++)
		if (strcmp(c->id, id) == 0)
			return tr(c->label);
	return id;
}

static int set_column(struct run *run, const char *column, const struct choice *words, const char *said, struct err *err)
{
	struct picks picks;
	struct tx tx;
	const char *to = run_text(run, "to");
	int rc = picks_load(run, &picks, err);

	if (rc != 0)
		return rc;
	rc = run_begin(run, &tx, err);
	if (rc == 0) {
		for (size_t i = 0; i < picks.list.len; i++)
			tx_text(&tx, TABLE_ticket, picks.list.v[i].row->id, column, to);
		rc = run_commit(run, &tx, err);
	}
	for (size_t i = 0; rc == 0 && i < picks.list.len; i++)
		SAY(run->out, said, picks.list.v[i].row->number, label_of(words, to));
	picks_release(&picks);
	return rc;
}

/* The form begins with what the ticket holds. */
static void prefill_column(struct run *run, const char *column)
{
	const struct column *c = table_column(TABLE_ticket, column);
	struct rows rows;

	if (c == NULL || !run_one_ticket(run, &rows))
		return;
	run_prefill(run, "to", *(const char *const *)(const void *)((const char *)rows.v + c->offset));
	rows_release(&rows);
}

#define JUDGEMENT(verb, column, kind_, help_, words, said, summary_) \
	static const struct arg args_##verb[] = { \
		ARG_TICKETS, \
		{ "to", kind_, ARG_REQUIRED, help_, words }, \
		ARG_END, \
	}; \
	static int exec_##verb(struct run *run, struct err *err) \
	{ \
		return set_column(run, COLUMN(ticket, column), words, said, err); \
	} \
	static void prefill_##verb(struct run *run) \
	{ \
		prefill_column(run, COLUMN(ticket, column)); \
	} \
	const struct command cmd_ticket_##verb = { \
		.name = "ticket " #verb, .summary = summary_, .args = args_##verb, .flags = CMD_WRITES, \
		.topics = TOPIC_TICKETS, .exec = exec_##verb, .prefill = prefill_##verb, \
	}

JUDGEMENT(severity, severity, ARG_CHOICE, N_("severity"), choices_severity, N_("ticket #{1}: severity {2}"),
	  N_("judge the severity of a fault"));
JUDGEMENT(cause, cause, ARG_CHOICE, N_("caused by"), choices_cause, N_("ticket #{1}: caused by {2}"),
	  N_("judge whether what was delivered caused it"));
JUDGEMENT(warranty, warranty, ARG_CHOICE, N_("warranty"), choices_warranty, N_("ticket #{1}: {2}"),
	  N_("judge whether the warranty covers it (S4.3)"));
JUDGEMENT(fee, fee, ARG_CHOICE, N_("maintenance fee"), choices_fee, N_("ticket #{1}: {2}"),
	  N_("judge whether the maintenance fee covers it (S2.3(3))"));
JUDGEMENT(mode, mode, ARG_CHOICE, N_("on site or remote"), choices_mode, N_("ticket #{1}: {2}"),
	  N_("say whether the work is done on site or remotely"));
JUDGEMENT(owner, owner, ARG_STAFF, N_("who works on it"), NULL, N_("ticket #{1}: {2} works on it"),
	  N_("hand a ticket to somebody"));

/* ---- ticket report: cause and measure in writing ---- */

static const struct arg args_report[] = {
	ARG_TICKETS,
	{ "cause", ARG_LONG_TEXT, ARG_REQUIRED, N_("cause") },
	{ "measure", ARG_LONG_TEXT, ARG_REQUIRED, N_("measure") },
	ARG_END,
};

static void write_report(struct run *run, struct tx *tx, const struct picked *p)
{
	tx_text(tx, TABLE_ticket, p->row->id, COLUMN(ticket, cause_text), run_text(run, "cause"));
	tx_text(tx, TABLE_ticket, p->row->id, COLUMN(ticket, measure_text), run_text(run, "measure"));
}

static int exec_report(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { NULL, write_report, N_("ticket #{1}: cause and measure written"), NULL };

	return ticket_verb_run(run, &verb, err);
}

static void prefill_report(struct run *run)
{
	struct rows rows;

	if (!run_one_ticket(run, &rows))
		return;
	run_prefill(run, "cause", ROWS(ticket, &rows)->cause_text);
	run_prefill(run, "measure", ROWS(ticket, &rows)->measure_text);
	rows_release(&rows);
}

const struct command cmd_ticket_report = {
	.name = "ticket report", .summary = N_("write the cause and the measure"), .args = args_report,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_report, .prefill = prefill_report,
};

/* ---- ticket tick ---- */

static const struct arg args_tick[] = {
	ARG_TICKETS,
	{ "item", ARG_TEXT, ARG_REQUIRED, N_("item of the check list, or STAGE/ITEM") },
	{ "undo", ARG_FLAG, 0, N_("take the tick back") },
	{ "toggle", ARG_FLAG, 0, N_("take the tick back when it is done already") },
	{ "at", ARG_TIME, 0, N_("when it happened") },
	ARG_END,
};

static const struct flow_item *item_of(const struct flow_stage *s, const char *id)
{
	for (size_t i = 0; i < s->item_count; i++)
		if (strcmp(s->items[i].id, id) == 0 || strcmp(s->items[i].name.ja, id) == 0 ||
		    strcmp(s->items[i].name.en, id) == 0)
			return &s->items[i];
	return NULL;
}

/* "STAGE/ITEM", or an item of the stage the ticket is at, or else of the one stage that has it. */
static const struct flow_item *find_item(const struct picked *p, const char *text, const struct flow_stage **stage)
{
	const char *slash = strchr(text, '/');
	const struct flow_item *found = NULL;
	int at = stage_index(p->flow, p->row->stage), count = 0;

	for (size_t i = 0; i < p->flow->stage_count; i++) {
		const struct flow_stage *s = &p->flow->stages[i];
		bool named = slash != NULL && strlen(s->id) == (size_t)(slash - text) && strncmp(s->id, text, strlen(s->id)) == 0;
		const struct flow_item *item = item_of(s, named ? slash + 1 : text);
		if (item == NULL)
			continue;
		*stage = s;
		found = item;
		if (named || (int)i == at)
			return item;
		count++;
	}
	return count == 1 ? found : NULL;
}

static int judge_tick(struct run *run, struct picked *p, struct err *err)
{
	int64_t at;
	const struct flow_item *item = find_item(p, run_text(run, "item"), &p->stage);
	struct strbuf known = { 0 };
	int index = stage_index(p->flow, p->row->stage);

	if (item != NULL)
		return run_moment(run, "at", &at, err);
	for (size_t i = 0; index >= 0 && i < p->flow->stages[index].item_count; i++)
		strbuf_addf(&known, "%s%s", i > 0 ? ", " : "", p->flow->stages[index].items[i].id);
	ERR(err, HS_ERR_INVALID, N_("ticket #{1} has no item '{2}'; its stage has {3}"), p->row->number, run_text(run, "item"),
	    known.len > 0 ? strbuf_text(&known) : "--");
	strbuf_release(&known);
	return HS_ERR_INVALID;
}

/* Whether the tick is to hold afterwards. */
static bool tick_wanted(struct run *run, const struct picked *p, const char *stage, const char *item)
{
	struct rows ticks;

	if (!run_given(run, "toggle") || ticks_load(run->store, p->row->id, &ticks, NULL) != 0)
		return !run_given(run, "undo");
	bool done = tick_done(ROWS(tick, &ticks), ticks.len, stage, item);
	rows_release(&ticks);
	return !done;
}

static void write_tick(struct run *run, struct tx *tx, const struct picked *p)
{
	const struct flow_stage *stage = NULL;
	const struct flow_item *item = find_item(p, run_text(run, "item"), &stage);
	int64_t at;

	run_moment(run, "at", &at, NULL);
	tick_put(tx, p->row->id, stage->id, item->id, tick_wanted(run, p, stage->id, item->id), at);
}

static const char *more_item(struct run *run, const struct picked *p)
{
	const struct flow_stage *stage = NULL;

	return tr_label(&find_item(p, run_text(run, "item"), &stage)->name);
}

static int exec_tick(struct run *run, struct err *err)
{
	static const struct ticket_verb done = { judge_tick, write_tick, N_("ticket #{1}: done: {2}"), more_item };
	static const struct ticket_verb undone = { judge_tick, write_tick, N_("ticket #{1}: not done: {2}"), more_item };
	static const struct ticket_verb toggled = { judge_tick, write_tick, N_("ticket #{1}: changed: {2}"), more_item };

	return ticket_verb_run(run, run_given(run, "toggle") ? &toggled : run_given(run, "undo") ? &undone : &done, err);
}

/* The first item of the stage that is not done. */
static void prefill_tick(struct run *run)
{
	struct rows rows, ticks;

	if (!run_one_ticket(run, &rows))
		return;
	const struct ticket *t = ROWS(ticket, &rows);
	const struct flow *flow = contract_flow(run->contract, t->kind);
	const struct flow_stage *s = flow != NULL ? flow_stage(flow, t->stage) : NULL;
	if (s != NULL && ticks_load(run->store, t->id, &ticks, NULL) == 0) {
		for (size_t i = 0; i < s->item_count && !run_given(run, "item"); i++)
			if (!tick_done(ROWS(tick, &ticks), ticks.len, s->id, s->items[i].id))
				run_prefill(run, "item", s->items[i].id);
		rows_release(&ticks);
	}
	rows_release(&rows);
}

const struct command cmd_ticket_tick = {
	.name = "ticket tick", .summary = N_("tick an item of the check list"), .args = args_tick,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_tick, .prefill = prefill_tick,
};

/* ---- ticket absorb, ticket link ---- */

static const struct arg args_absorb[] = {
	ARG_TICKETS,
	{ "into", ARG_TICKET, ARG_REQUIRED, N_("the ticket that takes them in") },
	{ "reason", ARG_TEXT, ARG_ASK, N_("reason") },
	ARG_END,
};

static const struct arg args_link[] = {
	ARG_TICKETS,
	{ "to", ARG_TICKET, ARG_REQUIRED, N_("the earlier ticket it recurs from") },
	ARG_END,
};

/* The other ticket of a run; the caller releases rows. */
static int other_ticket(struct run *run, const char *name, struct rows *rows, struct err *err)
{
	return record_find(run, TABLE_ticket, run_text(run, name), rows, err);
}

static int judge_absorb(struct run *run, struct picked *p, struct err *err)
{
	struct rows into;
	int rc = other_ticket(run, "into", &into, err);

	if (rc != 0)
		return rc;
	rc = ticket_may_absorb(p->row, ROWS(ticket, &into), err);
	rows_release(&into);
	return rc;
}

/* Closed short of the closing stage, with the other as parent; its check belongs to the other now. */
static void write_absorb(struct run *run, struct tx *tx, const struct picked *p)
{
	struct rows into;
	struct strbuf text = { 0 };
	char note[UUID_SIZE];

	if (other_ticket(run, "into", &into, NULL) != 0)
		return;
	const struct ticket *t = ROWS(ticket, &into);
	strbuf_addf(&text, "-> #%s%s%s", t->number, run_given(run, "reason") ? ": " : "", run_text(run, "reason"));
	tx_text(tx, TABLE_ticket, p->row->id, COLUMN(ticket, parent), t->id);
	tx_int(tx, TABLE_ticket, p->row->id, COLUMN(ticket, closed_at), run->now);
	note_put(tx, p->row->id, strbuf_text(&text), false, run->now, note);
	if (p->row->check_id[0] != '\0')
		ticket_join(tx, t->id, p->row->check_id, p->row->detected_at != TIME_NONE ? p->row->detected_at : run->now);
	strbuf_release(&text);
	rows_release(&into);
}

static int exec_absorb(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_absorb, write_absorb, N_("ticket #{1} absorbed"), NULL };

	return ticket_verb_run(run, &verb, err);
}

const struct command cmd_ticket_absorb = {
	.name = "ticket absorb", .summary = N_("let another ticket take in tickets of the same fault"), .args = args_absorb,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_absorb,
};

static int judge_link(struct run *run, struct picked *p, struct err *err)
{
	struct rows to;
	int rc = other_ticket(run, "to", &to, err);

	if (rc != 0)
		return rc;
	if (strcmp(ROWS(ticket, &to)->id, p->row->id) == 0)
		rc = ERR(err, HS_ERR_INVALID, N_("ticket #{1} cannot recur from itself"), p->row->number);
	else if (ticket_absorbed(p->row, p->flow))
		rc = ERR(err, HS_ERR_STATE, N_("ticket #{1} was absorbed by another; reopen it first"), p->row->number);
	rows_release(&to);
	return rc;
}

static void write_link(struct run *run, struct tx *tx, const struct picked *p)
{
	struct rows to;

	if (other_ticket(run, "to", &to, NULL) != 0)
		return;
	tx_text(tx, TABLE_ticket, p->row->id, COLUMN(ticket, parent), ROWS(ticket, &to)->id);
	rows_release(&to);
}

static int exec_link(struct run *run, struct err *err)
{
	static const struct ticket_verb verb = { judge_link, write_link, N_("ticket #{1} linked to the earlier one"), NULL };

	return ticket_verb_run(run, &verb, err);
}

const struct command cmd_ticket_link = {
	.name = "ticket link", .summary = N_("say that a fault recurs from an earlier ticket"), .args = args_link,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_link,
};
