/* Reading tickets; see ticket.h.
 *
 * The exact order of the queue needs the clock, which SQL does not know. So rows come in the order of an index that is near to it
 * (not recovered by contact, without contact, recovered), at most limit of them, and are sorted exactly here. */
#include "data/store/ticket.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/civil.h"
#include "core/base/strbuf.h"
#include "core/ticket/flow.h"
#include "data/store/internal.h"
#include "data/store/talk.h"

enum { HISTORY_ROWS = 200 };

/* What a row of the queue needs beside the ticket: the agreement that holds, what joined, the newest word. */
#define QUEUE_COLUMNS \
	", d.at, d.new_due," \
	" (SELECT count(*) FROM ticket_check j WHERE j.ticket = t.id AND j.deleted IS NULL) +" \
	" (SELECT count(*) FROM ticket p WHERE p.parent = t.id AND p.deleted IS NULL)," \
	" max(coalesce(t.opened_at, 0), coalesce((SELECT max(n.at) FROM note n WHERE n.subject = t.id), 0)," \
	" coalesce((SELECT max(g.at) FROM ticket_stage g WHERE g.ticket = t.id), 0))"
#define QUEUE_FROM \
	" FROM ticket t LEFT JOIN talk d ON d.id = t.deferral AND d.deleted IS NULL AND NOT EXISTS" \
	" (SELECT 1 FROM talk x WHERE x.subject = d.subject AND x.cancels = d.id AND x.deleted IS NULL)"
#define QUEUE_FILTER \
	" AND (?1 IS NULL OR t.site = ?1) AND (?2 IS NULL OR t.kind = ?2) AND (?3 IS NULL OR t.owner = ?3)" \
	" AND (?4 IS NULL OR t.severity = ?4)"

static const char *const open_parts[] = {
	QUEUE_FROM " WHERE t.closed_at IS NULL AND t.recovered_at IS NULL AND t.deleted IS NULL AND t.contact_at IS NOT NULL"
	QUEUE_FILTER " ORDER BY t.contact_at LIMIT ?5",
	QUEUE_FROM " WHERE t.closed_at IS NULL AND t.recovered_at IS NULL AND t.deleted IS NULL AND t.contact_at IS NULL"
	QUEUE_FILTER " ORDER BY t.opened_at LIMIT ?5",
	QUEUE_FROM " WHERE t.closed_at IS NULL AND t.recovered_at IS NOT NULL AND t.deleted IS NULL"
	QUEUE_FILTER " ORDER BY t.contact_at LIMIT ?5",
};
static const char closed_part[] = QUEUE_FROM
	" WHERE t.closed_at IS NOT NULL AND t.deleted IS NULL" QUEUE_FILTER
	" AND (t.closed_at, t.id) < (?6, ?7) ORDER BY t.closed_at DESC, t.id DESC LIMIT ?5";

struct loading {
	struct store *store;
	const struct contract *contract;
	const struct ticket_filter *filter;
	struct ticket_queue *out;
	int64_t now;
	struct strbuf columns;
};

static void load_begin(struct loading *l)
{
	strbuf_add_text(&l->columns, "SELECT ");
	rows_columns(TABLE_ticket, "t.", &l->columns);
	strbuf_add_text(&l->columns, QUEUE_COLUMNS);
}

void ticket_item_judge(struct ticket_item *item, const struct contract *c, int64_t now)
{
	struct talk deferral;

	table_row_init(TABLE_talk, &deferral);
	deferral.at = item->deferral_at;
	deferral.new_due = item->deferral_due;
	ticket_recovery(&item->row, deferral.at != TIME_NONE ? &deferral : NULL, c, now, &item->recovery);
}

static void read_item(struct loading *l, struct query *q)
{
	struct ticket_item *item = vec_add(&l->out->list);
	int extra = (int)table_info(TABLE_ticket)->count + 1;

	rows_add(&l->out->rows, q, 0);
	item->row = ROWS(ticket, &l->out->rows)[l->out->rows.len - 1];
	item->deferral_at = query_int(q, extra);
	item->deferral_due = query_int(q, extra + 1);
	item->joined = (int)query_int(q, extra + 2);
	item->touched_at = query_int(q, extra + 3);
	ticket_item_judge(item, l->contract, l->now);
	int64_t before = l->filter->due_before;
	if (before != TIME_NONE && (item->recovery.due == TIME_NONE || item->recovery.due >= before))
		l->out->list.len--;
}

