/* Staff and deliverables in records.db (S2.1, S3.1). The rules are core/obligation's. */
#ifndef DATA_STORE_OBLIGATION_H
#define DATA_STORE_OBLIGATION_H

#include "core/obligation/obligation.h"
#include "data/store/store.h"

int staff_load(struct store *s, struct rows *out, struct err *err);
/* By short name, name or id; HS_ERR_NOT_FOUND, HS_ERR_INVALID when two have that name. */
int staff_find(struct store *s, const char *text, struct rows *out, struct err *err);
void staff_put(struct tx *tx, const struct staff *draft, char id[UUID_SIZE]);

struct obligation_view {
	struct obligations due;
	struct rows rows, campaigns; /* borrowed by due */
};
int obligations_load(struct store *s, const struct contract *c, int64_t now, struct obligation_view *out,
		     struct err *err);
void obligation_view_release(struct obligation_view *v);
void deliverable_put(struct tx *tx, const struct deliverable *draft, char id[UUID_SIZE]);

#endif
