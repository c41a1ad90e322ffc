/* Talks with the client in records.db (domain-rules §6). Appended, never changed; a 取消 is a row of its own. */
#ifndef DATA_STORE_TALK_H
#define DATA_STORE_TALK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "data/store/store.h"

/* A new talk from draft (id and number are made here). */
void talk_put(struct tx *tx, const struct talk *draft, char id[UUID_SIZE], char number[24]);
/* Appends the 取消 of t. The caller asked talk_may_cancel before. */
void talk_put_cancel(struct tx *tx, const struct talk *t, const char *reason, char number[24]);

/* Talks about a record, or all (subject NULL), oldest first; limit 0: all. 取消 rows are among them. */
int talks_load(struct store *s, const char *subject, size_t limit, struct rows *out, struct err *err);
/* Whether a 取消 among rows supersedes the talk of that id. */
bool talk_cancelled(const struct rows *talks, const char *id);
/* The number of a record that rests on the talk (a deferred ticket, a patch past its agreement, an inventory check, a stop that began by now),
 * "" when none. */
int talk_rests(struct store *s, const struct talk *t, int64_t now, char number[24], struct err *err);
/* The newest talk about subject that settles about (core/ticket/talk.h) and holds at time at; HS_ERR_NOT_FOUND. */
int talk_holding(struct store *s, const char *subject, const char *about, int64_t at, struct rows *out, struct err *err);

#endif
