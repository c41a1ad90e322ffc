/* 蔵書点検 (S2.4): the campaign, its sites with days, attendance, phase and progress; what is missing or owed; terminals lent.
 *
 * The subject is a campaign's id, "" the open one. Drawing reads nothing. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/calendar/calendar.h"
#include "data/store/inventory.h"
#include "tui/app/app.h"
#include "tui/screen/lines.h"
#include "tui/screen/screen.h"
#include "tui/widget/tr.h"

enum { WIDE_COLS = 150, LEFT_PART = 104, WHOLE_PART = 160, BAR_CELLS = 10, HEAD_ROWS = 3 };

enum { COL_SITE, COL_DAYS, COL_PHASE, COL_ITEMS, COL_BOOKS, COL_SCANNED, COL_BAR, COL_MISSING, COL_ATTENDANT, COLUMNS };

struct inventory {
	struct screen *screen;
	char *id;
	struct inventory_view view;
	struct lines side; /* findings, then terminals */
	struct list list;
	struct strbuf cell[COLUMNS];
};

static const struct list_column columns[COLUMNS] = {
	[COL_SITE] = { "site", N_("site"), 12, 0, 1, -1, true },
	[COL_DAYS] = { "days", N_("days"), 13, 13, 1, -1, true },
	[COL_PHASE] = { "phase", N_("phase"), 6, 10, 1, -1, true },
	[COL_ITEMS] = { "items", N_("check list"), 4, 8, 3, -1, false },
	[COL_BOOKS] = { "books", N_("books"), 8, 9, 4, 1, true },
	[COL_SCANNED] = { "scanned", N_("scanned"), 8, 9, 5, 1, true },
	[COL_BAR] = { "progress", N_("progress"), 17, 17, 2, -1, false },
	[COL_MISSING] = { "missing", N_("missing"), 6, 7, 6, 1, true },
	[COL_ATTENDANT] = { "attendant", N_("attends"), 7, 8, 1, -1, true },
};

static const struct campaign_site *site_at(void *ctx, size_t i)
{
	return &((struct inventory *)ctx)->view.facts.sites[i];
}

static size_t row_count(void *ctx)
{
	return ((struct inventory *)ctx)->view.facts.site_count;
}

/* The contract's id: what {site} stands for. */
static const char *row_id(void *ctx, size_t i)
{
	return site_at(ctx, i)->site;
}

/* 142,310 */
static void add_figure(struct strbuf *out, int64_t n)
{
	char digits[24];

	if (n == TIME_NONE) {
		strbuf_add_text(out, "--");
		return;
	}
	msg_int(digits, n);
	size_t len = strlen(digits);
	for (size_t i = 0; i < len; i++) {
		strbuf_add_char(out, digits[i]);
		if ((len - i - 1) % 3 == 0 && i + 1 < len && digits[i] != '-')
			strbuf_add_char(out, ',');
	}
}

static void cells_of_site(struct inventory *v, const struct campaign_site *s, struct list_cell *cells)
{
	const struct contract *c = v->view.facts.contract;
	const struct site *site = contract_site(c, s->site);
	const struct phase *phase = contract_phase(c, s->phase);
	struct strbuf *text = v->cell;

	if (site != NULL)
		strbuf_addf(&text[COL_SITE], "%d %s", site->number, tr_label_short(&site->name));
	else
		strbuf_addf(&text[COL_SITE], "? %s", s->site);
	bool agreed = inventory_site_agreed(&v->view.facts, s, app_now(v->screen->app));
	strbuf_add_text(&text[COL_DAYS], agreed ? "  " : "! ");
	add_days(&text[COL_DAYS], s->from_day, s->to_day);
	strbuf_add_text(&text[COL_PHASE], phase != NULL ? tr_label_short(&phase->name) : s->phase);
	if (phase != NULL)
		strbuf_addf(&text[COL_ITEMS], "%zu/%zu", inventory_ticked(&v->view.facts, s->id, phase), phase->item_count);
	add_figure(&text[COL_BOOKS], s->books);
	add_figure(&text[COL_SCANNED], s->scanned);
	add_bar(&text[COL_BAR], BAR_CELLS, s->scanned, s->books);
	add_figure(&text[COL_MISSING], s->missing);
	strbuf_add_text(&text[COL_ATTENDANT], *s->attendant != '\0' ? s->attendant : tr(N_("! nobody")));
	cells[COL_SITE].number = site != NULL ? site->number : INT64_MAX;
	cells[COL_PHASE].number = inventory_phase_index(c, s->phase);
	cells[COL_DAYS].number = s->from_day;
	cells[COL_BOOKS].number = s->books;
	cells[COL_SCANNED].number = s->scanned;
	cells[COL_MISSING].number = s->missing;
	if (*s->attendant == '\0')
		cells[COL_ATTENDANT].role = ROLE_warn;
	if (!agreed)
		cells[COL_DAYS].role = ROLE_warn;
}

