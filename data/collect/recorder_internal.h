/* What the files of the recorder share: its state, and the way of a host's run through them: ask.c -> settle.c -> write.c. */
#ifndef DATA_COLLECT_RECORDER_INTERNAL_H
#define DATA_COLLECT_RECORDER_INTERNAL_H

#include "core/base/strbuf.h"
#include "data/collect/recorder.h"
#include "data/collect/schedule.h"
#include "data/collect/tickets.h"
#include "data/collect/witness.h"
#include "data/net/net.h"

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

static inline const struct contract *contract_of(const struct recorder *r)
{
	return r->o.contract;
}

static inline const struct host *host_of(const struct recorder *r, size_t host)
{
	return r->schedule.list.v[host].host;
}

/* ask.c: sends a host's jobs; takes a job's result (for net_dispatch); asks whether there is a way to host at all. */
void recorder_ask(struct recorder *r, size_t host);
void recorder_result(void *ctx, const struct net_result *res);
void recorder_ask_route(struct recorder *r, size_t host);
/* A verdict of "unknown" without value, and of what reason. */
void verdict_unknown(struct probe_verdict *v, enum probe_reason reason);

/* settle.c: all jobs of host are back; decides about the silent ones as far as it can be decided now. */
void recorder_host_done(struct recorder *r, size_t host);
void recorder_settle_held(struct recorder *r);

/* write.c: one transaction with everything that is ready; one event. */
void recorder_flush(struct recorder *r);
void recorder_after_write(struct recorder *r);
void recorder_clear_outputs(struct recorder *r);
int recorder_put_event(struct recorder *r, const char *check, const char *kind, const char *text, struct err *err);

#endif
