/* See table.h. */
#include "core/document/table.h"

#include "core/base/civil.h"

void table_init(struct table *t, const char *name, const struct table_column *columns, size_t count)
{
	*t = (struct table){ .name = name, .columns = columns, .column_count = count };
}

void table_release(struct table *t)
{
	arena_release(&t->mem);
	vec_release(&t->cells);
	*t = (struct table){ 0 };
}

void table_text(struct table *t, const char *text)
{
	struct table_cell *c = vec_add(&t->cells);

	c->kind = text != NULL ? CELL_TEXT : CELL_NONE;
	c->text = text != NULL ? arena_text(&t->mem, text) : "";
	c->number = TIME_NONE;
}

void table_number(struct table *t, int64_t n)
{
	enum cell_kind kind = t->columns[t->cells.len % t->column_count].kind;
	struct table_cell *c = vec_add(&t->cells);

	c->kind = n != TIME_NONE ? kind : CELL_NONE;
	c->text = "";
	c->number = n;
}

size_t table_rows(const struct table *t)
{
	return t->column_count > 0 ? t->cells.len / t->column_count : 0;
}
