/* What is ready goes into status.db in one transaction; what fails to be written stays ready. */
#include <string.h>

#include "data/collect/recorder_internal.h"

enum { FAILURES_DEFAULT = 3 };

/* ---- writing ---- */

static const struct check_status *last_status(const struct recorder *r, const char *check)
{
	for (size_t i = 0; i < r->last.list.len; i++) {
		if (strcmp(r->last.list.v[i].check, check) == 0)
			return &r->last.list.v[i];
	}
	return NULL;
}

int recorder_put_event(struct recorder *r, const char *check, const char *kind, const char *text, struct err *err)
{
	struct status_event event = { .at = r->now, .check = check, .kind = kind, .text = text };

	return status_put_event(r->o.status, &event, err);
}

/* "up down timeout": from, to and why, in names that any language can show. A check that flaps says so once, not every time. */
static int put_change(struct recorder *r, const struct status_result *now, struct err *err)
{
	const struct check_status *before = last_status(r, now->check);
	struct strbuf text = { 0 };
	int rc = 0;

	if (before != NULL && (before->state == now->verdict.state || before->flapping))
		return 0;
	strbuf_addf(&text, "%s %s %s", probe_state_name(before != NULL ? before->state : PROBE_NEVER),
		    probe_state_name(now->verdict.state), probe_reason_name(now->verdict.reason));
	if (before != NULL || now->verdict.state != PROBE_UP)
		rc = recorder_put_event(r, now->check, "state", strbuf_text(&text), err);
	strbuf_release(&text);
	return rc;
}

static int write_recorder(struct recorder *r, struct err *err)
{
	struct recorder_status word = { .cycle_at = r->now, .started_at = r->started_at,
					.next_at = schedule_next_at(&r->schedule), .network_up = r->network_up,
					.network_since = r->network_since };
	int rc = status_put_recorder(r->o.status, &word, err);

	if (rc == 0 && !r->network_told)
		rc = recorder_put_event(r, "", "network", r->network_up ? "up" : "down", err);
	return rc;
}

static int write_results(struct recorder *r, struct err *err)
{
	const struct contract *c = contract_of(r);
	int rc = 0;

	for (size_t i = 0; i < r->ready.len && rc == 0; i++) {
		const struct check *check = &c->checks[r->ready.v[i].check];
		struct status_result result = { .check = check->id, .host = check->host, .verdict = r->ready.v[i].verdict,
						.at = r->ready.v[i].at,
						.failures_needed = check->failures > 0 ? check->failures : FAILURES_DEFAULT,
						.interval_s = check->interval_s > 0 ? check->interval_s : c->interval_s };
		rc = put_change(r, &result, err);
		if (rc == 0)
			rc = status_record(r->o.status, &result, err);
	}
	for (size_t i = 0; i < r->outputs.len && rc == 0; i++) {
		struct output *out = &r->outputs.v[i];
		rc = status_put_output(r->o.status, host_of(r, out->host)->id, out->at, strbuf_text(&out->bytes),
				       out->bytes.len, err);
	}
	return rc;
}

void recorder_clear_outputs(struct recorder *r)
{
	for (size_t i = 0; i < r->outputs.len; i++)
		strbuf_release(&r->outputs.v[i].bytes);
	vec_clear(&r->outputs);
}

/* What is known now, for the next back-off, the next witness, and tickets. */
void recorder_after_write(struct recorder *r)
{
	struct err err = { 0 };

	check_statuses_release(&r->last);
	if (status_checks(r->o.status, &r->last, &err) != 0)
		return;
	for (size_t i = 0; i < r->schedule.list.len; i++)
		r->runs[i].known_down = false;
	for (size_t i = 0; i < r->last.list.len; i++) {
		const struct check_status *s = &r->last.list.v[i];
		const struct check *check = contract_check_by_id(contract_of(r), s->check);
		size_t host = check != NULL ? schedule_find(&r->schedule, check->host) : SIZE_MAX;
		if (host != SIZE_MAX && s->state == PROBE_DOWN && s->confirmed &&
		    (strcmp(check->kind, "ssh") == 0 || strcmp(check->kind, "tcp") == 0))
			r->runs[host].known_down = true;
	}
}

static void tell(struct recorder *r)
{
	if (r->o.changed != NULL)
		r->o.changed(r->o.ctx);
	for (size_t i = 0; i < r->schedule.list.len; i++) {
		struct run *run = &r->runs[i];
		if (!run->wanted || run->open > 0 || run->held || r->schedule.list.v[i].started_at != TIME_NONE ||
		    !run->asked_once || r->schedule.list.v[i].next_at <= r->now)
			continue;
		run->wanted = false;
		if (r->o.probed != NULL)
			r->o.probed(r->o.ctx, host_of(r, i)->id);
	}
}

void recorder_flush(struct recorder *r)
{
	struct err err = { 0 };

	if (r->ready.len == 0 && r->outputs.len == 0 && r->network_told)
		return;
	if (status_begin(r->o.status, &err) != 0)
		return; /* somebody else's backup, a full disk: kept for the next step */
	int rc = write_results(r, &err);
	if (rc == 0)
		rc = write_recorder(r, &err);
	/* A commit that failed leaves all as it was: the batch stays and is tried again. */
	if (status_commit(r->o.status, &err) != 0 || rc != 0)
		return;
	r->network_told = true;
	vec_clear(&r->ready);
	recorder_clear_outputs(r);
	recorder_after_write(r);
	r->tickets.pending = true;
	/* one that fails is tried again within the hour; 'hoshu check' says how old the newest is */
	status_backup_when_due(r->o.status, r->now, NULL, NULL);
	tell(r);
}
