/* 操作履歴: every change anyone made, a row a transaction, newest first; Enter shows its fields, x takes it back (S4.1(1)).
 *
 * Pages by time, so that a log of years opens at once. */
#include <stdlib.h>
#include <string.h>

#include "core/base/civil.h"
#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "tui/app/app.h"
#include "tui/screen/screen.h"
#include "tui/widget/list.h"
#include "tui/widget/tr.h"

#define PAGE 400 /* changes */

/* One transaction; its changes stand in pages[page].list from first on. */
struct entry {
	const struct change_row *changes;
	size_t count;
	const char *at, *what; /* in the history's arena */
};

struct history {
	struct arena mem;
	VEC(struct change_rows *) pages;
	VEC(struct entry) entries;
	struct list list;
	bool ended;
	struct screen *screen;
};

static const struct list_column columns[] = {
	{ "at", N_("when"), 11, 16, 1, -1, false },
	{ "who", N_("who"), 6, 10, 2, -1, false },
	{ "verb", N_("verb"), 10, 18, 2, -1, false },
	{ "what", N_("what"), 30, 0, 1, -1, false },
	{ "device", N_("device"), 8, 16, 4, -1, false },
};

static size_t entry_count(void *ctx)
{
	return ((struct history *)ctx)->entries.len;
}

static void entry_row(void *ctx, size_t i, struct list_cell *cells)
{
	const struct entry *e = &((struct history *)ctx)->entries.v[i];

	cells[0].text = e->at;
	cells[1].text = e->changes->actor;
	cells[2].text = e->changes->verb;
	cells[3].text = e->what;
	cells[4].text = e->changes->device;
	cells[4].role = ROLE_dim;
}

static const char *entry_id(void *ctx, size_t i)
{
	return ((struct history *)ctx)->entries.v[i].changes->tx;
}

/* A value as people read it: a moment, a day, or the text. */
static void add_value(const struct history *h, const struct change_row *c, const char *value, struct strbuf *out)
{
	int offset = app_offset(h->screen->app);
	size_t len = strlen(c->column);
	enum table_id table = table_find(c->table);
	const struct column *column = table != TABLE_COUNT ? table_column(table, c->column) : NULL;

	if (value == NULL || *value == '\0' || column == NULL || column->type != COLUMN_INT)
		strbuf_add_text(out, value != NULL ? value : "");
	else if ((len >= 2 && strcmp(c->column + len - 2, "at") == 0) || strcmp(c->column, "deleted") == 0)
		time_format(strtoll(value, NULL, 10), offset, TIME_MINUTES, out);
	else if (len > 4 && strcmp(c->column + len - 4, "_day") == 0)
		time_format(day_start((int32_t)strtol(value, NULL, 10), offset), offset, TIME_DAY, out);
	else
		strbuf_add_text(out, value);
}

/* The number that people call the row by: from the change itself, else from the row as it is now. */
static void add_number(const struct history *h, const struct change_row *c, size_t count, struct strbuf *out)
{
	struct rows rows;

	for (size_t i = 0; i < count; i++) {
		enum table_id table = table_find(c[i].table);
		const struct column *number = table != TABLE_COUNT ? table_column(table, "number") : NULL;
		if (number == NULL)
			continue;
		strbuf_addf(out, "%s ", tr(table_title(table)));
		if (store_row(app_store(h->screen->app), table, c[i].row, &rows, NULL) == 0) {
			strbuf_addf(out, "#%s ", *(const char *const *)((const char *)rows.v + number->offset));
			rows_release(&rows);
		}
		return;
	}
	strbuf_addf(out, "%s ", tr(table_title(table_find(c->table))));
}

/* "ticket #S39 stage=diagnosis owner=…": what it was about, and its fields in the order they were written. */
static void describe(const struct history *h, const struct change_row *c, size_t count, struct strbuf *out)
{
	add_number(h, c, count, out);
	for (size_t i = count; i-- > 0 && out->len < 240;) {
		if (strcmp(c[i].column, "id") == 0 || strcmp(c[i].column, "number") == 0 || strstr(c[i].table, "_") != NULL ||
		    (c[i].after != NULL && uuid_valid(c[i].after)))
			continue;
		strbuf_addf(out, "%s=", c[i].column);
		add_value(h, &c[i], c[i].after, out);
		strbuf_add_char(out, ' ');
	}
}

static void add_entry(struct history *h, const struct change_row *c, size_t count)
{
	struct entry *e = vec_add(&h->entries);
	struct strbuf text = { 0 };

	e->changes = c;
	e->count = count;
	time_format(c->at, app_offset(h->screen->app), TIME_MINUTES, &text);
	e->at = arena_text(&h->mem, strbuf_text(&text));
	strbuf_clear(&text);
	describe(h, c, count, &text);
	e->what = arena_text(&h->mem, strbuf_text(&text));
	strbuf_release(&text);
}

