/* The patch backlog's rules (S2.3(2)③, domain-rules §8). Pure.
 *
 * A patch is (group of hosts, package, target version). It walks 公開 影響確認 報告 提案 協議 合意 対応予定
 * 対応済 確認済 one stage at a time, or steps aside: 対象外 (a reason), 適用見送り (an agreement and a day to look
 * again), 保留 (neither). 対応予定 always rests on a 合意, 確認済 on what every host shows. An emergency may jump
 * ahead as far as 対応済, with a reason; what it jumped over stays owed and is made up later under its real
 * time. Nothing here is stored: all of it is worked out from the rows. */
#ifndef CORE_PATCH_PATCH_H
#define CORE_PATCH_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/change/tables.h"
#include "core/contract/contract.h"
#include "core/patch/version.h"

enum patch_stage {
	PATCH_PUBLISHED, PATCH_ASSESSED, PATCH_REPORTED, PATCH_PROPOSED, PATCH_DISCUSSED, PATCH_AGREED, PATCH_PLANNED,
	PATCH_DONE, PATCH_VERIFIED,
	PATCH_OUT_OF_SCOPE, PATCH_DECLINED, PATCH_HELD, /* aside */
	PATCH_RESUMED, /* only as a step: taken up again from aside */
	PATCH_STAGE_COUNT
};
#define PATCH_MAIN_STAGES 9 /* 公開 … 確認済 */
#define PATCH_GROUP_HOSTS 64

struct patch_stage_info {
	const char *id;    /* as stored and typed */
	const char *label; /* NC_("patch stage", …) */
};
const struct patch_stage_info *patch_stage_info(enum patch_stage stage);
/* PATCH_STAGE_COUNT when there is none of that name. */
enum patch_stage patch_stage_find(const char *id);

/* Everything the rules look at. Rows are borrowed and may come in any order; hosts holds what was recorded. */
struct patch_facts {
	const struct patch *patch;
	const struct patch_step *steps; size_t step_count; /* in the order they were recorded */
	const struct patch_host *hosts; size_t host_count;
	const struct talk *talks; size_t talk_count;       /* about this patch, cancellations included */
	const struct stop *stop;                           /* the one it names; NULL when none or gone */
	const char *group[PATCH_GROUP_HOSTS]; size_t group_count; /* hosts of the contract that it concerns */
	enum version_family family;
};
/* The hosts of the contract's group patch->hosts, or that one host; at most PATCH_GROUP_HOSTS. */
void patch_group(const struct contract *c, const char *hosts, struct patch_facts *facts);

/* Where it stands, as recorded; PATCH_STAGE_COUNT when the row holds a stage of a newer hoshu. */
enum patch_stage patch_stage(const struct patch *p);
/* 該当 obliges; 判定待ち is treated so until it is judged. */
bool patch_obliges(const struct patch *p);
/* Bits 1 << stage of the main stages recorded since it last went back. */
unsigned patch_recorded(const struct patch_facts *f);
/* Bits of the stages that were jumped over and are still to be made up. */
unsigned patch_owed(const struct patch_facts *f);
/* Nothing is left to do: 確認済 or 対象外, and nothing owed. */
bool patch_closed(const struct patch_facts *f);

/* The agreement (act 合意, result agreed) that talk records is in force at the moment at: not cancelled, not expired. */
bool patch_agreement_valid(const struct patch_facts *f, const struct talk *talk, int64_t at);
/* A later step rests on this talk, so that its 取消 is refused (domain-rules §6). */
bool patch_rests_on(const struct patch_facts *f, const char *talk_id);

/* Where a host stands against 確認済. */
enum patch_host_state { PATCH_HOST_UNKNOWN, PATCH_HOST_OLD, PATCH_HOST_REBOOT, PATCH_HOST_STALE, PATCH_HOST_SHOWN };
enum patch_host_state patch_host_state(const struct patch_facts *f, const char *host);
/* Does every host of the group show at least the target, looked at after it was done, with no reboot pending?
 * first_missing (may be NULL) receives a host that does not, or NULL. */
bool patch_hosts_shown(const struct patch_facts *f, const char **first_missing);

/* ---- steps ---- */

struct patch_request {
	enum patch_stage stage;
	int64_t at, now;           /* when it happened; when it is recorded */
	const char *body, *reason; /* "" when not given */
	const char *action;        /* 対応済: applied, workaround */
	const struct talk *talk;   /* 合意 and 適用見送り; NULL: the one the patch names */
	const struct stop *stop;   /* 対応予定; NULL: the one the patch names */
	int64_t review_day;        /* 適用見送り */
	int offset_s;
	bool emergency;
};

enum patch_move {
	PATCH_FORWARD, /* the next stage */
	PATCH_JUMP,    /* ahead, leaving stages owed (or free ones behind, when it does not oblige) */
	PATCH_BACK,    /* to an earlier stage, with a reason */
	PATCH_LATE,    /* an owed stage made up; the patch stays where it is */
	PATCH_ASIDE, PATCH_AGAIN,
};

/* What the row is to hold after the step; text is borrowed from request and facts. */
struct patch_outcome {
	enum patch_move move;
	const char *stage, *action, *agreement, *stop, *reason, *emergency;
	int64_t review_day, closed_at;
};
/* May this step be recorded? 0, or HS_ERR_INVALID (something not given), HS_ERR_STATE (not from here), HS_ERR_OWED (what must
 * come first is missing). Changes nothing. */
int patch_step_check(const struct patch_facts *f, const struct patch_request *r, struct patch_outcome *out,
		     struct err *err);
/* The same row after the step, for the caller that computes on (closed_at, the next action). */
void patch_outcome_apply(const struct patch_outcome *o, struct patch *row);

/* ---- what to do next ---- */

struct patch_next {
	struct msg action;  /* 次の対応 */
	int64_t due;        /* the moment it is due, TIME_NONE when none is set */
	bool overdue;       /* only where it obliges */
	bool waiting;       /* nothing to do before due */
};
void patch_next(const struct patch_facts *f, int64_t now, int offset_s, struct patch_next *out);
/* Nine characters, one a main stage: '#' recorded, '!' owed, '>' the next, '-' to come. */
void patch_progress(const struct patch_facts *f, char out[PATCH_MAIN_STAGES + 1]);

#endif
