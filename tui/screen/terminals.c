/* The ledger of handy terminals, with the loan that counts of each: mark ten and lend them in one go (S2.4). */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "data/store/inventory.h"
#include "tui/app/app.h"
#include "tui/screen/lines.h"
#include "tui/screen/screen.h"
#include "tui/widget/tr.h"

enum { COL_CODE, COL_STATE, COL_SITE, COL_WHO, COL_OUT, COL_BACK, COL_OWED, COL_MODEL, COL_SERIAL, COL_ACCESSORIES, COLUMNS };

struct terminals {
	struct screen *screen;
	struct inventory_view view;
	struct list list;
	struct strbuf cell[COLUMNS];
};

static const struct list_column columns[COLUMNS] = {
	[COL_CODE] = { "code", N_("handy terminal"), 8, 8, 1, -1, true },
	[COL_STATE] = { "state", N_("state"), 8, 10, 1, -1, true },
	[COL_SITE] = { "site", N_("lent to"), 6, 8, 1, -1, true },
	[COL_WHO] = { "received_by", N_("who received"), 6, 10, 3, -1, true },
	[COL_OUT] = { "out", N_("lent"), 11, 11, 2, -1, true },
	[COL_BACK] = { "back", N_("came back"), 11, 11, 2, -1, true },
	[COL_OWED] = { "owed", N_("owed"), 28, 0, 1, -1, false },
	[COL_MODEL] = { "model", N_("model"), 8, 12, 4, -1, true },
	[COL_SERIAL] = { "serial", N_("serial number"), 8, 14, 5, -1, true },
	[COL_ACCESSORIES] = { "accessories", N_("accessories"), 8, 16, 6, -1, false },
};

static size_t row_count(void *ctx)
{
	return ((struct terminals *)ctx)->view.facts.terminal_count;
}

static const char *row_id(void *ctx, size_t i)
{
	return ((struct terminals *)ctx)->view.facts.terminals[i].id;
}

/* The newest loan of the campaign shown. */
static const struct loan *loan_of(const struct inventory_facts *f, const char *terminal)
{
	for (size_t i = f->loan_count; i-- > 0;) {
		if (strcmp(f->loans[i].terminal, terminal) == 0)
			return &f->loans[i];
	}
	return NULL;
}

static const char *state_word(const struct terminal *t, const struct loan *l, enum role *role)
{
	*role = ROLE_text;
	if (l != NULL && loan_out(l))
		return tr(N_("> lent"));
	if (strcmp(t->state, "broken") == 0) {
		*role = ROLE_warn;
		return tr(N_("! broken"));
	}
	if (strcmp(t->state, "retired") == 0) {
		*role = ROLE_dim;
		return tr(N_("- retired"));
	}
	return tr(N_("  ready"));
}

static void loan_cells(struct terminals *t, const struct loan *l, struct list_cell *cells)
{
	const struct inventory_facts *f = &t->view.facts;
	const struct site *site = contract_site(f->contract, l->site);
	int32_t today = day_of_time(app_now(t->screen->app), app_offset(t->screen->app));
	unsigned owes = f->campaign != NULL ? loan_owes(l, f->campaign, today) : 0;
	struct strbuf *text = t->cell;

	strbuf_add_text(&text[COL_SITE], site != NULL ? tr_label_short(&site->name) : l->site);
	strbuf_add_text(&text[COL_WHO], l->received_by);
	time_format(l->out_at, app_offset(t->screen->app), TIME_SHORT, &text[COL_OUT]);
	if (l->in_at != TIME_NONE)
		time_format(l->in_at, app_offset(t->screen->app), TIME_SHORT, &text[COL_BACK]);
	if (owes & LOAN_OWES_RETURN)
		strbuf_addf(&text[COL_OWED], "! %s ", tr(N_("not returned")));
	if (owes & LOAN_OWES_IMPORT)
		strbuf_addf(&text[COL_OWED], "! %s ", tr(N_("scans not imported")));
	if (owes & LOAN_OWES_WIPE)
		strbuf_addf(&text[COL_OWED], "! %s ", tr(N_("memory not wiped")));
	cells[COL_OWED].role = owes != 0 ? ROLE_warn : ROLE_text;
	cells[COL_OUT].number = l->out_at;
	cells[COL_BACK].number = l->in_at;
}

static void row_cells(void *ctx, size_t i, struct list_cell *cells)
{
	struct terminals *t = ctx;
	const struct terminal *row = &t->view.facts.terminals[i];
	const struct loan *l = loan_of(&t->view.facts, row->id);

	for (int k = 0; k < COLUMNS; k++)
		strbuf_clear(&t->cell[k]);
	strbuf_add_text(&t->cell[COL_CODE], row->code);
	strbuf_add_text(&t->cell[COL_STATE], state_word(row, l, &cells[COL_STATE].role));
	strbuf_add_text(&t->cell[COL_MODEL], row->model);
	strbuf_add_text(&t->cell[COL_SERIAL], row->serial);
	strbuf_add_text(&t->cell[COL_ACCESSORIES], row->accessories);
	if (l != NULL)
		loan_cells(t, l, cells);
	for (int k = 0; k < COLUMNS; k++)
		cells[k].text = strbuf_text(&t->cell[k]);
}

static int terminals_open(struct screen *s, const char *subject, struct err *err)
{
	static const struct list_source source = { .count = row_count, .row = row_cells, .id = row_id };
	struct terminals *t = mem_alloc(1, sizeof *t);

	(void)subject;
	(void)err;
	s->state = t;
	t->screen = s;
	list_init(&t->list, columns, COLUMNS, &source, t);
	t->list.empty = N_("no terminal is entered yet; c enters one");
	return 0;
}

static void terminals_close(struct screen *s)
{
	struct terminals *t = s->state;

	list_release(&t->list);
	inventory_view_release(&t->view);
	for (int k = 0; k < COLUMNS; k++)
		strbuf_release(&t->cell[k]);
	free(t);
}

static int terminals_refill(struct screen *s, struct err *err)
{
	struct terminals *t = s->state;
	struct inventory_view fresh;
	int rc = inventory_load(app_store(s->app), app_contract(s->app), "", &fresh, err);

	if (rc != 0)
		return rc;
	inventory_view_release(&t->view);
	t->view = fresh;
	list_refill(&t->list);
	return 0;
}

static void terminals_draw(struct screen *s, struct surface *out, struct rect area)
{
	list_draw(&((struct terminals *)s->state)->list, out, area, true);
}

static struct list *terminals_list(struct screen *s)
{
	return &((struct terminals *)s->state)->list;
}

static size_t terminals_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	return kind == ARG_TERMINAL ? list_targets(terminals_list(s), ids, max) : 0;
}

const struct screen_ops screen_terminals = {
	.name = "terminals",
	.title = N_("handy terminals"),
	.topics = TOPIC_INVENTORY | TOPIC_CONTRACT,
	.open = terminals_open,
	.close = terminals_close,
	.refill = terminals_refill,
	.draw = terminals_draw,
	.list = terminals_list,
	.targets = terminals_targets,
};
