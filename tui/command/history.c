/* undo, redo and history: the change log as people use it. */
#include <stdio.h>
#include <string.h>

#include "tui/command/command.h"
#include "tui/command/output.h"
#include "tui/widget/tr.h"

static int take_back(struct run *run, bool redo, struct err *err)
{
	char tx[UUID_SIZE] = "", verb[64];
	int rc;

	if (!redo && run_given(run, "tx"))
		snprintf(tx, sizeof tx, "%s", run_text(run, "tx"));
	else if ((rc = store_last_tx(run->store, redo, tx, err)) != 0)
		return rc;
	rc = store_undo(run->store, tx, run->actor, run->now, run->undo_tx, err);
	if (rc == 0)
		rc = store_tx_verb(run->store, tx, verb, err);
	const struct command *c = rc == 0 ? command_by_name(verb) : NULL;
	if (rc == 0)
		SAY(run->out, redo ? N_("done again: {1}") : N_("taken back: {1} (U does it again)"), c != NULL ? tr(c->summary) : verb);
	return rc;
}

static int undo_exec(struct run *run, struct err *err)
{
	return take_back(run, false, err);
}

static int redo_exec(struct run *run, struct err *err)
{
	return take_back(run, true, err);
}

static const struct arg undo_args[] = {
	{ "tx", ARG_TEXT, ARG_POSITIONAL, N_("id of the transaction; the newest one of this device when not said") },
	{ NULL },
};

const struct command cmd_undo = {
	.name = "undo",
	.summary = N_("take a change back"),
	.args = undo_args,
	.flags = CMD_WRITES,
	.topics = TOPIC_ALL & ~(unsigned)TOPIC_STATUS,
	.exec = undo_exec,
};

const struct command cmd_redo = {
	.name = "redo",
	.summary = N_("do again what was taken back"),
	.flags = CMD_WRITES,
	.topics = TOPIC_ALL & ~(unsigned)TOPIC_STATUS,
	.exec = redo_exec,
};

static const struct table_column history_columns[] = {
	{ "at", N_("when"), CELL_TIME, -1 },     { "actor", N_("who"), CELL_TEXT, -1 },
	{ "verb", N_("verb"), CELL_TEXT, -1 },   { "table", N_("table"), CELL_TEXT, -1 },
	{ "row", N_("row"), CELL_TEXT, -1 },     { "column", N_("field"), CELL_TEXT, -1 },
	{ "before", N_("before"), CELL_TEXT, -1 }, { "after", N_("after"), CELL_TEXT, -1 },
	{ "device", N_("device"), CELL_TEXT, -1 }, { "tx", N_("transaction"), CELL_TEXT, -1 },
};

static int history_exec(struct run *run, struct err *err)
{
	struct change_rows rows;
	struct table t;
	int64_t limit = run_number(run, "limit");
	const char *row = run_text(run, "row");
	int rc = store_history(run->store, *row != '\0' ? row : NULL, run_number(run, "before"),
			       limit != TIME_NONE && limit > 0 ? (size_t)limit : 200, &rows, err);

	if (rc != 0)
		return rc;
	table_init(&t, "changes", history_columns, sizeof history_columns / sizeof *history_columns);
	for (size_t i = 0; i < rows.list.len; i++) {
		const struct change_row *c = &rows.list.v[i];
		const char *const cells[] = { c->actor, c->verb, c->table, c->row, c->column, c->before, c->after, c->device, c->tx };
		table_number(&t, c->at);
		for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
			table_text(&t, cells[k]);
	}
	output_table(run->out, &t);
	change_rows_release(&rows);
	return 0;
}

static const struct arg history_args[] = {
	{ "row", ARG_TEXT, ARG_POSITIONAL, N_("id of a row; everything when not said") },
	{ "before", ARG_TIME, 0, N_("only what is older") },
	{ "limit", ARG_NUMBER, 0, N_("about so many changes (200)") },
	{ NULL },
};

const struct command cmd_history = {
	.name = "history",
	.summary = N_("who changed what, and when"),
	.args = history_args,
	.exec = history_exec,
};
