/* Opening status.db, and writing it. See status.h; reading is in status_read.c. */
#include <config.h>

#include "data/store/status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "core/service/streak.h"
#include "data/store/folder.h"
#include "data/store/migrate.h"
#include "data/store/status_internal.h"

enum {
	CHECKED_AT_OPEN = 64 * 1024 * 1024, /* bytes: above, only the header is looked at */
	OUTPUT_MAX = 4 * 1024 * 1024,
	SAMPLE_DAYS = 14,
	HOUR = 3600,
	READ_WAIT_MS = 0,
	WRITE_WAIT_MS = 2000, /* readers are done within milliseconds */
};

/* ---- opening ---- */

static int status_file(struct status *st, bool write, struct err *err)
{
	struct stat file;
	int rc = folder_file_check(st->folder, st->path, STATUS_FILE, &file, err);

	st->size = rc == 0 ? file.st_size : 0;
	if (rc == HS_ERR_NOT_FOUND && write)
		rc = folder_file_new(st->folder, STATUS_FILE, err);
	if (rc == HS_ERR_EXISTS)
		rc = 0;
	if (rc != 0)
		return rc;
	rc = folder_file_check(st->folder, st->path, STATUS_FILE "-journal", &file, err);
	return rc == HS_ERR_NOT_FOUND ? 0 : rc;
}

static int status_connect(struct status *st, bool write, struct err *err)
{
	struct strbuf path = { 0 };
	int version, rc = status_file(st, write, err);

	if (rc != 0)
		return rc;
	strbuf_addf(&path, "%s/" STATUS_FILE, st->path);
	rc = db_open(&st->db, strbuf_text(&path), true, write ? WRITE_WAIT_MS : READ_WAIT_MS, DB_SYNC_FULL, err);
	strbuf_release(&path);
	if (rc == 0)
		rc = db_identify(&st->db, APPLICATION_STATUS, schema_newest(schema_status), &version, err);
	if (rc == 0 && write && version > 0 && st->size <= CHECKED_AT_OPEN)
		rc = db_check(&st->db, true, err);
	if (rc == 0 && version < schema_newest(schema_status))
		rc = write ? migrate(&st->db, schema_status, APPLICATION_STATUS, false, err) :
			     ERR(err, HS_ERR_NOT_FOUND, N_("nothing was measured yet in '{1}'"), st->path);
	if (rc == 0 && !write)
		rc = db_exec(&st->db, "PRAGMA query_only=ON", err);
	if (rc != 0)
		db_close(&st->db);
	return rc;
}

/* The journal goes with it, or it would be played into the new file. */
static int move_aside(struct status *st, char name[64], struct err *err)
{
	char journal[80];

	for (int i = 0; i < 100; i++) {
		snprintf(name, 64, STATUS_FILE ".damaged-%" PRId64, (int64_t)time(NULL) + i);
		if (faccessat(st->folder, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
			break;
	}
	snprintf(journal, sizeof journal, "%s-journal", name);
	if (renameat(st->folder, STATUS_FILE "-journal", st->folder, journal) != 0 && errno != ENOENT)
		return folder_errno(errno, STATUS_FILE "-journal", err);
	if (renameat(st->folder, STATUS_FILE, st->folder, name) != 0)
		return folder_errno(errno, STATUS_FILE, err);
	return folder_sync(st->folder, NULL, err);
}

static int status_renew(struct status *st, struct err *err)
{
	char name[64], good[64] = "";
	struct status_event e = { .at = (int64_t)time(NULL), .check = "", .kind = "status-damaged", .text = name };
	int rc = move_aside(st, name, err);

	if (rc == 0)
		rc = status_put_back(st, good, err);
	if (rc == 0 && (rc = status_connect(st, true, err)) == 0 && (rc = status_begin(st, err)) == 0) {
		status_put_event(st, &e, err);
		e.kind = "status-restored";
		e.text = good;
		if (good[0] != '\0')
			status_put_event(st, &e, err);
		rc = status_commit(st, err);
	}
	return rc;
}

int status_open(struct status **out, const char *folder, bool write, struct err *err)
{
	struct status *st = mem_alloc(1, sizeof *st);
	int rc = folder_open(folder, write, &st->folder, err);

	*out = NULL;
	st->backup_due = TIME_NONE;
	if (rc == 0 && (st->path = realpath(folder, NULL)) == NULL)
		rc = folder_errno(errno, folder, err);
	if (rc == 0)
		rc = status_connect(st, write, err);
	if (rc == HS_ERR_DAMAGED && write)
		rc = status_renew(st, err);
	if (rc != 0) {
		status_close(st);
		return rc;
	}
	st->write = write;
	db_settle(&st->db);
	*out = st;
	return 0;
}

void status_close(struct status *st)
{
	if (st == NULL)
		return;
	db_close(&st->db);
	if (st->folder >= 0)
		close(st->folder);
	free(st->path);
	free(st);
}

int64_t status_version(struct status *st)
{
	int64_t v;

	if (db_int(&st->db, "PRAGMA data_version", 0, &v, NULL) == 0)
		st->version = v;
	return st->version + st->commits;
}

/* ---- transactions ---- */

int status_begin(struct status *st, struct err *err)
{
	st->error = 0;
	return db_exec(&st->db, "BEGIN IMMEDIATE", err);
}

static int failed(struct status *st, int rc)
{
	if (rc < 0 && st->error == 0)
		st->error = rc;
	return rc;
}

int status_commit(struct status *st, struct err *err)
{
	int rc = st->error != 0 ? ERR(err, st->error, NULL) : db_exec(&st->db, "COMMIT", err);

	status_rollback(st);
	if (rc == 0)
		st->commits++;
	return rc;
}

void status_rollback(struct status *st)
{
	if (sqlite3_get_autocommit(st->db.handle) == 0)
		db_exec(&st->db, "ROLLBACK", NULL);
}

/* ---- one result ---- */

static int streak_load(struct status *st, const char *check, struct streak *s, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "SELECT state, since, at, last_good_at, failing_since, failures, confirmed, flapping,"
			" flap_mpct, recent FROM check_state WHERE id = ?", err);

	streak_init(s);
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, check);
	rc = query_step(&q, err);
	if (rc == 1) {
		if (!probe_state_parse(query_text(&q, 0), &s->state))
			s->state = PROBE_UNKNOWN;
		s->since = query_int(&q, 1);
		s->at = query_int(&q, 2);
		s->last_good_at = query_int(&q, 3);
		s->failing_since = query_int(&q, 4);
		s->failures = query_small(&q, 5);
		s->confirmed = query_int(&q, 6) == 1;
		s->flapping = query_int(&q, 7) == 1;
		s->flap_mpct = query_small(&q, 8);
		snprintf(s->recent, sizeof s->recent, "%s", query_text(&q, 9));
	}
	query_close(&q);
	return rc < 0 ? rc : 0;
}

