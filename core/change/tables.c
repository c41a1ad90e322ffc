/* See tables.h. */
#include "core/change/tables.h"

#include <string.h>

#define TABLE(name)
#include "core/change/tables.def"
#undef TABLE

#define ENTRY_TEXT(table, column) { #column, COLUMN_TEXT, offsetof(struct table, column) },
#define ENTRY_INT(table, column) { #column, COLUMN_INT, offsetof(struct table, column) },
#define TABLE(table) \
	static const struct column columns_##table[] = { \
		COLUMNS_##table(ENTRY_TEXT, ENTRY_INT, table) ENTRY_INT(table, deleted) \
	};
#include "core/change/tables.def"
#undef TABLE

static const struct table_info tables[TABLE_COUNT] = {
#define TABLE(table) \
	[TABLE_##table] = { #table, sizeof(struct table), columns_##table, \
			    sizeof columns_##table / sizeof *columns_##table },
#include "core/change/tables.def"
#undef TABLE
};

const struct table_info *table_info(enum table_id id)
{
	return &tables[id];
}

enum table_id table_find(const char *name)
{
	enum table_id id = 0;

	while (id < TABLE_COUNT && strcmp(tables[id].name, name) != 0)
		id++;
	return id;
}

const struct column *table_column(enum table_id id, const char *name)
{
	const struct table_info *t = &tables[id];

	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return &t->columns[i];
	return NULL;
}

void table_row_init(enum table_id id, void *row)
{
	const struct table_info *t = &tables[id];

	memset(row, 0, t->size);
	*(const char **)row = "";
	for (size_t i = 0; i < t->count; i++) {
		void *field = (char *)row + t->columns[i].offset;
		if (t->columns[i].type == COLUMN_TEXT)
			*(const char **)field = "";
		else
			*(int64_t *)field = TIME_NONE;
	}
}