static void row_cells(void *ctx, size_t i, struct list_cell *cells)
{
	struct inventory *v = ctx;

	for (int k = 0; k < COLUMNS; k++)
		strbuf_clear(&v->cell[k]);
	cells_of_site(v, site_at(ctx, i), cells);
	for (int k = 0; k < COLUMNS; k++)
		cells[k].text = strbuf_text(&v->cell[k]);
}

/* ---- loading ---- */

static void add_findings(struct inventory *v)
{
	const struct inventory_facts *f = &v->view.facts;
	struct findings found = { 0 };

	inventory_review(f, app_now(v->screen->app), &found);
	strbuf_addf(&v->side.text, "-- %s (%zu)", tr(N_("missing or owed")), found.list.len);
	lines_end(&v->side, ROLE_frame, NULL);
	for (size_t i = 0; i < found.list.len; i++) {
		const struct finding *n = &found.list.v[i];
		const struct site *site = contract_site(f->contract, n->site);
		bool owed = n->level == FINDING_OWED;
		strbuf_addf(&v->side.text, " ! %s  ", tr(owed ? N_("owed") : N_("warning")));
		if (*n->site != '\0')
			strbuf_addf(&v->side.text, "%s  ", site != NULL ? tr_label_short(&site->name) : n->site);
		add_msg(&v->side.text, &n->what);
		lines_end(&v->side, ROLE_warn, NULL);
	}
	vec_release(&found.list);
}

static const char *code_of(const struct inventory_facts *f, const char *id)
{
	for (size_t i = 0; i < f->terminal_count; i++) {
		if (strcmp(f->terminals[i].id, id) == 0)
			return f->terminals[i].code;
	}
	return id;
}

/* Terminals that are out, two or more a line as they fit; T opens the ledger. */
static void add_loans(struct inventory *v)
{
	const struct inventory_facts *f = &v->view.facts;
	size_t out = 0, back = 0;

	for (size_t i = 0; i < f->loan_count; i++) {
		out += loan_out(&f->loans[i]);
		back += f->loans[i].in_at != TIME_NONE;
	}
	strbuf_add_text(&v->side.text, "-- ");
	ADD_MSG(&v->side.text, N_("terminals: {1} lent, {2} back"), MSG_INT((int64_t)out), MSG_INT((int64_t)back));
	if (f->campaign->return_day != TIME_NONE) {
		strbuf_addf(&v->side.text, "  %s ", tr(N_("terminals back by")));
		add_day(&v->side.text, f->campaign->return_day);
	}
	lines_end(&v->side, ROLE_frame, NULL);
	for (size_t i = 0; i < f->loan_count; i++) {
		const struct loan *l = &f->loans[i];
		const struct site *site = contract_site(f->contract, l->site);
		if (!loan_out(l))
			continue;
		strbuf_addf(&v->side.text, " %s  %s  %s  ", code_of(f, l->terminal),
			    site != NULL ? tr_label_short(&site->name) : l->site, l->received_by);
		time_format(l->out_at, f->contract->offset_s, TIME_SHORT, &v->side.text);
		lines_end(&v->side, ROLE_text, NULL);
	}
}

static int inventory_open(struct screen *s, const char *subject, struct err *err)
{
	static const struct list_source source = { .count = row_count, .row = row_cells, .id = row_id };
	struct inventory *v = mem_alloc(1, sizeof *v);

	(void)err;
	s->state = v;
	v->screen = s;
	v->id = mem_text(subject);
	list_init(&v->list, columns, COLUMNS, &source, v);
	v->list.empty = N_("no inventory check yet; c begins the year's");
	return 0;
}

static void inventory_close(struct screen *s)
{
	struct inventory *v = s->state;

	list_release(&v->list);
	lines_release(&v->side);
	inventory_view_release(&v->view);
	for (int k = 0; k < COLUMNS; k++)
		strbuf_release(&v->cell[k]);
	free(v->id);
	free(v);
}

static int inventory_refill(struct screen *s, struct err *err)
{
	struct inventory *v = s->state;
	struct inventory_view fresh;
	int rc = inventory_load(app_store(s->app), app_contract(s->app), v->id, &fresh, err);

	if (rc != 0)
		return rc;
	inventory_view_release(&v->view);
	v->view = fresh;
	lines_release(&v->side);
	if (v->view.facts.campaign != NULL) {
		add_findings(v);
		add_loans(v);
	}
	list_refill(&v->list);
	return 0;
}

/* ---- drawing ---- */

