/* ticket list, for people and for machines. */
#include <string.h>

#include "core/base/strbuf.h"
#include "tui/command/ticket.h"
#include "tui/widget/tr.h"

static const struct arg args_list[] = {
	{ "site", ARG_SITE, 0, N_("site") },
	{ "kind", ARG_FLOW, 0, N_("ticket kind") },
	{ "severity", ARG_CHOICE, 0, N_("severity"), choices_severity },
	{ "owner", ARG_STAFF, 0, N_("who works on it") },
	{ "mine", ARG_FLAG, 0, N_("only those I work on") },
	{ "open", ARG_FLAG, 0, N_("only open ones (as without it)") },
	{ "closed", ARG_FLAG, 0, N_("only closed ones") },
	{ "all", ARG_FLAG, 0, N_("open and closed ones") },
	{ "due-within", ARG_TEXT, 0, N_("recovery guideline within: 5h, 2d, 90m") },
	{ "limit", ARG_NUMBER, 0, N_("at most so many") },
	ARG_END,
};

/* "5h", "+2d": a span from now on. */
static int due_within(struct run *run, int64_t *before, struct err *err)
{
	const char *text = run_text(run, "due-within");
	struct strbuf sb = { 0 };
	int64_t t;

	*before = TIME_NONE;
	if (*text == '\0')
		return 0;
	strbuf_addf(&sb, "+%s", text + (*text == '+'));
	bool ok = time_parse(strbuf_text(&sb), run->now, run->contract->offset_s, &t) && t >= run->now;
	strbuf_release(&sb);
	if (!ok)
		return ERR(err, HS_ERR_INVALID, N_("--due-within: '{1}' is no span; write 90m, 5h or 2d"), text);
	*before = t + 1;
	return 0;
}

static int list_filter(struct run *run, struct ticket_filter *f, struct err *err)
{
	int scopes = run_given(run, "open") + run_given(run, "closed") + run_given(run, "all");

	*f = (struct ticket_filter){
		.scope = run_given(run, "all") ? TICKETS_ALL : run_given(run, "closed") ? TICKETS_CLOSED : TICKETS_OPEN,
		.site = run_text(run, "site"),
		.kind = run_text(run, "kind"),
		.severity = run_text(run, "severity"),
		.owner = run_given(run, "mine") ? run->actor : run_text(run, "owner"),
		.after_closed_at = TIME_NONE,
		.limit = run_given(run, "limit") && run_number(run, "limit") > 0 ? (size_t)run_number(run, "limit") : 0,
	};
	if (scopes > 1)
		return ERR(err, HS_ERR_USAGE, N_("--open, --closed and --all exclude each other"));
	if (run_given(run, "limit") && run_number(run, "limit") < 1)
		return ERR(err, HS_ERR_INVALID, N_("--limit is a count"));
	return due_within(run, &f->due_before, err);
}

/* ---- ticket list ---- */

static const struct table_column people_columns[] = {
	{ "number", N_("number"), CELL_TEXT, -1 },      { "severity", N_("severity"), CELL_TEXT, -1 },
	{ "site", N_("site"), CELL_TEXT, -1 },          { "title", N_("what happened"), CELL_TEXT, -1 },
	{ "stage", N_("stage"), CELL_TEXT, -1 },        { "owner", N_("owner"), CELL_TEXT, -1 },
	{ "due_at", N_("recovery guideline"), CELL_TIME, -1 }, { "left", N_("left"), CELL_TEXT, 1 },
	{ "contact_at", N_("contact"), CELL_TIME, -1 },
};

static const struct table_column machine_columns[] = {
	{ "number", "", CELL_TEXT, -1 },       { "id", "", CELL_TEXT, -1 },           { "kind", "", CELL_TEXT, -1 },
	{ "title", "", CELL_TEXT, -1 },        { "site", "", CELL_TEXT, -1 },         { "service", "", CELL_TEXT, -1 },
	{ "host", "", CELL_TEXT, -1 },         { "check", "", CELL_TEXT, -1 },        { "severity", "", CELL_TEXT, -1 },
	{ "cause", "", CELL_TEXT, -1 },        { "stage", "", CELL_TEXT, -1 },        { "owner", "", CELL_TEXT, -1 },
	{ "caller", "", CELL_TEXT, -1 },       { "means", "", CELL_TEXT, -1 },        { "taken_by", "", CELL_TEXT, -1 },
	{ "state", "", CELL_TEXT, -1 },        { "judged", "", CELL_TEXT, -1 },       { "provisional", "", CELL_TEXT, -1 },
	{ "deferred", "", CELL_TEXT, -1 },     { "start_at", "", CELL_TIME, -1 },     { "due_at", "", CELL_TIME, -1 },
	{ "remaining_s", "", CELL_INT, 1 },    { "over_s", "", CELL_INT, 1 },         { "elapsed_s", "", CELL_INT, 1 },
	{ "to_work_s", "", CELL_INT, 1 },      { "detected_at", "", CELL_TIME, -1 },  { "contact_at", "", CELL_TIME, -1 },
	{ "accepted_at", "", CELL_TIME, -1 },  { "started_at", "", CELL_TIME, -1 },   { "recovered_at", "", CELL_TIME, -1 },
	{ "confirmed_at", "", CELL_TIME, -1 }, { "permanent_at", "", CELL_TIME, -1 }, { "closed_at", "", CELL_TIME, -1 },
	{ "opened_at", "", CELL_TIME, -1 },    { "joined", "", CELL_INT, 1 },         { "parent", "", CELL_TEXT, -1 },
};
enum { PEOPLE_COLUMNS = sizeof people_columns / sizeof *people_columns,
       MACHINE_COLUMNS = sizeof machine_columns / sizeof *machine_columns };

