/* Reading rows into structs. See store.h, internal.h. */
#include <config.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/internal.h"

void rows_release(struct rows *rows)
{
	arena_release(&rows->mem);
	free(rows->v);
	*rows = (struct rows){ .table = rows->table };
}

void rows_columns(enum table_id table, const char *prefix, struct strbuf *out)
{
	const struct table_info *t = table_info(table);

	strbuf_addf(out, "%s\"id\"", prefix);
	for (size_t i = 0; i < t->count; i++)
		strbuf_addf(out, ", %s\"%s\"", prefix, t->columns[i].name);
}

void rows_add(struct rows *rows, struct query *q, int first)
{
	const struct table_info *t = table_info(rows->table);

	rows->v = vec_grow_(rows->v, rows->len, &rows->cap, t->size);
	char *row = (char *)rows->v + rows->len++ * t->size;
	*(const char **)row = query_text_in(q, first, &rows->mem);
	for (size_t i = 0; i < t->count; i++) {
		void *field = row + t->columns[i].offset;
		if (t->columns[i].type == COLUMN_TEXT)
			*(const char **)field = query_text_in(q, first + 1 + (int)i, &rows->mem);
		else
			*(int64_t *)field = query_int(q, first + 1 + (int)i);
	}
}

int rows_select(struct store *s, enum table_id table, const char *tail, const struct value *values, size_t n,
		struct rows *rows, struct err *err)
{
	struct strbuf sql = { 0 };
	struct query q;

	*rows = (struct rows){ .table = table };
	strbuf_add_text(&sql, "SELECT ");
	rows_columns(table, "", &sql);
	strbuf_addf(&sql, " FROM \"%s\" %s", table_info(table)->name, tail);
	int rc = query_open(&q, &s->db, strbuf_text(&sql), err);
	strbuf_release(&sql);
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < n; i++)
		query_bind(&q, (int)i + 1, &values[i]);
	while ((rc = query_step(&q, err)) == 1)
		rows_add(rows, &q, 0);
	query_close(&q);
	if (rc != 0)
		rows_release(rows);
	return rc;
}

int store_row(struct store *s, enum table_id table, const char *id, struct rows *out, struct err *err)
{
	struct value v = value_text(id);
	int rc = rows_select(s, table, "WHERE id = ? ORDER BY rowid LIMIT 1", &v, 1, out, err);

	if (rc == 0 && out->len == 0)
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("there is no '{1}'"), id);
	return rc;
}

int store_rows(struct store *s, enum table_id table, const char *column, const char *text, struct rows *out,
	       struct err *err)
{
	char tail[128] = "WHERE deleted IS NULL ORDER BY rowid";
	struct value v = value_text(text);

	*out = (struct rows){ .table = table };
	if (column == NULL)
		return rows_select(s, table, tail, NULL, 0, out, err);
	if (strcmp(column, "id") != 0 && table_column(table, column) == NULL)
		return ERR(err, HS_ERR_INTERNAL, N_("this is a fault in hoshu itself: {1} ({2})"), "no such column", column);
	snprintf(tail, sizeof tail, "WHERE \"%s\" IS ? AND deleted IS NULL ORDER BY rowid", column);
	return rows_select(s, table, tail, &v, 1, out, err);
}

static int find_number(struct store *s, enum table_id table, const char *text, struct rows *out, struct err *err)
{
	char number[24];
	size_t len = strnlen(text, sizeof number);

	*out = (struct rows){ .table = table };
	if (len == sizeof number)
		return 0;
	for (size_t i = 0; i <= len; i++)
		number[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] & ~0x20 : text[i]);
	struct value v[] = { value_int((int64_t)len), value_text(number) };
	return rows_select(s, table, "WHERE length(number) = ? AND number = ? ORDER BY rowid LIMIT 1", v, 2, out, err);
}

static int find_id(struct store *s, enum table_id table, const char *text, struct rows *out, struct err *err)
{
	char from[UUID_SIZE], to[UUID_SIZE + 1];
	size_t len = strnlen(text, UUID_SIZE);

	*out = (struct rows){ .table = table };
	if (len < 4 || len >= UUID_SIZE || text[strspn(text, "0123456789abcdefABCDEF-")] != '\0')
		return 0;
	for (size_t i = 0; i <= len; i++)
		from[i] = (char)tolower((unsigned char)text[i]);
	snprintf(to, sizeof to, "%s~", from);
	struct value v[] = { value_text(from), value_text(to) };
	return rows_select(s, table, "WHERE id >= ? AND id < ? AND deleted IS NULL LIMIT 2", v, 2, out, err);
}

int store_find(struct store *s, enum table_id table, const char *text, struct rows *out, struct err *err)
{
	const char *word = *text == '#' ? text + 1 : text;
	int rc = 0;

	*out = (struct rows){ .table = table };
	if (store_number_group(table) != NULL && (rc = find_number(s, table, word, out, err)) != 0)
		return rc;
	if (out->len == 1) {
		if (*(const int64_t *)((const char *)out->v + table_column(table, "deleted")->offset) == TIME_NONE)
			return 0;
		rows_release(out);
		return ERR(err, HS_ERR_NOT_FOUND, N_("'{1}' was deleted; its history is kept"), text);
	}
	if ((rc = find_id(s, table, word, out, err)) != 0)
		return rc;
	if (out->len == 1)
		return 0;
	rc = out->len > 1 ? ERR(err, HS_ERR_INVALID, N_("more than one id begins with '{1}'; give more of it"), text) :
			    ERR(err, HS_ERR_NOT_FOUND, N_("there is no '{1}'"), text);
	rows_release(out);
	return rc;
}
