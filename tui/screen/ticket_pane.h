/* One ticket drawn into any rectangle: the detail screen, and the preview beside or below the queue.
 *
 * Head with the clock's bar, stamps, flow; then two lists, the time line (newest first) and the check list. Loading
 * reads the store; drawing does not. */
#ifndef TUI_SCREEN_TICKET_PANE_H
#define TUI_SCREEN_TICKET_PANE_H

#include "core/base/mem.h"
#include "data/store/ticket.h"
#include "tui/screen/screen.h"
#include "tui/widget/list.h"

struct pane_event {
	int64_t at;
	size_t order; /* as it was read: breaks ties */
	const char *id, *when, *who, *text;
	bool client, automatic;
};
struct pane_item {
	const char *id; /* STAGE/ITEM, as the verb takes it */
	const char *stage, *text;
	bool done, current;
};

struct ticket_pane {
	struct app *app;
	struct ticket_detail detail;
	bool loaded;
	struct arena mem;
	VEC(struct pane_event) events;
	VEC(struct pane_item) items;
	struct list timeline, checklist;
};

void ticket_pane_init(struct ticket_pane *p, struct app *app);
void ticket_pane_release(struct ticket_pane *p);
/* On failure what was loaded before stays. */
int ticket_pane_load(struct ticket_pane *p, const char *id, struct err *err);
/* focus: 0 none, 1 the time line, 2 the check list. */
void ticket_pane_draw(struct ticket_pane *p, struct surface *out, struct rect area, int focus);
/* The id of the ticket shown, "" when none. */
const char *ticket_pane_id(const struct ticket_pane *p);

/* "[####------]" in cells columns: elapsed rounds up, and is never full below 100 %. */
void hours_bar(int cells, int64_t done, int64_t total, struct strbuf *out);
/* "5h10m", from 72 hours on "3d". */
void hours_text(int64_t seconds, bool days, struct strbuf *out);
enum role severity_role(enum severity s);
enum role recovery_role(const struct recovery *r);
/* "復旧目安まで 5h10m": the state of the clock as a phrase. */
void recovery_phrase(const struct recovery *r, enum severity severity, struct strbuf *out);
/* 次の対応 of a ticket, in the language of the screen. */
void next_phrase(const struct ticket_detail *d, const struct contract *c, struct strbuf *out);

#endif
