/* Lending handy terminals to the library (S2.4, domain-rules §9): out, back, scans imported, memory wiped. */
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/inventory.h"
#include "tui/command/client.h"
#include "tui/widget/tr.h"

#define ARG_TERMINALS { "terminal", ARG_TERMINAL, ARG_REQUIRED | ARG_POSITIONAL | ARG_MANY, N_("handy terminal") }
#define ARG_WHEN { "at", ARG_TIME, ARG_ASK, N_("when it happened"), .initial = "now" }

/* A terminal, its loans, and what a verb does with the one that counts. */
struct lending {
	struct rows row, loans;
	const struct terminal *terminal;
	const struct loan *open, *last;
	int64_t at;
	const char *campaign; /* id, for a new loan */
	struct strbuf *owed;  /* codes of terminals that leave something owed */
};

typedef int lend_step(struct run *run, struct tx *tx, struct lending *l, struct err *err);

static int lending_load(struct run *run, const char *text, struct lending *l, struct err *err)
{
	int rc = terminal_find(run->store, text, &l->row, err);

	l->loans = (struct rows){ 0 };
	if (rc != 0)
		return rc;
	l->terminal = ROWS(terminal, &l->row);
	rc = terminal_loans_load(run->store, l->terminal->id, &l->loans, err);
	l->open = rc == 0 ? loan_open_of(l->loans.v, l->loans.len, l->terminal->id) : NULL;
	l->last = l->open != NULL ? l->open : l->loans.len > 0 ? &ROWS(loan, &l->loans)[l->loans.len - 1] : NULL;
	return rc;
}

static void note_owed(struct lending *l)
{
	strbuf_addf(l->owed, "%s%s", l->owed->len > 0 ? " " : "", l->terminal->code);
}

/* Does step to each terminal of the run in one transaction: ten at once, all or none. */
static int each_terminal(struct run *run, lend_step *step, const char *campaign, const char *said, const char *warning,
			 struct err *err)
{
	struct strbuf owed = { 0 };
	struct lending l = { .campaign = campaign, .owed = &owed };
	struct tx tx;
	size_t count = 0;
	int rc = run_moment(run, "at", &l.at, err);

	if (rc != 0 || (rc = run_begin(run, &tx, err)) != 0)
		return rc;
	for (; rc == 0 && run_nth(run, "terminal", count) != NULL; count++) {
		rc = lending_load(run, run_nth(run, "terminal", count), &l, err);
		if (rc == 0)
			rc = step(run, &tx, &l, err);
		rows_release(&l.loans);
		rows_release(&l.row);
	}
	if (rc != 0)
		tx_rollback(&tx);
	else
		rc = run_commit(run, &tx, err);
	if (rc == 0)
		SAY(run->out, said, MSG_INT((int64_t)count));
	if (rc == 0 && owed.len > 0)
		SAY(run->out, warning, strbuf_text(&owed));
	strbuf_release(&owed);
	return rc;
}

/* ---- out ---- */

static const struct arg args_out[] = {
	ARG_TERMINALS,
	{ "site", ARG_SITE, ARG_REQUIRED, N_("site") },
	{ "received-by", ARG_TEXT, ARG_REQUIRED, N_("who received") },
	{ "handed-by", ARG_STAFF, ARG_ASK, N_("who handed over (default: you)") },
	{ "condition", ARG_TEXT, ARG_ASK, N_("condition") },
	ARG_WHEN,
	ARG_END,
};

static int step_out(struct run *run, struct tx *tx, struct lending *l, struct err *err)
{
	struct loan draft;
	char id[UUID_SIZE];
	int rc = loan_out_check(l->terminal, l->loans.v, l->loans.len, err);

	if (rc != 0)
		return rc;
	table_row_init(TABLE_loan, &draft);
	draft.terminal = l->terminal->id;
	draft.campaign = l->campaign;
	draft.site = run_text(run, "site");
	draft.handed_by = run_given(run, "handed-by") ? run_text(run, "handed-by") : run->actor;
	draft.received_by = run_text(run, "received-by");
	draft.condition_out = run_text(run, "condition");
	draft.out_at = l->at;
	loan_put(tx, &draft, id);
	if (l->last != NULL && (l->last->imported_at == TIME_NONE || l->last->wiped_at == TIME_NONE))
		note_owed(l);
	return 0;
}

