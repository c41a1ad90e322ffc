/* See note.h. */
#include "data/store/note.h"

#include <string.h>

#include "core/base/civil.h"
#include "data/store/internal.h"
#include "data/store/put.h"

void note_put(struct tx *tx, const char *subject, const char *body, bool client, int64_t at, char id[UUID_SIZE])
{
	id[0] = '\0';
	tx_insert(tx, TABLE_note, id);
	tx_text(tx, TABLE_note, id, COLUMN(note, subject), subject);
	tx_text(tx, TABLE_note, id, COLUMN(note, who), tx->actor);
	tx_text(tx, TABLE_note, id, COLUMN(note, body), body);
	tx_text(tx, TABLE_note, id, COLUMN(note, audience), client ? "client" : "internal");
	tx_int(tx, TABLE_note, id, COLUMN(note, at), at);
}

int notes_load(struct store *s, const char *subject, struct rows *out, struct err *err)
{
	return rows_select(s, TABLE_note, "WHERE subject = ? AND deleted IS NULL ORDER BY at, rowid",
			   (struct value[]){ value_text(subject) }, 1, out, err);
}

/* A tick taken back is a tick without a time. */
void tick_put(struct tx *tx, const char *subject, const char *list, const char *item, bool done, int64_t at)
{
	char id[UUID_SIZE];

	ROW_ID_OF(id, "tick", subject, list, item);
	if (tx_insert(tx, TABLE_tick, id)) {
		tx_text(tx, TABLE_tick, id, COLUMN(tick, subject), subject);
		tx_text(tx, TABLE_tick, id, COLUMN(tick, list), list);
		tx_text(tx, TABLE_tick, id, COLUMN(tick, item), item);
	}
	tx_text(tx, TABLE_tick, id, COLUMN(tick, who), tx->actor);
	tx_int(tx, TABLE_tick, id, COLUMN(tick, at), done ? at : TIME_NONE);
}

int ticks_load(struct store *s, const char *subject, struct rows *out, struct err *err)
{
	return rows_select(s, TABLE_tick, "WHERE subject = ? AND deleted IS NULL", (struct value[]){ value_text(subject) }, 1,
			   out, err);
}

bool tick_done(const struct tick *ticks, size_t count, const char *list, const char *item)
{
	for (size_t i = 0; i < count; i++)
		if (ticks[i].at != TIME_NONE && ticks[i].deleted == TIME_NONE && strcmp(ticks[i].list, list) == 0 &&
		    strcmp(ticks[i].item, item) == 0)
			return true;
	return false;
}
