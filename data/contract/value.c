/* One value of a settings file: from its text to the struct, or the sentence that says what it should have been. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/civil.h"
#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "data/contract/schema.h"

#define TEXT_MAX 200
#define ID_MAX 31

static void *at(const struct value_to *to)
{
	return (char *)to->base + to->setting->at;
}

static bool in_bounds(const struct setting *s, int64_t n)
{
	return (s->min == 0 && s->max == 0) || (n >= s->min && n <= s->max);
}

static bool all_in(const char *text, const char *allowed)
{
	return text[strspn(text, allowed)] == '\0';
}

#define SMALL "abcdefghijklmnopqrstuvwxyz"
#define CAPITAL "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool id_valid(const char *text)
{
	return islower((unsigned char)text[0]) && strlen(text) <= ID_MAX && all_in(text, SMALL DIGITS "_-");
}

static int choice_index(const char *const *choices, const char *text)
{
	for (int i = 0; choices[i] != NULL; i++)
		if (strcmp(choices[i], text) == 0)
			return i;
	return -1;
}

/* Up to nine digits and what stands behind them; -1 when there are none, or more. */
static int64_t leading_number(const char *text, const char **rest)
{
	int64_t n = 0;
	size_t len = strspn(text, DIGITS);

	*rest = text + len;
	if (len == 0 || len > 9)
		return -1;
	for (size_t i = 0; i < len; i++)
		n = n * 10 + (text[i] - '0');
	return n;
}

static int64_t unit_value(const char *unit, const char *const *units, const int64_t *worth)
{
	while (*unit == ' ')
		unit++;
	int i = choice_index(units, unit);
	return i < 0 ? -1 : worth[i];
}

static bool set_duration(const struct value_to *to, const char *text)
{
	static const char *const units[] = { "s", "m", "h", "d", NULL };
	static const int64_t worth[] = { 1, 60, 3600, DAY_SECONDS };
	const char *rest;
	int64_t n = leading_number(text, &rest), unit = unit_value(rest, units, worth);

	if (n < 0 || unit < 0 || n * unit > INT32_MAX || !in_bounds(to->setting, n * unit))
		return false;
	*(int *)at(to) = (int)(n * unit);
	return true;
}

static bool set_size(const struct value_to *to, const char *text)
{
	static const char *const units[] = { "", "K", "M", "G", "T", NULL };
	static const int64_t worth[] = { 1, 1 << 10, 1 << 20, 1 << 30, INT64_C(1) << 40 };
	const char *rest;
	int64_t n = leading_number(text, &rest), unit = unit_value(rest, units, worth);

	if (n < 0 || unit < 0 || n > (INT64_C(1) << 50) / unit)
		return false;
	*(int64_t *)at(to) = n * unit;
	return true;
}

/* Two digits, bounded. */
static int two_digits(const char *text, int max)
{
	if (!isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1]))
		return -1;
	int n = (text[0] - '0') * 10 + (text[1] - '0');
	return n <= max ? n : -1;
}

/* "HH:MM" as seconds, -1 when it is none; 24:00 is the end of the day. */
static int clock_seconds(const char *text)
{
	if (strlen(text) != 5 || text[2] != ':')
		return -1;
	int hour = two_digits(text, 24), minute = two_digits(text + 3, 59);
	return hour < 0 || minute < 0 || (hour == 24 && minute > 0) ? -1 : hour * 3600 + minute * 60;
}

static bool set_clock(const struct value_to *to, const char *text)
{
	int seconds = clock_seconds(text);

	if (seconds >= 0)
		*(int *)at(to) = seconds;
	return seconds >= 0;
}

static bool set_zone(const struct value_to *to, const char *text)
{
	int seconds = text[0] == '+' || text[0] == '-' ? clock_seconds(text + 1) : -1;

	if (seconds < 0 || seconds > 14 * 3600)
		return false;
	*(int *)at(to) = text[0] == '-' ? -seconds : seconds;
	return true;
}

/* "MM-DD" as MMDD, -1 when no year has such a day. */
static int month_day(const char *text)
{
	if (strlen(text) != 5 || text[2] != '-')
		return -1;
	int month = two_digits(text, 12), day = two_digits(text + 3, 31);
	return month < 1 || day < 1 || day > month_days(2024, month) ? -1 : month * 100 + day;
}

static bool set_month_day(const struct value_to *to, const char *text)
{
	int md = month_day(text);

	if (md >= 0)
		*(int *)at(to) = md;
	return md >= 0;
}

