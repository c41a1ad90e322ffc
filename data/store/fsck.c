/* Proof that the tables are what the log says, and that nobody rewrote the log: the log is folded again into an empty
 * database in memory and compared with the tables; every device's chain of digests is walked. Reads all, writes nothing; about
 * 15 µs a change. Also the quick check for the start. See store.h. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/internal.h"
#include "data/store/migrate.h"

struct chain {
	int64_t device; /* its number here */
	char previous[CHANGE_DIGEST_SIZE];
	uint64_t hlc;
};

struct fsck {
	struct store *s;
	struct db fold; /* in memory */
	void (*found)(void *ctx, const struct msg *what);
	void *ctx;
	struct err *err;
	VEC(struct chain) chains;
	int64_t checked, last_tx, next_n, tx_changes;
};

#define FOUND(f, ...) found_add((f), (const char *const[]){ __VA_ARGS__, NULL })
static void found_add(struct fsck *f, const char *const *parts)
{
	struct msg m;

	msg_set(&m, parts);
	f->found(f->ctx, &m);
}

/* ---- structure ---- */

static int check_structure(struct fsck *f)
{
	struct query q;
	int rc = query_open(&q, &f->s->db, "PRAGMA integrity_check(20)", f->err);

	if (rc != 0)
		return rc;
	while ((rc = query_step(&q, f->err)) == 1)
		if (strcmp(query_text(&q, 0), "ok") != 0)
			FOUND(f, N_("the file's structure is damaged: {1}"), query_text(&q, 0));
	query_close(&q);
	if (rc == HS_ERR_DAMAGED) {
		FOUND(f, N_("the file's structure is damaged: {1}"), "");
		rc = 0;
	}
	return rc;
}

/* Every table, index and guard must read as hoshu makes it: a dropped guard or a planted trigger shows. */
static int check_schema(struct fsck *f)
{
	static const char sql[] = "SELECT type || ' ' || name, sql FROM sqlite_schema ORDER BY 1";
	struct query have = { 0 }, want = { 0 };
	int a = 0, b = 0, rc;

	if ((rc = query_open(&have, &f->s->db, sql, f->err)) != 0 || (rc = query_open(&want, &f->fold, sql, f->err)) != 0)
		goto out;
	a = query_step(&have, f->err);
	b = query_step(&want, f->err);
	while (a >= 0 && b >= 0 && a + b > 0) {
		int order = a == 0 ? 1 : b == 0 ? -1 : strcmp(query_text(&have, 0), query_text(&want, 0));
		if (order < 0)
			FOUND(f, N_("the schema holds something foreign: {1}"), query_text(&have, 0));
		else if (order > 0)
			FOUND(f, N_("the schema lacks {1}"), query_text(&want, 0));
		else if (strcmp(query_text(&have, 1), query_text(&want, 1)) != 0)
			FOUND(f, N_("the schema was altered: {1}"), query_text(&have, 0));
		if (order <= 0)
			a = query_step(&have, f->err);
		if (order >= 0)
			b = query_step(&want, f->err);
	}
	rc = a < 0 ? a : b < 0 ? b : 0;
out:
	query_close(&have);
	query_close(&want);
	return rc;
}

/* ---- folding ---- */

static struct chain *chain_of(struct fsck *f, int64_t device)
{
	for (size_t i = 0; i < f->chains.len; i++)
		if (f->chains.v[i].device == device)
			return &f->chains.v[i];
	struct chain *c = vec_add(&f->chains);
	c->device = device;
	return c;
}

static void copy_id(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text);
}

/* The change that stands ready in q; its texts live to the next step. */
static void change_read(struct query *q, struct change *c)
{
	*c = (struct change){ .hlc = (uint64_t)query_int(q, 3) + (uint64_t)query_int(q, 1), .at = query_int(q, 5),
			      .actor = query_text(q, 6), .verb = query_text(q, 7), .table = query_text(q, 9),
			      .row = query_text(q, 10), .column = query_text(q, 11), .before = query_value(q, 12),
			      .after = query_value(q, 13) };
	copy_id(c->tx, sizeof c->tx, query_text(q, 4));
	copy_id(c->undoes, sizeof c->undoes, query_text(q, 8));
	copy_id(c->device, sizeof c->device, query_text(q, 16));
}