/* Reads the rows of one part, at most room; *cut when there were more. */
static int load_part(struct loading *l, const char *part, size_t room, bool *cut, struct err *err)
{
	const struct ticket_filter *f = l->filter;
	struct query q = { 0 };
	struct strbuf sql = { 0 };
	size_t n = 0;

	strbuf_add_text(&sql, strbuf_text(&l->columns));
	strbuf_add_text(&sql, part);
	int rc = query_open(&q, &l->store->db, strbuf_text(&sql), err);
	if (rc != 0)
		goto out;
	query_bind_text(&q, 1, f->site);
	query_bind_text(&q, 2, f->kind);
	query_bind_text(&q, 3, f->owner);
	query_bind_text(&q, 4, f->severity);
	query_bind_int(&q, 5, room == SIZE_MAX ? -1 : (int64_t)room + 1);
	if (part == closed_part) {
		query_bind_int(&q, 6, f->after_closed_at != TIME_NONE ? f->after_closed_at : INT64_MAX);
		query_bind_text(&q, 7, f->after_id != NULL && f->after_id[0] != '\0' ? f->after_id : "~");
	}
	while ((rc = query_step(&q, err)) == 1) {
		if (n++ < room)
			read_item(l, &q);
		else
			*cut = true;
	}
out:
	query_close(&q);
	strbuf_release(&sql);
	return rc;
}

static int by_pressure(const void *a, const void *b)
{
	const struct ticket_item *x = a, *y = b;
	int order = recovery_compare(&x->recovery, severity_of(x->row.severity), &y->recovery, severity_of(y->row.severity));

	if (order != 0)
		return order;
	if (x->row.opened_at != y->row.opened_at)
		return x->row.opened_at < y->row.opened_at ? -1 : 1;
	size_t nx = strlen(x->row.number), ny = strlen(y->row.number);
	if (nx != ny)
		return nx < ny ? -1 : 1;
	int by_number = strcmp(x->row.number, y->row.number);
	return by_number != 0 ? by_number : strcmp(x->row.id, y->row.id);
}

static size_t room_left(const struct ticket_filter *f, const struct ticket_queue *q)
{
	if (f->limit == 0)
		return SIZE_MAX;
	return q->rows.len < f->limit ? f->limit - q->rows.len : 0;
}

static int load_open(struct loading *l, struct err *err)
{
	for (size_t i = 0; i < sizeof open_parts / sizeof *open_parts; i++) {
		int rc = load_part(l, open_parts[i], room_left(l->filter, l->out), &l->out->more, err);
		if (rc != 0)
			return rc;
	}
	if (l->out->list.len > 1)
		qsort(l->out->list.v, l->out->list.len, sizeof *l->out->list.v, by_pressure);
	return 0;
}

/* Counting costs a look at each open ticket: by the index alone when nothing filters. */
static int count_open(struct loading *l, struct err *err)
{
	const struct ticket_filter *f = l->filter;
	bool filtered = (f->site != NULL && f->site[0] != '\0') || (f->kind != NULL && f->kind[0] != '\0') ||
			(f->owner != NULL && f->owner[0] != '\0') || (f->severity != NULL && f->severity[0] != '\0') ||
			f->due_before != TIME_NONE || f->scope != TICKETS_OPEN;

	l->out->total = -1;
	if (!l->out->more) {
		l->out->total = (int64_t)l->out->list.len;
		return 0;
	}
	if (filtered)
		return 0;
	return db_int(&l->store->db, "SELECT count(*) FROM ticket WHERE closed_at IS NULL AND deleted IS NULL", 0, &l->out->total,
		      err);
}

int tickets_load(struct store *s, const struct contract *c, const struct ticket_filter *f, int64_t now,
		 struct ticket_queue *out, struct err *err)
{
	struct loading l = { .store = s, .contract = c, .filter = f, .out = out, .now = now };
	bool paging = f->after_closed_at != TIME_NONE;
	int rc = 0;

	*out = (struct ticket_queue){ .rows.table = TABLE_ticket, .total = -1 };
	load_begin(&l);
	if (f->scope != TICKETS_CLOSED && !paging)
		rc = load_open(&l, err);
	if (rc == 0 && f->scope != TICKETS_OPEN)
		rc = load_part(&l, closed_part, room_left(f, out), &out->more, err);
	if (rc == 0)
		rc = count_open(&l, err);
	strbuf_release(&l.columns);
	if (rc != 0)
		ticket_queue_release(out);
	return rc;
}

void ticket_queue_release(struct ticket_queue *q)
{
	rows_release(&q->rows);
	vec_release(&q->list);
	*q = (struct ticket_queue){ .rows.table = TABLE_ticket, .total = -1 };
}

/* ---- figures ---- */

