/* Patches in a real database: round trips, order, the whole way to 確認済, undo, and the log folding back to the rows. */
#include "tests/data/store/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/store/patch.h"
#include "data/store/put.h"
#include "data/store/talk.h"
#include "data/store/stop.h"

static const char *const in_ap[] = { "ap", NULL };
static const struct host hosts[] = { { .id = "ap1", .groups = in_ap }, { .id = "ap2", .groups = in_ap },
				     { .id = "db1", .groups = NULL } };
static const struct contract contract = { .offset_s = 32400, .hosts = hosts, .host_count = 3 };

static void begin(struct store *s, struct tx *tx)
{
	assert_int_equal(tx_begin(s, "佐藤", "patch test", NOW, tx, NULL), 0);
}

static void commit(struct tx *tx)
{
	assert_int_equal(tx_commit(tx, NULL), 0);
}

static void make(struct store *s, const char *package, int64_t due, const char *significance, char id[UUID_SIZE],
		 char number[24])
{
	struct patch draft;
	struct tx tx;

	table_row_init(TABLE_patch, &draft);
	draft.hosts = "ap";
	draft.package = package;
	draft.target = "3.0.7-27";
	draft.significance = significance;
	draft.reboot = "stop";
	draft.due_at = due;
	draft.published_at = NOW - 3600;
	begin(s, &tx);
	patch_put(&tx, &draft, id, number);
	commit(&tx);
}

static void make_talk(struct store *s, const char *patch, char id[UUID_SIZE])
{
	struct talk talk;
	struct tx tx;

	table_row_init(TABLE_talk, &talk);
	talk.act = "agreement";
	talk.about = "patch";
	talk.subject = patch;
	talk.result = "agreed";
	talk.person = "田中";
	talk.at = NOW - 10;
	begin(s, &tx);
	id[0] = '\0';
	assert_true(row_put(&tx, TABLE_talk, &talk, id, NULL));
	commit(&tx);
}

static void make_stop(struct store *s, char id[UUID_SIZE])
{
	static const char *const services[] = { "business", "webopac", NULL };
	struct stop stop;
	char number[24];
	struct tx tx;

	table_row_init(TABLE_stop, &stop);
	stop.kind = "planned";
	stop.title = "openssl";
	stop.from_at = NOW + 3600;
	stop.to_at = NOW + 7200;
	begin(s, &tx);
	stop_put(&tx, &stop, services, id, number);
	commit(&tx);
	assert_string_equal(number, "S-T1");
}

/* Loads, asks the rule, writes. */
static int step(struct store *s, const char *id, enum patch_stage stage, const char *stop_id)
{
	struct patch_request r = { .stage = stage, .at = NOW, .now = NOW, .body = "本文", .reason = "", .action = "",
				   .review_day = TIME_NONE, .offset_s = 32400 };
	struct patch_outcome out;
	struct patch_backlog b;
	struct rows stop = { 0 };
	struct tx tx;

	assert_int_equal(patch_load(s, &contract, id, NOW, &b, NULL), 0);
	if (stage == PATCH_AGREED && b.v[0].facts.talk_count > 0)
		r.talk = &b.v[0].facts.talks[0];
	if (stage == PATCH_DONE)
		r.action = "applied";
	if (stop_id != NULL) {
		assert_int_equal(store_row(s, TABLE_stop, stop_id, &stop, NULL), 0);
		r.stop = ROWS(stop, &stop);
	}
	int rc = patch_step_check(&b.v[0].facts, &r, &out, NULL);
	if (rc == 0) {
		begin(s, &tx);
		patch_put_step(&tx, b.v[0].row, &r, &out);
		commit(&tx);
	}
	rows_release(&stop);
	patch_backlog_release(&b);
	return rc;
}

static void look(struct store *s, const char *id, const char *version)
{
	struct tx tx;

	begin(s, &tx);
	patch_put_host(&tx, id, "ap1", version, "no", NOW);
	patch_put_host(&tx, id, "ap2", version, "no", NOW);
	commit(&tx);
}

