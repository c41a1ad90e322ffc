/* See inventory.h: figures, phases, closing, review. */
#include "core/inventory/inventory.h"

#include <string.h>

static bool day_known(int64_t day)
{
	return day > INT32_MIN && day <= INT32_MAX;
}

int64_t inventory_days(const struct campaign_site *site)
{
	if (!day_known(site->from_day) || !day_known(site->to_day) || site->to_day < site->from_day)
		return TIME_NONE;
	return site->to_day - site->from_day + 1;
}

int64_t inventory_terminals(int64_t books, int64_t rate, int64_t hours, int64_t days)
{
	int64_t each;

	if (books <= 0 || rate <= 0 || hours <= 0 || days <= 0)
		return TIME_NONE;
	if (__builtin_mul_overflow(rate, hours, &each) || __builtin_mul_overflow(each, days, &each))
		return 1;
	return books / each + (books % each != 0);
}

int64_t inventory_site_terminals(const struct contract *c, const struct campaign_site *site)
{
	return inventory_terminals(site->books, c->books_per_terminal_hour, site->hours_per_day, inventory_days(site));
}

/* What the sites of one day need together. */
static int64_t needed_on(const struct inventory_facts *f, int64_t day)
{
	int64_t sum = 0;

	for (size_t i = 0; i < f->site_count; i++) {
		const struct campaign_site *s = &f->sites[i];
		int64_t n = inventory_site_terminals(f->contract, s);
		if (n != TIME_NONE && s->from_day <= day && day <= s->to_day && __builtin_add_overflow(sum, n, &sum))
			return INT64_MAX;
	}
	return sum;
}

int64_t inventory_needed(const struct inventory_facts *f, size_t *unknown)
{
	int64_t most = 0;
	size_t missing = 0;

	for (size_t i = 0; i < f->site_count; i++) {
		if (inventory_site_terminals(f->contract, &f->sites[i]) == TIME_NONE) {
			missing++;
			continue;
		}
		int64_t n = needed_on(f, f->sites[i].from_day);
		most = n > most ? n : most;
	}
	if (unknown != NULL)
		*unknown = missing;
	return most;
}

/* ---- phases ---- */

int inventory_phase_index(const struct contract *c, const char *id)
{
	for (size_t i = 0; i < c->phase_count; i++) {
		if (strcmp(c->phases[i].id, id) == 0)
			return (int)i;
	}
	return -1;
}

bool inventory_item_done(const struct inventory_facts *f, const char *campaign_site, const char *phase,
			 const char *item)
{
	for (size_t i = 0; i < f->tick_count; i++) {
		const struct tick *t = &f->ticks[i];
		if (t->deleted == TIME_NONE && strcmp(t->subject, campaign_site) == 0 && strcmp(t->list, phase) == 0 &&
		    strcmp(t->item, item) == 0)
			return true;
	}
	return false;
}

size_t inventory_ticked(const struct inventory_facts *f, const char *campaign_site, const struct phase *phase)
{
	size_t done = 0;

	for (size_t i = 0; i < phase->item_count; i++)
		done += inventory_item_done(f, campaign_site, phase->id, phase->items[i].id);
	return done;
}

int inventory_phase_check(const struct inventory_facts *f, const struct campaign_site *site, const char *phase,
			  const char *reason, struct err *err)
{
	int to = inventory_phase_index(f->contract, phase), from = inventory_phase_index(f->contract, site->phase);

	if (to < 0)
		return ERR(err, HS_ERR_INVALID, N_("the contract has no phase '{1}'"), phase);
	if (f->campaign->closed_at != TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("inventory check {1} is closed"), f->campaign->number);
	if (to == from)
		return ERR(err, HS_ERR_STATE, N_("'{1}' is in that phase already"), site->site);
	if (*reason != '\0')
		return 0;
	if (to < from)
		return ERR(err, HS_ERR_INVALID, N_("going back needs a reason"));
	if (to > from + 1)
		return ERR(err, HS_ERR_INVALID, N_("skipping a phase needs a reason"));
	if (from >= 0) {
		const struct phase *p = &f->contract->phases[from];
		size_t done = inventory_ticked(f, site->id, p);
		if (done < p->item_count)
			return ERR(err, HS_ERR_INVALID,
				   N_("{1} item(s) of the check list are not done: do them, or give a reason"),
				   MSG_INT((int64_t)(p->item_count - done)));
	}
	return 0;
}

static bool cancelled(const struct inventory_facts *f, const char *talk)
{
	for (size_t i = 0; i < f->talk_count; i++) {
		if (f->talks[i].deleted == TIME_NONE && strcmp(f->talks[i].cancels, talk) == 0)
			return true;
	}
	return false;
}

bool inventory_agreed(const struct inventory_facts *f, const struct talk *t, const char *subject, int64_t at)
{
	return t != NULL && t->deleted == TIME_NONE && strcmp(t->subject, subject) == 0 &&
	       (strcmp(t->act, "agreement") == 0 || strcmp(t->act, "consent") == 0) &&
	       strcmp(t->result, "agreed") == 0 && *t->cancels == '\0' && *t->person != '\0' && t->at != TIME_NONE &&
	       t->at <= at && (t->valid_until == TIME_NONE || at <= t->valid_until) && !cancelled(f, t->id);
}

