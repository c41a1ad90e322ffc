/* Nothing that was confirmed is lost and nothing half-written is seen: killed at any moment (R1), two writers at once
 * (R4), the disk full and freed (R7), any write or sync failing (R5). */
#include <config.h>

#include "tests/data/store/support.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "data/store/status.h"

#ifdef SANITIZED
enum { KILLS = 150, WRITES = 400, SIZES = 20 };
#else
enum { KILLS = 1000, WRITES = 2000, SIZES = 40 };
#endif

static void reap(pid_t pid, int want)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (want >= 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != want))
		fail_msg("a child ended with status %x", (unsigned)status);
}

/* In a child: writes without end and tells the number of each ticket that was confirmed. */
static void writer_child(const char *folder, int pipe_end)
{
	struct store_options o = { .folder = folder, .tag = "S", .machine = "one", .busy_ms = 5000 };
	struct store *s;

	if (store_open(&s, &o, NULL) != 0)
		_exit(2);
	for (int64_t i = 0;; i++) {
		char id[UUID_SIZE] = "", number[24] = "", tx_id[UUID_SIZE], done[UUID_SIZE];
		struct tx tx;
		if (tx_begin(s, "ann", "ticket open", NOW + i, &tx, NULL) != 0)
			_exit(3);
		tx_insert(&tx, TABLE_ticket, id);
		tx_number(&tx, TABLE_ticket, number);
		tx_text(&tx, TABLE_ticket, id, "number", number);
		tx_text(&tx, TABLE_ticket, id, "title", number);
		if (tx_commit(&tx, NULL) != 0)
			_exit(4);
		if (write(pipe_end, number, sizeof number) != sizeof number)
			_exit(5);
		if (i % 5 == 4 && (store_last_tx(s, false, tx_id, NULL) != 0 || store_undo(s, tx_id, "ann", NOW + i, done, NULL) != 0))
			_exit(6);
	}
}

static void spin(uint64_t us)
{
	struct timespec from, now;

	clock_gettime(CLOCK_MONOTONIC, &from);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((uint64_t)((now.tv_sec - from.tv_sec) * 1000000 + (now.tv_nsec - from.tv_nsec) / 1000) < us);
}

/* The greatest number confirmed before the kill; acks are in order. */
static int64_t kill_once(const char *folder, uint64_t *seed, int64_t last)
{
	char number[24];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		writer_child(folder, ends[1]);
	}
	close(ends[1]);
	for (uint64_t acks = rng_next(seed) % 4; acks > 0; acks--) {
		if (read(ends[0], number, sizeof number) != sizeof number)
			fail_msg("the writer stopped by itself");
		last = strtoll(number + 1, NULL, 10);
	}
	spin(rng_next(seed) % 3000);
	assert_int_equal(kill(pid, SIGKILL), 0);
	while (read(ends[0], number, sizeof number) == sizeof number)
		last = strtoll(number + 1, NULL, 10);
	close(ends[0]);
	reap(pid, -1);
	return last;
}

static void test_kills(void **state)
{
	char *folder = folder_new(), number[24];
	uint64_t seed = 41;
	int64_t last = 0;
	struct rows rows;

	(void)state;
	for (int i = 0; i < KILLS; i++) {
		int64_t now = kill_once(folder, &seed, last);
		if (now == last)
			continue;
		last = now;
		struct store *s = store_make(folder);
		snprintf(number, sizeof number, "S%lld", (long long)last);
		int rc = store_find(s, TABLE_ticket, number, &rows, NULL);
		if (rc != 0) /* it may have been confirmed and then undone */
			rc = store_rows(s, TABLE_ticket, "number", number, &rows, NULL);
		rows_release(&rows);
		assert_int_equal(rc, 0);
		if (i % 100 == 0)
			assert_int_equal(fsck_count(s, true), 0);
		store_close(s);
	}
	/* Numbers run from 1 without a gap, for each was given by a transaction that stands. */
	struct store *s = store_make(folder);
	struct change_rows history;
	int64_t seen = 0;
	assert_int_equal(store_history(s, NULL, TIME_NONE, SIZE_MAX, &history, NULL), 0);
	for (size_t i = 0; i < history.list.len; i++)
		seen += strcmp(history.list.v[i].column, "number") == 0;
	assert_true(seen >= last && last > KILLS / 2);
	change_rows_release(&history);
	assert_int_equal(fsck_count(s, true), 0);
	assert_int_equal(store_check(s, NULL), 0);
	store_close(s);
	printf("# %d kills, %lld writes confirmed, 0 lost\n", KILLS, (long long)last);
	folder_remove(folder);
}

