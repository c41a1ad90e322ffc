/* What was changed by whom, and taking it back by compensating changes. See store.h. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/internal.h"
#include "data/store/talk.h"

const char *value_shown(const struct value *v, char buf[24])
{
	if (v->type == VALUE_TEXT)
		return v->text;
	buf[0] = '\0';
	if (v->type == VALUE_INT)
		snprintf(buf, 24, "%" PRId64, v->number);
	return buf;
}

/* ---- history ---- */

void change_rows_release(struct change_rows *rows)
{
	arena_release(&rows->mem);
	vec_release(&rows->list);
}

static const char *shown_in(struct query *q, int column, struct arena *a)
{
	char buf[24];
	struct value v = query_value(q, column);
	const char *text = value_shown(&v, buf);

	return *text != '\0' ? arena_text(a, text) : "";
}

static void history_add(struct query *q, struct change_rows *out)
{
	struct change_row *row = vec_add(&out->list);

	row->tx = query_text_in(q, 0, &out->mem);
	row->device = query_text_in(q, 1, &out->mem);
	row->actor = query_text_in(q, 2, &out->mem);
	row->verb = query_text_in(q, 3, &out->mem);
	row->table = query_text_in(q, 4, &out->mem);
	row->row = query_text_in(q, 5, &out->mem);
	row->column = query_text_in(q, 6, &out->mem);
	row->before = shown_in(q, 7, &out->mem);
	row->after = shown_in(q, 8, &out->mem);
	row->at = query_int(q, 9);
}

#define HISTORY_COLUMNS "SELECT t.id, d.id, t.actor, t.verb, e.tbl, e.id, c.col, c.before, c.after, t.at "
#define HISTORY_ORDER " ORDER BY t.at DESC, t.seq DESC, c.n DESC"

int store_history(struct store *s, const char *row, int64_t before_at, size_t limit, struct change_rows *out,
		  struct err *err)
{
	static const char of_row[] = HISTORY_COLUMNS "FROM entity e JOIN change c ON c.row = e.no JOIN tx t ON t.seq = c.tx"
		" LEFT JOIN device d ON d.no = t.device WHERE t.at < ?1 AND e.id = ?2" HISTORY_ORDER;
	static const char of_all[] = HISTORY_COLUMNS "FROM tx t CROSS JOIN change c ON c.tx = t.seq JOIN entity e ON e.no = c.row"
		" LEFT JOIN device d ON d.no = t.device WHERE t.at < ?1" HISTORY_ORDER;
	struct query q;
	int rc = query_open(&q, &s->db, row != NULL ? of_row : of_all, err);

	*out = (struct change_rows){ 0 };
	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, before_at != TIME_NONE ? before_at : INT64_MAX);
	if (row != NULL)
		query_bind_text(&q, 2, row);
	while ((rc = query_step(&q, err)) == 1) {
		if (out->list.len >= limit && query_int(&q, 9) != out->list.v[out->list.len - 1].at) {
			rc = 0;
			break;
		}
		history_add(&q, out);
	}
	query_close(&q);
	if (rc < 0)
		change_rows_release(out);
	return rc;
}

/* ---- undo ---- */

#define NOT_UNDONE(t) "NOT EXISTS (SELECT 1 FROM tx u WHERE u.undoes = " t ".id" \
	" AND NOT EXISTS (SELECT 1 FROM tx r WHERE r.undoes = u.id))"

int store_tx_verb(struct store *s, const char *tx_id, char verb[64], struct err *err)
{
	struct query q;
	int rc = query_open(&q, &s->db, "SELECT coalesce(o.verb, t.verb) FROM tx t LEFT JOIN tx o ON o.id = t.undoes WHERE t.id = ?", err);

	verb[0] = '\0';
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, tx_id);
	if ((rc = query_step(&q, err)) == 1)
		snprintf(verb, 64, "%s", query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? rc : 0;
}

