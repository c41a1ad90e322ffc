/* Drafts: what was typed into forms that were left, kept in memory and, between two runs, in the contract's folder (0600). */
#ifndef TUI_APP_DRAFT_H
#define TUI_APP_DRAFT_H

#include <stdbool.h>

#include "core/base/err.h"

struct app;

/* Remembers the open form's texts. */
void draft_keep(struct app *a);
/* Puts remembered texts into the form just opened; false when there are none. */
bool draft_take(struct app *a);
/* The verb succeeded: its draft goes. */
void draft_drop(struct app *a);

/* Lets the person edit text in $VISUAL or $EDITOR; heap text, or NULL with err when it was left without saving. */
char *edit_text(struct app *a, const char *text, struct err *err);

#endif
