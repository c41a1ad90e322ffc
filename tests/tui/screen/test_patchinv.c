/* パッチ, 蔵書点検 and the ledger of terminals as golden screens: three sizes, two languages, narrow and wide ambiguous characters;
 * empty, full and hostile. */
#include "tests/data/store/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "data/store/inventory.h"
#include "data/store/note.h"
#include "data/store/patch.h"
#include "data/store/put.h"
#include "data/store/stop.h"
#include "tests/tui/screen/stage.h"
#include "tui/widget/tr.h"

#define AT INT64_C(1791938520) /* 2026-10-14 09:42 +09:00 */

static const char *const in_ap[] = { "ap", NULL };
static const char *const in_db[] = { "db", NULL };
static const struct host hosts[] = {
	{ .id = "ap1", .name = { "業務サーバ1", "Application server 1", "AP01", "AP01" }, .groups = in_ap },
	{ .id = "ap2", .name = { "業務サーバ2", "Application server 2", "AP02", "AP02" }, .groups = in_ap },
	{ .id = "db1", .name = { "DBサーバ", "Database server", "DB01", "DB01" }, .groups = in_db },
};
static const struct host_group groups[] = {
	{ .id = "ap", .name = { "業務サーバ", "Application servers", "AP", "AP" } },
	{ .id = "db", .name = { "データベース", "Databases", "DB", "DB" } },
};
static const struct site sites[] = {
	{ .id = "honkan", .number = 1, .name = { "市立図書館", "City Library", "本館", "Main" } },
	{ .id = "kahinata", .number = 2, .name = { "香日向分館", "Kahinata Branch", "香日向", "Kahinata" } },
	{ .id = "higashi", .number = 3, .name = { "東公民館", "East Centre", "東公民", "East" } },
};
static const struct flow_item plan_items[] = {
	{ .id = "dates", .name = { "日程を合意した", "Dates agreed", "日程", "Dates" } },
	{ .id = "closing", .name = { "休館を掲示した", "Closing announced", "掲示", "Closing" } },
};
static const struct flow_item scan_items[] = { { .id = "started", .name = { "読取を始めた", "Scanning begun", "開始", "Begun" } } };
static const struct phase phases[] = {
	{ .id = "plan", .name = { "計画", "Plan", "計画", "Plan" }, .items = plan_items, .item_count = 2 },
	{ .id = "scan", .name = { "読取", "Scan", "読取", "Scan" }, .items = scan_items, .item_count = 1 },
	{ .id = "report", .name = { "報告", "Report", "報告", "Report" } },
};
static const struct contract contract = {
	.offset_s = 32400, .hosts = hosts, .host_count = 3, .groups = groups, .group_count = 2, .sites = sites, .site_count = 3,
	.phases = phases, .phase_count = 3, .terminals = 10, .books_per_terminal_hour = 1000,
};

struct world {
	char *folder;
	struct app app;
};

static void world_init(struct world *w)
{
	*w = (struct world){ .folder = folder_new() };
	w->app = (struct app){ .contract = &contract, .store = store_make(w->folder), .now = AT };
}

static void world_release(struct world *w)
{
	store_close(w->app.store);
	folder_remove(w->folder);
}

static void begin(struct world *w, struct tx *tx)
{
	assert_int_equal(tx_begin(w->app.store, "佐藤", "test", AT, tx, NULL), 0);
}

static void commit(struct tx *tx)
{
	assert_int_equal(tx_commit(tx, NULL), 0);
}

/* A patch that has come as far as last, without the rules: they are tested elsewhere. */
static void make_patch(struct world *w, const char *package, const char *target, const char *group, const char *significance,
		       enum patch_stage last, int64_t due, char id[UUID_SIZE])
{
	struct patch draft;
	char number[24];
	struct tx tx;

	table_row_init(TABLE_patch, &draft);
	draft.package = package;
	draft.target = target;
	draft.hosts = group;
	draft.significance = significance;
	draft.reboot = "stop";
	draft.owner = "佐藤";
	draft.source = "保守元の通知";
	draft.due_at = due;
	draft.published_at = AT - 6 * DAY_SECONDS;
	begin(w, &tx);
	patch_put(&tx, &draft, id, number);
	for (enum patch_stage s = PATCH_ASSESSED; s <= last && last < PATCH_MAIN_STAGES; s++) {
		struct patch_request r = { .stage = s, .at = AT - 5 * DAY_SECONDS, .body = "市 田中様へ", .reason = "" };
		struct patch_outcome o = { .stage = patch_stage_info(s)->id, .action = s >= PATCH_DONE ? "applied" : "",
					   .agreement = "", .stop = "", .reason = "", .emergency = "", .review_day = TIME_NONE,
					   .closed_at = TIME_NONE };
		draft.id = id;
		patch_put_step(&tx, &draft, &r, &o);
	}
	commit(&tx);
}