/* "YYYY-MM-DD" with all its digits. */
static bool day_value(const char *text, int32_t *day)
{
	return strlen(text) == 10 && strspn(text, DIGITS) == 4 && strspn(text + 5, DIGITS) == 2 &&
	       strspn(text + 8, DIGITS) == 2 && day_parse(text, day);
}

static bool set_color(const struct value_to *to, const char *text)
{
	static const char *const names[] = { "black",	     "red",	     "green",	    "yellow",
					     "blue",	     "magenta",	     "cyan",	    "white",
					     "bright-black", "bright-red",   "bright-green", "bright-yellow",
					     "bright-blue",  "bright-magenta", "bright-cyan", "bright-white", NULL };
	int i = choice_index(names, text);

	if (i < 0 && strcmp(text, "default") != 0)
		return false;
	*(int *)at(to) = i; /* default is -1 */
	return true;
}

static bool path_valid(const char *text)
{
	return text[0] == '/' || (text[0] == '~' && text[1] == '/');
}

static bool address_valid(const char *text)
{
	return strlen(text) <= 253 && (isalnum((unsigned char)text[0]) || text[0] == ':') &&
	       all_in(text, SMALL CAPITAL DIGITS ".-_:%");
}

static bool tag_valid(const char *text)
{
	return text[0] != '\0' && strlen(text) <= 3 && all_in(text, CAPITAL);
}

static bool text_in_bounds(const struct setting *s, const char *text)
{
	size_t len = strlen(text), max = s->max > 0 ? (size_t)s->max : TEXT_MAX;

	return len <= max && len >= (size_t)s->min;
}

static bool form_valid(const struct setting *s, const char *text)
{
	/* What may be left out may also be written as nothing. */
	if (text[0] == '\0' && (s->flags & SETTING_REQUIRED) == 0)
		return s->kind != SET_WORD || choice_index(s->choices, text) >= 0;
	switch (s->kind) {
	case SET_ID:
		return id_valid(text);
	case SET_WORD:
		return choice_index(s->choices, text) >= 0;
	case SET_TAG:
		return tag_valid(text);
	case SET_ADDRESS:
		return address_valid(text);
	case SET_PATH:
		return path_valid(text) && strlen(text) <= 1000;
	default:
		return text_in_bounds(s, text) && ((s->flags & SETTING_REQUIRED) == 0 || text[0] != '\0');
	}
}

/* Kept as it is stored everywhere: NFC. */
static bool set_text(const struct value_to *to, const char *text)
{
	struct strbuf form = { 0 };

	if (!form_valid(to->setting, text))
		return false;
	text_normalize(text, strlen(text), &form);
	*(const char **)at(to) = arena_text(to->mem, strbuf_text(&form));
	strbuf_release(&form);
	return true;
}

static bool set_choice(const struct value_to *to, const char *text)
{
	int i = choice_index(to->setting->choices, text);

	if (i >= 0)
		*(int *)at(to) = i;
	return i >= 0;
}

bool value_from_int(const struct value_to *to, long long n)
{
	const struct setting *s = to->setting;

	if (!in_bounds(s, n))
		return false;
	if (s->kind == SET_INT64)
		*(int64_t *)at(to) = n;
	else
		*(int *)at(to) = (int)n;
	return true;
}

/* A default of a number or a truth stands in the table as text. */
static bool set_initial(const struct value_to *to, const char *text)
{
	if (to->setting->kind == SET_BOOL) {
		*(bool *)at(to) = strcmp(text, "true") == 0;
		return true;
	}
	return value_from_int(to, strtoll(text, NULL, 10));
}

bool value_from_text(const struct value_to *to, const char *text)
{
	switch (to->setting->kind) {
	case SET_CHOICE:
		return set_choice(to, text);
	case SET_DURATION:
		return set_duration(to, text);
	case SET_SIZE:
		return set_size(to, text);
	case SET_CLOCK:
		return set_clock(to, text);
	case SET_DAY:
		return day_value(text, (int32_t *)at(to));
	case SET_MONTH_DAY:
		return set_month_day(to, text);
	case SET_ZONE:
		return set_zone(to, text);
	case SET_COLOR:
		return set_color(to, text);
	case SET_BOOL:
	case SET_INT:
	case SET_INT64:
		return set_initial(to, text);
	default:
		return set_text(to, text);
	}
}