void ticket_table_init(struct table *table, bool people)
{
	table_init(table, "tickets", people ? people_columns : machine_columns,
		   people ? (size_t)PEOPLE_COLUMNS : (size_t)MACHINE_COLUMNS);
}

static const char *site_shown(const struct run *run, const char *id)
{
	const struct site *s = contract_site(run->contract, id);

	return s != NULL ? tr_label_short(&s->name) : id;
}

static const char *stage_shown(const struct run *run, const struct ticket *t)
{
	const struct flow *f = contract_flow(run->contract, t->kind);
	const struct flow_stage *s = f != NULL ? flow_stage(f, t->stage) : NULL;

	return s != NULL ? tr_label(&s->name) : t->stage;
}

static void add_people(struct run *run, struct table *table, const struct ticket_item *i)
{
	struct strbuf left = { 0 };
	const struct ticket *t = &i->row;

	recovery_text(&i->recovery, severity_of(t->severity), &left);
	table_text(table, t->number);
	table_text(table, tr(word_label(severity_words, t->severity)));
	table_text(table, site_shown(run, t->site));
	table_text(table, t->title);
	table_text(table, stage_shown(run, t));
	table_text(table, t->owner);
	table_number(table, i->recovery.state != RECOVERY_OUT_OF_SCOPE ? i->recovery.due : TIME_NONE);
	table_text(table, strbuf_text(&left));
	table_number(table, t->contact_at);
	strbuf_release(&left);
}

static void add_machine(struct table *table, const struct ticket_item *i)
{
	const struct ticket *t = &i->row;
	const struct recovery *r = &i->recovery;
	const char *const texts[] = { t->number, t->id,       t->kind,  t->title, t->site,  t->service,
				      t->host,   t->check_id, t->severity, t->cause, t->stage, t->owner,
				      t->caller, t->means,    t->taken_by, recovery_state_name(r->state),
				      r->judged ? "yes" : "no", r->provisional ? "yes" : "no", r->deferred ? "yes" : "no" };
	const int64_t numbers[] = { r->start, r->due, r->remaining_s, r->over_s, r->elapsed_s, r->to_work_s,
				    t->detected_at, t->contact_at, t->accepted_at, t->started_at, t->recovered_at,
				    t->confirmed_at, t->permanent_at, t->closed_at, t->opened_at, i->joined };

	for (size_t n = 0; n < sizeof texts / sizeof *texts; n++)
		table_text(table, texts[n]);
	for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
		table_number(table, numbers[n]);
	table_text(table, t->parent);
}

void ticket_table_add(struct run *run, struct table *table, const struct ticket_item *i)
{
	if (table->columns == people_columns)
		add_people(run, table, i);
	else
		add_machine(table, i);
}

static int exec_list(struct run *run, struct err *err)
{
	struct ticket_filter f;
	struct ticket_queue q;
	struct table table;
	int rc = list_filter(run, &f, err);

	if (rc == 0)
		rc = tickets_load(run->store, run->contract, &f, run->now, &q, err);
	if (rc != 0)
		return rc;
	ticket_table_init(&table, run->out->format == OUTPUT_TEXT);
	for (size_t i = 0; i < q.list.len; i++)
		ticket_table_add(run, &table, &q.list.v[i]);
	output_table(run->out, &table);
	if (q.more)
		SAY(run->out, N_("there are more; --limit cut the list"));
	ticket_queue_release(&q);
	return 0;
}

const struct command cmd_ticket_list = {
	.name = "ticket list", .summary = N_("the queue, by nearest recovery guideline"), .args = args_list, .exec = exec_list,
};
