/* The ledger of handy terminals (S2.4, domain-rules §9). Lending is in loan.c. */
#include <string.h>

#include "data/store/inventory.h"
#include "tui/command/client.h"
#include "tui/widget/tr.h"

static const struct choice choices_state[] = {
	{ "ready", N_("ready") }, { "broken", N_("broken") }, { 0 },
};

static const struct arg args_add[] = {
	{ "code", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL | ARG_MANY, N_("code on the label") },
	{ "model", ARG_TEXT, ARG_ASK, N_("model") },
	{ "serial", ARG_TEXT, ARG_ASK, N_("serial number") },
	{ "accessories", ARG_TEXT, ARG_ASK, N_("accessories") },
	ARG_END,
};

static int add_one(struct run *run, struct tx *tx, const char *code, struct err *err)
{
	struct terminal draft;
	struct rows rows;
	char id[UUID_SIZE];
	int rc = terminal_find(run->store, code, &rows, NULL);

	if (rc == 0) {
		rows_release(&rows);
		return ERR(err, HS_ERR_EXISTS, N_("there is a terminal '{1}' already"), code);
	}
	if (rc != HS_ERR_NOT_FOUND)
		return ERR(err, rc, N_("cannot look for terminal '{1}'"), code);
	table_row_init(TABLE_terminal, &draft);
	draft.code = code;
	draft.model = run_text(run, "model");
	draft.serial = run_text(run, "serial");
	draft.accessories = run_text(run, "accessories");
	draft.state = "ready";
	terminal_put(tx, &draft, id);
	return 0;
}

static int terminal_add(struct run *run, struct err *err)
{
	struct tx tx;
	size_t count = 0;
	int rc = 0;

	if (run_nth(run, "code", 1) != NULL && run_given(run, "serial"))
		return ERR(err, HS_ERR_INVALID, N_("one serial number cannot belong to several terminals"));
	rc = run_begin(run, &tx, err);
	if (rc != 0)
		return rc;
	for (; rc == 0 && run_nth(run, "code", count) != NULL; count++)
		rc = add_one(run, &tx, run_nth(run, "code", count), err);
	if (rc != 0)
		tx_rollback(&tx);
	else if ((rc = run_commit(run, &tx, err)) == 0)
		SAY(run->out, N_("{1} terminal(s) added"), MSG_INT((int64_t)count));
	return rc;
}

/* ---- state, retire ---- */

#define ARG_TERMINALS { "terminal", ARG_TERMINAL, ARG_REQUIRED | ARG_POSITIONAL | ARG_MANY, N_("handy terminal") }

static const struct arg args_state[] = {
	{ "state", ARG_CHOICE, ARG_REQUIRED | ARG_POSITIONAL, N_("state"), choices_state },
	ARG_TERMINALS,
	ARG_END,
};
static const struct arg args_retire[] = { ARG_TERMINALS, ARG_END };

static int set_state(struct run *run, struct tx *tx, const char *text, const char *state, struct err *err)
{
	struct rows row, loans;
	int rc = terminal_find(run->store, text, &row, err);

	if (rc != 0)
		return rc;
	const struct terminal *t = ROWS(terminal, &row);
	rc = terminal_loans_load(run->store, t->id, &loans, err);
	if (rc == 0 && (strcmp(state, "retired") == 0 || strcmp(t->state, "retired") == 0))
		rc = terminal_retire_check(t, loans.v, loans.len, err);
	if (rc == 0)
		tx_text(tx, TABLE_terminal, t->id, COLUMN(terminal, state), state);
	rows_release(&loans);
	rows_release(&row);
	return rc;
}

static int each_state(struct run *run, const char *state, struct err *err)
{
	struct tx tx;
	size_t count = 0;
	int rc = run_begin(run, &tx, err);

	if (rc != 0)
		return rc;
	for (; rc == 0 && run_nth(run, "terminal", count) != NULL; count++)
		rc = set_state(run, &tx, run_nth(run, "terminal", count), state, err);
	if (rc != 0)
		tx_rollback(&tx);
	else if ((rc = run_commit(run, &tx, err)) == 0)
		SAY(run->out, N_("{1} terminal(s) saved"), MSG_INT((int64_t)count));
	return rc;
}

