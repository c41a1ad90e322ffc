/* See patch.h. */
#include "data/store/patch.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/internal.h"
#include "data/store/put.h"

#define WHERE_OPEN "closed_at IS NULL AND deleted IS NULL LIMIT 2001"
#define WHERE_CLOSED "closed_at IS NOT NULL AND deleted IS NULL ORDER BY closed_at DESC LIMIT 2001"
#define WHERE_ALL "deleted IS NULL LIMIT 2001"
#define WHERE_ONE "id = ?1 AND deleted IS NULL"

/* Rows of a table that belong to the chosen patches, one patch's together, oldest first. */
static int load_of(struct store *s, enum table_id table, const char *column, const char *where, const struct value *id,
		   struct rows *out, struct err *err)
{
	struct strbuf tail = { 0 };

	strbuf_addf(&tail, "WHERE deleted IS NULL AND \"%s\" IN (SELECT id FROM patch WHERE %s) ORDER BY \"%s\", rowid",
		    column, where, column);
	int rc = rows_select(s, table, strbuf_text(&tail), id, id != NULL ? 1 : 0, out, err);
	strbuf_release(&tail);
	return rc;
}

static int load_stops(struct store *s, const char *where, const struct value *id, struct rows *out, struct err *err)
{
	struct strbuf tail = { 0 };

	strbuf_addf(&tail, "WHERE deleted IS NULL AND id IN (SELECT stop FROM patch WHERE %s)", where);
	int rc = rows_select(s, TABLE_stop, strbuf_text(&tail), id, id != NULL ? 1 : 0, out, err);
	strbuf_release(&tail);
	return rc;
}

static int load_rows(struct store *s, const char *where, const struct value *id, struct patch_backlog *b,
		     struct err *err)
{
	struct strbuf tail = { 0 };
	int rc;

	strbuf_addf(&tail, "WHERE %s", where);
	rc = rows_select(s, TABLE_patch, strbuf_text(&tail), id, id != NULL ? 1 : 0, &b->patches, err);
	strbuf_release(&tail);
	if (rc == 0)
		rc = load_of(s, TABLE_patch_step, "patch", where, id, &b->steps, err);
	if (rc == 0)
		rc = load_of(s, TABLE_patch_host, "patch", where, id, &b->hosts, err);
	if (rc == 0)
		rc = load_of(s, TABLE_talk, "subject", where, id, &b->talks, err);
	if (rc == 0)
		rc = load_of(s, TABLE_patch_advisory, "patch", where, id, &b->advisories, err);
	if (rc == 0)
		rc = load_stops(s, where, id, &b->stops, err);
	return rc;
}

