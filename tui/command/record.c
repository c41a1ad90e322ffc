/* Records named by what people say: "S39", a terminal's code, the start of an id. */
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/inventory.h"
#include "tui/command/arg.h"

static enum table_id table_of(enum arg_kind kind)
{
	switch (kind) {
	case ARG_TICKET: return TABLE_ticket;
	case ARG_PATCH: return TABLE_patch;
	case ARG_TALK: return TABLE_talk;
	case ARG_STOP: return TABLE_stop;
	case ARG_CAMPAIGN: return TABLE_campaign;
	case ARG_TERMINAL: return TABLE_terminal;
	default: return TABLE_COUNT;
	}
}

/* Text of a column of a row; "" when the table has none of that name. */
static const char *cell(enum table_id table, const void *row, const char *name)
{
	const struct column *c = table_column(table, name);

	return c != NULL && c->type == COLUMN_TEXT ? *(const char *const *)((const char *)row + c->offset) : "";
}

static int find(struct store *s, enum table_id table, const char *text, struct rows *rows, struct err *err)
{
	if (uuid_valid(text))
		return store_row(s, table, text, rows, err);
	return table == TABLE_terminal ? terminal_find(s, text, rows, err) : store_find(s, table, text, rows, err);
}

int arg_record(struct run *run, const struct arg *arg, const char *text, struct run_value *v, struct err *err)
{
	enum table_id table = table_of(arg->kind);
	struct rows rows;
	struct err why = { 0 };

	v->text = text;
	if (run->store == NULL || table == TABLE_COUNT)
		return 0;
	int rc = find(run->store, table, text, &rows, &why);
	/* a busy database says nothing against the number: the verb will look again */
	if (rc == HS_ERR_BUSY)
		return 0;
	if (rc == HS_ERR_NOT_FOUND)
		return ERR(err, rc, N_("--{1}: there is no '{2}'"), arg->name, text);
	if (rc != 0) {
		if (err != NULL)
			*err = why;
		return rc;
	}
	/* every row's struct begins with its id */
	v->text = arena_text(&run->mem, *(const char *const *)rows.v);
	const char *number = cell(table, rows.v, "number"), *code = cell(table, rows.v, "code");
	if (*number != '\0' || *code != '\0')
		v->given = arena_text(&run->mem, *number != '\0' ? number : code);
	rows_release(&rows);
	return 0;
}