static int load_page(struct history *h, struct err *err)
{
	struct change_rows *page = mem_alloc(1, sizeof *page);
	const struct entry *last = h->entries.len > 0 ? &h->entries.v[h->entries.len - 1] : NULL;
	int rc = store_history(app_store(h->screen->app), NULL, last != NULL ? last->changes->at : TIME_NONE, PAGE, page, err);

	if (rc != 0) {
		free(page);
		return rc;
	}
	vec_push(&h->pages, page);
	for (size_t i = 0; i < page->list.len;) {
		size_t from = i;
		while (i < page->list.len && strcmp(page->list.v[i].tx, page->list.v[from].tx) == 0)
			i++;
		add_entry(h, &page->list.v[from], i - from);
	}
	h->ended = page->list.len == 0;
	return 0;
}

static bool more(void *ctx)
{
	struct history *h = ctx;

	return !h->ended && load_page(h, NULL) == 0 && !h->ended;
}

static void forget(struct history *h)
{
	for (size_t i = 0; i < h->pages.len; i++) {
		change_rows_release(h->pages.v[i]);
		free(h->pages.v[i]);
	}
	vec_clear(&h->pages);
	vec_clear(&h->entries);
	arena_release(&h->mem);
	h->ended = false;
}

static int history_open(struct screen *s, const char *subject, struct err *err)
{
	static const struct list_source source = { .count = entry_count, .row = entry_row, .id = entry_id, .more = more };
	struct history *h = mem_alloc(1, sizeof *h);

	(void)subject;
	(void)err;
	s->state = h;
	h->screen = s;
	list_init(&h->list, columns, sizeof columns / sizeof *columns, &source, h);
	h->list.empty = N_("nobody has written anything yet");
	return 0;
}

static void history_close(struct screen *s)
{
	struct history *h = s->state;

	list_release(&h->list);
	forget(h);
	vec_release(&h->pages);
	vec_release(&h->entries);
	free(h);
}

/* The pages come anew, as many as there were; on a busy database the old rows stay. */
static int history_refill(struct screen *s, struct err *err)
{
	struct history *h = s->state, fresh = { .screen = s };
	size_t pages = h->pages.len > 0 ? h->pages.len : 1;
	int rc = 0;

	for (size_t i = 0; i < pages && rc == 0 && !fresh.ended; i++)
		rc = load_page(&fresh, err);
	if (rc != 0) {
		forget(&fresh);
		vec_release(&fresh.pages);
		vec_release(&fresh.entries);
		return rc;
	}
	forget(h);
	vec_release(&h->pages);
	vec_release(&h->entries);
	fresh.list = h->list;
	*h = fresh;
	list_refill(&h->list);
	return 0;
}

static void history_draw(struct screen *s, struct surface *out, struct rect area)
{
	list_draw(&((struct history *)s->state)->list, out, area, true);
}

static struct list *history_list(struct screen *s)
{
	return &((struct history *)s->state)->list;
}

/* {text} is the transaction. */
static size_t history_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	return kind == ARG_TEXT ? list_targets(history_list(s), ids, max) : 0;
}

static void history_enter(struct screen *s)
{
	struct history *h = s->state;
	size_t i = list_selected(&h->list);
	struct strbuf text = { 0 }, title = { 0 };

	if (i >= h->entries.len)
		return;
	const struct entry *e = &h->entries.v[i];
	strbuf_addf(&title, "%s %s %s (%s)", e->at, e->changes->actor, e->changes->verb, e->changes->tx);
	for (size_t k = e->count; k-- > 0;) {
		const struct change_row *c = &e->changes[k];
		strbuf_addf(&text, "%s %s: '", tr(table_title(table_find(c->table))), c->column);
		add_value(h, c, c->before, &text);
		strbuf_add_text(&text, "' -> '");
		add_value(h, c, c->after, &text);
		strbuf_add_text(&text, "'\n");
	}
	app_view(s->app, strbuf_text(&title), strbuf_text(&text));
	strbuf_release(&text);
	strbuf_release(&title);
}

const struct screen_ops screen_history = {
	.name = "history",
	.title = N_("history"),
	.tab = 8,
	.topics = TOPIC_ALL & ~(unsigned)TOPIC_STATUS,
	.open = history_open,
	.close = history_close,
	.refill = history_refill,
	.draw = history_draw,
	.list = history_list,
	.targets = history_targets,
	.enter = history_enter,
};
