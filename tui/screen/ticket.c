/* One ticket (S2.3(1)③): head, clock, flow, time line and check list; Tab goes from one list to the other. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "tui/app/app.h"
#include "tui/screen/ticket_pane.h"
#include "tui/widget/tr.h"

struct ticket_screen {
	struct ticket_pane pane;
	char id[UUID_SIZE];
	int focus; /* 1 the time line, 2 the check list */
};

static int ticket_open(struct screen *s, const char *subject, struct err *err)
{
	struct rows rows;
	int rc = uuid_valid(subject) ? store_row(app_store(s->app), TABLE_ticket, subject, &rows, err)
				     : store_find(app_store(s->app), TABLE_ticket, subject, &rows, err);

	if (rc != 0)
		return rc;
	struct ticket_screen *t = mem_alloc(1, sizeof *t);
	s->state = t;
	memcpy(t->id, ROWS(ticket, &rows)->id, UUID_SIZE);
	t->focus = 1;
	ticket_pane_init(&t->pane, s->app);
	rows_release(&rows);
	return 0;
}

static void ticket_close(struct screen *s)
{
	struct ticket_screen *t = s->state;

	ticket_pane_release(&t->pane);
	free(t);
}

static int ticket_refill(struct screen *s, struct err *err)
{
	struct ticket_screen *t = s->state;

	return ticket_pane_load(&t->pane, t->id, err);
}

static void ticket_draw(struct screen *s, struct surface *out, struct rect area)
{
	struct ticket_screen *t = s->state;

	ticket_pane_draw(&t->pane, out, area, t->focus);
}

static struct list *ticket_list(struct screen *s)
{
	struct ticket_screen *t = s->state;

	return t->focus == 2 ? &t->pane.checklist : &t->pane.timeline;
}

/* {ticket} is this one; {text} the item of the check list, whichever list has the focus. */
static size_t ticket_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	struct ticket_screen *t = s->state;
	const struct ticket *row = t->pane.loaded ? ROWS(ticket, &t->pane.detail.ticket) : NULL;

	if (max == 0 || row == NULL)
		return 0;
	switch (kind) {
	case ARG_TICKET: ids[0] = t->id; break;
	case ARG_TEXT: ids[0] = list_selected_id(&t->pane.checklist); break;
	case ARG_SITE: ids[0] = row->site; break;
	case ARG_SERVICE: ids[0] = row->service; break;
	case ARG_HOST: ids[0] = row->host; break;
	case ARG_CHECK: ids[0] = row->check_id; break;
	default: return 0;
	}
	return ids[0] != NULL && ids[0][0] != '\0';
}

/* The whole of an entry of the time line. */
static void ticket_enter_row(struct screen *s)
{
	struct ticket_screen *t = s->state;
	size_t i = list_selected(&t->pane.timeline);
	struct strbuf title = { 0 };

	if (t->focus == 2) {
		app_command(s->app, "ticket tick {ticket} --item {text} --toggle");
		return;
	}
	if (i >= t->pane.events.len)
		return;
	const struct pane_event *e = &t->pane.events.v[i];
	strbuf_addf(&title, "%s %s", e->when, e->who);
	app_view(s->app, strbuf_text(&title), e->text);
	strbuf_release(&title);
}

static void ticket_next_pane(struct screen *s)
{
	struct ticket_screen *t = s->state;

	t->focus = t->focus == 1 && t->pane.items.len > 0 ? 2 : 1;
}

const struct screen_ops screen_ticket = {
	.name = "ticket",
	.title = N_("ticket"),
	.topics = TOPIC_TICKETS,
	.open = ticket_open,
	.close = ticket_close,
	.refill = ticket_refill,
	.draw = ticket_draw,
	.list = ticket_list,
	.targets = ticket_targets,
	.enter = ticket_enter_row,
	.next_pane = ticket_next_pane,
};
