/* See recorder.h. A host's run: its jobs go out together (one script, a connection for each tcp check); when all are back it is judged. A
 * host that was silent is held until witness.h can say whose silence it is. What is judged is written in batches, then tickets follow. */
#include "data/collect/recorder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "core/base/strbuf.h"
#include "data/collect/schedule.h"
#include "data/collect/tickets.h"
#include "data/collect/witness.h"
#include "data/net/net.h"

enum {
	MAX_IN_FLIGHT = 24,
	HOLD_MAX_S = 90,     /* witnesses answer within their own deadlines; this is for a helper that never does */
	DEATHS_MAX = 3,      /* of hoshu-net under one host's jobs before the host itself is shown as unknown */
	READY_MAX = 20000,   /* verdicts kept while status.db cannot be written */
	FAILURES_DEFAULT = 3,
};

/* What a job is for, where it is not a check's tcp. */
enum { JOB_RUN = -1, JOB_ROUTE = -2 };

struct open_job {
	uint64_t id;
	size_t host;
	long what; /* index of a check, or JOB_* */
};

struct ready {
	size_t check;
	struct probe_verdict verdict;
	int64_t at;
};

struct output {
	size_t host;
	int64_t at;
	struct strbuf bytes;
};

enum route { ROUTE_UNASKED, ROUTE_ASKED, ROUTE_THERE, ROUTE_NONE };

struct run {
	char nonce[33];
	size_t open;
	int64_t began, held_at;
	bool alive, silent, died, retried, held, wanted, asked_once;
	bool known_down;     /* confirmed, as of the last write */
	enum route route;
	int deaths;
	VEC(struct ready) verdicts;
	struct witness witness;
};

struct recorder {
	struct recorder_options o;
	struct net *net;
	struct schedule schedule;
	struct run *runs;    /* one a host of the schedule */
	VEC(struct open_job) jobs;
	VEC(struct ready) ready;
	VEC(struct output) outputs;
	int64_t now, ready_since, started_at, network_since;
	bool network_up, network_told, untold;
	struct check_statuses last; /* as of the last write, for what changed */
	struct tickets tickets;
};

static const struct contract *contract_of(const struct recorder *r)
{
	return r->o.contract;
}

static const struct host *host_of(const struct recorder *r, size_t host)
{
	return r->schedule.list.v[host].host;
}

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

static void say_text(struct recorder *r, const char *msgid, char *out, size_t size)
{
	const char *text = r->o.tr != NULL ? r->o.tr(msgid) : msgid;
	size_t len = strlen(text) < size ? strlen(text) : size - 1;

	while (len < strlen(text) && len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memcpy(out, text, len);
	out[len] = '\0';
}

static void unknown(struct probe_verdict *v, enum probe_reason reason)
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

	unknown(v, own ? reason : REASON_HOST);
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
			unknown(&v, REASON_TIMEOUT);
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

static void host_done(struct recorder *r, size_t host);

static void start_host(struct recorder *r, size_t host)
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
		host_done(r, host);
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

static void on_result(void *ctx, const struct net_result *res)
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
		host_done(r, job.host);
}

/* ---- settling ---- */

static void set_network(struct recorder *r, bool up)
{
	if (r->network_up == up)
		return;
	r->network_up = up;
	r->network_since = r->now;
	r->network_told = false;
}

/* Hands the run's verdicts over to be written, and lets the host wait for its next turn. */
static void settle(struct recorder *r, size_t host, bool ours)
{
	struct run *run = &r->runs[host];

	for (size_t i = 0; i < run->verdicts.len; i++) {
		struct ready *item = &run->verdicts.v[i];
		if (ours && item->verdict.state != PROBE_UP && item->verdict.state != PROBE_WARN) {
			unknown(&item->verdict, REASON_OWN_NETWORK);
			item->verdict.state = PROBE_UNREACH;
			say_text(r, probe_reason_title(REASON_OWN_NETWORK), item->verdict.text, sizeof item->verdict.text);
		}
		if (r->ready.len == 0)
			r->ready_since = r->now;
		if (r->ready.len < READY_MAX)
			vec_push(&r->ready, *item);
	}
	if (run->alive)
		set_network(r, true);
	else if (ours)
		set_network(r, false);
	run->held = false;
	run->asked_once = true;
	vec_clear(&run->verdicts);
	schedule_finish(&r->schedule, host, run->alive, run->known_down, r->now);
}

