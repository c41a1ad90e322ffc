/* Pinned host keys in records.db: a row a key, with who confirmed it and how; superseded by revoked_at, never
 * overwritten. */
#ifndef DATA_STORE_HOST_KEY_H
#define DATA_STORE_HOST_KEY_H

#include <stdbool.h>

#include "data/store/store.h"

/* Of one host, or of all (host NULL), oldest first. valid: only those that are not revoked. */
int host_keys_load(struct store *s, const char *host, bool valid, struct rows *out, struct err *err);
/* Pins for a job, "type base64" with NULL after the last, in mem; of rows that host_keys_load gave. */
const char *const *host_key_pins(const struct rows *keys, struct arena *mem);
/* Records draft and revokes the keys of old, at draft->at. */
void host_key_put(struct tx *tx, const struct host_key *draft, const struct rows *old, char id[UUID_SIZE]);
void host_key_revoke(struct tx *tx, const struct rows *keys, int64_t at);

#endif
