/* What the verbs about tickets share, see ticket.h; and opening one: a call received, or something written down (S2.3(1)). */
#include "tui/command/ticket.h"

#include <string.h>

#include "core/base/strbuf.h"
#include "core/ticket/talk.h"
#include "data/store/note.h"
#include "tui/widget/tr.h"

int record_find(struct run *run, enum table_id table, const char *text, struct rows *out, struct err *err)
{
	int rc = uuid_valid(text) ? store_row(run->store, table, text, out, err) : store_find(run->store, table, text, out, err);

	if (rc == HS_ERR_NOT_FOUND)
		return ERR(err, rc, N_("there is no record '{1}'"), text);
	return rc;
}

int picks_load(struct run *run, struct picks *out, struct err *err)
{
	const char *text;
	int rc = 0;

	*out = (struct picks){ 0 };
	for (size_t i = 0; rc == 0 && (text = run_nth(run, "ticket", i)) != NULL; i++) {
		struct rows rows;
		rc = record_find(run, TABLE_ticket, text, &rows, err);
		if (rc != 0)
			break;
		struct picked *p = vec_add(&out->list);
		p->rows = rows;
		p->row = ROWS(ticket, &p->rows);
		p->flow = contract_flow(run->contract, p->row->kind);
		if (p->flow == NULL || p->flow->stage_count == 0)
			rc = ERR(err, HS_ERR_STATE, N_("ticket #{1}: the contract has no flow for kind '{2}'"), p->row->number,
				 p->row->kind);
	}
	if (rc != 0)
		picks_release(out);
	return rc;
}

void picks_release(struct picks *p)
{
	for (size_t i = 0; i < p->list.len; i++)
		rows_release(&p->list.v[i].rows);
	vec_release(&p->list);
}

static int write_all(struct run *run, const struct ticket_verb *verb, struct picks *picks, struct err *err)
{
	struct tx tx;
	int rc = run_begin(run, &tx, err);

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < picks->list.len; i++)
		verb->write(run, &tx, &picks->list.v[i]);
	rc = run_commit(run, &tx, err);
	for (size_t i = 0; rc == 0 && verb->said != NULL && i < picks->list.len; i++) {
		const struct picked *p = &picks->list.v[i];
		SAY(run->out, verb->said, p->row->number, verb->more != NULL ? verb->more(run, p) : "");
	}
	return rc;
}

int ticket_verb_run(struct run *run, const struct ticket_verb *verb, struct err *err)
{
	struct picks picks;
	int rc = picks_load(run, &picks, err);

	if (rc != 0)
		return rc;
	for (size_t i = 0; rc == 0 && verb->judge != NULL && i < picks.list.len; i++)
		rc = verb->judge(run, &picks.list.v[i], err);
	if (rc == 0)
		rc = write_all(run, verb, &picks, err);
	picks_release(&picks);
	return rc;
}

int run_moment(struct run *run, const char *name, int64_t *at, struct err *err)
{
	*at = run_given(run, name) ? run_number(run, name) : run->now;
	if (*at > run->now)
		return ERR(err, HS_ERR_INVALID, N_("--{1}: this lies in the future; what has not happened cannot be recorded"),
			   name);
	return 0;
}

void run_prefill(struct run *run, const char *name, const char *text)
{
	const struct arg *arg = command_arg(run->command, name);

	if (arg != NULL && text[0] != '\0' && !run_given(run, name))
		run_set(run, arg, text, NULL);
}

bool run_one_ticket(struct run *run, struct rows *rows)
{
	const char *text = run_nth(run, "ticket", 0);

	return text != NULL && run_nth(run, "ticket", 1) == NULL && record_find(run, TABLE_ticket, text, rows, NULL) == 0;
}

/* ---- ticket open ---- */

static const struct arg args_open[] = {
	{ "title", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, N_("what happened") },
	{ "kind", ARG_FLOW, ARG_ASK, N_("ticket kind"), .initial = "incident" },
	{ "site", ARG_SITE, ARG_ASK, N_("site") },
	{ "service", ARG_SERVICE, ARG_ASK, N_("service") },
	{ "host", ARG_HOST, 0, N_("host") },
	{ "contact", ARG_TIME, ARG_ASK, N_("time of the contact"), .initial = "now" },
	{ "caller", ARG_TEXT, ARG_ASK, N_("who called") },
	{ "means", ARG_CHOICE, ARG_ASK, N_("by which means"), choices_means, "phone" },
	{ "taken-by", ARG_STAFF, ARG_ASK, N_("who took the call") },
	{ "severity", ARG_CHOICE, ARG_ASK, N_("severity"), choices_severity, "undecided" },
	{ "cause", ARG_CHOICE, 0, N_("caused by"), choices_cause },
	{ "owner", ARG_STAFF, ARG_ASK, N_("who works on it") },
	{ "text", ARG_LONG_TEXT, ARG_ASK, N_("details (internal)") },
	{ "detected", ARG_TIME, 0, N_("time of detection") },
	{ "no-contact", ARG_FLAG, 0, N_("found by ourselves: nobody called yet") },
	{ "mode", ARG_CHOICE, 0, N_("on site or remote"), choices_mode },
	{ "work", ARG_NUMBER, 0, N_("kind of work of the contract (S1.3), 1 to 11") },
	ARG_END,
};

