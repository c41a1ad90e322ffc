/* Inventory checks (蔵書点検, S2.4, domain-rules §9): phases, terminals needed, loans, and what is still owed. Pure.
 *
 * Phases and their check lists are data of the contract; their order is the file's. A missing attendance or agreement is a
 * warning and stops nothing; closing a campaign needs the city's act (§6). hoshu never writes to the library system. */
#ifndef CORE_INVENTORY_INVENTORY_H
#define CORE_INVENTORY_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/change/tables.h"
#include "core/contract/contract.h"

/* One campaign and everything of it; rows are borrowed. */
struct inventory_facts {
	const struct contract *contract;
	const struct campaign *campaign;
	const struct campaign_site *sites; size_t site_count;
	const struct campaign_phase *phases; size_t phase_count;
	const struct tick *ticks; size_t tick_count;
	const struct loan *loans; size_t loan_count;             /* of this campaign */
	const struct terminal *terminals; size_t terminal_count; /* all */
	const struct talk *talks; size_t talk_count;             /* about inventory */
};

/* Days of a site's check, both ends counted; TIME_NONE when not set or the wrong way round. */
int64_t inventory_days(const struct campaign_site *site);
/* books / (rate × hours × days), rounded up; TIME_NONE when a figure is missing or not above zero. */
int64_t inventory_terminals(int64_t books, int64_t rate, int64_t hours, int64_t days);
/* The same for a site, at the contract's rate. */
int64_t inventory_site_terminals(const struct contract *c, const struct campaign_site *site);
/* Terminals needed at once: the most that the sites of one day need together. Sites that cannot be reckoned count in unknown alone.
 * unknown may be NULL. */
int64_t inventory_needed(const struct inventory_facts *f, size_t *unknown);

/* ---- phases ---- */

/* Index in the contract's list; -1 when there is none of that name. */
int inventory_phase_index(const struct contract *c, const char *id);
/* Items of the phase's check list that are done for a site (a tick may be taken back by a tombstone). */
size_t inventory_ticked(const struct inventory_facts *f, const char *campaign_site, const struct phase *phase);
bool inventory_item_done(const struct inventory_facts *f, const char *campaign_site, const char *phase,
			 const char *item);
/* May the site enter the phase? Leaving items undone, skipping and going back want a reason. HS_ERR_STATE, HS_ERR_INVALID. */
int inventory_phase_check(const struct inventory_facts *f, const struct campaign_site *site, const char *phase,
			  const char *reason, struct err *err);
/* May the campaign be closed, resting on talk? HS_ERR_OWED without the city's act; open phases want a reason. */
int inventory_close_check(const struct inventory_facts *f, const struct talk *talk, int64_t at, const char *reason,
			  struct err *err);
/* The city agreed (合意 or 承諾, not cancelled) about this campaign or site at or before at. */
bool inventory_agreed(const struct inventory_facts *f, const struct talk *talk, const char *subject, int64_t at);
/* The site's dates rest on an agreement that stands. */
bool inventory_site_agreed(const struct inventory_facts *f, const struct campaign_site *site, int64_t now);

/* ---- loans ---- */

enum { LOAN_OWES_RETURN = 1, LOAN_OWES_IMPORT = 2, LOAN_OWES_WIPE = 4 };
bool loan_out(const struct loan *l);
/* What is still to be done: a return after the campaign's return day; import and wiping once it came back. */
unsigned loan_owes(const struct loan *l, const struct campaign *c, int32_t today);
/* The open loan of a terminal among loans; NULL when it is here. */
const struct loan *loan_open_of(const struct loan *loans, size_t count, const char *terminal);
/* May the terminal be lent, taken back, retired? loans: all of that terminal. HS_ERR_STATE. */
int loan_out_check(const struct terminal *t, const struct loan *loans, size_t count, struct err *err);
int loan_in_check(const struct terminal *t, const struct loan *open, int64_t at, struct err *err);
int terminal_retire_check(const struct terminal *t, const struct loan *loans, size_t count, struct err *err);

/* ---- what needs a person ---- */

enum finding_level { FINDING_WARN, FINDING_OWED };
struct finding {
	enum finding_level level;
	const char *site, *terminal; /* ids, "" when it is about the whole */
	struct msg what;
};
struct findings {
	VEC(struct finding) list;
};
/* Everything that is missing or owed, sites in the given order, then loans. Appends. */
void inventory_review(const struct inventory_facts *f, int64_t now, struct findings *out);

#endif
