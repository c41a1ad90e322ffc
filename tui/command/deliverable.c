/* 提出物 (S3.1, domain-rules §10): what is due, what was submitted, and the meetings from which due days follow (S2.5). */
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/obligation.h"
#include "tui/command/client.h"
#include "tui/widget/tr.h"

static const struct table_column due_columns[] = {
	{ "kind", N_("deliverable"), CELL_TEXT, -1 }, { "about_day", N_("about"), CELL_DAY, -1 },
	{ "due_day", N_("due"), CELL_DAY, -1 },       { "state", N_("state"), CELL_TEXT, -1 },
	{ "done_at", N_("submitted"), CELL_TIME, -1 }, { "late", N_("late"), CELL_TEXT, -1 },
	{ "clause", N_("clause"), CELL_TEXT, -1 },
};

static const char *kind_word(const struct obligation *o)
{
	if (o->name != NULL)
		return tr_label(o->name);
	return strcmp(o->kind, OBLIGATION_MEETING) == 0 ? tr(N_("regular meeting")) : tr(N_("inventory check"));
}

static int deliverable_list(struct run *run, struct err *err)
{
	struct obligation_view v;
	struct table t;
	int rc = obligations_load(run->store, run->contract, run->now, &v, err);

	if (rc != 0)
		return rc;
	table_init(&t, "deliverables", due_columns, sizeof due_columns / sizeof *due_columns);
	for (size_t i = 0; i < v.due.list.len; i++) {
		const struct obligation *o = &v.due.list.v[i];
		const char *state = obligation_state_name(o->state);
		table_text(&t, shown(run, o->kind, kind_word(o)));
		table_number(&t, o->from_day);
		table_number(&t, o->due_day == DAY_NONE ? TIME_NONE : o->due_day);
		table_text(&t, shown(run, state, tr_in("obligation", obligation_state_label(o->state))));
		table_number(&t, o->done_at);
		table_text(&t, o->late ? shown(run, "yes", tr(N_("late"))) : shown(run, "no", ""));
		table_text(&t, o->clause);
	}
	output_table(run->out, &t);
	obligation_view_release(&v);
	return 0;
}

static const struct arg args_submit[] = {
	{ "kind", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, N_("deliverable of the contract") },
	{ "receiver", ARG_TEXT, ARG_REQUIRED, N_("who received") },
	{ "means", ARG_CHOICE, ARG_ASK, N_("by which means"), choices_means },
	{ "version", ARG_TEXT, ARG_ASK, N_("version") },
	{ "maker", ARG_STAFF, ARG_ASK, N_("who made it (default: you)") },
	{ "at", ARG_TIME, ARG_ASK, N_("when it was submitted"), .initial = "now" },
	{ "due", ARG_DAY, 0, N_("which one: its due day (default: the oldest open one)") },
	ARG_END,
};

/* The obligation that a submission answers: the one due that day, else the oldest that is open, else the newest. */
static const struct obligation *answered(const struct run *run, const struct obligations *due)
{
	const char *kind = run_text(run, "kind");
	const struct obligation *open = NULL, *last = NULL;

	for (size_t i = 0; i < due->list.len; i++) {
		const struct obligation *o = &due->list.v[i];
		bool named = strcmp(o->kind, kind) == 0 ||
			     (o->name != NULL && (strcmp(o->name->ja, kind) == 0 || strcmp(o->name->en, kind) == 0));
		if (!named || o->name == NULL)
			continue;
		if (run_given(run, "due") && o->due_day == run_number(run, "due"))
			return o;
		if (open == NULL && o->state != OBLIGATION_DONE)
			open = o;
		last = o;
	}
	if (run_given(run, "due"))
		return NULL;
	return open != NULL ? open : last;
}

static void submission_draft(const struct run *run, const struct obligation *o, int64_t at, struct deliverable *d)
{
	table_row_init(TABLE_deliverable, d);
	d->kind = o->kind;
	d->subject = o->subject;
	d->due_day = o->due_day;
	d->receiver = run_text(run, "receiver");
	d->means = run_text(run, "means");
	d->version = run_text(run, "version");
	d->maker = run_given(run, "maker") ? run_text(run, "maker") : run->actor;
	d->made_at = d->submitted_at = at;
}

static int deliverable_submit(struct run *run, struct err *err)
{
	struct obligation_view v;
	struct deliverable draft;
	char id[UUID_SIZE];
	struct tx tx;
	int64_t at;
	int rc = run_moment(run, "at", &at, err);

	if (rc == 0)
		rc = run_begin(run, &tx, err);
	if (rc != 0)
		return rc;
	rc = obligations_load(run->store, run->contract, run->now, &v, err);
	if (rc != 0) {
		tx_rollback(&tx);
		return rc;
	}
	const struct obligation *o = answered(run, &v.due);
	if (o == NULL) {
		tx_rollback(&tx);
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("nothing of '{1}' is due; see 'deliverable list'"), run_text(run, "kind"));
	} else {
		submission_draft(run, o, at, &draft);
		deliverable_put(&tx, &draft, id);
		rc = run_commit(run, &tx, err);
		if (rc == 0)
			SAY(run->out, day_of_time(at, run->contract->offset_s) > o->due_day ?
					      N_("{1} submitted, after it was due") : N_("{1} submitted"),
			    kind_word(o));
	}
	obligation_view_release(&v);
	return rc;
}

static const struct arg args_held[] = {
	{ "at", ARG_TIME, ARG_REQUIRED | ARG_POSITIONAL, N_("when it took place"), .initial = "now" },
	{ "title", ARG_TEXT, ARG_ASK, N_("title") },
	ARG_END,
};

/* A meeting that took place: minutes and the issue log are due from its day. */
static int meeting_held(struct run *run, struct err *err)
{
	struct obligation_view v;
	struct deliverable draft;
	char id[UUID_SIZE];
	struct tx tx;
	int64_t at;
	int rc = run_moment(run, "at", &at, err);

	if (rc == 0)
		rc = obligations_load(run->store, run->contract, run->now, &v, err);
	if (rc != 0)
		return rc;
	table_row_init(TABLE_deliverable, &draft);
	draft.kind = OBLIGATION_MEETING;
	draft.title = run_text(run, "title");
	draft.made_at = at;
	for (size_t i = 0; i < v.due.list.len; i++) {
		const struct obligation *o = &v.due.list.v[i];
		if (strcmp(o->kind, OBLIGATION_MEETING) == 0 && o->state != OBLIGATION_DONE)
			draft.due_day = o->due_day;
	}
	obligation_view_release(&v);
	rc = run_begin(run, &tx, err);
	if (rc != 0)
		return rc;
	deliverable_put(&tx, &draft, id);
	rc = run_commit(run, &tx, err);
	if (rc == 0)
		SAY(run->out, N_("meeting recorded"));
	return rc;
}

const struct command cmd_deliverable_list = { "deliverable list", N_("list what is due and what was submitted"), NULL, 0, 0,
					      deliverable_list };
const struct command cmd_deliverable_submit = { "deliverable submit", N_("record a submission"), args_submit, CMD_WRITES,
						TOPIC_OTHER, deliverable_submit };
const struct command cmd_meeting_held = { "meeting held", N_("record a meeting that took place"), args_held, CMD_WRITES,
					  TOPIC_OTHER, meeting_held };
