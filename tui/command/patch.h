/* What the verbs of patches share. */
#ifndef TUI_COMMAND_PATCH_H
#define TUI_COMMAND_PATCH_H

#include "core/patch/patch.h"
#include "data/store/patch.h"
#include "tui/command/client.h"

extern const struct choice choices_significance[], choices_restart[], choices_yes_no[];

/* The patch that text names, with all its rules look at. */
int patch_named(struct run *run, const char *text, struct patch_backlog *out, struct err *err);
/* The one patch a form is about, for prefill; false when there is none or several. */
bool run_one_patch(struct run *run, struct patch_backlog *out);
/* The label of a patch's stage, translated; the stored word when this hoshu does not know it. */
const char *patch_stage_word(const char *stage);

#define ARG_PATCHES { "patch", ARG_PATCH, ARG_REQUIRED | ARG_POSITIONAL | ARG_MANY, N_("patch") }

#endif
