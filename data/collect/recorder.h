/* The recorder: schedule -> hoshu-net -> core/probe -> status.db, and tickets for what is confirmed down.
 *
 * One step does what is due at now and returns; nothing in it waits and it reads no clock, so a test may step through a night in a
 * moment. The caller owns the poll loop (run.h) or the test. Only the holder of collect.lock may have one (server.h). */
#ifndef DATA_COLLECT_RECORDER_H
#define DATA_COLLECT_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/contract/contract.h"
#include "data/store/status.h"
#include "data/store/store.h"

struct recorder;

struct recorder_options {
	const struct contract *contract; /* borrowed; recorder_reload changes it */
	struct status *status;           /* open for writing; borrowed */
	struct store *store;             /* NULL: host keys are unknown and nothing is opened; borrowed */
	const char *net_program;         /* NULL: net_program() */
	bool auto_tickets;               /* this device opens tickets */
	size_t max_in_flight;            /* 0: 24 (ssh-collector.md §2) */
	uint64_t seed;                   /* of the jitter */
	msg_tr *tr;                      /* the language that tickets are titled in; NULL: English */
	/* Told after every write: what changed is on disk. May be NULL. */
	void (*changed)(void *ctx);
	/* Told when a host's run is written. May be NULL. */
	void (*probed)(void *ctx, const char *host);
	void *ctx;
};

int recorder_new(struct recorder **out, const struct recorder_options *options, int64_t now, struct err *err);
void recorder_free(struct recorder *r); /* NULL is fine; ends hoshu-net */
/* Takes what came back, starts what is due, judges, writes. Errors of one host or of a full disk are kept for the next
 * step, not returned; HS_ERR_* only when it cannot go on at all. */
int recorder_step(struct recorder *r, int64_t now, struct err *err);
/* Asks a host now; HS_ERR_NOT_FOUND. NULL: all. */
int recorder_probe(struct recorder *r, const char *host, int64_t now, struct err *err);
/* Asks this host alone, and no other ever. HS_ERR_NOT_FOUND. */
int recorder_only(struct recorder *r, const char *host, int64_t now, struct err *err);
/* Nothing being asked, held back or unwritten, and every host asked at least once. */
bool recorder_idle(const struct recorder *r);
/* Writes the last word and the recorder's end. */
void recorder_finish(struct recorder *r, int64_t now);
/* The contract changed: what is under way is dropped and everything is asked anew. */
void recorder_reload(struct recorder *r, const struct contract *contract, int64_t now);

/* For the poll loop. */
int recorder_fd(const struct recorder *r);
short recorder_events(const struct recorder *r);
/* Milliseconds until recorder_step wants to be called, counted from now; -1: when the descriptor says so. */
int recorder_wait_ms(const struct recorder *r, int64_t now);

/* Whether our own network is up, as far as is known. */
bool recorder_network_up(const struct recorder *r);
/* Pid of hoshu-net, for tests: 0 when none runs. */
int recorder_net_pid(const struct recorder *r);

#endif
