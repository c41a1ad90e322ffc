/* What verbs of patches and inventory checks share: who on the client's side said what, and by which means (domain-rules §6). */
#ifndef TUI_COMMAND_CLIENT_H
#define TUI_COMMAND_CLIENT_H

#include "core/change/tables.h"
#include "tui/command/ticket.h"

/* Arguments of a verb that records a talk. The person is never made up: nobody named, no agreement. */
#define ARGS_CLIENT(person_flags) \
	{ "person", ARG_TEXT, person_flags, N_("who on the client's side") }, \
	{ "at", ARG_TIME, ARG_ASK, N_("when it happened"), .initial = "now" }, \
	{ "means", ARG_CHOICE, ARG_ASK, N_("by which means"), choices_means }, \
	{ "said", ARG_LONG_TEXT, ARG_ASK, N_("what was said") }, \
	{ "conditions", ARG_TEXT, 0, N_("conditions") }, \
	{ "valid-until", ARG_TIME, 0, N_("valid until") }

/* A talk of the run's arguments, not yet stored: about a word of core/ticket/talk.h, act and result as stored.
 * HS_ERR_INVALID, HS_ERR_OWED as talk_check. */
int client_talk(struct run *run, const char *about, const char *subject, const char *act, const char *result,
		int64_t at, struct talk *out, struct err *err);
/* A word for people in text output, its id for machines. label may be NULL. */
const char *shown(const struct run *run, const char *id, const char *label);
/* "1/2" and the like, in the run's memory. */
const char *run_format(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
