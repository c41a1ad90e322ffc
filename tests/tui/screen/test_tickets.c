/* The screens of tickets as golden files: nothing, a plausible day, hostile text; and what their keys ask the console for. */
#include "tests/tui/screen/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "data/contract/load.h"
#include "data/store/note.h"
#include "data/store/talk.h"
#include "data/store/ticket.h"
#include "tests/data/store/support.h"
#include "tui/widget/list.h"
#include "tui/widget/tr.h"

enum { H = 3600 };

static struct contract *contract;
static char *folder;
static struct app app;

static int load_contract(void **state)
{
	struct complaints complaints = { 0 };
	char path[1024];

	(void)state;
	snprintf(path, sizeof path, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	lang_start("ja", NULL);
	struct err err = { 0 };
	int rc = contract_load(path, &contract, &complaints, &err);
	if (rc != 0)
		fprintf(stderr, "# %s: %s\n", path, err_shown(&err));
	vec_release(&complaints.list);
	return rc;
}

static int free_contract(void **state)
{
	(void)state;
	contract_free(contract);
	return 0;
}

static int open_store(void **state)
{
	(void)state;
	folder = folder_new();
	app = (struct app){ .contract = contract, .store = store_make(folder) };
	assert_true(time_parse("2026-10-14 09:42", 0, contract->offset_s, &app.now));
	return 0;
}

static int close_store(void **state)
{
	(void)state;
	store_close(app.store);
	folder_remove(folder);
	return 0;
}

static int64_t at(const char *text)
{
	int64_t t;

	assert_true(time_parse(text, app.now, contract->offset_s, &t));
	return t;
}

static void begin(struct tx *tx, int64_t now)
{
	assert_int_equal(tx_begin(app.store, "佐藤", "ticket test", now, tx, NULL), 0);
}

struct made {
	const char *title, *kind, *site, *severity, *cause, *owner, *contact, *detected, *stages;
};

/* A ticket and the stages it went through, an hour apart. */
static void make(const struct made *m, char id[UUID_SIZE])
{
	struct ticket t;
	struct rows rows;
	struct tx tx;
	char number[24];
	int64_t when = m->contact != NULL ? at(m->contact) : at(m->detected);

	table_row_init(TABLE_ticket, &t);
	t.title = m->title;
	t.kind = m->kind;
	t.site = m->site;
	t.severity = m->severity;
	t.cause = m->cause;
	t.owner = m->owner;
	t.contact_at = m->contact != NULL ? when : TIME_NONE;
	t.detected_at = m->detected != NULL ? at(m->detected) : TIME_NONE;
	t.caller = "田中";
	t.taken_by = "高橋";
	begin(&tx, when);
	assert_true(ticket_put(&tx, contract, &t, id, number));
	assert_int_equal(tx_commit(&tx, NULL), 0);
	for (const char *p = m->stages; p != NULL && *p != '\0';) {
		char stage[32];
		size_t len = strcspn(p, " ");
		snprintf(stage, sizeof stage, "%.*s", (int)len, p);
		p += len + (p[len] == ' ');
		when += H;
		assert_int_equal(store_row(app.store, TABLE_ticket, id, &rows, NULL), 0);
		begin(&tx, when);
		ticket_enter(&tx, contract, ROWS(ticket, &rows), flow_stage(contract_flow(contract, m->kind), stage), when, "");
		assert_int_equal(tx_commit(&tx, NULL), 0);
		rows_release(&rows);
	}
}

static void note(const char *id, const char *when, const char *body, bool client)
{
	struct tx tx;
	char note_id[UUID_SIZE];

	begin(&tx, at(when));
	note_put(&tx, id, body, client, at(when), note_id);
	assert_int_equal(tx_commit(&tx, NULL), 0);
}

static void make_day(char first[UUID_SIZE])
{
	static const struct made day[] = {
		{ "回線断 (ルータ応答なし)", "incident", "higashi", "major", "delivered", "鈴木", "2026-10-12 14:52", "2026-10-12 14:47",
		  "diagnosis isolation repair" },
		{ "業務システム応答なし", "incident", "", "major", "undecided", "佐藤", "2026-10-13 18:05", NULL, "diagnosis isolation" },
		{ "バックアップ失敗", "incident", "honkan", "undecided", "undecided", "", NULL, "2026-10-14 02:31", NULL },
		{ "プリンタ給紙不良", "incident", "minami", "minor", "delivered", "佐藤", "2026-10-12 15:30", NULL, "diagnosis" },
		{ "画面の表示が遅い", "incident", "nishi", "normal", "other", "鈴木", "2026-10-10 10:00", NULL, "diagnosis" },
		{ "改ざん検知 (誤報の疑い)", "security", "", "normal", "delivered", "PM", "2026-10-13 20:00", NULL, "preserve" },
		{ "ILL館の追加", "change", "honkan", "", "", "佐藤", "2026-10-05 13:10", NULL, "study talk" },
		{ "9月の停電", "incident", "honkan", "major", "delivered", "鈴木", "2026-09-01 08:00", NULL,
		  "diagnosis isolation repair recovered report" },
	};
	char id[UUID_SIZE], number[24];
	struct talk talk;
	struct tx tx;

	for (size_t i = 0; i < sizeof day / sizeof *day; i++) {
		make(&day[i], id);
		if (i == 0)
			memcpy(first, id, UUID_SIZE);
		if (i != 3)
			continue;
		table_row_init(TABLE_talk, &talk);
		talk.act = "discussion";
		talk.about = "deferral";
		talk.subject = id;
		talk.body = "manager";
		talk.person = "田中";
		talk.who = "佐藤";
		talk.means = "phone";
		talk.result = "agreed";
		talk.conditions = "部品入荷後";
		talk.at = at("2026-10-12 16:00");
		talk.new_due = at("2026-10-30 17:00");
		char talk_id[UUID_SIZE];
		begin(&tx, talk.at);
		talk_put(&tx, &talk, talk_id, number);
		tx_text(&tx, TABLE_ticket, id, "deferral", talk_id);
		assert_int_equal(tx_commit(&tx, NULL), 0);
	}
	note(first, "2026-10-13 16:05", "業者回答: 局側は異常なし", false);
	note(first, "2026-10-14 08:31", "現地到着 (訪問合意 市:田中様)", true);
	note(first, "2026-10-14 08:50", "代替機を搬入、設定投入中", false);
	begin(&tx, at("2026-10-12 14:58"));
	tick_put(&tx, first, "repair", "visit", true, at("2026-10-12 14:58"));
	ticket_join(&tx, first, "db-ssh", at("2026-10-12 14:49"));
	ticket_check_recovered(&tx, first, "db-ssh", at("2026-10-13 09:49"));
	assert_int_equal(tx_commit(&tx, NULL), 0);
}

static void an_empty_queue(void **state)
{
	struct screen s;

	(void)state;
	stage_open(&s, &app, &screen_tickets, "");
	stage_golden_all(&s, "tickets-empty");
	stage_close(&s);
}

static void a_day(void **state)
{
	struct screen s;
	char first[UUID_SIZE];

	(void)state;
	make_day(first);
	stage_open(&s, &app, &screen_tickets, "");
	stage_golden_all(&s, "tickets");
	stage_close(&s);
	stage_open(&s, &app, &screen_ticket, first);
	stage_golden_all(&s, "ticket");
	stage_close(&s);
}

static void hostile_text(void **state)
{
	static const char *const evil[] = {
		"\x1b[2J\x1b]0;owned\x07 title", "\xe2\x80\xae" "rtl override", "①※…曖昧幅の文字", "ﾊﾝｶｸｶﾅ ｶﾞｷﾞｸﾞ",
		"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 marks", "tab\tand\nline",
	};
	struct made m = { .kind = "incident", .site = "no-such-site", .severity = "catastrophic", .cause = "?",
			  .contact = "2026-10-14 08:00" };
	char id[UUID_SIZE], first[UUID_SIZE];
	struct strbuf longest = { 0 };
	struct screen s;

	(void)state;
	strbuf_add_text(&longest, "長");
	for (int i = 0; i < 10000; i++)
		strbuf_add_text(&longest, i % 3 == 0 ? "い" : "x");
	for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
		m.title = m.owner = evil[i];
		make(&m, id);
		note(id, "2026-10-14 08:30", evil[i], true);
	}
	m.title = strbuf_text(&longest);
	m.stages = "no-such-stage";
	m.stages = NULL;
	make(&m, first);
	note(first, "2026-10-14 08:30", strbuf_text(&longest), true);
	stage_open(&s, &app, &screen_tickets, "");
	stage_golden_all(&s, "tickets-hostile");
	stage_close(&s);
	stage_open(&s, &app, &screen_ticket, first);
	stage_golden_all(&s, "ticket-hostile");
	stage_close(&s);
	strbuf_release(&longest);
}

