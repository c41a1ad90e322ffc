/* What the overview shows, read from the databases: the situation, open tickets, patches, obligations, events. */
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/civil.h"
#include "data/store/inventory.h"
#include "data/store/obligation.h"
#include "data/store/patch.h"
#include "data/store/ticket.h"
#include "tui/command/command.h"
#include "tui/screen/overview.h"
#include "tui/widget/tr.h"

enum { TICKETS_READ = 100, EVENTS_READ = 40, CHANGES_READ = 200, STOP_DAYS = 14 };

/* Nearest first; what is broken already and has no date before all, what only waits after all. */
static int by_due(const void *a, const void *b)
{
	const struct need *x = a, *y = b;
	int64_t p = x->due != TIME_NONE ? x->due : x->mark == 'X' ? INT64_MIN : INT64_MAX;
	int64_t q = y->due != TIME_NONE ? y->due : y->mark == 'X' ? INT64_MIN : INT64_MAX;

	return (p > q) - (p < q);
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
		if (patch_stage(p) != PATCH_STAGE_COUNT)
			o->patch_stages[patch_stage(p)]++;
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
		add_need(o, due, roles[d->state], d->state == OBLIGATION_OVERDUE ? 'X' : '!', duty_name(d))->day = true;
	}
	obligation_view_release(&v);
	return rc;
}

/* S2.1: what the crew lacks, now and ahead. */
static int fill_crew(struct overview *o, struct store *store, struct err *err)
{
	struct staff_breaches found = { 0 };
	struct rows rows = { 0 };
	struct strbuf text = { 0 };
	int offset = o->contract->offset_s;
	int32_t today = day_of_time(o->now, offset), end = o->contract->to_day > today ? o->contract->to_day : today;
	int rc = staff_load(store, &rows, err);

	if (rc == 0)
		staff_review(o->contract, rows.v, rows.len, today, end, &found);
	for (size_t i = 0; i < found.list.len; i++) {
		const struct staff_breach *b = &found.list.v[i];
		bool already = b->from_day <= today;
		strbuf_clear(&text);
		strbuf_addf(&text, "%s ", tr(N_("crew:")));
		msg_format(&b->what, tr, &text);
		struct need *n = add_need(o, already ? TIME_NONE : day_start(b->from_day, offset), already ? ROLE_bad : ROLE_warn,
					  already ? 'X' : '!', strbuf_text(&text));
		n->day = n->begins = true;
	}
	o->breaches = (int)found.list.len;
	strbuf_release(&text);
	staff_breaches_release(&found);
	rows_release(&rows);
	return rc;
}

/* What the inventory check misses or owes. */
static int fill_inventory(struct overview *o, struct store *store, struct err *err)
{
	struct inventory_view v = { 0 };
	struct findings found = { 0 };
	struct strbuf text = { 0 };
	int rc = inventory_load(store, o->contract, "", &v, err);

	if (rc == 0 && v.facts.campaign != NULL)
		inventory_review(&v.facts, o->now, &found);
	for (size_t i = 0; i < found.list.len; i++) {
		const struct finding *f = &found.list.v[i];
		const struct site *site = contract_site(o->contract, f->site);
		strbuf_clear(&text);
		strbuf_addf(&text, "%s ", tr(N_("inventory:")));
		if (*f->site != '\0')
			strbuf_addf(&text, "%s ", site != NULL ? tr_label_short(&site->name) : f->site);
		msg_format(&f->what, tr, &text);
		add_need(o, TIME_NONE, ROLE_warn, '!', strbuf_text(&text));
	}
	o->findings = (int)found.list.len;
	strbuf_release(&text);
	vec_release(&found.list);
	inventory_view_release(&v);
	return rc;
}

/* The nearest planned stop of each service; those of the next two weeks are to be prepared. */
static void fill_stops(struct overview *o)
{
	const struct situation_view *v = &o->view;
	int64_t from, to;

	for (size_t i = 0; i < v->stop_rows.len; i++) {
		const struct stop *stop = &ROWS(stop, &v->stop_rows)[i];
		if (!stop_next(stop, o->contract->offset_s, o->now, &from, &to))
			continue;
		for (size_t k = 0; k < v->stop_services.len; k++) {
			const struct stop_service *link = &ROWS(stop_service, &v->stop_services)[k];
			for (size_t n = 0; n < o->contract->service_count; n++) {
				if (strcmp(link->stop, stop->id) != 0 || strcmp(link->service, o->contract->services[n].id) != 0)
					continue;
				if (o->next_stops[n] == TIME_NONE || from < o->next_stops[n])
					o->next_stops[n] = from;
			}
		}
		if (from - o->now > STOP_DAYS * DAY_SECONDS)
			continue;
		struct strbuf text = { 0 };
		strbuf_addf(&text, "%s #%s %s", tr(N_("planned stop")), stop->number, stop->title);
		add_need(o, from, ROLE_text, '-', strbuf_text(&text))->begins = true;
		strbuf_release(&text);
		o->stops++;
	}
}

