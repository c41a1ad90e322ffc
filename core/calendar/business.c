/* Business days and the reception's closure; see calendar.h. */
#include "core/calendar/calendar.h"

#include "core/base/civil.h"
#include "core/contract/contract.h"

/* An office that is closed for longer than this never opens: searching ends. */
enum { SEARCH_DAYS = 3660 };

void calendar_of(const struct contract *c, struct calendar *out)
{
	*out = (struct calendar){
		.offset_s = c->offset_s,
		.office = { c->office_closed_from_md, c->office_closed_to_md },
		.reception = { c->reception_closed_from_md, c->reception_closed_to_md },
		.extra = c->extra_holidays,
		.extra_count = c->extra_holiday_count,
		.eras = c->eras,
		.era_count = c->era_count,
	};
}

static bool closure_holds(const struct closure *c, int32_t day)
{
	int year, month, dom;

	if (c->from_md == 0)
		return false;
	day_to_civil(day, &year, &month, &dom);
	int md = month * 100 + dom;
	if (c->from_md <= c->to_md)
		return md >= c->from_md && md <= c->to_md;
	return md >= c->from_md || md <= c->to_md;
}

static bool day_among(const int32_t *days, size_t count, int32_t day)
{
	for (size_t i = 0; i < count; i++)
		if (days[i] == day)
			return true;
	return false;
}

bool calendar_holiday(const struct calendar *c, int32_t day)
{
	struct holiday h;
	int year, month, dom;

	if (day_among(c->extra, c->extra_count, day))
		return true;
	day_to_civil(day, &year, &month, &dom);
	if (c->listed_from_year != 0 && year >= c->listed_from_year && year <= c->listed_to_year)
		return day_among(c->listed, c->listed_count, day);
	return holiday_on(day, &h);
}

bool business_day(const struct calendar *c, int32_t day)
{
	int weekday = day_weekday(day);

	return weekday != 0 && weekday != 6 && !closure_holds(&c->office, day) && !calendar_holiday(c, day);
}

int32_t business_days_after(const struct calendar *c, int32_t day, int n)
{
	for (int idle = 0; n > 0;) {
		day++;
		if (business_day(c, day)) {
			n--;
			idle = 0;
		} else if (++idle > SEARCH_DAYS) {
			return DAY_NONE;
		}
	}
	return day;
}

int64_t business_deadline(const struct calendar *c, int64_t event, int n)
{
	int32_t day = business_days_after(c, day_of_time(event, c->offset_s), n);

	return day != DAY_NONE ? day_start(day + 1, c->offset_s) : TIME_NONE;
}

int business_days_between(const struct calendar *c, int32_t from, int32_t to)
{
	int sign = to < from ? -1 : 1, n = 0;
	int32_t low = to < from ? to : from, high = to < from ? from : to;

	for (int32_t d = low + 1; d <= high; d++)
		n += business_day(c, d);
	return sign * n;
}

bool reception_closed(const struct calendar *c, int64_t t, int64_t *reopens)
{
	int32_t day = day_of_time(t, c->offset_s);

	if (!closure_holds(&c->reception, day))
		return false;
	for (int i = 0; i < SEARCH_DAYS && closure_holds(&c->reception, day); i++)
		day++;
	if (reopens != NULL)
		*reopens = closure_holds(&c->reception, day) ? TIME_NONE : day_start(day, c->offset_s);
	return true;
}
