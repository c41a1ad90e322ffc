/* Whatever is changed behind hoshu's back shows: in any row of tables and log (S9), in any bit of the file (R8). */
#include <config.h>

#include "tests/data/store/support.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef SANITIZED
enum { EDITS = 60, FLIPS = 100 };
#else
enum { EDITS = 500, FLIPS = 500 };
#endif

struct bench {
	char *folder;
	struct strbuf file;  /* the sound database */
	struct strbuf dump;  /* its content */
	uint64_t seed;
};

/* What SQLite says while it reads spoiled files belongs to no one. */
static void no_log(void *ctx, int code, const char *text)
{
	(void)ctx;
	(void)code;
	(void)text;
}

static void load(const char *path, struct strbuf *out)
{
	char buf[65536];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	strbuf_clear(out);
	while ((n = read(fd, buf, sizeof buf)) > 0)
		strbuf_add(out, buf, (size_t)n);
	close(fd);
}

static void put_back(const struct bench *b)
{
	int fd = open(path_of(b->folder, "records.db"), O_WRONLY | O_TRUNC);

	assert_int_equal(write(fd, b->file.buf, b->file.len), b->file.len);
	close(fd);
}

/* Without triggers, as an attacker would. */
static sqlite3 *attack(const struct bench *b)
{
	sqlite3 *h;

	assert_int_equal(sqlite3_open_v2(path_of(b->folder, "records.db"), &h, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_exec(h, "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY", NULL, NULL, NULL);
	return h;
}

/* All content as text, read without hoshu; NULL when the file cannot be read through. */
static bool dump(sqlite3 *h, struct strbuf *out)
{
	static const char *const tables[] = { "meta", "device", "tx", "entity", "change", "ticket", "note" };
	bool whole = true;

	strbuf_clear(out);
	for (size_t i = 0; whole && i < sizeof tables / sizeof *tables; i++) {
		char sql[100];
		sqlite3_stmt *q = NULL;
		int rc;
		snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" NOT INDEXED", tables[i]);
		if (sqlite3_prepare_v2(h, sql, -1, &q, NULL) != SQLITE_OK) {
			whole = false;
			break;
		}
		while ((rc = sqlite3_step(q)) == SQLITE_ROW)
			for (int c = 0; c < sqlite3_column_count(q); c++) {
				strbuf_addf(out, "%d:%d:", sqlite3_column_type(q, c), sqlite3_column_bytes(q, c));
				strbuf_add(out, sqlite3_column_blob(q, c), (size_t)sqlite3_column_bytes(q, c));
			}
		whole = rc == SQLITE_DONE;
		sqlite3_finalize(q);
	}
	return whole;
}

static bool dump_equals(const struct bench *b, sqlite3 *h)
{
	struct strbuf now = { 0 };
	bool same = dump(h, &now) && now.len == b->dump.len && memcmp(now.buf, b->dump.buf, now.len) == 0;

	strbuf_release(&now);
	return same;
}

/* A history with every kind of row, an undo, a conflict and a deletion. */
static void bench_init(struct bench *b)
{
	struct value shown = value_text("never");
	char id[UUID_SIZE], note[UUID_SIZE], undone[UUID_SIZE], done[UUID_SIZE];
	struct tx tx;

	*b = (struct bench){ .folder = folder_new(), .seed = 12 };
	struct store *s = store_make(b->folder);
	for (int i = 0; i < 12; i++) {
		ticket_make(s, "題名", NOW + i, id, NULL);
		assert_int_equal(tx_begin(s, "bob", "note add", NOW + i, &tx, NULL), 0);
		note[0] = '\0';
		tx_insert(&tx, TABLE_note, note);
		tx_text(&tx, TABLE_note, note, "subject", id);
		tx_text(&tx, TABLE_note, note, "body", "電話した");
		tx_set(&tx, TABLE_ticket, id, "owner", value_text("bob"), i % 3 == 0 ? &shown : NULL);
		if (i % 4 == 0)
			tx_delete(&tx, TABLE_note, note);
		assert_int_equal(tx_commit(&tx, NULL), 0);
		if (i % 5 == 0) {
			assert_int_equal(store_last_tx(s, false, undone, NULL), 0);
			assert_int_equal(store_undo(s, undone, "ann", NOW + i, done, NULL), 0);
		}
	}
	assert_int_equal(fsck_count(s, true), 0);
	store_close(s);
	load(path_of(b->folder, "records.db"), &b->file);
	sqlite3 *h = attack(b);
	assert_true(dump(h, &b->dump));
	sqlite3_close(h);
}

static void bench_release(struct bench *b)
{
	strbuf_release(&b->file);
	strbuf_release(&b->dump);
	folder_remove(b->folder);
}

static int64_t number(sqlite3 *h, const char *sql)
{
	sqlite3_stmt *q;
	int64_t n = 0;

	assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &q, NULL), SQLITE_OK);
	if (sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

static void run(sqlite3 *h, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(h, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

static const struct {
	const char *table, *key;      /* key: two columns for change */
	const char *columns[9];
} targets[] = {
	{ "ticket", "rowid", { "id", "number", "title", "owner", "opened_at", "deleted", "stage" } },
	{ "note", "rowid", { "id", "subject", "body", "at", "deleted" } },
	{ "change", "tx * 1000 + n", { "row", "col", "before", "after", "outcome", "digest" } },
	{ "tx", "seq", { "id", "device", "hlc", "changes", "at", "actor", "verb", "undoes" } },
	{ "entity", "no", { "tbl", "id", "touched" } },
};
enum { TARGETS = sizeof targets / sizeof *targets };

/* The key of a random row of a table. */
static int64_t random_key(struct bench *b, sqlite3 *h, size_t target)
{
	char sql[200];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\"", targets[target].table);
	int64_t count = number(h, sql);
	snprintf(sql, sizeof sql, "SELECT %s FROM \"%s\" LIMIT 1 OFFSET %d", targets[target].key, targets[target].table,
		 (int)(rng_next(&b->seed) % (uint64_t)count));
	return number(h, sql);
}

static size_t random_column(struct bench *b, size_t target)
{
	size_t n = 0;

	while (targets[target].columns[n] != NULL)
		n++;
	return rng_next(&b->seed) % n;
}

enum edit { EDIT_CHANGE, EDIT_DELETE, EDIT_INSERT, EDIT_SWAP, EDIT_CUT, EDIT_KINDS };
static const char *const edit_names[] = { "change", "delete", "insert", "swap", "truncate" };

/* Does one random edit; what it was is left in sql. false when it changed nothing. */
static bool edit(struct bench *b, sqlite3 *h, enum edit kind, char sql[600])
{
	static const char *const values[] = { "'x'", "NULL", "1790000001", "x'00ff'", "'x' || char(0) || 'y'", "'S1'", "2.5" };
	size_t t = rng_next(&b->seed) % TARGETS;
	const char *table = targets[t].table, *key = targets[t].key, *column = targets[t].columns[random_column(b, t)];
	int64_t one = random_key(b, h, t), two = random_key(b, h, t);

	switch (kind) {
	case EDIT_CHANGE:
		snprintf(sql, 600, "UPDATE \"%s\" SET \"%s\" = %s WHERE %s = %lld AND \"%s\" IS NOT %s", table, column,
			 values[rng_next(&b->seed) % 7], key, (long long)one, column, values[0]);
		break;
	case EDIT_DELETE:
		snprintf(sql, 600, "DELETE FROM \"%s\" WHERE %s = %lld", table, key, (long long)one);
		break;
	case EDIT_INSERT:
		if (strcmp(table, "change") == 0)
			snprintf(sql, 600, "INSERT INTO change SELECT tx, n + 1 + (SELECT max(n) FROM change d WHERE d.tx = c.tx), row, col, before,"
				 " after, outcome, digest FROM change c WHERE %s = %lld", key, (long long)one);
		else if (strcmp(table, "tx") == 0)
			snprintf(sql, 600, "INSERT INTO tx (id, device, hlc, changes, at, actor, verb) SELECT id || 'x', device, hlc + 9999999, 0, at,"
				 " actor, verb FROM tx WHERE seq = %lld", (long long)one);
		else if (strcmp(table, "entity") == 0)
			snprintf(sql, 600, "INSERT INTO entity (tbl, id, touched) SELECT tbl, id || 'x', NULL FROM entity WHERE no = %lld", (long long)one);
		else
			snprintf(sql, 600, "INSERT INTO \"%s\" (id) SELECT id %s FROM \"%s\" WHERE rowid = %lld", table, one % 2 ? "|| 'x'" : "", table,
				 (long long)one);
		break;
	case EDIT_SWAP:
		snprintf(sql, 600, "CREATE TEMP TABLE pair AS SELECT %s AS k, \"%s\" AS v FROM \"%s\" WHERE %s IN (%lld, %lld);"
			 "UPDATE \"%s\" SET \"%s\" = (SELECT v FROM pair WHERE k <> %s) WHERE %s IN (%lld, %lld)"
			 " AND (SELECT count(DISTINCT quote(v)) FROM pair) = 2", key, column, table, key, (long long)one, (long long)two,
			 table, column, key, key, (long long)one, (long long)two);
		break;
	case EDIT_CUT:
	default: {
		int64_t last = number(h, "SELECT max(seq) FROM tx"), first = last - (int64_t)(rng_next(&b->seed) % 5);
		if (rng_next(&b->seed) % 2 == 0) /* the log alone */
			snprintf(sql, 600, "DELETE FROM change WHERE tx >= %lld; DELETE FROM tx WHERE seq >= %lld", (long long)first, (long long)first);
		else /* and everything that would give it away in the tables */
			snprintf(sql, 600, "DELETE FROM change WHERE tx >= %lld; DELETE FROM tx WHERE seq >= %lld;"
				 "DELETE FROM ticket WHERE id IN (SELECT id FROM entity WHERE no NOT IN (SELECT row FROM change));"
				 "DELETE FROM note WHERE id IN (SELECT id FROM entity WHERE no NOT IN (SELECT row FROM change));"
				 "DELETE FROM entity WHERE no NOT IN (SELECT row FROM change);"
				 "UPDATE entity SET touched = (SELECT max(tx) FROM change WHERE row = no)", (long long)first, (long long)first);
		break;
	}
	}
	int before = sqlite3_total_changes(h);
	run(h, "BEGIN");
	run(h, sql);
	run(h, "COMMIT; DROP TABLE IF EXISTS temp.pair");
	return sqlite3_total_changes(h) > before;
}

static void test_edits(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	for (int kind = 0; kind < EDIT_KINDS; kind++) {
		for (int done = 0; done < EDITS;) {
			char sql[600];
			sqlite3 *h = attack(&b);
			bool changed = edit(&b, h, (enum edit)kind, sql) && !dump_equals(&b, h);
			sqlite3_close(h);
			if (!changed) {
				put_back(&b);
				continue;
			}
			struct store_options o = { .folder = b.folder, .tag = "", .machine = "one" };
			struct store *s;
			int rc = store_open(&s, &o, NULL);
			if (rc == 0 && fsck_count(s, false) == 0)
				fail_msg("not found: %s: %s", edit_names[kind], sql);
			store_close(s);
			put_back(&b);
			done++;
		}
	}
	bench_release(&b);
}

/* Objects of the schema: a dropped guard, a planted trigger, an altered table. */
static void test_schema_edits(void **state)
{
	static const char *const edits[] = {
		"DROP TRIGGER guard_UPDATE_ticket", "DROP INDEX ticket_id",
		"CREATE TRIGGER t AFTER INSERT ON tx BEGIN DELETE FROM note; END", "CREATE TABLE x (y)", "CREATE VIEW v AS SELECT 1",
		"ALTER TABLE ticket ADD COLUMN secret TEXT", "ALTER TABLE note RENAME COLUMN body TO text", "DROP TABLE loan",
	};
	struct bench b;

	(void)state;
	bench_init(&b);
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		sqlite3 *h = attack(&b);
		run(h, edits[i]);
		sqlite3_close(h);
		struct store_options o = { .folder = b.folder, .tag = "", .machine = "one" };
		struct store *s;
		int rc = store_open(&s, &o, NULL);
		assert_true(rc != 0 || fsck_count(s, false) > 0);
		store_close(s);
		put_back(&b);
	}
	bench_release(&b);
}

static void test_bit_flips(void **state)
{
	struct bench b;
	int effective = 0;

	(void)state;
	bench_init(&b);
	while (effective < FLIPS) {
		size_t at = rng_next(&b.seed) % b.file.len;
		char byte = (char)(b.file.buf[at] ^ (1 << (rng_next(&b.seed) % 8)));
		int fd = open(path_of(b.folder, "records.db"), O_WRONLY);
		assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
		close(fd);
		sqlite3 *h = attack(&b);
		bool changed = !dump_equals(&b, h);
		sqlite3_close(h);
		if (changed) {
			struct store_options o = { .folder = b.folder, .tag = "", .machine = "one" };
			struct store *s;
			int rc = store_open(&s, &o, NULL);
			if (rc == 0 && !store_device(s)->machine_changed && fsck_count(s, false) == 0)
				fail_msg("a flipped bit at byte %zu of %s was not found", at, b.folder);
			store_close(s);
			effective++;
		}
		put_back(&b);
	}
	bench_release(&b);
}

/* Files of any content go through our open path: an error or a database, never a crash. */
static void test_foreign_files(void **state)
{
	enum { FILES = EDITS };
	struct bench b;

	(void)state;
	bench_init(&b);
	for (int i = 0; i < FILES; i++) {
		struct strbuf file = { 0 };
		strbuf_add(&file, b.file.buf, b.file.len);
		size_t places = 1 + rng_next(&b.seed) % 40;
		for (size_t k = 0; k < places; k++) {
			size_t span = i % 3 == 0 ? 100 : i % 3 == 1 ? 4096 * 8 : file.len;
			file.buf[rng_next(&b.seed) % span] = (char)rng_next(&b.seed);
		}
		if (i % 7 == 0)
			strbuf_cut(&file, rng_next(&b.seed) % file.len);
		int fd = open(path_of(b.folder, "records.db"), O_WRONLY | O_TRUNC);
		assert_int_equal(write(fd, file.buf, file.len), file.len);
		close(fd);
		strbuf_release(&file);

		struct store_options o = { .folder = b.folder, .tag = "", .machine = "one" };
		struct store *s;
		struct rows rows;
		struct tx tx;
		char id[UUID_SIZE] = "";
		if (store_open(&s, &o, NULL) == 0) {
			store_rows(s, TABLE_ticket, NULL, NULL, &rows, NULL);
			rows_release(&rows);
			store_find(s, TABLE_ticket, "S1", &rows, NULL);
			rows_release(&rows);
			fsck_count(s, false);
			store_check(s, NULL);
			if (tx_begin(s, "ann", "x", NOW, &tx, NULL) == 0) {
				tx_insert(&tx, TABLE_ticket, id);
				tx_commit(&tx, NULL);
			}
		}
		store_close(s);
		unlink(path_of(b.folder, "records.db-journal"));
	}
	bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits), cmocka_unit_test(test_schema_edits), cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_foreign_files),
	};
	sqlite3_config(SQLITE_CONFIG_LOG, no_log, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
