/* One site of an inventory check: figures, every phase with its check list, the phases entered, terminals lent there. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "data/store/inventory.h"
#include "tui/app/app.h"
#include "tui/screen/lines.h"
#include "tui/screen/screen.h"
#include "tui/widget/tr.h"

struct detail {
	char *id, *site; /* of the row, of the contract */
	struct lines lines;
	struct list list;
};

static int site_open(struct screen *s, const char *subject, struct err *err)
{
	struct detail *d = mem_alloc(1, sizeof *d);

	(void)err;
	s->state = d;
	d->id = mem_text(subject);
	lines_list_init(&d->list, &d->lines);
	return 0;
}

static void site_close(struct screen *s)
{
	struct detail *d = s->state;

	list_release(&d->list);
	lines_release(&d->lines);
	free(d->id);
	free(d->site);
	free(d);
}

static void add_head(struct lines *out, const struct inventory_facts *f, const struct campaign_site *row, int64_t now)
{
	const struct site *site = contract_site(f->contract, row->site);
	int64_t needed = inventory_site_terminals(f->contract, row);

	strbuf_addf(&out->text, " %s  ", site != NULL ? tr_label(&site->name) : row->site);
	add_days(&out->text, row->from_day, row->to_day);
	lines_end(out, ROLE_head, NULL);
	bool agreed = inventory_site_agreed(f, row, now);
	strbuf_addf(&out->text, " %s", agreed ? tr(N_("  days agreed with the city")) : tr(N_("! days not agreed with the city")));
	lines_end(out, agreed ? ROLE_ok : ROLE_warn, NULL);
	strbuf_addf(&out->text, " %s  %s", tr(N_("who attends")), *row->attendant != '\0' ? row->attendant : tr(N_("! nobody")));
	lines_end(out, *row->attendant != '\0' ? ROLE_text : ROLE_warn, NULL);
	strbuf_addf(&out->text, " %s  ", tr(N_("library closed")));
	add_days(&out->text, row->closed_from_day, row->closed_to_day);
	lines_end(out, ROLE_text, NULL);
	if (*row->areas != '\0') {
		strbuf_addf(&out->text, " %s  %s", tr(N_("areas")), row->areas);
		lines_end(out, ROLE_text, NULL);
	}
	strbuf_add_char(&out->text, ' ');
	add_bar(&out->text, 20, row->scanned, row->books);
	lines_end(out, ROLE_text, NULL);
	if (needed != TIME_NONE) {
		strbuf_addf(&out->text, " %s  %s", tr(N_("terminals needed")), MSG_INT(needed));
		lines_end(out, needed > f->contract->terminals ? ROLE_warn : ROLE_text, NULL);
	}
}

/* "[x] 休館を掲示した"; the id is "phase/item", what the verb of ticks takes. */
static void add_phase(struct lines *out, const struct inventory_facts *f, const struct campaign_site *row,
		      const struct phase *phase)
{
	bool here = strcmp(phase->id, row->phase) == 0;
	struct strbuf id = { 0 };

	strbuf_addf(&out->text, "%s %s  %zu/%zu", here ? ">" : "-", tr_label(&phase->name),
		    inventory_ticked(f, row->id, phase), phase->item_count);
	for (size_t i = 0; i < f->phase_count; i++) {
		const struct campaign_phase *p = &f->phases[i];
		if (strcmp(p->campaign_site, row->id) != 0 || strcmp(p->phase, phase->id) != 0)
			continue;
		strbuf_add_text(&out->text, "  ");
		time_format(p->at, f->contract->offset_s, TIME_SHORT, &out->text);
		strbuf_addf(&out->text, " %s %s", p->who, p->reason);
	}
	lines_end(out, here ? ROLE_head : ROLE_frame, NULL);
	for (size_t i = 0; i < phase->item_count; i++) {
		bool done = inventory_item_done(f, row->id, phase->id, phase->items[i].id);
		strbuf_clear(&id);
		strbuf_addf(&id, "%s/%s", phase->id, phase->items[i].id);
		strbuf_addf(&out->text, "   [%s] %s", done ? "x" : " ", tr_label(&phase->items[i].name));
		lines_end(out, done ? ROLE_dim : ROLE_text, strbuf_text(&id));
	}
	strbuf_release(&id);
}

