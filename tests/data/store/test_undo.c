/* Undo, redo and history; fsck agrees after every random history. */
#include "tests/data/store/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All live rows of the tables used here, as text: two states are the same when their pictures are. */
static char *picture(struct store *s)
{
	static const enum table_id tables[] = { TABLE_ticket, TABLE_note };
	struct strbuf out = { 0 };

	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
		const struct table_info *info = table_info(tables[t]);
		struct rows rows;
		assert_int_equal(store_rows(s, tables[t], NULL, NULL, &rows, NULL), 0);
		for (size_t i = 0; i < rows.len; i++) {
			const char *row = (const char *)rows.v + i * info->size;
			strbuf_addf(&out, "%s %s", info->name, *(const char *const *)row);
			for (size_t c = 0; c < info->count; c++) {
				const char *field = row + info->columns[c].offset;
				if (info->columns[c].type == COLUMN_TEXT)
					strbuf_addf(&out, "|%s", *(const char *const *)field);
				else
					strbuf_addf(&out, "|%lld", (long long)*(const int64_t *)field);
			}
			strbuf_add_char(&out, '\n');
		}
		rows_release(&rows);
	}
	return strbuf_detach(&out);
}

static void write_cell(struct store *s, const char *actor, const char *id, const char *column, const char *text)
{
	struct tx tx;

	assert_int_equal(tx_begin(s, actor, "ticket edit", NOW, &tx, NULL), 0);
	tx_text(&tx, TABLE_ticket, id, column, text);
	assert_int_equal(tx_commit(&tx, NULL), 0);
}

static int undo_last(struct store *s, bool redo, struct err *err)
{
	char id[UUID_SIZE], done[UUID_SIZE];
	int rc = store_last_tx(s, redo, id, err);

	return rc != 0 ? rc : store_undo(s, id, "ann", NOW, done, err);
}

static void test_undo_and_redo(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE];
	struct store *s = store_make(folder);
	struct err err = { 0 };

	(void)state;
	assert_int_equal(undo_last(s, false, &err), HS_ERR_NOT_FOUND);
	ticket_make(s, "one", NOW, id, NULL);
	write_cell(s, "ann", id, "title", "two");
	write_cell(s, "auto", id, "host", "web"); /* the recorder's: not the person's to undo */
	assert_int_equal(undo_last(s, false, NULL), 0);
	assert_string_equal(cell(s, TABLE_ticket, id, "title"), "one");
	assert_string_equal(cell(s, TABLE_ticket, id, "host"), "web");
	assert_int_equal(undo_last(s, true, NULL), 0);
	assert_string_equal(cell(s, TABLE_ticket, id, "title"), "two");
	assert_int_equal(undo_last(s, true, NULL), HS_ERR_NOT_FOUND);
	assert_int_equal(undo_last(s, false, NULL), 0);
	assert_string_equal(cell(s, TABLE_ticket, id, "title"), "one");
	assert_int_equal(undo_last(s, false, &err), HS_ERR_CONFLICT); /* the recorder wrote into the ticket since */
	assert_non_null(strstr(err_shown(&err), "host"));
	assert_non_null(strstr(err_shown(&err), "S1"));
	assert_non_null(strstr(err_shown(&err), "auto"));
	assert_int_equal(fsck_count(s, true), 0);
	store_close(s);
	folder_remove(folder);
}

static void test_undo_of_a_new_row(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], number[24], again[UUID_SIZE];
	struct store *s = store_make(folder);
	struct rows rows;

	(void)state;
	ticket_make(s, "one", NOW, id, number);
	assert_int_equal(undo_last(s, false, NULL), 0);
	assert_int_equal(store_rows(s, TABLE_ticket, NULL, NULL, &rows, NULL), 0);
	assert_int_equal(rows.len, 0);
	rows_release(&rows);
	ticket_make(s, "two", NOW, again, number);
	assert_string_equal(number, "S2"); /* S1 was said aloud */
	assert_int_equal(undo_last(s, true, NULL), 0);
	assert_int_equal(store_rows(s, TABLE_ticket, NULL, NULL, &rows, NULL), 0);
	assert_int_equal(rows.len, 2);
	rows_release(&rows);
	assert_int_equal(fsck_count(s, true), 0);
	store_close(s);
	folder_remove(folder);
}

static void test_refused(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], tx_id[UUID_SIZE], done[UUID_SIZE], note[UUID_SIZE] = "";
	struct store *s = store_make(folder);
	struct err err = { 0 };
	struct tx tx;

	(void)state;
	ticket_make(s, "one", NOW, id, NULL);
	assert_int_equal(store_last_tx(s, false, tx_id, NULL), 0);
	assert_int_equal(tx_begin(s, "bob", "note add", NOW, &tx, NULL), 0);
	tx_insert(&tx, TABLE_note, note);
	tx_text(&tx, TABLE_note, note, "subject", id);
	assert_int_equal(tx_commit(&tx, NULL), 0);

	char *before = picture(s);
	assert_int_equal(store_undo(s, tx_id, "ann", NOW, done, &err), HS_ERR_CONFLICT);
	assert_non_null(strstr(err_shown(&err), "note"));
	assert_non_null(strstr(err_shown(&err), "bob"));
	char *after = picture(s);
	assert_string_equal(before, after);
	free(before);
	free(after);

	assert_int_equal(undo_last(s, false, NULL), 0); /* the note */
	assert_int_equal(store_undo(s, tx_id, "ann", NOW, done, NULL), 0);
	assert_int_equal(store_undo(s, tx_id, "ann", NOW, done, NULL), HS_ERR_STATE);
	assert_int_equal(store_undo(s, "x", "ann", NOW, done, NULL), HS_ERR_NOT_FOUND);
	store_close(s);
	folder_remove(folder);
}

