/* Hard conditions, met by the whole program as a person meets them: what is said, what is kept, and that work goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "tests/support/vt.h"
#include "tests/whole/desk.h"

static struct desk desk;

static int start(void **state)
{
	(void)state;
	desk_make(&desk, false);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	desk_remove(&desk);
	return 0;
}

static struct vt *console(const char *const *words)
{
	struct vt *vt = vt_spawn(desk_argv(&desk, words), &(struct vt_options){ .rows = 24, .cols = 100 });

	vt_sync(vt);
	return vt;
}

static void command(struct vt *vt, const char *line)
{
	vt_keys(vt, ":", NULL);
	vt_type(vt, line);
	vt_keys(vt, "Enter", NULL);
	vt_sync(vt);
}

static void see(struct vt *vt, const char *text)
{
	if (!vt_has(vt, text))
		fail_msg("'%s' is not on the screen:\n%s", text, vt_screen(vt, false));
}

static void finish(struct vt *vt)
{
	vt_keys(vt, "Q", NULL);
	assert_int_equal(vt_exit_code(vt), 0);
	vt_free(vt);
}

static const char *inside(const char *path)
{
	static char whole[256];

	snprintf(whole, sizeof whole, "%s/%s", desk.folder, path);
	return whole;
}

/* ---- the contract file ---- */

