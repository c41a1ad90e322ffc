/* Records that a word after ':' may name: what is open, and people; "#S39" for what has a number. A busy database offers none. */
#include <string.h>

#include "data/store/inventory.h"
#include "data/store/obligation.h"
#include "data/store/patch.h"
#include "data/store/ticket.h"
#include "tui/app/internal.h"

enum { OFFERS_MAX = 100 };

struct offering {
	const char *start;
	void (*each)(void *ctx, const char *text);
	void *ctx;
};

/* start may be typed with or without '#'. */
static void offer(const struct offering *o, const char *mark, const char *name)
{
	struct strbuf text = { 0 };
	const char *start = *mark != '\0' && *o->start == *mark ? o->start + 1 : o->start;

	if (*name != '\0' && strncmp(name, start, strlen(start)) == 0) {
		strbuf_addf(&text, "%s%s", mark, name);
		o->each(o->ctx, strbuf_text(&text));
	}
	strbuf_release(&text);
}

static void offer_tickets(const struct app *a, const struct offering *o)
{
	struct ticket_filter filter = { .scope = TICKETS_OPEN, .due_before = TIME_NONE, .after_closed_at = TIME_NONE,
					.limit = OFFERS_MAX };
	struct ticket_queue q = { 0 };

	if (tickets_load(app_store(a), app_contract(a), &filter, app_now(a), &q, NULL) != 0)
		return;
	for (size_t i = 0; i < q.list.len; i++)
		offer(o, "#", q.list.v[i].row.number);
	ticket_queue_release(&q);
}

static void offer_patches(const struct app *a, const struct offering *o)
{
	struct patch_backlog b = { 0 };

	if (patches_load(app_store(a), app_contract(a), PATCHES_OPEN, app_now(a), &b, NULL) != 0)
		return;
	for (size_t i = 0; i < b.len && i < OFFERS_MAX; i++)
		offer(o, "#", b.v[i].row->number);
	patch_backlog_release(&b);
}

static void offer_rows(const struct app *a, const struct offering *o, bool people)
{
	struct rows rows = { 0 };
	int rc = people ? staff_load(app_store(a), &rows, NULL) : terminals_load(app_store(a), &rows, NULL);

	for (size_t i = 0; rc == 0 && i < rows.len && i < OFFERS_MAX; i++)
		offer(o, "", people ? ROWS(staff, &rows)[i].short_name : ROWS(terminal, &rows)[i].code);
	rows_release(&rows);
}

void offer_records(const struct app *a, enum arg_kind kind, const char *start, void (*each)(void *ctx, const char *text), void *ctx)
{
	const struct offering o = { start, each, ctx };

	if (kind == ARG_TICKET)
		offer_tickets(a, &o);
	else if (kind == ARG_PATCH)
		offer_patches(a, &o);
	else if (kind == ARG_STAFF || kind == ARG_TERMINAL)
		offer_rows(a, &o, kind == ARG_STAFF);
}