/* ---- several at once ---- */

static void write_many(const char *folder, int count)
{
	struct store_options o = { .folder = folder, .tag = "S", .machine = "one", .busy_ms = 60000 };
	struct store *s;
	char id[UUID_SIZE], number[24];

	if (store_open(&s, &o, NULL) != 0)
		_exit(2);
	for (int i = 0; i < count; i++) {
		struct tx tx;
		id[0] = '\0';
		if (tx_begin(s, "ann", "ticket open", NOW + i, &tx, NULL) != 0)
			_exit(3);
		tx_insert(&tx, TABLE_ticket, id);
		tx_number(&tx, TABLE_ticket, number);
		tx_text(&tx, TABLE_ticket, id, "number", number);
		if (tx_commit(&tx, NULL) != 0)
			_exit(4);
	}
	store_close(s);
	_exit(0);
}

/* Until its pipe is closed. */
static void record_on(const char *folder, int pipe_end)
{
	struct status *st;
	struct status_result r = { .check = "web.http", .host = "web", .failures_needed = 3, .interval_s = 60,
				   .verdict = { .state = PROBE_UP, .response_ms = 5, .value = TIME_NONE } };
	char byte;

	fcntl(pipe_end, F_SETFL, O_NONBLOCK);
	if (status_open(&st, folder, true, NULL) != 0)
		_exit(2);
	for (r.at = NOW; read(pipe_end, &byte, 1) != 0; r.at += 60)
		if (status_begin(st, NULL) != 0 || status_record(st, &r, NULL) != 0 || status_commit(st, NULL) != 0)
			_exit(3);
	status_close(st);
	_exit(0);
}

static void read_on(const char *folder, int pipe_end)
{
	struct store_options o = { .folder = folder, .tag = "", .machine = "one", .read_only = true };
	struct status *st = NULL;
	struct store *s;
	struct rows rows;
	struct check_statuses checks;
	size_t most = 0;
	char byte;

	fcntl(pipe_end, F_SETFL, O_NONBLOCK);
	if (store_open(&s, &o, NULL) != 0)
		_exit(2);
	while (read(pipe_end, &byte, 1) != 0) {
		int rc = store_rows(s, TABLE_ticket, NULL, NULL, &rows, NULL);
		if (rc != 0 && rc != HS_ERR_BUSY)
			_exit(3);
		if (rc == 0 && rows.len < most)
			_exit(4);
		most = rc == 0 ? rows.len : most;
		rows_release(&rows);
		if (st == NULL && status_open(&st, folder, false, NULL) != 0)
			continue;
		rc = status_checks(st, &checks, NULL);
		if (rc != 0 && rc != HS_ERR_BUSY)
			_exit(5);
		check_statuses_release(&checks);
	}
	status_close(st);
	store_close(s);
	_exit(0);
}

