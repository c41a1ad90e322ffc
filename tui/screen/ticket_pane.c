/* See ticket_pane.h. What is drawn is built when the ticket is loaded; only the clock is worked out anew each time. */
#include "tui/screen/ticket_pane.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "core/ticket/flow.h"
#include "core/ticket/talk.h"
#include "data/store/note.h"
#include "data/store/talk.h"
#include "tui/app/app.h"
#include "tui/screen/ticket_head.h"
#include "tui/widget/tr.h"

enum { SIDE_BY_SIDE = 70, CHECKLIST_CELLS = 30, CHECKLIST_ROWS = 4 };

/* ---- the two lists ---- */

static size_t event_count(void *ctx)
{
	return ((struct ticket_pane *)ctx)->events.len;
}

static void event_row(void *ctx, size_t i, struct list_cell *cells)
{
	const struct pane_event *e = &((struct ticket_pane *)ctx)->events.v[i];

	cells[0].text = e->when;
	cells[0].role = ROLE_dim;
	cells[0].number = e->at;
	cells[1].text = e->who;
	cells[2].text = e->text;
	cells[2].role = e->automatic ? ROLE_dim : ROLE_text;
}

static const char *event_id(void *ctx, size_t i)
{
	return ((struct ticket_pane *)ctx)->events.v[i].id;
}

static size_t item_count(void *ctx)
{
	return ((struct ticket_pane *)ctx)->items.len;
}

static void item_row(void *ctx, size_t i, struct list_cell *cells)
{
	const struct pane_item *item = &((struct ticket_pane *)ctx)->items.v[i];

	cells[0].text = item->done ? "[x]" : "[ ]";
	cells[0].role = item->done ? ROLE_ok : item->current ? ROLE_warn : ROLE_dim;
	cells[1].text = item->text;
	cells[1].role = item->current ? ROLE_text : ROLE_dim;
}

static const char *item_id(void *ctx, size_t i)
{
	return ((struct ticket_pane *)ctx)->items.v[i].id;
}

void ticket_pane_init(struct ticket_pane *p, struct app *app)
{
	static const struct list_column event_columns[] = {
		{ "at", N_("when"), 11, 11, 1, -1, false },
		{ "who", N_("by whom"), 4, 6, 2, -1, false },
		{ "text", N_("what happened"), 12, 0, 1, -1, false },
	};
	static const struct list_column item_columns[] = {
		{ "done", "", 3, 3, 1, -1, false },
		{ "item", N_("check list"), 10, 0, 1, -1, false },
	};
	static const struct list_source events = { .count = event_count, .row = event_row, .id = event_id };
	static const struct list_source items = { .count = item_count, .row = item_row, .id = item_id };

	*p = (struct ticket_pane){ .app = app };
	list_init(&p->timeline, event_columns, 3, &events, p);
	list_init(&p->checklist, item_columns, 2, &items, p);
	p->timeline.headless = p->checklist.headless = true;
	p->timeline.empty = N_("nothing happened yet");
	p->checklist.empty = N_("this kind has no check list");
}

static void forget(struct ticket_pane *p)
{
	ticket_detail_release(&p->detail);
	vec_clear(&p->events);
	vec_clear(&p->items);
	arena_release(&p->mem);
	p->loaded = false;
}

void ticket_pane_release(struct ticket_pane *p)
{
	forget(p);
	list_release(&p->timeline);
	list_release(&p->checklist);
	vec_release(&p->events);
	vec_release(&p->items);
}

const char *ticket_pane_id(const struct ticket_pane *p)
{
	return p->loaded ? ROWS(ticket, &p->detail.ticket)->id : "";
}

/* ---- building what is shown ---- */

static struct pane_event *add_event(struct ticket_pane *p, int64_t at, const char *id, const char *who)
{
	struct pane_event *e = vec_add(&p->events);
	struct strbuf when = { 0 };

	time_format(at, app_offset(p->app), TIME_SHORT, &when);
	*e = (struct pane_event){ .at = at, .order = p->events.len, .id = id, .when = arena_text(&p->mem, strbuf_text(&when)),
				  .who = strcmp(who, "auto") == 0 ? tr(N_("automatic")) : who,
				  .automatic = strcmp(who, "auto") == 0, .text = "" };
	strbuf_release(&when);
	return e;
}

