/* See stop.h. */
#include "data/store/stop.h"

#include "data/store/internal.h"
#include "data/store/put.h"

void stop_put(struct tx *tx, const struct stop *draft, const char *const *services, char id[UUID_SIZE], char number[24])
{
	id[0] = '\0';
	row_put(tx, TABLE_stop, draft, id, number);
	for (; *services != NULL; services++) {
		struct stop_service row;
		char row_id[UUID_SIZE];

		table_row_init(TABLE_stop_service, &row);
		row.stop = id;
		row.service = *services;
		ROW_ID_OF(row_id, "stop_service", id, *services);
		row_put(tx, TABLE_stop_service, &row, row_id, NULL);
	}
}

int stops_load(struct store *s, int64_t since, struct rows *out, struct err *err)
{
	struct value v = value_int(since);

	return rows_select(s, TABLE_stop,
			   "WHERE deleted IS NULL AND (?1 IS NULL OR coalesce(ended_at, to_at, ?1) >= ?1 OR repeat IS NOT NULL)"
			   " ORDER BY from_at, rowid",
			   &v, 1, out, err);
}

int stop_services_load(struct store *s, const char *stop, struct rows *out, struct err *err)
{
	struct value v = value_text(stop);

	if (stop == NULL)
		return rows_select(s, TABLE_stop_service, "WHERE deleted IS NULL ORDER BY stop, rowid", NULL, 0, out, err);
	return rows_select(s, TABLE_stop_service, "WHERE stop = ? AND deleted IS NULL ORDER BY rowid", &v, 1, out, err);
}