/* A copy of the bundled contract with one text in it replaced by another (NULL: as it is). */
static void write_contract(const char *path, const char *old, const char *new)
{
	char from[4096];
	struct strbuf text = { 0 };
	char block[4096];
	size_t n;

	snprintf(from, sizeof from, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	FILE *in = fopen(from, "r"), *out = fopen(path, "w");
	assert_true(in != NULL && out != NULL);
	while ((n = fread(block, 1, sizeof block, in)) > 0)
		strbuf_add(&text, block, n);
	const char *at = old != NULL ? strstr(strbuf_text(&text), old) : NULL;
	assert_true(old == NULL || at != NULL);
	if (at != NULL) {
		fprintf(out, "%.*s%s%s", (int)(at - strbuf_text(&text)), strbuf_text(&text), new, at + strlen(old));
	} else {
		fwrite(strbuf_text(&text), 1, text.len, out);
	}
	fclose(in);
	assert_int_equal(fclose(out), 0);
	strbuf_release(&text);
}

static void mistakes_in_the_contract_keep_the_old_one(void **state)
{
	char path[256];

	(void)state;
	snprintf(path, sizeof path, "%s", inside("own.conf"));
	write_contract(path, NULL, NULL);
	struct vt *vt = console((const char *[]){ "--contract", path, NULL });
	see(vt, "Satte");
	write_contract(path, "\"Satte City\" ];", "\"Renamed\" ];");
	command(vt, "reload");
	see(vt, "the contract was read again");
	see(vt, "Renamed");
	/* two mistakes, both told with their lines */
	write_contract(path, "probing = { interval = \"5m\"; }", "probing = { interval = \"often\"; }; nonsense = 1");
	command(vt, "reload");
	see(vt, "Renamed");
	see(vt, "'interval' takes a span");
	see(vt, "nonsense");
	vt_keys(vt, "q", NULL);
	/* a syntax error */
	write_contract(path, "sites = (", "sites = {{");
	command(vt, "reload");
	see(vt, "Renamed");
	see(vt, "own.conf");
	vt_keys(vt, "q", NULL);
	command(vt, "ticket open goes-on");
	see(vt, "saved");
	finish(vt);
}

static void a_hang_up_without_one_reads_the_contract(void **state)
{
	char path[256];

	(void)state;
	snprintf(path, sizeof path, "%s", inside("own.conf"));
	write_contract(path, NULL, NULL);
	struct vt *vt = console((const char *[]){ "--contract", path, NULL });
	write_contract(path, "\"Satte City\" ];", "\"Renamed\" ];");
	vt_signal(vt, SIGHUP);
	vt_wait_text(vt, "Renamed");
	vt_hang_up(vt);
	assert_int_equal(vt_exit_code(vt), 128 + SIGHUP);
	vt_free(vt);
}

/* ---- the records ---- */

/* The desk's records.db as another program opens it, without hoshu's guards. */
static sqlite3 *records(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(inside("data/satte/records.db"), &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	return db;
}

static void execute(sqlite3 *db, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

/* Runs a verb of the shell to its end; its exit code. */
static int verb(const char *const *words)
{
	int out, status;
	char block[512];
	pid_t pid = desk_start(&desk, words, &out);

	while (read(out, block, sizeof block) > 0)
		;
	close(out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void an_altered_log_is_said_after_the_first_paint(void **state)
{
	(void)state;
	assert_int_equal(verb((const char *[]){ "ticket", "open", "--title", "altered", NULL }), 0);
	sqlite3 *db = records();
	execute(db, "CREATE TEMP TABLE kept AS SELECT * FROM change WHERE tx = (SELECT max(seq) FROM tx)");
	execute(db, "UPDATE change SET after = after || '!' WHERE tx = (SELECT max(seq) FROM tx)");
	struct vt *vt = console(NULL);
	vt_wait_text(vt, "the newest change of this device is not as it was written");
	finish(vt);
	execute(db, "REPLACE INTO change SELECT * FROM kept");
	sqlite3_close(db);
	desk_prove(&desk);
}

static void records_of_another_machine_ask_for_a_tag(void **state)
{
	(void)state;
	sqlite3 *db = records();
	execute(db, "UPDATE device SET machine = 'another'");
	sqlite3_close(db);
	struct vt *vt = console(NULL);
	see(vt, "give this device a new tag");
	vt_type(vt, "s"); /* used before */
	vt_keys(vt, "F2", NULL);
	vt_sync(vt);
	see(vt, "'S' was used before");
	vt_keys(vt, "Backspace", NULL);
	vt_type(vt, "t");
	vt_keys(vt, "F2", NULL);
	vt_sync(vt);
	see(vt, "this device is T");
	command(vt, "ticket open after");
	see(vt, "#T1");
	finish(vt);
	/* asked once */
	vt = console(NULL);
	assert_false(vt_has(vt, "give this device a new tag"));
	finish(vt);
	desk_prove(&desk);
}

static void a_lock_that_stays_keeps_the_form(void **state)
{
	sqlite3 *db = records();
	struct vt *vt = console(NULL);

	(void)state;
	command(vt, "ticket open");
	vt_type(vt, "waits in vain");
	execute(db, "BEGIN IMMEDIATE");
	vt_keys(vt, "F2", NULL);
	vt_wait_text(vt, "saving; another program holds the records");
	vt_wait_text(vt, "another program is writing");
	see(vt, "waits in vain");
	execute(db, "ROLLBACK");
	sqlite3_close(db);
	vt_keys(vt, "F2", NULL);
	vt_sync(vt);
	see(vt, "saved");
	finish(vt);
	desk_prove(&desk);
}

static void read_whole(const char *path, struct strbuf *out)
{
	char block[65536];
	size_t n;
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	strbuf_clear(out);
	while ((n = fread(block, 1, sizeof block, in)) > 0)
		strbuf_add(out, block, n);
	fclose(in);
}

static void write_whole(const char *path, const struct strbuf *bytes)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(strbuf_text(bytes), 1, bytes->len, out), bytes->len);
	assert_int_equal(fclose(out), 0);
}

/* The console does not open, says why with these words, and leaves the file as it is. */
static void refuses_to_open(const char *said, const char *next)
{
	struct strbuf before = { 0 }, after = { 0 };
	struct vt *vt;

	read_whole(inside("data/satte/records.db"), &before);
	vt = vt_spawn(desk_argv(&desk, NULL), &(struct vt_options){ .rows = 24, .cols = 200 });
	assert_int_equal(vt_exit_code(vt), 1);
	see(vt, said);
	see(vt, next);
	vt_free(vt);
	read_whole(inside("data/satte/records.db"), &after);
	assert_int_equal(after.len, before.len);
	assert_memory_equal(after.buf, before.buf, after.len);
	strbuf_release(&before);
	strbuf_release(&after);
}

static void damaged_and_newer_records_are_left_alone(void **state)
{
	struct strbuf sound = { 0 }, spoiled = { 0 };

	(void)state;
	assert_int_equal(verb((const char *[]){ "backup", NULL }), 0);
	read_whole(inside("data/satte/records.db"), &sound);
	strbuf_add(&spoiled, sound.buf, sound.len);
	memset(spoiled.buf, 'x', 100);
	write_whole(inside("data/satte/records.db"), &spoiled);
	refuses_to_open("is damaged or missing and was left as it is", "hoshu restore puts it back");
	write_whole(inside("data/satte/records.db"), &sound);
	sqlite3 *db = records();
	execute(db, "PRAGMA user_version = 999");
	sqlite3_close(db);
	refuses_to_open("newer", "records.db");
	write_whole(inside("data/satte/records.db"), &sound);
	strbuf_release(&sound);
	strbuf_release(&spoiled);
	desk_prove(&desk);
}

/* Starts a recorder and waits until its socket stands in the contract's folder. */
static pid_t start_recorder(int *out)
{
	char folder[128], path[160], event[4096] __attribute__((aligned(8)));
	int watch = inotify_init1(IN_CLOEXEC);

	assert_int_equal(verb((const char *[]){ "ticket", "open", "first", NULL }), 0);
	snprintf(folder, sizeof folder, "%s/satte", desk.data);
	snprintf(path, sizeof path, "%s/collect.sock", folder);
	assert_true(inotify_add_watch(watch, folder, IN_CREATE | IN_MOVED_TO) >= 0);
	pid_t recorder = desk_start(&desk, (const char *[]){ "collect", NULL }, out);
	while (access(path, F_OK) != 0)
		assert_true(read(watch, event, sizeof event) > 0);
	close(watch);
	return recorder;
}

static void a_recorder_that_is_killed_is_replaced(void **state)
{
	int out, status;
	char word;

	(void)state;
	pid_t recorder = start_recorder(&out);
	struct vt *vt = console(NULL);
	kill(recorder, SIGKILL);
	assert_int_equal(waitpid(recorder, &status, 0), recorder);
	assert_int_equal(read(out, &word, 1), 0);
	close(out);
	vt_wait_text(vt, "the recorder ended; a new one was started");
	command(vt, "ticket open meanwhile");
	see(vt, "saved");
	finish(vt);
	desk_prove(&desk);
}

/* ---- a full disk ---- */

/* Fills the data folder's disk and empties it again at a word, from within the program's own mount namespace. */
static const char small_disk[] =
	"mount -t tmpfs -o size=3m tmpfs \"$0\" || exit 9; d=$0; "
	"{ read x <\"$d.go\"; cat /dev/zero >\"$d/fill\" 2>/dev/null; echo full >\"$d.done\"; "
	"read x <\"$d.go\"; rm \"$d/fill\"; echo free >\"$d.done\"; } & exec \"$@\"";

struct disk {
	char data[256], go[264], done[264];
	bool small; /* else the size of files is limited, where namespaces are not to be had */
};

static void tell_disk(const struct disk *d)
{
	char word[8];
	FILE *go = fopen(d->go, "w");

	assert_non_null(go);
	fputs("go\n", go);
	fclose(go);
	FILE *done = fopen(d->done, "r");
	assert_non_null(done);
	assert_non_null(fgets(word, sizeof word, done));
	fclose(done);
}

static bool may_mount(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execlp("unshare", "unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt", (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static struct vt *console_on(struct disk *d)
{
	const char *argv[40] = { "unshare", "-rm", "sh", "-c", small_disk, d->data };
	size_t n = 6;

	snprintf(d->data, sizeof d->data, "%s", inside("small"));
	snprintf(d->go, sizeof d->go, "%s.go", d->data);
	snprintf(d->done, sizeof d->done, "%s.done", d->data);
	assert_int_equal(mkdir(d->data, 0700) | mkfifo(d->go, 0600) | mkfifo(d->done, 0600), 0);
	d->small = may_mount();
	const char *const *own = desk_argv(&desk, (const char *[]){ "--data", d->data, NULL });
	if (!d->small)
		return vt_spawn(own, &(struct vt_options){ .rows = 24, .cols = 100 });
	while (*own != NULL)
		argv[n++] = *own++;
	return vt_spawn(argv, &(struct vt_options){ .rows = 24, .cols = 100 });
}

static void disk_full(const struct disk *d, struct vt *vt, bool full)
{
	struct rlimit limit = { full ? 0 : RLIM_INFINITY, RLIM_INFINITY };

	if (d->small)
		tell_disk(d);
	else
		assert_int_equal(prlimit(vt_pid(vt), RLIMIT_FSIZE, &limit, NULL), 0);
}

static void a_full_disk_is_said_and_work_goes_on(void **state)
{
	struct disk d;
	struct vt *vt = console_on(&d);

	(void)state;
	vt_sync(vt);
	command(vt, "ticket open first");
	see(vt, "saved");
	command(vt, "ticket open");
	vt_type(vt, "no room");
	disk_full(&d, vt, true);
	vt_keys(vt, "F2", NULL);
	vt_sync(vt);
	if (d.small)
		see(vt, "the disk is full: nothing was written");
	see(vt, "no room");
	see(vt, "F2");
	disk_full(&d, vt, false);
	vt_keys(vt, "F2", NULL);
	vt_sync(vt);
	see(vt, "#S2");
	finish(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_in_the_contract_keep_the_old_one),
		cmocka_unit_test(a_hang_up_without_one_reads_the_contract),
		cmocka_unit_test(a_lock_that_stays_keeps_the_form),
		cmocka_unit_test(damaged_and_newer_records_are_left_alone),
		cmocka_unit_test(a_recorder_that_is_killed_is_replaced),
		cmocka_unit_test(a_full_disk_is_said_and_work_goes_on),
		cmocka_unit_test(an_altered_log_is_said_after_the_first_paint),
		cmocka_unit_test(records_of_another_machine_ask_for_a_tag),
	};

	return cmocka_run_group_tests_name("whole/hard", tests, start, stop);
}
