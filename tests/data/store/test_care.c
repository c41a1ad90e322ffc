/* Files only their owner may touch; other machines and copies noticed; backups made, rotated, put back. */
#include "tests/data/store/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_code(const char *folder, const char *tag, const char *machine, bool read_only, struct err *err)
{
	struct store_options o = { .folder = folder, .tag = tag, .machine = machine, .read_only = read_only };
	struct store *s;
	int rc = store_open(&s, &o, err);

	store_close(s);
	return rc;
}

static void copy_file(const char *from, const char *to)
{
	char buf[65536];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n;

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, buf, sizeof buf)) > 0)
		assert_int_equal(write(out, buf, (size_t)n), n);
	close(in);
	close(out);
}

static int mode_of(const char *folder, const char *name)
{
	struct stat st;

	assert_int_equal(lstat(path_of(folder, name), &st), 0);
	return st.st_mode & 0777;
}

static void test_modes(void **state)
{
	static const mode_t masks[] = { 0, 022, 077, 0777, 0277 };

	(void)state;
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
		char *top = folder_new(), *folder = mem_text(path_of(top, "deep/er")), id[UUID_SIZE];
		mode_t old = umask(masks[i]);
		struct store *s = store_make(folder);
		ticket_make(s, "x", NOW, id, NULL);
		assert_int_equal(store_backup(s, NULL, NULL), 0);
		assert_int_equal(mode_of(top, "deep"), 0700);
		assert_int_equal(mode_of(folder, "."), 0700);
		assert_int_equal(mode_of(folder, "records.db"), 0600);
		assert_int_equal(mode_of(folder, "records.db-journal"), 0600);
		assert_int_equal(mode_of(folder, "device"), 0600);
		assert_int_equal(mode_of(folder, "backup"), 0700);
		DIR *dir = opendir(path_of(folder, "backup"));
		int files = 0;
		for (struct dirent *e; (e = readdir(dir)) != NULL;)
			if (e->d_name[0] != '.') {
				assert_int_equal(mode_of(path_of(folder, "backup"), e->d_name), 0600);
				files++;
			}
		closedir(dir);
		assert_int_equal(files, 1); /* nothing is left of the making */
		store_close(s);
		umask(old);
		free(folder);
		folder_remove(top);
	}
}

static void spoil(const char *folder, int way)
{
	const char *db = path_of(folder, "records.db"), *aside = path_of(folder, "aside");

	switch (way) {
	case 0: assert_int_equal(chmod(folder, 0755), 0); break;
	case 1: assert_int_equal(chmod(folder, 0770), 0); break;
	case 2: assert_int_equal(chmod(db, 0640), 0); break;
	case 3: assert_int_equal(chmod(db, 0604), 0); break;
	case 4:
		assert_int_equal(rename(db, aside), 0);
		assert_int_equal(symlink("aside", db), 0);
		break;
	case 5: assert_int_equal(link(db, aside), 0); break;
	case 6:
		assert_int_equal(unlink(db), 0);
		assert_int_equal(mkfifo(db, 0600), 0);
		break;
	case 7:
		assert_int_equal(unlink(db), 0);
		assert_int_equal(mkdir(db, 0700), 0);
		break;
	case 8:
		unlink(path_of(folder, "records.db-journal"));
		assert_int_equal(symlink("device", path_of(folder, "records.db-journal")), 0);
		break;
	case 9: assert_int_equal(chmod(path_of(folder, "records.db-journal"), 0666), 0); break;
	}
}

static void test_unsafe(void **state)
{
	char id[UUID_SIZE];
	struct err err = { 0 };

	(void)state;
	for (int way = 0; way < 10; way++) {
		char *folder = folder_new();
		struct store *s = store_make(folder);
		ticket_make(s, "x", NOW, id, NULL);
		store_close(s);
		spoil(folder, way);
		for (int turn = 0; turn < 2; turn++)
			assert_int_equal(open_code(folder, "S", "one", turn == 1, &err), HS_ERR_UNSAFE);
		folder_remove(folder);
	}
	/* A folder that is a link, and one that belongs to someone else. */
	char *top = folder_new(), *real = mem_text(path_of(top, "real")), *linked = mem_text(path_of(top, "linked"));
	store_close(store_make(real));
	assert_int_equal(symlink("real", linked), 0);
	assert_int_equal(open_code(linked, "S", "one", false, &err), HS_ERR_UNSAFE);
	if (geteuid() == 0) {
		assert_int_equal(chown(real, 12345, (gid_t)-1), 0);
		assert_int_equal(open_code(real, "S", "one", false, &err), HS_ERR_UNSAFE);
	} else {
		assert_int_equal(open_code("/usr", "S", "one", false, &err), HS_ERR_UNSAFE);
	}
	free(real);
	free(linked);
	folder_remove(top);
}