bool inventory_site_agreed(const struct inventory_facts *f, const struct campaign_site *site, int64_t now)
{
	for (size_t i = 0; i < f->talk_count && *site->agreement != '\0'; i++) {
		if (strcmp(f->talks[i].id, site->agreement) == 0)
			return inventory_agreed(f, &f->talks[i], site->id, now) ||
			       inventory_agreed(f, &f->talks[i], f->campaign->id, now);
	}
	return false;
}

int inventory_close_check(const struct inventory_facts *f, const struct talk *talk, int64_t at, const char *reason,
			  struct err *err)
{
	if (f->campaign->closed_at != TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("inventory check {1} is closed"), f->campaign->number);
	if (!inventory_agreed(f, talk, f->campaign->id, at))
		return ERR(err, HS_ERR_OWED,
			   N_("closing inventory check {1} needs the city's agreement: record who agreed and when"),
			   f->campaign->number);
	for (size_t i = 0; i < f->site_count && *reason == '\0'; i++) {
		if (inventory_phase_index(f->contract, f->sites[i].phase) + 1 != (int)f->contract->phase_count)
			return ERR(err, HS_ERR_INVALID,
				   N_("'{1}' has not reached the last phase: finish it, or give a reason"),
				   f->sites[i].site);
	}
	return 0;
}

/* ---- review ---- */

static struct msg *find(struct findings *out, enum finding_level level, const char *site, const char *terminal)
{
	struct finding *found = vec_add(&out->list);

	found->level = level;
	found->site = site;
	found->terminal = terminal;
	return &found->what;
}

static void review_site(const struct inventory_facts *f, const struct campaign_site *s, int64_t now,
			struct findings *out)
{
	const struct campaign *c = f->campaign;

	if (*s->attendant == '\0')
		MSG(find(out, FINDING_WARN, s->site, ""), N_("nobody attends"));
	if (inventory_days(s) == TIME_NONE)
		MSG(find(out, FINDING_WARN, s->site, ""), N_("the days are not set"));
	else if (day_known(c->from_day) && day_known(c->to_day) && (s->from_day < c->from_day || s->to_day > c->to_day))
		MSG(find(out, FINDING_WARN, s->site, ""), N_("the days lie outside the campaign's"));
	if (!inventory_site_agreed(f, s, now))
		MSG(find(out, FINDING_OWED, s->site, ""), N_("the days are not agreed with the city"));
	if (s->books <= 0 || s->hours_per_day <= 0)
		MSG(find(out, FINDING_WARN, s->site, ""), N_("books or hours are missing: terminals cannot be reckoned"));
	int phase = inventory_phase_index(f->contract, s->phase);
	for (int i = 0; i < phase; i++) {
		const struct phase *p = &f->contract->phases[i];
		size_t done = inventory_ticked(f, s->id, p);
		if (done < p->item_count)
			MSG(find(out, FINDING_OWED, s->site, ""), N_("{1} item(s) of an earlier phase are not done"),
			    MSG_INT((int64_t)(p->item_count - done)));
	}
}

static const char *terminal_code(const struct inventory_facts *f, const char *id)
{
	for (size_t i = 0; i < f->terminal_count; i++) {
		if (strcmp(f->terminals[i].id, id) == 0)
			return f->terminals[i].code;
	}
	return id;
}

static void review_loan(const struct inventory_facts *f, const struct loan *l, int32_t today, struct findings *out)
{
	unsigned owes = loan_owes(l, f->campaign, today);
	const char *code = terminal_code(f, l->terminal);

	if (owes & LOAN_OWES_RETURN)
		MSG(find(out, FINDING_OWED, l->site, l->terminal), N_("{1} is not returned"), code);
	if (owes & LOAN_OWES_IMPORT)
		MSG(find(out, FINDING_OWED, l->site, l->terminal), N_("{1} came back with scans not imported"), code);
	if (owes & LOAN_OWES_WIPE)
		MSG(find(out, FINDING_OWED, l->site, l->terminal), N_("{1} came back with its memory not wiped"), code);
	if (loan_out(l) && l->wiped_at != TIME_NONE && l->imported_at == TIME_NONE)
		MSG(find(out, FINDING_WARN, l->site, l->terminal), N_("{1} was wiped before its scans were imported"),
		    code);
}

void inventory_review(const struct inventory_facts *f, int64_t now, struct findings *out)
{
	int32_t today = day_of_time(now, f->contract->offset_s);
	int64_t lent = 0;

	if (f->campaign->closed_at == TIME_NONE) {
		int64_t needed = inventory_needed(f, NULL), agreed = f->contract->terminals;
		if (needed > agreed)
			MSG(find(out, FINDING_WARN, "", ""), N_("{1} terminals are needed, the contract says about {2}: discuss it"),
			    MSG_INT(needed), MSG_INT(agreed));
		for (size_t i = 0; i < f->site_count; i++)
			review_site(f, &f->sites[i], now, out);
		for (size_t i = 0; i < f->loan_count; i++)
			lent += loan_out(&f->loans[i]);
		if (lent > agreed)
			MSG(find(out, FINDING_WARN, "", ""), N_("{1} terminals are lent, the contract says about {2}"),
			    MSG_INT(lent), MSG_INT(agreed));
	}
	for (size_t i = 0; i < f->loan_count; i++)
		review_loan(f, &f->loans[i], today, out);
}