int store_last_tx(struct store *s, bool redo, char tx_id[UUID_SIZE], struct err *err)
{
	static const char last_write[] = "SELECT t.id FROM tx t WHERE t.device = ? AND t.actor IS NOT 'auto' AND t.undoes IS NULL"
		" AND " NOT_UNDONE("t") " ORDER BY t.seq DESC LIMIT 1";
	static const char last_undo[] = "SELECT t.id FROM tx t JOIN tx o ON o.id = t.undoes WHERE t.device = ?"
		" AND o.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM tx r WHERE r.undoes = t.id) ORDER BY t.seq DESC LIMIT 1";
	struct query q;
	int rc = query_open(&q, &s->db, redo ? last_undo : last_write, err);

	tx_id[0] = '\0';
	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, s->device_no);
	rc = query_step(&q, err);
	if (rc == 1)
		snprintf(tx_id, UUID_SIZE, "%s", query_text(&q, 0));
	query_close(&q);
	if (rc == 0)
		rc = redo ? ERR(err, HS_ERR_NOT_FOUND, N_("there is nothing to redo")) :
			    ERR(err, HS_ERR_NOT_FOUND, N_("there is nothing to undo"));
	return rc < 0 ? rc : 0;
}

/* A cell that the transaction wrote, with what it left there. */
struct undo_cell {
	int64_t row;
	enum table_id table;
	const char *id, *column;
	struct value left;
};

struct undo {
	struct store *s;
	struct tx tx;
	struct arena mem;
	int64_t seq; /* of the transaction to take back */
	VEC(struct undo_cell) cells;
	struct err *err;
};

/* Where T is itself a redo, taking it back means taking back what it brought again. */
static int undo_find(struct store *s, const char *tx_id, char root[UUID_SIZE], int64_t *seq, bool *is_undo, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &s->db, "SELECT t.id, t.seq, o.id, o.seq, p.id, p.seq,"
		" CASE WHEN p.id IS NULL THEN " NOT_UNDONE("t") " ELSE " NOT_UNDONE("p") " END FROM tx t"
		" LEFT JOIN tx o ON o.id = t.undoes LEFT JOIN tx p ON p.id = o.undoes WHERE t.id = ?", err);

	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, tx_id);
	rc = query_step(&q, err);
	if (rc == 1) {
		int first = *query_text(&q, 4) != '\0' ? 4 : 0;
		snprintf(root, UUID_SIZE, "%s", query_text(&q, first));
		*seq = query_int(&q, first + 1);
		*is_undo = first == 0 && *query_text(&q, 2) != '\0';
		rc = query_int(&q, 6) == 1 ? 0 : ERR(err, HS_ERR_STATE, N_("this was undone already"));
	} else if (rc == 0) {
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("there is no change '{1}'"), tx_id);
	}
	query_close(&q);
	return rc;
}

static struct undo_cell *undo_cell_find(struct undo *u, int64_t row, const char *column)
{
	for (size_t i = 0; i < u->cells.len; i++)
		if (u->cells.v[i].row == row && strcmp(u->cells.v[i].column, column) == 0)
			return &u->cells.v[i];
	return NULL;
}

static int undo_read(struct undo *u)
{
	struct query q;
	int rc = query_open(&q, &u->s->db, "SELECT c.row, e.tbl, e.id, c.col, c.after FROM change c JOIN entity e ON e.no = c.row"
		" WHERE c.tx = ? AND c.outcome <> 3 ORDER BY c.row, c.col, c.n", u->err);

	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, u->seq);
	while ((rc = query_step(&q, u->err)) == 1) {
		int64_t row = query_int(&q, 0);
		struct undo_cell *c = u->cells.len > 0 ? &u->cells.v[u->cells.len - 1] : NULL;
		if (c == NULL || c->row != row || strcmp(c->column, query_text(&q, 3)) != 0) {
			c = vec_add(&u->cells);
			c->row = row;
			c->table = table_find(query_text(&q, 1));
			c->id = query_text_in(&q, 2, &u->mem);
			c->column = query_text_in(&q, 3, &u->mem);
		}
		c->left = query_value(&q, 4);
		if (c->left.type == VALUE_TEXT)
			c->left.text = arena_text(&u->mem, c->left.text);
	}
	query_close(&q);
	return rc;
}

