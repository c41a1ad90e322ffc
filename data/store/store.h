/* records.db: what people wrote (architecture §2). The only writer of its rows.
 *
 * One struct store is one open database, used by one thread. Reading never waits: a busy database gives HS_ERR_BUSY and
 * the caller keeps what it has. Every write goes through a tx: BEGIN IMMEDIATE, rows and their
 * changes together, COMMIT; when tx_commit returned 0 it is on the disk (TRUNCATE, EXTRA).
 * Files are made 0600 in a 0700 folder whatever the umask; links and foreign owners are refused. */
#ifndef DATA_STORE_STORE_H
#define DATA_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/uuid.h"
#include "core/change/change.h"
#include "core/change/tables.h"

struct store;

struct store_options {
	const char *folder;   /* the contract's folder, made when missing */
	const char *machine;  /* what tells this machine from others; NULL: /etc/machine-id */
	const char *tag;      /* the device tag (1–3 letters) for a new database; "" refuses to make one */
	bool read_only;       /* the one place where --read-only is enforced: tx_begin refuses */
	int busy_ms;          /* how long a write waits for another program; 0 in the console, which retries itself */
};

/* Opens, migrates (with a backup before) and checks the header; a newer schema is HS_ERR_NEWER, a
 * damaged file HS_ERR_DAMAGED with the newest good backup named, and left as it is. */
int store_open(struct store **out, const struct store_options *options, struct err *err);
/* Makes a backup first when one is due. Takes NULL. */
void store_close(struct store *s);

struct store_device {
	char id[DEVICE_SIZE];
	char tag[4];
	bool machine_changed; /* restored or cloned: a new tag must be asked for before writing; tx_begin refuses */
};
/* 1–3 ASCII letters; upper case is what is kept. */
bool store_tag_valid(const char *tag);
const struct store_device *store_device(const struct store *s);
/* Names this device anew, under a tag that no device of this database has had (HS_ERR_EXISTS). */
int store_device_renew(struct store *s, const char *tag, struct err *err);
/* Grows by one with every write of any program; cheap (PRAGMA data_version). */
int64_t store_version(struct store *s);
bool store_read_only(const struct store *s);

/* ---- writing ---- */

struct tx {
	struct store *store;
	char id[UUID_SIZE];
	const char *actor, *verb; /* borrowed */
	int64_t now;
	int error;                /* the first failure; later calls do nothing, tx_commit reports it */
	struct err err;
	struct {                  /* belongs to tx.c */
		int64_t seq, device, entity;
		uint64_t hlc;
		int64_t changes, conflicts;
		enum table_id table;
		char row[UUID_SIZE], undoes[UUID_SIZE], previous[CHANGE_DIGEST_SIZE];
	} own;
};

/* actor, verb: kept by the caller until the commit. now: UTC seconds, the moment people see (the injected clock). One tx at a time.
 * HS_ERR_BUSY, HS_ERR_READ_ONLY, HS_ERR_STATE (machine changed: store_device_renew), HS_ERR_FULL. */
int tx_begin(struct store *s, const char *actor, const char *verb, int64_t now, struct tx *tx, struct err *err);
/* A new row with a random id (written to id), or with the id that is given when id[0] != '\0'; one that exists already is kept
 * and false returned. */
bool tx_insert(struct tx *tx, enum table_id table, char id[UUID_SIZE]);
/* shown: what the person saw when editing (NULL: what the row holds now). A cell that changed since gets the new value,
 * and tx_conflicts() counts it. Values equal to the cell's write nothing. Text must be UTF-8 (HS_ERR_INVALID). */
void tx_set(struct tx *tx, enum table_id table, const char *id, const char *column, struct value value,
	    const struct value *shown);
void tx_text(struct tx *tx, enum table_id table, const char *id, const char *column, const char *text);
void tx_int(struct tx *tx, enum table_id table, const char *id, const char *column, int64_t number);
void tx_delete(struct tx *tx, enum table_id table, const char *id); /* tombstone */
int64_t tx_conflicts(const struct tx *tx);
/* The next number of this device's tag in the table: tickets S39, patches S-P7, stops S-T3, talks S-A5, campaigns S-C2. Derived
 * from the rows that are there, tombstones too, so it is never given twice; the caller writes it into column "number" at once. */
void tx_number(struct tx *tx, enum table_id table, char out[24]);
/* The letter between tag and count ("" for tickets); NULL for a table without numbers. */
const char *store_number_group(enum table_id table);
/* 0: everything is on the disk. Otherwise nothing was written and the tx is over; after HS_ERR_BUSY the whole verb may be done
 * again. A tx without changes commits nothing and leaves no trace. */
