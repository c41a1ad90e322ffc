/* A link: the connection to one host and the one work that it does now.
 *
 * IDLE -> PREPARE -> TCP -> KEX -> AUTH -> OPEN -> EXEC -> FEED -> RUN -> CLOSE -> READY, and from everywhere
 * back to IDLE. A link is moved only by its descriptor, by an answer of the aide, by its deadline, or by a
 * start. In every state but IDLE there is a deadline. */
#ifndef DATA_NET_LINK_H
#define DATA_NET_LINK_H

#include <libssh/callbacks.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/strbuf.h"
#include "data/net/net.h"
#include "data/net/netd.h"
#include "data/net/wall.h"

enum link_state {
	LINK_IDLE,
	LINK_PAUSE,   /* a server that is flooded with handshakes hung up: again in a moment */
	LINK_PREPARE, /* waits for the aide: name, key, agent */
	LINK_TCP,
	LINK_KEX,
	LINK_AUTH,
	LINK_READY, /* kept, no work */
	LINK_OPEN,
	LINK_EXEC,
	LINK_FEED,
	LINK_RUN,
	LINK_STOP,  /* the result is out; TERM was sent */
	LINK_CLOSE, /* the result is out; the channel closes */
};

struct link {
	struct netd *d;
	char *identity; /* what makes two works share a session; NULL: serves one work only */
	enum link_state state;
	struct work *work;
	int64_t deadline;

	/* getting connected */
	uint64_t name_token, key_token, agent_token, connect_token;
	int agent_fd; /* our end, until libssh has it; -1 */
	bool agent_ready, agent_given;
	char *addresses;     /* each ended by NUL, the list by another */
	const char *address; /* the one being tried */
	ssh_key key;
	int fd; /* connecting, until the wall owns it; -1 */
	struct wall wall;
	bool any_type; /* the pinned type is no longer offered: fetch what is */
	int resets;
	bool no_reuse; /* the server gives one channel a connection */
	int64_t ready_at, used_at, heard_at;
	uint64_t heard_bytes;

	/* this work */
	int64_t started_at, limit_at, stage_at;
	enum net_stage stage;
	int stage_ms[NET_STAGES];
	int connect_ms;
	bool reused, tried_again;
	struct wall_key shown;

	/* the channel */
	ssh_channel channel;
	struct ssh_channel_callbacks_struct callbacks;
	struct strbuf out, errors;
	size_t fed;
	uint64_t raw_before;
	bool cut, closed, exited, killed;
	int exit_status;
	char exit_signal[32];
};

struct link *link_new(struct netd *d);
void link_free(struct link *l);
/* What works that may share a session have in common. */
char *link_identity(const struct net_job *job);
bool link_connecting(const struct link *l);
/* l is IDLE or READY. */
void link_start(struct link *l, struct work *owned_work);
/* Looks whether a is for l; takes its descriptor over (then a->fd is -1). */
void link_answer(struct link *l, struct aide_answer *a);
/* The descriptor is ready. */
void link_wake(struct link *l);
void link_expire(struct link *l);
void link_cancel(struct link *l);
/* -1 when nothing is to be waited for. */
int link_fd(const struct link *l, short *events);
/* Ends session and connection; the work, if any, must have ended. */
void link_drop(struct link *l);

/* Between link.c, login.c and run.c. */
void link_stage(struct link *l, enum net_stage stage);
/* Sends the result; the link has no work then. text may be foreign. */
void link_result(struct link *l, enum net_outcome outcome, const char *text);
/* The result, and the connection ends. */
void link_fail(struct link *l, enum net_outcome outcome, const char *text);
/* The same, in libssh's words. */
void link_fail_by_error(struct link *l, enum net_outcome outcome);
void link_reconnect(struct link *l);
void link_rest(struct link *l); /* to READY or, where nothing may be kept, IDLE */
int64_t link_limit(const struct link *l, int64_t ms);
/* One step of KEX, of AUTH; true when another may follow at once. */
bool login_kex(struct link *l);
bool login_auth(struct link *l);
/* Opens a channel for the work on a session that is logged in. */
void run_begin(struct link *l);
/* One step of OPEN … CLOSE; true when another may follow at once. */
bool run_step(struct link *l);
void run_expire(struct link *l);
void run_cancel(struct link *l);
void run_drop_channel(struct link *l);

#endif
