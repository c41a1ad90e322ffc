/* See obligation.h: what is due. */
#include "core/obligation/obligation.h"

#include <stdlib.h>
#include <string.h>

#include "core/calendar/calendar.h"

static const char *const state_names[] = { "coming", "near", "overdue", "done" };
static const char *const state_labels[] = {
	NC_("obligation", "coming"), NC_("obligation", "due soon"), NC_("obligation", "overdue"),
	NC_("obligation", "submitted"),
};

const char *obligation_state_name(enum obligation_state s)
{
	return state_names[s];
}

const char *obligation_state_label(enum obligation_state s)
{
	return state_labels[s];
}

int32_t obligation_due(const struct contract *c, const struct deliverable_rule *rule, int32_t about)
{
	struct calendar cal;

	if (strcmp(rule->rule, "yearly") == 0) {
		int year = fiscal_year(about);
		if (rule->month < 1 || rule->month > 12)
			return DAY_NONE;
		year += rule->month < 4;
		int last = month_days(year, rule->month);
		return day_from_civil(year, rule->month, rule->day < last ? rule->day : last);
	}
	if (strcmp(rule->rule, "at-meeting") == 0)
		return about;
	if (strcmp(rule->rule, "after-meeting") == 0) {
		calendar_of(c, &cal);
		return business_days_after(&cal, about, rule->business_days);
	}
	return DAY_NONE;
}

/* Nothing is owed before the term, or before the system went live. */
static int32_t first_day(const struct contract *c)
{
	return c->go_live_day > c->from_day ? c->go_live_day : c->from_day;
}

int32_t obligation_next_meeting(const struct contract *c, int32_t last)
{
	int32_t base = last != DAY_NONE ? last : c->go_live_day;

	return base == DAY_NONE || c->meeting_months <= 0 ? DAY_NONE : day_add_months(base, c->meeting_months);
}

enum obligation_state obligation_state_on(int32_t due_day, int64_t done_at, int32_t today)
{
	if (done_at != TIME_NONE)
		return OBLIGATION_DONE;
	if (due_day == DAY_NONE)
		return OBLIGATION_COMING;
	if (today > due_day)
		return OBLIGATION_OVERDUE;
	return due_day - today <= OBLIGATION_NEAR_DAYS ? OBLIGATION_NEAR : OBLIGATION_COMING;
}

static void add(struct obligations *out, const struct contract *c, struct obligation o, int32_t today)
{
	if (o.done_at != TIME_NONE && o.due_day != DAY_NONE)
		o.late = day_of_time(o.done_at, c->offset_s) > o.due_day;
	o.state = obligation_state_on(o.due_day, o.done_at, today);
	vec_push(&out->list, o);
}

/* Does this row answer the obligation? By its meeting where it names one, else by the fiscal year it was due in. */
static bool answers(const struct deliverable *d, const struct obligation *o)
{
	if (d->deleted != TIME_NONE || strcmp(d->kind, o->kind) != 0)
		return false;
	if (*o->subject != '\0' || *d->subject != '\0')
		return strcmp(d->subject, o->subject) == 0;
	return d->due_day != TIME_NONE && fiscal_year((int32_t)d->due_day) == fiscal_year(o->due_day);
}

/* The newest version stands for the obligation; what was submitted first decides whether it was in time. */
static void find_submission(const struct obligation_facts *f, struct obligation *o)
{
	for (size_t i = 0; i < f->row_count; i++) {
		const struct deliverable *d = &f->rows[i];
		if (!answers(d, o))
			continue;
		o->row = d->id;
		if (d->submitted_at != TIME_NONE && (o->done_at == TIME_NONE || d->submitted_at < o->done_at))
			o->done_at = d->submitted_at;
	}
}

/* What was due before this fiscal year matters only while it is open. */
static void add_deliverable(const struct obligation_facts *f, const struct deliverable_rule *rule, const char *subject,
			    int32_t about, int32_t today, struct obligations *out)
{
	struct obligation o = { .kind = rule->id, .name = &rule->name, .clause = rule->clause, .from_day = about,
				.due_day = obligation_due(f->contract, rule, about), .done_at = TIME_NONE,
				.subject = subject, .row = "" };

	if (o.due_day == DAY_NONE || o.due_day < first_day(f->contract))
		return;
	find_submission(f, &o);
	if (o.due_day >= fiscal_year_start(fiscal_year(today)) || o.done_at == TIME_NONE)
		add(out, f->contract, o, today);
}

