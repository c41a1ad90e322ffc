/* The head of a ticket: title, clock, stamps, flow, next action. Draws from what was loaded, and works the clock out for now. */
#ifndef TUI_SCREEN_TICKET_HEAD_H
#define TUI_SCREEN_TICKET_HEAD_H

#include "data/store/ticket.h"
#include "tui/widget/surface.h"

/* Returns the rows it took, at most area.rows. */
int ticket_head_draw(const struct ticket_detail *d, const struct contract *c, int64_t now, struct surface *out,
		     struct rect area);

#endif