static void add_loans(struct lines *out, const struct inventory_facts *f, const struct campaign_site *row, int32_t today)
{
	for (size_t i = 0; i < f->loan_count; i++) {
		const struct loan *l = &f->loans[i];
		const char *code = l->terminal;
		if (strcmp(l->site, row->site) != 0)
			continue;
		for (size_t k = 0; k < f->terminal_count; k++) {
			if (strcmp(f->terminals[k].id, l->terminal) == 0)
				code = f->terminals[k].code;
		}
		unsigned owes = loan_owes(l, f->campaign, today);
		strbuf_addf(&out->text, " %s %s  %s  ", owes != 0 ? "!" : " ", code,
			    loan_out(l) ? tr(N_("lent")) : tr(N_("came back")));
		time_format(l->out_at, f->contract->offset_s, TIME_SHORT, &out->text);
		if (owes & LOAN_OWES_IMPORT)
			strbuf_addf(&out->text, "  %s", tr(N_("scans not imported")));
		if (owes & LOAN_OWES_WIPE)
			strbuf_addf(&out->text, "  %s", tr(N_("memory not wiped")));
		lines_end(out, owes != 0 ? ROLE_warn : ROLE_text, NULL);
	}
}

static const struct campaign_site *row_of(const struct inventory_facts *f, const char *id)
{
	for (size_t i = 0; i < f->site_count; i++) {
		if (strcmp(f->sites[i].id, id) == 0)
			return &f->sites[i];
	}
	return NULL;
}

static int site_refill(struct screen *s, struct err *err)
{
	struct detail *d = s->state;
	struct rows rows;
	struct inventory_view v;
	int rc = store_row(app_store(s->app), TABLE_campaign_site, d->id, &rows, err);

	if (rc != 0)
		return rc;
	rc = inventory_load(app_store(s->app), app_contract(s->app), ROWS(campaign_site, &rows)->campaign, &v, err);
	rows_release(&rows);
	if (rc != 0)
		return rc;
	const struct campaign_site *row = row_of(&v.facts, d->id);
	lines_release(&d->lines);
	if (row != NULL) {
		free(d->site);
		d->site = mem_text(row->site);
		add_head(&d->lines, &v.facts, row, app_now(s->app));
		for (size_t i = 0; i < v.facts.contract->phase_count; i++)
			add_phase(&d->lines, &v.facts, row, &v.facts.contract->phases[i]);
		add_loans(&d->lines, &v.facts, row, day_of_time(app_now(s->app), app_offset(s->app)));
	}
	inventory_view_release(&v);
	list_refill(&d->list);
	return 0;
}

static void site_draw(struct screen *s, struct surface *out, struct rect area)
{
	list_draw(&((struct detail *)s->state)->list, out, area, true);
}

static struct list *site_list(struct screen *s)
{
	return &((struct detail *)s->state)->list;
}

/* The site, and the item of a check list that the cursor is on. */
static size_t site_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	struct detail *d = s->state;
	size_t i = list_selected(&d->list);

	if (max == 0)
		return 0;
	if (kind == ARG_SITE && d->site != NULL) {
		ids[0] = d->site;
		return 1;
	}
	if (kind != ARG_TEXT || i >= d->lines.list.len || *d->lines.list.v[i].id == '\0')
		return 0;
	ids[0] = d->lines.list.v[i].id;
	return 1;
}

const struct screen_ops screen_inventory_site = {
	.name = "inventory-site",
	.title = N_("inventory check of a site"),
	.topics = TOPIC_INVENTORY | TOPIC_CONTRACT | TOPIC_OTHER,
	.open = site_open,
	.close = site_close,
	.refill = site_refill,
	.draw = site_draw,
	.list = site_list,
	.targets = site_targets,
};
