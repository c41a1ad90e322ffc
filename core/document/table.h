/* A table of results: columns with a name for machines and a title for people, cells of text or number. */
#ifndef CORE_DOCUMENT_TABLE_H
#define CORE_DOCUMENT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/mem.h"

enum cell_kind { CELL_TEXT, CELL_INT, CELL_TIME, CELL_DAY, CELL_NONE };

struct table_column {
	const char *key;   /* "due_at": JSON and CSV */
	const char *title; /* N_() */
	enum cell_kind kind;
	int align;         /* -1 left, 1 right */
};

struct table_cell {
	enum cell_kind kind;
	int64_t number;
	const char *text;  /* in the table's arena */
};

/* A released or zeroed table is empty. */
struct table {
	struct arena mem;
	const char *name;  /* "tickets": the array's key in JSON */
	const struct table_column *columns; /* static */
	size_t column_count;
	VEC(struct table_cell) cells;       /* row by row */
};

void table_init(struct table *t, const char *name, const struct table_column *columns, size_t count);
void table_release(struct table *t);
void table_text(struct table *t, const char *text); /* the next cell; NULL is an empty one */
void table_number(struct table *t, int64_t n);      /* of the column's kind; TIME_NONE is an empty one */
size_t table_rows(const struct table *t);

#endif
