/* Commands: one verb = one entry, whether it comes from a key, the : prompt or the shell.
 *
 * A verb is a struct command in tui/command/<noun>.c and one line in commands.def. Its arguments are described by
 * a table, from which come parsing, the form that asks for what is missing, completion, help, and the man page.
 * exec gets everything through struct run and writes through run->out; it never prints and never draws. */
#ifndef TUI_COMMAND_COMMAND_H
#define TUI_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/contract/contract.h"
#include "core/document/table.h"
#include "data/store/status.h"
#include "data/store/store.h"

enum arg_kind {
	ARG_TEXT,      /* free text, one line */
	ARG_LONG_TEXT, /* several lines: the form offers $EDITOR */
	ARG_NUMBER, ARG_TIME, ARG_DAY, ARG_FLAG,
	ARG_CHOICE,    /* one of choices */
	ARG_TICKET, ARG_PATCH, ARG_TALK, ARG_STOP, ARG_CAMPAIGN, ARG_TERMINAL, /* "S39", a code or an id: the verb gets the id */
	ARG_STAFF,     /* a person: the verb gets the short name */
	ARG_SITE, ARG_SERVICE, ARG_HOST, ARG_CHECK, ARG_FLOW, ARG_STAGE, ARG_PHASE, ARG_GROUP, /* an id of the contract; a name is turned into it */
	ARG_FILE, ARG_VERB,
};

enum {
	ARG_REQUIRED = 1,   /* the shell refuses without it, the console asks */
	ARG_POSITIONAL = 2, /* may stand without its --name */
	ARG_REST = 4,       /* takes all remaining words */
	ARG_MANY = 8,       /* may be given several times; a key gives all marked rows */
	ARG_ASK = 16,       /* optional, but a row of the form */
	ARG_LOOKS = 32,     /* with it a verb that writes only looks, and may run when read-only */
};

struct choice {
	const char *id;    /* what is typed and stored */
	const char *label; /* NC_() or N_() */
};

struct arg {
	const char *name;  /* without -- */
	enum arg_kind kind;
	unsigned flags;
	const char *help;  /* N_(), a few words: the form's label */
	const struct choice *choices; /* ARG_CHOICE; ends with an id of NULL */
	const char *initial; /* text the form starts with: "now", … */
};

enum {
	CMD_WRITES = 1,        /* refused when read-only, with or without a store */
	CMD_NO_CONTRACT = 2,   /* runs before there is one: init, help, version */
	CMD_CONSOLE = 4,       /* only in the console: quit, theme … */
	CMD_SHELL = 8,         /* only from the shell: collect, init … */
	CMD_CONFIRM = 16,      /* the console asks once before it runs */
	CMD_STATUS = 32,       /* exit code 0–3 like a monitoring plug-in */
	CMD_SERVERS = 64,      /* speaks to servers: with --practice, they must run */
};

enum { TOPIC_TICKETS = 1, TOPIC_PATCHES = 2, TOPIC_INVENTORY = 4, TOPIC_STATUS = 8, TOPIC_CONTRACT = 16, TOPIC_OTHER = 32, TOPIC_ALL = 63 };

struct run;

struct command {
	const char *name;    /* "ticket open" */
	const char *summary; /* N_(), one line, no full stop */
	const struct arg *args; /* ends with a name of NULL; may be NULL */
	unsigned flags;
	unsigned topics;     /* what a success changes */
	int (*exec)(struct run *run, struct err *err);
	/* Optional: may change the form's fields before it is shown (defaults from the record under the cursor). */
	void (*prefill)(struct run *run);
};

struct run_value {
	const struct arg *arg;
	const char *text;  /* checked: normalised text, the id of a choice, record or thing of the contract */
	const char *given; /* as it was typed */
	int64_t number;    /* ARG_NUMBER, ARG_TIME (UTC seconds), ARG_DAY (days), ARG_FLAG (1) */
};

struct app; /* the console; NULL in the shell */

struct run {
	const struct command *command;
	const struct contract *contract; /* NULL with CMD_NO_CONTRACT when there is none */
	struct store *store;
	struct status *status;
	struct config *config;           /* hoshu.conf and the folders: data/contract/config.h */
	struct app *app;
	bool read_only;                  /* the session may only look */
	int64_t now;                     /* the injected clock */
	const char *actor;               /* short name of the person */
	VEC(struct run_value) values;
	struct arena mem;                /* of this run */
	struct output *out;              /* tui/command/output.h */
	int exit_code;                   /* CMD_STATUS: 0–3 */
	char undo_tx[UUID_SIZE];         /* the transaction that "u" would take back, "" */
};

/* Every verb, as commands.def: COMMAND(ticket_open) is cmd_ticket_open. */
#define COMMAND(symbol) extern const struct command cmd_##symbol;
#include "tui/command/commands.def"
#undef COMMAND

const struct command *const *command_list(size_t *count);
/* Longest verb that the words begin with; *used says how many words it took. */
const struct command *command_find(const char *const *words, size_t count, size_t *used);
/* The verb of that whole name; NULL. */
const struct command *command_by_name(const char *name);
const struct arg *command_arg(const struct command *c, const char *name);

/* A line as typed at the prompt, cut into words: blanks (also full-width ones) separate, '…' and "…" hold together, \ takes the next. */
struct words {
	struct arena mem;
	VEC(const char *) list;
	bool open;  /* ended within quotes: the last word is not complete */
	bool blank; /* ended with a blank: a new word begins */
};
int words_split(struct words *w, const char *line, struct err *err);
void words_release(struct words *w);
/* Appends word so that words_split reads it back. */
void words_quote(const char *word, struct strbuf *out);

/* A run: caller sets contract, store, status, config, app, now, actor, out; zeroed values are allowed. */
void run_init(struct run *run, const struct command *c);
void run_release(struct run *run);
/* Reads the words after the verb: --name value, --name=value, --flag, positional ones. Checks every value, not yet whether all are there. */
int run_parse(struct run *run, const char *const *words, size_t count, struct err *err);
/* Gives arg a value (one more for ARG_MANY, else instead of the one it has) after checking it. "" takes the values away. */
int run_set(struct run *run, const struct arg *arg, const char *text, struct err *err);
void run_unset(struct run *run, const struct arg *arg);
/* The first required argument that has no value; NULL when none is missing. */
const struct arg *run_missing(const struct run *run);
/* HS_ERR_READ_ONLY when the verb writes and the session may not. */
int run_may_write(const struct run *run, struct err *err);
/* Checks that all is there and allowed, then does it. */
int run_exec(struct run *run, struct err *err);
/* Ids and names that arg may hold, of the contract, its choices or the verbs: for checking, completion and forms. */
void run_candidates(const struct run *run, const struct arg *arg,
		    void (*each)(void *ctx, const char *id, const struct label *name), void *ctx);

/* Values by name: "" or TIME_NONE or false when not given. A name the verb does not have is a fault that stops a test build. */
const char *run_text(const struct run *run, const char *name);
int64_t run_number(const struct run *run, const char *name);
bool run_given(const struct run *run, const char *name);
/* The i-th of an ARG_MANY; NULL after the last. */
const char *run_nth(const struct run *run, const char *name, size_t i);
/* Starts a transaction as the run's actor and verb. */
int run_begin(struct run *run, struct tx *tx, struct err *err);
/* Commits, and remembers the transaction for undo. */
int run_commit(struct run *run, struct tx *tx, struct err *err);

#endif
