/* Opening, writing, numbers, finding. */
#include "tests/data/store/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_write_and_read(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], number[24];
	struct store *s = store_make(folder);
	struct rows rows;

	(void)state;
	int64_t before = store_version(s);
	ticket_make(s, "開館前に端末が起動しない", NOW, id, number);
	assert_string_equal(number, "S1");
	assert_true(store_version(s) > before);
	store_close(s);

	s = store_make(folder);
	assert_int_equal(store_row(s, TABLE_ticket, id, &rows, NULL), 0);
	const struct ticket *t = ROWS(ticket, &rows);
	assert_string_equal(t->title, "開館前に端末が起動しない");
	assert_string_equal(t->owner, "");
	assert_int_equal(t->opened_at, NOW);
	assert_true(t->closed_at == TIME_NONE && t->deleted == TIME_NONE);
	rows_release(&rows);
	store_close(s);
	folder_remove(folder);
}

static void test_numbers(void **state)
{
	static const struct {
		enum table_id table;
		const char *first, *second;
	} cases[] = {
		{ TABLE_ticket, "S1", "S2" },   { TABLE_patch, "S-P1", "S-P2" },       { TABLE_stop, "S-T1", "S-T2" },
		{ TABLE_talk, "S-A1", "S-A2" }, { TABLE_campaign, "S-C1", "S-C2" },
	};
	char *folder = folder_new();
	struct store *s = store_make(folder);

	(void)state;
	for (size_t i = 0; i < 2 * (sizeof cases / sizeof *cases); i++) {
		enum table_id table = cases[i / 2].table;
		char id[UUID_SIZE] = "", n[24];
		struct tx tx;
		assert_int_equal(tx_begin(s, "ann", "x", NOW, &tx, NULL), 0);
		tx_insert(&tx, table, id);
		tx_number(&tx, table, n);
		assert_string_equal(n, i % 2 == 0 ? cases[i / 2].first : cases[i / 2].second);
		tx_text(&tx, table, id, "number", n);
		if (i % 2 == 0)
			tx_delete(&tx, table, id); /* its number is not given again */
		assert_int_equal(tx_commit(&tx, NULL), 0);
	}
	for (int i = 2; i <= 120; i++) {
		char id[UUID_SIZE], n[24], want[24];
		ticket_make(s, "x", NOW, id, n);
		snprintf(want, sizeof want, "S%d", i + 1);
		assert_string_equal(n, want);
	}
	store_close(s);
	folder_remove(folder);
}

static void test_find(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], part[UUID_SIZE] = "", gone[UUID_SIZE];
	struct store *s = store_make(folder);
	struct rows rows;
	struct tx tx;

	(void)state;
	ticket_make(s, "one", NOW, id, NULL);
	ticket_make(s, "two", NOW, gone, NULL);
	assert_int_equal(tx_begin(s, "ann", "x", NOW, &tx, NULL), 0);
	tx_delete(&tx, TABLE_ticket, gone);
	assert_int_equal(tx_commit(&tx, NULL), 0);

	memcpy(part, id, 13);
	const char *const good[] = { "S1", "#S1", "s1", "#s1", id, part };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(store_find(s, TABLE_ticket, good[i], &rows, NULL), 0);
		assert_string_equal(ROWS(ticket, &rows)->id, id);
		rows_release(&rows);
	}
	const char *const bad[] = { "", "#", "S2", "S3", "T1", "S", "abc", "zzzzzz", "S1'--", "S-P1",
				    "0123456789012345678901234567890123456789012345678901234567890123456789" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(store_find(s, TABLE_ticket, bad[i], &rows, NULL), HS_ERR_NOT_FOUND);
		assert_int_equal(rows.len, 0);
	}
	store_close(s);
	folder_remove(folder);
}

static void test_shown_and_conflict(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE];
	struct store *s = store_make(folder);
	struct value shown = value_text("old"), none = value_null();
	struct tx tx;

	(void)state;
	ticket_make(s, "old", NOW, id, NULL);
	assert_int_equal(tx_begin(s, "ann", "ticket edit", NOW + 1, &tx, NULL), 0);
	tx_set(&tx, TABLE_ticket, id, "title", value_text("mine"), &shown);
	assert_int_equal(tx_commit(&tx, NULL), 0);
	assert_int_equal(tx_conflicts(&tx), 0);

	assert_int_equal(tx_begin(s, "bob", "ticket edit", NOW + 2, &tx, NULL), 0);
	tx_set(&tx, TABLE_ticket, id, "title", value_text("his"), &shown);
	tx_set(&tx, TABLE_ticket, id, "owner", value_text("bob"), &none);
	assert_int_equal(tx_commit(&tx, NULL), 0);
	assert_int_equal(tx_conflicts(&tx), 1);
	assert_string_equal(cell(s, TABLE_ticket, id, "title"), "his");
	store_close(s);
	folder_remove(folder);
}