#define FSCK_SELECT \
	"SELECT c.tx, c.n, t.device, t.hlc, t.id, t.at, t.actor, t.verb, t.undoes, e.tbl, e.id, c.col, c.before, c.after, c.outcome," \
	" lower(hex(c.digest)), d.id, t.changes, c.row, d.tag FROM change c LEFT JOIN tx t ON t.seq = c.tx LEFT JOIN entity e ON e.no = c.row" \
	" LEFT JOIN device d ON d.no = t.device"
#define FSCK_CHANGES FSCK_SELECT " ORDER BY c.tx, c.n"

static void check_chain(struct fsck *f, struct query *q, struct change *c)
{
	struct chain *chain = chain_of(f, query_int(q, 2));
	char digest[CHANGE_DIGEST_SIZE], where[48];

	snprintf(where, sizeof where, "%" PRId64 ".%" PRId64, query_int(q, 0), query_int(q, 1));
	memcpy(c->previous, chain->previous, sizeof c->previous);
	change_digest(c, digest);
	if (strcmp(digest, query_text(q, 15)) != 0)
		FOUND(f, N_("change {1} ({2} '{3}' of {4}) was altered, or the one before it of this device is missing"), where, c->table,
		      c->column, c->row);
	if (chain->hlc >= c->hlc)
		FOUND(f, N_("change {1} is out of order in its device's time"), where);
	if (strcmp(c->column, "number") == 0 && c->undoes[0] == '\0' && c->after.type == VALUE_TEXT &&
	    strncmp(c->after.text, query_text(q, 19), strlen(query_text(q, 19))) != 0)
		FOUND(f, N_("number {1} does not carry the tag '{2}' of its device"), c->after.text, query_text(q, 19));
	/* Going on from what is stored, so that one alteration is told once. */
	copy_id(chain->previous, sizeof chain->previous, query_text(q, 15));
	chain->hlc = c->hlc;
}

static void check_order(struct fsck *f, struct query *q)
{
	char where[48];
	int64_t tx = query_int(q, 0), n = query_int(q, 1);

	if (tx != f->last_tx) {
		if (f->last_tx != 0 && f->next_n != f->tx_changes)
			FOUND(f, N_("transaction {1} lacks changes at its end"), MSG_INT(f->last_tx));
		if (tx != f->last_tx + 1)
			FOUND(f, N_("transactions before {1} are missing"), MSG_INT(tx));
		f->last_tx = tx;
		f->next_n = 0;
		f->tx_changes = query_int(q, 17);
	}
	if (n != f->next_n) {
		snprintf(where, sizeof where, "%" PRId64 ".%" PRId64, tx, n);
		FOUND(f, N_("changes before {1} are missing"), where);
	}
	f->next_n = n + 1;
}

/* Who wrote the cell last before this change; looked up only where both wrote. */
static int cell_writer(struct fsck *f, struct query *q, uint64_t *hlc, char device[DEVICE_SIZE])
{
	struct query p;
	int rc = query_open(&p, &f->s->db, "SELECT t.hlc + c.n, d.id FROM change c JOIN tx t ON t.seq = c.tx"
			" LEFT JOIN device d ON d.no = t.device WHERE c.row = ?1 AND c.col = ?2 AND (c.tx, c.n) < (?3, ?4)"
			" AND c.outcome <> 3 ORDER BY c.tx DESC, c.n DESC LIMIT 1", f->err);

	*hlc = 0;
	device[0] = '\0';
	if (rc != 0)
		return rc;
	query_bind_int(&p, 1, query_int(q, 18));
	query_bind_text(&p, 2, query_text(q, 11));
	query_bind_int(&p, 3, query_int(q, 0));
	query_bind_int(&p, 4, query_int(q, 1));
	if ((rc = query_step(&p, f->err)) == 1) {
		*hlc = (uint64_t)query_int(&p, 0);
		copy_id(device, DEVICE_SIZE, query_text(&p, 1));
	}
	query_close(&p);
	return rc < 0 ? rc : 0;
}

