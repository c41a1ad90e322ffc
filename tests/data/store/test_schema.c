/* The schema that stands in schema/ agrees with tables.def, and promises nothing that applying a change could break. */
#include "tests/data/store/support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static sqlite3 *plain_open(const char *folder)
{
	sqlite3 *h;

	assert_int_equal(sqlite3_open_v2(path_of(folder, "records.db"), &h, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	return h;
}

static int rows_of(sqlite3 *h, const char *sql)
{
	sqlite3_stmt *q;
	int n = 0;

	assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &q, NULL), SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW)
		n++;
	sqlite3_finalize(q);
	return n;
}

static void table_agrees(sqlite3 *h, const struct table_info *t)
{
	char sql[128];
	sqlite3_stmt *q;
	size_t i = 0;

	snprintf(sql, sizeof sql, "SELECT name, type, \"notnull\", dflt_value IS NULL, pk FROM pragma_table_info('%s')", t->name);
	assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &q, NULL), SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(q, 0), *type = (const char *)sqlite3_column_text(q, 1);
		if (i > t->count)
			fail_msg("%s.%s is not in tables.def", t->name, name);
		const char *want = i == 0 ? "id" : t->columns[i - 1].name;
		enum column_type wanted = i == 0 ? COLUMN_TEXT : t->columns[i - 1].type;
		if (strcmp(name, want) != 0 || strcmp(type, wanted == COLUMN_TEXT ? "TEXT" : "INTEGER") != 0)
			fail_msg("%s: the schema has %s %s where tables.def has %s", t->name, name, type, want);
		assert_int_equal(sqlite3_column_int(q, 2), 0);
		assert_int_equal(sqlite3_column_int(q, 3), 1);
		assert_int_equal(sqlite3_column_int(q, 4), 0);
		i++;
	}
	sqlite3_finalize(q);
	if (i != t->count + 1)
		fail_msg("%s: the schema has %zu columns, tables.def %zu", t->name, i, t->count + 1);
	snprintf(sql, sizeof sql, "SELECT 1 FROM pragma_foreign_key_list('%s')", t->name);
	assert_int_equal(rows_of(h, sql), 0);
	snprintf(sql, sizeof sql, "SELECT 1 FROM pragma_index_list('%s') WHERE \"unique\"", t->name);
	assert_int_equal(rows_of(h, sql), 0);
	snprintf(sql, sizeof sql, "SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '%s'", t->name);
	assert_int_equal(rows_of(h, sql), 3);
}

static void test_agrees(void **state)
{
	char *folder = folder_new();

	(void)state;
	store_close(store_make(folder));
	sqlite3 *h = plain_open(folder);
	for (enum table_id t = 0; t < TABLE_COUNT; t++)
		table_agrees(h, table_info(t));
	assert_int_equal(rows_of(h, "SELECT 1 FROM sqlite_schema WHERE sql GLOB '*CHECK*' OR sql GLOB '*REFERENCES*' OR sql GLOB '*UNIQUE*'"), 0);
	sqlite3_close(h);
	folder_remove(folder);
}

/* Another program reads freely and writes nothing. */
static void test_guards(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE];
	struct store *s = store_make(folder);

	(void)state;
	ticket_make(s, "kept", NOW, id, NULL);
	store_close(s);
	sqlite3 *h = plain_open(folder);
	static const char *const refused[] = {
		"UPDATE ticket SET title = 'x'", "DELETE FROM ticket", "INSERT INTO ticket (id) VALUES ('x')",
		"UPDATE change SET after = 'x'", "DELETE FROM change", "UPDATE tx SET actor = 'x'", "DELETE FROM tx",
		"INSERT INTO tx (id) VALUES ('x')", "UPDATE entity SET id = 'x'", "UPDATE device SET tag = 'T'",
		"INSERT INTO note (id) VALUES ('x')", "UPDATE meta SET value = 'x'",
	};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_int_not_equal(sqlite3_exec(h, refused[i], NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(rows_of(h, "SELECT 1 FROM ticket WHERE title = 'kept'"), 1);
	sqlite3_close(h);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_agrees), cmocka_unit_test(test_guards) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
