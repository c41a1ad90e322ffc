/* Screens: one file a dashboard, one line in screens.def. A screen shows; it never writes (commands do).
 *
 * refill reads the store into the screen's own state (rarely, when a topic changed); draw fills a surface from that state (often, must not read).
 * Lists, searching, sorting, marking, scrolling are the list widget's; a screen says what a row is. */
#ifndef TUI_SCREEN_SCREEN_H
#define TUI_SCREEN_SCREEN_H

#include <stdbool.h>

#include "core/base/err.h"
#include "tui/command/command.h"
#include "tui/widget/surface.h"

struct app;
struct list;
struct screen;

struct screen_ops {
	const char *name;      /* "tickets": keys.def and :screen use it */
	const char *title;     /* N_(), the tab's word */
	int tab;               /* 1–8, 0 for a screen that is opened from another */
	unsigned topics;       /* TOPIC_*: what makes it refill */
	int (*open)(struct screen *s, const char *subject, struct err *err); /* subject: a row or contract id, "" */
	void (*close)(struct screen *s);
	int (*refill)(struct screen *s, struct err *err); /* HS_ERR_BUSY keeps the old rows */
	void (*draw)(struct screen *s, struct surface *out, struct rect area);
	/* Before each draw into area: reads what the cursor came to point at since (a preview). Little and by index; may be NULL. */
	void (*settle)(struct screen *s, struct rect area);
	/* The list that has the focus, NULL when there is none. */
	struct list *(*list)(struct screen *s);
	/* Keys that no binding and no list took; false when unused. */
	bool (*key)(struct screen *s, int key);
	/* What {ticket}, {host} … of a key's command stand for: ids of the marked rows or of the one under the cursor.
	 * Returns how many were written. */
	size_t (*targets)(struct screen *s, enum arg_kind kind, const char **ids, size_t max);
	/* Opens what is under the cursor (Enter). */
	void (*enter)(struct screen *s);
	/* Focus to the next pane (Tab). */
	void (*next_pane)(struct screen *s);
};

/* Every screen, as screens.def: SCREEN(tickets) is screen_tickets. */
#define SCREEN(symbol) extern const struct screen_ops screen_##symbol;
#include "tui/screen/screens.def"
#undef SCREEN

const struct screen_ops *const *screen_list(size_t *count);
/* NULL when there is none. */
const struct screen_ops *screen_by_name(const char *name);
const struct screen_ops *screen_by_tab(int tab);

struct screen {
	const struct screen_ops *ops;
	struct app *app;       /* borrowed: contract, store, status, now through app.h */
	void *state;           /* the screen's own, made by open, freed by close */
	bool stale;            /* a topic changed since refill */
	int64_t filled_at;
};

#endif
