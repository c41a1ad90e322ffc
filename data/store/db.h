/* One SQLite connection as hoshu opens it: TRUNCATE journal, hostile files expected, statements kept.
 * Inside data/store only. Every function returns 0 or HS_ERR_*; errors name the file, not its content. */
#ifndef DATA_STORE_DB_H
#define DATA_STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/change/change.h"

#define DB_STATEMENTS 64

struct db_statement {
	char *sql;
	sqlite3_stmt *stmt;
	bool taken;
	uint64_t used;
};

struct db {
	sqlite3 *handle;
	char *path; /* for messages */
	int busy_ms;
	bool may_write; /* read by the guard function: false refuses every change of a row */
	uint64_t clock;
	struct db_statement kept[DB_STATEMENTS];
};

enum db_sync { DB_SYNC_EXTRA, DB_SYNC_FULL, DB_SYNC_OFF };

/* Opens a file that exists (folder_file_check came first); path ":memory:" opens an empty one in memory. The handle
 * refuses links, attached files and unsafe schemas. It waits at least half a second for a program that is just writing, until
 * db_settle: from then on busy_ms. */
int db_open(struct db *d, const char *path, bool write, int busy_ms, enum db_sync sync, struct err *err);
void db_settle(struct db *d);
void db_close(struct db *d);
/* Whether the file's application_id is ours and its schema at most newest; *version 0 for an empty file. HS_ERR_DAMAGED, HS_ERR_NEWER. */
int db_identify(struct db *d, int32_t application, int newest, int *version, struct err *err);

/* rc of the last SQLite call as an error that says what could not be done with which file. */
int db_error(struct db *d, int rc, struct err *err);
int db_exec(struct db *d, const char *sql, struct err *err);

/* A statement, prepared or taken from the kept ones. sql: static or not, it is copied. */
struct query {
	struct db *db;
	sqlite3_stmt *stmt;
	int slot; /* -1: not kept */
};
int query_open(struct query *q, struct db *d, const char *sql, struct err *err);
void query_close(struct query *q); /* takes a zeroed one */
void query_bind(struct query *q, int index, const struct value *v);
void query_bind_text(struct query *q, int index, const char *text); /* NULL and "" bind NULL */
void query_bind_int(struct query *q, int index, int64_t n); /* TIME_NONE binds NULL */
/* 1: a row stands ready; 0: done; otherwise HS_ERR_*. */
int query_step(struct query *q, struct err *err);
/* Step once, expecting no row; closes. */
int query_done(struct query *q, struct err *err);
/* Columns of the row that stands ready, from 0. Text lives to the next step; NULL is "" / TIME_NONE / value_null. */
const char *query_text(struct query *q, int column);
const char *query_text_in(struct query *q, int column, struct arena *a); /* a copy in a; "" static */
int64_t query_int(struct query *q, int column);
struct value query_value(struct query *q, int column);
/* One number; none when there is no row. */
int db_int(struct db *d, const char *sql, int64_t none, int64_t *out, struct err *err);

/* Called every few thousand steps of a query: nonzero stops it with HS_ERR_CANCELLED. NULL takes it away. */
void db_on_progress(struct db *d, int (*interrupt)(void *ctx), void *ctx);

/* quick: structure only, a fifth of the time. found gets up to 20 complaints; NULL stops at the first. HS_ERR_DAMAGED. */
int db_check(struct db *d, bool quick, struct err *err);
/* Copies the whole database into a new file at path (existing, empty), synced by the caller. */
int db_copy(struct db *from, const char *path, struct err *err);

#endif