/* The run of rows whose key column (a text at offset) is id; rows are ordered by it. */
static const void *run_of(const struct rows *rows, size_t offset, const char *id, size_t *count)
{
	size_t size = table_info(rows->table)->size, low = 0, high = rows->len, end;
	const char *base = rows->v, *key;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		memcpy(&key, base + mid * size + offset, sizeof key);
		if (strcmp(key, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < rows->len; end++) {
		memcpy(&key, base + end * size + offset, sizeof key);
		if (strcmp(key, id) != 0)
			break;
	}
	*count = end - low;
	return base != NULL ? base + low * size : NULL;
}

static const struct stop *stop_of(const struct rows *stops, const char *id)
{
	for (size_t i = 0; i < stops->len; i++) {
		if (strcmp(ROWS(stop, stops)[i].id, id) == 0)
			return &ROWS(stop, stops)[i];
	}
	return NULL;
}

static void fill_item(struct patch_backlog *b, const struct contract *c, const struct patch *row, int64_t now,
		      struct patch_item *item)
{
	struct patch_facts *f = &item->facts;

	item->row = f->patch = row;
	f->steps = run_of(&b->steps, offsetof(struct patch_step, patch), row->id, &f->step_count);
	f->hosts = run_of(&b->hosts, offsetof(struct patch_host, patch), row->id, &f->host_count);
	f->talks = run_of(&b->talks, offsetof(struct talk, subject), row->id, &f->talk_count);
	item->advisories = run_of(&b->advisories, offsetof(struct patch_advisory, patch), row->id,
				  &item->advisory_count);
	f->stop = stop_of(&b->stops, row->stop);
	patch_group(c, row->hosts, f);
	item->owed = patch_owed(f);
	item->closed = patch_closed(f);
	patch_next(f, now, c->offset_s, &item->next);
}

static int rank(const struct patch *p)
{
	return strcmp(p->significance, "yes") == 0 ? 0 : patch_obliges(p) ? 1 : 2;
}

static int order_numbers(int64_t a, int64_t b)
{
	/* What is not known comes last. */
	if (a == b)
		return 0;
	if (a == TIME_NONE || b == TIME_NONE)
		return a == TIME_NONE ? 1 : -1;
	return a < b ? -1 : 1;
}

static int by_urgency(const void *a, const void *b)
{
	const struct patch_item *x = a, *y = b;
	int order = 0;

	if (x->closed != y->closed)
		return x->closed ? 1 : -1;
	if (x->closed)
		order = order_numbers(y->row->closed_at, x->row->closed_at);
	if (order == 0)
		order = order_numbers(x->next.due, y->next.due);
	if (order == 0)
		order = rank(x->row) - rank(y->row);
	if (order == 0)
		order = order_numbers(x->row->published_at, y->row->published_at);
	return order != 0 ? order : strcmp(x->row->id, y->row->id);
}

static int load(struct store *s, const struct contract *c, const char *where, const struct value *id, int64_t now,
		struct patch_backlog *out, struct err *err)
{
	int rc;

	*out = (struct patch_backlog){ 0 };
	rc = load_rows(s, where, id, out, err);
	if (rc != 0) {
		patch_backlog_release(out);
		return rc;
	}
	out->more = out->patches.len > PATCHES_MAX;
	out->len = out->more ? PATCHES_MAX : out->patches.len;
	out->v = arena_alloc(&out->mem, (out->len + 1) * sizeof *out->v);
	for (size_t i = 0; i < out->len; i++)
		fill_item(out, c, &ROWS(patch, &out->patches)[i], now, &out->v[i]);
	if (out->len > 1)
		qsort(out->v, out->len, sizeof *out->v, by_urgency);
	return 0;
}

int patches_load(struct store *s, const struct contract *c, enum patch_scope scope, int64_t now,
		 struct patch_backlog *out, struct err *err)
{
	static const char *const wheres[] = { WHERE_OPEN, WHERE_CLOSED, WHERE_ALL };

	return load(s, c, wheres[scope], NULL, now, out, err);
}

int patch_load(struct store *s, const struct contract *c, const char *id, int64_t now, struct patch_backlog *out,
	       struct err *err)
{
	struct value v = value_text(id);
	int rc = load(s, c, WHERE_ONE, &v, now, out, err);

	if (rc == 0 && out->len == 0) {
		patch_backlog_release(out);
		return ERR(err, HS_ERR_NOT_FOUND, N_("there is no patch '{1}'"), id);
	}
	return rc;
}

void patch_backlog_release(struct patch_backlog *b)
{
	rows_release(&b->patches);
	rows_release(&b->steps);
	rows_release(&b->hosts);
	rows_release(&b->talks);
	rows_release(&b->stops);
	rows_release(&b->advisories);
	arena_release(&b->mem);
	*b = (struct patch_backlog){ 0 };
}

/* ---- writes ---- */

static void put_step(struct tx *tx, const char *patch, const char *stage, const char *body, const char *reason,
		     int64_t at)
{
	struct patch_step step;
	char id[UUID_SIZE] = "";

	table_row_init(TABLE_patch_step, &step);
	step.patch = patch;
	step.stage = stage;
	step.who = tx->actor;
	step.body = body;
	step.reason = reason;
	step.at = at;
	row_put(tx, TABLE_patch_step, &step, id, NULL);
}

void patch_put(struct tx *tx, const struct patch *draft, char id[UUID_SIZE], char number[24])
{
	struct patch row = *draft;

	row.stage = patch_stage_info(PATCH_PUBLISHED)->id;
	if (row.published_at == TIME_NONE)
		row.published_at = tx->now;
	id[0] = '\0';
	row_put(tx, TABLE_patch, &row, id, number);
	put_step(tx, id, row.stage, row.source, "", row.published_at);
}

void patch_put_step(struct tx *tx, const struct patch *p, const struct patch_request *r, const struct patch_outcome *o)
{
	put_step(tx, p->id, patch_stage_info(r->stage)->id, r->body, r->reason, r->at);
	tx_text(tx, TABLE_patch, p->id, COLUMN(patch, stage), o->stage);
	tx_text(tx, TABLE_patch, p->id, COLUMN(patch, action), o->action);
	tx_text(tx, TABLE_patch, p->id, COLUMN(patch, agreement), o->agreement);
	tx_text(tx, TABLE_patch, p->id, COLUMN(patch, stop), o->stop);
	tx_text(tx, TABLE_patch, p->id, COLUMN(patch, reason), o->reason);
	tx_text(tx, TABLE_patch, p->id, COLUMN(patch, emergency), o->emergency);
	tx_int(tx, TABLE_patch, p->id, COLUMN(patch, review_day), o->review_day);
	tx_int(tx, TABLE_patch, p->id, COLUMN(patch, closed_at), o->closed_at);
}

void patch_put_host(struct tx *tx, const char *patch, const char *host, const char *version, const char *reboot_pending,
		    int64_t verified_at)
{
	char id[UUID_SIZE];

	ROW_ID_OF(id, "patch_host", patch, host);
	if (tx_insert(tx, TABLE_patch_host, id)) {
		tx_text(tx, TABLE_patch_host, id, COLUMN(patch_host, patch), patch);
		tx_text(tx, TABLE_patch_host, id, COLUMN(patch_host, host), host);
	}
	tx_text(tx, TABLE_patch_host, id, COLUMN(patch_host, version), version);
	tx_text(tx, TABLE_patch_host, id, COLUMN(patch_host, reboot_pending), reboot_pending);
	tx_int(tx, TABLE_patch_host, id, COLUMN(patch_host, verified_at), verified_at);
}

void patch_put_advisory(struct tx *tx, const char *patch, const char *advisory)
{
	char id[UUID_SIZE];

	ROW_ID_OF(id, "patch_advisory", patch, advisory);
	if (!tx_insert(tx, TABLE_patch_advisory, id))
		return;
	tx_text(tx, TABLE_patch_advisory, id, COLUMN(patch_advisory, patch), patch);
	tx_text(tx, TABLE_patch_advisory, id, COLUMN(patch_advisory, advisory), advisory);
}
