/* The way of a verb into the store: one transaction, remembered for undo. */
#include <string.h>

#include "tui/command/command.h"

int run_begin(struct run *run, struct tx *tx, struct err *err)
{
	return tx_begin(run->store, run->actor, run->command->name, run->now, tx, err);
}

int run_commit(struct run *run, struct tx *tx, struct err *err)
{
	int rc = tx_commit(tx, err);

	if (rc == 0)
		memcpy(run->undo_tx, tx->id, sizeof run->undo_tx);
	return rc;
}
