/* hoshu-net from inside: one thread, one poll, a list of links (one a host), a queue of works.
 *
 * Nothing here blocks. Times are ms of CLOCK_MONOTONIC. A work belongs to the queue, then to the link that
 * does it, and ends in exactly one result. */
#ifndef DATA_NET_NETD_H
#define DATA_NET_NETD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "data/net/frame.h"
#include "data/net/lookup.h"

enum {
	CONNECTING_MAX = 24, /* links between the look-up and READY */
	KEPT_MAX = 500,      /* sessions kept open */
};

struct link;

struct work {
	char *body; /* the frame's, that message points into */
	struct job_message message;
	char *identity; /* what makes two works share a session; NULL: none may */
	bool cancelled;
};

struct netd {
	int control, aide;
	struct strbuf in, out;
	size_t sent;
	VEC(struct work *) waiting; /* in the order they came */
	VEC(struct link *) links;
	struct lookups lookups;
	bool stir; /* something changed that may let a waiting work start */
	uint64_t last_token;
	int64_t now, said_at;
	int64_t agent_trusted_at; /* until then an agent that held us up is not asked again */
};

int64_t clock_now(void);
/* 0 … below, from the kernel. */
int64_t random_below(int64_t below);
void work_free(struct work *work);
/* Appends a foreign text that may be shown: one line, at most NET_TEXT_MAX bytes. */
void add_foreign(struct strbuf *out, const char *text);
/* Sends r, which work ends in, and frees work. */
void netd_result(struct netd *d, struct work *owned_work, struct net_result *r);

#endif
