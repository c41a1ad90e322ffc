/* Holidays by the rule of 国民の祝日に関する法律 (Act No. 178 of 1948) and its amendments, 1955–2050; see calendar.h.
 *
 * A table of named days with the years each was in force, the two equinoxes by formula, days set by laws of
 * their own; then art. 3: 振替休日 (1973-04-12 on) and 国民の休日 (1985-12-27 on). */
#include "core/calendar/calendar.h"

#include "core/base/civil.h"

enum { FIRST_YEAR = 1955, LAST_YEAR = 2050 };
/* When the rules of art. 3 (2) and (3) came into force, and when a substitute began to pass over other holidays. */
enum { SUBSTITUTE_FROM_YEAR = 1973, SUBSTITUTE_FROM_MD = 412, CITIZENS_FROM_YEAR = 1986, LONG_SUBSTITUTE_FROM_YEAR = 2007 };

struct named_day {
	short from_year, to_year;
	short md;        /* month and day; the day is 0 for an n-th Monday */
	short nth;       /* n-th Monday of the month; 0: the fixed day */
	const char *ja, *en;
};

struct own_law_day {
	short year, md;
	const char *ja, *en;
};

static const struct named_day named_days[];
static const struct own_law_day own_law_days[];

/* Day of the month of an equinox, by the usual approximation of the National Astronomical Observatory's tables;
 * in millionths, so that no floating point decides a holiday. */
static int equinox_day(int year, int64_t base_1980, int64_t base_before)
{
	int64_t base = year >= 1980 ? base_1980 : base_before;
	int leaps = year >= 1980 ? (year - 1980) / 4 : -((1983 - year) / 4);

	return (int)((base + 242194LL * (year - 1980)) / 1000000 - leaps);
}

static int32_t nth_monday(int year, int month, int nth)
{
	int32_t first = day_from_civil(year, month, 1);

	return first + (8 - day_weekday(first)) % 7 + (nth - 1) * 7;
}

static bool is_named(const struct named_day *n, int year, int md, int32_t day)
{
	if (year < n->from_year || year > n->to_year || n->md / 100 != md / 100)
		return false;
	return n->nth > 0 ? day == nth_monday(year, md / 100, n->nth) : n->md == md;
}

static bool set_holiday(struct holiday *out, enum holiday_kind kind, const char *ja, const char *en)
{
	*out = (struct holiday){ kind, ja, en };
	return true;
}

static bool is_equinox(int year, int md, struct holiday *out)
{
	if (md / 100 == 3 && md % 100 == equinox_day(year, 20843100, 20835700))
		return set_holiday(out, HOLIDAY_NATIONAL, "春分の日", "Vernal Equinox Day");
	if (md / 100 == 9 && md % 100 == equinox_day(year, 23248800, 23258800))
		return set_holiday(out, HOLIDAY_NATIONAL, "秋分の日", "Autumnal Equinox Day");
	return false;
}

/* 「国民の祝日」 itself, and days that a law of their own makes equal to it. */
static bool national_day(int32_t day, struct holiday *out)
{
	int year, month, dom;

	day_to_civil(day, &year, &month, &dom);
	int md = month * 100 + dom;
	if (year < FIRST_YEAR || year > LAST_YEAR)
		return false;
	for (const struct named_day *n = named_days; n->ja != NULL; n++)
		if (is_named(n, year, md, day))
			return set_holiday(out, HOLIDAY_NATIONAL, n->ja, n->en);
	for (const struct own_law_day *o = own_law_days; o->ja != NULL; o++)
		if (o->year == year && o->md == md)
			return set_holiday(out, HOLIDAY_SPECIAL, o->ja, o->en);
	return is_equinox(year, md, out);
}

static bool is_national(int32_t day)
{
	struct holiday unused;

	return national_day(day, &unused);
}

/* Art. 3 (2): the day after a holiday that fell on a Sunday; since 2007 the first day after it that is no holiday. */
static bool is_substitute(int32_t day, int year, int md)
{
	if (year < SUBSTITUTE_FROM_YEAR || (year == SUBSTITUTE_FROM_YEAR && md < SUBSTITUTE_FROM_MD))
		return false;
	if (year < LONG_SUBSTITUTE_FROM_YEAR)
		return day_weekday(day) == 1 && is_national(day - 1);
	for (int32_t d = day - 1; is_national(d); d--)
		if (day_weekday(d) == 0)
			return true;
	return false;
}

/* Art. 3 (3): a day between two holidays; until 2006 not when it is a Sunday. */
static bool is_citizens(int32_t day, int year)
{
	return year >= CITIZENS_FROM_YEAR && is_national(day - 1) && is_national(day + 1) &&
	       (year >= LONG_SUBSTITUTE_FROM_YEAR || day_weekday(day) != 0);
}

