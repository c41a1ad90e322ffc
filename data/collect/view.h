/* The situation as the databases tell it: what verbs and screens show of hosts, services and sites. Reads, never waits. */
#ifndef DATA_COLLECT_VIEW_H
#define DATA_COLLECT_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/service/situation.h"
#include "data/store/status.h"
#include "data/store/store.h"

/* Zeroed memory is an empty view. */
struct situation_view {
	struct situation s;
	struct recorder_status recorder; /* all TIME_NONE when no recorder ever wrote */
	struct check_statuses statuses;  /* what s borrows from, as the next three */
	struct check_seen *seen;
	struct stop_on *stops;
	struct rows stop_rows, stop_services;
	size_t stop_count;
	bool filled;
};

/* status may be NULL: nothing was ever measured. c is borrowed. On an error (HS_ERR_BUSY …) v keeps what it held. */
int situation_view_load(struct situation_view *v, struct store *store, struct status *status, const struct contract *c,
			int64_t now, struct err *err);
/* Judges the same rows anew: values grow old without anybody writing. */
void situation_view_age(struct situation_view *v, int64_t now);
void situation_view_release(struct situation_view *v);
/* Whether a stop covers now; repeated ones on any of their days. */
bool stop_covers(const struct stop *stop, int offset_s, int64_t now, int64_t *until);
/* When it begins and ends next, after now; false when it will not, or ended already. */
bool stop_next(const struct stop *stop, int offset_s, int64_t now, int64_t *from, int64_t *to);

#endif
