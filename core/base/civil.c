/* See civil.h. Day numbers by the proleptic Gregorian calendar, eras of 400 years. */
#include "core/base/civil.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/base/strbuf.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2199 };

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

int32_t day_from_civil(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (int)floor_div(y, 400);
	int yoe = y - era * 400;
	int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

void day_to_civil(int32_t day, int *year, int *month, int *dom)
{
	int64_t z = (int64_t)day + 719468;
	int64_t era = floor_div(z, 146097);
	int doe = (int)(z - era * 146097);
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;

	*dom = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (int)(yoe + era * 400) + (*month <= 2);
}

int32_t day_of_time(int64_t t, int offset_s)
{
	return (int32_t)floor_div(t + offset_s, DAY_SECONDS);
}

int64_t day_start(int32_t day, int offset_s)
{
	return (int64_t)day * DAY_SECONDS - offset_s;
}

int day_weekday(int32_t day)
{
	int w = (day + 4) % 7;
	return w < 0 ? w + 7 : w;
}

int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

int32_t day_add_months(int32_t day, int months)
{
	int y, m, d;

	day_to_civil(day, &y, &m, &d);
	int64_t index = (int64_t)y * 12 + (m - 1) + months;
	y = (int)floor_div(index, 12);
	m = (int)(index - (int64_t)y * 12) + 1;
	int last = month_days(y, m);
	return day_from_civil(y, m, d < last ? d : last);
}

void civil_from_time(int64_t t, int offset_s, struct civil *out)
{
	int64_t local = t + offset_s;
	int32_t day = (int32_t)floor_div(local, DAY_SECONDS);
	int rest = (int)(local - (int64_t)day * DAY_SECONDS);

	day_to_civil(day, &out->year, &out->month, &out->day);
	out->hour = rest / 3600;
	out->minute = rest / 60 % 60;
	out->second = rest % 60;
	out->weekday = day_weekday(day);
}

int64_t civil_to_time(const struct civil *c, int offset_s)
{
	return day_start(day_from_civil(c->year, c->month, c->day), offset_s) + c->hour * 3600 + c->minute * 60 +
	       c->second;
}

/* Reads min..max digits at *p; false leaves *p alone. */
static bool read_number(const char **p, int min, int max, int *out)
{
	int n = 0, digits = 0;

	while (digits < max && isdigit((unsigned char)(*p)[digits]))
		n = n * 10 + ((*p)[digits++] - '0');
	if (digits < min)
		return false;
	*p += digits;
	*out = n;
	return true;
}

static bool read_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static bool civil_real(const struct civil *c)
{
	return c->year >= YEAR_MIN && c->year <= YEAR_MAX && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	       c->day <= month_days(c->year, c->month) && c->hour < 24 && c->minute < 60 && c->second < 60;
}

static bool read_date(const char **p, struct civil *c)
{
	return read_number(p, 4, 4, &c->year) && read_char(p, '-') && read_number(p, 1, 2, &c->month) &&
	       read_char(p, '-') && read_number(p, 1, 2, &c->day);
}

static bool read_clock(const char **p, struct civil *c)
{
	c->second = 0;
	if (!read_number(p, 1, 2, &c->hour) || !read_char(p, ':') || !read_number(p, 2, 2, &c->minute))
		return false;
	return **p != ':' || (++*p, read_number(p, 2, 2, &c->second));
}

/* Nothing, "Z" or "+09:00" at the end of an RFC 3339 time. */
static bool read_offset(const char **p, int *offset_s)
{
	int h, m;

	if (**p == 'Z') {
		*offset_s = 0;
		(*p)++;
		return true;
	}
	if (**p != '+' && **p != '-')
		return true;
	int sign = *(*p)++ == '-' ? -1 : 1;
	if (!read_number(p, 2, 2, &h) || !read_char(p, ':') || !read_number(p, 2, 2, &m) || h > 14 || m > 59)
		return false;
	*offset_s = sign * (h * 3600 + m * 60);
	return true;
}

bool day_parse(const char *text, int32_t *out)
{
	struct civil c = { 0 };

	if (!read_date(&text, &c) || *text != '\0' || !civil_real(&c))
		return false;
	*out = day_from_civil(c.year, c.month, c.day);
	return true;
}

/* "+90m", "-2h", "+3d" */
static bool parse_relative(const char *p, int64_t now, int64_t *out)
{
	static const struct {
		char unit;
		int seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', DAY_SECONDS } };
	int sign = *p++ == '-' ? -1 : 1, n;

	if (!read_number(&p, 1, 6, &n))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (p[0] == units[i].unit && p[1] == '\0') {
			*out = now + (int64_t)sign * n * units[i].seconds;
			return true;
		}
	}
	return false;
}

bool time_parse(const char *text, int64_t now, int offset_s, int64_t *out)
{
	struct civil c;
	const char *p = text;

	if (strcmp(text, "now") == 0) {
		*out = now;
		return true;
	}
	if (*text == '+' || *text == '-')
		return parse_relative(text, now, out);
	civil_from_time(now, offset_s, &c);
	c.hour = c.minute = c.second = 0;
	if (strchr(text, '-') != NULL && strchr(text, '-') - text == 4) {
		if (!read_date(&p, &c))
			return false;
	} else if (strchr(text, '/') != NULL) {
		if (!read_number(&p, 1, 2, &c.month) || !read_char(&p, '/') || !read_number(&p, 1, 2, &c.day))
			return false;
	} else {
		if (!read_clock(&p, &c) || *p != '\0' || !civil_real(&c))
			return false;
		*out = civil_to_time(&c, offset_s);
		return true;
	}
	if (*p == ' ' || *p == 'T') {
		p++;
		if (!read_clock(&p, &c) || !read_offset(&p, &offset_s))
			return false;
	}
	if (*p != '\0' || !civil_real(&c))
		return false;
	*out = civil_to_time(&c, offset_s);
	return true;
}

void time_format(int64_t t, int offset_s, enum time_style style, struct strbuf *out)
{
	struct civil c;

	if (t == TIME_NONE) {
		strbuf_add_text(out, "--");
		return;
	}
	civil_from_time(t, offset_s, &c);
	if (style == TIME_SHORT) {
		strbuf_addf(out, "%02d/%02d %02d:%02d", c.month, c.day, c.hour, c.minute);
		return;
	}
	strbuf_addf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
	if (style == TIME_DAY)
		return;
	strbuf_addf(out, "%c%02d:%02d", style == TIME_RFC3339 ? 'T' : ' ', c.hour, c.minute);
	if (style != TIME_MINUTES)
		strbuf_addf(out, ":%02d", c.second);
	if (style == TIME_RFC3339)
		strbuf_addf(out, "%c%02d:%02d", offset_s < 0 ? '-' : '+', (offset_s < 0 ? -offset_s : offset_s) / 3600,
			    (offset_s < 0 ? -offset_s : offset_s) / 60 % 60);
}