bool holiday_on(int32_t day, struct holiday *out)
{
	int year, month, dom;

	*out = (struct holiday){ 0 };
	if (national_day(day, out))
		return true;
	day_to_civil(day, &year, &month, &dom);
	if (year < FIRST_YEAR || year > LAST_YEAR)
		return false;
	if (is_substitute(day, year, month * 100 + dom))
		return set_holiday(out, HOLIDAY_SUBSTITUTE, "休日", "Substitute Holiday");
	return is_citizens(day, year) && set_holiday(out, HOLIDAY_CITIZENS, "休日", "Citizens' Holiday");
}

const char *holiday_kind_ja(enum holiday_kind kind)
{
	static const char *const names[] = {
		[HOLIDAY_NATIONAL] = "祝日", [HOLIDAY_SUBSTITUTE] = "振替休日",
		[HOLIDAY_CITIZENS] = "国民の休日", [HOLIDAY_SPECIAL] = "特別",
	};
	return names[kind];
}

static const struct named_day named_days[] = {
	{ FIRST_YEAR, LAST_YEAR, 101, 0, "元日", "New Year's Day" },
	{ FIRST_YEAR, 1999, 115, 0, "成人の日", "Coming of Age Day" },
	{ 2000, LAST_YEAR, 100, 2, "成人の日", "Coming of Age Day" },
	{ 1967, LAST_YEAR, 211, 0, "建国記念の日", "National Foundation Day" },
	{ 2020, LAST_YEAR, 223, 0, "天皇誕生日", "Emperor's Birthday" },
	{ FIRST_YEAR, 1988, 429, 0, "天皇誕生日", "Emperor's Birthday" },
	{ 1989, 2006, 429, 0, "みどりの日", "Greenery Day" },
	{ 2007, LAST_YEAR, 429, 0, "昭和の日", "Showa Day" },
	{ FIRST_YEAR, LAST_YEAR, 503, 0, "憲法記念日", "Constitution Memorial Day" },
	{ 2007, LAST_YEAR, 504, 0, "みどりの日", "Greenery Day" },
	{ FIRST_YEAR, LAST_YEAR, 505, 0, "こどもの日", "Children's Day" },
	{ 1996, 2002, 720, 0, "海の日", "Marine Day" },
	{ 2003, 2019, 700, 3, "海の日", "Marine Day" },
	{ 2020, 2020, 723, 0, "海の日", "Marine Day" },
	{ 2021, 2021, 722, 0, "海の日", "Marine Day" },
	{ 2022, LAST_YEAR, 700, 3, "海の日", "Marine Day" },
	{ 2016, 2019, 811, 0, "山の日", "Mountain Day" },
	{ 2020, 2020, 810, 0, "山の日", "Mountain Day" },
	{ 2021, 2021, 808, 0, "山の日", "Mountain Day" },
	{ 2022, LAST_YEAR, 811, 0, "山の日", "Mountain Day" },
	{ 1966, 2002, 915, 0, "敬老の日", "Respect for the Aged Day" },
	{ 2003, LAST_YEAR, 900, 3, "敬老の日", "Respect for the Aged Day" },
	{ 1966, 1999, 1010, 0, "体育の日", "Health and Sports Day" },
	{ 2000, 2019, 1000, 2, "体育の日", "Health and Sports Day" },
	{ 2020, 2020, 724, 0, "スポーツの日", "Sports Day" },
	{ 2021, 2021, 723, 0, "スポーツの日", "Sports Day" },
	{ 2022, LAST_YEAR, 1000, 2, "スポーツの日", "Sports Day" },
	{ FIRST_YEAR, LAST_YEAR, 1103, 0, "文化の日", "Culture Day" },
	{ FIRST_YEAR, LAST_YEAR, 1123, 0, "勤労感謝の日", "Labour Thanksgiving Day" },
	{ 1989, 2018, 1223, 0, "天皇誕生日", "Emperor's Birthday" },
	{ 0 },
};

static const struct own_law_day own_law_days[] = {
	{ 1959, 410, "結婚の儀", "Wedding of the Crown Prince" },
	{ 1989, 224, "大喪の礼", "Funeral of Emperor Showa" },
	{ 1990, 1112, "即位礼正殿の儀", "Enthronement Ceremony" },
	{ 1993, 609, "結婚の儀", "Wedding of the Crown Prince" },
	{ 2019, 501, "休日（祝日扱い）", "Accession of the Emperor" },
	{ 2019, 1022, "休日（祝日扱い）", "Enthronement Ceremony" },
	{ 0 },
};
