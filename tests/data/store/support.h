/* What the tests of data/store share: a folder that goes away, a store in it, rows made in one line. */
#ifndef TESTS_DATA_STORE_SUPPORT_H
#define TESTS_DATA_STORE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "data/store/store.h"

#define NOW INT64_C(1790000000)

/* A new folder in TMPDIR, or in memory where there is a place for that (what is killed loses nothing that was written);
 * freed by folder_remove with all that lies in it. */
char *folder_new(void);
void folder_remove(char *owned_path);
/* "folder/name" in a static buffer of 4 turns. */
const char *path_of(const char *folder, const char *name);

/* Opens with tag S on machine "one"; fails the test when it cannot. */
struct store *store_make(const char *folder);
/* One transaction with one ticket; fails the test when it is not confirmed. number may be NULL. */
void ticket_make(struct store *s, const char *title, int64_t now, char id[UUID_SIZE], char number[24]);
/* What a cell holds, as text in a static buffer of 4 turns. */
const char *cell(struct store *s, enum table_id table, const char *id, const char *column);
/* How many differences fsck finds; its own failure counts as one, and fails the test when strict. */
int fsck_count(struct store *s, bool strict);
const char *err_shown(const struct err *err);
/* Numbers that look random and are the same in every run. */
uint64_t rng_next(uint64_t *state);

#endif
