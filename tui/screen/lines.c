/* See lines.h. */
#include "tui/screen/lines.h"

#include <stdio.h>

#include "core/base/civil.h"
#include "core/base/msg.h"
#include "tui/widget/tr.h"

void lines_release(struct lines *l)
{
	vec_release(&l->list);
	strbuf_release(&l->text);
	arena_release(&l->mem);
	*l = (struct lines){ 0 };
}

void lines_end(struct lines *l, enum role role, const char *id)
{
	struct line line = { role, arena_text(&l->mem, strbuf_text(&l->text)), id != NULL ? arena_text(&l->mem, id) : "" };

	vec_push(&l->list, line);
	strbuf_clear(&l->text);
}

void lines_draw(const struct lines *l, struct surface *out, struct rect area)
{
	for (int i = 0; i < area.rows && (size_t)i < l->list.len; i++) {
		const struct line *line = &l->list.v[i];
		bool cut = i + 1 == area.rows && (size_t)i + 1 < l->list.len;
		char more[32];
		snprintf(more, sizeof more, " ~ +%zu", l->list.len - (size_t)i);
		surface_field(out, area.row + i, area.col, area.cols, cut ? ROLE_dim : line->role, -1, cut ? more : line->text);
	}
}

static size_t line_count(void *ctx)
{
	return ((struct lines *)ctx)->list.len;
}

static void line_row(void *ctx, size_t i, struct list_cell *cells)
{
	const struct line *line = &((struct lines *)ctx)->list.v[i];

	cells[0].text = line->text;
	cells[0].role = line->role;
}

static const char *line_id(void *ctx, size_t i)
{
	const struct line *line = &((struct lines *)ctx)->list.v[i];

	return *line->id != '\0' ? line->id : line->text;
}

void lines_list_init(struct list *list, struct lines *l)
{
	static const struct list_column columns[] = { { "text", "", 1, 0, 1, -1, false } };
	static const struct list_source source = { .count = line_count, .row = line_row, .id = line_id };

	list_init(list, columns, 1, &source, l);
	list->headless = true;
}

void add_day(struct strbuf *out, int64_t day)
{
	int y, m, d;

	if (day <= INT32_MIN || day > INT32_MAX) {
		strbuf_add_text(out, "--");
		return;
	}
	day_to_civil((int32_t)day, &y, &m, &d);
	strbuf_addf(out, "%02d/%02d", m, d);
}

void add_days(struct strbuf *out, int64_t from, int64_t to)
{
	add_day(out, from);
	if (to == from)
		return;
	strbuf_add_char(out, '-');
	add_day(out, to);
}

void add_bar(struct strbuf *out, int cells, int64_t done, int64_t total)
{
	if (total <= 0 || done == TIME_NONE)
		return;
	int64_t kept = done < 0 ? 0 : done > total ? total : done;
	int full = (int)((double)kept / (double)total * cells);
	if (kept < total && full >= cells)
		full = cells - 1;
	strbuf_add_char(out, '[');
	strbuf_pad(out, '#', (size_t)full);
	strbuf_pad(out, '-', (size_t)(cells - full));
	int percent = kept == total ? 100 : (int)((double)kept / (double)total * 100);
	strbuf_addf(out, "] %3d%%", kept < total && percent > 99 ? 99 : percent);
}

void add_msg(struct strbuf *out, const struct msg *m)
{
	msg_format(m, tr, out);
}