static void test_together(void **state)
{
	char *folder = folder_new();
	pid_t pids[4];
	int ends[2];

	(void)state;
	store_close(store_make(folder));
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	for (int i = 0; i < 4; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			close(ends[1]);
			if (i < 2)
				write_many(folder, WRITES / 2);
			else if (i == 2)
				record_on(folder, ends[0]);
			else
				read_on(folder, ends[0]);
		}
	}
	close(ends[0]);
	reap(pids[0], 0);
	reap(pids[1], 0);
	close(ends[1]);
	reap(pids[2], 0);
	reap(pids[3], 0);

	struct store *s = store_make(folder);
	struct rows rows;
	bool *seen = mem_alloc(WRITES + 1, sizeof *seen);
	assert_int_equal(store_rows(s, TABLE_ticket, NULL, NULL, &rows, NULL), 0);
	assert_int_equal(rows.len, WRITES);
	for (size_t i = 0; i < rows.len; i++) {
		int64_t n = strtoll(ROWS(ticket, &rows)[i].number + 1, NULL, 10);
		assert_true(n >= 1 && n <= WRITES && !seen[n]);
		seen[n] = true;
	}
	free(seen);
	rows_release(&rows);
	assert_int_equal(fsck_count(s, true), 0);
	store_close(s);
	folder_remove(folder);
}

/* ---- a failing disk ---- */

/* Stands between SQLite and the real files: the Nth write, truncation, sync, opening or removal fails. */
static struct {
	sqlite3_vfs vfs, *real;
	long count, fail_at; /* 0: never */
	bool lasting;
	int code;
} shim;

struct shim_file {
	sqlite3_file base;
	sqlite3_file *real;
};

static int shim_fails(int ioerr)
{
	shim.count++;
	if (shim.fail_at == 0 || shim.count < shim.fail_at || (shim.count > shim.fail_at && !shim.lasting))
		return SQLITE_OK;
	return shim.code == SQLITE_FULL ? SQLITE_FULL : ioerr;
}

#define REAL(f) (((struct shim_file *)(f))->real)
static int shim_close(sqlite3_file *f)
{
	return REAL(f)->pMethods->xClose(REAL(f));
}
static int shim_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return REAL(f)->pMethods->xRead(REAL(f), to, n, at);
}
static int shim_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	int rc = shim_fails(SQLITE_IOERR_WRITE);

	if (rc == SQLITE_OK)
		return REAL(f)->pMethods->xWrite(REAL(f), from, n, at);
	REAL(f)->pMethods->xWrite(REAL(f), from, n / 2, at); /* a short one */
	return rc;
}
static int shim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = shim_fails(SQLITE_IOERR_TRUNCATE);

	return rc != SQLITE_OK ? rc : REAL(f)->pMethods->xTruncate(REAL(f), size);
}
static int shim_sync(sqlite3_file *f, int flags)
{
	int rc = shim_fails(SQLITE_IOERR_FSYNC);

	return rc != SQLITE_OK ? rc : REAL(f)->pMethods->xSync(REAL(f), flags);
}
static int shim_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return REAL(f)->pMethods->xFileSize(REAL(f), size);
}
static int shim_lock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xLock(REAL(f), level);
}
static int shim_unlock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xUnlock(REAL(f), level);
}
static int shim_reserved(sqlite3_file *f, int *out)
{
	return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}
static int shim_control(sqlite3_file *f, int op, void *arg)
{
	return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}
static int shim_sector(sqlite3_file *f)
{
	return REAL(f)->pMethods->xSectorSize(REAL(f));
}
static int shim_device(sqlite3_file *f)
{
	return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}

static const sqlite3_io_methods shim_methods = {
	.iVersion = 1, .xClose = shim_close, .xRead = shim_read, .xWrite = shim_write, .xTruncate = shim_truncate,
	.xSync = shim_sync, .xFileSize = shim_size, .xLock = shim_lock, .xUnlock = shim_unlock,
	.xCheckReservedLock = shim_reserved, .xFileControl = shim_control, .xSectorSize = shim_sector,
	.xDeviceCharacteristics = shim_device,
};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct shim_file *s = (struct shim_file *)f;
	int rc = (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0 ? shim_fails(SQLITE_CANTOPEN) : SQLITE_OK;

	(void)vfs;
	s->base.pMethods = NULL;
	if (rc != SQLITE_OK)
		return rc;
	s->real = (sqlite3_file *)(s + 1);
	if ((rc = shim.real->xOpen(shim.real, name, s->real, flags, out)) == SQLITE_OK)
		s->base.pMethods = &shim_methods;
	return rc;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	int rc = shim_fails(SQLITE_IOERR_DELETE);

	(void)vfs;
	return rc != SQLITE_OK ? rc : shim.real->xDelete(shim.real, name, sync);
}

