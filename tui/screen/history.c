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
	{ "what", N_("what"), 16, 0, 1, -1, false },
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

/* "ticket S39: stage, owner": the first row's number or title, and the fields. */
static void describe(const struct change_row *c, size_t count, struct strbuf *out)
{
	const char *name = "";

	for (size_t i = 0; i < count; i++)
		if (c[i].after != NULL && *c[i].after != '\0' &&
		    (strcmp(c[i].column, "number") == 0 || (*name == '\0' && strcmp(c[i].column, "title") == 0)))
			name = c[i].after;
	strbuf_addf(out, "%s%s%s:", c->table, *name != '\0' ? " " : "", name);
	for (size_t i = 0; i < count && out->len < 200; i++)
		if (strcmp(c[i].column, "id") != 0 && strcmp(c[i].column, "number") != 0)
			strbuf_addf(out, " %s=%s", c[i].column, c[i].after != NULL ? c[i].after : "");
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
	describe(c, count, &text);
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
	for (size_t k = 0; k < e->count; k++) {
		const struct change_row *c = &e->changes[k];
		strbuf_addf(&text, "%s %.8s %s: '%s' -> '%s'\n", c->table, c->row, c->column, c->before != NULL ? c->before : "",
			    c->after != NULL ? c->after : "");
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
