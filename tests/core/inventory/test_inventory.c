/* The rules of the inventory check (S2.4, domain-rules §9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "core/inventory/inventory.h"

#define NOW INT64_C(1794182400) /* 2026-11-09 09:00 +09:00 */

static const struct flow_item items[] = { { .id = "dates" }, { .id = "notice" } };
static const struct phase phases[] = {
	{ .id = "plan", .items = items, .item_count = 2 }, { .id = "prepare" }, { .id = "lend" }, { .id = "report" },
};

struct world {
	struct contract contract;
	struct campaign campaign;
	struct campaign_site sites[3];
	struct tick ticks[4];
	struct loan loans[3];
	struct terminal terminals[2];
	struct talk talks[4];
	struct inventory_facts facts;
	int32_t today;
};

static void world_init(struct world *w)
{
	static const char *const names[] = { "honkan", "kokahi", "higashi" };

	memset(w, 0, sizeof *w);
	w->contract = (struct contract){ .offset_s = 32400, .phases = phases, .phase_count = 4, .terminals = 10,
					 .books_per_terminal_hour = 1000 };
	w->today = day_of_time(NOW, 32400);
	table_row_init(TABLE_campaign, &w->campaign);
	w->campaign.id = "C";
	w->campaign.number = "S-C1";
	w->campaign.from_day = w->today;
	w->campaign.to_day = w->today + 4;
	w->campaign.return_day = w->today + 7;
	for (int i = 0; i < 3; i++) {
		table_row_init(TABLE_campaign_site, &w->sites[i]);
		w->sites[i].id = w->sites[i].site = names[i];
		w->sites[i].phase = "plan";
		w->sites[i].attendant = "佐藤";
		w->sites[i].from_day = w->sites[i].to_day = w->today;
		w->sites[i].books = 8000;
		w->sites[i].hours_per_day = 8;
	}
	for (int i = 0; i < 2; i++) {
		table_row_init(TABLE_terminal, &w->terminals[i]);
		w->terminals[i].id = w->terminals[i].code = i == 0 ? "HT01" : "HT02";
		w->terminals[i].state = "ready";
	}
	w->facts = (struct inventory_facts){ .contract = &w->contract, .campaign = &w->campaign, .sites = w->sites,
					     .site_count = 3, .ticks = w->ticks, .loans = w->loans,
					     .terminals = w->terminals, .terminal_count = 2, .talks = w->talks };
}

static struct talk *add_talk(struct world *w, const char *id, const char *subject)
{
	struct talk *t = &w->talks[w->facts.talk_count++];

	table_row_init(TABLE_talk, t);
	t->id = id;
	t->act = "agreement";
	t->subject = subject;
	t->result = "agreed";
	t->person = "田中";
	t->at = NOW;
	return t;
}

static struct loan *add_loan(struct world *w, const char *terminal)
{
	struct loan *l = &w->loans[w->facts.loan_count++];

	table_row_init(TABLE_loan, l);
	l->terminal = terminal;
	l->site = "honkan";
	l->out_at = NOW;
	return l;
}

static void test_terminals(void **state)
{
	(void)state;
	assert_int_equal(inventory_terminals(142310, 1000, 8, 3), 6);
	assert_int_equal(inventory_terminals(144000, 1000, 8, 3), 6);
	assert_int_equal(inventory_terminals(144001, 1000, 8, 3), 7);
	assert_int_equal(inventory_terminals(1, 1000, 8, 1), 1);
	assert_int_equal(inventory_terminals(0, 1000, 8, 1), TIME_NONE);
	assert_int_equal(inventory_terminals(1, 0, 8, 1), TIME_NONE);
	assert_int_equal(inventory_terminals(1, 1000, TIME_NONE, 1), TIME_NONE);
	assert_int_equal(inventory_terminals(1, 1000, 8, TIME_NONE), TIME_NONE);
	assert_int_equal(inventory_terminals(INT64_MAX, INT64_MAX, 8, 8), 1);
}