static void tiny_and_odd_areas(void **state)
{
	struct screen s, t;
	char first[UUID_SIZE];

	(void)state;
	make_day(first);
	stage_open(&s, &app, &screen_tickets, "");
	stage_open(&t, &app, &screen_ticket, first);
	for (int rows = 1; rows < 60; rows += 3) {
		for (int cols = 2; cols < 200; cols += 7) {
			struct surface out;
			surface_init(&out, rows, cols);
			surface_clear(&out);
			s.ops->draw(&s, &out, (struct rect){ 0, 0, rows, cols });
			t.ops->draw(&t, &out, (struct rect){ 0, 0, rows, cols });
			surface_release(&out);
		}
	}
	stage_close(&s);
	stage_close(&t);
}

static void the_rows_are_what_keys_act_on(void **state)
{
	struct screen s;
	char first[UUID_SIZE];
	const char *ids[8];
	struct key space = { .code = ' ' }, down = { .code = 'j' };

	(void)state;
	make_day(first);
	stage_open(&s, &app, &screen_tickets, "");
	struct list *list = s.ops->list(&s);
	assert_int_equal(list->count, 8);
	assert_int_equal(s.ops->targets(&s, ARG_TICKET, ids, 8), 1);
	assert_string_equal(ids[0], first); /* the nearest guideline stands first */
	assert_int_equal(s.ops->targets(&s, ARG_SITE, ids, 8), 1);
	assert_string_equal(ids[0], "higashi");
	assert_int_equal(s.ops->targets(&s, ARG_HOST, ids, 8), 0);
	list_key(list, &space);
	list_key(list, &down);
	list_key(list, &down);
	list_key(list, &space);
	assert_true(s.ops->targets(&s, ARG_TICKET, ids, 8) >= 2);
	list_select_id(list, first);
	s.ops->enter(&s);
	assert_string_equal(app.opened, "ticket");
	assert_string_equal(app.subject, first);
	stage_close(&s);

	stage_open(&s, &app, &screen_ticket, "#S1");
	assert_int_equal(s.ops->targets(&s, ARG_TEXT, ids, 8), 1);
	assert_string_equal(ids[0], "repair/visit"); /* items of the present stage come first */
	assert_int_equal(s.ops->targets(&s, ARG_TICKET, ids, 8), 1);
	assert_string_equal(ids[0], first);
	s.ops->enter(&s);
	assert_string_equal(app.opened, "view");
	s.ops->next_pane(&s);
	s.ops->enter(&s);
	assert_string_equal(app.command, "ticket tick {ticket} --item {text} --toggle");
	stage_close(&s);
	assert_int_equal(screen_ticket.open(&(struct screen){ .app = &app }, "#S99", NULL), HS_ERR_NOT_FOUND);
}

