/* Talks with the client (domain-rules §6): 調整 協議 合意 承諾 報告, and what rests on them. Pure.
 *
 * A talk is never changed or deleted; a 取消 supersedes it, and is refused while a later step rests on it. */
#ifndef CORE_TICKET_TALK_H
#define CORE_TICKET_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/ticket/words.h"

struct contract;
struct talk;

enum talk_act { ACT_COORDINATION, ACT_DISCUSSION, ACT_AGREEMENT, ACT_CONSENT, ACT_REPORT };
enum talk_result { RESULT_PENDING, RESULT_AGREED, RESULT_ABSENT, RESULT_REFUSED };
enum talk_about {
	ABOUT_STOP, ABOUT_DEFERRAL, ABOUT_PATCH, ABOUT_VISIT, ABOUT_CUSTOMISING, ABOUT_INVENTORY, ABOUT_DELIVERABLE,
	ABOUT_DISCLOSURE, ABOUT_READING, ABOUT_SECURITY,
};
extern const struct word act_words[], result_words[], about_words[], body_words[];

/* What the contract says of talks about something. */
struct talk_rule {
	const char *clause;
	enum talk_act act;   /* the act the clause names */
	const char *body;    /* city, manager, client, library */
	bool blocks;         /* the step waits for it; otherwise it is owed */
};
/* The rule for about; a reading "body-ABOUT" of the contract file changes the body. */
void talk_rule(const struct contract *c, enum talk_about about, struct talk_rule *out);

/* Whether a talk settles what it is about: agreed, by an act that is strong enough, and not cancelled.
 * A report settles nothing but what asks for a report; 承諾 and 合意 settle what asks for 調整 or 協議. */
bool talk_settles(const struct talk *t, bool cancelled);

/* Whether the record can be written: act, about, result are known words; agreed needs a person; the time is not after now.
 * HS_ERR_INVALID, HS_ERR_OWED. */
int talk_check(const struct talk *t, int64_t now, struct err *err);
/* Whether t may be cancelled: not a 取消 itself, not cancelled yet, and nothing rests on it.
 * rests: number of a record that rests on it, "" when none. HS_ERR_STATE names it. */
int talk_may_cancel(const struct talk *t, bool cancelled, const char *rests, struct err *err);

#endif