static void add_figure(const struct ticket *t, const struct recovery *r, int64_t *sum, struct ticket_figures *out)
{
	out->major++;
	if (r->state == RECOVERY_OUT_OF_SCOPE)
		return;
	if (!r->judged) {
		out->undecided++;
		return;
	}
	if (r->state != RECOVERY_MET && r->state != RECOVERY_MISSED) {
		out->running++;
		return;
	}
	out->met += r->state == RECOVERY_MET;
	out->missed += r->state == RECOVERY_MISSED;
	*sum += r->elapsed_s;
	if (out->longest_s == TIME_NONE || r->elapsed_s > out->longest_s) {
		out->longest_s = r->elapsed_s;
		size_t len = strnlen(t->number, sizeof out->longest - 1);
		memcpy(out->longest, t->number, len);
		out->longest[len] = '\0';
	}
}

int ticket_figures(struct store *s, const struct contract *c, int64_t from, int64_t to, int64_t now,
		   struct ticket_figures *out, struct err *err)
{
	struct rows rows;
	struct recovery r;
	int64_t sum = 0;

	*out = (struct ticket_figures){ .average_s = TIME_NONE, .longest_s = TIME_NONE };
	int rc = rows_select(s, TABLE_ticket,
			     "WHERE severity = 'major' AND deleted IS NULL AND coalesce(contact_at, detected_at, opened_at) >= ?"
			     " AND coalesce(contact_at, detected_at, opened_at) < ?",
			     (struct value[]){ value_int(from), value_int(to) }, 2, &rows, err);
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < rows.len; i++) {
		const struct ticket *t = &ROWS(ticket, &rows)[i];
		const struct flow *flow = contract_flow(c, t->kind);
		ticket_recovery(t, NULL, c, now, &r);
		if (flow != NULL && flow->clock && !ticket_absorbed(t, flow))
			add_figure(t, &r, &sum, out);
	}
	if (out->met + out->missed > 0)
		out->average_s = sum / (out->met + out->missed);
	rows_release(&rows);
	return 0;
}

/* ---- one ticket ---- */

static const struct talk *deferral_of(const struct ticket *t, const struct rows *talks)
{
	for (size_t i = 0; i < talks->len; i++) {
		const struct talk *talk = &ROWS(talk, talks)[i];
		if (t->deferral[0] != '\0' && strcmp(talk->id, t->deferral) == 0 && !talk_cancelled(talks, talk->id))
			return talk;
	}
	return NULL;
}

static int load_parts(struct store *s, const char *id, struct ticket_detail *d, struct err *err)
{
	const struct {
		struct rows *rows;
		enum table_id table;
		const char *tail;
	} parts[] = {
		{ &d->stages, TABLE_ticket_stage, "WHERE ticket = ? AND deleted IS NULL ORDER BY at, rowid" },
		{ &d->checks, TABLE_ticket_check, "WHERE ticket = ? AND deleted IS NULL ORDER BY at, rowid" },
		{ &d->notes, TABLE_note, "WHERE subject = ? AND deleted IS NULL ORDER BY at, rowid" },
		{ &d->ticks, TABLE_tick, "WHERE subject = ? AND deleted IS NULL" },
		{ &d->talks, TABLE_talk, "WHERE subject = ? AND deleted IS NULL ORDER BY at, rowid" },
		{ &d->children, TABLE_ticket, "WHERE parent = ? AND deleted IS NULL ORDER BY opened_at LIMIT 200" },
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		int rc = rows_select(s, parts[i].table, parts[i].tail, (struct value[]){ value_text(id) }, 1, parts[i].rows, err);
		if (rc != 0)
			return rc;
	}
	return store_history(s, id, TIME_NONE, HISTORY_ROWS, &d->history, err);
}

int ticket_load(struct store *s, const struct contract *c, const char *id, int64_t now, struct ticket_detail *out,
		struct err *err)
{
	*out = (struct ticket_detail){ 0 };
	int rc = store_row(s, TABLE_ticket, id, &out->ticket, err);
	if (rc == 0)
		rc = load_parts(s, id, out, err);
	if (rc != 0) {
		ticket_detail_release(out);
		return rc;
	}
	const struct ticket *t = ROWS(ticket, &out->ticket);
	out->deferral = deferral_of(t, &out->talks);
	ticket_recovery(t, out->deferral, c, now, &out->recovery);
	return 0;
}

void ticket_detail_release(struct ticket_detail *d)
{
	struct rows *parts[] = { &d->ticket, &d->stages, &d->checks, &d->notes, &d->ticks, &d->talks, &d->children };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		rows_release(parts[i]);
	change_rows_release(&d->history);
	*d = (struct ticket_detail){ 0 };
}
