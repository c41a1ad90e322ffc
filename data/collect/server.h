/* The one recorder of a contract: who holds collect.lock (an OFD lock) and listens on collect.sock (0600, our own user only).
 *
 * Clients send lines: "probe HOST", "probe", "reload", "stop", "subscribe"; each is answered by a line "ok …" or "error CODE …", and a probe
 * later by "done HOST". A subscriber is sent the line "!" whenever something was written. Non-blocking throughout: a client that does
 * not read loses wake-ups, never holds anybody up. */
#ifndef DATA_COLLECT_SERVER_H
#define DATA_COLLECT_SERVER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

enum { SERVER_CLIENTS = 32, COLLECT_LINE = 128 };

struct server;

enum server_word { WORD_PROBE, WORD_RELOAD, WORD_STOP, WORD_SUBSCRIBE };

struct server_ops {
	/* What a client asked for; host is "" for all. 0, or HS_ERR_* with the reason, which the client is told. */
	int (*asked)(void *ctx, enum server_word word, const char *host, struct err *err);
	void *ctx;
};

/* Takes the lock and listens; HS_ERR_BUSY when another recorder holds it. attached: a connected socket that is the
 * first client, -1 for none. folder: the contract's, already made. */
int server_open(struct server **out, const char *folder, int attached, const struct server_ops *ops, struct err *err);
void server_close(struct server *s); /* NULL is fine; takes the socket's name away before the lock */
/* Fills at most SERVER_CLIENTS + 1 poll entries; returns how many. */
size_t server_poll(const struct server *s, struct pollfd *fds);
/* After poll, with the same entries. */
void server_dispatch(struct server *s, const struct pollfd *fds, size_t count);
void server_changed(struct server *s);
void server_probed(struct server *s, const char *host);
size_t server_clients(const struct server *s);

/* Connects to the recorder of folder; a descriptor (non-blocking, close-on-exec) or HS_ERR_NOT_FOUND when none listens. */
int server_connect(const char *folder, struct err *err);

#endif