/* "#S39", or what its table is called where the row has no number. */
static const char *row_label(struct undo *u, enum table_id table, const char *id)
{
	char *label = arena_alloc(&u->mem, 64);
	struct value v;

	if (store_number_group(table) != NULL && cell_get(&u->s->db, table, id, "number", &u->mem, &v, NULL) == 0 &&
	    v.type == VALUE_TEXT)
		snprintf(label, 64, "#%s", v.text);
	else
		snprintf(label, 64, "%s", table_title_word(table));
	return label;
}

/* Says which cell was changed since, and by whom. */
static int undo_conflict(struct undo *u, const struct undo_cell *c, const char *column)
{
	struct query q;
	int rc = query_open(&q, &u->s->db, "SELECT t.actor, t.verb FROM change c JOIN tx t ON t.seq = c.tx"
		" WHERE c.row = ? AND c.col = ? ORDER BY c.tx DESC, c.n DESC LIMIT 1", u->err);

	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, c->row);
	query_bind_text(&q, 2, column);
	if ((rc = query_step(&q, u->err)) >= 0)
		rc = ERR(u->err, HS_ERR_CONFLICT, N_("cannot undo: '{1}' of {2} was changed since by {3} ({4})"), column,
			 row_label(u, c->table, c->id), query_text(&q, 0), query_text(&q, 1));
	query_close(&q);
	return rc;
}

static int cell_unchanged(struct undo *u, const struct undo_cell *c, const char *column, const struct value *left)
{
	struct value now;
	int rc = cell_get(&u->s->db, c->table, c->id, column, &u->mem, &now, u->err);

	if (rc == 0 && !value_equal(&now, left))
		rc = undo_conflict(u, c, column);
	return rc;
}

/* Something made later that names the row and lives: a note on a ticket, a stage of it. */
static int row_unused(struct undo *u, const struct undo_cell *c)
{
	struct query q;
	int rc = query_open(&q, &u->s->db, "SELECT e.tbl, e.id, c.col, t.actor FROM change c JOIN entity e ON e.no = c.row"
		" JOIN tx t ON t.seq = c.tx WHERE c.tx > ?1 AND c.after = ?2 AND c.col <> 'id'", u->err);

	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, u->seq);
	query_bind_text(&q, 2, c->id);
	while ((rc = query_step(&q, u->err)) == 1) {
		enum table_id table = table_find(query_text(&q, 0));
		struct value link, deleted;
		if (table == TABLE_COUNT || table_column(table, query_text(&q, 2)) == NULL)
			continue;
		if ((rc = cell_get(&u->s->db, table, query_text(&q, 1), query_text(&q, 2), &u->mem, &link, u->err)) != 0 ||
		    (rc = cell_get(&u->s->db, table, query_text(&q, 1), "deleted", &u->mem, &deleted, u->err)) != 0)
			break;
		if (deleted.type == VALUE_NULL && link.type == VALUE_TEXT && strcmp(link.text, c->id) == 0) {
			rc = ERR(u->err, HS_ERR_CONFLICT, N_("cannot undo: {1} was added to {2} since by {3}"),
				 row_label(u, table, query_text(&q, 1)), row_label(u, c->table, c->id), query_text(&q, 3));
			break;
		}
	}
	query_close(&q);
	return rc;
}

/* A talk with the client is not unmade: a cancellation supersedes it (domain-rules §6), and that stands. */
static int undo_talk(struct undo *u, const struct undo_cell *c)
{
	struct rows rows;
	char number[24];
	int rc = store_row(u->s, TABLE_talk, c->id, &rows, u->err);

	if (rc != 0)
		return rc;
	if (ROWS(talk, &rows)->cancels[0] != '\0')
		rc = ERR(u->err, HS_ERR_STATE, N_("cannot undo: talk #{1} is a cancellation and stands; record the talk anew"),
			 ROWS(talk, &rows)->number);
	else
		talk_put_cancel(&u->tx, ROWS(talk, &rows), "", number);
	rows_release(&rows);
	return rc;
}