int tx_commit(struct tx *tx, struct err *err);
void tx_rollback(struct tx *tx); /* takes one that is over */

/* ---- undo and history ---- */

/* Undoes transaction id by compensating changes; HS_ERR_CONFLICT names what was changed since. */
int store_undo(struct store *s, const char *tx_id, const char *actor, int64_t now, char done[UUID_SIZE], struct err *err);
/* The newest transaction of this device that is not undone, and is no undo; redo: the newest undo that is not undone.
 * What the recorder wrote (actor "auto") is never offered. HS_ERR_NOT_FOUND. */
/* The verb of a transaction; of an undo, the verb that it undid. "" when there is none. */
int store_tx_verb(struct store *s, const char *tx_id, char verb[64], struct err *err);
int store_last_tx(struct store *s, bool redo, char tx_id[UUID_SIZE], struct err *err);

struct change_row {
	const char *tx, *device, *actor, *verb, *table, *row, *column, *before, *after;
	int64_t at; /* UTC seconds */
};
struct change_rows {
	struct arena mem;
	VEC(struct change_row) list;
};
/* Newest first; row NULL: of the whole contract. Only what is older than before_at (TIME_NONE: from the newest on); limit
 * counts changes, but a page always ends with a whole second, so that the last row's at is the next before_at. */
int store_history(struct store *s, const char *row, int64_t before_at, size_t limit, struct change_rows *out,
		  struct err *err);
void change_rows_release(struct change_rows *rows);

/* ---- reading ---- */

/* Rows of one table, in an arena. Typed access: ((struct ticket *)rows.v)[i], or ROWS(ticket, &rows)[i]. */
struct rows {
	struct arena mem;
	enum table_id table;
	void *v;
	size_t len, cap;
};
#define ROWS(type, rows) ((const struct type *)(rows)->v)
void rows_release(struct rows *rows);
/* One row by id; HS_ERR_NOT_FOUND. rows->len is 1. */
int store_row(struct store *s, enum table_id table, const char *id, struct rows *out, struct err *err);
/* All live rows where column = text, in the order they were made. column NULL: all. */
int store_rows(struct store *s, enum table_id table, const char *column, const char *text, struct rows *out,
	       struct err *err);
/* The live row whose number is text ("S39", "#S39", "s39"), or whose id starts with its 4 or more characters when that is unique
 * (HS_ERR_INVALID when it is not). */
int store_find(struct store *s, enum table_id table, const char *text, struct rows *out, struct err *err);

/* ---- care ---- */

/* A verified backup now; path receives its name (may be NULL). Runs by itself every 200 transactions, before each migration, and at
 * exit when something was written and the newest is older than ten minutes; a database above 32 MB waits longer, in proportion.
 * Kept in backup/: the newest 5, the last of each of 7 days and of each of 12 months. */
int store_backup(struct store *s, struct strbuf *path, struct err *err);

struct backup_info {
	char name[64];       /* records-20261123T011500Z-42.db: made at, newest transaction in it */
	int64_t at, seq, size;
};
struct backups {
	VEC(struct backup_info) list; /* newest first */
};
/* What lies in the folder's backup/, unchecked. No open store is needed. */
int store_backups(const char *folder, struct backups *out, struct err *err);
/* Opens and checks one (quick_check, and that it is a records.db). */
int store_backup_check(const char *folder, const char *name, struct err *err);
/* Puts a backup (NULL: the newest good one) in the place of records.db, which is kept aside; aside and used (may be NULL) receive names. The
 * next store_open reports machine_changed, for the numbers given since are not known to it. HS_ERR_BUSY while a program
 * writes; programs that have the old file open refuse to write from then on. */
int store_restore(const char *folder, const char *name, int64_t now, struct strbuf *aside, struct strbuf *used, struct err *err);

struct store_health {
	int64_t size, changes, newest_backup_at;
	int backups;
	int journal_ok, sync_ok;
	int64_t free_bytes;
};
int store_health(struct store *s, struct store_health *out, struct err *err);

/* Structure, and that this device's newest change is as its digest says: seconds at most, for the start, in a child.
 * HS_ERR_DAMAGED: with the newest good backup named, or, when the log was altered, what to do. */
int store_check(struct store *s, struct err *err);
/* Folds the log again, compares with the tables and walks every device's digest chain. found is called for each difference; 0 also
 * when there were some. checked: changes read. */
int store_fsck(struct store *s, void (*found)(void *ctx, const struct msg *what), void *ctx, int64_t *checked,
	       struct err *err);

#endif
