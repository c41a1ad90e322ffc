/* Asking a host: one script for all its checks, a connection for each tcp check; and what comes back as verdicts. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "data/collect/recorder_internal.h"

/* ---- what a result means ---- */

static enum evidence evidence_of(const struct net_result *res)
{
	switch (res->outcome) {
	case NET_TIMED_OUT:
		return res->stage <= NET_CONNECT ? EVIDENCE_SILENT : EVIDENCE_ALIVE;
	case NET_NO_ROUTE:
	case NET_NO_NAME:
		return EVIDENCE_SILENT;
	case NET_HELPER_DIED:
	case NET_CANCELLED:
	case NET_KEY_FILE:
		return EVIDENCE_NONE;
	default:
		return EVIDENCE_ALIVE;
	}
}

/* Why the way to the server failed; REASON_NONE when the server was reached and let us in, whatever the script did then. */
static enum probe_reason reason_of(const struct net_result *res)
{
	switch (res->outcome) {
	case NET_OK:
	case NET_CUT:
	case NET_SIGNALLED:
		return REASON_NONE;
	case NET_TIMED_OUT:
		return res->stage >= NET_RUNNING ? REASON_NONE : REASON_TIMEOUT;
	case NET_NO_NAME:
		return REASON_RESOLVE;
	case NET_PROTOCOL:
		return REASON_PROTOCOL;
	case NET_KEY_UNTRUSTED:
		return REASON_KEY_UNTRUSTED;
	case NET_KEY_CHANGED:
		return REASON_KEY_CHANGED;
	case NET_AUTH_DENIED:
	case NET_AUTH_PARTIAL:
	case NET_KEY_FILE:
		return REASON_AUTH;
	case NET_HELPER_DIED:
	case NET_CANCELLED:
		return REASON_OUTPUT;
	default:
		return REASON_NO_ANSWER;
	}
}

void verdict_unknown(struct probe_verdict *v, enum probe_reason reason)
{
	memset(v, 0, sizeof *v);
	v->state = PROBE_UNKNOWN;
	v->reason = reason;
	v->response_ms = v->value = TIME_NONE;
}

static void keep(struct run *run, size_t check, const struct probe_verdict *v, int64_t at)
{
	struct ready item = { .check = check, .verdict = *v, .at = at };

	vec_push(&run->verdicts, item);
}

/* A shell check of a host that gave no answer to read: a key or a log-in keeps its own name, so that it is seen everywhere. */
static void judge_unasked(enum probe_reason reason, struct probe_verdict *v)
{
	bool own = reason == REASON_KEY_CHANGED || reason == REASON_KEY_UNTRUSTED || reason == REASON_AUTH ||
		   reason == REASON_TIMEOUT;

	verdict_unknown(v, own ? reason : REASON_HOST);
}

static void judge_run(struct recorder *r, size_t host, const struct net_result *res)
{
	const struct contract *c = contract_of(r);
	struct run *run = &r->runs[host];
	enum probe_reason reason = reason_of(res);
	bool answered = res->outcome == NET_OK || res->outcome == NET_CUT;

	for (size_t i = 0; i < c->check_count; i++) {
		const struct probe_kind *kind = probe_kind_find(c->checks[i].kind);
		struct probe_verdict v;
		if (strcmp(c->checks[i].host, host_of(r, host)->id) != 0 || kind == NULL || strcmp(kind->name, "tcp") == 0)
			continue;
		if (!kind->needs_shell)
			probe_judge_link(&c->checks[i], reason, res->total_ms, res->text, &v);
		else if (answered)
			probe_judge(&c->checks[i], res->out, res->out_len, run->nonce, r->now, &v);
		else if (reason == REASON_NONE)
			verdict_unknown(&v, REASON_TIMEOUT);
		else
			judge_unasked(reason == REASON_TIMEOUT ? REASON_HOST : reason, &v);
		keep(run, i, &v, r->now);
	}
}

