/* What the verbs about tickets share: finding the tickets of a run, judging all, then writing all in one transaction. */
#ifndef TUI_COMMAND_TICKET_H
#define TUI_COMMAND_TICKET_H

#include "core/ticket/flow.h"
#include "core/ticket/recovery.h"
#include "data/store/ticket.h"
#include "tui/command/command.h"
#include "tui/command/output.h"

extern const struct choice choices_severity[], choices_cause[], choices_warranty[], choices_fee[], choices_mode[],
	choices_means[], choices_act[], choices_result[], choices_about[], choices_body[];

/* The record of table that text names: "S39", "#S39", an id or the unique start of one. HS_ERR_NOT_FOUND names text. */
int record_find(struct run *run, enum table_id table, const char *text, struct rows *out, struct err *err);

/* One of the tickets that a run is about. */
struct picked {
	struct rows rows;
	const struct ticket *row;
	const struct flow *flow; /* of the contract */
	const struct flow_stage *stage; /* free for the verb: where it goes */
};
struct picks {
	VEC(struct picked) list;
};
/* The tickets given as --ticket. HS_ERR_STATE when the contract has no flow for one of them. */
int picks_load(struct run *run, struct picks *out, struct err *err);
void picks_release(struct picks *p);

/* A verb on one or many tickets: judge says for each whether it may (NULL: it may); when all may, write writes each; said is the
 * sentence for each, {1} its number, {2} more (may be NULL). One transaction: all or nothing. */
struct ticket_verb {
	int (*judge)(struct run *run, struct picked *p, struct err *err);
	void (*write)(struct run *run, struct tx *tx, const struct picked *p);
	const char *said;
	const char *(*more)(struct run *run, const struct picked *p);
};
int ticket_verb_run(struct run *run, const struct ticket_verb *verb, struct err *err);

/* --at, or now. HS_ERR_INVALID when it lies in the future. */
int run_moment(struct run *run, const char *name, int64_t *at, struct err *err);
/* Fills an argument of the form that has no value yet; what the check refuses is left empty. */
void run_prefill(struct run *run, const char *name, const char *text);
/* The one ticket a form is about, for prefill; false when there is none or several. */
bool run_one_ticket(struct run *run, struct rows *rows);

/* What is left to 復旧目安, in the language of the screen: "5h10m", "+2h00m" when over, "16日", a word when it does not run. */
void recovery_text(const struct recovery *r, enum severity severity, struct strbuf *out);
/* The table of tickets that list and show give out. people: few columns with words; otherwise all, as stored. */
void ticket_table_init(struct table *table, bool people);
void ticket_table_add(struct run *run, struct table *table, const struct ticket_item *i);

#define ARG_TICKETS { "ticket", ARG_TICKET, ARG_REQUIRED | ARG_POSITIONAL | ARG_MANY, N_("ticket") }
#define ARG_END { .name = NULL }

#endif