static void keep_text(struct ticket_pane *p, struct pane_event *e, struct strbuf *text)
{
	e->text = arena_text(&p->mem, strbuf_text(text));
	strbuf_clear(text);
}

static void add_stages(struct ticket_pane *p, const struct flow *flow, struct strbuf *text)
{
	const struct rows *rows = &p->detail.stages;

	for (size_t i = 0; i < rows->len; i++) {
		const struct ticket_stage *s = &ROWS(ticket_stage, rows)[i];
		const struct flow_stage *stage = flow != NULL ? flow_stage(flow, s->stage) : NULL;
		struct pane_event *e = add_event(p, s->at, s->id, s->who);
		strbuf_addf(text, "[%s]%s%s", stage != NULL ? tr_label(&stage->name) : s->stage, s->reason[0] != '\0' ? " " : "",
			    s->reason);
		keep_text(p, e, text);
	}
}

static void add_talks(struct ticket_pane *p, struct strbuf *text)
{
	const struct rows *rows = &p->detail.talks;

	for (size_t i = 0; i < rows->len; i++) {
		const struct talk *t = &ROWS(talk, rows)[i];
		struct pane_event *e = add_event(p, t->at, t->id, t->who);
		bool gone = talk_cancelled(rows, t->id);
		strbuf_addf(text, "#%s %s%s%s %s %s %s", t->number, tr(word_label(about_words, t->about)),
			    t->cancels[0] != '\0' || gone ? " " : "",
			    t->cancels[0] != '\0' ? tr(N_("cancellation")) : gone ? tr(N_("withdrawn")) : "",
			    tr(word_label(act_words, t->act)), t->person, tr(word_label(result_words, t->result)));
		if (t->said[0] != '\0')
			strbuf_addf(text, " %s", t->said);
		keep_text(p, e, text);
	}
}

static void add_notes(struct ticket_pane *p, struct strbuf *text)
{
	const struct rows *rows = &p->detail.notes;

	for (size_t i = 0; i < rows->len; i++) {
		const struct note *n = &ROWS(note, rows)[i];
		struct pane_event *e = add_event(p, n->at, n->id, n->who);
		e->client = strcmp(n->audience, "client") == 0;
		if (e->client)
			strbuf_addf(text, "(%s) ", tr(N_("client")));
		strbuf_add_text(text, n->body);
		keep_text(p, e, text);
	}
}

static void add_checks(struct ticket_pane *p, struct strbuf *text)
{
	const struct rows *rows = &p->detail.checks;

	for (size_t i = 0; i < rows->len; i++) {
		const struct ticket_check *c = &ROWS(ticket_check, rows)[i];
		const struct check *check = contract_check_by_id(app_contract(p->app), c->check_id);
		const char *name = check != NULL ? tr_label(&check->name) : c->check_id;
		struct pane_event *e = add_event(p, c->at, c->id, "auto");
		strbuf_addf(text, "%s: %s", tr(N_("joined")), name);
		keep_text(p, e, text);
		if (c->recovered_at == TIME_NONE)
			continue;
		e = add_event(p, c->recovered_at, c->id, "auto");
		strbuf_addf(text, "%s: %s", tr(N_("works again")), name);
		keep_text(p, e, text);
	}
}

static void add_children(struct ticket_pane *p, const struct contract *c, struct strbuf *text)
{
	const struct rows *rows = &p->detail.children;

	for (size_t i = 0; i < rows->len; i++) {
		const struct ticket *t = &ROWS(ticket, rows)[i];
		bool absorbed = ticket_absorbed(t, contract_flow(c, t->kind));
		struct pane_event *e = add_event(p, absorbed ? t->closed_at : t->opened_at, t->id, "auto");
		strbuf_addf(text, "%s: #%s %s", tr(absorbed ? N_("absorbed") : N_("recurred as")), t->number, t->title);
		keep_text(p, e, text);
	}
}