static void test_nothing_to_write(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE];
	struct store *s = store_make(folder);
	struct tx tx;

	(void)state;
	ticket_make(s, "same", NOW, id, NULL);
	int64_t version = store_version(s);
	assert_int_equal(tx_begin(s, "ann", "ticket edit", NOW, &tx, NULL), 0);
	tx_text(&tx, TABLE_ticket, id, "title", "same");
	tx_text(&tx, TABLE_ticket, id, "owner", "");
	assert_int_equal(tx_commit(&tx, NULL), 0);
	assert_int_equal(store_version(s), version);
	store_close(s);
	folder_remove(folder);
}

static void test_refused(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], *huge = mem_alloc(VALUE_TEXT_MAX + 2, 1);
	struct store *s = store_make(folder);
	struct err err = { 0 };
	struct tx tx;

	(void)state;
	memset(huge, 'x', VALUE_TEXT_MAX + 1);
	ticket_make(s, "kept", NOW, id, NULL);
	const struct {
		const char *id, *column, *text;
		int code;
	} cases[] = {
		{ id, "title", "\xff\xfe", HS_ERR_INVALID },
		{ id, "title", "\xe6\x97", HS_ERR_INVALID },
		{ id, "title", huge, HS_ERR_LIMIT },
		{ id, "no_such", "x", HS_ERR_INTERNAL },
		{ id, "closed_at", "x", HS_ERR_INTERNAL },
		{ id, "id", "x", HS_ERR_INTERNAL },
		{ "00000000-0000-4000-8000-000000000000", "title", "x", HS_ERR_NOT_FOUND },
		{ "x", "title", "x", HS_ERR_INTERNAL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(tx_begin(s, "ann", "x", NOW, &tx, NULL), 0);
		tx_text(&tx, TABLE_ticket, id, "owner", "half");
		tx_text(&tx, TABLE_ticket, cases[i].id, cases[i].column, cases[i].text);
		tx_text(&tx, TABLE_ticket, id, "caller", "half");
		assert_int_equal(tx_commit(&tx, &err), cases[i].code);
		assert_int_equal(err.code, cases[i].code);
		assert_string_equal(cell(s, TABLE_ticket, id, "owner"), "");
	}
	free(huge);
	store_close(s);
	folder_remove(folder);
}

static void test_given_id(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE] = "aaaaaaaa-0000-5000-8000-000000000001";
	struct store *s = store_make(folder);
	struct tx tx;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(tx_begin(s, "auto", "ticket open", NOW, &tx, NULL), 0);
		assert_int_equal(tx_insert(&tx, TABLE_ticket, id), i == 0);
		if (i == 0)
			tx_delete(&tx, TABLE_ticket, id); /* there, even when deleted: not made again */
		assert_int_equal(tx_commit(&tx, NULL), 0);
	}
	store_close(s);
	folder_remove(folder);
}

static void test_rows(void **state)
{
	char *folder = folder_new(), ticket[UUID_SIZE], other[UUID_SIZE];
	struct store *s = store_make(folder);
	struct rows rows;
	struct tx tx;

	(void)state;
	ticket_make(s, "a", NOW, ticket, NULL);
	ticket_make(s, "b", NOW, other, NULL);
	assert_int_equal(tx_begin(s, "ann", "note add", NOW, &tx, NULL), 0);
	for (int i = 0; i < 5; i++) {
		char id[UUID_SIZE] = "";
		tx_insert(&tx, TABLE_note, id);
		tx_text(&tx, TABLE_note, id, "subject", i == 2 ? other : ticket);
		tx_int(&tx, TABLE_note, id, "at", i);
		if (i == 3)
			tx_delete(&tx, TABLE_note, id);
	}
	assert_int_equal(tx_commit(&tx, NULL), 0);
	assert_int_equal(store_rows(s, TABLE_note, "subject", ticket, &rows, NULL), 0);
	assert_int_equal(rows.len, 3);
	assert_int_equal(ROWS(note, &rows)[2].at, 4);
	rows_release(&rows);
	assert_int_equal(store_rows(s, TABLE_note, NULL, NULL, &rows, NULL), 0);
	assert_int_equal(rows.len, 4);
	rows_release(&rows);
	assert_int_equal(store_rows(s, TABLE_note, "no_such", "x", &rows, NULL), HS_ERR_INTERNAL);
	store_close(s);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_and_read), cmocka_unit_test(test_numbers), cmocka_unit_test(test_find),
		cmocka_unit_test(test_shown_and_conflict), cmocka_unit_test(test_nothing_to_write),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_given_id), cmocka_unit_test(test_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