static void host_done(struct recorder *r, size_t host)
{
	struct run *run = &r->runs[host];

	if (run->died && run->deaths < DEATHS_MAX) {
		/* Our helper's end is not the server's: ask again, with a new helper. */
		run->deaths++;
		vec_clear(&run->verdicts);
		schedule_finish(&r->schedule, host, true, false, r->now);
		r->schedule.list.v[host].next_at = r->now + run->deaths;
		return;
	}
	run->deaths = 0;
	if (run->alive || run->silent)
		run->witness = (struct witness){ run->alive ? EVIDENCE_ALIVE : EVIDENCE_SILENT, r->now, run->known_down };
	if (run->alive || !run->silent) {
		settle(r, host, false);
		return;
	}
	run->held = true;
	run->held_at = r->now;
}

static void ask_route(struct recorder *r, size_t host)
{
	const struct host *h = host_of(r, host);
	struct net_job job = { .kind = NET_ROUTE, .host_id = h->id, .address = h->address, .port = h->port > 0 ? h->port : 22,
			       .user = "", .key_file = "", .via = "", .script = "" };
	uint64_t id = net_submit(r->net, &job, NULL);

	r->runs[host].route = id != 0 ? ROUTE_ASKED : ROUTE_THERE;
	if (id != 0)
		open_job(r, host, JOB_ROUTE, id);
}

/* Decides about the silent ones as far as it can be decided now. */
static void settle_held(struct recorder *r)
{
	size_t count = r->schedule.list.len;
	struct witness *all = mem_alloc(count + 1, sizeof *all);

	for (size_t i = 0; i < count; i++)
		all[i] = r->runs[i].witness;
	for (size_t i = 0; i < count; i++) {
		struct run *run = &r->runs[i];
		size_t ask[WITNESSES_ASKED], asked;
		if (!run->held)
			continue;
		if (run->route == ROUTE_UNASKED)
			ask_route(r, i);
		if (run->route == ROUTE_ASKED && r->now - run->held_at <= HOLD_MAX_S)
			continue;
		enum witness_verdict verdict = run->route == ROUTE_NONE
			? WITNESS_OURS : witness_judge(all, count, i, run->began, ask, &asked);
		if (verdict == WITNESS_WAIT && r->now - run->held_at <= HOLD_MAX_S) {
			for (size_t k = 0; k < asked; k++)
				schedule_force(&r->schedule, ask[k], r->now);
			continue;
		}
		settle(r, i, verdict == WITNESS_OURS);
	}
	free(all);
}

/* ---- writing ---- */

static const struct check_status *last_status(const struct recorder *r, const char *check)
{
	for (size_t i = 0; i < r->last.list.len; i++) {
		if (strcmp(r->last.list.v[i].check, check) == 0)
			return &r->last.list.v[i];
	}
	return NULL;
}

static int put_event(struct recorder *r, const char *check, const char *kind, const char *text, struct err *err)
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
		rc = put_event(r, now->check, "state", strbuf_text(&text), err);
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
		rc = put_event(r, "", "network", r->network_up ? "up" : "down", err);
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
						.failures_needed = check->failures > 0 ? check->failures : FAILURES_DEFAULT };
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

static void clear_outputs(struct recorder *r)
{
	for (size_t i = 0; i < r->outputs.len; i++)
		strbuf_release(&r->outputs.v[i].bytes);
	vec_clear(&r->outputs);
}

/* What is known now, for the next back-off, the next witness, and tickets. */
static void after_write(struct recorder *r)
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

static void flush(struct recorder *r)
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
	clear_outputs(r);
	after_write(r);
	r->tickets.pending = true;
	tell(r);
}

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
	net_dispatch(r->net, on_result, r, err);
	err_clear(err);
	settle_held(r);
	while ((host = schedule_due(&r->schedule, now)) != SIZE_MAX)
		start_host(r, host);
	if (r->ready.len > 0 && (r->schedule.in_flight == 0 || now > r->ready_since || now < r->ready_since))
		flush(r);
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
	clear_outputs(r);
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
		rc = put_event(r, "", "recorder", "start", err);
		int committed = status_commit(options->status, rc == 0 ? err : NULL);
		rc = rc != 0 ? rc : committed;
	}
	if (rc != 0) {
		net_stop(r->net);
		free(r);
		return rc;
	}
	start_all(r, now);
	after_write(r);
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
	flush(r);
	if (status_begin(r->o.status, &err) == 0) {
		put_event(r, "", "recorder", "stop", &err);
		status_commit(r->o.status, &err);
	}
}

void recorder_reload(struct recorder *r, const struct contract *contract, int64_t now)
{
	flush(r);
	stop_all(r);
	r->o.contract = contract;
	r->now = now;
	start_all(r, now);
	after_write(r);
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
