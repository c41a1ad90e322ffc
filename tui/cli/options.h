/* The command line: options of options.def and the words of a verb, told apart. */
#ifndef TUI_CLI_OPTIONS_H
#define TUI_CLI_OPTIONS_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "tui/command/command.h"
#include "tui/command/options.h"

struct options {
	const char *value[OPTION_COUNT]; /* NULL: not given; a switch: "" */
	const struct command *command;   /* NULL: no verb, the console */
	VEC(const char *) words;         /* what follows the verb */
};

/* argv stays owned by the caller. What stands before the verb is an option of hoshu; after it the verb's own names come first. */
int options_parse(struct options *o, int argc, char *const *argv, struct err *err);
void options_release(struct options *o);

#endif
