/* Reading status.db. See status.h. */
#include <config.h>

#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/status_internal.h"

int query_small(struct query *q, int column)
{
	int64_t n = query_int(q, column);

	return n >= 0 && n <= INT32_MAX ? (int)n : 0;
}

static enum probe_state state_read(struct query *q, int column)
{
	enum probe_state state;

	return probe_state_parse(query_text(q, column), &state) ? state : PROBE_UNKNOWN;
}

int status_checks(struct status *st, struct check_statuses *out, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "SELECT id, state, since, at, last_good_at, response_ms, value, failures, failing_since,"
			" confirmed, flapping, flap_mpct, text, reason FROM check_state ORDER BY id", err);

	*out = (struct check_statuses){ 0 };
	if (rc != 0)
		return rc;
	while ((rc = query_step(&q, err)) == 1) {
		struct check_status *c = vec_add(&out->list);
		c->check = query_text_in(&q, 0, &out->mem);
		c->state = state_read(&q, 1);
		c->since = query_int(&q, 2);
		c->at = query_int(&q, 3);
		c->last_good_at = query_int(&q, 4);
		c->response_ms = query_int(&q, 5);
		c->value = query_int(&q, 6);
		c->failures = query_small(&q, 7);
		c->failing_since = query_int(&q, 8);
		c->confirmed = query_int(&q, 9) == 1;
		c->flapping = query_int(&q, 10) == 1;
		c->flap_mpct = query_small(&q, 11);
		c->text = query_text_in(&q, 12, &out->mem);
		c->reason = query_text_in(&q, 13, &out->mem);
	}
	query_close(&q);
	if (rc != 0)
		check_statuses_release(out);
	return rc;
}

void check_statuses_release(struct check_statuses *s)
{
	arena_release(&s->mem);
	vec_release(&s->list);
}

int status_output(struct status *st, const char *host, struct strbuf *out, int64_t *at, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "SELECT at, bytes FROM output WHERE host = ?", err);

	*at = TIME_NONE;
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, host);
	rc = query_step(&q, err);
	if (rc == 1) {
		const void *bytes = sqlite3_column_blob(q.stmt, 1);
		*at = query_int(&q, 0);
		if (bytes != NULL)
			strbuf_add(out, bytes, (size_t)sqlite3_column_bytes(q.stmt, 1));
	}
	query_close(&q);
	if (rc == 0)
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("there is no output of '{1}' yet"), host);
	return rc < 0 ? rc : 0;
}

int status_intervals(struct status *st, const char *check, int64_t from, int64_t to, struct state_intervals *out,
		     struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "SELECT started, ended, first_at, last_at, state FROM span WHERE id = ? AND started < ?"
			" AND (ended IS NULL OR ended > ?) ORDER BY started, no", err);

	*out = (struct state_intervals){ 0 };
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, check);
	query_bind_int(&q, 2, to != TIME_NONE ? to : INT64_MAX);
	sqlite3_bind_int64(q.stmt, 3, from);
	while ((rc = query_step(&q, err)) == 1) {
		struct state_interval *i = vec_add(&out->list);
		i->from = query_int(&q, 0);
		i->to = query_int(&q, 1);
		i->first_at = query_int(&q, 2);
		i->last_at = query_int(&q, 3);
		i->state = state_read(&q, 4);
	}
	query_close(&q);
	if (rc != 0)
		vec_release(&out->list);
	return rc;
}

int status_latency(struct status *st, const char *check, int64_t from, int64_t to, struct latency_hours *out,
		   struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "SELECT bucket, sum(samples), max(worst_ms) FROM latency WHERE id = ? AND started >= ?"
			" AND started < ? GROUP BY bucket", err);

	*out = (struct latency_hours){ .worst_ms = TIME_NONE };
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, check);
	sqlite3_bind_int64(q.stmt, 2, from);
	query_bind_int(&q, 3, to != TIME_NONE ? to : INT64_MAX);
	while ((rc = query_step(&q, err)) == 1) {
		int bucket = query_small(&q, 0);
		int64_t samples = query_int(&q, 1), worst = query_int(&q, 2);
		if (samples <= 0)
			continue;
		out->samples[bucket < STATUS_BUCKETS ? bucket : STATUS_BUCKETS - 1] += samples;
		out->count += samples;
		out->worst_ms = worst > out->worst_ms ? worst : out->worst_ms;
	}
	query_close(&q);
	return rc;
}

int status_events(struct status *st, int64_t before, size_t limit, struct status_events *out, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "SELECT at, id, kind, text FROM event WHERE at < ? ORDER BY at DESC, no DESC LIMIT ?", err);

	*out = (struct status_events){ 0 };
	if (rc != 0)
		return rc;
	query_bind_int(&q, 1, before != TIME_NONE ? before : INT64_MAX);
	query_bind_int(&q, 2, limit < INT32_MAX ? (int64_t)limit : INT32_MAX);
	while ((rc = query_step(&q, err)) == 1) {
		struct status_event *e = vec_add(&out->list);
		e->at = query_int(&q, 0);
		e->check = query_text_in(&q, 1, &out->mem);
		e->kind = query_text_in(&q, 2, &out->mem);
		e->text = query_text_in(&q, 3, &out->mem);
	}
	query_close(&q);
	if (rc != 0)
		status_events_release(out);
	return rc;
}

void status_events_release(struct status_events *e)
{
	arena_release(&e->mem);
	vec_release(&e->list);
}

int status_recorder(struct status *st, struct recorder_status *out, struct err *err)
{
	struct query q;
	int rc = query_open(&q, &st->db, "SELECT cycle_at, started_at, next_at, network_up, network_since FROM recorder WHERE no = 1", err);

	*out = (struct recorder_status){ TIME_NONE, TIME_NONE, TIME_NONE, false, TIME_NONE };
	if (rc != 0)
		return rc;
	rc = query_step(&q, err);
	if (rc == 1) {
		out->cycle_at = query_int(&q, 0);
		out->started_at = query_int(&q, 1);
		out->next_at = query_int(&q, 2);
		out->network_up = query_int(&q, 3) == 1;
		out->network_since = query_int(&q, 4);
	}
	query_close(&q);
	return rc < 0 ? rc : 0;
}