static int fold_insert(struct fsck *f, enum table_id table, const char *id, int64_t row)
{
	char sql[96];
	struct query q;

	snprintf(sql, sizeof sql, "INSERT INTO \"%s\" (rowid, id) VALUES (?, ?)", table_info(table)->name);
	int rc = query_open(&q, &f->fold, sql, f->err);
	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, row);
	query_bind_text(&q, 2, id);
	rc = query_done(&q, f->err);
	if (rc == HS_ERR_INTERNAL) { /* begun twice */
		FOUND(f, N_("{1} {2} begins twice in the log"), table_info(table)->name, id);
		rc = 0;
	}
	return rc;
}

static int fold_cell(struct fsck *f, enum table_id table, const struct change *c, struct query *q)
{
	struct value current;
	struct query p;
	char sql[160], device[DEVICE_SIZE] = "";
	uint64_t hlc = 0;
	int rc;

	snprintf(sql, sizeof sql, "SELECT \"%s\" FROM \"%s\" WHERE rowid = ?", c->column, table_info(table)->name);
	if ((rc = query_open(&p, &f->fold, sql, f->err)) != 0)
		return rc;
	query_bind_int(&p, 1, query_int(q, 18));
	rc = query_step(&p, f->err);
	current = rc == 1 ? query_value(&p, 0) : value_null();
	bool there = rc == 1;
	if (there && !value_equal(&current, &c->before) && !value_equal(&current, &c->after))
		rc = cell_writer(f, q, &hlc, device);
	enum change_outcome outcome = change_outcome(c, &current, hlc, device);
	query_close(&p);
	if (rc < 0)
		return rc;
	if (!there) {
		FOUND(f, N_("the log changes '{1}' of {2} {3}, which never began"), c->column, c->table, c->row);
		return 0;
	}
	if (query_int(q, 14) != (int64_t)outcome)
		FOUND(f, N_("the outcome noted for '{1}' of {2} {3} is not what the log gives"), c->column, c->table, c->row);
	if (outcome == CHANGE_SAME || outcome == CHANGE_LOST)
		return 0;
	snprintf(sql, sizeof sql, "UPDATE \"%s\" SET \"%s\" = ? WHERE rowid = ?", table_info(table)->name, c->column);
	if ((rc = query_open(&p, &f->fold, sql, f->err)) != 0)
		return rc;
	query_bind(&p, 1, &c->after);
	query_bind_int(&p, 2, query_int(q, 18));
	return query_done(&p, f->err);
}

/* A value as hoshu writes it; bytes behind a NUL, blobs and fractions would read like something else. */
static bool plain_value(struct query *q, int column)
{
	int type = sqlite3_column_type(q->stmt, column);

	if (type != SQLITE_TEXT)
		return type == SQLITE_NULL || type == SQLITE_INTEGER;
	return strlen(query_text(q, column)) == (size_t)sqlite3_column_bytes(q->stmt, column);
}

static int fold_change(struct fsck *f, struct query *q)
{
	struct change c;

	f->checked++;
	check_order(f, q);
	for (int i = 4; i <= 13; i++)
		if (!plain_value(q, i))
			FOUND(f, N_("a value in transaction {1} is not one that hoshu writes"), MSG_INT(query_int(q, 0)));
	change_read(q, &c);
	if (c.tx[0] == '\0' || *c.row == '\0' || c.device[0] == '\0') {
		FOUND(f, N_("a change of transaction {1} names no transaction, row or device that exists"), MSG_INT(query_int(q, 0)));
		return 0;
	}
	check_chain(f, q, &c);
	enum table_id table = table_find(c.table);
	if (table == TABLE_COUNT)
		return 0; /* of a newer hoshu: kept, not shown */
	if (strcmp(c.column, "id") == 0 && query_int(q, 14) != CHANGE_SET)
		FOUND(f, N_("the outcome noted for '{1}' of {2} {3} is not what the log gives"), c.column, c.table, c.row);
	if (strcmp(c.column, "id") == 0)
		return fold_insert(f, table, c.row, query_int(q, 18));
	return table_column(table, c.column) != NULL ? fold_cell(f, table, &c, q) : 0;
}

