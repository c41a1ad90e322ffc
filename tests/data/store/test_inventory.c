/* Inventory checks, terminals, loans, staff and deliverables in a real database. */
#include "tests/data/store/support.h"

#include <stdlib.h>
#include <string.h>

#include "data/store/inventory.h"
#include "data/store/obligation.h"
#include "data/store/put.h"

static const struct site sites[] = { { .id = "honkan" }, { .id = "higashi" } };
static const struct phase phases[] = { { .id = "plan" }, { .id = "lend" } };
static const struct deliverable_rule rules[] = { { .id = "minutes", .rule = "after-meeting", .business_days = 5 } };
static const struct contract contract = {
	.offset_s = 32400, .sites = sites, .site_count = 2, .phases = phases, .phase_count = 2, .terminals = 10,
	.books_per_terminal_hour = 1000, .deliverables = rules, .deliverable_count = 1, .meeting_months = 6,
	.go_live_day = 20000, .from_day = 20000, .to_day = 22000,
};

static void begin(struct store *s, struct tx *tx)
{
	assert_int_equal(tx_begin(s, "佐藤", "inventory test", NOW, tx, NULL), 0);
}

static void make_campaign(struct store *s, int64_t year, char id[UUID_SIZE])
{
	struct campaign draft;
	char number[24];
	struct tx tx;

	table_row_init(TABLE_campaign, &draft);
	draft.title = "蔵書点検";
	draft.fiscal_year = year;
	begin(s, &tx);
	campaign_put(&tx, &contract, &draft, id, number);
	assert_int_equal(tx_commit(&tx, NULL), 0);
}

static void make_terminal(struct store *s, const char *code, char id[UUID_SIZE])
{
	struct terminal draft;
	struct tx tx;

	table_row_init(TABLE_terminal, &draft);
	draft.code = code;
	draft.state = "ready";
	begin(s, &tx);
	terminal_put(&tx, &draft, id);
	assert_int_equal(tx_commit(&tx, NULL), 0);
}

static void test_campaign(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], old[UUID_SIZE];
	struct store *s = store_make(folder);
	struct inventory_view v;
	struct tx tx;

	(void)state;
	assert_int_equal(inventory_load(s, &contract, "", &v, NULL), 0);
	assert_null(v.facts.campaign);
	inventory_view_release(&v);
	assert_int_equal(inventory_load(s, &contract, "nowhere", &v, NULL), HS_ERR_NOT_FOUND);

	make_campaign(s, 2026, id);
	make_campaign(s, 2025, old);
	assert_int_equal(inventory_load(s, &contract, "", &v, NULL), 0);
	assert_string_equal(v.facts.campaign->id, id);
	assert_string_equal(v.facts.campaign->number, "S-C1");
	assert_int_equal(v.facts.site_count, 2);
	assert_string_equal(v.facts.sites[0].site, "honkan");
	assert_string_equal(v.facts.sites[1].phase, "plan");
	begin(s, &tx);
	campaign_put_phase(&tx, inventory_site(&v, "higashi"), "lend", "reason", NOW);
	tx_int(&tx, TABLE_campaign, id, COLUMN(campaign, closed_at), NOW);
	assert_int_equal(tx_commit(&tx, NULL), 0);
	inventory_view_release(&v);
	/* The open one first, even of an earlier year. */
	assert_int_equal(inventory_load(s, &contract, "", &v, NULL), 0);
	assert_string_equal(v.facts.campaign->id, old);
	inventory_view_release(&v);
	assert_int_equal(inventory_load(s, &contract, id, &v, NULL), 0);
	assert_string_equal(inventory_site(&v, "higashi")->phase, "lend");
	assert_int_equal(v.facts.phase_count, 1);
	assert_string_equal(v.facts.phases[0].who, "佐藤");
	assert_null(inventory_site(&v, "nowhere"));
	inventory_view_release(&v);
	assert_int_equal(fsck_count(s, true), 0);
	store_close(s);
	folder_remove(folder);
}

