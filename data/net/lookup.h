/* What the aide found out and may be used again: addresses of names, private keys. One question serves all
 * who wait for it.
 *
 * Found things are kept for a while (a name 60 s, a key 10 min), failures only until everyone who waits was
 * told. */
#ifndef DATA_NET_LOOKUP_H
#define DATA_NET_LOOKUP_H

#include <libssh/libssh.h>
#include <stdint.h>

#include "core/base/mem.h"
#include "data/net/aide.h"

struct lookup {
	enum aide_kind kind; /* AIDE_RESOLVE, AIDE_KEY */
	char *subject;
	uint64_t token;  /* of the question that is under way, 0 when answered */
	int64_t at;      /* ms, when answered */
	char *addresses; /* each ended by NUL, the list by another */
	ssh_key key;
};

struct lookups {
	VEC(struct lookup) list;
};

/* A fresh answer, or NULL: then ask, with *token when it was asked already, else 0. */
const struct lookup *lookup_find(struct lookups *l, enum aide_kind kind, const char *subject, int64_t now,
				 uint64_t *token);
void lookup_asked(struct lookups *l, enum aide_kind kind, const char *subject, uint64_t token);
/* Keeps an answer of the aide; a failure is forgotten. Unknown tokens are ignored. */
void lookup_answered(struct lookups *l, const struct aide_answer *a, int64_t now);
/* Forgets, so that the next one asks anew: a key that was denied may have been replaced. */
void lookup_forget(struct lookups *l, enum aide_kind kind, const char *subject);
void lookups_release(struct lookups *l);

#endif
