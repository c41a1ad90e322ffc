/* See witness.h. */
#include "data/collect/witness.h"

#include "core/base/civil.h"

enum witness_verdict witness_judge(const struct witness *all, size_t count, size_t host, int64_t began,
				   size_t ask[WITNESSES_ASKED], size_t *asked)
{
	size_t called = 0;

	*asked = 0;
	for (size_t i = 0; i < count; i++) {
		if (i != host && all[i].evidence == EVIDENCE_ALIVE && all[i].at != TIME_NONE && all[i].at >= began)
			return WITNESS_SERVER;
	}
	/* From the host on, so that not always the same three are asked. */
	for (size_t k = 1; k < count && called < WITNESSES_ASKED; k++) {
		size_t i = (host + k) % count;
		if (all[i].down)
			continue;
		called++;
		if (all[i].at == TIME_NONE || all[i].at < began)
			ask[(*asked)++] = i;
	}
	if (called == 0)
		return WITNESS_SERVER;
	return *asked > 0 ? WITNESS_WAIT : WITNESS_OURS;
}
