/* Planned and emergency stops (S2.2(1)): a plan that touches business hours is flagged before it is saved. */
#include "core/service/plan.h"

#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/stop.h"
#include "data/store/talk.h"
#include "tui/command/client.h"
#include "tui/widget/tr.h"

static const struct choice choices_kind[] = {
	{ "planned", N_("planned stop") }, { "emergency", N_("emergency stop") }, { 0 },
};

static const struct arg args_add[] = {
	{ "kind", ARG_CHOICE, ARG_REQUIRED | ARG_POSITIONAL, N_("planned or emergency"), choices_kind },
	{ "title", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, N_("what for") },
	{ "service", ARG_SERVICE, ARG_REQUIRED | ARG_MANY, N_("service") },
	{ "from", ARG_TIME, ARG_REQUIRED, N_("from") },
	{ "to", ARG_TIME, ARG_ASK, N_("to") },
	{ "reason", ARG_TEXT, ARG_ASK, N_("reason") },
	{ "in-hours", ARG_FLAG, 0, N_("it touches business hours, and that is meant") },
	ARG_END,
};

static const char *const *services_of(struct run *run)
{
	const char **ids = arena_alloc(&run->mem, (STOP_SERVICES + 1) * sizeof *ids);
	size_t count = 0;

	for (size_t i = 0; count < STOP_SERVICES && run_nth(run, "service", i) != NULL; i++)
		ids[count++] = run_nth(run, "service", i);
	return ids;
}

static int stop_add(struct run *run, struct err *err)
{
	struct stop draft;
	char id[UUID_SIZE], number[24];
	struct tx tx;
	int rc;

	table_row_init(TABLE_stop, &draft);
	draft.kind = run_text(run, "kind");
	draft.title = run_text(run, "title");
	draft.reason = run_text(run, "reason");
	draft.who = run->actor;
	draft.from_at = run_number(run, "from");
	draft.to_at = run_number(run, "to");
	rc = stop_check(run->contract, &draft, run_given(run, "in-hours"), err);
	if (rc == 0 && run_nth(run, "service", STOP_SERVICES) != NULL)
		rc = ERR(err, HS_ERR_LIMIT, N_("a stop names at most {1} services"), MSG_INT(STOP_SERVICES));
	if (rc == 0)
		rc = run_begin(run, &tx, err);
	if (rc != 0)
		return rc;
	stop_put(&tx, &draft, services_of(run), id, number);
	rc = run_commit(run, &tx, err);
	if (rc == 0)
		SAY(run->out, strcmp(draft.kind, "planned") == 0 ?
				      N_("stop #{1} recorded; it leaves the availability figure once the city agreed") :
				      N_("emergency stop #{1} recorded; the co-ordination with the city is owed"),
		    number);
	return rc;
}

/* ---- list, show ---- */

static const struct table_column stop_columns[] = {
	{ "number", N_("number"), CELL_TEXT, -1 },   { "kind", N_("kind"), CELL_TEXT, -1 },
	{ "from_at", N_("from"), CELL_TIME, -1 },    { "to_at", N_("to"), CELL_TIME, -1 },
	{ "services", N_("services"), CELL_TEXT, -1 }, { "title", N_("title"), CELL_TEXT, -1 },
	{ "in_hours", N_("business hours"), CELL_TEXT, -1 }, { "talk", N_("talk with the city"), CELL_TEXT, -1 },
};

/* When and with whom it was talked over; owed where it was not. A plan counts only when agreed before it begins. */
static int talk_word(struct run *run, const struct stop *s, const char **word, struct err *err)
{
	bool planned = strcmp(s->kind, "planned") == 0;
	struct rows talk;
	int rc = talk_holding(run->store, s->id, "stop", planned ? s->from_at - 1 : run->now, &talk, err);

	*word = shown(run, "owed", tr(N_("owed")));
	if (rc == 0)
		*word = run_format(run, "#%s %s", ROWS(talk, &talk)->number, ROWS(talk, &talk)->person);
	rows_release(&talk);
	return rc == HS_ERR_NOT_FOUND ? 0 : rc;
}

static int table_stop(struct run *run, struct table *t, const struct stop *s, struct err *err)
{
	bool planned = strcmp(s->kind, "planned") == 0;
	bool touches = stop_touches_business(run->contract, s->from_at, s->to_at != TIME_NONE ? s->to_at : run->now);
	struct strbuf names = { 0 };
	struct rows services;
	const char *word;
	int rc = talk_word(run, s, &word, err);

	if (rc == 0)
		rc = stop_services_load(run->store, s->id, &services, err);
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < services.len; i++)
		strbuf_addf(&names, "%s%s", i > 0 ? " " : "", ROWS(stop_service, &services)[i].service);
	table_text(t, s->number);
	table_text(t, shown(run, s->kind, tr(choices_kind[planned ? 0 : 1].label)));
	table_number(t, s->from_at);
	table_number(t, s->to_at);
	table_text(t, strbuf_text(&names));
	table_text(t, s->title);
	table_text(t, touches ? shown(run, "yes", tr(N_("yes"))) : shown(run, "no", tr(N_("no"))));
	table_text(t, word);
	rows_release(&services);
	strbuf_release(&names);
	return 0;
}

static int print_stops(struct run *run, const struct rows *rows, struct err *err)
{
	struct table t;
	int rc = 0;

	table_init(&t, "stops", stop_columns, sizeof stop_columns / sizeof *stop_columns);
	for (size_t i = 0; rc == 0 && i < rows->len; i++)
		rc = table_stop(run, &t, &ROWS(stop, rows)[i], err);
	if (rc == 0)
		output_table(run->out, &t);
	else
		table_release(&t);
	return rc;
}

static const struct arg args_list[] = { { "all", ARG_FLAG, 0, N_("past ones too") }, ARG_END };

static int stop_list(struct run *run, struct err *err)
{
	struct rows rows;
	int rc = stops_load(run->store, run_given(run, "all") ? TIME_NONE : run->now, &rows, err);

	if (rc == 0)
		rc = print_stops(run, &rows, err);
	rows_release(&rows);
	return rc;
}

static const struct arg args_show[] = {
	{ "stop", ARG_STOP, ARG_REQUIRED | ARG_POSITIONAL, N_("stop") },
	ARG_END,
};

static int stop_show(struct run *run, struct err *err)
{
	struct rows row;
	int rc = record_find(run, TABLE_stop, run_text(run, "stop"), &row, err);

	if (rc != 0)
		return rc;
	rc = print_stops(run, &row, err);
	rows_release(&row);
	return rc;
}

const struct command cmd_stop_add = { "stop add", N_("record a planned or emergency stop"), args_add, CMD_WRITES,
				      TOPIC_OTHER | TOPIC_STATUS | TOPIC_PATCHES, stop_add };
const struct command cmd_stop_list = { "stop list", N_("list stops that are on or ahead"), args_list, 0, 0, stop_list };
const struct command cmd_stop_show = { "stop show", N_("show a stop"), args_show, 0, 0, stop_show };
