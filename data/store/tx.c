/* Transactions: the one place that writes people's rows, each cell together with its change. See store.h. */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/folder.h"
#include "data/store/internal.h"

static const char *const number_groups[TABLE_COUNT] = {
	[TABLE_ticket] = "",
	[TABLE_patch] = "P",
	[TABLE_stop] = "T",
	[TABLE_talk] = "A",
	[TABLE_campaign] = "C",
};

static void tx_end(struct tx *tx)
{
	struct store *s = tx->store;

	if (s == NULL)
		return;
	if (sqlite3_get_autocommit(s->db.handle) == 0)
		db_exec(&s->db, "ROLLBACK", NULL);
	s->db.may_write = false;
	s->in_tx = false;
	tx->store = NULL;
}

static int tx_fail(struct tx *tx, int rc)
{
	if (rc < 0 && tx->error == 0) {
		tx->error = rc;
		tx->err.code = rc;
	}
	return rc;
}

/* Where a call of the program itself is wrong: a verb's fault, not the person's. */
static void tx_fault(struct tx *tx, const char *what, const char *subject)
{
	if (tx->error == 0)
		tx->error = ERR(&tx->err, HS_ERR_INTERNAL, N_("this is a fault in hoshu itself: {1} ({2})"), what, subject);
}

/* ---- beginning ---- */

static int file_still_there(struct store *s, struct err *err)
{
	struct stat st;
	int rc = folder_file_check(s->folder, s->path, RECORDS_FILE, &st, err);

	if (rc == 0 && (st.st_dev != s->file_dev || st.st_ino != s->file_ino))
		rc = ERR(err, HS_ERR_STATE, N_("'{1}' was put back or replaced meanwhile; start hoshu again"), s->db.path);
	return rc;
}

/* Another program may have named the device anew since this one opened the database. */
static int device_still_same(struct store *s, struct err *err)
{
	char id[DEVICE_SIZE];
	int rc = meta_get(&s->db, "device", id, sizeof id, err);

	if (rc == 0 && strcmp(id, s->device.id) != 0)
		rc = ERR(err, HS_ERR_STATE, N_("this device was named anew meanwhile; start hoshu again"));
	return rc;
}

static int tx_tail(struct store *s, struct tx *tx, struct err *err)
{
	int64_t last, end;
	struct query q;
	int rc;

	if ((rc = db_int(&s->db, "SELECT max(seq) FROM tx", 0, &last, err)) != 0 ||
	    (rc = db_int(&s->db, "SELECT hlc + changes FROM tx ORDER BY hlc + changes DESC LIMIT 1", 0, &end, err)) != 0)
		return rc;
	tx->own.seq = last + 1;
	tx->own.hlc = hlc_next((uint64_t)end, tx->now > INT64_MAX / 1000 ? INT64_MAX : tx->now * 1000);
	rc = query_open(&q, &s->db, "SELECT lower(hex(digest)) FROM change WHERE tx ="
			" (SELECT max(seq) FROM tx WHERE device = ?) ORDER BY n DESC LIMIT 1", err);
	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, s->device_no);
	rc = query_step(&q, err);
	if (rc == 1)
		snprintf(tx->own.previous, sizeof tx->own.previous, "%s", query_text(&q, 0));
	query_close(&q);
	return rc < 0 ? rc : 0;
}

int tx_begin_undo(struct store *s, const char *actor, const char *verb, int64_t now, const char *undoes, struct tx *tx,
		  struct err *err)
{
	int rc;

	*tx = (struct tx){ .actor = actor, .verb = verb, .now = now };
	if (s->read_only)
		return ERR(err, HS_ERR_READ_ONLY, NULL);
	if (s->device.machine_changed)
		return ERR(err, HS_ERR_STATE, N_("this database comes from another machine or from a backup; run: hoshu device TAG"));
	if (s->in_tx)
		return ERR(err, HS_ERR_INTERNAL, N_("this is a fault in hoshu itself: {1} ({2})"), "nested transaction", verb);
	if ((rc = file_still_there(s, err)) != 0 || (rc = random_uuid(tx->id, err)) != 0 ||
	    (rc = db_exec(&s->db, "BEGIN IMMEDIATE", err)) != 0)
		return rc;
	tx->store = s;
	s->in_tx = true;
	s->db.may_write = true;
	snprintf(tx->own.undoes, sizeof tx->own.undoes, "%s", undoes);
	tx->own.device = s->device_no;
	if ((rc = device_still_same(s, err)) != 0 || (rc = tx_tail(s, tx, err)) != 0)
		tx_end(tx);
	return rc;
}