static void keep_output(struct recorder *r, size_t host, const struct net_result *res)
{
	struct output *out = vec_add(&r->outputs);

	out->host = host;
	out->at = r->now;
	strbuf_addf(&out->bytes, "%s: %s", net_outcome_name(res->outcome), res->text);
	strbuf_addf(&out->bytes, " (exit %d, connect %d ms, total %d ms%s)\n", res->exit_status, res->connect_ms,
		    res->total_ms, res->reused ? ", session kept" : "");
	strbuf_add(&out->bytes, res->out, res->out_len);
	if (res->errors_len > 0) {
		strbuf_add_text(&out->bytes, "-- stderr --\n");
		strbuf_add(&out->bytes, res->errors, res->errors_len);
	}
}

/* ---- starting ---- */

static void open_job(struct recorder *r, size_t host, long what, uint64_t id)
{
	struct open_job job = { .id = id, .host = host, .what = what };

	vec_push(&r->jobs, job);
	r->runs[host].open++;
}

/* The keys that a person confirmed for host, in mem; NULL when they cannot be read now. */
static const char *const *pins_of(struct recorder *r, const char *host, struct arena *mem)
{
	struct rows rows = { 0 };
	size_t used = 0;

	if (r->o.store == NULL)
		return arena_alloc(mem, sizeof(char *));
	if (store_rows(r->o.store, TABLE_host_key, COLUMN(host_key, host), host, &rows, NULL) != 0)
		return NULL;
	const char **pins = arena_alloc(mem, (rows.len + 1) * sizeof *pins);
	for (size_t i = 0; i < rows.len; i++) {
		const struct host_key *key = &ROWS(host_key, &rows)[i];
		struct strbuf pin = { 0 };
		if (key->revoked_at != TIME_NONE)
			continue;
		strbuf_addf(&pin, "%s %s", key->type, key->key);
		pins[used++] = arena_text(mem, strbuf_text(&pin));
		strbuf_release(&pin);
	}
	rows_release(&rows);
	return pins;
}

static void new_nonce(char nonce[33])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t bytes[16];

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		abort();
	for (size_t i = 0; i < sizeof bytes; i++) {
		nonce[2 * i] = hex[bytes[i] >> 4];
		nonce[2 * i + 1] = hex[bytes[i] & 15];
	}
	nonce[32] = '\0';
}

/* Whether a host's checks want its shell or its ssh at all. */
static bool wants_run(const struct contract *c, const struct host *h)
{
	for (size_t i = 0; i < c->check_count; i++) {
		if (strcmp(c->checks[i].host, h->id) == 0 && strcmp(c->checks[i].kind, "tcp") != 0)
			return true;
	}
	return false;
}

/* A job that could not even be queued says why in every verdict that hangs on it. */
static void refused(struct recorder *r, size_t host, long what, const struct err *err)
{
	struct net_result res = { .outcome = NET_CANCELLED, .exit_status = -1, .out = "", .errors = "" };
	struct strbuf text = { 0 };
	struct probe_verdict v;

	err_format(err, r->o.tr, &text);
	res.text = strbuf_text(&text);
	if (what == JOB_RUN) {
		judge_run(r, host, &res);
	} else {
		probe_judge_link(&contract_of(r)->checks[what], REASON_OUTPUT, TIME_NONE, res.text, &v);
		keep(&r->runs[host], (size_t)what, &v, r->now);
	}
	strbuf_release(&text);
}

static bool submit_run(struct recorder *r, size_t host)
{
	const struct host *h = host_of(r, host);
	struct strbuf script = { 0 };
	struct arena mem = { 0 };
	struct err err = { 0 };
	const char *const *pins = pins_of(r, h->id, &mem);

	if (pins != NULL) {
		new_nonce(r->runs[host].nonce);
		probe_script(contract_of(r), h, r->runs[host].nonce, &script);
		struct net_job job = { .kind = NET_RUN, .host_id = h->id, .address = h->address, .port = h->port > 0 ? h->port : 22,
				       .user = h->user, .key_file = h->key_file, .pins = pins, .via = h->via,
				       .script = script.buf, .script_len = script.len };
		uint64_t id = net_submit(r->net, &job, &err);
		if (id != 0)
			open_job(r, host, JOB_RUN, id);
		else
			refused(r, host, JOB_RUN, &err);
	}
	strbuf_release(&script);
	arena_release(&mem);
	return pins != NULL;
}

