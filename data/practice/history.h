/* What the practice contract's monitoring would have seen in the year before now: the same for the same seed.
 *
 * Only measurements; what people wrote is a script of verbs (practice/history in the data folder), so that every
 * rule holds for it. The caller holds the recorder's lock. */
#ifndef DATA_PRACTICE_HISTORY_H
#define DATA_PRACTICE_HISTORY_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/contract/contract.h"
#include "data/store/status.h"

/* State intervals of every check for the 365 days before now, with some outages and warnings, in one transaction. */
int history_measure(struct status *st, const struct contract *c, int64_t now, struct err *err);

#endif
