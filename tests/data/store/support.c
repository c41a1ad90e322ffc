/* See support.h. */
#include "tests/data/store/support.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *folder_new(void)
{
	const char *base = getenv("TMPDIR");
	char path[512];

	if (base == NULL)
		base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(path, sizeof path, "%s/hoshu-store-XXXXXX", base);
	assert_non_null(mkdtemp(path));
	return mem_text(path);
}

static void tree_remove(const char *path)
{
	struct stat st;
	DIR *dir;

	if (lstat(path, &st) != 0)
		return;
	if (S_ISDIR(st.st_mode) && (dir = opendir(path)) != NULL) {
		for (struct dirent *e; (e = readdir(dir)) != NULL;) {
			char below[1024];
			if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
				continue;
			snprintf(below, sizeof below, "%s/%s", path, e->d_name);
			tree_remove(below);
		}
		closedir(dir);
	}
	remove(path);
}

void folder_remove(char *owned_path)
{
	tree_remove(owned_path);
	free(owned_path);
}

const char *path_of(const char *folder, const char *name)
{
	static char turns[4][1024];
	static unsigned turn;
	char *out = turns[turn++ % 4];

	snprintf(out, sizeof turns[0], "%s/%s", folder, name);
	return out;
}

const char *err_shown(const struct err *err)
{
	static struct strbuf out;

	strbuf_clear(&out);
	err_format(err, NULL, &out);
	return strbuf_text(&out);
}

struct store *store_make(const char *folder)
{
	struct store_options o = { .folder = folder, .tag = "S", .machine = "one", .busy_ms = 2000 };
	struct err err = { 0 };
	struct store *s;

	if (store_open(&s, &o, &err) != 0)
		fail_msg("store_open: %s", err_shown(&err));
	return s;
}

void ticket_make(struct store *s, const char *title, int64_t now, char id[UUID_SIZE], char number[24])
{
	struct err err = { 0 };
	struct tx tx;
	char n[24];

	id[0] = '\0';
	assert_int_equal(tx_begin(s, "ann", "ticket open", now, &tx, &err), 0);
	assert_true(tx_insert(&tx, TABLE_ticket, id));
	tx_number(&tx, TABLE_ticket, n);
	tx_text(&tx, TABLE_ticket, id, COLUMN(ticket, number), n);
	tx_text(&tx, TABLE_ticket, id, COLUMN(ticket, title), title);
	tx_int(&tx, TABLE_ticket, id, COLUMN(ticket, opened_at), now);
	if (tx_commit(&tx, &err) != 0)
		fail_msg("tx_commit: %s", err_shown(&err));
	if (number != NULL)
		memcpy(number, n, sizeof n);
}

const char *cell(struct store *s, enum table_id table, const char *id, const char *column)
{
	static char turns[4][256];
	static unsigned turn;
	char *out = turns[turn++ % 4];
	const struct column *c = table_column(table, column);
	struct rows rows;

	out[0] = '\0';
	assert_int_equal(store_row(s, table, id, &rows, NULL), 0);
	const char *field = (const char *)rows.v + c->offset;
	if (c->type == COLUMN_TEXT)
		snprintf(out, sizeof turns[0], "%s", *(const char *const *)field);
	else if (*(const int64_t *)field != TIME_NONE)
		snprintf(out, sizeof turns[0], "%" PRId64, *(const int64_t *)field);
	rows_release(&rows);
	return out;
}

uint64_t rng_next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static void count_found(void *ctx, const struct msg *what)
{
	int *count = ctx;

	(*count)++;
	if (getenv("HOSHU_TEST_VERBOSE") != NULL) {
		struct strbuf text = { 0 };
		msg_format(what, NULL, &text);
		fprintf(stderr, "# fsck: %s\n", strbuf_text(&text));
		strbuf_release(&text);
	}
}

int fsck_count(struct store *s, bool strict)
{
	struct err err = { 0 };
	int count = 0;
	int rc = store_fsck(s, count_found, &count, NULL, &err);

	if (rc != 0 && strict)
		fail_msg("store_fsck: %s", err_shown(&err));
	return rc != 0 ? 1 : count;
}
