/* What the overview shows, read from the databases: the situation, open tickets, patches, obligations, events. */
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/patch/patch.h"
#include "data/store/obligation.h"
#include "data/store/patch.h"
#include "data/store/ticket.h"
#include "tui/screen/overview.h"
#include "tui/widget/tr.h"

enum { TICKETS_READ = 100, EVENTS_READ = 40 };

static int by_due(const void *a, const void *b)
{
	int64_t x = ((const struct need *)a)->due, y = ((const struct need *)b)->due;

	x = x == TIME_NONE ? INT64_MAX : x;
	y = y == TIME_NONE ? INT64_MAX : y;
	return (x > y) - (x < y);
}

static struct need *add_need(struct overview *o, int64_t due, enum role role, char mark, const char *text)
{
	struct need *n = vec_add(&o->needs);

	*n = (struct need){ .due = due, .role = role, .mark = mark, .text = arena_text(&o->mem, text) };
	return n;
}

static void site_ticket(struct overview *o, const struct ticket *t)
{
	for (size_t i = 0; i < o->contract->site_count; i++) {
		struct strbuf text = { 0 };
		if (strcmp(o->contract->sites[i].id, t->site) != 0)
			continue;
		strbuf_addf(&text, "%s%s#%s", o->site_tickets[i], o->site_tickets[i][0] != '\0' ? " " : "", t->number);
		o->site_tickets[i] = arena_text(&o->mem, strbuf_text(&text));
		strbuf_release(&text);
	}
}

static int fill_tickets(struct overview *o, struct store *store, struct err *err)
{
	struct ticket_filter filter = { .scope = TICKETS_OPEN, .due_before = TIME_NONE, .after_closed_at = TIME_NONE,
					.limit = TICKETS_READ };
	struct ticket_queue q = { 0 };
	struct strbuf text = { 0 };
	int rc = tickets_load(store, o->contract, &filter, o->now, &q, err);

	for (size_t i = 0; rc == 0 && i < q.list.len; i++) {
		const struct ticket_item *t = &q.list.v[i];
		bool major = strcmp(t->row.severity, "major") == 0, over = t->recovery.over_s > 0;
		bool open = t->recovery.remaining_s != TIME_NONE;
		strbuf_clear(&text);
		strbuf_addf(&text, "#%s %s", t->row.number, t->row.title);
		add_need(o, open ? t->recovery.due : TIME_NONE, major || over ? ROLE_bad : ROLE_warn, major ? 'X' : '!',
			 strbuf_text(&text))->guideline = true;
		site_ticket(o, &t->row);
	}
	o->tickets = rc == 0 && q.total > 0 ? (int)q.total : (int)q.list.len;
	strbuf_release(&text);
	ticket_queue_release(&q);
	return rc;
}

static int fill_patches(struct overview *o, struct store *store, struct err *err)
{
	struct patch_backlog b = { 0 };
	struct strbuf text = { 0 };
	int rc = patches_load(store, o->contract, PATCHES_OPEN, o->now, &b, err);

	for (size_t i = 0; rc == 0 && i < b.len; i++) {
		const struct patch *p = b.v[i].row;
		const struct patch_stage_info *stage =
			patch_stage(p) != PATCH_STAGE_COUNT ? patch_stage_info(patch_stage(p)) : NULL;
		strbuf_clear(&text);
		strbuf_addf(&text, "#%s %s %s %s", p->number, p->package, p->target,
			    stage != NULL ? tr_in("patch stage", stage->label) : p->stage);
		bool over = p->due_at != TIME_NONE && p->due_at < o->now;
		add_need(o, p->due_at, over ? ROLE_bad : patch_obliges(p) ? ROLE_warn : ROLE_text, over ? 'X' : '!', strbuf_text(&text));
	}
	o->patches = rc == 0 ? (int)b.len : 0;
	strbuf_release(&text);
	patch_backlog_release(&b);
	return rc;
}

static const char *duty_name(const struct obligation *d)
{
	if (d->name != NULL)
		return tr_label(d->name);
	if (strcmp(d->kind, OBLIGATION_MEETING) == 0)
		return tr(N_("regular meeting"));
	return strcmp(d->kind, OBLIGATION_INVENTORY) == 0 ? tr(N_("inventory check")) : d->kind;
}

static int fill_duties(struct overview *o, struct store *store, struct err *err)
{
	static const enum role roles[] = { [OBLIGATION_COMING] = ROLE_text, [OBLIGATION_NEAR] = ROLE_warn,
					   [OBLIGATION_OVERDUE] = ROLE_bad, [OBLIGATION_DONE] = ROLE_ok };
	struct obligation_view v = { 0 };
	int rc = obligations_load(store, o->contract, o->now, &v, err);

	for (size_t i = 0; rc == 0 && i < v.due.list.len; i++) {
		const struct obligation *d = &v.due.list.v[i];
		struct duty *duty = vec_add(&o->duties);
		*duty = (struct duty){ .name = arena_text(&o->mem, duty_name(d)), .due_day = d->due_day, .role = roles[d->state],
				       .state = tr_in("obligation", obligation_state_label(d->state)) };
		if (d->state != OBLIGATION_NEAR && d->state != OBLIGATION_OVERDUE)
			continue;
		o->submissions++;
		int64_t due = d->due_day != DAY_NONE ? day_start(d->due_day + 1, o->contract->offset_s) - 1 : TIME_NONE;
		add_need(o, due, roles[d->state], d->state == OBLIGATION_OVERDUE ? 'X' : '!', duty_name(d));
	}
	obligation_view_release(&v);
	return rc;
}

static void forget(struct overview *o)
{
	arena_release(&o->mem);
	vec_clear(&o->needs);
	vec_clear(&o->duties);
	status_events_release(&o->events);
	o->tickets = o->patches = o->submissions = 0;
}

/* Everything that can be found busy is read into a fresh model, so that the old rows stay whole. */
int overview_fill(struct overview *o, struct store *store, struct status *status, const struct contract *c, int64_t now,
		  struct err *err)
{
	struct overview fresh = { .contract = c, .now = now };
	int rc = situation_view_load(&fresh.view, store, status, c, now, err);

	fresh.site_tickets = arena_alloc(&fresh.mem, (c->site_count + 1) * sizeof *fresh.site_tickets);
	for (size_t i = 0; i < c->site_count; i++)
		fresh.site_tickets[i] = "";
	if (rc == 0)
		rc = fill_tickets(&fresh, store, err);
	if (rc == 0)
		rc = fill_patches(&fresh, store, err);
	if (rc == 0)
		rc = fill_duties(&fresh, store, err);
	if (rc == 0 && status != NULL)
		rc = status_events(status, INT64_MAX, EVENTS_READ, &fresh.events, err);
	struct overview *gone = rc == 0 ? o : &fresh;
	situation_view_release(&gone->view);
	forget(gone);
	vec_release(&gone->needs);
	vec_release(&gone->duties);
	if (rc != 0)
		return rc;
	if (fresh.needs.len > 1)
		qsort(fresh.needs.v, fresh.needs.len, sizeof *fresh.needs.v, by_due);
	fresh.services = o->services;
	fresh.sites = o->sites;
	fresh.sites_focused = o->sites_focused;
	*o = fresh;
	list_refill(&o->services);
	list_refill(&o->sites);
	return 0;
}

void overview_release(struct overview *o)
{
	list_release(&o->services);
	list_release(&o->sites);
	situation_view_release(&o->view);
	forget(o);
	vec_release(&o->needs);
	vec_release(&o->duties);
}