static void shim_install(void)
{
	if (shim.real != NULL)
		return;
	shim.real = sqlite3_vfs_find(NULL);
	shim.vfs = *shim.real;
	shim.vfs.zName = "failing";
	shim.vfs.szOsFile = (int)sizeof(struct shim_file) + shim.real->szOsFile;
	shim.vfs.xOpen = shim_open;
	shim.vfs.xDelete = shim_delete;
	sqlite3_vfs_register(&shim.vfs, 1);
}

/* One ticket with a long note; 0 when it was confirmed. */
static int write_once(struct store *s, char number[24])
{
	char id[UUID_SIZE] = "", note[UUID_SIZE] = "", body[20000];
	struct tx tx;
	struct err err = { 0 };
	int rc = tx_begin(s, "ann", "ticket open", NOW, &tx, &err);

	memset(body, 'x', sizeof body - 1);
	body[sizeof body - 1] = '\0';
	if (rc != 0)
		return rc;
	tx_insert(&tx, TABLE_ticket, id);
	tx_number(&tx, TABLE_ticket, number);
	tx_text(&tx, TABLE_ticket, id, "number", number);
	tx_insert(&tx, TABLE_note, note);
	tx_text(&tx, TABLE_note, note, "subject", id);
	tx_text(&tx, TABLE_note, note, "body", body);
	rc = tx_commit(&tx, &err);
	assert_int_equal(rc, err.code);
	return rc;
}

static void fail_nth(int code, bool lasting)
{
	for (long n = 1;; n++) {
		char *folder = folder_new(), first[24], number[24] = "";
		struct rows rows;
		shim.fail_at = 0;
		struct store *s = store_make(folder);
		assert_int_equal(write_once(s, first), 0);
		store_close(s);

		shim.code = code;
		shim.lasting = lasting;
		shim.count = 0;
		shim.fail_at = n;
		struct store_options o = { .folder = folder, .tag = "", .machine = "one" };
		int rc = store_open(&s, &o, NULL);
		if (rc == 0) {
			rc = write_once(s, number);
			if (rc != 0 && !lasting) { /* the disk is well again, and so is the work, without a new start */
				char again[24];
				assert_int_equal(write_once(s, again), 0);
			}
		}
		bool reached = shim.count >= n;
		if (rc != 0 && rc != HS_ERR_FULL && rc != HS_ERR_IO)
			fail_msg("operation %ld failing gave %s", n, err_name(rc));
		store_close(s);
		shim.fail_at = 0;

		s = store_make(folder);
		assert_int_equal(store_find(s, TABLE_ticket, first, &rows, NULL), 0);
		rows_release(&rows);
		if (rc == 0) {
			assert_int_equal(store_find(s, TABLE_ticket, number, &rows, NULL), 0);
			rows_release(&rows);
		}
		assert_int_equal(fsck_count(s, true), 0);
		store_close(s);
		folder_remove(folder);
		if (!reached)
			break;
		assert_true(n < 500);
	}
}

static void test_failing_writes(void **state)
{
	(void)state;
	shim_install();
	fail_nth(SQLITE_IOERR, false);
	fail_nth(SQLITE_IOERR, true);
	fail_nth(SQLITE_FULL, false);
	fail_nth(SQLITE_FULL, true);
}

/* ---- a full disk ---- */

