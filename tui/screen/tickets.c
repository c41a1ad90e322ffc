/* 障害課題: the queue (S2.3(1)③), nearest 復旧目安 first, with the year's figures, and the ticket under the cursor beside or below
 * it where there is room.
 *
 * Loads a bounded page; the end of the list asks for more. The subject says which: open (also ""), all, closed, mine, or a site. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "core/calendar/calendar.h"
#include "core/ticket/flow.h"
#include "data/store/ticket.h"
#include "tui/app/app.h"
#include "tui/command/ticket.h"
#include "tui/screen/ticket_pane.h"
#include "tui/widget/tr.h"

enum { PAGE = 250, BAR_CELLS = 12, WIDE_COLS = 150, TALL_COLS = 110, TALL_ROWS = 30, LEFT_PART = 92, WHOLE_PART = 160,
       FLOW_STAGES = 32, NUMBER_CELLS = 12 };

enum { COL_SEVERITY, COL_NUMBER, COL_SITE, COL_TITLE, COL_STAGE, COL_OWNER, COL_BAR, COL_LEFT, COL_CONTACT, COL_TOUCHED, COLUMNS };

struct tickets {
	struct screen *screen;
	struct ticket_filter filter;
	char *site;
	size_t limit;
	struct ticket_queue queue;
	struct ticket_figures figures;
	int64_t judged_at;
	struct list list;
	struct list_column columns[COLUMNS]; /* the list's: the number's grows, for it is never cut */
	struct ticket_pane pane;
	struct strbuf cell[COLUMNS]; /* texts of the row asked for last */
};

static const struct list_column columns[COLUMNS] = {
	[COL_SEVERITY] = { "severity", N_("severity"), 8, 10, 1, -1, true },
	[COL_NUMBER] = { "number", N_("number"), 5, 6, 1, -1, true },
	[COL_SITE] = { "site", N_("site"), 6, 8, 3, -1, true },
	[COL_TITLE] = { "title", N_("what happened"), 20, 60, 1, -1, true },
	[COL_STAGE] = { "stage", N_("stage"), 6, 9, 2, -1, true },
	[COL_OWNER] = { "owner", N_("owner"), 4, 6, 3, -1, true },
	[COL_BAR] = { "clock", N_("48 h clock"), 13, 13, 5, -1, false },
	[COL_LEFT] = { "left", N_("left"), 8, 8, 1, 1, true },
	[COL_CONTACT] = { "contact", N_("contact"), 5, 7, 6, -1, true },
	[COL_TOUCHED] = { "touched", N_("latest"), 6, 6, 8, 1, true },
};

/* ---- the rows ---- */

static const struct contract *contract_of(const struct tickets *t)
{
	return app_contract(t->screen->app);
}

static size_t row_count(void *ctx)
{
	return ((struct tickets *)ctx)->queue.list.len;
}

static const char *row_id(void *ctx, size_t i)
{
	return ((struct tickets *)ctx)->queue.list.v[i].row.id;
}

static void cell_severity(const struct ticket_item *item, const struct flow *flow, struct strbuf *out, struct list_cell *cell)
{
	enum severity s = severity_of(item->row.severity);

	if (strcmp(item->row.kind, "security") == 0)
		strbuf_addf(out, "S %s", s == SEVERITY_UNDECIDED ? tr(N_("unjudged")) : tr(word_label(severity_words, item->row.severity)));
	else if (flow != NULL && !flow->clock)
		strbuf_addf(out, "  %s", tr_label_short(&flow->name));
	else
		strbuf_addf(out, "%s %s", severity_mark(s),
			    s == SEVERITY_UNDECIDED ? tr(N_("unjudged")) : tr(word_label(severity_words, item->row.severity)));
	cell->role = flow != NULL && !flow->clock ? ROLE_text : severity_role(s);
	cell->number = severity_rank(s);
}

