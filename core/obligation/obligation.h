/* Obligations (S2.1, S2.5, S3.1, domain-rules §10): what is due, when, and whether it was submitted; and who must be there. Pure.
 *
 * Due days are worked out from the contract's rules and from the meetings that were held; nothing is stored but submissions
 * (rows of deliverable). A meeting that was held is a row of kind "meeting", made_at being when it took place. */
#ifndef CORE_OBLIGATION_OBLIGATION_H
#define CORE_OBLIGATION_OBLIGATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/change/tables.h"
#include "core/contract/contract.h"

#define OBLIGATION_MEETING "meeting"     /* 定例会, S2.5 */
#define OBLIGATION_INVENTORY "inventory" /* 蔵書点検, S2.4 */
#define OBLIGATION_NEAR_DAYS 14          /* 期限間近 */

enum obligation_state { OBLIGATION_COMING, OBLIGATION_NEAR, OBLIGATION_OVERDUE, OBLIGATION_DONE };
/* "coming", "near", "overdue", "done"; and the word, NC_("obligation", …). */
const char *obligation_state_name(enum obligation_state s);
const char *obligation_state_label(enum obligation_state s);

struct obligation {
	const char *kind;            /* a deliverable rule's id, or OBLIGATION_… */
	const struct label *name;    /* NULL for the two above */
	const char *clause;
	int32_t from_day;            /* what it is about: the fiscal year's first day, the meeting's day */
	int32_t due_day;             /* the last day in time; DAY_NONE while not known */
	int64_t done_at;             /* submitted, held, closed; TIME_NONE */
	bool late;                   /* done after due */
	const char *subject;         /* id of the meeting's row, "" */
	const char *row;             /* id of the newest deliverable for it, "" */
	enum obligation_state state;
};
struct obligations {
	VEC(struct obligation) list; /* by due day */
};

struct obligation_facts {
	const struct contract *contract;
	const struct deliverable *rows; size_t row_count;     /* all, meetings included */
	const struct campaign *campaigns; size_t campaign_count;
};
/* Of the fiscal year that now lies in, and what is still open from before. Appends. */
void obligations_of(const struct obligation_facts *f, int64_t now, struct obligations *out);
void obligations_release(struct obligations *o);

/* The day by which a deliverable of this rule is due: the fiscal year's (about: any day in it), the meeting's own day,
 * or n business days after the meeting (about: its day). DAY_NONE when the rule is not understood. */
int32_t obligation_due(const struct contract *c, const struct deliverable_rule *rule, int32_t about);
/* The next meeting's due day: meeting_months after the last, clamped to the month's end; last DAY_NONE: from go-live. */
int32_t obligation_next_meeting(const struct contract *c, int32_t last);
enum obligation_state obligation_state_on(int32_t due_day, int64_t done_at, int32_t today);

/* ---- 要員 (S2.1) ---- */

enum staff_fault { STAFF_NO_MANAGER, STAFF_MANY_MANAGERS, STAFF_FEW_ENGINEERS, STAFF_NOT_DEDICATED, STAFF_FAULT_COUNT };
struct staff_breach {
	enum staff_fault fault;
	int32_t from_day, to_day; /* both included; to_day DAY_NONE: to the end of what was looked at */
	int64_t count;            /* how many there are */
	struct msg what;
};
struct staff_breaches {
	VEC(struct staff_breach) list; /* by from_day */
};
bool staff_on(const struct staff *s, int32_t day);
/* Every stretch of days within [from, to] on which the rule is broken, also ahead. Appends. */
void staff_review(const struct contract *c, const struct staff *rows, size_t count, int32_t from, int32_t to,
		  struct staff_breaches *out);
void staff_breaches_release(struct staff_breaches *b);

#endif
