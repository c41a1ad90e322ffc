/* Inventory checks, terminals and loans in records.db (S2.4). Writers run inside the caller's tx; the rules are core/inventory's. */
#ifndef DATA_STORE_INVENTORY_H
#define DATA_STORE_INVENTORY_H

#include "core/inventory/inventory.h"
#include "data/store/store.h"

/* One campaign with everything of it. facts.campaign is NULL when there is none yet. */
struct inventory_view {
	struct inventory_facts facts;
	struct rows campaigns, sites, phases, ticks, loans, terminals, talks;
};
/* id "": the open campaign, else the newest; none at all leaves facts.campaign NULL. Another unknown id is HS_ERR_NOT_FOUND.
 * Sites come in the contract's order. */
int inventory_load(struct store *s, const struct contract *c, const char *id, struct inventory_view *out,
		   struct err *err);
void inventory_view_release(struct inventory_view *v);
/* The campaign's row of a site (the contract's id); NULL when it is not in it. */
const struct campaign_site *inventory_site(const struct inventory_view *v, const char *site);

/* Terminals by code; loans of one terminal, oldest first. */
int terminals_load(struct store *s, struct rows *out, struct err *err);
int terminal_loans_load(struct store *s, const char *terminal, struct rows *out, struct err *err);
/* A terminal by its code (any case of ASCII letters) or id; HS_ERR_NOT_FOUND. */
int terminal_find(struct store *s, const char *text, struct rows *out, struct err *err);

/* A campaign of the fiscal year, and a row for each site of the contract in its first phase. */
void campaign_put(struct tx *tx, const struct contract *c, const struct campaign *draft, char id[UUID_SIZE],
		  char number[24]);
void campaign_put_phase(struct tx *tx, const struct campaign_site *site, const char *phase, const char *reason,
			int64_t at);
void terminal_put(struct tx *tx, const struct terminal *draft, char id[UUID_SIZE]);
void loan_put(struct tx *tx, const struct loan *draft, char id[UUID_SIZE]);

#endif