/* The bar while the clock runs; what was agreed when it was put off. */
static void cell_bar(const struct tickets *t, const struct ticket_item *item, struct strbuf *out, struct list_cell *cell)
{
	const struct recovery *r = &item->recovery;
	struct strbuf due = { 0 };
	struct msg m;

	cell->role = recovery_role(r);
	if (r->state == RECOVERY_NONE)
		return;
	if (r->deferred && r->state == RECOVERY_RUNNING) {
		time_format(r->due, app_offset(t->screen->app), TIME_SHORT, &due);
		strbuf_cut(&due, 5);
		MSG(&m, N_("until {1}"), strbuf_text(&due));
		msg_format(&m, tr, out);
	} else if (r->start != TIME_NONE && r->state != RECOVERY_OUT_OF_SCOPE) {
		hours_bar(BAR_CELLS, r->elapsed_s, r->due - r->start, out);
	} else {
		strbuf_add_text(out, "--");
	}
	strbuf_release(&due);
}

static void cell_age(int64_t seconds, struct strbuf *out)
{
	struct msg m;

	if (seconds < 3600)
		MSG(&m, N_("{1} min"), MSG_INT(seconds > 0 ? seconds / 60 : 0));
	else if (seconds < 2 * DAY_SECONDS)
		MSG(&m, N_("{1} h"), MSG_INT(seconds / 3600));
	else
		MSG(&m, N_("{1}d"), MSG_INT(seconds / DAY_SECONDS));
	msg_format(&m, tr, out);
}

/* The hour of a contact today, else its day. */
static void cell_contact(const struct tickets *t, int64_t at, struct strbuf *out)
{
	int offset = app_offset(t->screen->app);
	struct strbuf full = { 0 };

	time_format(at, offset, TIME_SHORT, &full);
	if (at == TIME_NONE)
		strbuf_add_text(out, strbuf_text(&full));
	else if (day_of_time(at, offset) == day_of_time(app_now(t->screen->app), offset))
		strbuf_add_text(out, strbuf_text(&full) + 6);
	else
		strbuf_add(out, strbuf_text(&full), 5);
	strbuf_release(&full);
}

static void row_cells(void *ctx, size_t i, struct list_cell *cells)
{
	struct tickets *t = ctx;
	const struct ticket_item *item = &t->queue.list.v[i];
	const struct ticket *row = &item->row;
	const struct contract *c = contract_of(t);
	const struct flow *flow = contract_flow(c, row->kind);
	const struct flow_stage *stage = flow != NULL ? flow_stage(flow, row->stage) : NULL;
	const struct site *site = contract_site(c, row->site);
	const struct recovery *r = &item->recovery;
	struct strbuf *text = t->cell;

	for (int k = 0; k < COLUMNS; k++)
		strbuf_clear(&text[k]);
	cell_severity(item, flow, &text[COL_SEVERITY], &cells[COL_SEVERITY]);
	strbuf_addf(&text[COL_NUMBER], "#%s", row->number);
	cells[COL_NUMBER].number = row->opened_at;
	strbuf_add_text(&text[COL_SITE], site != NULL ? tr_label_short(&site->name) : row->site[0] != '\0' ? row->site : tr(N_("common")));
	strbuf_add_text(&text[COL_TITLE], row->title);
	if (item->joined > 0)
		strbuf_addf(&text[COL_TITLE], " (+%d)", item->joined);
	strbuf_add_text(&text[COL_STAGE], row->closed_at != TIME_NONE && ticket_absorbed(row, flow) ? tr(N_("absorbed"))
					  : stage != NULL ? tr_label_short(&stage->name) : row->stage);
	cells[COL_STAGE].number = flow != NULL ? stage_index(flow, row->stage) : -1;
	strbuf_add_text(&text[COL_OWNER], row->owner[0] != '\0' ? row->owner : "--");
	cell_bar(t, item, &text[COL_BAR], &cells[COL_BAR]);
	if (r->state != RECOVERY_NONE)
		recovery_text(r, severity_of(row->severity), &text[COL_LEFT]);
	cells[COL_LEFT].role = recovery_role(r);
	cells[COL_LEFT].number = r->due;
	cell_contact(t, row->contact_at, &text[COL_CONTACT]);
	cells[COL_CONTACT].number = row->contact_at;
	cells[COL_CONTACT].role = cells[COL_TOUCHED].role = ROLE_dim;
	cell_age(app_now(t->screen->app) - item->touched_at, &text[COL_TOUCHED]);
	cells[COL_TOUCHED].number = item->touched_at;
	for (int k = 0; k < COLUMNS; k++)
		cells[k].text = strbuf_text(&text[k]);
}

/* ---- loading ---- */

