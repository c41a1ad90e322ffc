/* Verbs of the time line (経過): note add, note list. A note is 社内 unless it is marked for the client (S4.1(3)). */
#include <string.h>

#include "data/store/note.h"
#include "tui/command/ticket.h"
#include "tui/widget/tr.h"

static const struct arg args_add[] = {
	ARG_TICKETS,
	{ "text", ARG_LONG_TEXT, ARG_REQUIRED, N_("what happened") },
	{ "client", ARG_FLAG, ARG_ASK, N_("for the client too (otherwise internal)") },
	{ "at", ARG_TIME, ARG_ASK, N_("when it happened"), .initial = "now" },
	ARG_END,
};

static int judge_add(struct run *run, struct picked *p, struct err *err)
{
	int64_t at;

	(void)p;
	return run_moment(run, "at", &at, err);
}

static void write_add(struct run *run, struct tx *tx, const struct picked *p)
{
	char id[UUID_SIZE];
	int64_t at;

	run_moment(run, "at", &at, NULL);
	note_put(tx, p->row->id, run_text(run, "text"), run_given(run, "client"), at, id);
}

static int exec_add(struct run *run, struct err *err)
{
	static const struct ticket_verb internal = { judge_add, write_add, N_("ticket #{1}: noted (internal)"), NULL };
	static const struct ticket_verb client = { judge_add, write_add, N_("ticket #{1}: noted (for the client)"), NULL };

	return ticket_verb_run(run, run_given(run, "client") ? &client : &internal, err);
}

const struct command cmd_note_add = {
	.name = "note add", .summary = N_("write down what happened"), .args = args_add,
	.flags = CMD_WRITES, .topics = TOPIC_TICKETS, .exec = exec_add,
};

/* ---- note list ---- */

static const struct arg args_list[] = {
	{ "ticket", ARG_TICKET, ARG_REQUIRED | ARG_POSITIONAL, N_("ticket") },
	{ "client", ARG_FLAG, 0, N_("only those for the client") },
	ARG_END,
};

static const struct table_column columns[] = {
	{ "at", N_("when"), CELL_TIME, -1 },
	{ "who", N_("recorded by"), CELL_TEXT, -1 },
	{ "audience", N_("audience"), CELL_TEXT, -1 },
	{ "text", N_("what happened"), CELL_TEXT, -1 },
};

static int exec_list(struct run *run, struct err *err)
{
	struct rows ticket, notes;
	struct table table;
	int rc = record_find(run, TABLE_ticket, run_text(run, "ticket"), &ticket, err);

	if (rc != 0)
		return rc;
	rc = notes_load(run->store, ROWS(ticket, &ticket)->id, &notes, err);
	rows_release(&ticket);
	if (rc != 0)
		return rc;
	table_init(&table, "notes", columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < notes.len; i++) {
		const struct note *n = &ROWS(note, &notes)[i];
		bool client = strcmp(n->audience, "client") == 0;
		if (run_given(run, "client") && !client)
			continue;
		table_number(&table, n->at);
		table_text(&table, n->who);
		table_text(&table, run->out->format != OUTPUT_TEXT ? n->audience : client ? tr(N_("client")) : tr(N_("internal")));
		table_text(&table, n->body);
	}
	output_table(run->out, &table);
	rows_release(&notes);
	return 0;
}

const struct command cmd_note_list = {
	.name = "note list", .summary = N_("the notes of a ticket"), .args = args_list, .exec = exec_list,
};
