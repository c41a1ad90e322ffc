/* 経過: words about any record, appended only; and ticks of check lists. */
#ifndef DATA_STORE_NOTE_H
#define DATA_STORE_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "data/store/store.h"

/* client: 市提出; otherwise 社内, which never leaves in an export. at: when it happened. */
void note_put(struct tx *tx, const char *subject, const char *body, bool client, int64_t at, char id[UUID_SIZE]);
/* Notes about a record, oldest first. */
int notes_load(struct store *s, const char *subject, struct rows *out, struct err *err);

/* Ticks an item of a list (a stage's or phase's id), or takes the tick back. Doing it twice changes nothing; the row's id
 * follows from subject, list and item, so that two laptops make one. */
void tick_put(struct tx *tx, const char *subject, const char *list, const char *item, bool done, int64_t at);
int ticks_load(struct store *s, const char *subject, struct rows *out, struct err *err);
/* Whether item of list is among the ticks that hold. */
bool tick_done(const struct tick *ticks, size_t count, const char *list, const char *item);

#endif