static int loan_out_verb(struct run *run, struct err *err)
{
	struct inventory_view v;
	int rc = inventory_load(run->store, run->contract, "", &v, err);

	if (rc != 0)
		return rc;
	if (v.facts.campaign == NULL || v.facts.campaign->closed_at != TIME_NONE)
		rc = ERR(err, HS_ERR_STATE, N_("no inventory check is open: begin with 'inventory new'"));
	else
		rc = each_terminal(run, step_out, v.facts.campaign->id, N_("{1} terminal(s) lent"),
				   N_("scans or memory of an earlier loan are still owed: {1}"), err);
	inventory_view_release(&v);
	return rc;
}

/* ---- in ---- */

static const struct arg args_in[] = {
	ARG_TERMINALS,
	{ "returned-by", ARG_TEXT, ARG_REQUIRED, N_("who returned") },
	{ "taken-by", ARG_STAFF, ARG_ASK, N_("who took it back (default: you)") },
	{ "condition", ARG_TEXT, ARG_ASK, N_("condition") },
	ARG_WHEN,
	ARG_END,
};

static int step_in(struct run *run, struct tx *tx, struct lending *l, struct err *err)
{
	int rc = loan_in_check(l->terminal, l->open, l->at, err);

	if (rc != 0)
		return rc;
	const char *taken = run_given(run, "taken-by") ? run_text(run, "taken-by") : run->actor;
	tx_int(tx, TABLE_loan, l->open->id, COLUMN(loan, in_at), l->at);
	tx_text(tx, TABLE_loan, l->open->id, COLUMN(loan, returned_by), run_text(run, "returned-by"));
	tx_text(tx, TABLE_loan, l->open->id, COLUMN(loan, taken_by), taken);
	tx_text(tx, TABLE_loan, l->open->id, COLUMN(loan, condition_in), run_text(run, "condition"));
	if (l->open->imported_at == TIME_NONE || l->open->wiped_at == TIME_NONE)
		note_owed(l);
	return 0;
}

static int loan_in(struct run *run, struct err *err)
{
	return each_terminal(run, step_in, "", N_("{1} terminal(s) are back"),
			     N_("still owed, scans not imported or memory not wiped: {1}"), err);
}

/* ---- imported, wiped ---- */

static const struct arg args_mark[] = { ARG_TERMINALS, ARG_WHEN, ARG_END };

static int last_loan(const struct lending *l, struct err *err)
{
	if (l->last == NULL)
		return ERR(err, HS_ERR_STATE, N_("terminal {1} was never lent"), l->terminal->code);
	if (l->at < l->last->out_at)
		return ERR(err, HS_ERR_INVALID, N_("that is before terminal {1} went out"), l->terminal->code);
	return 0;
}

static int step_imported(struct run *run, struct tx *tx, struct lending *l, struct err *err)
{
	int rc = last_loan(l, err);

	(void)run;
	if (rc == 0)
		tx_int(tx, TABLE_loan, l->last->id, COLUMN(loan, imported_at), l->at);
	return rc;
}

/* Wiping what was not imported is recorded, for it happened; it is said loudly and stays to be seen. */
static int step_wiped(struct run *run, struct tx *tx, struct lending *l, struct err *err)
{
	int rc = last_loan(l, err);

	if (rc != 0)
		return rc;
	tx_int(tx, TABLE_loan, l->last->id, COLUMN(loan, wiped_at), l->at);
	tx_text(tx, TABLE_loan, l->last->id, COLUMN(loan, wiped_by), run->actor);
	if (l->last->imported_at == TIME_NONE)
		note_owed(l);
	return 0;
}

