/* Eras (元号) and fiscal years; see calendar.h. The built-in eras begin on the days their laws set. */
#include "core/calendar/calendar.h"

#include "core/base/civil.h"
#include "core/base/strbuf.h"
#include "core/contract/contract.h"

/* By the city's usage the whole fiscal year 2019 is 令和元年度, though its April lay in 平成. */
enum { REIWA_FISCAL_YEAR = 2019 };

/* from_day as days since 1970-01-01: 1868-01-25, 1912-07-30, 1926-12-25, 1989-01-08, 2019-05-01. */
static const struct era built_in[] = {
	{ "reiwa", "R", { "令和", "Reiwa", "令", "R" }, 18017 },
	{ "heisei", "H", { "平成", "Heisei", "平", "H" }, 6947 },
	{ "showa", "S", { "昭和", "Showa", "昭", "S" }, -15713 },
	{ "taisho", "T", { "大正", "Taisho", "大", "T" }, -20974 },
	{ "meiji", "M", { "明治", "Meiji", "明", "M" }, -37231 },
};

/* The later of best and e, of those that began by day. */
static const struct era *later_era(const struct era *best, const struct era *e, int32_t day)
{
	return e->from_day <= day && (best == NULL || e->from_day > best->from_day) ? e : best;
}

static int year_of(int32_t day)
{
	int year, month, dom;

	day_to_civil(day, &year, &month, &dom);
	return year;
}

const struct era *era_on(const struct calendar *c, int32_t day, int *year)
{
	const struct era *best = NULL;

	for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
		best = later_era(best, &built_in[i], day);
	for (size_t i = 0; i < c->era_count; i++)
		best = later_era(best, &c->eras[i], day);
	*year = best != NULL ? year_of(day) - year_of(best->from_day) + 1 : 0;
	return best;
}

static void add_era_year(const struct era *e, int year, struct strbuf *out)
{
	strbuf_add_text(out, e->name.ja);
	if (year == 1)
		strbuf_add_text(out, "元");
	else
		strbuf_addf(out, "%d", year);
}

void wareki_format(const struct calendar *c, int32_t day, bool short_form, struct strbuf *out)
{
	int y, month, dom, year;
	const struct era *e = era_on(c, day, &year);

	day_to_civil(day, &y, &month, &dom);
	if (e == NULL) {
		strbuf_addf(out, "%d-%02d-%02d", y, month, dom);
		return;
	}
	if (short_form) {
		strbuf_addf(out, "%s%d.%d.%d", e->letter, year, month, dom);
		return;
	}
	add_era_year(e, year, out);
	strbuf_addf(out, "年%d月%d日", month, dom);
}

int fiscal_year(int32_t day)
{
	int year, month, dom;

	day_to_civil(day, &year, &month, &dom);
	return month >= 4 ? year : year - 1;
}

int32_t fiscal_year_start(int year)
{
	return day_from_civil(year, 4, 1);
}

bool fiscal_first_half(int32_t day)
{
	int year, month, dom;

	day_to_civil(day, &year, &month, &dom);
	return month >= 4 && month <= 9;
}

void fiscal_year_format(const struct calendar *c, int year, struct strbuf *out)
{
	int era_year;
	int32_t day = year == REIWA_FISCAL_YEAR ? day_from_civil(2019, 5, 1) : fiscal_year_start(year);
	const struct era *e = era_on(c, day, &era_year);

	if (e != NULL)
		add_era_year(e, era_year, out);
	else
		strbuf_addf(out, "%d", year);
	strbuf_add_text(out, "年度");
}

const char *weekday_ja(int weekday)
{
	static const char *const names[] = { "日", "月", "火", "水", "木", "金", "土" };

	return names[weekday];
}
