/* Tickets, talks, notes in a real database, with the bundled contract. */
#include "tests/data/store/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ticket/flow.h"
#include "core/ticket/talk.h"
#include "data/contract/load.h"
#include "data/store/note.h"
#include "data/store/talk.h"
#include "data/store/ticket.h"

enum { H = 3600 };

static struct contract *contract;
static char *folder;
static struct store *store;

static int open_store(void **state)
{
	(void)state;
	folder = folder_new();
	store = store_make(folder);
	return 0;
}

static int close_store(void **state)
{
	(void)state;
	store_close(store);
	folder_remove(folder);
	return 0;
}

static int load_contract(void **state)
{
	struct complaints complaints = { 0 };
	struct err err = { 0 };
	char path[1024];

	(void)state;
	snprintf(path, sizeof path, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	return contract_load(path, &contract, &complaints, &err);
}

static int free_contract(void **state)
{
	(void)state;
	contract_free(contract);
	return 0;
}

static void begin(struct tx *tx, int64_t now)
{
	assert_int_equal(tx_begin(store, "佐藤", "ticket test", now, tx, NULL), 0);
}

static void commit(struct tx *tx)
{
	struct err err = { 0 };

	if (tx_commit(tx, &err) != 0)
		fail_msg("commit: %s", err_shown(&err));
}

static struct ticket draft_of(const char *title, const char *severity, int64_t contact)
{
	struct ticket t;

	table_row_init(TABLE_ticket, &t);
	t.kind = "incident";
	t.title = title;
	t.site = "honkan";
	t.severity = severity;
	t.cause = "delivered";
	t.contact_at = contact;
	return t;
}

static void put(const struct ticket *draft, int64_t now, char id[UUID_SIZE], char number[24])
{
	struct tx tx;

	begin(&tx, now);
	assert_true(ticket_put(&tx, contract, draft, id, number));
	commit(&tx);
}

static struct ticket load(const char *id, struct rows *rows)
{
	assert_int_equal(store_row(store, TABLE_ticket, id, rows, NULL), 0);
	return *ROWS(ticket, rows);
}

static void enter(const char *id, const char *stage, int64_t at, const char *reason)
{
	struct rows rows;
	struct tx tx;
	struct ticket t = load(id, &rows);

	begin(&tx, at);
	ticket_enter(&tx, contract, &t, flow_stage(contract_flow(contract, "incident"), stage), at, reason);
	commit(&tx);
	rows_release(&rows);
}

static void a_ticket_goes_through_its_flow_and_back(void **state)
{
	struct ticket draft = draft_of("業務システム応答なし", "", NOW - H);
	struct ticket_detail d;
	char id[UUID_SIZE], number[24];
	struct rows rows;

	(void)state;
	draft.cause = "";
	put(&draft, NOW, id, number);
	assert_string_equal(number, "S1");
	struct ticket t = load(id, &rows);
	assert_string_equal(t.stage, "received");
	assert_string_equal(t.severity, "undecided");
	assert_string_equal(t.cause, "undecided");
	assert_int_equal(t.opened_at, NOW);
	rows_release(&rows);
	enter(id, "repair", NOW + H, "known fault");
	enter(id, "recovered", NOW + 2 * H, "");
	enter(id, "report", NOW + 3 * H, "");
	enter(id, "closed", NOW + 4 * H, "");
	assert_int_equal(ticket_load(store, contract, id, NOW + 9 * H, &d, NULL), 0);
	t = *ROWS(ticket, &d.ticket);
	assert_int_equal(t.started_at, NOW + H);
	assert_int_equal(t.recovered_at, NOW + 2 * H);
	assert_int_equal(t.confirmed_at, NOW + 3 * H);
	assert_int_equal(t.closed_at, NOW + 4 * H);
	assert_int_equal(d.stages.len, 5);
	assert_int_equal(ROWS(ticket_stage, &d.stages)[0].at, NOW - H); /* received when the city called */
	assert_string_equal(ROWS(ticket_stage, &d.stages)[1].reason, "known fault");
	assert_int_equal(d.recovery.state, RECOVERY_MET);
	assert_int_equal(d.recovery.to_work_s, 2 * H);
	assert_true(d.history.list.len > 10);
	ticket_detail_release(&d);

	enter(id, "repair", NOW + 10 * H, "it failed again");
	t = load(id, &rows);
	assert_int_equal(t.started_at, NOW + H);
	assert_int_equal(t.contact_at, NOW - H); /* a reopened fault keeps its start */
	assert_true(t.recovered_at == TIME_NONE && t.confirmed_at == TIME_NONE && t.closed_at == TIME_NONE);
	rows_release(&rows);
}

static void the_queue_comes_by_due_then_severity(void **state)
{
	static const struct {
		const char *title, *severity;
		int64_t contact;
	} made[] = {
		{ "sixth", "minor", NOW - 3 * H }, { "second", "major", NOW - 5 * H },  { "first", "major", NOW - 9 * H },
		{ "third", "major", NOW - H },     { "fifth", "major", TIME_NONE },     { "fourth", "undecided", NOW - H },
	};
	static const char *const order[] = { "first", "second", "third", "fourth", "fifth", "sixth" };
	struct ticket_filter f = { .due_before = TIME_NONE, .after_closed_at = TIME_NONE };
	struct ticket_queue q;
	char id[UUID_SIZE], number[24];

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct ticket draft = draft_of(made[i].title, made[i].severity, made[i].contact);
		put(&draft, NOW, id, number);
	}
	assert_int_equal(tickets_load(store, contract, &f, NOW, &q, NULL), 0);
	assert_int_equal(q.list.len, 6);
	assert_int_equal(q.total, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(q.list.v[i].row.title, order[i]);
	ticket_queue_release(&q);

	f.severity = "major";
	f.due_before = NOW - 4 * H + 48 * H;
	assert_int_equal(tickets_load(store, contract, &f, NOW, &q, NULL), 0);
	assert_int_equal(q.list.len, 2);
	ticket_queue_release(&q);
	f.severity = "";
	f.due_before = TIME_NONE;
	f.limit = 2;
	assert_int_equal(tickets_load(store, contract, &f, NOW, &q, NULL), 0);
	assert_int_equal(q.list.len, 2);
	assert_string_equal(q.list.v[0].row.title, "first");
	assert_true(q.more);
	assert_int_equal(q.total, 6);
	ticket_queue_release(&q);
	f.limit = 0;
	f.site = "nowhere";
	assert_int_equal(tickets_load(store, contract, &f, NOW, &q, NULL), 0);
	assert_int_equal(q.list.len, 0);
	ticket_queue_release(&q);
}

static void closed_ones_are_paged_by_key(void **state)
{
	struct ticket_filter f = { .scope = TICKETS_CLOSED, .due_before = TIME_NONE, .after_closed_at = TIME_NONE, .limit = 7 };
	struct ticket_queue q;
	char id[UUID_SIZE], number[24], last[UUID_SIZE];
	size_t seen = 0;
	int64_t before = INT64_MAX;

	(void)state;
	for (int i = 0; i < 30; i++) {
		struct ticket draft = draft_of("closed", "normal", NOW - i * H);
		put(&draft, NOW, id, number);
		enter(id, "closed", NOW + i / 3, "quick");
	}
	for (int page = 0; page < 10; page++) {
		assert_int_equal(tickets_load(store, contract, &f, NOW, &q, NULL), 0);
		for (size_t i = 0; i < q.list.len; i++) {
			assert_true(q.list.v[i].row.closed_at <= before);
			before = q.list.v[i].row.closed_at;
		}
		seen += q.list.len;
		bool more = q.more;
		if (q.list.len > 0) {
			memcpy(last, q.list.v[q.list.len - 1].row.id, UUID_SIZE);
			f.after_closed_at = before;
			f.after_id = last;
		}
		ticket_queue_release(&q);
		if (!more)
			break;
	}
	assert_int_equal(seen, 30);
}

static void put_talk(const char *subject, const char *about, const char *result, int64_t at, int64_t new_due,
		     char id[UUID_SIZE])
{
	struct talk t;
	struct tx tx;
	char number[24];

	table_row_init(TABLE_talk, &t);
	t.act = "discussion";
	t.about = about;
	t.subject = subject;
	t.body = "manager";
	t.person = "田中";
	t.result = result;
	t.at = at;
	t.new_due = new_due;
	begin(&tx, at);
	talk_put(&tx, &t, id, number);
	commit(&tx);
}

static void a_deferral_moves_the_due_until_it_is_cancelled(void **state)
{
	struct ticket draft = draft_of("プリンタ給紙不良", "minor", NOW);
	struct ticket_filter f = { .due_before = TIME_NONE, .after_closed_at = TIME_NONE };
	struct ticket_detail d;
	struct ticket_queue q;
	struct rows rows;
	struct tx tx;
	char id[UUID_SIZE], talk[UUID_SIZE], number[24], rests[24];

	(void)state;
	put(&draft, NOW, id, number);
	put_talk(id, "deferral", "pending", NOW + H / 2, TIME_NONE, talk);
	assert_int_equal(talk_holding(store, id, "deferral", NOW + H, &rows, NULL), HS_ERR_NOT_FOUND);
	put_talk(id, "deferral", "agreed", NOW + H, NOW + 400 * H, talk);
	assert_int_equal(talk_holding(store, id, "deferral", NOW + H, &rows, NULL), 0);
	struct talk t = *ROWS(talk, &rows);
	assert_int_equal(talk_rests(store, &t, NOW, rests, NULL), 0);
	assert_string_equal(rests, "");
	begin(&tx, NOW + H);
	tx_text(&tx, TABLE_ticket, id, "deferral", talk);
	commit(&tx);
	assert_int_equal(tickets_load(store, contract, &f, NOW + 2 * H, &q, NULL), 0);
	assert_true(q.list.v[0].recovery.deferred);
	assert_int_equal(q.list.v[0].recovery.due, NOW + 400 * H);
	ticket_queue_release(&q);
	assert_int_equal(talk_rests(store, &t, NOW, rests, NULL), 0);
	assert_string_equal(rests, number); /* the ticket rests on it: the cancellation would be refused */

	begin(&tx, NOW + 3 * H);
	talk_put_cancel(&tx, &t, "部品が早く届いた", rests);
	commit(&tx);
	assert_int_equal(tickets_load(store, contract, &f, NOW + 2 * H, &q, NULL), 0);
	assert_false(q.list.v[0].recovery.deferred);
	ticket_queue_release(&q);
	assert_int_equal(ticket_load(store, contract, id, NOW + 4 * H, &d, NULL), 0);
	assert_null(d.deferral);
	assert_int_equal(d.talks.len, 3);
	assert_int_equal(d.recovery.due, NOW + 48 * H);
	ticket_detail_release(&d);
	rows_release(&rows);
	assert_int_equal(talk_holding(store, id, "deferral", NOW + 5 * H, &rows, NULL), HS_ERR_NOT_FOUND);
}

static void undoing_a_talk_appends_a_cancellation(void **state)
{
	struct ticket draft = draft_of("プリンタ給紙不良", "minor", NOW);
	struct ticket_detail d;
	struct talk t;
	struct tx tx;
	struct err err = { 0 };
	char id[UUID_SIZE], talk[UUID_SIZE], number[24], done[UUID_SIZE], again[UUID_SIZE];

	(void)state;
	put(&draft, NOW, id, number);
	table_row_init(TABLE_talk, &t);
	t.act = "discussion";
	t.about = "deferral";
	t.subject = id;
	t.result = "agreed";
	t.person = "田中";
	t.at = NOW;
	t.new_due = NOW + 99 * H;
	begin(&tx, NOW);
	talk_put(&tx, &t, talk, number);
	tx_text(&tx, TABLE_ticket, id, "deferral", talk);
	commit(&tx);
	assert_int_equal(store_undo(store, tx.id, "佐藤", NOW + H, done, &err), 0);
	assert_int_equal(ticket_load(store, contract, id, NOW + H, &d, NULL), 0);
	assert_string_equal(ROWS(ticket, &d.ticket)->deferral, "");
	assert_int_equal(d.talks.len, 2); /* nothing is typed away */
	assert_string_equal(ROWS(talk, &d.talks)[1].cancels, talk);
	assert_true(talk_cancelled(&d.talks, talk));
	ticket_detail_release(&d);
	assert_int_equal(store_undo(store, done, "佐藤", NOW + 2 * H, again, &err), HS_ERR_STATE);
	assert_int_equal(store_undo(store, tx.id, "佐藤", NOW + 2 * H, again, &err), HS_ERR_STATE);
}

static void notes_and_ticks_are_kept(void **state)
{
	struct ticket draft = draft_of("回線断", "major", NOW);
	struct ticket_detail d;
	struct tx tx;
	char id[UUID_SIZE], note[UUID_SIZE], number[24];

	(void)state;
	put(&draft, NOW, id, number);
	for (int i = 0; i < 3; i++) { /* done, done again, taken back */
		begin(&tx, NOW + i);
		note_put(&tx, id, i == 2 ? "市へ: 復旧しました" : "\tescape \033[31m", i == 2, NOW + i, note);
		tick_put(&tx, id, "received", "who", i < 2, NOW + i);
		commit(&tx);
	}
	assert_int_equal(ticket_load(store, contract, id, NOW, &d, NULL), 0);
	assert_int_equal(d.notes.len, 3);
	assert_string_equal(ROWS(note, &d.notes)[0].audience, "internal");
	assert_string_equal(ROWS(note, &d.notes)[2].audience, "client");
	assert_string_equal(ROWS(note, &d.notes)[0].body, "\tescape \033[31m");
	assert_int_equal(d.ticks.len, 1);
	assert_false(tick_done(ROWS(tick, &d.ticks), d.ticks.len, "received", "who"));
	ticket_detail_release(&d);
}

static void a_failing_check_opens_once_and_joins_once(void **state)
{
	struct ticket draft = draft_of("応答なし", "", TIME_NONE), other = draft_of("回線断", "", TIME_NONE);
	struct ticket_detail d;
	struct rows rows;
	struct tx tx;
	char fixed[UUID_SIZE], id[UUID_SIZE], upper[UUID_SIZE], found[UUID_SIZE], number[24];

	(void)state;
	ticket_id_of_failure("honkan-ssh", NOW, fixed);
	draft.id = fixed;
	draft.check_id = "honkan-ssh";
	draft.detected_at = NOW;
	assert_int_equal(ticket_of_check(store, "honkan-ssh", found, NULL), 0);
	assert_string_equal(found, "");
	put(&draft, NOW, id, number);
	assert_string_equal(id, fixed);
	begin(&tx, NOW + 1);
	assert_false(ticket_put(&tx, contract, &draft, id, number)); /* level-triggered: nothing opens twice */
	ticket_join(&tx, fixed, "honkan-disk", NOW + 5);
	ticket_join(&tx, fixed, "honkan-disk", NOW + 9);
	ticket_check_recovered(&tx, fixed, "honkan-disk", NOW + 20);
	ticket_check_recovered(&tx, fixed, "honkan-disk", NOW + 30);
	ticket_check_recovered(&tx, fixed, "never-joined", NOW + 30);
	commit(&tx);
	assert_int_equal(ticket_load(store, contract, fixed, NOW, &d, NULL), 0);
	assert_int_equal(d.checks.len, 1);
	assert_int_equal(ROWS(ticket_check, &d.checks)[0].at, NOW + 5);
	assert_int_equal(ROWS(ticket_check, &d.checks)[0].recovered_at, NOW + 20);
	assert_int_equal(d.recovery.state, RECOVERY_NOT_STARTED); /* detection alone starts no clock */
	ticket_detail_release(&d);
	assert_int_equal(ticket_of_check(store, "honkan-disk", found, NULL), 0);
	assert_string_equal(found, fixed);

	put(&other, NOW, upper, number); /* absorbed: its checks now belong to the other */
	begin(&tx, NOW + 40);
	tx_text(&tx, TABLE_ticket, fixed, "parent", upper);
	tx_int(&tx, TABLE_ticket, fixed, "closed_at", NOW + 40);
	commit(&tx);
	assert_int_equal(ticket_of_check(store, "honkan-disk", found, NULL), 0);
	assert_string_equal(found, upper);
	struct ticket t = load(fixed, &rows);
	assert_true(ticket_absorbed(&t, contract_flow(contract, "incident")));
	rows_release(&rows);
	enter(upper, "closed", NOW + 50, "test");
	assert_int_equal(ticket_of_check(store, "honkan-disk", found, NULL), 0);
	assert_string_equal(found, "");
}

static void the_year_in_figures(void **state)
{
	struct ticket_figures f;
	char id[UUID_SIZE], number[24];

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct ticket draft = draft_of("severe", "major", NOW);
		if (i == 3)
			draft.cause = "undecided";
		draft.recovered_at = i < 2 ? NOW + (i == 0 ? 10 : 50) * H : TIME_NONE;
		put(&draft, NOW, id, number);
	}
	assert_int_equal(ticket_figures(store, contract, NOW - H, NOW + H, NOW + 90 * H, &f, NULL), 0);
	assert_int_equal(f.major, 4);
	assert_int_equal(f.met, 1);
	assert_int_equal(f.missed, 1);
	assert_int_equal(f.running, 1);
	assert_int_equal(f.undecided, 1);
	assert_int_equal(f.average_s, 30 * H);
	assert_int_equal(f.longest_s, 50 * H);
	assert_string_equal(f.longest, "S2");
	assert_int_equal(ticket_figures(store, contract, NOW + H, NOW + 2 * H, NOW, &f, NULL), 0);
	assert_int_equal(f.major, 0);
	assert_int_equal(f.average_s, TIME_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_ticket_goes_through_its_flow_and_back, open_store, close_store),
		cmocka_unit_test_setup_teardown(the_queue_comes_by_due_then_severity, open_store, close_store),
		cmocka_unit_test_setup_teardown(closed_ones_are_paged_by_key, open_store, close_store),
		cmocka_unit_test_setup_teardown(a_deferral_moves_the_due_until_it_is_cancelled, open_store, close_store),
		cmocka_unit_test_setup_teardown(undoing_a_talk_appends_a_cancellation, open_store, close_store),
		cmocka_unit_test_setup_teardown(notes_and_ticks_are_kept, open_store, close_store),
		cmocka_unit_test_setup_teardown(a_failing_check_opens_once_and_joins_once, open_store, close_store),
		cmocka_unit_test_setup_teardown(the_year_in_figures, open_store, close_store),
	};
	return cmocka_run_group_tests(tests, load_contract, free_contract);
}