static void test_needed_at_once(void **state)
{
	struct world w;
	size_t unknown;

	(void)state;
	world_init(&w);
	assert_int_equal(inventory_needed(&w.facts, &unknown), 3);
	assert_int_equal(unknown, 0);
	w.sites[1].from_day = w.sites[1].to_day = w.today + 1;
	assert_int_equal(inventory_needed(&w.facts, NULL), 2);
	w.sites[0].to_day = w.today + 1;
	w.sites[0].books = 80001;
	assert_int_equal(inventory_needed(&w.facts, NULL), 7);
	w.sites[0].to_day = w.today - 1;
	assert_int_equal(inventory_needed(&w.facts, &unknown), 1);
	assert_int_equal(unknown, 1);
}

static int enter(struct world *w, const char *phase, const char *reason)
{
	return inventory_phase_check(&w->facts, &w->sites[0], phase, reason, NULL);
}

static void test_phases(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	assert_int_equal(enter(&w, "nowhere", "x"), HS_ERR_INVALID);
	assert_int_equal(enter(&w, "plan", "x"), HS_ERR_STATE);
	assert_int_equal(enter(&w, "prepare", ""), HS_ERR_INVALID);
	assert_int_equal(enter(&w, "prepare", "notice goes out tomorrow"), 0);
	assert_int_equal(enter(&w, "lend", ""), HS_ERR_INVALID);
	for (int i = 0; i < 2; i++) {
		table_row_init(TABLE_tick, &w.ticks[i]);
		w.ticks[i].subject = "honkan";
		w.ticks[i].list = "plan";
		w.ticks[i].item = items[i].id;
	}
	w.facts.tick_count = 2;
	assert_int_equal(enter(&w, "prepare", ""), 0);
	w.ticks[1].deleted = NOW;
	assert_int_equal(inventory_ticked(&w.facts, "honkan", &phases[0]), 1);
	assert_int_equal(enter(&w, "prepare", ""), HS_ERR_INVALID);
	w.sites[0].phase = "lend";
	assert_int_equal(enter(&w, "plan", ""), HS_ERR_INVALID);
	assert_int_equal(enter(&w, "plan", "books arrived late"), 0);
	w.campaign.closed_at = NOW;
	assert_int_equal(enter(&w, "report", "x"), HS_ERR_STATE);
}

static int close_with(struct world *w, const struct talk *talk, const char *reason)
{
	return inventory_close_check(&w->facts, talk, NOW, reason, NULL);
}

