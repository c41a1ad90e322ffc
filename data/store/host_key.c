/* See host_key.h. */
#include "data/store/host_key.h"

#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/internal.h"
#include "data/store/put.h"

int host_keys_load(struct store *s, const char *host, bool valid, struct rows *out, struct err *err)
{
	struct value v[] = { value_text(host), value_int(valid) };

	return rows_select(s, TABLE_host_key,
			   "WHERE deleted IS NULL AND (?1 IS NULL OR host = ?1) AND (?2 = 0 OR revoked_at IS "
			   "NULL) ORDER BY rowid",
			   v, 2, out, err);
}

const char *const *host_key_pins(const struct rows *keys, struct arena *mem)
{
	const char **pins = arena_alloc(mem, (keys->len + 1) * sizeof *pins);
	struct strbuf pin = { 0 };

	for (size_t i = 0; i < keys->len; i++) {
		const struct host_key *key = &ROWS(host_key, keys)[i];
		strbuf_clear(&pin);
		strbuf_addf(&pin, "%s %s", key->type, key->key);
		pins[i] = arena_text(mem, strbuf_text(&pin));
	}
	strbuf_release(&pin);
	return pins;
}

void host_key_revoke(struct tx *tx, const struct rows *keys, int64_t at)
{
	for (size_t i = 0; i < keys->len; i++)
		tx_int(tx, TABLE_host_key, ROWS(host_key, keys)[i].id, COLUMN(host_key, revoked_at), at);
}

void host_key_put(struct tx *tx, const struct host_key *draft, const struct rows *old, char id[UUID_SIZE])
{
	host_key_revoke(tx, old, draft->at);
	id[0] = '\0';
	row_put(tx, TABLE_host_key, draft, id, NULL);
}
