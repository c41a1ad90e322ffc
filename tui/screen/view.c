/* A pager: lines of text in a list, so that searching and filtering are the same as everywhere. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/app/app.h"
#include "tui/screen/screen.h"
#include "tui/widget/list.h"

struct view {
	struct arena mem;
	const char *title;
	VEC(const char *) lines;
	struct list list;
	char id[24]; /* of the line asked for last */
};

static size_t line_count(void *ctx)
{
	return ((struct view *)ctx)->lines.len;
}

static void line_row(void *ctx, size_t i, struct list_cell *cells)
{
	cells[0].text = ((struct view *)ctx)->lines.v[i];
}

static const char *line_id(void *ctx, size_t i)
{
	struct view *v = ctx;

	msg_int(v->id, (int64_t)i);
	return v->id;
}

/* subject: the title, a line break, the text. */
static int view_open(struct screen *s, const char *subject, struct err *err)
{
	static const struct list_column columns[] = { { "text", "", 1, 0, 1, -1, false } };
	static const struct list_source source = { .count = line_count, .row = line_row, .id = line_id };
	struct view *v = mem_alloc(1, sizeof *v);
	size_t len = strcspn(subject, "\n");

	(void)err;
	s->state = v;
	v->title = arena_text_n(&v->mem, subject, len);
	for (const char *p = subject + len + (subject[len] == '\n'); *p != '\0';) {
		len = strcspn(p, "\n");
		vec_push(&v->lines, arena_text_n(&v->mem, p, len));
		p += len + (p[len] == '\n');
	}
	list_init(&v->list, columns, 1, &source, v);
	v->list.headless = true;
	list_refill(&v->list);
	return 0;
}

static void view_close(struct screen *s)
{
	struct view *v = s->state;

	list_release(&v->list);
	vec_release(&v->lines);
	arena_release(&v->mem);
	free(v);
}

static void view_draw(struct screen *s, struct surface *out, struct rect area)
{
	struct view *v = s->state;

	surface_field(out, area.row, area.col, area.cols, ROLE_head, -1, v->title);
	list_draw(&v->list, out, (struct rect){ area.row + 1, area.col, area.rows - 1, area.cols }, true);
}

static struct list *view_list(struct screen *s)
{
	return &((struct view *)s->state)->list;
}

const struct screen_ops screen_view = {
	.name = "view",
	.title = N_("text"),
	.open = view_open,
	.close = view_close,
	.draw = view_draw,
	.list = view_list,
};
