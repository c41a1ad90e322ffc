/* See obligation.h: exactly one manager and enough dedicated engineers on every day (S2.1). */
#include <stdlib.h>
#include <string.h>

#include "core/obligation/obligation.h"

/* What stands on one day, the same until somebody comes or goes. */
struct crew {
	int64_t managers, engineers, not_dedicated;
};

bool staff_on(const struct staff *s, int32_t day)
{
	return s->deleted == TIME_NONE && (s->from_day == TIME_NONE || s->from_day <= day) &&
	       (s->to_day == TIME_NONE || day <= s->to_day);
}

static struct crew crew_on(const struct staff *rows, size_t count, int32_t day)
{
	struct crew crew = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (!staff_on(&rows[i], day))
			continue;
		bool engineer = strcmp(rows[i].role, "engineer") == 0;
		crew.managers += strcmp(rows[i].role, "pm") == 0;
		crew.engineers += engineer;
		crew.not_dedicated += engineer && strcmp(rows[i].dedicated, "yes") != 0;
	}
	return crew;
}

static unsigned faults_of(const struct contract *c, const struct crew *crew)
{
	int managers = c->staff_managers > 0 ? c->staff_managers : 1;
	unsigned faults = 0;

	if (crew->managers < managers)
		faults |= 1u << STAFF_NO_MANAGER;
	if (crew->managers > managers)
		faults |= 1u << STAFF_MANY_MANAGERS;
	if (crew->engineers < c->staff_min_engineers)
		faults |= 1u << STAFF_FEW_ENGINEERS;
	if (c->staff_dedicated && crew->not_dedicated > 0)
		faults |= 1u << STAFF_NOT_DEDICATED;
	return faults;
}

static void describe(struct staff_breach *b, const struct contract *c, const struct crew *crew)
{
	switch (b->fault) {
	case STAFF_NO_MANAGER:
		b->count = crew->managers;
		MSG(&b->what, N_("no project manager"));
		break;
	case STAFF_MANY_MANAGERS:
		b->count = crew->managers;
		MSG(&b->what, N_("{1} project managers at once"), MSG_INT(b->count));
		break;
	case STAFF_FEW_ENGINEERS:
		b->count = crew->engineers;
		MSG(&b->what, N_("{1} engineer(s), {2} are needed"), MSG_INT(b->count), MSG_INT(c->staff_min_engineers));
		break;
	default:
		b->count = crew->not_dedicated;
		MSG(&b->what, N_("{1} engineer(s) not dedicated"), MSG_INT(b->count));
	}
}

static int by_day(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return (x > y) - (x < y);
}

struct day_list {
	VEC(int32_t) list;
};

/* Days in (from, to] on which somebody comes, or was there the day before for the last time. */
static void add_edge(struct day_list *days, int64_t day, int32_t from, int32_t to)
{
	if (day != TIME_NONE && day > from && day <= to)
		vec_push(&days->list, (int32_t)day);
}

void staff_review(const struct contract *c, const struct staff *rows, size_t count, int32_t from, int32_t to,
		  struct staff_breaches *out)
{
	struct day_list days = { 0 };
	size_t open[STAFF_FAULT_COUNT] = { 0 }; /* 1 + index of the breach that lasts */

	vec_push(&days.list, from);
	for (size_t i = 0; i < count; i++) {
		add_edge(&days, rows[i].from_day, from, to);
		add_edge(&days, rows[i].to_day == TIME_NONE ? TIME_NONE : rows[i].to_day + 1, from, to);
	}
	qsort(days.list.v, days.list.len, sizeof *days.list.v, by_day);
	for (size_t i = 0; i < days.list.len; i++) {
		struct crew crew = crew_on(rows, count, days.list.v[i]);
		unsigned faults = faults_of(c, &crew);
		for (int f = 0; f < STAFF_FAULT_COUNT; f++) {
			bool broken = faults & 1u << f;
			if (open[f] != 0 && !broken) {
				out->list.v[open[f] - 1].to_day = days.list.v[i] - 1;
				open[f] = 0;
			} else if (open[f] == 0 && broken) {
				struct staff_breach *b = vec_add(&out->list);
				*b = (struct staff_breach){ .fault = f, .from_day = days.list.v[i], .to_day = DAY_NONE };
				describe(b, c, &crew);
				open[f] = out->list.len;
			}
		}
	}
	vec_release(&days.list);
}

void staff_breaches_release(struct staff_breaches *b)
{
	vec_release(&b->list);
}