static void test_closing_needs_the_city(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	for (int i = 0; i < 3; i++)
		w.sites[i].phase = "report";
	assert_int_equal(close_with(&w, NULL, "late"), HS_ERR_OWED);
	struct talk *t = add_talk(&w, "t", "C");
	struct { const char **field; const char *bad; } const cases[] = {
		{ &t->act, "report" }, { &t->subject, "honkan" }, { &t->result, "absent" }, { &t->person, "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *good = *cases[i].field;
		*cases[i].field = cases[i].bad;
		assert_int_equal(close_with(&w, t, "late"), HS_ERR_OWED);
		*cases[i].field = good;
	}
	t->at = NOW + 1;
	assert_int_equal(close_with(&w, t, ""), HS_ERR_OWED);
	t->at = NOW;
	assert_int_equal(close_with(&w, t, ""), 0);
	add_talk(&w, "c", "C")->cancels = "t";
	assert_int_equal(close_with(&w, t, ""), HS_ERR_OWED);
	w.facts.talk_count = 1;
	w.sites[2].phase = "lend";
	assert_int_equal(close_with(&w, t, ""), HS_ERR_INVALID);
	assert_int_equal(close_with(&w, t, "higashi is done next year"), 0);
	w.campaign.closed_at = NOW;
	assert_int_equal(close_with(&w, t, ""), HS_ERR_STATE);
}

static void test_loans(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	assert_int_equal(loan_out_check(&w.terminals[0], w.loans, 0, NULL), 0);
	struct loan *l = add_loan(&w, "HT01");
	assert_int_equal(loan_out_check(&w.terminals[0], w.loans, 1, NULL), HS_ERR_STATE);
	assert_int_equal(loan_out_check(&w.terminals[1], w.loans, 1, NULL), 0);
	assert_int_equal(terminal_retire_check(&w.terminals[0], w.loans, 1, NULL), HS_ERR_STATE);
	assert_int_equal(loan_in_check(&w.terminals[1], NULL, NOW, NULL), HS_ERR_STATE);
	assert_int_equal(loan_in_check(&w.terminals[0], l, NOW - 1, NULL), HS_ERR_INVALID);
	assert_int_equal(loan_owes(l, &w.campaign, w.today + 7), 0);
	assert_int_equal(loan_owes(l, &w.campaign, w.today + 8), LOAN_OWES_RETURN);
	l->in_at = NOW;
	assert_int_equal(loan_owes(l, &w.campaign, w.today), LOAN_OWES_IMPORT | LOAN_OWES_WIPE);
	l->imported_at = NOW;
	assert_int_equal(loan_owes(l, &w.campaign, w.today), LOAN_OWES_WIPE);
	l->wiped_at = NOW;
	assert_int_equal(loan_owes(l, &w.campaign, w.today + 99), 0);
	w.terminals[1].state = "broken";
	assert_int_equal(loan_out_check(&w.terminals[1], w.loans, 0, NULL), HS_ERR_STATE);
	w.terminals[1].state = "retired";
	assert_int_equal(loan_out_check(&w.terminals[1], w.loans, 0, NULL), HS_ERR_STATE);
	assert_int_equal(terminal_retire_check(&w.terminals[1], w.loans, 0, NULL), HS_ERR_STATE);
}

static bool has(const struct world *w, const char *site, const char *expected)
{
	struct findings found = { 0 };
	bool yes = false;

	inventory_review(&w->facts, NOW, &found);
	for (size_t i = 0; i < found.list.len; i++) {
		struct strbuf text = { 0 };
		msg_format(&found.list.v[i].what, NULL, &text);
		yes = yes || (strcmp(found.list.v[i].site, site) == 0 && strcmp(strbuf_text(&text), expected) == 0);
		strbuf_release(&text);
	}
	vec_release(&found.list);
	return yes;
}

static void test_review(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	assert_false(has(&w, "honkan", "nobody attends"));
	w.sites[0].attendant = "";
	assert_true(has(&w, "honkan", "nobody attends"));
	assert_true(has(&w, "kokahi", "the days are not agreed with the city"));
	add_talk(&w, "t", "kokahi");
	w.sites[1].agreement = "t";
	assert_false(has(&w, "kokahi", "the days are not agreed with the city"));
	add_talk(&w, "all", "C");
	w.sites[2].agreement = "all";
	assert_false(has(&w, "higashi", "the days are not agreed with the city"));
	w.sites[2].to_day = w.campaign.to_day + 1;
	assert_true(has(&w, "higashi", "the days lie outside the campaign's"));
	w.sites[0].books = 1000000;
	assert_true(has(&w, "", "127 terminals are needed, the contract says about 10: discuss it"));
	struct loan *l = add_loan(&w, "HT01");
	l->wiped_at = NOW;
	assert_true(has(&w, "honkan", "HT01 was wiped before its scans were imported"));
	l->in_at = NOW;
	assert_true(has(&w, "honkan", "HT01 came back with scans not imported"));
	w.campaign.closed_at = NOW;
	assert_true(has(&w, "honkan", "HT01 came back with scans not imported"));
	assert_false(has(&w, "honkan", "nobody attends"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminals),
		cmocka_unit_test(test_needed_at_once),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_closing_needs_the_city),
		cmocka_unit_test(test_loans),
		cmocka_unit_test(test_review),
	};
	return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
