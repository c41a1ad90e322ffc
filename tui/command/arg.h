/* What each kind of argument accepts, and what it is turned into. */
#ifndef TUI_COMMAND_ARG_H
#define TUI_COMMAND_ARG_H

#include "tui/command/command.h"

/* Limits of what a person types: one line, and long text. */
#define ARG_TEXT_MAX 2000
#define ARG_LONG_TEXT_MAX 262144

/* Checks text for arg and fills value (all but arg); its texts are in run->mem. */
int arg_check(struct run *run, const struct arg *arg, const char *text, struct run_value *value, struct err *err);
/* The part of it that looks up records: v->text becomes the id, v->given the number. Without a store text stays as it is. */
int arg_record(struct run *run, const struct arg *arg, const char *text, struct run_value *value, struct err *err);
/* "TEXT", "TIME" … a word for the usage line, a msgid. */
const char *arg_word(const struct arg *arg);
/* Appends "[--site SITE] TITLE" of the verb. */
void command_usage(const struct command *c, struct strbuf *out);

#endif