/* Writes until it is full, sees it said, makes room, goes on with the same open store. */
static void until_full(const char *folder, const char *ballast)
{
	struct store_options o = { .folder = folder, .tag = "S", .machine = "one" };
	struct store *s;
	struct rows rows;
	char number[24], last[24] = "";
	int rc = store_open(&s, &o, NULL), confirmed = 0;

	if (rc != 0) {
		assert_int_equal(rc, HS_ERR_FULL);
		unlink(path_of(folder, ballast));
		assert_int_equal(store_open(&s, &o, NULL), 0);
	}
	while ((rc = write_once(s, number)) == 0 && confirmed++ < 200)
		memcpy(last, number, sizeof last);
	assert_int_equal(rc, HS_ERR_FULL);
	if (confirmed > 0) {
		assert_int_equal(store_find(s, TABLE_ticket, last, &rows, NULL), 0);
		rows_release(&rows);
	}
	unlink(path_of(folder, ballast));
	assert_int_equal(write_once(s, number), 0);
	assert_int_equal(fsck_count(s, true), 0);
	assert_int_equal(store_rows(s, TABLE_ticket, NULL, NULL, &rows, NULL), 0);
	assert_int_equal(rows.len, confirmed + 1);
	rows_release(&rows);
	store_close(s);
}

/* In a child with a file system of its own. 0: done, 77: not permitted here. */
static int full_tmpfs(const char *top)
{
	char options[64];

	if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return 77;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return 77;
	for (int i = 0; i < SIZES; i++) {
		snprintf(options, sizeof options, "mode=0700,size=%dk", 900 + i * 24);
		if (mount("hoshu", top, "tmpfs", 0, options) != 0)
			return 77;
		int fd = open(path_of(top, "ballast"), O_WRONLY | O_CREAT, 0600);
		if (fd < 0 || ftruncate(fd, 0) != 0)
			return 1;
		char block[4096];
		memset(block, 'x', sizeof block);
		for (int k = 0; k < 70; k++) /* 280 kB to be given back */
			if (write(fd, block, sizeof block) < 0)
				return 1;
		close(fd);
		until_full(top, "ballast");
		if (umount(top) != 0)
			return 1;
	}
	return 0;
}

/* Where no file system may be mounted: a limit on the size of files does the same to SQLite's writes. */
static int full_by_limit(const char *top)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	for (int i = 0; i < SIZES; i++) {
		char *folder = mem_text(path_of(top, "f"));
		struct store_options o = { .folder = folder, .tag = "S", .machine = "one" };
		struct store *s;
		struct rows rows;
		char number[24];
		int confirmed = 0, rc;
		struct stat before;
		assert_int_equal(store_open(&s, &o, NULL), 0);
		char *file = mem_text(path_of(folder, "records.db"));
		assert_int_equal(stat(file, &before), 0);
		free(file);
		limit.rlim_cur = (rlim_t)before.st_size + (rlim_t)i * 4096;
		setrlimit(RLIMIT_FSIZE, &limit);
		while ((rc = write_once(s, number)) == 0 && confirmed < 200)
			confirmed++;
		assert_true(rc == HS_ERR_FULL || rc == HS_ERR_IO); /* the kernel says EFBIG, not ENOSPC */
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_FSIZE, &limit);
		assert_int_equal(write_once(s, number), 0);
		assert_int_equal(store_rows(s, TABLE_ticket, NULL, NULL, &rows, NULL), 0);
		assert_int_equal(rows.len, confirmed + 1);
		rows_release(&rows);
		assert_int_equal(fsck_count(s, true), 0);
		store_close(s);
		folder_remove(folder);
	}
	return 0;
}

static void test_full_disk(void **state)
{
	char *top = folder_new();
	int status;

	(void)state;
	shim.fail_at = 0;
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(full_tmpfs(top));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		assert_int_equal(full_by_limit(top), 0);
	else
		assert_int_equal(WEXITSTATUS(status), 0);
	printf("# disk full: %d sizes, by %s\n", SIZES, WEXITSTATUS(status) == 77 ? "a limit on file sizes" : "tmpfs");
	folder_remove(top);
}

static void no_log(void *ctx, int code, const char *text)
{
	(void)ctx;
	(void)code;
	(void)text;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kills), cmocka_unit_test(test_together), cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_failing_writes),
	};
	sqlite3_config(SQLITE_CONFIG_LOG, no_log, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
