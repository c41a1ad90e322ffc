/* One practice server: a process that owns an sshd, a disk and a program, in namespaces of its own.
 *
 * server_start forks it; orders go to it as single bytes over a socketpair, answers come back as lines.
 * When the socket closes, it ends everything it started. Used by the keeper alone. */
#ifndef DATA_PRACTICE_SERVER_H
#define DATA_PRACTICE_SERVER_H

#include <sys/types.h>

#include "data/practice/world.h"

struct server {
	pid_t pid;
	int fd; /* orders out, answers in */
};

/* Returns 0 when its sshd listens; otherwise HS_ERR_* and nothing is left running. */
int server_start(const struct world *w, size_t index, struct server *out, struct err *err);
/* Sends one order (b, or BREAK_COUNT to heal) and waits for the answer, "ok" or why not. */
void server_order(struct server *s, enum world_break b, char *answer, size_t size);
void server_stop(struct server *s);

#endif
