/* See window.h. The zone is of fixed offset, so a day has 86400 seconds. */
#include "core/service/window.h"

#include <stdio.h>
#include <string.h>

/* The library's closed days: by weekday and by date. */
static bool library_closed(const struct contract *c, int32_t day)
{
	if ((c->library_closed_weekdays >> day_weekday(day) & 1) != 0)
		return true;
	for (size_t i = 0; i < c->library_closed_day_count; i++) {
		if (c->library_closed_days[i] == day)
			return true;
	}
	return false;
}

static bool day_served(const struct contract *c, const struct window *w, int32_t day)
{
	char text[16];
	int year, month, dom;

	if (w->library_closed_days && library_closed(c, day))
		return false;
	day_to_civil(day, &year, &month, &dom);
	snprintf(text, sizeof text, "%02d-%02d", month, dom);
	for (size_t i = 0; w->except != NULL && w->except[i] != NULL; i++) {
		if (strcmp(w->except[i], text) == 0)
			return false;
	}
	return true;
}

bool window_open(const struct contract *c, const struct window *w, int64_t now, int64_t *changes_at)
{
	int32_t today = day_of_time(now, c->offset_s);
	int from = w->kind == OPEN_DAILY ? w->from_s : 0, to = w->kind == OPEN_DAILY ? w->to_s : DAY_SECONDS;
	int64_t start = day_start(today, c->offset_s);
	bool open = day_served(c, w, today) && now >= start + from && now < start + to;

	*changes_at = TIME_NONE;
	for (int32_t day = today; day <= today + 366; day++) {
		int64_t begin = day_start(day, c->offset_s);
		bool served = day_served(c, w, day);
		if (!open && served && begin + from > now) {
			*changes_at = begin + from;
			return open;
		}
		if (open && (!served || to < DAY_SECONDS || from > 0)) {
			int64_t end = !served ? begin : day == today || from == 0 ? begin + to : begin;
			*changes_at = end;
			return open;
		}
	}
	return open;
}
