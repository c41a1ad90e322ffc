/* The words of patches, for verbs and screens. */
#include <string.h>

#include "tui/command/patch.h"
#include "tui/widget/tr.h"

const char *patch_stage_word(const char *stage)
{
	enum patch_stage s = patch_stage_find(stage);

	if (strcmp(stage, "judged") == 0)
		return tr_in("patch stage", NC_("patch stage", "judged"));
	return s == PATCH_STAGE_COUNT ? stage : tr_in("patch stage", patch_stage_info(s)->label);
}

const struct choice choices_significance[] = {
	{ "yes", N_("significant") }, { "no", N_("not significant") }, { "undecided", N_("to be judged") }, { 0 },
};
const struct choice choices_restart[] = {
	{ "no", N_("no restart") }, { "rolling", N_("restart without a stop") }, { "stop", N_("the service stops") }, { 0 },
};
const struct choice choices_yes_no[] = { { "yes", N_("yes") }, { "no", N_("no") }, { 0 } };
