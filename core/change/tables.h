/* The rows of records.db as structs, made from tables.def, and what the program knows of each column.
 *
 * struct ticket, struct note … hold borrowed text (of the arena they were loaded into), never NULL.
 * COLUMN(ticket, title) is "title" and does not compile when there is no such column. */
#ifndef CORE_CHANGE_TABLES_H
#define CORE_CHANGE_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/civil.h"

#define TABLE(name)
#include "core/change/tables.def"
#undef TABLE

#define FIELD_TEXT(table, name) const char *name;
#define FIELD_INT(table, name) int64_t name;
#define TABLE(table) \
	struct table { \
		const char *id; \
		COLUMNS_##table(FIELD_TEXT, FIELD_INT, table) int64_t deleted; \
	};
#include "core/change/tables.def"
#undef TABLE
#undef FIELD_TEXT
#undef FIELD_INT

enum table_id {
#define TABLE(table) TABLE_##table,
#include "core/change/tables.def"
#undef TABLE
	TABLE_COUNT
};

#define COLUMN(table, column) ((void)sizeof(((struct table *)0)->column), #column)

enum column_type { COLUMN_TEXT, COLUMN_INT };

struct column {
	const char *name;
	enum column_type type;
	size_t offset; /* within the row's struct */
};

struct table_info {
	const char *name;
	size_t size; /* of the row's struct */
	const struct column *columns; /* the last one is "deleted" */
	size_t count;
};

const struct table_info *table_info(enum table_id id);
/* What people call a row of the table: a msgid that may also stand as an argument of a message. Any other id: "a record". */
const char *table_title(enum table_id id);
const char *table_title_word(enum table_id id); /* with MSG_WORD_MARK */
/* TABLE_COUNT when there is none of that name: an op of a newer hoshu. */
enum table_id table_find(const char *name);
const struct column *table_column(enum table_id id, const char *name);
/* A row whose texts are all "" and numbers TIME_NONE. */
void table_row_init(enum table_id id, void *row);

#endif