static int newest_first(const void *a, const void *b)
{
	const struct pane_event *x = a, *y = b;

	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return x->order > y->order ? -1 : 1;
}

/* The stage the ticket is at comes first, then those before it that were left undone, then those to come. */
static void add_items(struct ticket_pane *p, const struct flow *flow, const struct ticket *t)
{
	int at = stage_index(flow, t->stage);
	struct strbuf id = { 0 };

	for (size_t n = 0; n < flow->stage_count; n++) {
		size_t s = at < 0 ? n : n == 0 ? (size_t)at : n <= (size_t)at ? n - 1 : n;
		const struct flow_stage *stage = &flow->stages[s];
		for (size_t i = 0; i < stage->item_count; i++) {
			struct pane_item *item = vec_add(&p->items);
			strbuf_clear(&id);
			strbuf_addf(&id, "%s/%s", stage->id, stage->items[i].id);
			item->id = arena_text(&p->mem, strbuf_text(&id));
			item->stage = stage->id;
			item->text = tr_label(&stage->items[i].name);
			item->current = (int)s == at;
			item->done = tick_done(ROWS(tick, &p->detail.ticks), p->detail.ticks.len, stage->id, stage->items[i].id);
		}
	}
	strbuf_release(&id);
}

static void build(struct ticket_pane *p)
{
	const struct contract *c = app_contract(p->app);
	const struct ticket *t = ROWS(ticket, &p->detail.ticket);
	const struct flow *flow = contract_flow(c, t->kind);
	struct strbuf text = { 0 };

	add_stages(p, flow, &text);
	add_talks(p, &text);
	add_notes(p, &text);
	add_checks(p, &text);
	add_children(p, c, &text);
	if (p->events.len > 1)
		qsort(p->events.v, p->events.len, sizeof *p->events.v, newest_first);
	if (flow != NULL)
		add_items(p, flow, t);
	strbuf_release(&text);
}

int ticket_pane_load(struct ticket_pane *p, const char *id, struct err *err)
{
	struct ticket_detail fresh;
	int rc = ticket_load(app_store(p->app), app_contract(p->app), id, app_now(p->app), &fresh, err);

	if (rc != 0)
		return rc;
	forget(p);
	p->detail = fresh;
	/* the row is the detail's own: deferral points into its talks, which moved with it */
	p->loaded = true;
	build(p);
	list_refill(&p->timeline);
	list_refill(&p->checklist);
	return 0;
}

/* ---- drawing ---- */

static void draw_lists(struct ticket_pane *p, struct surface *out, struct rect area, int focus)
{
	struct rect left = area, right = area;

	if (area.rows < 2)
		return;
	if (area.cols >= SIDE_BY_SIDE) {
		right.cols = CHECKLIST_CELLS + (area.cols - SIDE_BY_SIDE) / 4;
		left.cols = area.cols - right.cols - 1;
		right.col = area.col + left.cols + 1;
		surface_vline(out, area.row, right.col - 1, area.rows, ROLE_frame);
	} else {
		int wanted = (int)p->items.len + 1, half = area.rows / 2;
		right.rows = area.rows > CHECKLIST_ROWS * 3 ? (wanted < half ? wanted : half) : 0;
		left.rows = area.rows - right.rows;
		right.row = area.row + left.rows;
	}
	surface_field(out, left.row, left.col, left.cols, ROLE_head, -1, tr(N_(" time line (newest first)")));
	left.row++;
	left.rows--;
	list_draw(&p->timeline, out, left, focus == 1);
	if (right.rows < 2)
		return;
	surface_field(out, right.row, right.col, right.cols, ROLE_head, -1, tr(N_(" check list")));
	right.row++;
	right.rows--;
	list_draw(&p->checklist, out, right, focus == 2);
}

void ticket_pane_draw(struct ticket_pane *p, struct surface *out, struct rect area, int focus)
{
	if (!p->loaded || area.rows < 1 || area.cols < 20)
		return;
	int used = ticket_head_draw(&p->detail, app_contract(p->app), app_now(p->app), out, area);
	area.row += used;
	area.rows -= used;
	draw_lists(p, out, area, focus);
}