static void test_opening(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE];
	struct err err = { 0 };

	(void)state;
	assert_int_equal(open_code(folder, "", "one", false, &err), HS_ERR_NOT_FOUND);
	assert_int_equal(open_code(folder, "S", "one", true, &err), HS_ERR_NOT_FOUND);
	assert_int_equal(open_code(path_of(folder, "none"), "", "one", false, &err), HS_ERR_NOT_FOUND);
	static const char *const tags[] = { "ABCD", "A1", "-", "日", " " };
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		assert_int_equal(open_code(folder, tags[i], "one", false, &err), HS_ERR_INVALID);
	assert_int_not_equal(access(path_of(folder, "records.db"), F_OK), 0);

	struct store *s = store_make(folder), *reader;
	ticket_make(s, "x", NOW, id, NULL);
	store_close(s);
	struct store_options o = { .folder = folder, .tag = "", .machine = "one", .read_only = true };
	struct tx tx;
	assert_int_equal(store_open(&reader, &o, NULL), 0);
	assert_true(store_read_only(reader));
	assert_int_equal(tx_begin(reader, "pm", "x", NOW, &tx, NULL), HS_ERR_READ_ONLY);
	assert_int_equal(store_device_renew(reader, "T", NULL), HS_ERR_READ_ONLY);
	assert_string_equal(cell(reader, TABLE_ticket, id, "title"), "x");
	store_close(reader);

	/* user_version: what a hoshu of the future wrote is left alone. */
	int fd = open(path_of(folder, "records.db"), O_RDWR);
	assert_int_equal(pwrite(fd, "\0\0\0\x63", 4, 60), 4);
	close(fd);
	assert_int_equal(open_code(folder, "S", "one", false, &err), HS_ERR_NEWER);
	assert_non_null(strstr(err_shown(&err), "99"));
	folder_remove(folder);
}

/* On another machine, or after an old copy was put back by hand, a new tag is asked for. */
static void test_device(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE], number[24], first[DEVICE_SIZE];
	struct store_options o = { .folder = folder, .tag = "", .machine = "two", .busy_ms = 2000 };
	struct store *s = store_make(folder);
	struct tx tx;

	(void)state;
	memcpy(first, store_device(s)->id, sizeof first);
	ticket_make(s, "x", NOW, id, NULL);
	store_close(s);

	assert_int_equal(store_open(&s, &o, NULL), 0);
	assert_true(store_device(s)->machine_changed);
	assert_int_equal(tx_begin(s, "ann", "x", NOW, &tx, NULL), HS_ERR_STATE);
	assert_int_equal(store_device_renew(s, "s", NULL), HS_ERR_EXISTS);
	assert_int_equal(store_device_renew(s, "SS1", NULL), HS_ERR_INVALID);
	assert_int_equal(store_device_renew(s, "tk", NULL), 0);
	assert_false(store_device(s)->machine_changed);
	assert_string_equal(store_device(s)->tag, "TK");
	assert_string_not_equal(store_device(s)->id, first);
	ticket_make(s, "y", NOW, id, number);
	assert_string_equal(number, "TK1");
	assert_int_equal(fsck_count(s, true), 0);
	store_close(s);

	copy_file(path_of(folder, "records.db"), path_of(folder, "old"));
	assert_int_equal(store_open(&s, &o, NULL), 0);
	ticket_make(s, "z", NOW, id, NULL);
	store_close(s);
	copy_file(path_of(folder, "old"), path_of(folder, "records.db"));
	assert_int_equal(store_open(&s, &o, NULL), 0);
	assert_true(store_device(s)->machine_changed);
	assert_int_equal(fsck_count(s, true), 1);
	assert_int_equal(store_device_renew(s, "Q", NULL), 0);
	assert_int_equal(fsck_count(s, true), 0);
	store_close(s);

	o.machine = ""; /* a machine without an id says nothing */
	assert_int_equal(store_open(&s, &o, NULL), 0);
	assert_false(store_device(s)->machine_changed);
	store_close(s);
	folder_remove(folder);
}

