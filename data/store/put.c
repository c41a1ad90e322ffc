/* See put.h. */
#include "data/store/put.h"

#include <string.h>

#include "core/base/strbuf.h"

/* Namespace of the ids that follow from words. */
static const char row_namespace[] = "6f0c1f5e-5f6b-4d6e-9a3c-2f1d7b8e4a90";

static void put_column(struct tx *tx, enum table_id table, const char *id, const struct column *column,
		       const void *row)
{
	const char *field = (const char *)row + column->offset;

	if (column->type == COLUMN_TEXT) {
		const char *text;
		memcpy(&text, field, sizeof text);
		if (text != NULL && *text != '\0')
			tx_text(tx, table, id, column->name, text);
	} else {
		int64_t number;
		memcpy(&number, field, sizeof number);
		if (number != TIME_NONE)
			tx_int(tx, table, id, column->name, number);
	}
}

bool row_put(struct tx *tx, enum table_id table, const void *row, char id[UUID_SIZE], char number[24])
{
	const struct table_info *info = table_info(table);

	if (!tx_insert(tx, table, id))
		return false;
	if (number != NULL) {
		tx_number(tx, table, number);
		tx_text(tx, table, id, "number", number);
	}
	for (size_t i = 0; i < info->count; i++) {
		bool skip = strcmp(info->columns[i].name, "id") == 0 || strcmp(info->columns[i].name, "deleted") == 0 ||
			    (number != NULL && strcmp(info->columns[i].name, "number") == 0);
		if (!skip)
			put_column(tx, table, id, &info->columns[i], row);
	}
	return true;
}

void row_id_of(char id[UUID_SIZE], const char *const *words)
{
	struct strbuf name = { 0 };

	for (; *words != NULL; words++) {
		strbuf_add_text(&name, *words);
		strbuf_add_char(&name, '\0');
	}
	uuid_from_name(row_namespace, strbuf_text(&name), name.len, id);
	strbuf_release(&name);
}
