/* Tickets in records.db: the queue, one ticket with all that belongs to it, and the writes that verbs and the recorder share.
 *
 * Reading is bounded: a limit and, for closed ones, a keyset; an index stands behind each query. Writers run inside the
 * caller's tx, so that row, stage and note are one transaction; they do not judge: the rules are core/ticket's. */
#ifndef DATA_STORE_TICKET_H
#define DATA_STORE_TICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/contract/contract.h"
#include "core/ticket/recovery.h"
#include "data/store/store.h"

/* ---- the queue ---- */

enum ticket_scope { TICKETS_OPEN, TICKETS_CLOSED, TICKETS_ALL };

/* Text fields: NULL or "" means any. */
struct ticket_filter {
	enum ticket_scope scope;
	const char *site, *kind, *owner, *severity;
	int64_t due_before; /* TIME_NONE: any; a ticket without 復旧目安 does not match */
	/* Closed ones only: begin after this one (the last of the page before). TIME_NONE and "": from the newest. */
	int64_t after_closed_at;
	const char *after_id;
	size_t limit;       /* 0: no limit; a page of closed ones needs one */
};

struct ticket_item {
	struct ticket row;
	struct recovery recovery;
	int64_t deferral_at, deferral_due; /* the agreement that holds; TIME_NONE */
	int joined;         /* checks and tickets that joined it */
	int64_t touched_at; /* the newest stage or note, else opened_at */
};
struct ticket_queue {
	struct rows rows;   /* holds the text */
	VEC(struct ticket_item) list;
	int64_t total;      /* that match, also beyond the limit; -1 when not counted */
	bool more;          /* the limit cut the list */
};
/* Open ones as recovery_compare orders them; closed ones newest first, after the open ones.
 * HS_ERR_BUSY, HS_ERR_CANCELLED (a key is ready). A released or zeroed queue is empty. */
int tickets_load(struct store *s, const struct contract *c, const struct ticket_filter *f, int64_t now,
		 struct ticket_queue *out, struct err *err);
void ticket_queue_release(struct ticket_queue *q);
/* The clock of an item at another moment; reads nothing. */
void ticket_item_judge(struct ticket_item *item, const struct contract *c, int64_t now);

/* The line under the queue: this fiscal year's 重度. */
struct ticket_figures {
	int major;          /* all of them */
	int met, missed, running; /* of those that what was delivered caused */
	int undecided;      /* whose cause is not judged yet */
	int64_t average_s, longest_s; /* of the recovered ones; TIME_NONE when there is none */
	char longest[24];             /* number of the longest */
};
int ticket_figures(struct store *s, const struct contract *c, int64_t from, int64_t to, int64_t now,
		   struct ticket_figures *out, struct err *err);

/* ---- one ticket ---- */

struct ticket_detail {
	struct rows ticket;    /* one ticket */
	struct rows stages;    /* ticket_stage, oldest first */
	struct rows checks;    /* ticket_check */
	struct rows notes;     /* note, oldest first */
	struct rows ticks;     /* tick */
	struct rows talks;     /* talk, oldest first, cancelled and 取消 with them */
	struct rows children;  /* tickets that this one absorbed, or that recur from it */
	const struct talk *deferral; /* the talk that holds now, NULL */
	struct recovery recovery;
	struct change_rows history; /* newest first, at most 200 */
};
/* HS_ERR_NOT_FOUND. */
int ticket_load(struct store *s, const struct contract *c, const char *id, int64_t now, struct ticket_detail *out,
		struct err *err);
void ticket_detail_release(struct ticket_detail *d);

/* ---- writes ---- */

/* A new ticket from draft (its id, number, stage and opened_at are made here; draft->id fixes the id when not ""), in the first
 * stage of its kind. false: a ticket of that id exists and is kept. */
bool ticket_put(struct tx *tx, const struct contract *c, const struct ticket *draft, char id[UUID_SIZE], char number[24]);
/* Enters a stage: a row of ticket_stage, the ticket's stage, its stamps (core/ticket/flow.h). at: when it happened. */
void ticket_enter(struct tx *tx, const struct contract *c, const struct ticket *t, const struct flow_stage *to, int64_t at,
		  const char *reason);

/* ---- failing checks (domain-rules §7) ---- */

/* The id of the ticket that the confirmed failure of check since then opens: the same on every device. */
void ticket_id_of_failure(const char *check, int64_t since, char id[UUID_SIZE]);
/* The newest open ticket that check opened or joined; "" when none. Absorbed ones give the ticket that absorbed them. */
int ticket_of_check(struct store *s, const char *check, char id[UUID_SIZE], struct err *err);
/* Records once that check joined ticket; later calls change nothing. */
void ticket_join(struct tx *tx, const char *ticket, const char *check, int64_t at);
/* Records once that a joined check works again. Never closes the ticket. */
void ticket_check_recovered(struct tx *tx, const char *ticket, const char *check, int64_t at);

#endif