static int newest_first(const void *a, const void *b)
{
	int64_t x = ((const struct happening *)a)->at, y = ((const struct happening *)b)->at;

	return (x < y) - (x > y);
}

static void add_happening(struct overview *o, int64_t at, const struct strbuf *text)
{
	struct happening *h = vec_add(&o->past);

	*h = (struct happening){ .at = at, .text = arena_text(&o->mem, strbuf_text(text)) };
}

/* "S39 ticket stage": the number that the transaction's changes carry, and its verb. */
static void add_act(struct overview *o, struct store *store, const struct change_row *c, size_t count)
{
	struct strbuf text = { 0 };
	struct rows rows;

	time_format(c->at, o->contract->offset_s, TIME_SHORT, &text);
	const struct command *verb = command_by_name(c->verb);
	strbuf_addf(&text, " %s %s", strcmp(c->actor, "auto") == 0 ? tr(N_("automatic")) : c->actor,
		    verb != NULL ? tr(verb->summary) : c->verb);
	for (size_t i = 0; i < count; i++) {
		enum table_id table = table_find(c[i].table);
		const struct column *number = table != TABLE_COUNT ? table_column(table, "number") : NULL;
		if (number == NULL || store_row(store, table, c[i].row, &rows, NULL) != 0)
			continue;
		strbuf_addf(&text, " #%s", *(const char *const *)((const char *)rows.v + number->offset));
		rows_release(&rows);
		break;
	}
	add_happening(o, c->at, &text);
	strbuf_release(&text);
}

/* What people wrote and what was measured, newest first. */
static int fill_past(struct overview *o, struct store *store, struct status *status, struct err *err)
{
	struct status_events events = { 0 };
	struct change_rows acts = { 0 };
	struct strbuf text = { 0 };
	int rc = status != NULL ? status_events(status, INT64_MAX, EVENTS_READ, &events, err) : 0;

	if (rc == 0)
		rc = store_history(store, NULL, TIME_NONE, CHANGES_READ, &acts, err);
	for (size_t i = 0; rc == 0 && i < events.list.len; i++) {
		strbuf_clear(&text);
		add_event(o->contract, &events.list.v[i], &text);
		add_happening(o, events.list.v[i].at, &text);
	}
	for (size_t i = 0, from; rc == 0 && i < acts.list.len && o->past.len < 2 * EVENTS_READ;) {
		for (from = i; i < acts.list.len && strcmp(acts.list.v[i].tx, acts.list.v[from].tx) == 0;)
			i++;
		add_act(o, store, &acts.list.v[from], i - from);
	}
	if (o->past.len > 1)
		qsort(o->past.v, o->past.len, sizeof *o->past.v, newest_first);
	strbuf_release(&text);
	status_events_release(&events);
	change_rows_release(&acts);
	return rc;
}

static void forget(struct overview *o)
{
	arena_release(&o->mem);
	vec_clear(&o->needs);
	vec_clear(&o->duties);
	vec_clear(&o->past);
}

/* Everything that can be found busy is read into a fresh model, so that the old rows stay whole. */
int overview_fill(struct overview *o, struct store *store, struct status *status, const struct contract *c, int64_t now,
		  struct err *err)
{
	struct overview fresh = { .contract = c, .now = now };
	int rc = situation_view_load(&fresh.view, store, status, c, now, err);

	fresh.next_stops = arena_alloc(&fresh.mem, (c->service_count + 1) * sizeof *fresh.next_stops);
	for (size_t i = 0; i < c->service_count; i++)
		fresh.next_stops[i] = TIME_NONE;
	fresh.site_tickets = arena_alloc(&fresh.mem, (c->site_count + 1) * sizeof *fresh.site_tickets);
	for (size_t i = 0; i < c->site_count; i++)
		fresh.site_tickets[i] = "";
	if (rc == 0)
		rc = fill_tickets(&fresh, store, err);
	if (rc == 0)
		rc = fill_patches(&fresh, store, err);
	if (rc == 0)
		rc = fill_duties(&fresh, store, err);
	if (rc == 0)
		rc = fill_crew(&fresh, store, err);
	if (rc == 0)
		rc = fill_inventory(&fresh, store, err);
	if (rc == 0)
		rc = fill_past(&fresh, store, status, err);
	if (rc == 0)
		fill_stops(&fresh);
	struct overview *gone = rc == 0 ? o : &fresh;
	situation_view_release(&gone->view);
	forget(gone);
	vec_release(&gone->needs);
	vec_release(&gone->duties);
	vec_release(&gone->past);
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
	vec_release(&o->past);
}