/* A number is said aloud and must be whole: its column grows with the longest, '#' included. */
static void fit_number(struct tickets *t)
{
	int longest = columns[COL_NUMBER].min;

	for (size_t i = 0; i < t->queue.list.len; i++) {
		int cells = (int)strnlen(t->queue.list.v[i].row.number, NUMBER_CELLS - 1) + 1;
		longest = cells > longest ? cells : longest;
	}
	t->columns[COL_NUMBER].min = longest;
	if (t->columns[COL_NUMBER].width < longest)
		t->columns[COL_NUMBER].width = longest;
}

static int load(struct tickets *t, struct err *err)
{
	struct app *app = t->screen->app;
	struct ticket_queue fresh;
	struct calendar calendar;

	t->filter.limit = t->limit;
	int rc = tickets_load(app_store(app), app_contract(app), &t->filter, app_now(app), &fresh, err);
	if (rc != 0)
		return rc;
	ticket_queue_release(&t->queue);
	t->queue = fresh;
	fit_number(t);
	t->judged_at = app_now(app);
	calendar_of(app_contract(app), &calendar);
	int year = fiscal_year(day_of_time(t->judged_at, calendar.offset_s));
	return ticket_figures(app_store(app), app_contract(app), day_start(fiscal_year_start(year), calendar.offset_s),
			      day_start(fiscal_year_start(year + 1), calendar.offset_s), t->judged_at, &t->figures, err);
}

/* The end of the list came near: a longer page, sorted anew as a whole. */
static bool more(void *ctx)
{
	struct tickets *t = ctx;
	size_t before = t->queue.list.len;

	if (!t->queue.more)
		return false;
	t->limit *= 4;
	return load(t, NULL) == 0 && t->queue.list.len > before;
}

static void read_subject(struct tickets *t, const char *subject)
{
	if (strcmp(subject, "all") == 0)
		t->filter.scope = TICKETS_ALL;
	else if (strcmp(subject, "closed") == 0)
		t->filter.scope = TICKETS_CLOSED;
	else if (strcmp(subject, "mine") == 0)
		t->filter.owner = app_actor(t->screen->app);
	else if (contract_site(contract_of(t), subject) != NULL)
		t->filter.site = t->site = mem_text(subject);
}

static int tickets_open(struct screen *s, const char *subject, struct err *err)
{
	static const struct list_source source = { .count = row_count, .row = row_cells, .id = row_id, .more = more };
	struct tickets *t = mem_alloc(1, sizeof *t);

	(void)err;
	s->state = t;
	t->screen = s;
	t->limit = PAGE;
	t->filter = (struct ticket_filter){ .due_before = TIME_NONE, .after_closed_at = TIME_NONE };
	t->figures = (struct ticket_figures){ .average_s = TIME_NONE, .longest_s = TIME_NONE };
	read_subject(t, subject);
	memcpy(t->columns, columns, sizeof columns);
	list_init(&t->list, t->columns, COLUMNS, &source, t);
	t->list.empty = N_("no open ticket; c notes a call");
	ticket_pane_init(&t->pane, s->app);
	return 0;
}

static void tickets_close(struct screen *s)
{
	struct tickets *t = s->state;

	list_release(&t->list);
	ticket_pane_release(&t->pane);
	ticket_queue_release(&t->queue);
	for (int k = 0; k < COLUMNS; k++)
		strbuf_release(&t->cell[k]);
	free(t->site);
	free(t);
}

static int tickets_refill(struct screen *s, struct err *err)
{
	struct tickets *t = s->state;
	int rc = load(t, err);

	if (rc != 0)
		return rc;
	list_refill(&t->list);
	if (t->pane.loaded) {
		const char *id = list_selected_id(&t->list);
		rc = id != NULL ? ticket_pane_load(&t->pane, id, err) : 0;
	}
	return rc;
}

/* ---- drawing ---- */

static void add_count(struct strbuf *out, const char *id, int64_t n)
{
	struct msg m;

	MSG(&m, id, MSG_INT(n));
	strbuf_add_text(out, "  ");
	msg_format(&m, tr, out);
}