static void test_overwritten_cell(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], tx_id[UUID_SIZE], done[UUID_SIZE];
	struct store *s = store_make(folder);
	struct value shown = value_text("one");
	struct tx tx;

	(void)state;
	ticket_make(s, "one", NOW, id, NULL);
	write_cell(s, "bob", id, "title", "bobs");
	assert_int_equal(tx_begin(s, "ann", "ticket edit", NOW, &tx, NULL), 0);
	tx_set(&tx, TABLE_ticket, id, "title", value_text("anns"), &shown); /* ann had seen "one" */
	assert_int_equal(tx_commit(&tx, NULL), 0);
	assert_int_equal(store_last_tx(s, false, tx_id, NULL), 0);
	assert_int_equal(store_undo(s, tx_id, "ann", NOW, done, NULL), 0);
	assert_string_equal(cell(s, TABLE_ticket, id, "title"), "bobs");
	assert_int_equal(fsck_count(s, true), 0);
	store_close(s);
	folder_remove(folder);
}

static void test_history(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], other[UUID_SIZE];
	struct store *s = store_make(folder);
	struct change_rows rows;

	(void)state;
	ticket_make(s, "one", NOW, id, NULL);
	ticket_make(s, "other", NOW + 1, other, NULL);
	write_cell(s, "bob", id, "title", "two");
	assert_int_equal(store_history(s, id, TIME_NONE, 100, &rows, NULL), 0);
	assert_int_equal(rows.list.len, 5);
	const struct change_row *r = &rows.list.v[0];
	assert_string_equal(r->actor, "bob");
	assert_string_equal(r->column, "title");
	assert_string_equal(r->before, "one");
	assert_string_equal(r->after, "two");
	assert_string_equal(r->table, "ticket");
	assert_string_equal(r->device, store_device(s)->id);
	change_rows_release(&rows);

	/* Pages neither repeat nor lose a change. */
	size_t seen = 0;
	int64_t at = TIME_NONE;
	do {
		assert_int_equal(store_history(s, NULL, at, 2, &rows, NULL), 0);
		size_t len = rows.list.len;
		seen += len;
		at = len > 0 ? rows.list.v[len - 1].at : INT64_MIN;
		change_rows_release(&rows);
	} while (at != INT64_MIN);
	assert_int_equal(seen, 9);
	store_close(s);
	folder_remove(folder);
}

struct world {
	struct store *s;
	uint64_t seed;
	char ids[64][UUID_SIZE];
	size_t count;
};

static void random_write(struct world *w)
{
	static const char *const columns[] = { "title", "owner", "stage", "severity", "cause_text" };
	static const char *const texts[] = { "", "a", "b", "保守", "復旧" };
	struct tx tx;

	assert_int_equal(tx_begin(w->s, "ann", "x", NOW + (int64_t)(rng_next(&w->seed) % 100), &tx, NULL), 0);
	for (uint64_t n = 1 + rng_next(&w->seed) % 4; n > 0; n--) {
		uint64_t what = rng_next(&w->seed) % 10;
		const char *id = w->count > 0 ? w->ids[rng_next(&w->seed) % w->count] : NULL;
		if ((what < 2 && w->count < 60) || id == NULL) {
			char *fresh = w->ids[w->count++];
			fresh[0] = '\0';
			tx_insert(&tx, TABLE_ticket, fresh);
			tx_text(&tx, TABLE_ticket, fresh, "title", "new");
		} else if (what == 2) {
			tx_delete(&tx, TABLE_ticket, id);
		} else if (what == 3) {
			tx_int(&tx, TABLE_ticket, id, "detected_at", (int64_t)(rng_next(&w->seed) % 3));
		} else {
			tx_text(&tx, TABLE_ticket, id, columns[rng_next(&w->seed) % 5], texts[rng_next(&w->seed) % 5]);
		}
	}
	assert_int_equal(tx_commit(&tx, NULL), 0);
}

/* Undoing everything in reverse gives every earlier picture again, redoing gives every later one; fsck agrees throughout. */
static void test_random_histories(void **state)
{
	enum { HISTORIES = 20, STEPS = 25 };

	(void)state;
	for (uint64_t h = 0; h < HISTORIES; h++) {
		char *folder = folder_new(), *pictures[STEPS + 1], *now;
		struct world w = { .s = store_make(folder), .seed = h * 7919 + 1 };
		size_t steps = 0;
		pictures[0] = picture(w.s);
		while (steps < STEPS) {
			int64_t version = store_version(w.s);
			random_write(&w);
			if (store_version(w.s) == version)
				continue; /* it wrote what was there already */
			now = picture(w.s);
			if (strcmp(now, pictures[steps]) == 0) { /* back and forth in one transaction: nothing to undo */
				free(now);
				break;
			}
			pictures[++steps] = now;
		}
		if (steps == STEPS) {
			for (size_t i = steps; i > 0; i--) {
				assert_int_equal(undo_last(w.s, false, NULL), 0);
				now = picture(w.s);
				assert_string_equal(now, pictures[i - 1]);
				free(now);
			}
			for (size_t i = 0; i < steps; i++) {
				assert_int_equal(undo_last(w.s, true, NULL), 0);
				now = picture(w.s);
				assert_string_equal(now, pictures[i + 1]);
				free(now);
			}
		}
		assert_int_equal(fsck_count(w.s, true), 0);
		for (size_t i = 0; i <= steps; i++)
			free(pictures[i]);
		store_close(w.s);
		folder_remove(folder);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_undo_and_redo), cmocka_unit_test(test_undo_of_a_new_row), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_overwritten_cell), cmocka_unit_test(test_history), cmocka_unit_test(test_random_histories),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