int tx_begin(struct store *s, const char *actor, const char *verb, int64_t now, struct tx *tx, struct err *err)
{
	return tx_begin_undo(s, actor, verb, now, "", tx, err);
}

/* ---- rows and cells ---- */

int entity_find(struct db *d, const char *id, int64_t *no, enum table_id *table, struct err *err)
{
	struct query q;
	int rc = query_open(&q, d, "SELECT no, tbl FROM entity WHERE id = ? ORDER BY no LIMIT 1", err);

	*no = 0;
	*table = TABLE_COUNT;
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, id);
	if ((rc = query_step(&q, err)) == 1) {
		*no = query_int(&q, 0);
		*table = table_find(query_text(&q, 1));
	}
	query_close(&q);
	return rc < 0 ? rc : 0;
}

int cell_get(struct db *d, enum table_id table, const char *id, const char *column, struct arena *a, struct value *out,
	     struct err *err)
{
	char sql[160];
	struct query q;

	snprintf(sql, sizeof sql, "SELECT \"%s\" FROM \"%s\" WHERE id = ? ORDER BY rowid LIMIT 1", column, table_info(table)->name);
	int rc = query_open(&q, d, sql, err);
	*out = value_null();
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, id);
	if ((rc = query_step(&q, err)) == 1) {
		*out = query_value(&q, 0);
		if (out->type == VALUE_TEXT)
			out->text = arena_text(a, out->text);
	}
	query_close(&q);
	return rc < 0 ? rc : rc == 1 ? 0 : ERR(err, HS_ERR_NOT_FOUND, NULL);
}

static int row_touch(struct tx *tx)
{
	struct query q;
	int rc = query_open(&q, &tx->store->db, "UPDATE entity SET touched = ? WHERE no = ?", &tx->err);

	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, tx->own.seq);
	query_bind_int(&q, 2, tx->own.entity);
	return query_done(&q, &tx->err);
}

/* Makes (table, id) the row that the following calls are about. touch: its first change in a row. */
static bool row_select(struct tx *tx, enum table_id table, const char *id)
{
	enum table_id found;

	if (tx->own.entity != 0 && tx->own.table == table && strcmp(tx->own.row, id) == 0)
		return true;
	tx->own.entity = 0;
	if (table >= TABLE_COUNT || !uuid_valid(id)) {
		tx_fault(tx, "no row id", id);
		return false;
	}
	int64_t no;
	if (tx_fail(tx, entity_find(&tx->store->db, id, &no, &found, &tx->err)) < 0)
		return false;
	if (no == 0 || found != table) {
		tx->error = ERR(&tx->err, HS_ERR_NOT_FOUND, N_("there is no '{1}'"), id);
		return false;
	}
	tx->own.entity = no;
	tx->own.table = table;
	memcpy(tx->own.row, id, UUID_SIZE);
	return true;
}

static void digest_bytes(const char *hex, uint8_t out[32])
{
	for (size_t i = 0; i < 64; i++) {
		uint8_t n = (uint8_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
		out[i / 2] = (uint8_t)(i % 2 == 0 ? n << 4 : out[i / 2] | n);
	}
}

/* Appends the change of a cell of the selected row to the log, as link of the device's chain. */
static int log_append(struct tx *tx, const char *column, const struct value *before, const struct value *after,
		      enum change_outcome outcome)
{
	struct store *s = tx->store;
	struct change c = { .hlc = tx->own.hlc + (uint64_t)tx->own.changes, .at = tx->now, .actor = tx->actor, .verb = tx->verb,
			    .table = table_info(tx->own.table)->name, .row = tx->own.row, .column = column,
			    .before = *before, .after = *after };
	uint8_t digest[32];
	struct query q;

	memcpy(c.device, s->device.id, sizeof c.device);
	memcpy(c.tx, tx->id, sizeof c.tx);
	memcpy(c.undoes, tx->own.undoes, sizeof c.undoes);
	memcpy(c.previous, tx->own.previous, sizeof c.previous);
	change_digest(&c, tx->own.previous);
	digest_bytes(tx->own.previous, digest);
	int rc = query_open(&q, &s->db, "INSERT INTO change (tx, n, row, col, before, after, outcome, digest)"
					" VALUES (?, ?, ?, ?, ?, ?, ?, ?)", &tx->err);
	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, tx->own.seq);
	query_bind_int(&q, 2, tx->own.changes++);
	query_bind_int(&q, 3, tx->own.entity);
	query_bind_text(&q, 4, column);
	query_bind(&q, 5, before);
	query_bind(&q, 6, after);
	query_bind_int(&q, 7, outcome);
	sqlite3_bind_blob(q.stmt, 8, digest, sizeof digest, SQLITE_TRANSIENT);
	return query_done(&q, &tx->err);
}