static void draw_summary(const struct tickets *t, struct surface *out, struct rect area)
{
	int major = 0, over = 0, untaken = 0;
	struct strbuf text = { 0 };
	static const char *const scopes[] = { N_("{1} open"), N_("{1} closed"), N_("{1} in all") };

	for (size_t i = 0; i < t->queue.list.len; i++) {
		const struct ticket_item *item = &t->queue.list.v[i];
		bool open = item->row.closed_at == TIME_NONE;
		major += open && severity_of(item->row.severity) == SEVERITY_MAJOR;
		over += open && item->recovery.state == RECOVERY_OVERDUE && severity_of(item->row.severity) != SEVERITY_NORMAL;
		untaken += open && item->row.owner[0] == '\0';
	}
	add_count(&text, scopes[t->filter.scope], t->queue.total >= 0 ? t->queue.total : (int64_t)t->queue.list.len);
	if (t->queue.more)
		add_count(&text, N_("(the first {1} are shown)"), (int64_t)t->queue.list.len);
	add_count(&text, N_("severe {1}"), major);
	add_count(&text, N_("over the guideline {1}"), over);
	add_count(&text, N_("not taken {1}"), untaken);
	if (t->list.marks.len > 0)
		add_count(&text, N_("marked {1}"), (int64_t)t->list.marks.len);
	const struct site *site = t->site != NULL ? contract_site(contract_of(t), t->site) : NULL;
	if (site != NULL)
		strbuf_addf(&text, "  %s", tr_label(&site->name));
	if (t->list.filter != NULL)
		strbuf_addf(&text, "  /%s", t->list.filter);
	surface_field(out, area.row, area.col, area.cols, over > 0 ? ROLE_bad : ROLE_head, -1, strbuf_text(&text) + 1);
	strbuf_release(&text);
}

static void draw_figures(const struct tickets *t, struct surface *out, struct rect area, int row)
{
	const struct ticket_figures *f = &t->figures;
	struct strbuf text = { 0 }, span = { 0 };
	char judged[24], met[24];
	struct msg m;

	add_count(&text, N_("this fiscal year: severe {1}"), f->major);
	MSG(&m, N_("within 48 h {1}/{2}"), msg_int(met, f->met), msg_int(judged, f->met + f->missed));
	strbuf_add_text(&text, "  ");
	msg_format(&m, tr, &text);
	if (f->running > 0)
		add_count(&text, N_("being worked on {1}"), f->running);
	if (f->undecided > 0)
		add_count(&text, N_("cause unjudged {1}"), f->undecided);
	if (f->average_s != TIME_NONE) {
		hours_text(f->average_s, false, &span);
		MSG(&m, N_("average {1}"), strbuf_text(&span));
		strbuf_add_text(&text, "  ");
		msg_format(&m, tr, &text);
		strbuf_clear(&span);
		hours_text(f->longest_s, false, &span);
		MSG(&m, N_("longest {1} (#{2})"), strbuf_text(&span), f->longest);
		strbuf_add_text(&text, "  ");
		msg_format(&m, tr, &text);
	}
	surface_field(out, row, area.col, area.cols, ROLE_dim, -1, strbuf_text(&text) + 1);
	strbuf_release(&text);
	strbuf_release(&span);
}

/* What a ticket needs next by its row alone: what its check list still asks is seen in the ticket itself. */
static enum next_action next_of(const struct ticket *t, const struct flow *flow, struct msg *what)
{
	struct flow_stage stages[FLOW_STAGES];
	struct flow bare = *flow;

	if (flow->stage_count > FLOW_STAGES)
		return NEXT_NOTHING;
	memcpy(stages, flow->stages, flow->stage_count * sizeof *stages);
	for (size_t i = 0; i < flow->stage_count; i++)
		stages[i].item_count = 0;
	bare.stages = stages;
	return ticket_next(t, &bare, NULL, 0, true, lang_japanese(), what);
}

static void draw_next(const struct tickets *t, struct surface *out, struct rect area, int row)
{
	size_t i = list_selected(&t->list);
	struct strbuf text = { 0 };
	struct msg what;

	if (i >= t->queue.list.len)
		return;
	const struct ticket *ticket = &t->queue.list.v[i].row;
	const struct flow *flow = contract_flow(contract_of(t), ticket->kind);
	if (flow == NULL || next_of(ticket, flow, &what) == NEXT_NOTHING)
		return;
	strbuf_addf(&text, " %s #%s: ", tr(N_("next")), ticket->number);
	msg_format(&what, tr, &text);
	strbuf_add_text(&text, "  ");
	recovery_phrase(&t->queue.list.v[i].recovery, severity_of(ticket->severity), &text);
	surface_field(out, row, area.col, area.cols, ROLE_warn, -1, strbuf_text(&text));
	strbuf_release(&text);
}