static void make_backlog(struct world *w, char first[UUID_SIZE])
{
	char id[UUID_SIZE];
	struct tx tx;

	make_patch(w, "openssl", "3.0.7-27", "ap", "yes", PATCH_PROPOSED, AT + 2 * DAY_SECONDS, first);
	make_patch(w, "DBMS", "14.9", "db", "yes", PATCH_DISCUSSED, AT - 3600, id);
	make_patch(w, "curl", "7.76.1-31", "ap", "undecided", PATCH_ASSESSED, TIME_NONE, id);
	make_patch(w, "図書館パッケージ", "6.2.2", "ap", "yes", PATCH_DONE, AT + 5 * DAY_SECONDS, id);
	begin(w, &tx);
	patch_put_advisory(&tx, first, "CVE-2026-1100");
	patch_put_advisory(&tx, first, "CVE-2026-1101");
	patch_put_host(&tx, id, "ap1", "6.2.2", "no", AT);
	patch_put_host(&tx, id, "ap2", "6.2.2", "yes", AT);
	commit(&tx);
	make_patch(w, "kernel", "5.14.0-427", "db", "no", PATCH_PUBLISHED, TIME_NONE, id);
}

static void set_site(struct world *w, const struct campaign_site *s, int from, int to, int64_t books, int64_t scanned,
		     const char *attendant, const char *phase)
{
	int32_t day = day_of_time(AT, 32400);
	struct tx tx;

	begin(w, &tx);
	tx_int(&tx, TABLE_campaign_site, s->id, "from_day", day + from);
	tx_int(&tx, TABLE_campaign_site, s->id, "to_day", day + to);
	tx_int(&tx, TABLE_campaign_site, s->id, "books", books);
	tx_int(&tx, TABLE_campaign_site, s->id, "hours_per_day", 8);
	tx_int(&tx, TABLE_campaign_site, s->id, "scanned", scanned);
	tx_int(&tx, TABLE_campaign_site, s->id, "missing", scanned / 100);
	tx_text(&tx, TABLE_campaign_site, s->id, "attendant", attendant);
	campaign_put_phase(&tx, s, phase, "", AT - 3600);
	commit(&tx);
}

static void make_loan(struct world *w, const char *campaign, const char *code, int64_t in_at)
{
	struct terminal t;
	struct loan l;
	char id[UUID_SIZE], loan[UUID_SIZE];
	struct tx tx;

	table_row_init(TABLE_terminal, &t);
	t.code = code;
	t.model = "BHT-1500";
	t.state = "ready";
	table_row_init(TABLE_loan, &l);
	begin(w, &tx);
	terminal_put(&tx, &t, id);
	l.terminal = id;
	l.campaign = campaign;
	l.site = "honkan";
	l.handed_by = "佐藤";
	l.received_by = "山田";
	l.out_at = AT - DAY_SECONDS;
	l.in_at = in_at;
	loan_put(&tx, &l, loan);
	commit(&tx);
}

static void make_campaign(struct world *w, const char *title, char honkan[UUID_SIZE])
{
	struct campaign draft;
	struct inventory_view v;
	char id[UUID_SIZE], number[24];
	struct tx tx;

	table_row_init(TABLE_campaign, &draft);
	draft.title = title;
	draft.fiscal_year = 2026;
	draft.from_day = day_of_time(AT, 32400) - 1;
	draft.to_day = draft.from_day + 4;
	draft.return_day = draft.from_day + 7;
	begin(w, &tx);
	campaign_put(&tx, &contract, &draft, id, number);
	commit(&tx);
	assert_int_equal(inventory_load(w->app.store, &contract, id, &v, NULL), 0);
	memcpy(honkan, v.facts.sites[0].id, UUID_SIZE);
	set_site(w, &v.facts.sites[0], -1, 1, 142310, 98212, "佐藤", "scan");
	set_site(w, &v.facts.sites[1], -1, 0, 31884, 31883, "鈴木", "scan");
	set_site(w, &v.facts.sites[2], 2, 2, 8120, 0, "", "plan");
	begin(w, &tx);
	tick_put(&tx, honkan, "plan", "dates", true, AT);
	commit(&tx);
	inventory_view_release(&v);
	make_loan(w, id, "HT01", TIME_NONE);
	make_loan(w, id, "HT02", TIME_NONE);
	make_loan(w, id, "HT03", AT - 600);
}

