/* A recorder's life: lock, socket, poll loop, signals. The one place of the recorder that reads the clock and waits. */
#ifndef DATA_COLLECT_RUN_H
#define DATA_COLLECT_RUN_H

#include <stdbool.h>

#include "data/collect/recorder.h"

struct collect_options {
	const char *folder;              /* of the contract's databases */
	const struct contract *contract; /* borrowed */
	struct store *store;             /* borrowed; NULL opens no tickets and knows no keys */
	bool auto_tickets;
	msg_tr *tr;
	const char *net_program;         /* NULL: the installed one */
	int attached;                    /* a console's socket, -1 for none: ends when the last client has left */
	bool once;                       /* every host once, then the end */
	const char *host;                /* with once: only this one, NULL for all */
	/* Reads the contract again; *contract stays what it was on failure. May be NULL. */
	int (*reload)(void *ctx, const struct contract **contract, struct err *err);
	void *ctx;
};

/* HS_ERR_BUSY when another recorder watches; otherwise returns when told to stop (TERM, INT, "stop", last client gone). */
int collect_run(const struct collect_options *options, struct err *err);

#endif
