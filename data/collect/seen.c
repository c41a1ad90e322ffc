/* See seen.h. */
#include "data/collect/seen.h"

struct check_seen *seen_from(const struct check_statuses *from)
{
	struct check_seen *seen = mem_alloc(from->list.len + 1, sizeof *seen);

	for (size_t i = 0; i < from->list.len; i++) {
		const struct check_status *s = &from->list.v[i];
		enum probe_reason reason = REASON_NONE;
		/* A failure goes on over gaps and over times when nobody could ask. */
		bool failing = s->state == PROBE_DOWN && s->failing_since != TIME_NONE;
		probe_reason_parse(s->reason, &reason);
		seen[i] = (struct check_seen){
			.check = s->check, .state = s->state, .reason = reason, .since = failing ? s->failing_since : s->since, .at = s->at,
			.last_good_at = s->last_good_at, .response_ms = s->response_ms, .value = s->value,
			.failures = s->failures, .confirmed = s->confirmed, .flapping = s->flapping, .text = s->text,
		};
	}
	return seen;
}