static void head_line(const struct inventory *v, struct strbuf *out)
{
	const struct campaign *c = v->view.facts.campaign;
	int32_t today = day_of_time(app_now(v->screen->app), app_offset(v->screen->app));

	strbuf_addf(out, " #%s %s  ", c->number, *c->title != '\0' ? c->title : tr(N_("inventory check")));
	ADD_MSG(out, N_("fiscal {1}"), MSG_INT(c->fiscal_year));
	strbuf_add_text(out, "  ");
	add_days(out, c->from_day, c->to_day);
	if (c->closed_at != TIME_NONE)
		strbuf_addf(out, "  [%s]", tr(N_("closed")));
	else if (c->from_day != TIME_NONE && today >= c->from_day && today <= c->to_day) {
		strbuf_add_text(out, "  ");
		ADD_MSG(out, N_("day {1} of {2}"), MSG_INT(today - c->from_day + 1), MSG_INT(c->to_day - c->from_day + 1));
	}
}

static void total_line(const struct inventory *v, struct strbuf *out)
{
	const struct inventory_facts *f = &v->view.facts;
	int64_t books = 0, scanned = 0, missing = 0, needed = inventory_needed(f, NULL);

	for (size_t i = 0; i < f->site_count; i++) {
		const struct campaign_site *s = &f->sites[i];
		books += s->books > 0 && s->books < INT32_MAX ? s->books : 0;
		scanned += s->scanned > 0 && s->scanned < INT32_MAX ? s->scanned : 0;
		missing += s->missing > 0 && s->missing < INT32_MAX ? s->missing : 0;
	}
	strbuf_addf(out, " %s ", tr(N_("scanned")));
	add_figure(out, scanned);
	strbuf_add_text(out, " / ");
	add_figure(out, books);
	strbuf_add_text(out, "  ");
	add_bar(out, BAR_CELLS, scanned, books);
	strbuf_addf(out, "  %s ", tr(N_("missing")));
	add_figure(out, missing);
	strbuf_add_text(out, "  ");
	ADD_MSG(out, N_("terminals {1}, contract {2}"), MSG_INT(needed), MSG_INT(f->contract->terminals));
}

static void draw_head(const struct inventory *v, struct surface *out, struct rect area)
{
	struct strbuf text = { 0 };

	if (v->view.facts.campaign != NULL) {
		head_line(v, &text);
		surface_field(out, area.row, area.col, area.cols, ROLE_head, -1, strbuf_text(&text));
		strbuf_clear(&text);
		total_line(v, &text);
		bool many = inventory_needed(&v->view.facts, NULL) > v->view.facts.contract->terminals;
		surface_field(out, area.row + 1, area.col, area.cols, many ? ROLE_warn : ROLE_text, -1, strbuf_text(&text));
	}
	surface_hline(out, area.row + 2, area.col, area.cols, ROLE_frame);
	strbuf_release(&text);
}

static void inventory_draw(struct screen *s, struct surface *out, struct rect area)
{
	struct inventory *v = s->state;
	struct rect rest = { area.row + HEAD_ROWS, area.col, area.rows - HEAD_ROWS, area.cols };

	if (rest.rows < 1)
		return;
	draw_head(v, out, area);
	if (area.cols >= WIDE_COLS) {
		struct rect left = rest, right = rest;
		left.cols = area.cols * LEFT_PART / WHOLE_PART;
		right.col += left.cols + 1;
		right.cols -= left.cols + 1;
		surface_vline(out, rest.row, left.col + left.cols, rest.rows, ROLE_frame);
		list_draw(&v->list, out, left, true);
		lines_draw(&v->side, out, right);
		return;
	}
	/* The sites whole where there is room for them, the rest for what is missing or owed. */
	int want = (int)(v->view.facts.site_count < 12 ? v->view.facts.site_count + 1 : 13);
	struct rect top = rest, bottom = rest;
	top.rows = v->side.list.len == 0 || want + 2 > rest.rows ? rest.rows : want;
	bottom.row += top.rows;
	bottom.rows -= top.rows;
	list_draw(&v->list, out, top, true);
	if (bottom.rows > 0)
		lines_draw(&v->side, out, bottom);
}

static struct list *inventory_list(struct screen *s)
{
	return &((struct inventory *)s->state)->list;
}

static size_t inventory_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	struct inventory *v = s->state;

	if (kind == ARG_SITE)
		return list_targets(&v->list, ids, max);
	if (kind != ARG_CAMPAIGN || max == 0 || v->view.facts.campaign == NULL)
		return 0;
	ids[0] = v->view.facts.campaign->id;
	return 1;
}

static void inventory_enter(struct screen *s)
{
	size_t i = list_selected(inventory_list(s));

	if (i < row_count(s->state))
		app_open(s->app, "inventory-site", site_at(s->state, i)->id);
}

const struct screen_ops screen_inventory = {
	.name = "inventory",
	.title = N_("inventory check"),
	.tab = 4,
	.topics = TOPIC_INVENTORY | TOPIC_CONTRACT | TOPIC_OTHER,
	.open = inventory_open,
	.close = inventory_close,
	.refill = inventory_refill,
	.draw = inventory_draw,
	.list = inventory_list,
	.targets = inventory_targets,
	.enter = inventory_enter,
};
