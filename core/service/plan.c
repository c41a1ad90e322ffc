/* See plan.h. */
#include "core/service/plan.h"

#include <string.h>

#include "core/base/strbuf.h"

bool stop_touches_business(const struct contract *c, int64_t from, int64_t to)
{
	if (c->business_to_s <= c->business_from_s || to <= from)
		return false;
	if (to - from >= DAY_SECONDS)
		return true;
	int32_t first = day_of_time(from, c->offset_s), last = day_of_time(to - 1, c->offset_s);
	for (int32_t day = first; day <= last; day++) {
		int64_t open = day_start(day, c->offset_s) + c->business_from_s;
		int64_t shut = day_start(day, c->offset_s) + c->business_to_s;
		if (from < shut && open < to)
			return true;
	}
	return false;
}

static int owed_in_hours(const struct contract *c, struct err *err)
{
	struct strbuf hours = { 0 };

	strbuf_addf(&hours, "%02d:%02d-%02d:%02d", c->business_from_s / 3600, c->business_from_s / 60 % 60,
		    c->business_to_s / 3600, c->business_to_s / 60 % 60);
	int rc = ERR(err, HS_ERR_OWED,
		     N_("the stop touches {1}, when the business system is not to stop: move it, or confirm with --in-hours and a reason"),
		     strbuf_text(&hours));
	strbuf_release(&hours);
	return rc;
}

int stop_check(const struct contract *c, const struct stop *stop, bool in_hours, struct err *err)
{
	bool planned = strcmp(stop->kind, "planned") == 0;

	if (!planned && strcmp(stop->kind, "emergency") != 0)
		return ERR(err, HS_ERR_INVALID, N_("a stop is planned or emergency, not '{1}'"), stop->kind);
	if (*stop->title == '\0')
		return ERR(err, HS_ERR_INVALID, N_("a stop needs a title"));
	if (stop->from_at == TIME_NONE || (planned && stop->to_at == TIME_NONE))
		return ERR(err, HS_ERR_INVALID, N_("say from when to when the stop lasts"));
	if (stop->to_at != TIME_NONE && stop->to_at <= stop->from_at)
		return ERR(err, HS_ERR_INVALID, N_("the stop ends before it begins"));
	if (!planned && *stop->reason == '\0')
		return ERR(err, HS_ERR_INVALID, N_("an emergency stop needs a reason"));
	if (planned && stop_touches_business(c, stop->from_at, stop->to_at) && (!in_hours || *stop->reason == '\0'))
		return owed_in_hours(c, err);
	return 0;
}