static void submit_tcp(struct recorder *r, size_t host, size_t check)
{
	const struct host *h = host_of(r, host);
	struct err err = { 0 };
	struct net_job job = { .kind = NET_TCP, .host_id = h->id, .address = h->address,
			       .port = contract_of(r)->checks[check].port, .user = "", .key_file = "", .via = "", .script = "" };
	uint64_t id = net_submit(r->net, &job, &err);

	if (id != 0)
		open_job(r, host, (long)check, id);
	else
		refused(r, host, (long)check, &err);
}

void recorder_ask(struct recorder *r, size_t host)
{
	const struct contract *c = contract_of(r);
	struct run *run = &r->runs[host];

	schedule_start(&r->schedule, host, r->now);
	run->began = r->now;
	run->alive = run->silent = run->died = run->retried = run->held = false;
	run->route = ROUTE_UNASKED;
	vec_clear(&run->verdicts);
	if (wants_run(c, host_of(r, host)) && !submit_run(r, host)) {
		/* The keys cannot be read while somebody writes: a moment later. */
		schedule_finish(&r->schedule, host, true, false, r->now);
		r->schedule.list.v[host].next_at = r->now + 1;
		return;
	}
	for (size_t i = 0; i < c->check_count; i++) {
		if (strcmp(c->checks[i].host, host_of(r, host)->id) == 0 && strcmp(c->checks[i].kind, "tcp") == 0)
			submit_tcp(r, host, i);
	}
	if (run->open == 0)
		recorder_host_done(r, host);
}

/* ---- results ---- */

static bool open_take(struct recorder *r, uint64_t id, struct open_job *out)
{
	for (size_t i = 0; i < r->jobs.len; i++) {
		if (r->jobs.v[i].id == id) {
			*out = r->jobs.v[i];
			r->jobs.v[i] = r->jobs.v[--r->jobs.len];
			return true;
		}
	}
	return false;
}

void recorder_result(void *ctx, const struct net_result *res)
{
	struct recorder *r = ctx;
	struct open_job job;
	struct probe_verdict v;

	if (!open_take(r, res->id, &job))
		return;
	struct run *run = &r->runs[job.host];
	run->open--;
	if (job.what == JOB_ROUTE) {
		run->route = res->outcome == NET_NO_ROUTE ? ROUTE_NONE : ROUTE_THERE;
		return;
	}
	/* A kept session may have died while this PC slept: that says nothing of the server yet. */
	bool stale = res->reused && (res->outcome == NET_RESET || res->outcome == NET_TIMED_OUT) && !run->retried;
	if (job.what == JOB_RUN && stale) {
		run->retried = true;
		if (submit_run(r, job.host))
			return;
	}
	enum evidence evidence = evidence_of(res);
	run->alive = run->alive || evidence == EVIDENCE_ALIVE;
	run->silent = run->silent || evidence == EVIDENCE_SILENT;
	run->died = run->died || res->outcome == NET_HELPER_DIED;
	if (job.what == JOB_RUN) {
		judge_run(r, job.host, res);
		keep_output(r, job.host, res);
	} else {
		probe_judge_link(&contract_of(r)->checks[job.what], reason_of(res), res->total_ms, res->text, &v);
		keep(run, (size_t)job.what, &v, r->now);
	}
	if (run->open == 0)
		recorder_host_done(r, job.host);
}

void recorder_ask_route(struct recorder *r, size_t host)
{
	const struct host *h = host_of(r, host);
	struct net_job job = { .kind = NET_ROUTE, .host_id = h->id, .address = h->address, .port = h->port > 0 ? h->port : 22,
			       .user = "", .key_file = "", .via = "", .script = "" };
	uint64_t id = net_submit(r->net, &job, NULL);

	r->runs[host].route = id != 0 ? ROUTE_ASKED : ROUTE_THERE;
	if (id != 0)
		open_job(r, host, JOB_ROUTE, id);
}