static int streak_save(struct status *st, const struct status_result *r, const struct streak *s, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "INSERT OR REPLACE INTO check_state (id, host, state, since, at, last_good_at, response_ms,"
			" value, failures, confirmed, failing_since, flapping, flap_mpct, recent, text, reason)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", err);

	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, r->check);
	query_bind_text(&q, 2, r->host);
	query_bind_text(&q, 3, probe_state_name(s->state));
	query_bind_int(&q, 4, s->since);
	query_bind_int(&q, 5, s->at);
	query_bind_int(&q, 6, s->last_good_at);
	query_bind_int(&q, 7, r->verdict.response_ms);
	query_bind_int(&q, 8, r->verdict.value);
	query_bind_int(&q, 9, s->failures);
	query_bind_int(&q, 10, s->confirmed);
	query_bind_int(&q, 11, s->failing_since);
	query_bind_int(&q, 12, s->flapping);
	query_bind_int(&q, 13, s->flap_mpct);
	query_bind_text(&q, 14, s->recent);
	query_bind_text(&q, 15, r->verdict.text);
	query_bind_text(&q, 16, probe_reason_name(r->verdict.reason));
	return query_done(&q, err);
}

/* Ends the interval that is open at most at end, and never before its last sample. */
static int span_end(struct status *st, const char *check, int64_t end, int64_t max_gap, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "UPDATE span SET ended = min(?2, last_at + ?3) WHERE id = ?1 AND ended IS NULL", err);

	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, check);
	query_bind_int(&q, 2, end);
	query_bind_int(&q, 3, max_gap);
	return query_done(&q, err);
}

static int span_extend(struct status *st, const char *check, int64_t at, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "UPDATE span SET last_at = ?2 WHERE id = ?1 AND ended IS NULL", err);

	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, check);
	query_bind_int(&q, 2, at);
	return query_done(&q, err);
}

static int span_insert(struct status *st, const char *check, const struct state_interval *i, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "INSERT INTO span (id, started, ended, first_at, last_at, state) VALUES (?, ?, ?, ?, ?, ?)", err);

	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, check);
	query_bind_int(&q, 2, i->from);
	query_bind_int(&q, 3, i->to);
	query_bind_int(&q, 4, i->first_at);
	query_bind_int(&q, 5, i->last_at);
	query_bind_text(&q, 6, probe_state_name(i->state));
	return query_done(&q, err);
}

/* fresh: false when this check has a result of that moment already. */
static int sample_put(struct status *st, const struct status_result *r, bool *fresh, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "INSERT OR IGNORE INTO sample (id, at, state, reason, response_ms, value)"
			" VALUES (?, ?, ?, ?, ?, ?)", err);

	*fresh = false;
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, r->check);
	query_bind_int(&q, 2, r->at);
	query_bind_text(&q, 3, probe_state_name(r->verdict.state));
	query_bind_text(&q, 4, probe_reason_name(r->verdict.reason));
	query_bind_int(&q, 5, r->verdict.response_ms);
	query_bind_int(&q, 6, r->verdict.value);
	rc = query_done(&q, err);
	*fresh = rc == 0 && sqlite3_changes(st->db.handle) == 1;
	return rc;
}

