/* The calendar's case files: holidays, business days, eras. */
#include "tests/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/civil.h"
#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "core/calendar/calendar.h"

static const struct calendar city = { .offset_s = 32400, .office = { 1229, 103 }, .reception = { 1229, 103 } };

static void day_text(int32_t day, char out[24])
{
	struct strbuf sb = { 0 };

	time_format(day_start(day, 32400), 32400, TIME_DAY, &sb);
	snprintf(out, 24, "%s", strbuf_text(&sb));
	strbuf_release(&sb);
}

struct listed {
	int32_t day;
	const char *weekday, *kind, *name;
};

static void check_listed(const struct listed *l)
{
	struct holiday h;
	char name[24], why[200];

	day_text(l->day, name);
	if (!holiday_on(l->day, &h)) {
		snprintf(why, sizeof why, "expected %s, is none", l->name);
		case_result(false, name, why);
		return;
	}
	const char *kind = holiday_kind_ja(h.kind), *weekday = weekday_ja(day_weekday(l->day));
	snprintf(why, sizeof why, "expected %s %s %s, is %s %s %s", l->weekday, l->kind, l->name, weekday, kind, h.ja);
	case_result(strcmp(kind, l->kind) == 0 && strcmp(h.ja, l->name) == 0 && strcmp(weekday, l->weekday) == 0, name, why);
}

/* Days that the rule calls holidays and the list, which is whole for its years, does not hold. */
static void check_unlisted(const struct listed *list, size_t count)
{
	int year, last_year, month, dom;
	struct holiday h;
	char name[24], why[100];
	size_t next = 0;

	day_to_civil(list[0].day, &year, &month, &dom);
	day_to_civil(list[count - 1].day, &last_year, &month, &dom);
	for (int32_t d = day_from_civil(year, 1, 1); d < day_from_civil(last_year + 1, 1, 1); d++) {
		while (next < count && list[next].day < d)
			next++;
		if ((next < count && list[next].day == d) || !holiday_on(d, &h))
			continue;
		day_text(d, name);
		snprintf(why, sizeof why, "expected none, is %s", h.ja);
		case_result(false, name, why);
	}
}

static int by_day(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

bool cases_holidays(const char *path)
{
	char *file = case_file(path), *text = file, *f[6];
	VEC(struct listed) list = { 0 };
	int32_t day;

	while (case_csv(&text, f, 6) > 0)
		if (day_parse(f[0], &day))
			vec_push(&list, ((struct listed){ day, f[1], f[2], f[3] }));
	bool any = list.len > 0;
	if (any) {
		qsort(list.v, list.len, sizeof *list.v, by_day);
		for (size_t i = 0; i < list.len; i++)
			check_listed(&list.v[i]);
		check_unlisted(list.v, list.len);
	}
	vec_release(&list);
	free(file);
	return any;
}

bool cases_business_days(const char *path)
{
	char *file = case_file(path), *text = file, *f[6], name[80], why[120], is[24];
	int32_t start, deadline;
	bool any = false;

	while (case_csv(&text, f, 6) >= 5) {
		if (!day_parse(f[0], &start) || !day_parse(f[3], &deadline))
			continue;
		any = true;
		int n = (int)strtol(f[2], NULL, 10);
		int32_t day = business_days_after(&city, start, n);
		bool ends = business_deadline(&city, day_start(start, 32400) + 50000, n) == day_start(day + 1, 32400);
		day_text(day, is);
		snprintf(name, sizeof name, "%s + %d", f[0], n);
		snprintf(why, sizeof why, "expected %s %s, is %s %s", f[3], f[4], is, weekday_ja(day_weekday(day)));
		case_result(day == deadline && strcmp(f[4], weekday_ja(day_weekday(day))) == 0 && ends, name, why);
	}
	free(file);
	return any;
}

bool cases_wareki(const char *path)
{
	char *file = case_file(path), *text = file, *f[7], why[300];
	struct strbuf is = { 0 }, expected = { 0 };
	int32_t day;
	bool any = false;

	while (case_csv(&text, f, 7) >= 7) {
		if (!day_parse(f[0], &day))
			continue;
		any = true;
		strbuf_clear(&is);
		strbuf_clear(&expected);
		strbuf_addf(&expected, "%s %s %s %s %s %s", f[1], f[2], f[3], f[4], f[5], f[6]);
		wareki_format(&city, day, false, &is);
		strbuf_add_char(&is, ' ');
		wareki_format(&city, day, true, &is);
		strbuf_addf(&is, " %d ", fiscal_year(day));
		fiscal_year_format(&city, fiscal_year(day), &is);
		strbuf_addf(&is, " %s %s", fiscal_first_half(day) ? "上期" : "下期", weekday_ja(day_weekday(day)));
		snprintf(why, sizeof why, "expected %s, is %s", strbuf_text(&expected), strbuf_text(&is));
		case_result(strcmp(strbuf_text(&is), strbuf_text(&expected)) == 0, f[0], why);
	}
	strbuf_release(&is);
	strbuf_release(&expected);
	free(file);
	return any;
}
