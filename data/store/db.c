/* See db.h. */
#include <config.h>

#include "data/store/db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRESS_STEPS = 2000, OPEN_WAIT_MS = 500, TEXT_LIMIT = 64 * 1024 * 1024, SQL_LIMIT = 256 * 1024 };

int db_error(struct db *d, int rc, struct err *err)
{
	const char *path = d->path != NULL ? d->path : "";
	int number = d->handle != NULL ? sqlite3_system_errno(d->handle) : 0;

	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR(err, HS_ERR_BUSY, N_("another program is writing '{1}'; nothing was written, try again"), path);
	case SQLITE_FULL:
		return ERR(err, HS_ERR_FULL, N_("the disk is full: nothing was written to '{1}'"), path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR(err, HS_ERR_DAMAGED, N_("'{1}' is damaged"), path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return ERR(err, HS_ERR_READ_ONLY, N_("'{1}' cannot be written: no permission or a read-only disk"), path);
	case SQLITE_CANTOPEN:
		return ERR(err, HS_ERR_IO, N_("cannot open '{1}' or its journal"), path);
	case SQLITE_INTERRUPT:
		return ERR(err, HS_ERR_CANCELLED, N_("cancelled"));
	case SQLITE_TOOBIG:
		return ERR(err, HS_ERR_LIMIT, N_("a text is larger than the limit"));
	case SQLITE_IOERR:
		if (number == ENOSPC || number == EDQUOT || number == EFBIG)
			return ERR(err, HS_ERR_FULL, N_("the disk is full: nothing was written to '{1}'"), path);
		return ERR(err, HS_ERR_IO, N_("reading or writing '{1}' failed: {2}"), path,
			   number > 0 ? strerrorname_np(number) : sqlite3_errstr(rc));
	default:
		return ERR(err, HS_ERR_INTERNAL, N_("the database library refused: {1}"),
			   d->handle != NULL ? sqlite3_errmsg(d->handle) : sqlite3_errstr(rc));
	}
}

int db_exec(struct db *d, const char *sql, struct err *err)
{
	return db_error(d, sqlite3_exec(d->handle, sql, NULL, NULL, NULL), err);
}

static void guard_function(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const struct db *d = sqlite3_user_data(ctx);

	(void)argc;
	(void)argv;
	if (!d->may_write)
		sqlite3_result_error(ctx, "rows are written by transactions only", -1);
}

static void db_limit(sqlite3 *h)
{
	sqlite3_limit(h, SQLITE_LIMIT_LENGTH, TEXT_LIMIT);
	sqlite3_limit(h, SQLITE_LIMIT_SQL_LENGTH, SQL_LIMIT);
	sqlite3_limit(h, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(h, SQLITE_LIMIT_EXPR_DEPTH, 100);
	sqlite3_limit(h, SQLITE_LIMIT_TRIGGER_DEPTH, 4);
	sqlite3_limit(h, SQLITE_LIMIT_WORKER_THREADS, 0);
}

static int db_configure(struct db *d, enum db_sync sync, struct err *err)
{
	static const char *const sync_sql[] = {
		[DB_SYNC_EXTRA] = "PRAGMA synchronous=EXTRA",
		[DB_SYNC_FULL] = "PRAGMA synchronous=FULL",
		[DB_SYNC_OFF] = "PRAGMA synchronous=OFF",
	};
	int rc;

	sqlite3_extended_result_codes(d->handle, 1);
	db_limit(d->handle);
	sqlite3_busy_timeout(d->handle, d->busy_ms > OPEN_WAIT_MS ? d->busy_ms : OPEN_WAIT_MS);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	rc = sqlite3_create_function_v2(d->handle, "hoshu_guard", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS, d, guard_function,
					NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return db_error(d, rc, err);
	rc = db_exec(d, "PRAGMA auto_vacuum=NONE; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;"
			"PRAGMA foreign_keys=OFF; PRAGMA recursive_triggers=OFF; PRAGMA journal_mode=TRUNCATE", err);
	return rc != 0 ? rc : db_exec(d, sync_sql[sync], err);
}

int db_open(struct db *d, const char *path, bool write, int busy_ms, enum db_sync sync, struct err *err)
{
	int flags = (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_EXRESCODE;

	memset(d, 0, sizeof *d);
	d->path = mem_text(path);
	d->busy_ms = busy_ms;
	int rc = sqlite3_open_v2(path, &d->handle, flags, NULL);
	rc = rc != SQLITE_OK ? db_error(d, rc, err) : db_configure(d, sync, err);
	if (rc != 0)
		db_close(d);
	return rc;
}

void db_settle(struct db *d)
{
	sqlite3_busy_timeout(d->handle, d->busy_ms);
}

void db_close(struct db *d)
{
	for (size_t i = 0; i < DB_STATEMENTS; i++) {
		sqlite3_finalize(d->kept[i].stmt);
		free(d->kept[i].sql);
	}
	sqlite3_close_v2(d->handle);
	free(d->path);
	memset(d, 0, sizeof *d);
}

int db_identify(struct db *d, int32_t application, int newest, int *version, struct err *err)
{
	int64_t app, ver, tables;
	int rc;

	*version = 0;
	if ((rc = db_int(d, "PRAGMA application_id", 0, &app, err)) != 0 ||
	    (rc = db_int(d, "PRAGMA user_version", 0, &ver, err)) != 0 ||
	    (rc = db_int(d, "SELECT count(*) FROM sqlite_schema", 0, &tables, err)) != 0)
		return rc;
	if (app == 0 && ver == 0 && tables == 0)
		return 0;
	if (app != application || ver < 1)
		return ERR(err, HS_ERR_DAMAGED, N_("'{1}' is not a database of hoshu"), d->path);
	if (ver > newest)
		return ERR(err, HS_ERR_NEWER, N_("'{1}' was written by a newer hoshu (schema {2}, this one knows {3}); upgrade"),
			   d->path, MSG_INT(ver), MSG_INT(newest));
	*version = (int)ver;
	return 0;
}

/* The slot that holds sql and is free, or one to fill: an empty one, else the free one unused for longest; -1 when all are taken. */
static int slot_find(struct db *d, const char *sql)
{
	int best = -1;

	for (int i = 0; i < DB_STATEMENTS; i++) {
		struct db_statement *k = &d->kept[i];
		if (k->taken)
			continue;
		if (k->sql != NULL && strcmp(k->sql, sql) == 0)
			return i;
		if (best < 0 || k->used < d->kept[best].used)
			best = i;
	}
	return best;
}

int query_open(struct query *q, struct db *d, const char *sql, struct err *err)
{
	int slot = slot_find(d, sql);
	struct db_statement *k = slot >= 0 ? &d->kept[slot] : NULL;

	*q = (struct query){ .db = d, .slot = slot };
	if (k == NULL || k->sql == NULL || strcmp(k->sql, sql) != 0) {
		sqlite3_stmt *stmt;
		int rc = sqlite3_prepare_v3(d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
		if (rc != SQLITE_OK)
			return db_error(d, rc, err);
		if (k == NULL) {
			q->stmt = stmt;
			return 0;
		}
		sqlite3_finalize(k->stmt);
		free(k->sql);
		k->stmt = stmt;
		k->sql = mem_text(sql);
	}
	k->taken = true;
	k->used = ++d->clock;
	q->stmt = k->stmt;
	return 0;
}

void query_close(struct query *q)
{
	if (q->stmt == NULL)
		return;
	if (q->slot < 0) {
		sqlite3_finalize(q->stmt);
	} else {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
		q->db->kept[q->slot].taken = false;
	}
	q->stmt = NULL;
}

void query_bind(struct query *q, int index, const struct value *v)
{
	switch (v->type) {
	case VALUE_NULL:
		sqlite3_bind_null(q->stmt, index);
		break;
	case VALUE_INT:
		sqlite3_bind_int64(q->stmt, index, v->number);
		break;
	case VALUE_TEXT:
		sqlite3_bind_text(q->stmt, index, v->text, -1, SQLITE_TRANSIENT);
		break;
	}
}

void query_bind_text(struct query *q, int index, const char *text)
{
	struct value v = value_text(text);

	query_bind(q, index, &v);
}

void query_bind_int(struct query *q, int index, int64_t n)
{
	struct value v = value_int(n);

	query_bind(q, index, &v);
}

int query_step(struct query *q, struct err *err)
{
	int rc = sqlite3_step(q->stmt);

	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : db_error(q->db, rc, err);
}

int query_done(struct query *q, struct err *err)
{
	int rc = query_step(q, err);

	query_close(q);
	return rc > 0 ? 0 : rc;
}

const char *query_text(struct query *q, int column)
{
	const unsigned char *text = sqlite3_column_text(q->stmt, column);

	return text != NULL ? (const char *)text : "";
}

const char *query_text_in(struct query *q, int column, struct arena *a)
{
	const char *text = query_text(q, column);

	return *text != '\0' ? arena_text(a, text) : "";
}

int64_t query_int(struct query *q, int column)
{
	return sqlite3_column_type(q->stmt, column) == SQLITE_INTEGER ? sqlite3_column_int64(q->stmt, column) : TIME_NONE;
}

struct value query_value(struct query *q, int column)
{
	switch (sqlite3_column_type(q->stmt, column)) {
	case SQLITE_NULL:
		return value_null();
	case SQLITE_INTEGER:
		return value_int(sqlite3_column_int64(q->stmt, column));
	default:
		return value_text(query_text(q, column));
	}
}

int db_int(struct db *d, const char *sql, int64_t none, int64_t *out, struct err *err)
{
	struct query q;
	int rc = query_open(&q, d, sql, err);

	*out = none;
	if (rc != 0)
		return rc;
	rc = query_step(&q, err);
	if (rc == 1 && sqlite3_column_type(q.stmt, 0) == SQLITE_INTEGER)
		*out = sqlite3_column_int64(q.stmt, 0);
	query_close(&q);
	return rc < 0 ? rc : 0;
}

void db_on_progress(struct db *d, int (*interrupt)(void *ctx), void *ctx)
{
	sqlite3_progress_handler(d->handle, interrupt != NULL ? PROGRESS_STEPS : 0, interrupt, ctx);
}

int db_check(struct db *d, bool quick, struct err *err)
{
	struct query q;
	int rc = query_open(&q, d, quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)", err);

	if (rc != 0)
		return rc;
	rc = query_step(&q, err);
	if (rc == 1)
		rc = strcmp(query_text(&q, 0), "ok") == 0 ? 0 :
			ERR(err, HS_ERR_DAMAGED, N_("'{1}' is damaged: {2}"), d->path, query_text(&q, 0));
	query_close(&q);
	return rc;
}

int db_copy(struct db *from, const char *path, struct err *err)
{
	struct db to;
	int rc = db_open(&to, path, true, 0, DB_SYNC_OFF, err);

	if (rc != 0)
		return rc;
	db_exec(&to, "PRAGMA journal_mode=MEMORY", NULL); /* a copy cut short is thrown away, and no journal is left beside it */
	sqlite3_backup *b = sqlite3_backup_init(to.handle, "main", from->handle, "main");
	if (b == NULL) {
		rc = db_error(&to, sqlite3_errcode(to.handle), err);
	} else {
		sqlite3_backup_step(b, -1);
		rc = db_error(&to, sqlite3_backup_finish(b), err);
	}
	if (rc == 0)
		rc = db_check(&to, true, err);
	db_close(&to);
	return rc;
}
