/* Tickets from failing checks (domain-rules §7): level-triggered and idempotent, so that a recorder that was killed, a second one on
 * another PC, or the same result seen twice never opens a second ticket.
 *
 * A ticket's id is made of the check and the start of its confirmed-down interval; where that ticket exists, even closed,
 * nothing opens. Everything is one transaction of the actor "auto". */
#ifndef DATA_COLLECT_TICKETS_H
#define DATA_COLLECT_TICKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/contract/contract.h"
#include "data/store/status.h"
#include "data/store/store.h"

struct tickets_seen {
	char check[40];
	bool down;
	int64_t since;
};
/* What was done already in this run of the program; losing it costs a few look-ups, nothing else. */
struct tickets {
	bool pending;
	VEC(struct tickets_seen) seen;
};

void tickets_release(struct tickets *t);
/* Opens and joins what is confirmed down, notes what works again. Returns how many rows were touched, or HS_ERR_*: then
 * nothing was written and the next call tries again. */
int tickets_follow(struct tickets *t, struct store *store, const struct contract *c, const struct check_statuses *seen,
		   msg_tr *tr, int64_t now, struct err *err);

#endif