static void test_site_the_contract_lost(void **state)
{
	static const struct site other[] = { { .id = "higashi" } };
	char *folder = folder_new(), id[UUID_SIZE];
	struct store *s = store_make(folder);
	struct contract now = contract;
	struct inventory_view v;

	(void)state;
	make_campaign(s, 2026, id);
	now.sites = other;
	now.site_count = 1;
	assert_int_equal(inventory_load(s, &now, "", &v, NULL), 0);
	assert_int_equal(v.facts.site_count, 2);
	assert_string_equal(v.facts.sites[0].site, "higashi");
	assert_string_equal(v.facts.sites[1].site, "honkan");
	inventory_view_release(&v);
	store_close(s);
	folder_remove(folder);
}

static void test_loans(void **state)
{
	char *folder = folder_new(), campaign[UUID_SIZE], terminal[UUID_SIZE], loan_id[UUID_SIZE];
	struct store *s = store_make(folder);
	struct inventory_view v;
	struct rows found;
	struct loan draft;
	struct tx tx;

	(void)state;
	make_campaign(s, 2026, campaign);
	make_terminal(s, "HT01", terminal);
	assert_int_equal(terminal_find(s, "ht01", &found, NULL), 0);
	assert_string_equal(ROWS(terminal, &found)->id, terminal);
	rows_release(&found);
	assert_int_equal(terminal_find(s, "HT99", &found, NULL), HS_ERR_NOT_FOUND);
	table_row_init(TABLE_loan, &draft);
	draft.terminal = terminal;
	draft.campaign = campaign;
	draft.site = "honkan";
	draft.out_at = NOW;
	begin(s, &tx);
	loan_put(&tx, &draft, loan_id);
	assert_int_equal(tx_commit(&tx, NULL), 0);
	assert_int_equal(inventory_load(s, &contract, "", &v, NULL), 0);
	assert_int_equal(v.facts.loan_count, 1);
	assert_string_equal(loan_open_of(v.facts.loans, 1, terminal)->id, loan_id);
	inventory_view_release(&v);
	assert_int_equal(terminal_loans_load(s, terminal, &found, NULL), 0);
	assert_int_equal(found.len, 1);
	rows_release(&found);
	store_close(s);
	folder_remove(folder);
}

static void test_staff_and_deliverables(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], meeting[UUID_SIZE];
	struct store *s = store_make(folder);
	struct obligation_view v;
	struct deliverable d;
	struct staff p;
	struct rows found;
	struct tx tx;

	(void)state;
	table_row_init(TABLE_staff, &p);
	p.name = "佐藤 花子";
	p.short_name = "佐藤";
	begin(s, &tx);
	staff_put(&tx, &p, id);
	table_row_init(TABLE_deliverable, &d);
	d.kind = OBLIGATION_MEETING;
	d.made_at = NOW;
	deliverable_put(&tx, &d, meeting);
	assert_int_equal(tx_commit(&tx, NULL), 0);
	assert_int_equal(staff_find(s, "佐藤", &found, NULL), 0);
	assert_string_equal(ROWS(staff, &found)->id, id);
	rows_release(&found);
	begin(s, &tx);
	staff_put(&tx, &p, id);
	assert_int_equal(tx_commit(&tx, NULL), 0);
	assert_int_equal(staff_find(s, "佐藤", &found, NULL), HS_ERR_INVALID);
	assert_int_equal(staff_find(s, "鈴木", &found, NULL), HS_ERR_NOT_FOUND);

	assert_int_equal(obligations_load(s, &contract, NOW, &v, NULL), 0);
	bool seen = false;
	for (size_t i = 0; i < v.due.list.len; i++) {
		const struct obligation *o = &v.due.list.v[i];
		seen = seen || (strcmp(o->kind, "minutes") == 0 && strcmp(o->subject, meeting) == 0 &&
				o->due_day > day_of_time(NOW, 32400));
	}
	assert_true(seen);
	obligation_view_release(&v);
	store_close(s);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_campaign),
		cmocka_unit_test(test_site_the_contract_lost),
		cmocka_unit_test(test_loans),
		cmocka_unit_test(test_staff_and_deliverables),
	};
	return cmocka_run_group_tests_name("store inventory", tests, NULL, NULL);
}