static void a_number_is_never_cut(void **state)
{
	struct ticket t;
	struct tx tx;
	struct screen s;
	struct surface out;
	struct strbuf text = { 0 };
	char id[UUID_SIZE], number[24];

	(void)state;
	table_row_init(TABLE_ticket, &t);
	t.kind = "incident";
	t.title = "many before it";
	t.contact_at = app.now;
	begin(&tx, app.now);
	ticket_put(&tx, contract, &t, id, number);
	tx_text(&tx, TABLE_ticket, id, "number", "SAT123456");
	assert_int_equal(tx_commit(&tx, NULL), 0);
	stage_open(&s, &app, &screen_tickets, "");
	surface_init(&out, 17, 80);
	s.ops->draw(&s, &out, (struct rect){ 0, 0, 17, 80 });
	surface_dump(&out, false, &text);
	assert_non_null(strstr(strbuf_text(&text), "#SAT123456 "));
	surface_release(&out);
	strbuf_release(&text);
	stage_close(&s);
}

static void subjects_narrow_the_queue(void **state)
{
	static const struct {
		const char *subject;
		size_t count;
	} cases[] = { { "", 8 }, { "mine", 3 }, { "honkan", 3 }, { "closed", 0 }, { "all", 8 }, { "nonsense", 8 } };
	struct screen s;
	char first[UUID_SIZE];

	(void)state;
	make_day(first);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		stage_open(&s, &app, &screen_tickets, cases[i].subject);
		assert_int_equal(s.ops->list(&s)->count, cases[i].count);
		stage_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_empty_queue, open_store, close_store),
		cmocka_unit_test_setup_teardown(a_day, open_store, close_store),
		cmocka_unit_test_setup_teardown(hostile_text, open_store, close_store),
		cmocka_unit_test_setup_teardown(tiny_and_odd_areas, open_store, close_store),
		cmocka_unit_test_setup_teardown(the_rows_are_what_keys_act_on, open_store, close_store),
		cmocka_unit_test_setup_teardown(a_number_is_never_cut, open_store, close_store),
		cmocka_unit_test_setup_teardown(subjects_narrow_the_queue, open_store, close_store),
	};
	return cmocka_run_group_tests(tests, load_contract, free_contract);
}