static bool is_meeting(const struct deliverable *d)
{
	return d->deleted == TIME_NONE && strcmp(d->kind, OBLIGATION_MEETING) == 0 && d->made_at != TIME_NONE;
}

static void add_yearly(const struct obligation_facts *f, const struct deliverable_rule *rule, int32_t today,
		       struct obligations *out)
{
	int32_t first = first_day(f->contract) != DAY_NONE ? first_day(f->contract) : today;

	for (int year = fiscal_year(first); year <= fiscal_year(today); year++)
		add_deliverable(f, rule, "", fiscal_year_start(year), today, out);
}

static void add_for_meetings(const struct obligation_facts *f, const struct deliverable_rule *rule, int32_t next,
			     int32_t today, struct obligations *out)
{
	for (size_t i = 0; i < f->row_count; i++) {
		const struct deliverable *d = &f->rows[i];
		if (is_meeting(d))
			add_deliverable(f, rule, d->id, day_of_time(d->made_at, f->contract->offset_s), today, out);
	}
	if (next != DAY_NONE && strcmp(rule->rule, "at-meeting") == 0)
		add_deliverable(f, rule, "", next, today, out);
}

/* Meetings held this fiscal year, and the one that is due next. Returns the day the next is due. */
static int32_t add_meetings(const struct obligation_facts *f, int32_t today, struct obligations *out)
{
	const struct contract *c = f->contract;
	int32_t last = DAY_NONE, start = fiscal_year_start(fiscal_year(today));

	for (size_t i = 0; i < f->row_count; i++) {
		const struct deliverable *d = &f->rows[i];
		if (!is_meeting(d))
			continue;
		int32_t day = day_of_time(d->made_at, c->offset_s);
		last = day > last ? day : last;
		if (day >= start)
			add(out, c, (struct obligation){ .kind = OBLIGATION_MEETING, .clause = "S2.5", .from_day = day,
							 .due_day = d->due_day == TIME_NONE ? day : (int32_t)d->due_day,
							 .done_at = d->made_at, .subject = d->id, .row = d->id }, today);
	}
	int32_t next = obligation_next_meeting(c, last);
	if (next != DAY_NONE)
		add(out, c, (struct obligation){ .kind = OBLIGATION_MEETING, .clause = "S2.5", .from_day = next,
						 .due_day = next, .done_at = TIME_NONE, .subject = "",
						 .row = "" }, today);
	return next;
}

/* Once a year (S2.4): done when a campaign of the fiscal year is closed. */
static void add_inventory(const struct obligation_facts *f, int32_t today, struct obligations *out)
{
	int year = fiscal_year(today);
	const struct campaign *found = NULL;

	if (fiscal_year_start(year + 1) <= first_day(f->contract))
		return;
	for (size_t i = 0; i < f->campaign_count; i++) {
		const struct campaign *c = &f->campaigns[i];
		if (c->deleted == TIME_NONE && c->fiscal_year == year && (found == NULL || c->closed_at != TIME_NONE))
			found = c;
	}
	add(out, f->contract,
	    (struct obligation){ .kind = OBLIGATION_INVENTORY, .clause = "S2.4", .from_day = fiscal_year_start(year),
				 .due_day = fiscal_year_start(year + 1) - 1,
				 .done_at = found != NULL ? found->closed_at : TIME_NONE, .subject = "", .row = found != NULL ? found->id : "" },
	    today);
}

static int by_due(const void *a, const void *b)
{
	const struct obligation *x = a, *y = b;

	if (x->due_day != y->due_day)
		return x->due_day < y->due_day ? -1 : 1;
	return strcmp(x->kind, y->kind);
}

void obligations_of(const struct obligation_facts *f, int64_t now, struct obligations *out)
{
	const struct contract *c = f->contract;
	int32_t today = day_of_time(now, c->offset_s);
	int32_t next = add_meetings(f, today, out);

	for (size_t i = 0; i < c->deliverable_count; i++) {
		if (strcmp(c->deliverables[i].rule, "yearly") == 0)
			add_yearly(f, &c->deliverables[i], today, out);
		else
			add_for_meetings(f, &c->deliverables[i], next, today, out);
	}
	add_inventory(f, today, out);
	qsort(out->list.v, out->list.len, sizeof *out->list.v, by_due);
}

void obligations_release(struct obligations *o)
{
	vec_release(&o->list);
}
