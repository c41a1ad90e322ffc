/* What a run of hoshu stands on: configuration, contract, both databases, the clock, the person. */
#ifndef TUI_CLI_SESSION_H
#define TUI_CLI_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/strbuf.h"
#include "core/contract/contract.h"
#include "data/contract/config.h"
#include "data/contract/load.h"
#include "data/store/status.h"
#include "data/store/store.h"
#include "tui/cli/options.h"
#include "tui/cli/practice.h"

struct session {
	const struct options *options;
	struct config *config;
	struct contract *contract;   /* NULL when there is none yet */
	struct strbuf contract_file; /* its path */
	struct strbuf folder;        /* of the contract's databases */
	struct store *store;
	struct status *status;       /* NULL while nothing was measured */
	struct complaints complaints;
	int64_t fixed_now;           /* --now, HOSHU_NOW; TIME_NONE: the clock of this PC */
	bool read_only;
	struct practice *practice;   /* NULL without --practice */
};

/* Reads hoshu.conf and sets the language; a configuration that cannot be read is an error, one that is not there is none. */
int session_start(struct session *s, const struct options *o, struct err *err);
/* The contract; HS_ERR_NOT_FOUND when none is configured. */
int session_contract(struct session *s, struct err *err);
/* Both databases. busy_ms as store_options has it. */
int session_databases(struct session *s, int busy_ms, struct err *err);
/* With --practice: its servers run from here to session_end. Nothing otherwise. */
int session_servers(struct session *s, struct err *err);
void session_end(struct session *s);
int64_t session_now(const struct session *s);
/* The clock of this PC, UTC seconds. */
int64_t clock_now(void);
/* Who writes: the configured person, else the login name. */
const char *session_actor(const struct session *s);

#endif