/* A row that the transaction made is not unmade but marked deleted, if it is still as it was made. */
static int undo_row(struct undo *u, const struct undo_cell *c)
{
	const struct table_info *t = table_info(c->table);
	struct value none = value_null();
	int rc = row_unused(u, c);

	for (size_t i = 0; rc == 0 && i < t->count; i++) {
		const struct undo_cell *own = undo_cell_find(u, c->row, t->columns[i].name);
		rc = cell_unchanged(u, c, t->columns[i].name, own != NULL ? &own->left : &none);
	}
	if (rc == 0 && c->table == TABLE_talk)
		return undo_talk(u, c);
	if (rc == 0)
		tx_delete(&u->tx, c->table, c->id);
	return rc;
}

/* What the cell held before the transaction, whatever its writer had seen. */
static int value_before(struct undo *u, const struct undo_cell *c, struct value *out)
{
	struct query q;
	int rc = query_open(&q, &u->s->db, "SELECT after FROM change WHERE row = ? AND col = ? AND tx < ? AND outcome <> 3"
		" ORDER BY tx DESC, n DESC LIMIT 1", u->err);

	*out = value_null();
	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, c->row);
	query_bind_text(&q, 2, c->column);
	query_bind_int(&q, 3, u->seq);
	if ((rc = query_step(&q, u->err)) == 1) {
		*out = query_value(&q, 0);
		if (out->type == VALUE_TEXT)
			out->text = arena_text(&u->mem, out->text);
	}
	query_close(&q);
	return rc < 0 ? rc : 0;
}

static int undo_cell(struct undo *u, const struct undo_cell *c)
{
	struct value before;
	int rc;

	if (c->table == TABLE_COUNT)
		return ERR(u->err, HS_ERR_NEWER, N_("this was written by a newer hoshu and cannot be undone here"));
	if (strcmp(c->column, "id") == 0)
		return undo_row(u, c);
	if (undo_cell_find(u, c->row, "id") != NULL)
		return 0;
	if (table_column(c->table, c->column) == NULL)
		return ERR(u->err, HS_ERR_NEWER, N_("this was written by a newer hoshu and cannot be undone here"));
	if ((rc = cell_unchanged(u, c, c->column, &c->left)) == 0 && (rc = value_before(u, c, &before)) == 0)
		tx_set(&u->tx, c->table, c->id, c->column, before, NULL);
	return rc;
}

int store_undo(struct store *s, const char *tx_id, const char *actor, int64_t now, char done[UUID_SIZE], struct err *err)
{
	struct undo u = { .s = s, .err = err };
	char root[UUID_SIZE] = "";
	bool is_undo = false;
	int rc;

	done[0] = '\0';
	if ((rc = undo_find(s, tx_id, root, &u.seq, &is_undo, err)) != 0 ||
	    (rc = tx_begin_undo(s, actor, is_undo ? "redo" : "undo", now, root, &u.tx, err)) != 0)
		return rc;
	/* Again, now that no other program can write in between. */
	if ((rc = undo_find(s, tx_id, root, &u.seq, &is_undo, err)) == 0)
		rc = undo_read(&u);
	for (size_t i = 0; rc == 0 && i < u.cells.len; i++)
		rc = undo_cell(&u, &u.cells.v[i]);
	if (rc == 0 && u.tx.error == 0 && u.tx.own.changes == 0)
		rc = ERR(err, HS_ERR_STATE, N_("there is nothing left of this change to undo"));
	if (rc == 0)
		rc = tx_commit(&u.tx, err);
	tx_rollback(&u.tx);
	if (rc == 0)
		memcpy(done, u.tx.id, UUID_SIZE);
	vec_release(&u.cells);
	arena_release(&u.mem);
	return rc;
}