static int loan_imported(struct run *run, struct err *err)
{
	return each_terminal(run, step_imported, "", N_("{1} terminal(s): scans imported"), N_("still owed: {1}"), err);
}

static int loan_wiped(struct run *run, struct err *err)
{
	return each_terminal(run, step_wiped, "", N_("{1} terminal(s): memory wiped"),
			     N_("wiped before the scans were imported: {1}"), err);
}

/* ---- list ---- */

static const struct table_column loan_columns[] = {
	{ "terminal", N_("handy terminal"), CELL_TEXT, -1 },       { "site", N_("site"), CELL_TEXT, -1 },
	{ "out_at", N_("lent"), CELL_TIME, -1 },             { "handed_by", N_("who handed over"), CELL_TEXT, -1 },
	{ "received_by", N_("who received"), CELL_TEXT, -1 }, { "in_at", N_("came back"), CELL_TIME, -1 },
	{ "imported_at", N_("imported"), CELL_TIME, -1 },    { "wiped_at", N_("wiped"), CELL_TIME, -1 },
	{ "owed", N_("owed"), CELL_TEXT, -1 },
};

static const char *owed_words(struct run *run, unsigned owes)
{
	return run_format(run, "%s%s%s%s", owes & LOAN_OWES_RETURN ? shown(run, "return", tr(N_("return"))) : "",
			  owes & LOAN_OWES_IMPORT ? shown(run, "import", tr(N_("import"))) : "",
			  (owes & LOAN_OWES_IMPORT) && (owes & LOAN_OWES_WIPE) ? " " : "",
			  owes & LOAN_OWES_WIPE ? shown(run, "wipe", tr(N_("wipe"))) : "");
}

static const char *code_of(const struct inventory_view *v, const char *id)
{
	for (size_t i = 0; i < v->facts.terminal_count; i++) {
		if (strcmp(v->facts.terminals[i].id, id) == 0)
			return v->facts.terminals[i].code;
	}
	return id;
}

static int loan_list(struct run *run, struct err *err)
{
	struct inventory_view v;
	struct table t;
	int rc = inventory_load(run->store, run->contract, "", &v, err);

	if (rc != 0)
		return rc;
	int32_t today = day_of_time(run->now, run->contract->offset_s);
	table_init(&t, "loans", loan_columns, sizeof loan_columns / sizeof *loan_columns);
	for (size_t i = 0; i < v.facts.loan_count; i++) {
		const struct loan *l = &v.facts.loans[i];
		table_text(&t, code_of(&v, l->terminal));
		table_text(&t, l->site);
		table_number(&t, l->out_at);
		table_text(&t, l->handed_by);
		table_text(&t, l->received_by);
		table_number(&t, l->in_at);
		table_number(&t, l->imported_at);
		table_number(&t, l->wiped_at);
		table_text(&t, owed_words(run, loan_owes(l, v.facts.campaign, today)));
	}
	output_table(run->out, &t);
	inventory_view_release(&v);
	return 0;
}

const struct command cmd_loan_out = { "loan out", N_("lend terminals to a site"), args_out, CMD_WRITES, TOPIC_INVENTORY,
				      loan_out_verb };
const struct command cmd_loan_in = { "loan in", N_("take terminals back"), args_in, CMD_WRITES, TOPIC_INVENTORY,
				     loan_in };
const struct command cmd_loan_imported = { "loan imported", N_("record that the scans were imported"), args_mark,
					   CMD_WRITES, TOPIC_INVENTORY, loan_imported };
const struct command cmd_loan_wiped = { "loan wiped", N_("record that the memory was wiped"), args_mark, CMD_WRITES,
					TOPIC_INVENTORY, loan_wiped };
const struct command cmd_loan_list = { "loan list", N_("list the loans of the inventory check"), NULL, 0, 0, loan_list };