static int row_new(struct tx *tx, enum table_id table, const char *id)
{
	struct db *d = &tx->store->db;
	const char *name = table_info(table)->name;
	struct value after = value_text(id), before = value_null();
	char sql[96];
	struct query q;
	int rc = query_open(&q, d, "INSERT INTO entity (tbl, id, touched) VALUES (?, ?, ?)", &tx->err);

	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, name);
	query_bind_text(&q, 2, id);
	query_bind_int(&q, 3, tx->own.seq);
	if ((rc = query_done(&q, &tx->err)) != 0)
		return rc;
	tx->own.entity = sqlite3_last_insert_rowid(d->handle);
	tx->own.table = table;
	memcpy(tx->own.row, id, UUID_SIZE);

	snprintf(sql, sizeof sql, "INSERT INTO \"%s\" (id) VALUES (?)", name);
	if ((rc = query_open(&q, d, sql, &tx->err)) != 0)
		return rc;
	query_bind_text(&q, 1, id);
	if ((rc = query_done(&q, &tx->err)) != 0)
		return rc;
	return log_append(tx, "id", &before, &after, CHANGE_SET);
}

bool tx_insert(struct tx *tx, enum table_id table, char id[UUID_SIZE])
{
	enum table_id found;
	int64_t no = 0;

	if (tx->error != 0 || tx->store == NULL)
		return false;
	if (id[0] == '\0') {
		if (tx_fail(tx, random_uuid(id, &tx->err)) < 0)
			return false;
	} else if (!uuid_valid(id)) {
		tx_fault(tx, "no row id", id);
		return false;
	} else if (tx_fail(tx, entity_find(&tx->store->db, id, &no, &found, &tx->err)) < 0) {
		return false;
	}
	if (no != 0)
		return false;
	tx->own.entity = 0;
	return tx_fail(tx, row_new(tx, table, id)) == 0;
}

static int cell_put(struct tx *tx, const char *column, const struct value *v)
{
	char sql[160];
	struct query q;

	snprintf(sql, sizeof sql, "UPDATE \"%s\" SET \"%s\" = ? WHERE id = ?", table_info(tx->own.table)->name, column);
	int rc = query_open(&q, &tx->store->db, sql, &tx->err);
	if (rc != 0)
		return rc;
	query_bind(&q, 1, v);
	query_bind_text(&q, 2, tx->own.row);
	return query_done(&q, &tx->err);
}

static int cell_write(struct tx *tx, const char *column, const struct value *value, const struct value *shown,
		      struct arena *a)
{
	struct value current;
	int rc = cell_get(&tx->store->db, tx->own.table, tx->own.row, column, a, &current, &tx->err);

	if (rc != 0 || value_equal(&current, value))
		return rc;
	bool clash = shown != NULL && !value_equal(shown, &current);
	if (clash)
		tx->own.conflicts++;
	if ((rc = row_touch(tx)) != 0 || (rc = cell_put(tx, column, value)) != 0)
		return rc;
	return log_append(tx, column, clash ? shown : &current, value, clash ? CHANGE_WON : CHANGE_SET);
}

void tx_set(struct tx *tx, enum table_id table, const char *id, const char *column, struct value value,
	    const struct value *shown)
{
	struct arena a = { 0 };

	if (tx->error != 0 || tx->store == NULL || !row_select(tx, table, id))
		return;
	const struct column *c = table_column(table, column);
	if (value.type == VALUE_TEXT && *value.text == '\0')
		value = value_null();
	if (c == NULL || (value.type == VALUE_INT) > (c->type == COLUMN_INT) ||
	    (value.type == VALUE_TEXT) > (c->type == COLUMN_TEXT)) {
		tx_fault(tx, "no such cell", column);
		return;
	}
	if (!value_fits(&value, c->type)) {
		bool broken = strnlen(value.text, VALUE_TEXT_MAX + 1) <= VALUE_TEXT_MAX;
		tx->error = broken ? ERR(&tx->err, HS_ERR_INVALID, N_("the text for '{1}' is not UTF-8"), column) :
				     ERR(&tx->err, HS_ERR_LIMIT, N_("the text for '{1}' is longer than a megabyte"), column);
		return;
	}
	tx_fail(tx, cell_write(tx, c->name, &value, shown, &a));
	arena_release(&a);
}

void tx_text(struct tx *tx, enum table_id table, const char *id, const char *column, const char *text)
{
	tx_set(tx, table, id, column, value_text(text), NULL);
}

void tx_int(struct tx *tx, enum table_id table, const char *id, const char *column, int64_t number)
{
	tx_set(tx, table, id, column, value_int(number), NULL);
}

