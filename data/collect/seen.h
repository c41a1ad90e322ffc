/* From the rows of status.db to what core/service reads. */
#ifndef DATA_COLLECT_SEEN_H
#define DATA_COLLECT_SEEN_H

#include "core/service/situation.h"
#include "data/store/status.h"

/* A heap array as long as from->list; its texts are borrowed from it. Free it with free(). */
struct check_seen *seen_from(const struct check_statuses *from);

#endif
