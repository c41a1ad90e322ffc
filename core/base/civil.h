/* Civil time in a zone of fixed offset (the contract's: +09:00, no daylight saving; domain-rules §1).
 *
 * A moment is an int64_t of UTC seconds since 1970; TIME_NONE means "not known". A day is an int32_t
 * of days since 1970-01-01 in the contract's zone. Nothing here reads TZ or the clock.
 * Years 1900 to 2199 are accepted; others are refused by the parsers. */
#ifndef CORE_BASE_CIVIL_H
#define CORE_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

#define TIME_NONE INT64_MIN
#define DAY_NONE INT32_MIN
#define DAY_SECONDS 86400

struct civil {
	int year, month, day; /* month 1–12, day 1–31 */
	int hour, minute, second;
	int weekday; /* 0 Sunday … 6 Saturday */
};

void civil_from_time(int64_t t, int offset_s, struct civil *out);
int64_t civil_to_time(const struct civil *c, int offset_s);
int32_t day_from_civil(int year, int month, int day);
void day_to_civil(int32_t day, int *year, int *month, int *dom);
int32_t day_of_time(int64_t t, int offset_s);
int64_t day_start(int32_t day, int offset_s);
int day_weekday(int32_t day); /* 0 Sunday */
int month_days(int year, int month);
/* Same day of the month n months on, clamped to the month's end (08-31 + 6 = 02-28/29). */
int32_t day_add_months(int32_t day, int months);

/* "2026-10-09"; false on anything else, also on 02-30. */
bool day_parse(const char *text, int32_t *out);
/* What a person types, against now: "2026-10-09 14:30[:00]", "2026-10-09" (00:00), "10/9 14:30",
 * "10/9", "14:30" (today), "now", "+90m", "-2h", "+3d", also with full-width digits turned to
 * ASCII by the caller, and RFC 3339 with an offset or Z. false when it is none of them or not a real time. */
bool time_parse(const char *text, int64_t now, int offset_s, int64_t *out);

/* "2026-10-09 14:30:05", to the minute with TIME_MINUTES, with the offset for machines with TIME_RFC3339. */
enum time_style { TIME_SECONDS, TIME_MINUTES, TIME_RFC3339, TIME_DAY, TIME_SHORT /* 10/09 14:30 */ };
void time_format(int64_t t, int offset_s, enum time_style style, struct strbuf *out);

#endif