void tx_delete(struct tx *tx, enum table_id table, const char *id)
{
	struct arena a = { 0 };
	struct value deleted;

	if (tx->error != 0 || tx->store == NULL || !row_select(tx, table, id))
		return;
	int rc = cell_get(&tx->store->db, table, id, "deleted", &a, &deleted, &tx->err);
	arena_release(&a);
	if (tx_fail(tx, rc) == 0 && deleted.type == VALUE_NULL)
		tx_int(tx, table, id, "deleted", tx->now);
}

int64_t tx_conflicts(const struct tx *tx)
{
	return tx->own.conflicts;
}

/* ---- numbers ---- */

const char *store_number_group(enum table_id table)
{
	return table < TABLE_COUNT ? number_groups[table] : NULL;
}

/* The greatest count that stands after prefix in numbers of the given length; 0 for none. */
static int number_greatest(struct tx *tx, enum table_id table, const char *prefix, size_t length, int64_t *count)
{
	char sql[192], from[24], to[24];
	size_t skip = strlen(prefix);
	struct query q;

	snprintf(sql, sizeof sql, "SELECT number FROM \"%s\" WHERE length(number) = ? AND number >= ? AND number < ?"
		 " ORDER BY number DESC LIMIT 1", table_info(table)->name);
	int rc = query_open(&q, &tx->store->db, sql, &tx->err);
	*count = 0;
	if (rc != 0)
		return rc;
	snprintf(from, sizeof from, "%s0", prefix);
	snprintf(to, sizeof to, "%s:", prefix);
	query_bind_int(&q, 1, (int64_t)length);
	query_bind_text(&q, 2, from);
	query_bind_text(&q, 3, to);
	if ((rc = query_step(&q, &tx->err)) == 1)
		for (const char *p = query_text(&q, 0) + skip; *p >= '0' && *p <= '9'; p++)
			*count = *count * 10 + (*p - '0');
	query_close(&q);
	return rc < 0 ? rc : 0;
}

void tx_number(struct tx *tx, enum table_id table, char out[24])
{
	enum { DIGITS_MAX = 12 };
	const char *group = store_number_group(table);
	char prefix[16];
	int64_t greatest = 0;

	out[0] = '\0';
	if (tx->error != 0 || tx->store == NULL)
		return;
	if (group == NULL) {
		tx_fault(tx, "a table without numbers", table < TABLE_COUNT ? table_info(table)->name : "");
		return;
	}
	snprintf(prefix, sizeof prefix, "%s%s%s", tx->store->device.tag, *group != '\0' ? "-" : "", group);
	for (size_t digits = DIGITS_MAX; digits > 0 && greatest == 0; digits--)
		if (tx_fail(tx, number_greatest(tx, table, prefix, strlen(prefix) + digits, &greatest)) < 0)
			return;
	snprintf(out, 24, "%s%" PRId64, prefix, greatest + 1);
}

/* ---- ending ---- */

static int tx_close_log(struct tx *tx)
{
	struct query q;
	int rc = query_open(&q, &tx->store->db, "INSERT INTO tx (seq, id, device, hlc, changes, at, actor, verb, undoes)"
						" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", &tx->err);

	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, tx->own.seq);
	query_bind_text(&q, 2, tx->id);
	query_bind_int(&q, 3, tx->own.device);
	query_bind_int(&q, 4, (int64_t)tx->own.hlc);
	query_bind_int(&q, 5, tx->own.changes);
	query_bind_int(&q, 6, tx->now);
	query_bind_text(&q, 7, tx->actor);
	query_bind_text(&q, 8, tx->verb);
	query_bind_text(&q, 9, tx->own.undoes);
	return query_done(&q, &tx->err);
}

int tx_commit(struct tx *tx, struct err *err)
{
	struct store *s = tx->store;

	if (s == NULL)
		return tx->error != 0 ? tx->error : ERR(err, HS_ERR_INTERNAL, N_("the transaction is over"));
	if (tx->error == 0 && tx->own.changes > 0 && tx_fail(tx, tx_close_log(tx)) == 0)
		tx_fail(tx, db_exec(&s->db, "COMMIT", &tx->err));
	bool written = tx->error == 0 && tx->own.changes > 0;
	tx_end(tx);
	if (written) {
		s->commits++;
		mark_write(s, tx->own.seq, tx->own.previous);
		backup_when_due(s, false);
	} else if (tx->error != 0 && err != NULL) {
		*err = tx->err;
	}
	return tx->error;
}

void tx_rollback(struct tx *tx)
{
	tx_end(tx);
}