/* Each way to spoil the database: said, left as it is, put back from the newest good backup. */
static void test_damage_and_restore(void **state)
{
	char id[UUID_SIZE], number[24];

	(void)state;
	for (int way = 0; way < 6; way++) {
		char *folder = folder_new();
		struct store *s = store_make(folder);
		struct strbuf backup = { 0 }, aside = { 0 }, used = { 0 };
		struct err err = { 0 };
		struct backups all;
		ticket_make(s, "kept", NOW, id, NULL);
		assert_int_equal(store_backup(s, &backup, NULL), 0);
		store_close(s);

		const char *db = path_of(folder, "records.db");
		int fd = open(db, O_RDWR);
		char before[100], after[100];
		switch (way) {
		case 0: assert_int_equal(pwrite(fd, "no database at all, not even near", 33, 0), 33); break;
		case 1: assert_int_equal(ftruncate(fd, 0), 0); break;
		case 2: assert_int_equal(ftruncate(fd, 4096), 0); break;
		case 3: assert_int_equal(pwrite(fd, "\0\0\0\1", 4, 68), 4); break;
		case 4: assert_int_equal(pwrite(fd, "\0\0\0\0", 4, 60), 4); break;
		case 5: assert_int_equal(unlink(db), 0); break;
		}
		ssize_t n = pread(fd, before, sizeof before, 0);
		close(fd);
		int rc = open_code(folder, "S", "one", false, &err);
		assert_int_equal(rc, HS_ERR_DAMAGED);
		assert_non_null(strstr(err_shown(&err), strrchr(strbuf_text(&backup), '/') + 1));
		assert_non_null(strstr(err_shown(&err), "/records.db' is damaged or missing"));
		if (way != 5) {
			fd = open(db, O_RDONLY);
			assert_int_equal(pread(fd, after, sizeof after, 0), n);
			assert_memory_equal(before, after, (size_t)n);
			close(fd);
		} else {
			assert_int_not_equal(access(db, F_OK), 0);
		}

		assert_int_equal(store_restore(folder, NULL, NOW, &aside, &used, &err), 0);
		if (way != 5)
			assert_int_equal(access(path_of(folder, strbuf_text(&aside)), F_OK), 0);
		s = store_make(folder);
		assert_true(store_device(s)->machine_changed);
		assert_int_equal(store_device_renew(s, "T", NULL), 0);
		assert_string_equal(cell(s, TABLE_ticket, id, "title"), "kept");
		assert_int_equal(fsck_count(s, true), 0);
		ticket_make(s, "after", NOW, id, number);
		assert_string_equal(number, "T1");
		store_close(s);
		assert_int_equal(store_backups(folder, &all, NULL), 0);
		assert_true(all.list.len >= 1);
		vec_release(&all.list);
		strbuf_release(&backup);
		strbuf_release(&aside);
		strbuf_release(&used);
		folder_remove(folder);
	}
}

/* A damaged backup is passed over; names from outside cannot leave the folder; without any good one it is said. */
static void test_bad_backups(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE];
	struct store *s = store_make(folder);
	struct strbuf good = { 0 }, used = { 0 };
	struct err err = { 0 };
	struct backups all;

	(void)state;
	ticket_make(s, "kept", NOW, id, NULL);
	assert_int_equal(store_backup(s, &good, NULL), 0);
	store_close(s);
	const char *newer = path_of(folder, "backup/records-29990101T000000Z-9.db");
	copy_file(strbuf_text(&good), newer);
	int fd = open(newer, O_RDWR);
	for (off_t at = 4096; at < 40 * 4096; at += 512)
		assert_int_equal(pwrite(fd, "\xff\xfe\xfd", 3, at), 3);
	close(fd);
	assert_int_equal(store_backups(folder, &all, NULL), 0);
	assert_int_equal(all.list.len, 2);
	assert_int_equal(store_backup_check(folder, all.list.v[0].name, NULL), HS_ERR_DAMAGED);
	assert_int_equal(store_backup_check(folder, all.list.v[1].name, NULL), 0);
	vec_release(&all.list);
	static const char *const names[] = { "../records.db", "records.db", "", "records-x-1.db",
					     "records-20260101T000000Z-1.db/../../x", "records-20260101T000000Z-77.db" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_not_equal(store_restore(folder, names[i], NOW, NULL, NULL, &err), 0);
	assert_int_equal(truncate(path_of(folder, "records.db"), 100), 0);
	assert_int_equal(store_restore(folder, NULL, NOW, NULL, &used, &err), 0);
	assert_string_equal(strrchr(strbuf_text(&good), '/') + 1, strbuf_text(&used));

	assert_int_equal(unlink(strbuf_text(&good)), 0);
	assert_int_equal(truncate(path_of(folder, "records.db"), 100), 0);
	assert_int_equal(store_restore(folder, NULL, NOW, NULL, NULL, &err), HS_ERR_NOT_FOUND);
	assert_int_equal(open_code(folder, "S", "one", false, &err), HS_ERR_DAMAGED);
	strbuf_release(&good);
	strbuf_release(&used);
	folder_remove(folder);
}