static void assert_rests(struct store *s, const char *talk, const char *wanted)
{
	struct rows rows;
	char number[24];

	assert_int_equal(store_row(s, TABLE_talk, talk, &rows, NULL), 0);
	assert_int_equal(talk_rests(s, ROWS(talk, &rows), NOW, number, NULL), 0);
	assert_string_equal(number, wanted);
	rows_release(&rows);
}

static void test_whole_way(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], number[24], talk[UUID_SIZE], stop[UUID_SIZE];
	struct store *s = store_make(folder);
	struct patch_backlog b;

	(void)state;
	make(s, "openssl", NOW + 1, "yes", id, number);
	assert_string_equal(number, "S-P1");
	for (enum patch_stage stage = PATCH_ASSESSED; stage <= PATCH_DISCUSSED; stage++)
		assert_int_equal(step(s, id, stage, NULL), 0);
	assert_int_equal(step(s, id, PATCH_AGREED, NULL), HS_ERR_OWED);
	make_talk(s, id, talk);
	assert_int_equal(step(s, id, PATCH_AGREED, NULL), 0);
	assert_string_equal(cell(s, TABLE_patch, id, "agreement"), talk);
	assert_rests(s, talk, ""); /* nothing stands on it yet: it may be cancelled */
	make_stop(s, stop);
	assert_int_equal(step(s, id, PATCH_PLANNED, NULL), HS_ERR_OWED);
	assert_int_equal(step(s, id, PATCH_PLANNED, stop), 0);
	assert_rests(s, talk, "S-P1");
	assert_int_equal(patch_load(s, &contract, id, NOW, &b, NULL), 0);
	assert_string_equal(b.v[0].facts.stop->id, stop);
	assert_int_equal(b.v[0].next.due, NOW + 3600);
	patch_backlog_release(&b);
	assert_int_equal(step(s, id, PATCH_DONE, NULL), 0);
	look(s, id, "3.0.7-16");
	assert_int_equal(step(s, id, PATCH_VERIFIED, NULL), HS_ERR_OWED);
	look(s, id, "3.0.7-27");
	assert_int_equal(step(s, id, PATCH_VERIFIED, NULL), 0);
	store_close(s);

	s = store_make(folder);
	assert_int_equal(patches_load(s, &contract, PATCHES_OPEN, NOW, &b, NULL), 0);
	assert_int_equal(b.len, 0);
	patch_backlog_release(&b);
	assert_int_equal(patches_load(s, &contract, PATCHES_CLOSED, NOW, &b, NULL), 0);
	assert_int_equal(b.len, 1);
	assert_true(b.v[0].closed);
	assert_int_equal(b.v[0].facts.step_count, PATCH_MAIN_STAGES);
	assert_int_equal(b.v[0].facts.host_count, 2);
	assert_int_equal(b.v[0].facts.group_count, 2);
	assert_string_equal(b.v[0].facts.steps[3].who, "佐藤");
	assert_string_equal(b.v[0].facts.steps[3].body, "本文");
	patch_backlog_release(&b);
	assert_int_equal(fsck_count(s, true), 0);
	store_close(s);
	folder_remove(folder);
}

