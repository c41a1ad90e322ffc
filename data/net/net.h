/* The client side of hoshu-net, the only part of data/net that others include.
 *
 * Jobs go in, results come out, over a socketpair with framed, length-capped messages. The child speaks to
 * servers; it may crash, hang or be killed: every open job then ends with NET_HELPER_DIED, and the next job
 * starts a new one. Not thread-safe; never blocks after net_start. */
#ifndef DATA_NET_NET_H
#define DATA_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/mem.h"

enum net_job_kind {
	NET_RUN,     /* run script there by ssh, under the pinned key */
	NET_KEYSCAN, /* fetch the server's host key, authenticate nobody */
	NET_TCP,     /* connect and close */
	NET_ROUTE,   /* is there any way out of this PC to that address? */
};

enum net_stage {
	NET_RESOLVE,
	NET_CONNECT,
	NET_KEX,
	NET_HOSTKEY,
	NET_AUTH,
	NET_OPEN,
	NET_EXEC,
	NET_FEED,
	NET_RUNNING,
	NET_DONE
};
enum { NET_STAGES = NET_DONE };
/* "connect", "kex" …: for --json and logs. */
const char *net_stage_name(enum net_stage s);

enum net_outcome {
	NET_OK,
	NET_REFUSED,
	NET_NO_ROUTE,
	NET_RESET,
	NET_TIMED_OUT,
	NET_NO_NAME,
	NET_PROTOCOL,
	NET_KEY_UNTRUSTED,
	NET_KEY_CHANGED,
	NET_AUTH_DENIED,
	NET_AUTH_PARTIAL,
	NET_KEY_FILE,
	NET_CUT, /* the output passed its cap */
	NET_SIGNALLED,
	NET_HELPER_DIED,
	NET_CANCELLED,
};
const char *net_outcome_name(enum net_outcome o);
/* The sentence for people: a msgid. */
const char *net_outcome_text(enum net_outcome o);

struct net_job {
	enum net_job_kind kind;
	const char *host_id; /* sessions are kept by it */
	const char *address;
	int port;
	const char *user;        /* [A-Za-z0-9._-] */
	const char *key_file;    /* "": the agent; a .pub file: only that key of the agent; ~/ is HOME */
	const char *const *pins; /* "type base64", NULL-terminated; the server must show one of them */
	const char *via; /* host_id of an earlier job's session to go through, "" (reserved: must be "") */
	const char *script;
	size_t script_len;
	int connect_ms; /* all from the look-up to READY; 0: only the stages' limits (5, 5, 10, 10 s) */
	int run_ms;     /* of the command; 0: 60 s */
	size_t stdout_cap, stderr_cap; /* 0: 256 KiB, 16 KiB; at most 8 MiB, 1 MiB */
};

struct net_result {
	uint64_t id;
	enum net_outcome outcome;
	enum net_stage stage;     /* where it ended */
	int exit_status;          /* -1 unknown */
	int connect_ms, total_ms; /* connect: TCP to READY; 0 when the session was kept */
	bool reused;
	bool held;                /* a process left behind held the output open; it was cut loose after 2 s */
	int stage_ms[NET_STAGES]; /* time spent in each stage */
	const char *text;         /* sanitised, one line; our own sentences are msgids */
	const char *out, *errors; /* as they came; out_len, errors_len */
	size_t out_len, errors_len;
	const char *key_type, *key_base64, *key_fingerprint; /* KEYSCAN, and on a changed key */
};

struct net;

/* program: the path of hoshu-net; NULL: net_program(). */
int net_start(struct net **out, const char *program, struct err *err);
/* Where hoshu-net is: $HOSHU_NET, else as installed. Borrowed. */
const char *net_program(void);
void net_stop(struct net *n); /* ends the child and reaps it; open jobs get no result */
/* Queues a copy of job; 0 when it cannot be queued (then err says why). Starts a new child when the last one
 * ended. */
uint64_t net_submit(struct net *n, const struct net_job *job, struct err *err);
/* The job ends as NET_CANCELLED, or as what it was when that is under way already. */
void net_cancel(struct net *n, uint64_t id);
/* For the caller's poll loop: the descriptor (-1 while no child lives; poll ignores it), the events wanted,
 * and the longest wait in ms before net_dispatch must be called (-1: none), so that a hung child is noticed.
 */
int net_fd(const struct net *n);
short net_events(const struct net *n);
int net_wait_ms(const struct net *n);
/* After poll: moves bytes, calls done for every result. done may submit and cancel, not stop. Returns 0, or
 * HS_ERR_NET when the child died and its jobs were ended. */
int net_dispatch(struct net *n, void (*done)(void *ctx, const struct net_result *r), void *ctx,
		 struct err *err);
size_t net_open_jobs(const struct net *n);

struct net_about {
	int landlock_abi; /* 0: not there */
	bool seccomp, no_new_privs;
	char library[64]; /* ssh_version */
};
/* What the child said of itself when it started; zeroed until it did. */
const struct net_about *net_about(const struct net *n);
/* The child, for tests: 0 when none lives. */
int net_pid(const struct net *n);

/* One job, waited for: for verbs of the shell. The child lives only as long. limit_ms: how long at most,
 * whatever the job's own limits. The result's texts live in mem. 0, or why no result came; a server that
 * fails is a result. */
int net_once(const struct net_job *job, int limit_ms, struct arena *mem, struct net_result *out,
	     struct err *err);

#endif