/* Every size, both languages; names are SCREEN-SET-80x24-ja and so on. */
static void all_sizes(struct world *w, const struct screen_ops *ops, const char *subject, const char *set)
{
	static const int sizes[][2] = { { 24, 80 }, { 40, 120 }, { 48, 160 } };
	static const char *const langs[] = { "ja", "en" };
	char name[128];

	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 2; k++) {
			assert_true(lang_set(langs[k]));
			snprintf(name, sizeof name, "%s-%s-%dx%d-%s", ops->name, set, sizes[i][1], sizes[i][0], langs[k]);
			/* Header and footer take six rows. */
			screen_golden(&w->app, ops, subject, sizes[i][0] - 6, sizes[i][1], name);
		}
	}
}

static void test_empty(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	all_sizes(&w, &screen_patches, "", "empty");
	all_sizes(&w, &screen_inventory, "", "empty");
	world_release(&w);
}

static void test_full(void **state)
{
	struct world w;
	char id[UUID_SIZE], honkan[UUID_SIZE];

	(void)state;
	world_init(&w);
	make_backlog(&w, id);
	make_campaign(&w, "令和8年度 蔵書点検", honkan);
	all_sizes(&w, &screen_patches, "", "full");
	all_sizes(&w, &screen_patch, id, "full");
	all_sizes(&w, &screen_inventory, "", "full");
	all_sizes(&w, &screen_inventory_site, honkan, "full");
	all_sizes(&w, &screen_terminals, "", "full");
	world_release(&w);
}

/* Escape sequences, a very long title, truncated UTF-8, bidi and combining characters, half-width kana, ambiguous width. */
static void test_hostile(void **state)
{
	static const char nasty[] = "\x1b[31m\x1b]0;x\x07 ｶﾞｷﾞ e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 "
				    "\xe2\x80\xae" "abc ①※→─ 漢字\t\n終";
	struct world w;
	char id[UUID_SIZE], honkan[UUID_SIZE];
	struct strbuf longer = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		strbuf_add_text(&longer, "とても長い");
	world_init(&w);
	make_patch(&w, nasty, "\x1b[2J1.0", "ap", "yes", PATCH_PROPOSED, TIME_NONE, id);
	make_patch(&w, strbuf_text(&longer), "1", "nowhere", "\x1b[m", PATCH_ASSESSED, AT, id);
	make_campaign(&w, nasty, honkan);
	for (int wide = 0; wide < 2; wide++) {
		text_set_ambiguous_wide(wide != 0);
		all_sizes(&w, &screen_patches, "", wide != 0 ? "hostile-wide" : "hostile-narrow");
		all_sizes(&w, &screen_inventory, "", wide != 0 ? "hostile-wide" : "hostile-narrow");
	}
	text_set_ambiguous_wide(false);
	world_release(&w);
	strbuf_release(&longer);
}

static void test_no_room(void **state)
{
	static const struct screen_ops *const all[] = { &screen_patches, &screen_inventory, &screen_terminals };
	struct world w;
	char id[UUID_SIZE], honkan[UUID_SIZE];

	(void)state;
	world_init(&w);
	make_backlog(&w, id);
	make_campaign(&w, "", honkan);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct screen s = { .ops = all[i], .app = &w.app };
		assert_int_equal(all[i]->open(&s, "", NULL), 0);
		assert_int_equal(all[i]->refill(&s, NULL), 0);
		for (int rows = 1; rows < 16; rows++) {
			for (int cols = 1; cols < 60; cols += 7) {
				struct surface out;
				surface_init(&out, rows, cols);
				surface_clear(&out);
				all[i]->draw(&s, &out, (struct rect){ 0, 0, rows, cols });
				surface_release(&out);
			}
		}
		all[i]->close(&s);
	}
	world_release(&w);
}

static void test_enter_opens(void **state)
{
	struct world w;
	char id[UUID_SIZE], honkan[UUID_SIZE];
	const char *ids[4];

	(void)state;
	world_init(&w);
	make_backlog(&w, id);
	make_campaign(&w, "", honkan);
	struct screen s = { .ops = &screen_inventory, .app = &w.app };
	assert_int_equal(s.ops->open(&s, "", NULL), 0);
	assert_int_equal(s.ops->refill(&s, NULL), 0);
	s.ops->enter(&s);
	assert_string_equal(w.app.opened, "inventory-site");
	assert_string_equal(w.app.subject, honkan);
	assert_int_equal(s.ops->targets(&s, ARG_SITE, ids, 4), 1);
	assert_string_equal(ids[0], "honkan");
	s.ops->close(&s);
	world_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_enter_opens),
	};

	lang_start("ja", NULL);
	return cmocka_run_group_tests_name("screens of patches and inventory", tests, NULL, NULL);
}
