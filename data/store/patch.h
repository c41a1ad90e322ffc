/* The patch backlog in records.db: reading it whole with all that its rules look at, and the writes of its verbs.
 *
 * Reading is bounded (PATCHES_MAX rows). Writers run inside the caller's tx and do not judge: the rules are core/patch's. */
#ifndef DATA_STORE_PATCH_H
#define DATA_STORE_PATCH_H

#include "core/patch/patch.h"
#include "data/store/store.h"

#define PATCHES_MAX 2000

enum patch_scope { PATCHES_OPEN, PATCHES_CLOSED, PATCHES_ALL };

struct patch_item {
	const struct patch *row;
	struct patch_facts facts;
	struct patch_next next;
	const struct patch_advisory *advisories; size_t advisory_count;
	unsigned owed;
	bool closed;
};

struct patch_backlog {
	struct patch_item *v; /* in arena */
	size_t len;
	bool more;            /* there are more than PATCHES_MAX */
	struct arena mem;
	struct rows patches, steps, hosts, talks, stops, advisories;
};
/* Open ones by due, then significance, then publication; closed ones newest first. A zeroed backlog is empty. */
int patches_load(struct store *s, const struct contract *c, enum patch_scope scope, int64_t now,
		 struct patch_backlog *out, struct err *err);
/* One, by its id: out->len is 1. HS_ERR_NOT_FOUND. */
int patch_load(struct store *s, const struct contract *c, const char *id, int64_t now, struct patch_backlog *out,
	       struct err *err);
void patch_backlog_release(struct patch_backlog *b);

/* A new patch at 公開, with its first step at published_at (tx->now when not known). */
void patch_put(struct tx *tx, const struct patch *draft, char id[UUID_SIZE], char number[24]);
/* A step that patch_step_check allowed: the row's new values and the step. */
void patch_put_step(struct tx *tx, const struct patch *p, const struct patch_request *r, const struct patch_outcome *o);
/* What a host shows: one row a host and patch, the newest look. */
void patch_put_host(struct tx *tx, const char *patch, const char *host, const char *version, const char *reboot_pending,
		    int64_t verified_at);
void patch_put_advisory(struct tx *tx, const char *patch, const char *advisory);

#endif
