/* See migrate.h. */
#include <config.h>

#include "data/store/migrate.h"

#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/db.h"

int schema_newest(const char *const *schema)
{
	int n = 0;

	while (schema[n] != NULL)
		n++;
	return n;
}

static bool log_table(const char *name)
{
	return strcmp(name, "tx") == 0 || strcmp(name, "change") == 0;
}

/* Without the function that a guard calls, another program's write fails; the log cannot be rewritten by hoshu either. */
static void guard_sql(const char *table, struct strbuf *out)
{
	static const char *const acts[] = { "INSERT", "UPDATE", "DELETE" };

	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		strbuf_addf(out, "CREATE TRIGGER IF NOT EXISTS guard_%s_%s BEFORE %s ON \"%s\" BEGIN SELECT %s; END;\n",
			    acts[i], table, acts[i], table,
			    i > 0 && log_table(table) ? "RAISE(ABORT, 'the log only grows')" : "hoshu_guard()");
}

static int guard_tables(struct db *d, struct err *err)
{
	struct strbuf sql = { 0 };
	struct query q;
	int rc = query_open(&q, d, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'", err);

	if (rc != 0)
		return rc;
	while ((rc = query_step(&q, err)) == 1)
		guard_sql(query_text(&q, 0), &sql);
	query_close(&q);
	if (rc == 0)
		rc = db_exec(d, strbuf_text(&sql), err);
	strbuf_release(&sql);
	return rc;
}

static int migrate_step(struct db *d, const char *const *schema, int32_t application, bool guarded, int version,
			struct err *err)
{
	struct strbuf sql = { 0 };
	int rc;

	strbuf_addf(&sql, "PRAGMA application_id=%d; PRAGMA user_version=%d;", (int)application, version);
	if ((rc = db_exec(d, schema[version - 1], err)) == 0 && (rc = db_exec(d, strbuf_text(&sql), err)) == 0 && guarded)
		rc = guard_tables(d, err);
	strbuf_release(&sql);
	return rc;
}

int migrate(struct db *d, const char *const *schema, int32_t application, bool guarded, struct err *err)
{
	int newest = schema_newest(schema), version = 0, rc;

	do {
		if ((rc = db_exec(d, "BEGIN IMMEDIATE", err)) != 0)
			return rc;
		d->may_write = true;
		rc = db_identify(d, application, newest, &version, err);
		if (rc == 0 && version < newest)
			rc = migrate_step(d, schema, application, guarded, version + 1, err);
		d->may_write = false;
		if (rc == 0)
			rc = db_exec(d, "COMMIT", err);
		if (rc != 0 && sqlite3_get_autocommit(d->handle) == 0)
			db_exec(d, "ROLLBACK", NULL);
	} while (rc == 0 && version + 1 < newest);
	return rc;
}
