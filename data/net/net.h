/* The client side of hoshu-net, the only part of data/net that others include.
 *
 * Jobs go in, results come out, over a socketpair with framed, length-capped messages. The child speaks to servers; it may crash, hang or be killed: every open job then
 * ends with NET_HELPER_DIED, and the next job starts a new one. Not thread-safe; never blocks after net_start. */
#ifndef DATA_NET_NET_H
#define DATA_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

enum net_job_kind {
	NET_RUN,     /* run script there by ssh, under the pinned key */
	NET_KEYSCAN, /* fetch the server's host key, authenticate nobody */
	NET_TCP,     /* connect and close */
	NET_ROUTE,   /* is there any way out of this PC to that address? */
};

enum net_stage { NET_RESOLVE, NET_CONNECT, NET_KEX, NET_HOSTKEY, NET_AUTH, NET_OPEN, NET_EXEC, NET_FEED, NET_RUNNING, NET_DONE };

enum net_outcome {
	NET_OK,
	NET_REFUSED, NET_NO_ROUTE, NET_RESET, NET_TIMED_OUT, NET_NO_NAME, NET_PROTOCOL,
	NET_KEY_UNTRUSTED, NET_KEY_CHANGED, NET_AUTH_DENIED, NET_AUTH_PARTIAL, NET_KEY_FILE,
	NET_CUT,     /* the output passed its cap */
	NET_SIGNALLED, NET_HELPER_DIED, NET_CANCELLED,
};
const char *net_outcome_name(enum net_outcome o);

struct net_job {
	enum net_job_kind kind;
	const char *host_id;        /* sessions are kept by it */
	const char *address;
	int port;
	const char *user, *key_file; /* "" key_file: the agent */
	const char *const *pins;    /* "type base64", NULL-terminated; the server must show one of them */
	const char *via;            /* host_id of an earlier job's session to go through, "" (reserved: must be "") */
	const char *script;
	size_t script_len;
	int connect_ms, run_ms;     /* deadlines; 0: the defaults of ssh-collector.md §6 */
	size_t stdout_cap, stderr_cap; /* 0: 256 KiB, 16 KiB */
};

struct net_result {
	uint64_t id;
	enum net_outcome outcome;
	enum net_stage stage;       /* where it ended */
	int exit_status;            /* -1 unknown */
	int connect_ms, total_ms;   /* connect: TCP to READY; 0 when the session was kept */
	bool reused;
	const char *text;           /* sanitised */
	const char *out, *errors;   /* as they came; out_len, errors_len */
	size_t out_len, errors_len;
	const char *key_type, *key_base64, *key_fingerprint; /* KEYSCAN, and on a changed key */
};

struct net;

/* program: the path of hoshu-net. */
int net_start(struct net **out, const char *program, struct err *err);
void net_stop(struct net *n); /* ends the child and reaps it */
/* Queues a job; 0 when it cannot be queued (then err says why). */
uint64_t net_submit(struct net *n, const struct net_job *job, struct err *err);
void net_cancel(struct net *n, uint64_t id);
/* For the caller's poll loop: the descriptor, the events wanted. */
int net_fd(const struct net *n);
short net_events(const struct net *n);
/* After poll: moves bytes, calls done for every result. */
int net_dispatch(struct net *n, void (*done)(void *ctx, const struct net_result *r), void *ctx, struct err *err);
size_t net_open_jobs(const struct net *n);

struct net_about {
	int landlock_abi;  /* 0: not there */
	bool seccomp, no_new_privs;
	char library[64];  /* ssh_version */
};
/* What the child said of itself when it started. */
const struct net_about *net_about(const struct net *n);

#endif