bool element_allowed(const struct setting *s, const char *text)
{
	int32_t day;

	switch (s->kind) {
	case SET_IDS:
		return id_valid(text);
	case SET_MONTH_DAYS:
		return month_day(text) >= 0;
	case SET_DAYS:
		return day_value(text, &day);
	default:
		return choice_index(s->choices, text) >= 0;
	}
}

void choices_list(const char *const *choices, struct strbuf *out)
{
	for (size_t i = 0; choices[i] != NULL; i++)
		strbuf_addf(out, "%s%s", i > 0 ? ", " : "", choices[i]);
}

/* {1} the setting, {2} what stood there, {3} and {4} the bounds, {3} the choices. */
static const char *const refusals[] = {
	[SET_TEXT] = N_("'{1}' takes text in double quotes, {3} to {4} bytes; found {2}"),
	[SET_ID] = N_("'{1}' takes an id in double quotes: a small letter, then up to 30 small letters, digits, - or _; found {2}"),
	[SET_WORD] = N_("'{1}' takes one of {3}; found {2}"),
	[SET_CHOICE] = N_("'{1}' takes one of {3}; found {2}"),
	[SET_TAG] = N_("'{1}' takes one to three capital letters in double quotes; found {2}"),
	[SET_ADDRESS] = N_("'{1}' takes a host name or an address in double quotes; found {2}"),
	[SET_PATH] = N_("'{1}' takes a path in double quotes that begins with / or ~/; found {2}"),
	[SET_NAME] = N_("'{1}' takes a name in Japanese and in English: [ \"..\", \"..\" ]; found {2}"),
	[SET_SHORT] = N_("'{1}' takes a name in Japanese and in English: [ \"..\", \"..\" ]; found {2}"),
	[SET_BOOL] = N_("'{1}' takes true or false; found {2}"),
	[SET_INT] = N_("'{1}' takes a whole number from {3} to {4}; found {2}"),
	[SET_INT64] = N_("'{1}' takes a whole number from {3} to {4}; found {2}"),
	[SET_DURATION] = N_("'{1}' takes a span such as \"30s\", \"5m\", \"48h\" or \"7d\", from {3} to {4} seconds; found {2}"),
	[SET_SIZE] = N_("'{1}' takes a size such as \"500K\", \"20M\" or \"2G\"; found {2}"),
	[SET_CLOCK] = N_("'{1}' takes a time of day, \"00:00\" to \"24:00\"; found {2}"),
	[SET_DAY] = N_("'{1}' takes a day that exists, written \"2026-10-01\"; found {2}"),
	[SET_MONTH_DAY] = N_("'{1}' takes a month and a day that exist, written \"12-29\"; found {2}"),
	[SET_ZONE] = N_("'{1}' takes the difference to UTC, written \"+09:00\"; found {2}"),
	[SET_COLOR] = N_("'{1}' takes a colour: 0 to {4}, \"default\", or a name from \"black\" to \"bright-white\"; found {2}"),
	[SET_IDS] = N_("'{1}' takes ids in square brackets: [ \"..\", \"..\" ]; found {2}"),
	[SET_WORDS] = N_("'{1}' takes words in square brackets, each one of {3}; found {2}"),
	[SET_MONTH_DAYS] = N_("'{1}' takes days of the year in square brackets: [ \"12-29\", .. ]; found {2}"),
	[SET_DAYS] = N_("'{1}' takes days in square brackets: [ \"2026-10-01\", .. ]; found {2}"),
	[SET_BITS] = N_("'{1}' takes words in square brackets, each one of {3}; found {2}"),
	[SET_GROUP] = N_("'{1}' takes settings in braces: { .. }; found {2}"),
	[SET_LIST] = N_("'{1}' takes a list of groups in round brackets: ( { .. }, { .. } ), at most {4}; found {2}"),
};

void value_refuse(const struct setting *s, struct place place, const char *found, struct complaints *out)
{
	int64_t min = s->min, max = s->max;
	struct strbuf third = { 0 };

	if (s->kind == SET_TEXT) {
		min = min > 0 ? min : (s->flags & SETTING_REQUIRED) != 0;
		max = max > 0 ? max : TEXT_MAX;
	}
	if (s->choices != NULL)
		choices_list(s->choices, &third);
	else
		strbuf_addf(&third, "%lld", (long long)min);
	COMPLAIN(out, place, refusals[s->kind], s->name, found, strbuf_text(&third), MSG_INT(max));
	strbuf_release(&third);
}
