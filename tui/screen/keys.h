/* The keys of keys.def as a table, and how a key and its command are looked up. */
#ifndef TUI_SCREEN_KEYS_H
#define TUI_SCREEN_KEYS_H

#include <stddef.h>

#include "tui/command/command.h"

struct key_binding {
	const char *screen, *key, *command, *label; /* label may be NULL */
};

const struct key_binding *key_bindings(size_t *count);
/* The binding of a key code (key.h) on a screen: the screen's own, then a list's when in_list, then everywhere's; NULL. */
const struct key_binding *key_binding_find(const char *screen, bool in_list, int code);
/* The argument kind that "{ticket}" and the like stand for; -1 when it is none. */
int placeholder_kind(const char *name, size_t len);

#endif
