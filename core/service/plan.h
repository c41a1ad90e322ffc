/* Planned and emergency stops as they are entered (S2.2(1)). Pure. */
#ifndef CORE_SERVICE_PLAN_H
#define CORE_SERVICE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/change/tables.h"
#include "core/contract/contract.h"

/* Does [from, to) overlap the business system's hours on any day? */
bool stop_touches_business(const struct contract *c, int64_t from, int64_t to);
/* Can it be written down? in_hours: the person saw that it touches business hours and said so, with a reason. Nothing may be
 * saved before that (S2.2(1)). HS_ERR_INVALID, HS_ERR_OWED. */
int stop_check(const struct contract *c, const struct stop *stop, bool in_hours, struct err *err);

#endif