static int fold_log(struct fsck *f)
{
	struct query q;
	int64_t last;
	int rc = query_open(&q, &f->s->db, FSCK_CHANGES, f->err);

	if (rc != 0)
		return rc;
	while ((rc = query_step(&q, f->err)) == 1)
		if ((rc = fold_change(f, &q)) != 0)
			break;
	query_close(&q);
	if (rc != 0)
		return rc;
	if (f->last_tx != 0 && f->next_n != f->tx_changes)
		FOUND(f, N_("transaction {1} lacks changes at its end"), MSG_INT(f->last_tx));
	if ((rc = db_int(&f->s->db, "SELECT max(seq) FROM tx", 0, &last, f->err)) == 0 && last != f->last_tx)
		FOUND(f, N_("transaction {1} lacks changes at its end"), MSG_INT(last));
	return rc;
}

/* ---- comparing ---- */

static void row_differs(struct fsck *f, enum table_id table, struct query *have, struct query *want)
{
	const struct table_info *t = table_info(table);

	for (int i = 0; i < (int)t->count; i++) {
		struct value a = query_value(have, i + 1), b = query_value(want, i + 1);
		if (!value_equal(&a, &b) || !plain_value(have, i + 1))
			FOUND(f, N_("'{1}' of {2} {3} is not what the log says"), t->columns[i].name, t->name, query_text(have, 0));
	}
}

/* Both sides in the order of their ids; what one side alone holds shows. */
static int compare_table(struct fsck *f, enum table_id table)
{
	const char *name = table_info(table)->name;
	struct strbuf sql = { 0 };
	struct query have = { 0 }, want = { 0 };
	int rc;

	strbuf_add_text(&sql, "SELECT ");
	rows_columns(table, "", &sql);
	strbuf_addf(&sql, " FROM \"%s\" ORDER BY id", name);
	if ((rc = query_open(&have, &f->s->db, strbuf_text(&sql), f->err)) != 0 ||
	    (rc = query_open(&want, &f->fold, strbuf_text(&sql), f->err)) != 0)
		goto out;
	int a = query_step(&have, f->err), b = query_step(&want, f->err);
	while (a == 1 || b == 1) {
		int order = a != 1 ? 1 : b != 1 ? -1 : strcmp(query_text(&have, 0), query_text(&want, 0));
		if (order < 0)
			FOUND(f, N_("the log knows nothing of {1} {2}"), name, query_text(&have, 0));
		else if (order > 0)
			FOUND(f, N_("{1} {2} of the log is missing"), name, query_text(&want, 0));
		else
			row_differs(f, table, &have, &want);
		if (order <= 0)
			a = query_step(&have, f->err);
		if (order >= 0)
			b = query_step(&want, f->err);
		if (a < 0 || b < 0)
			break;
	}
	rc = a < 0 ? a : b < 0 ? b : 0;
out:
	query_close(&have);
	query_close(&want);
	strbuf_release(&sql);
	return rc;
}

/* The numbers that stand for rows in the log: each id once, and touched by the newest of its changes. */
static int check_entities(struct fsck *f)
{
	static const struct {
		const char *sql, *text;
	} checks[] = {
		{ "SELECT e.id FROM entity e LEFT JOIN (SELECT row, max(tx) AS tx FROM change GROUP BY row) c ON c.row = e.no"
		  " WHERE e.touched IS NOT c.tx", N_("the newest change of {1} is noted wrongly") },
		{ "SELECT id FROM entity WHERE no NOT IN (SELECT row FROM change)", N_("the log knows no change of {1}") },
		{ "SELECT id FROM entity GROUP BY id HAVING count(*) > 1", N_("{1} stands twice among the rows of the log") },
		{ "SELECT id FROM tx GROUP BY id HAVING count(*) > 1", N_("transaction {1} stands twice in the log") },
		{ "SELECT id FROM device GROUP BY id HAVING count(*) > 1", N_("device {1} stands twice") },
		{ "SELECT key FROM meta WHERE key NOT IN ('device', 'renew')", N_("'{1}' is not a setting of the database") },
		{ "SELECT value FROM meta WHERE key = 'device' AND value NOT IN (SELECT id FROM device)", N_("device {1} is not known") },
	};
	int rc = 0;

	for (size_t i = 0; i < sizeof checks / sizeof *checks && rc == 0; i++) {
		struct query q;
		if ((rc = query_open(&q, &f->s->db, checks[i].sql, f->err)) != 0)
			return rc;
		while ((rc = query_step(&q, f->err)) == 1)
			FOUND(f, checks[i].text, query_text(&q, 0));
		query_close(&q);
	}
	return rc;
}