/* Every backup holds what the database held; they run by themselves; old ones go, some of each age stay. */
static void test_backups_run(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE];
	struct store *s = store_make(folder);
	struct backups all;
	struct store_health health;

	(void)state;
	for (int i = 0; i < 401; i++)
		ticket_make(s, "x", NOW, id, NULL);
	assert_int_equal(store_backups(folder, &all, NULL), 0);
	assert_int_equal(all.list.len, 2);
	assert_int_equal(all.list.v[0].seq, 400);
	vec_release(&all.list);
	assert_int_equal(store_health(s, &health, NULL), 0);
	assert_int_equal(health.changes, 4 * 401);
	assert_int_equal(health.backups, 2);
	assert_true(health.journal_ok && health.sync_ok && health.free_bytes > 0 && health.size > 100000);
	store_close(s);

	s = store_make(folder);
	for (int month = 1; month <= 18; month++)
		for (int day = 1; day <= 28; day += 9) {
			char name[80];
			snprintf(name, sizeof name, "backup/records-%04d%02d%02dT120000Z-%d.db", 2024 + month / 12, 1 + month % 12, day,
				 month * 30 + day);
			fclose(fopen(path_of(folder, name), "w"));
		}
	assert_int_equal(store_backup(s, NULL, NULL), 0);
	assert_int_equal(store_backups(folder, &all, NULL), 0);
	assert_true(all.list.len >= 14 && all.list.len <= 5 + 7 + 12);
	vec_release(&all.list);
	store_close(s);
	folder_remove(folder);
}

/* What took the file's place while it was open is not written behind the program's back. */
static void test_replaced(void **state)
{
	char *folder = folder_new(), id[UUID_SIZE];
	struct store *s = store_make(folder);
	struct err err = { 0 };
	struct tx tx;

	(void)state;
	ticket_make(s, "x", NOW, id, NULL);
	assert_int_equal(store_backup(s, NULL, NULL), 0);
	assert_int_equal(tx_begin(s, "ann", "x", NOW, &tx, NULL), 0);
	assert_int_equal(store_restore(folder, NULL, NOW, NULL, NULL, &err), HS_ERR_BUSY);
	tx_rollback(&tx);
	assert_int_equal(store_restore(folder, NULL, NOW, NULL, NULL, &err), 0);
	assert_int_equal(tx_begin(s, "ann", "x", NOW, &tx, &err), HS_ERR_STATE);
	store_close(s);
	folder_remove(folder);
}

static void test_busy(void **state)
{
	char *folder = folder_new();
	struct store *a = store_make(folder), *b;
	struct store_options o = { .folder = folder, .tag = "", .machine = "one", .busy_ms = 0 };
	struct err err = { 0 };
	struct tx tx, other;

	(void)state;
	assert_int_equal(store_open(&b, &o, NULL), 0);
	assert_int_equal(tx_begin(a, "ann", "x", NOW, &tx, NULL), 0);
	assert_int_equal(tx_begin(b, "bob", "x", NOW, &other, &err), HS_ERR_BUSY);
	assert_int_equal(tx_begin(a, "ann", "x", NOW, &other, &err), HS_ERR_INTERNAL);
	tx_rollback(&tx);
	tx_rollback(&tx);
	assert_int_equal(tx_begin(b, "bob", "x", NOW, &other, NULL), 0);
	tx_rollback(&other);
	store_close(a);
	store_close(b);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes), cmocka_unit_test(test_unsafe), cmocka_unit_test(test_opening),
		cmocka_unit_test(test_device), cmocka_unit_test(test_damage_and_restore), cmocka_unit_test(test_bad_backups),
		cmocka_unit_test(test_backups_run), cmocka_unit_test(test_replaced), cmocka_unit_test(test_busy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