static int open_times(struct run *run, struct ticket *t, struct err *err)
{
	int rc = 0;

	if (!run_given(run, "no-contact"))
		rc = run_moment(run, "contact", &t->contact_at, err);
	else if (run_given(run, "contact") && strcmp(run_text(run, "contact"), "now") != 0)
		rc = ERR(err, HS_ERR_USAGE, N_("--contact and --no-contact exclude each other"));
	if (rc == 0 && run_given(run, "detected"))
		rc = run_moment(run, "detected", &t->detected_at, err);
	else if (rc == 0 && t->contact_at == TIME_NONE)
		t->detected_at = run->now;
	return rc;
}

/* Somebody who takes a call while the reception is closed has accepted it there and then. */
static void open_acceptance(struct run *run, struct ticket *t)
{
	struct calendar calendar;

	calendar_of(run->contract, &calendar);
	bool spoken = strcmp(t->means, "phone") == 0 || strcmp(t->means, "person") == 0 || strcmp(t->means, "web") == 0;
	if (t->contact_at != TIME_NONE && spoken && t->taken_by[0] != '\0' &&
	    reception_closed(&calendar, t->contact_at, NULL))
		t->accepted_at = t->contact_at;
}

static int open_draft(struct run *run, struct ticket *t, struct err *err)
{
	int64_t work = run_number(run, "work");

	table_row_init(TABLE_ticket, t);
	t->kind = run_given(run, "kind") ? run_text(run, "kind") : "incident";
	t->title = run_text(run, "title");
	t->site = run_text(run, "site");
	t->service = run_text(run, "service");
	t->host = run_text(run, "host");
	t->severity = run_text(run, "severity");
	t->cause = run_text(run, "cause");
	t->mode = run_text(run, "mode");
	t->owner = run_text(run, "owner");
	t->caller = run_text(run, "caller");
	if (run_given(run, "work")) {
		if (work < 1 || work > 11)
			return ERR(err, HS_ERR_INVALID, N_("--work: S1.3 of the contract knows kinds 1 to 11"));
		t->work = run_text(run, "work");
	}
	int rc = open_times(run, t, err);
	if (rc == 0 && t->contact_at != TIME_NONE) {
		t->means = run_given(run, "means") ? run_text(run, "means") : "phone";
		t->taken_by = run_given(run, "taken-by") ? run_text(run, "taken-by") : run->actor;
		open_acceptance(run, t);
	}
	return rc;
}

static void say_opened(struct run *run, const struct ticket *t, const char *number)
{
	struct recovery r;
	struct strbuf due = { 0 };

	ticket_recovery(t, NULL, run->contract, run->now, &r);
	time_format(r.due, run->contract->offset_s, TIME_SHORT, &due);
	if (r.due != TIME_NONE && r.state != RECOVERY_OUT_OF_SCOPE)
		SAY(run->out, N_("ticket #{1} opened; recovery guideline {2}"), number, strbuf_text(&due));
	else
		SAY(run->out, N_("ticket #{1} opened"), number);
	strbuf_release(&due);
}

static int exec_open(struct run *run, struct err *err)
{
	struct ticket t;
	struct tx tx;
	char id[UUID_SIZE], number[24], note[UUID_SIZE];
	int rc = open_draft(run, &t, err);

	if (rc == 0)
		rc = run_begin(run, &tx, err);
	if (rc != 0)
		return rc;
	ticket_put(&tx, run->contract, &t, id, number);
	if (run_given(run, "text"))
		note_put(&tx, id, run_text(run, "text"), false, run->now, note);
	rc = run_commit(run, &tx, err);
	if (rc == 0)
		say_opened(run, &t, number);
	return rc;
}

static void prefill_open(struct run *run)
{
	run_prefill(run, "taken-by", run->actor);
}

const struct command cmd_ticket_open = {
	.name = "ticket open",
	.summary = N_("note a call received, or open a ticket"),
	.args = args_open,
	.flags = CMD_WRITES,
	.topics = TOPIC_TICKETS,
	.exec = exec_open,
	.prefill = prefill_open,
};

/* ---- the words as choices ---- */

#define WORD(id, label) { id, label },

const struct choice choices_severity[] = {
#define WORDS_SEVERITY
#include "core/ticket/words.def"
#undef WORDS_SEVERITY
	{ 0 },
};

const struct choice choices_cause[] = {
#define WORDS_CAUSE
#include "core/ticket/words.def"
#undef WORDS_CAUSE
	{ 0 },
};

const struct choice choices_warranty[] = {
#define WORDS_WARRANTY
#include "core/ticket/words.def"
#undef WORDS_WARRANTY
	{ 0 },
};

const struct choice choices_fee[] = {
#define WORDS_FEE
#include "core/ticket/words.def"
#undef WORDS_FEE
	{ 0 },
};

const struct choice choices_mode[] = {
#define WORDS_MODE
#include "core/ticket/words.def"
#undef WORDS_MODE
	{ 0 },
};

const struct choice choices_means[] = {
#define WORDS_MEANS
#include "core/ticket/words.def"
#undef WORDS_MEANS
	{ 0 },
};

const struct choice choices_act[] = {
#define WORDS_ACT
#include "core/ticket/words.def"
#undef WORDS_ACT
	{ 0 },
};

const struct choice choices_result[] = {
#define WORDS_RESULT
#include "core/ticket/words.def"
#undef WORDS_RESULT
	{ 0 },
};

const struct choice choices_about[] = {
#define WORDS_ABOUT
#include "core/ticket/words.def"
#undef WORDS_ABOUT
	{ 0 },
};

const struct choice choices_body[] = {
#define WORDS_BODY
#include "core/ticket/words.def"
#undef WORDS_BODY
	{ 0 },
};