static int terminal_state(struct run *run, struct err *err)
{
	return each_state(run, run_text(run, "state"), err);
}

static int terminal_retire(struct run *run, struct err *err)
{
	return each_state(run, "retired", err);
}

/* ---- list, show ---- */

static const struct table_column terminal_columns[] = {
	{ "code", N_("handy terminal"), CELL_TEXT, -1 },    { "model", N_("model"), CELL_TEXT, -1 },
	{ "serial", N_("serial number"), CELL_TEXT, -1 }, { "accessories", N_("accessories"), CELL_TEXT, -1 },
	{ "state", N_("state"), CELL_TEXT, -1 },      { "site", N_("lent to"), CELL_TEXT, -1 },
};

static const char *state_word(const char *state)
{
	if (strcmp(state, "retired") == 0)
		return tr(N_("retired"));
	for (const struct choice *c = choices_state; c->id != NULL; c++) {
		if (strcmp(c->id, state) == 0)
			return tr(c->label);
	}
	return state;
}

static int table_terminal(struct run *run, struct table *t, const struct terminal *row, struct err *err)
{
	struct rows loans;
	int rc = terminal_loans_load(run->store, row->id, &loans, err);

	if (rc != 0)
		return rc;
	const struct loan *open = loan_open_of(loans.v, loans.len, row->id);
	table_text(t, row->code);
	table_text(t, row->model);
	table_text(t, row->serial);
	table_text(t, row->accessories);
	table_text(t, shown(run, row->state, state_word(row->state)));
	table_text(t, open != NULL ? open->site : "");
	rows_release(&loans);
	return 0;
}

static int terminal_list(struct run *run, struct err *err)
{
	struct rows rows;
	struct table t;
	int rc = terminals_load(run->store, &rows, err);

	if (rc != 0)
		return rc;
	table_init(&t, "terminals", terminal_columns, sizeof terminal_columns / sizeof *terminal_columns);
	for (size_t i = 0; rc == 0 && i < rows.len; i++)
		rc = table_terminal(run, &t, &ROWS(terminal, &rows)[i], err);
	if (rc == 0)
		output_table(run->out, &t);
	else
		table_release(&t);
	rows_release(&rows);
	return rc;
}

static const struct arg args_show[] = {
	{ "terminal", ARG_TERMINAL, ARG_REQUIRED | ARG_POSITIONAL, N_("handy terminal") },
	ARG_END,
};

static int terminal_show(struct run *run, struct err *err)
{
	struct rows row;
	struct table t;
	int rc = terminal_find(run->store, run_text(run, "terminal"), &row, err);

	if (rc != 0)
		return rc;
	table_init(&t, "terminal", terminal_columns, sizeof terminal_columns / sizeof *terminal_columns);
	rc = table_terminal(run, &t, ROWS(terminal, &row), err);
	if (rc == 0)
		output_table(run->out, &t);
	else
		table_release(&t);
	rows_release(&row);
	return rc;
}

const struct command cmd_terminal_add = { "terminal add", N_("enter handy terminals"), args_add, CMD_WRITES,
					  TOPIC_INVENTORY, terminal_add };
const struct command cmd_terminal_state = { "terminal state", N_("say that terminals are ready or broken"), args_state,
					    CMD_WRITES, TOPIC_INVENTORY, terminal_state };
const struct command cmd_terminal_retire = { "terminal retire", N_("take terminals out of use"), args_retire,
					     CMD_WRITES | CMD_CONFIRM, TOPIC_INVENTORY, terminal_retire };
const struct command cmd_terminal_list = { "terminal list", N_("list the handy terminals"), NULL, 0, 0, terminal_list };
const struct command cmd_terminal_show = { "terminal show", N_("show a handy terminal"), args_show, 0, 0,
					   terminal_show };