static void test_order_and_runs(void **state)
{
	static const struct {
		const char *package;
		int64_t due;
		const char *significance;
	} cases[] = {
		{ "late-no", NOW + 9, "no" }, { "none", TIME_NONE, "yes" }, { "first", NOW - 1, "undecided" },
		{ "late-yes", NOW + 9, "yes" },
	};
	static const char *const expected[] = { "first", "late-yes", "late-no", "none" };
	char *folder = folder_new(), id[4][UUID_SIZE], number[24];
	struct store *s = store_make(folder);
	struct patch_backlog b;
	struct tx tx;

	(void)state;
	for (int i = 0; i < 4; i++)
		make(s, cases[i].package, cases[i].due, cases[i].significance, id[i], number);
	begin(s, &tx);
	patch_put_advisory(&tx, id[1], "CVE-2026-0002");
	patch_put_advisory(&tx, id[1], "CVE-2026-0001");
	patch_put_advisory(&tx, id[1], "CVE-2026-0002");
	patch_put_advisory(&tx, id[3], "CVE-2026-0003");
	commit(&tx);
	assert_int_equal(patches_load(s, &contract, PATCHES_OPEN, NOW, &b, NULL), 0);
	assert_int_equal(b.len, 4);
	for (int i = 0; i < 4; i++) {
		assert_string_equal(b.v[i].row->package, expected[i]);
		assert_int_equal(b.v[i].facts.step_count, 1);
	}
	assert_int_equal(b.v[3].advisory_count, 2);
	assert_string_equal(b.v[3].advisories[0].advisory, "CVE-2026-0002");
	assert_int_equal(b.v[1].advisory_count, 1);
	assert_int_equal(b.v[0].advisory_count, 0);
	patch_backlog_release(&b);
	assert_int_equal(patch_load(s, &contract, "nowhere", NOW, &b, NULL), HS_ERR_NOT_FOUND);
	store_close(s);
	folder_remove(folder);
}

static void test_undo_takes_a_step_back(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], number[24], tx[UUID_SIZE], done[UUID_SIZE];
	struct store *s = store_make(folder);
	struct patch_backlog b;

	(void)state;
	make(s, "curl", TIME_NONE, "yes", id, number);
	assert_int_equal(step(s, id, PATCH_ASSESSED, NULL), 0);
	assert_int_equal(store_last_tx(s, false, tx, NULL), 0);
	assert_int_equal(store_undo(s, tx, "佐藤", NOW, done, NULL), 0);
	assert_int_equal(patch_load(s, &contract, id, NOW, &b, NULL), 0);
	assert_string_equal(b.v[0].row->stage, "published");
	assert_int_equal(b.v[0].facts.step_count, 1);
	patch_backlog_release(&b);
	assert_int_equal(step(s, id, PATCH_ASSESSED, NULL), 0);
	store_close(s);
	folder_remove(folder);
}

static void test_stops(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE];
	struct store *s = store_make(folder);
	struct rows stops, services;

	(void)state;
	make_stop(s, id);
	assert_int_equal(stops_load(s, NOW + 7201, &stops, NULL), 0);
	assert_int_equal(stops.len, 0);
	rows_release(&stops);
	struct tx tx;
	begin(s, &tx);
	tx_int(&tx, TABLE_stop, id, COLUMN(stop, ended_at), NOW + 9000); /* it lasted longer */
	commit(&tx);
	assert_int_equal(stops_load(s, NOW + 7201, &stops, NULL), 0);
	assert_int_equal(stops.len, 1);
	rows_release(&stops);
	begin(s, &tx);
	tx_text(&tx, TABLE_stop, id, COLUMN(stop, kind), "emergency");
	tx_int(&tx, TABLE_stop, id, COLUMN(stop, ended_at), TIME_NONE);
	tx_int(&tx, TABLE_stop, id, COLUMN(stop, to_at), TIME_NONE); /* it goes on */
	commit(&tx);
	assert_int_equal(stops_load(s, NOW + 99999, &stops, NULL), 0);
	assert_int_equal(stops.len, 1);
	rows_release(&stops);
	assert_int_equal(stops_load(s, TIME_NONE, &stops, NULL), 0);
	assert_int_equal(stops.len, 1);
	rows_release(&stops);
	assert_int_equal(stop_services_load(s, id, &services, NULL), 0);
	assert_int_equal(services.len, 2);
	assert_string_equal(ROWS(stop_service, &services)[1].service, "webopac");
	rows_release(&services);
	store_close(s);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_way),
		cmocka_unit_test(test_order_and_runs),
		cmocka_unit_test(test_undo_takes_a_step_back),
		cmocka_unit_test(test_stops),
	};
	return cmocka_run_group_tests_name("store patch", tests, NULL, NULL);
}