static int64_t hour_of(int64_t at)
{
	return at - ((at % HOUR) + HOUR) % HOUR;
}

static int hour_add(struct status *st, const struct status_result *r, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "INSERT INTO hour (id, started, state, samples) VALUES (?, ?, ?, 1)"
			" ON CONFLICT DO UPDATE SET samples = samples + 1", err);

	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, r->check);
	query_bind_int(&q, 2, hour_of(r->at));
	query_bind_text(&q, 3, probe_state_name(r->verdict.state));
	rc = query_done(&q, err);
	if (rc != 0 || r->verdict.response_ms == TIME_NONE)
		return rc;
	rc = query_open(&q, &st->db, "INSERT INTO latency (id, started, bucket, samples, worst_ms) VALUES (?, ?, ?, 1, ?)"
			" ON CONFLICT DO UPDATE SET samples = samples + 1, worst_ms = max(worst_ms, excluded.worst_ms)", err);
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, r->check);
	query_bind_int(&q, 2, hour_of(r->at));
	query_bind_int(&q, 3, latency_bucket(r->verdict.response_ms));
	query_bind_int(&q, 4, r->verdict.response_ms);
	return query_done(&q, err);
}

static int state_update(struct status *st, const struct status_result *r, struct err *err)
{
	int64_t max_gap = 3 * (int64_t)(r->interval_s > 0 ? r->interval_s : HOUR);
	struct state_interval next = {
		.from = r->at, .to = TIME_NONE, .first_at = r->at, .last_at = r->at, .state = r->verdict.state,
	};
	struct streak s;
	int rc = streak_load(st, r->check, &s, err);

	if (rc != 0)
		return rc;
	switch (streak_add(&s, r->verdict.state, r->at, r->failures_needed, max_gap)) {
	case STREAK_OLD:
		return 0;
	case STREAK_EXTENDS:
		rc = span_extend(st, r->check, r->at, err);
		break;
	case STREAK_CHANGES:
	case STREAK_GAP:
		if ((rc = span_end(st, r->check, r->at, max_gap, err)) == 0)
			rc = span_insert(st, r->check, &next, err);
		break;
	}
	return rc != 0 ? rc : streak_save(st, r, &s, err);
}

int status_record(struct status *st, const struct status_result *r, struct err *err)
{
	bool fresh;
	int rc = sample_put(st, r, &fresh, err);

	if (rc == 0 && fresh && (rc = hour_add(st, r, err)) == 0)
		rc = state_update(st, r, err);
	return failed(st, rc);
}

/* ---- the rest ---- */

int status_put_output(struct status *st, const char *host, int64_t at, const void *bytes, size_t len, struct err *err)
{
	struct query q;
	int rc;

	if (len > OUTPUT_MAX)
		return failed(st, ERR(err, HS_ERR_LIMIT, N_("the output of '{1}' is larger than 4 MB"), host));
	if ((rc = query_open(&q, &st->db, "INSERT OR REPLACE INTO output (host, at, bytes) VALUES (?, ?, ?)", err)) != 0)
		return failed(st, rc);
	query_bind_text(&q, 1, host);
	query_bind_int(&q, 2, at);
	sqlite3_bind_blob(q.stmt, 3, len > 0 ? bytes : "", (int)len, SQLITE_TRANSIENT);
	return failed(st, query_done(&q, err));
}

int status_put_event(struct status *st, const struct status_event *e, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "INSERT INTO event (at, id, kind, text) VALUES (?, ?, ?, ?)", err);

	if (rc != 0)
		return failed(st, rc);
	query_bind_int(&q, 1, e->at);
	query_bind_text(&q, 2, e->check);
	query_bind_text(&q, 3, e->kind);
	query_bind_text(&q, 4, e->text);
	return failed(st, query_done(&q, err));
}

static int samples_expire(struct status *st, int64_t now, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "DELETE FROM sample WHERE at < ?", err);

	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, now - (int64_t)SAMPLE_DAYS * DAY_SECONDS);
	return query_done(&q, err);
}

int status_put_recorder(struct status *st, const struct recorder_status *r, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "INSERT OR REPLACE INTO recorder (no, cycle_at, started_at, next_at, network_up, network_since)"
			" VALUES (1, ?, ?, ?, ?, ?)", err);

	if (rc != 0)
		return failed(st, rc);
	query_bind_int(&q, 1, r->cycle_at);
	query_bind_int(&q, 2, r->started_at);
	query_bind_int(&q, 3, r->next_at);
	query_bind_int(&q, 4, r->network_up);
	query_bind_int(&q, 5, r->network_since);
	if ((rc = query_done(&q, err)) == 0 && r->cycle_at != TIME_NONE)
		rc = samples_expire(st, r->cycle_at, err);
	return failed(st, rc);
}

int status_put_interval(struct status *st, const char *check, const struct state_interval *i, struct err *err)
{
	return failed(st, span_insert(st, check, i, err));
}