static int check_mark(struct fsck *f)
{
	bool went_back;
	int rc = mark_check(f->s, &went_back, f->err);

	if (rc == 0 && went_back)
		FOUND(f, N_("the newest changes of this device are missing: the database was put back from a copy or cut short"));
	return rc;
}

int store_fsck(struct store *s, void (*found)(void *ctx, const struct msg *what), void *ctx, int64_t *checked,
	       struct err *err)
{
	struct fsck f = { .s = s, .found = found, .ctx = ctx, .err = err };
	int rc = db_open(&f.fold, ":memory:", true, 0, DB_SYNC_OFF, err);

	if (rc != 0)
		return rc;
	if ((rc = migrate(&f.fold, schema_records, APPLICATION_RECORDS, true, err)) == 0 &&
	    (rc = db_exec(&s->db, "BEGIN", err)) == 0) {
		f.fold.may_write = true;
		rc = db_exec(&f.fold, "BEGIN", err);
		if (rc == 0 && (rc = check_structure(&f)) == 0 && (rc = check_schema(&f)) == 0 && (rc = fold_log(&f)) == 0)
			rc = check_entities(&f);
		for (enum table_id t = 0; rc == 0 && t < TABLE_COUNT; t++)
			rc = compare_table(&f, t);
		if (rc == 0)
			rc = check_mark(&f);
		db_exec(&s->db, "COMMIT", NULL);
	}
	if (rc == HS_ERR_DAMAGED) {
		struct msg m;
		MSG(&m, N_("the file's structure is damaged: {1}"), s->db.path);
		found(ctx, &m);
		rc = 0;
	}
	if (checked != NULL)
		*checked = f.checked;
	db_close(&f.fold);
	vec_release(&f.chains);
	return rc;
}

/* ---- at the start ---- */

/* The digest of the change before this device's newest one; "" when that is its first. */
static int tail_previous(struct store *s, char previous[CHANGE_DIGEST_SIZE], struct err *err)
{
	struct query q;
	int rc = query_open(&q, &s->db, "SELECT lower(hex(digest)) FROM change WHERE tx IN (SELECT seq FROM tx WHERE device = ?"
			" ORDER BY seq DESC LIMIT 2) ORDER BY tx DESC, n DESC LIMIT 1 OFFSET 1", err);

	previous[0] = '\0';
	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, s->device_no);
	if ((rc = query_step(&q, err)) == 1)
		copy_id(previous, CHANGE_DIGEST_SIZE, query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? rc : 0;
}

static int check_tail(struct store *s, struct err *err)
{
	char previous[CHANGE_DIGEST_SIZE], digest[CHANGE_DIGEST_SIZE];
	struct change c;
	struct query q;
	int rc = tail_previous(s, previous, err);

	if (rc != 0 || (rc = query_open(&q, &s->db, FSCK_SELECT " WHERE c.tx = (SELECT max(seq) FROM tx WHERE device = ?)"
					" ORDER BY c.n DESC LIMIT 1", err)) != 0)
		return rc;
	query_bind_int(&q, 1, s->device_no);
	if ((rc = query_step(&q, err)) == 1) {
		change_read(&q, &c);
		memcpy(c.previous, previous, sizeof c.previous);
		change_digest(&c, digest);
		rc = strcmp(digest, query_text(&q, 15)) == 0 ? 0 :
			ERR(err, HS_ERR_DAMAGED, N_("the newest change of this device is not as it was written; 'hoshu fsck' tells what"
						    " differs, 'hoshu restore' puts a backup back"));
	}
	query_close(&q);
	return rc;
}

int store_check(struct store *s, struct err *err)
{
	int rc = db_check(&s->db, true, err);

	return rc == HS_ERR_DAMAGED ? backup_advise(s->path, s->folder, err) : rc == 0 ? check_tail(s, err) : rc;
}
