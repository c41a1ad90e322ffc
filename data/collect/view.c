/* See view.h. */
#include "data/collect/view.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/civil.h"
#include "data/collect/seen.h"
#include "data/store/stop.h"

/* The repetition of stop's beginning that is nearest before now. */
static int64_t last_begin(const struct stop *stop, int offset_s, int64_t now)
{
	int32_t first = day_of_time(stop->from_at, offset_s), today = day_of_time(now, offset_s);
	int64_t of_day = stop->from_at - day_start(first, offset_s);
	int step = strcmp(stop->repeat, "daily") == 0 ? 1 : strcmp(stop->repeat, "weekly") == 0 ? 7 : 0;

	if (step > 0) {
		int32_t day = first + (today - first) / step * step;
		if (day_start(day, offset_s) + of_day > now)
			day -= step;
		return day < first ? stop->from_at : day_start(day, offset_s) + of_day;
	}
	if (strcmp(stop->repeat, "monthly") != 0)
		return stop->from_at;
	int32_t best = first;
	for (int months = 1; months < 1200; months++) {
		int32_t day = day_add_months(first, months);
		if (day_start(day, offset_s) + of_day > now)
			break;
		best = day;
	}
	return day_start(best, offset_s) + of_day;
}

bool stop_covers(const struct stop *stop, int offset_s, int64_t now, int64_t *until)
{
	*until = stop->to_at;
	if (stop->from_at == TIME_NONE || now < stop->from_at)
		return false;
	if (stop->repeat[0] == '\0') {
		int64_t end = stop->ended_at != TIME_NONE ? stop->ended_at : stop->to_at;
		return end == TIME_NONE || now < end;
	}
	int64_t begin = last_begin(stop, offset_s, now);
	if (stop->to_at == TIME_NONE || (stop->repeat_until_day != TIME_NONE && day_of_time(begin, offset_s) > stop->repeat_until_day))
		return false;
	*until = begin + (stop->to_at - stop->from_at);
	return now < *until;
}

bool stop_next(const struct stop *stop, int offset_s, int64_t now, int64_t *from, int64_t *to)
{
	int step = strcmp(stop->repeat, "daily") == 0 ? 1 : strcmp(stop->repeat, "weekly") == 0 ? 7 : 0;

	if (stop->from_at == TIME_NONE || (stop->repeat[0] == '\0' && (stop->from_at <= now || stop->ended_at != TIME_NONE)))
		return false;
	*from = stop->from_at;
	if (*from <= now && step > 0) {
		*from = last_begin(stop, offset_s, now) + step * DAY_SECONDS;
	} else if (*from <= now) {
		int32_t first = day_of_time(stop->from_at, offset_s);
		int64_t of_day = stop->from_at - day_start(first, offset_s);
		for (int months = 1; *from <= now && months < 1200; months++)
			*from = day_start(day_add_months(first, months), offset_s) + of_day;
	}
	*to = stop->to_at != TIME_NONE ? *from + (stop->to_at - stop->from_at) : TIME_NONE;
	return *from > now && (stop->repeat[0] == '\0' || stop->repeat_until_day == TIME_NONE ||
			       day_of_time(*from, offset_s) <= stop->repeat_until_day);
}

static void find_stops(struct situation_view *v, const struct contract *c, int64_t now)
{
	free(v->stops);
	v->stops = mem_alloc(v->stop_services.len + 1, sizeof *v->stops);
	v->stop_count = 0;
	for (size_t i = 0; i < v->stop_services.len; i++) {
		const struct stop_service *link = &ROWS(stop_service, &v->stop_services)[i];
		for (size_t k = 0; k < v->stop_rows.len; k++) {
			const struct stop *stop = &ROWS(stop, &v->stop_rows)[k];
			int64_t until;
			if (strcmp(stop->id, link->stop) != 0 || !stop_covers(stop, c->offset_s, now, &until))
				continue;
			v->stops[v->stop_count++] = (struct stop_on){
				.service = link->service, .emergency = strcmp(stop->kind, "emergency") == 0, .to_at = until,
			};
			break;
		}
	}
}

static void build(struct situation_view *v, const struct contract *c, int64_t now)
{
	situation_release(&v->s);
	find_stops(v, c, now);
	situation_build(&v->s, c, v->seen, v->statuses.list.len, v->stops, v->stop_count, now);
	v->filled = true;
}

static void empty_recorder(struct recorder_status *r)
{
	*r = (struct recorder_status){ .cycle_at = TIME_NONE, .started_at = TIME_NONE, .next_at = TIME_NONE,
				       .network_up = true, .network_since = TIME_NONE };
}

int situation_view_load(struct situation_view *v, struct store *store, struct status *status, const struct contract *c,
			int64_t now, struct err *err)
{
	struct situation_view next = { 0 };
	struct err none = { 0 };
	int rc = 0;

	empty_recorder(&next.recorder);
	if (status != NULL)
		rc = status_checks(status, &next.statuses, err);
	if (rc == 0 && status != NULL &&
	    (status_recorder(status, &next.recorder, &none) != 0 || next.recorder.cycle_at == TIME_NONE))
		empty_recorder(&next.recorder);
	if (rc == 0 && store != NULL)
		rc = stops_load(store, now - DAY_SECONDS, &next.stop_rows, err);
	if (rc == 0 && store != NULL)
		rc = stop_services_load(store, NULL, &next.stop_services, err);
	if (rc != 0) {
		situation_view_release(&next);
		return rc;
	}
	next.seen = seen_from(&next.statuses);
	situation_view_release(v);
	*v = next;
	build(v, c, now);
	return 0;
}

void situation_view_age(struct situation_view *v, int64_t now)
{
	if (v->filled && v->s.now != now)
		build(v, v->s.contract, now);
}

void situation_view_release(struct situation_view *v)
{
	situation_release(&v->s);
	check_statuses_release(&v->statuses);
	free(v->seen);
	free(v->stops);
	rows_release(&v->stop_rows);
	rows_release(&v->stop_services);
	memset(v, 0, sizeof *v);
}
