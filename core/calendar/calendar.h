/* Days as the contract counts them (domain-rules §1): holidays by rule, business days, the reception's closure,
 * fiscal years and eras. Pure and without state; a struct calendar borrows the contract's lists. Days are
 * those of the contract's zone (core/base/civil.h). Holidays are known for the years 1955–2050. */
#ifndef CORE_CALENDAR_CALENDAR_H
#define CORE_CALENDAR_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct contract;
struct era;
struct strbuf;

/* A month and day as one number: 1229 is December 29. 0: no such closure. Both ends belong to it; it may run over New Year. */
struct closure {
	int from_md, to_md;
};

struct calendar {
	int offset_s;
	struct closure office;    /* the city office, for business days: 1229 to 103 */
	struct closure reception; /* S2.2(2): 1229 to 103 */
	const int32_t *extra;     /* 臨時休日 of the contract file */
	size_t extra_count;
	/* A list published by the Cabinet Office wins over the rule in the years that it covers. */
	const int32_t *listed;
	size_t listed_count;
	int listed_from_year, listed_to_year; /* 0: none */
	const struct era *eras;   /* eras that the contract adds to the built-in ones */
	size_t era_count;
};

/* The calendar of a contract; borrows from it. */
void calendar_of(const struct contract *c, struct calendar *out);

/* ---- holidays (国民の祝日に関する法律) ---- */

enum holiday_kind {
	HOLIDAY_NATIONAL,   /* 祝日 */
	HOLIDAY_SUBSTITUTE, /* 振替休日 */
	HOLIDAY_CITIZENS,   /* 国民の休日 */
	HOLIDAY_SPECIAL,    /* by a law of its own */
};
struct holiday {
	enum holiday_kind kind;
	const char *ja, *en; /* static; ja as the Cabinet Office's list says it */
};
/* By the rule of the law alone. false when day is none, or outside 1955–2050. */
bool holiday_on(int32_t day, struct holiday *out);
const char *holiday_kind_ja(enum holiday_kind kind);

/* Whether the city takes this day for a holiday: the listed years' list, else the rule, and the extra days. */
bool calendar_holiday(const struct calendar *c, int32_t day);

/* ---- business days ---- */

/* The city office is open: not Saturday, Sunday, holiday, nor within its closure. */
bool business_day(const struct calendar *c, int32_t day);
/* The n-th business day after day, which is not counted (Civil Code art. 140); day itself for n <= 0.
 * DAY_NONE when the office never opens. */
int32_t business_days_after(const struct calendar *c, int32_t day, int n);
/* "within n business days of an event": the end (exclusive) of the n-th business day after the event's day. */
int64_t business_deadline(const struct calendar *c, int64_t event, int n);
/* Business days in (from, to]: 残3営業日. Negative when to lies before from. */
int business_days_between(const struct calendar *c, int32_t from, int32_t to);

/* ---- reception (S2.2(2)) ---- */

/* Whether the reception is closed at t; *reopens (may be NULL) is then the moment it opens again. */
bool reception_closed(const struct calendar *c, int64_t t, int64_t *reopens);

/* ---- fiscal years and eras ---- */

/* April to March, named by the year of its April. */
int fiscal_year(int32_t day);
int32_t fiscal_year_start(int year);
/* April to September. */
bool fiscal_first_half(int32_t day);

/* The era a day lies in, built in or of the contract; NULL before 明治. *year is the year of the era (1: 元年). */
const struct era *era_on(const struct calendar *c, int32_t day, int *year);
/* "令和8年11月23日"; "R8.11.23" when short_form. */
void wareki_format(const struct calendar *c, int32_t day, bool short_form, struct strbuf *out);
/* "令和8年度": by its April 1, but 2019 is 令和元年度. */
void fiscal_year_format(const struct calendar *c, int year, struct strbuf *out);
/* 日 月 火 水 木 金 土 */
const char *weekday_ja(int weekday);

#endif
