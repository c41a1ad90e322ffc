/* The steps of a patch folded in the order they were recorded; for the files of core/patch alone. */
#ifndef CORE_PATCH_FOLD_H
#define CORE_PATCH_FOLD_H

#include "core/patch/patch.h"

struct patch_fold {
	int reached;            /* the furthest main stage, -1 before the first */
	enum patch_stage aside; /* PATCH_STAGE_COUNT when it is not aside */
	unsigned recorded;      /* bits of main stages */
	int64_t at[PATCH_MAIN_STAGES]; /* of those recorded */
	int64_t declined_at;
};
void patch_fold(const struct patch_facts *f, struct patch_fold *fold);
void patch_fold_add(struct patch_fold *fold, enum patch_stage stage, int64_t at);
unsigned patch_fold_owed(const struct patch_facts *f, const struct patch_fold *fold);

#endif
