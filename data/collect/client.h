/* The console's side of the recorder: finds one or starts one, and tells when it wrote something.
 *
 * Never blocks: a recorder is started by fork and exec with a socketpair as its first client, so there is nothing to wait for. When it ends, client_fd
 * is -1 until client_start is called again. */
#ifndef DATA_COLLECT_CLIENT_H
#define DATA_COLLECT_CLIENT_H

#include <stdbool.h>

#include "core/base/err.h"

struct client_side;

enum { CLIENT_CHANGED = 1, CLIENT_PROBED = 2, CLIENT_REFUSED = 4, CLIENT_GONE = 8 };

/* folder: the contract's. argv: how to run ourselves up to the verb, ending with NULL ("/usr/bin/hoshu", "--data", …); "collect
 * --attached N" is added. NULL starts none: then it only joins one that runs. HS_ERR_NOT_FOUND when there is none to join. */
int client_start(struct client_side **out, const char *folder, const char *const *argv, struct err *err);
void client_stop(struct client_side *c); /* NULL is fine; a recorder that we started ends by itself when nobody is left */
int client_fd(const struct client_side *c);
/* After POLLIN: CLIENT_* bits of what was said. A recorder that could not start because another was quicker is joined. */
unsigned client_dispatch(struct client_side *c);
/* Asks for a host now ("" for all); CLIENT_PROBED follows when it is written. */
int client_probe(struct client_side *c, const char *host, struct err *err);
int client_reload(struct client_side *c, struct err *err);
/* Reaps the recorder we started if it ended; call it on SIGCHLD or now and then. */
void client_reap(struct client_side *c);

/* Asks the recorder of folder for a host ("" for all) and does not wait for its answer. */
int client_tell(const char *folder, const char *host, struct err *err);
/* For verbs of the shell: says one line to the recorder of folder and waits, at most timeout_ms, for the line that begins with wanted.
 * HS_ERR_NOT_FOUND when no recorder runs, HS_ERR_TIMEOUT, or the recorder's own refusal. */
int client_ask(const char *folder, const char *line, const char *wanted, int timeout_ms, struct err *err);

#endif
