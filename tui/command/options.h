/* The options of options.def as a table: main reads them, help and completion show them. */
#ifndef TUI_COMMAND_OPTIONS_H
#define TUI_COMMAND_OPTIONS_H

#include <stddef.h>

enum option_id {
#define OPTION(symbol, name, value, help) OPTION_##symbol,
#include "tui/command/options.def"
#undef OPTION
	OPTION_COUNT
};

struct option_info {
	const char *name, *value, *help; /* value NULL: a switch */
};

/* OPTION_COUNT of them, by option_id. */
const struct option_info *option_list(void);

#endif
