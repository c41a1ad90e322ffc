/* The console: one thread, one poll loop (architecture §2). */
#ifndef TUI_APP_CONSOLE_H
#define TUI_APP_CONSOLE_H

#include "core/base/err.h"

struct session;

/* Runs until the person quits or the terminal goes. The exit code (0, 128 + signal), or a negative HS_ERR_* when there
 * is no terminal to run in. The session stays the caller's. */
int console_run(struct session *s, struct err *err);

#endif
