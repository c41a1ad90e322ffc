/* See inventory.h. */
#include "data/store/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "data/store/internal.h"
#include "data/store/put.h"

/* ---- reading ---- */

static int load_campaign(struct store *s, const char *id, struct rows *out, struct err *err)
{
	struct value v = value_text(id);

	if (*id == '\0')
		return rows_select(s, TABLE_campaign,
				   "WHERE deleted IS NULL ORDER BY closed_at IS NOT NULL, fiscal_year DESC, rowid DESC LIMIT 1",
				   NULL, 0, out, err);
	int rc = rows_select(s, TABLE_campaign, "WHERE id = ? AND deleted IS NULL LIMIT 1", &v, 1, out, err);
	if (rc == 0 && out->len == 0)
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("there is no inventory check '{1}'"), id);
	return rc;
}

static int load_of(struct store *s, const char *campaign, struct inventory_view *v, struct err *err)
{
	struct value id = value_text(campaign);
	int rc = rows_select(s, TABLE_campaign_site, "WHERE campaign = ? AND deleted IS NULL ORDER BY rowid", &id, 1,
			     &v->sites, err);

	if (rc == 0)
		rc = rows_select(s, TABLE_campaign_phase,
				 "WHERE deleted IS NULL AND campaign_site IN (SELECT id FROM campaign_site WHERE campaign = ?) ORDER BY rowid",
				 &id, 1, &v->phases, err);
	if (rc == 0)
		rc = rows_select(s, TABLE_tick,
				 "WHERE deleted IS NULL AND subject IN (SELECT id FROM campaign_site WHERE campaign = ?) ORDER BY rowid",
				 &id, 1, &v->ticks, err);
	if (rc == 0)
		rc = rows_select(s, TABLE_loan, "WHERE campaign = ? AND deleted IS NULL ORDER BY rowid", &id, 1, &v->loans,
				 err);
	if (rc == 0)
		rc = rows_select(s, TABLE_talk,
				 "WHERE deleted IS NULL AND (subject = ?1 OR subject IN (SELECT id FROM campaign_site WHERE campaign = ?1)) ORDER BY rowid",
				 &id, 1, &v->talks, err);
	return rc;
}

/* Sites in the order of the contract; ones it no longer knows come last. */
static void order_sites(const struct contract *c, struct rows *sites)
{
	struct campaign_site *v = sites->v;
	size_t done = 0;

	for (size_t i = 0; i < c->site_count; i++) {
		for (size_t k = done; k < sites->len; k++) {
			if (strcmp(v[k].site, c->sites[i].id) != 0)
				continue;
			struct campaign_site found = v[k];
			memmove(&v[done + 1], &v[done], (k - done) * sizeof *v);
			v[done++] = found;
		}
	}
}

static void point_facts(const struct contract *c, struct inventory_view *v)
{
	v->facts = (struct inventory_facts){
		.contract = c,
		.campaign = v->campaigns.len > 0 ? ROWS(campaign, &v->campaigns) : NULL,
		.sites = v->sites.v, .site_count = v->sites.len,
		.phases = v->phases.v, .phase_count = v->phases.len,
		.ticks = v->ticks.v, .tick_count = v->ticks.len,
		.loans = v->loans.v, .loan_count = v->loans.len,
		.terminals = v->terminals.v, .terminal_count = v->terminals.len,
		.talks = v->talks.v, .talk_count = v->talks.len,
	};
}

int inventory_load(struct store *s, const struct contract *c, const char *id, struct inventory_view *out,
		   struct err *err)
{
	*out = (struct inventory_view){ 0 };
	int rc = load_campaign(s, id, &out->campaigns, err);

	if (rc == 0)
		rc = terminals_load(s, &out->terminals, err);
	if (rc == 0 && out->campaigns.len > 0)
		rc = load_of(s, ROWS(campaign, &out->campaigns)->id, out, err);
	if (rc != 0) {
		inventory_view_release(out);
		return rc;
	}
	order_sites(c, &out->sites);
	point_facts(c, out);
	return 0;
}

void inventory_view_release(struct inventory_view *v)
{
	struct rows *all[] = { &v->campaigns, &v->sites, &v->phases, &v->ticks, &v->loans, &v->terminals, &v->talks };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		rows_release(all[i]);
	*v = (struct inventory_view){ 0 };
}

const struct campaign_site *inventory_site(const struct inventory_view *v, const char *site)
{
	for (size_t i = 0; i < v->facts.site_count; i++) {
		if (strcmp(v->facts.sites[i].site, site) == 0)
			return &v->facts.sites[i];
	}
	return NULL;
}

int terminals_load(struct store *s, struct rows *out, struct err *err)
{
	return rows_select(s, TABLE_terminal, "WHERE deleted IS NULL ORDER BY code, rowid", NULL, 0, out, err);
}

int terminal_loans_load(struct store *s, const char *terminal, struct rows *out, struct err *err)
{
	struct value v = value_text(terminal);

	return rows_select(s, TABLE_loan, "WHERE terminal = ? AND deleted IS NULL ORDER BY rowid", &v, 1, out, err);
}

int terminal_find(struct store *s, const char *text, struct rows *out, struct err *err)
{
	struct value v = value_text(text);
	int rc = rows_select(s, TABLE_terminal,
			     "WHERE deleted IS NULL AND (code = ?1 COLLATE NOCASE OR id = ?1) ORDER BY rowid LIMIT 1", &v, 1,
			     out, err);

	if (rc == 0 && out->len == 0) {
		rows_release(out);
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("there is no terminal '{1}'"), text);
	}
	return rc;
}

/* ---- writing ---- */

static void put_site(struct tx *tx, const char *campaign, const char *site, const char *phase)
{
	struct campaign_site row;
	char id[UUID_SIZE];

	table_row_init(TABLE_campaign_site, &row);
	row.campaign = campaign;
	row.site = site;
	row.phase = phase;
	ROW_ID_OF(id, "campaign_site", campaign, site);
	row_put(tx, TABLE_campaign_site, &row, id, NULL);
}

void campaign_put(struct tx *tx, const struct contract *c, const struct campaign *draft, char id[UUID_SIZE],
		  char number[24])
{
	const char *first = c->phase_count > 0 ? c->phases[0].id : "";

	id[0] = '\0';
	row_put(tx, TABLE_campaign, draft, id, number);
	for (size_t i = 0; i < c->site_count; i++)
		put_site(tx, id, c->sites[i].id, first);
}

void campaign_put_phase(struct tx *tx, const struct campaign_site *site, const char *phase, const char *reason,
			int64_t at)
{
	struct campaign_phase row;
	char id[UUID_SIZE] = "";

	table_row_init(TABLE_campaign_phase, &row);
	row.campaign_site = site->id;
	row.phase = phase;
	row.who = tx->actor;
	row.reason = reason;
	row.at = at;
	row_put(tx, TABLE_campaign_phase, &row, id, NULL);
	tx_text(tx, TABLE_campaign_site, site->id, COLUMN(campaign_site, phase), phase);
}

void terminal_put(struct tx *tx, const struct terminal *draft, char id[UUID_SIZE])
{
	id[0] = '\0';
	row_put(tx, TABLE_terminal, draft, id, NULL);
}

void loan_put(struct tx *tx, const struct loan *draft, char id[UUID_SIZE])
{
	id[0] = '\0';
	row_put(tx, TABLE_loan, draft, id, NULL);
}
