/* See recorder.h. A host's run: its jobs go out together (one script, a connection for each tcp check); when all are back it is judged. A
 * host that was silent is held until witness.h can say whose silence it is. What is judged is written in batches, then tickets follow. */
#include <stdlib.h>
#include <string.h>

#include "data/collect/recorder_internal.h"

enum { MAX_IN_FLIGHT = 24 };

static void follow_tickets(struct recorder *r)
{
	if (!r->o.auto_tickets || r->o.store == NULL || !r->network_up || !r->tickets.pending)
		return;
	int opened = tickets_follow(&r->tickets, r->o.store, contract_of(r), &r->last, r->o.tr, r->now, NULL);
	if (opened < 0)
		return; /* busy: what is still so is seen again */
	r->tickets.pending = false;
	if (opened > 0 && r->o.changed != NULL)
		r->o.changed(r->o.ctx);
}

int recorder_step(struct recorder *r, int64_t now, struct err *err)
{
	size_t host;

	r->now = now;
	net_dispatch(r->net, recorder_result, r, err);
	err_clear(err);
	recorder_settle_held(r);
	while ((host = schedule_due(&r->schedule, now)) != SIZE_MAX)
		recorder_ask(r, host);
	if (r->ready.len > 0 && (r->schedule.in_flight == 0 || now > r->ready_since || now < r->ready_since))
		recorder_flush(r);
	follow_tickets(r);
	return 0;
}

/* ---- life ---- */

static void start_all(struct recorder *r, int64_t now)
{
	schedule_init(&r->schedule, contract_of(r), r->o.seed, r->o.max_in_flight > 0 ? r->o.max_in_flight : MAX_IN_FLIGHT, now);
	r->runs = mem_alloc(r->schedule.list.len + 1, sizeof *r->runs);
	for (size_t i = 0; i < r->schedule.list.len; i++)
		r->runs[i].witness.at = TIME_NONE;
}

static void stop_all(struct recorder *r)
{
	for (size_t i = 0; i < r->jobs.len; i++)
		net_cancel(r->net, r->jobs.v[i].id);
	vec_clear(&r->jobs);
	vec_clear(&r->ready);
	recorder_clear_outputs(r);
	for (size_t i = 0; i < r->schedule.list.len; i++)
		vec_release(&r->runs[i].verdicts);
	free(r->runs);
	r->runs = NULL;
	schedule_release(&r->schedule);
}

int recorder_new(struct recorder **out, const struct recorder_options *options, int64_t now, struct err *err)
{
	struct recorder *r = mem_alloc(1, sizeof *r);

	*out = NULL;
	r->o = *options;
	r->now = r->started_at = r->network_since = now;
	r->network_up = r->network_told = true;
	int rc = net_start(&r->net, options->net_program, err);
	if (rc == 0)
		rc = status_begin(options->status, err);
	if (rc == 0) {
		rc = recorder_put_event(r, "", "recorder", "start", err);
		int committed = status_commit(options->status, rc == 0 ? err : NULL);
		rc = rc != 0 ? rc : committed;
	}
	if (rc != 0) {
		net_stop(r->net);
		free(r);
		return rc;
	}
	start_all(r, now);
	recorder_after_write(r);
	*out = r;
	return 0;
}

void recorder_free(struct recorder *r)
{
	if (r == NULL)
		return;
	stop_all(r);
	net_stop(r->net);
	vec_release(&r->jobs);
	vec_release(&r->ready);
	vec_release(&r->outputs);
	check_statuses_release(&r->last);
	tickets_release(&r->tickets);
	free(r);
}

int recorder_probe(struct recorder *r, const char *host, int64_t now, struct err *err)
{
	bool found = false;

	for (size_t i = 0; i < r->schedule.list.len; i++) {
		if (host != NULL && strcmp(host_of(r, i)->id, host) != 0)
			continue;
		found = true;
		r->runs[i].wanted = true;
		schedule_force(&r->schedule, i, now);
	}
	if (!found && host != NULL)
		return ERR(err, HS_ERR_NOT_FOUND, N_("host '{1}' is not probed: it has no checks, or 'probe' is off"), host);
	return 0;
}

int recorder_only(struct recorder *r, const char *host, int64_t now, struct err *err)
{
	size_t only = schedule_find(&r->schedule, host);
	int rc = recorder_probe(r, host, now, err);

	if (rc != 0)
		return rc;
	struct schedule_host kept = r->schedule.list.v[only];
	r->schedule.list.v[0] = kept;
	r->schedule.list.len = 1;
	r->runs[0].wanted = true;
	return 0;
}

bool recorder_idle(const struct recorder *r)
{
	if (r->schedule.in_flight > 0 || r->ready.len > 0 || r->jobs.len > 0)
		return false;
	for (size_t i = 0; i < r->schedule.list.len; i++) {
		if (!r->runs[i].asked_once || r->runs[i].held || r->runs[i].wanted)
			return false;
	}
	return true;
}

void recorder_finish(struct recorder *r, int64_t now)
{
	struct err err = { 0 };

	r->now = now;
	recorder_flush(r);
	if (status_begin(r->o.status, &err) == 0) {
		recorder_put_event(r, "", "recorder", "stop", &err);
		status_commit(r->o.status, &err);
	}
}

void recorder_reload(struct recorder *r, const struct contract *contract, int64_t now)
{
	recorder_flush(r);
	stop_all(r);
	r->o.contract = contract;
	r->now = now;
	start_all(r, now);
	recorder_after_write(r);
}

int recorder_fd(const struct recorder *r)
{
	return net_fd(r->net);
}

short recorder_events(const struct recorder *r)
{
	return net_events(r->net);
}

int recorder_wait_ms(const struct recorder *r, int64_t now)
{
	int64_t next = schedule_next_at(&r->schedule), wait = -1;
	int helper = net_wait_ms(r->net);

	if (next != TIME_NONE)
		wait = next > now ? (next - now < 3600 ? (next - now) * 1000 : 3600000) : 0;
	if ((r->ready.len > 0 || r->tickets.pending) && (wait < 0 || wait > 1000))
		wait = 1000;
	if (helper >= 0 && (wait < 0 || wait > helper))
		wait = helper;
	return (int)wait;
}

bool recorder_network_up(const struct recorder *r)
{
	return r->network_up;
}

int recorder_net_pid(const struct recorder *r)
{
	return net_pid(r->net);
}
