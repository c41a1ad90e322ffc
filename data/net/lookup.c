/* See lookup.h. */
#include "data/net/lookup.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_MS = 60 * 1000, KEY_MS = 10 * 60 * 1000 };

static void drop(struct lookups *l, size_t i)
{
	struct lookup *e = &l->list.v[i];

	free(e->subject);
	free(e->addresses);
	ssh_key_free(e->key);
	*e = l->list.v[--l->list.len];
}

static size_t position(const struct lookups *l, enum aide_kind kind, const char *subject)
{
	size_t i = 0;

	while (i < l->list.len && (l->list.v[i].kind != kind || strcmp(l->list.v[i].subject, subject) != 0))
		i++;
	return i;
}

const struct lookup *lookup_find(struct lookups *l, enum aide_kind kind, const char *subject, int64_t now,
				 uint64_t *token)
{
	size_t i = position(l, kind, subject);

	*token = 0;
	if (i == l->list.len)
		return NULL;
	const struct lookup *e = &l->list.v[i];
	if (e->token != 0) {
		*token = e->token;
		return NULL;
	}
	if (now - e->at <= (kind == AIDE_KEY ? KEY_MS : NAME_MS))
		return e;
	drop(l, i);
	return NULL;
}

void lookup_asked(struct lookups *l, enum aide_kind kind, const char *subject, uint64_t token)
{
	struct lookup *e = vec_add(&l->list);

	e->kind = kind;
	e->subject = mem_text(subject);
	e->token = token;
}

void lookup_answered(struct lookups *l, const struct aide_answer *a, int64_t now)
{
	size_t i = 0;

	while (i < l->list.len && (l->list.v[i].token == 0 || l->list.v[i].token != a->token))
		i++;
	if (i == l->list.len)
		return;
	struct lookup *e = &l->list.v[i];
	e->token = 0;
	e->at = now;
	if (a->outcome == 0 && e->kind == AIDE_KEY)
		ssh_pki_import_privkey_base64(a->bytes, "", NULL, NULL, &e->key);
	else if (a->outcome == 0 && a->len > 0)
		e->addresses = mem_text_n(a->bytes, a->len);
	if (e->key == NULL && e->addresses == NULL)
		drop(l, i);
}

void lookup_forget(struct lookups *l, enum aide_kind kind, const char *subject)
{
	size_t i = position(l, kind, subject);

	if (i < l->list.len && l->list.v[i].token == 0)
		drop(l, i);
}

void lookups_release(struct lookups *l)
{
	while (l->list.len > 0)
		drop(l, 0);
	vec_release(&l->list);
}