/* The clock goes on between two refills. */
static void judge_again(struct tickets *t)
{
	int64_t now = app_now(t->screen->app);

	if (t->judged_at == now)
		return;
	for (size_t i = 0; i < t->queue.list.len; i++)
		ticket_item_judge(&t->queue.list.v[i], contract_of(t), now);
	t->judged_at = now;
}

static void draw_list(struct tickets *t, struct surface *out, struct rect area)
{
	bool foot = area.rows >= 8;

	draw_summary(t, out, area);
	if (foot) {
		draw_next(t, out, area, area.row + area.rows - 2);
		draw_figures(t, out, area, area.row + area.rows - 1);
	}
	list_draw(&t->list, out, (struct rect){ area.row + 1, area.col, area.rows - (foot ? 3 : 1), area.cols }, true);
}

/* The list, and the pane beside or below it where there is room; pane->rows is 0 where there is none. */
static void split(const struct tickets *t, struct rect area, struct rect *list, struct rect *pane)
{
	*list = *pane = area;
	if (app_zoomed(t->screen->app) || (area.cols < WIDE_COLS && (area.cols < TALL_COLS || area.rows < TALL_ROWS))) {
		pane->rows = 0;
	} else if (area.cols >= WIDE_COLS) {
		list->cols = area.cols * LEFT_PART / WHOLE_PART;
		pane->col = area.col + list->cols + 1;
		pane->cols = area.cols - list->cols - 1;
	} else {
		list->rows = area.rows * 2 / 5;
		pane->row = area.row + list->rows + 1;
		pane->rows = area.rows - list->rows - 1;
	}
}

/* The pane follows the cursor: by index, a few rows; a busy database leaves it as it is. */
static void tickets_settle(struct screen *s, struct rect area)
{
	struct tickets *t = s->state;
	const char *id = list_selected_id(&t->list);
	struct rect list, pane;

	split(t, area, &list, &pane);
	if (pane.rows > 0 && id != NULL && strcmp(ticket_pane_id(&t->pane), id) != 0)
		ticket_pane_load(&t->pane, id, NULL);
}

static void tickets_draw(struct screen *s, struct surface *out, struct rect area)
{
	struct tickets *t = s->state;
	const char *id = list_selected_id(&t->list);
	struct rect list, pane;

	judge_again(t);
	split(t, area, &list, &pane);
	draw_list(t, out, list);
	if (pane.rows < 1)
		return;
	if (pane.row == area.row)
		surface_vline(out, area.row, pane.col - 1, area.rows, ROLE_frame);
	else
		surface_hline(out, pane.row - 1, area.col, area.cols, ROLE_frame);
	if (id != NULL && strcmp(ticket_pane_id(&t->pane), id) == 0)
		ticket_pane_draw(&t->pane, out, pane, 0);
}

/* ---- what the console asks ---- */

static struct list *tickets_list(struct screen *s)
{
	return &((struct tickets *)s->state)->list;
}

static size_t tickets_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	struct tickets *t = s->state;
	size_t i = list_selected(&t->list);

	if (kind == ARG_TICKET)
		return list_targets(&t->list, ids, max);
	if (i >= t->queue.list.len || max == 0)
		return 0;
	const struct ticket *row = &t->queue.list.v[i].row;
	switch (kind) {
	case ARG_SITE: ids[0] = row->site; break;
	case ARG_SERVICE: ids[0] = row->service; break;
	case ARG_HOST: ids[0] = row->host; break;
	case ARG_CHECK: ids[0] = row->check_id; break;
	default: return 0;
	}
	return ids[0][0] != '\0';
}

static void tickets_enter(struct screen *s)
{
	const char *id = list_selected_id(tickets_list(s));

	if (id != NULL)
		app_open(s->app, "ticket", id);
}

const struct screen_ops screen_tickets = {
	.name = "tickets",
	.title = N_("tickets"),
	.tab = 2,
	.topics = TOPIC_TICKETS,
	.open = tickets_open,
	.close = tickets_close,
	.refill = tickets_refill,
	.draw = tickets_draw,
	.settle = tickets_settle,
	.list = tickets_list,
	.targets = tickets_targets,
	.enter = tickets_enter,
};
