/* A list of rows: columns that fit the width, selection, marks, sorting, filter, search, scrolling, mouse.
 *
 * The rows stay where they are: the source's row() is asked for the visible ones only, so that 100,000 rows
 * cost nothing until they are seen; a filter or a sort reads each row once. Selection and marks follow a row's
 * id over a refill. Draws, never reads the store. Used by screens and by the history, help and viewer of tui/app. */
#ifndef TUI_WIDGET_LIST_H
#define TUI_WIDGET_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "tui/widget/key.h"
#include "tui/widget/surface.h"

#define LIST_COLUMNS 16

struct list_column {
	const char *key;   /* "due": stays for ever */
	const char *title; /* N_() */
	int min, width;    /* cells: at least, as wished; width 0 shares what is left over (at least min) */
	int priority;      /* 1 stays longest; when room is short the highest number goes first */
	int align;         /* -1 left, 1 right */
	bool sorts;        /* o stops at it */
};

struct list_cell {
	const char *text;  /* foreign bytes welcome; valid until the next call of row */
	enum role role;
	int64_t number;    /* what the column sorts by when text does not say it (a time, a count); TIME_NONE otherwise */
};

struct list_source {
	size_t (*count)(void *ctx);
	/* Fills the cells of row index, one a column; they come as {"", ROLE_text, TIME_NONE}. */
	void (*row)(void *ctx, size_t index, struct list_cell *cells);
	/* The row's id: what a key's {ticket} stands for. Valid until the next refill. */
	const char *(*id)(void *ctx, size_t index);
	/* Optional: appends the text a filter looks through; otherwise all cells. */
	void (*words)(void *ctx, size_t index, struct strbuf *out);
	/* Optional, keyset paging: loads the next page, count() grows; false when there is no more. Asked when the end comes near. */
	bool (*more)(void *ctx);
};

struct list {
	const struct list_column *columns;
	size_t column_count;
	const struct list_source *source;
	void *ctx;
	/* state, read freely, change through the functions */
	size_t count;             /* rows of the source at the last refill */
	uint32_t *order;          /* source index of each shown row, NULL: all, in the source's order */
	size_t shown;
	size_t selected, top;     /* among the shown */
	char *selected_id;
	int sort;                 /* column, -1 the source's order */
	bool descending;
	char *filter, *search;    /* as typed; NULL when none */
	VEC(char *) marks;        /* ids, in byte order */
	const char **words;       /* folded text of each row, made by the first filter or search, gone at a refill */
	struct arena words_mem;
	size_t anchor;            /* where a range of marks begins, SIZE_MAX none */
	struct rect rows_area;    /* where the rows were drawn last, for the mouse */
	const char *empty;        /* N_(): said when there are no rows */
	bool headless;            /* draws no column titles */
};

void list_init(struct list *l, const struct list_column *columns, size_t count, const struct list_source *source,
	       void *ctx);
void list_release(struct list *l);
/* The source's rows changed. */
void list_refill(struct list *l);
void list_draw(struct list *l, struct surface *out, struct rect area, bool focused);

/* Moves, marks, sorts; false when the key is none of a list's. The caller asks for text after / and \ and hands it in here. */
bool list_key(struct list *l, const struct key *key);
void list_set_filter(struct list *l, const char *text); /* NULL or "" takes it away */
/* Goes to the next (previous) row that holds text; NULL: the last text again. false when none does. */
bool list_search(struct list *l, const char *text, bool backward);
/* column_key NULL: the source's order. */
void list_set_sort(struct list *l, const char *column_key, bool descending);

/* Source index of the row under the cursor; SIZE_MAX when the list is empty. */
size_t list_selected(const struct list *l);
const char *list_selected_id(const struct list *l); /* NULL when empty */
bool list_select_id(struct list *l, const char *id);
void list_move(struct list *l, long rows);
bool list_marked(const struct list *l, const char *id);
void list_clear_marks(struct list *l);
/* Ids of the marked rows, or of the one under the cursor when none is marked; at most max. What screen_ops.targets wants. */
size_t list_targets(const struct list *l, const char **ids, size_t max);
/* Appends the cells of the row under the cursor, two blanks between; false when the list is empty. */
bool list_row_text(const struct list *l, struct strbuf *out);

#endif
