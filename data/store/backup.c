/* Backups of records.db: made by SQLite's backup interface into a new file, checked, synced, then named; nothing is ever
 * written over. Restoring keeps the damaged file aside. See store.h for when they run and how many stay. */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/store/folder.h"
#include "data/store/internal.h"
#include "data/store/migrate.h"

#define KIND "records"

enum {
	EVERY = 200,            /* transactions */
	CLOSING_AGE = 600,      /* seconds */
	BIG = 32 * 1024 * 1024, /* bytes */
	KEEP_NEWEST = 5,
	KEEP_DAYS = 7,
	KEEP_MONTHS = 12,
};

/* ---- names ---- */

void backup_stamp(int64_t at, char out[20])
{
	struct civil c;

	civil_from_time(at, 0, &c);
	snprintf(out, 20, "%04u%02u%02uT%02u%02u%02uZ", (unsigned)c.year % 10000, (unsigned)c.month % 100,
		 (unsigned)c.day % 100, (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100);
}

/* kind: "records" or "status". */
static bool name_parse(const char *kind, const char *name, struct backup_info *out)
{
	struct civil c = { 0 };
	int end = 0;
	size_t skip = strlen(kind);
	int64_t seq;

	if (strlen(name) >= sizeof out->name || strncmp(name, kind, skip) != 0 ||
	    sscanf(name + skip, "-%4d%2d%2dT%2d%2d%2dZ-%" SCNd64 ".db%n", &c.year, &c.month, &c.day, &c.hour, &c.minute, &c.second,
		   &seq, &end) != 7 || end == 0 || name[skip + (size_t)end] != '\0')
		return false;
	*out = (struct backup_info){ .at = civil_to_time(&c, 0), .seq = seq };
	memcpy(out->name, name, strlen(name) + 1);
	return true;
}

static int newer_first(const void *a, const void *b)
{
	const struct backup_info *x = a, *y = b;

	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return x->seq != y->seq ? (x->seq > y->seq ? -1 : 1) : strcmp(x->name, y->name);
}

int backup_list(int folder, const char *kind, struct backups *out, struct err *err)
{
	struct backup_info b;
	struct stat st;
	int fd = openat(folder, BACKUP_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	*out = (struct backups){ 0 };
	if (fd < 0)
		return errno == ENOENT ? 0 : folder_errno(errno, BACKUP_FOLDER, err);
	DIR *dir = fdopendir(fd);
	if (dir == NULL) {
		int number = errno;
		close(fd);
		return folder_errno(number, BACKUP_FOLDER, err);
	}
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		if (!name_parse(kind, e->d_name, &b) || fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
			continue;
		b.size = st.st_size;
		vec_push(&out->list, b);
	}
	closedir(dir);
	if (out->list.len > 1)
		qsort(out->list.v, out->list.len, sizeof *out->list.v, newer_first);
	return 0;
}

int store_backups(const char *folder, struct backups *out, struct err *err)
{
	int fd, rc = folder_open(folder, false, &fd, err);

	*out = (struct backups){ 0 };
	if (rc != 0)
		return rc;
	rc = backup_list(fd, KIND, out, err);
	close(fd);
	return rc;
}

bool backup_any(int folder)
{
	struct backups all;

	backup_list(folder, KIND, &all, NULL);
	bool any = all.list.len > 0;
	vec_release(&all.list);
	return any;
}

/* ---- making ---- */

/* Opens the sub-folder for backups under the path of the contract's folder. */
int backup_folder_open(const char *path, bool make, int *fd, struct strbuf *sub, struct err *err)
{
	strbuf_addf(sub, "%s/" BACKUP_FOLDER, path);
	return folder_open(strbuf_text(sub), make, fd, err);
}

static int name_new(struct store *s, char out[64], struct err *err)
{
	char stamp[20];
	int64_t seq;
	int rc = db_int(&s->db, "SELECT max(seq) FROM tx", 0, &seq, err);

	backup_stamp((int64_t)time(NULL), stamp);
	snprintf(out, 64, "records-%s-%" PRId64 ".db", stamp, seq);
	return rc;
}

/* Copies into a file of a name that no reader takes for a backup. */
int backup_copy(struct db *from, int fd, const char *sub, const char *temp, struct err *err)
{
	struct strbuf path = { 0 };
	int rc = folder_file_new(fd, temp, err);

	if (rc != 0)
		return rc;
	strbuf_addf(&path, "%s/%s", sub, temp);
	if ((rc = db_copy(from, strbuf_text(&path), err)) == 0)
		rc = folder_sync(fd, temp, err);
	strbuf_release(&path);
	if (rc != 0)
		unlinkat(fd, temp, 0);
	return rc;
}

/* Whether list[i] is the newest of its day (or month) among the newest of so many days (months). */
static bool newest_of_period(const struct backups *all, size_t skip, size_t i, size_t digits, int periods)
{
	const char *mine = all->list.v[i].name;
	int seen = 0;

	for (size_t k = 0; k < i; k++) {
		const char *other = all->list.v[k].name;
		if (strncmp(other + skip, mine + skip, digits) == 0)
			return false;
		if (k == 0 || strncmp(other + skip, all->list.v[k - 1].name + skip, digits) != 0)
			seen++;
	}
	return seen < periods;
}

void backup_rotate(int folder, const char *kind, int fd)
{
	const size_t skip = strlen(kind) + 1;
	struct backups all;

	if (backup_list(folder, kind, &all, NULL) != 0)
		return;
	for (size_t i = KEEP_NEWEST; i < all.list.len; i++)
		if (!newest_of_period(&all, skip, i, 8, KEEP_DAYS) && !newest_of_period(&all, skip, i, 6, KEEP_MONTHS))
			unlinkat(fd, all.list.v[i].name, 0);
	vec_release(&all.list);
}

/* What a program that was killed while copying left behind. */
void backup_clear_leftovers(int fd)
{
	struct stat st;
	int copy = dup(fd);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;

	if (dir == NULL) {
		if (copy >= 0)
			close(copy);
		return;
	}
	rewinddir(dir);
	for (struct dirent *e; (e = readdir(dir)) != NULL;)
		if (strncmp(e->d_name, "making-", 7) == 0 && fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_mtime < time(NULL) - 3600)
			unlinkat(fd, e->d_name, 0);
	closedir(dir);
}

int store_backup(struct store *s, struct strbuf *path, struct err *err)
{
	struct strbuf sub = { 0 };
	char name[64], temp[UUID_SIZE + 16], id[UUID_SIZE];
	int fd, rc = backup_folder_open(s->path, true, &fd, &sub, err);

	if (rc != 0) {
		strbuf_release(&sub);
		return rc;
	}
	backup_clear_leftovers(fd);
	if ((rc = random_uuid(id, err)) != 0)
		goto out;
	snprintf(temp, sizeof temp, "making-%s", id);
	if ((rc = name_new(s, name, err)) != 0 || (rc = backup_copy(&s->db, fd, strbuf_text(&sub), temp, err)) != 0)
		goto out;
	if (renameat(fd, temp, fd, name) != 0) {
		rc = folder_errno(errno, name, err);
		unlinkat(fd, temp, 0);
		goto out;
	}
	rc = folder_sync(fd, NULL, err);
	s->written = 0;
	if (rc == 0)
		backup_rotate(s->folder, KIND, fd);
	if (rc == 0 && path != NULL)
		strbuf_addf(path, "%s/%s", strbuf_text(&sub), name);
out:
	close(fd);
	strbuf_release(&sub);
	return rc;
}

/* How many transactions since the newest backup, and its age; a clock that jumped counts as "long ago". */
static int backup_lag(struct store *s, int64_t *behind, int64_t *age)
{
	struct backups all;
	int64_t seq;
	int rc = db_int(&s->db, "SELECT max(seq) FROM tx", 0, &seq, NULL);

	*behind = seq;
	*age = INT64_MAX;
	if (rc != 0 || (rc = backup_list(s->folder, KIND, &all, NULL)) != 0)
		return rc;
	if (all.list.len > 0 && all.list.v[0].seq <= seq && all.list.v[0].at <= (int64_t)time(NULL)) {
		*behind = seq - all.list.v[0].seq;
		*age = (int64_t)time(NULL) - all.list.v[0].at;
	}
	vec_release(&all.list);
	return 0;
}

void backup_when_due(struct store *s, bool closing)
{
	int64_t behind, age, size, pages;

	if (s->db.handle == NULL || (closing && s->commits == 0) || s->device.machine_changed)
		return;
	s->written = s->written < 0 ? EVERY : s->written + (closing ? 0 : 1);
	if (!closing && s->written < EVERY)
		return;
	if (backup_lag(s, &behind, &age) != 0 || db_int(&s->db, "PRAGMA page_count", 0, &pages, NULL) != 0 ||
	    db_int(&s->db, "PRAGMA page_size", 0, &size, NULL) != 0)
		return;
	int64_t times = 1 + pages * size / BIG;
	s->written = behind < EVERY ? behind : EVERY;
	if (behind >= EVERY * times || (closing && behind > 0 && age >= CLOSING_AGE * times))
		store_backup(s, NULL, NULL);
}

/* ---- looking and putting back ---- */

static int backup_open_checked(const char *folder, const char *name, struct err *err)
{
	struct strbuf sub = { 0 };
	struct backup_info info;
	struct stat st;
	struct db d;
	int fd = -1, version, rc;

	if (!name_parse(KIND, name, &info))
		return ERR(err, HS_ERR_INVALID, N_("'{1}' is not the name of a backup"), name);
	if ((rc = backup_folder_open(folder, false, &fd, &sub, err)) == 0 &&
	    (rc = folder_file_check(fd, strbuf_text(&sub), name, &st, err)) == 0) {
		strbuf_addf(&sub, "/%s", name);
		rc = db_open(&d, strbuf_text(&sub), false, 0, DB_SYNC_OFF, err);
		if (rc == 0) {
			rc = db_identify(&d, APPLICATION_RECORDS, schema_newest(schema_records), &version, err);
			if (rc == 0 && version == 0)
				rc = ERR(err, HS_ERR_DAMAGED, N_("'{1}' is not a database of hoshu"), name);
			if (rc == 0)
				rc = db_check(&d, true, err);
			db_close(&d);
		}
	}
	if (fd >= 0)
		close(fd);
	strbuf_release(&sub);
	return rc;
}

int store_backup_check(const char *folder, const char *name, struct err *err)
{
	char *real = realpath(folder, NULL);

	if (real == NULL)
		return folder_errno(errno, folder, err);
	int rc = backup_open_checked(real, name, err);
	free(real);
	return rc;
}

/* The newest backup that passes its check; "" when there is none. path: of the folder, without links. */
static void newest_good(int folder, const char *path, char out[64])
{
	struct backups all;

	out[0] = '\0';
	if (backup_list(folder, KIND, &all, NULL) != 0)
		return;
	for (size_t i = 0; i < all.list.len && out[0] == '\0'; i++)
		if (backup_open_checked(path, all.list.v[i].name, NULL) == 0)
			memcpy(out, all.list.v[i].name, sizeof all.list.v[i].name);
	vec_release(&all.list);
}

int backup_advise(const char *folder_path, int folder, struct err *err)
{
	struct strbuf file = { 0 };
	char good[64];
	int rc;

	newest_good(folder, folder_path, good);
	strbuf_addf(&file, "%s/" RECORDS_FILE, folder_path);
	if (good[0] != '\0')
		rc = ERR(err, HS_ERR_DAMAGED, N_("'{1}' is damaged or missing and was left as it is; the newest good backup is"
						 " '{2}': hoshu restore puts it back"), strbuf_text(&file), good);
	else
		rc = ERR(err, HS_ERR_DAMAGED, N_("'{1}' is damaged or missing and was left as it is; there is no good backup in '{2}'"),
			 strbuf_text(&file), BACKUP_FOLDER);
	strbuf_release(&file);
	return rc;
}

/* ---- restoring ---- */

/* Copies the backup to a new file in the contract's folder, marked so that its next opening asks for a new device. */
static int restore_stage(int folder, const char *path, const char *name, const char *temp, struct err *err)
{
	struct strbuf from = { 0 }, to = { 0 };
	struct db source, target;
	int rc;

	strbuf_addf(&from, "%s/" BACKUP_FOLDER "/%s", path, name);
	strbuf_addf(&to, "%s/%s", path, temp);
	if ((rc = db_open(&source, strbuf_text(&from), false, 0, DB_SYNC_OFF, err)) == 0) {
		if ((rc = folder_file_new(folder, temp, err)) == 0)
			rc = db_copy(&source, strbuf_text(&to), err);
		db_close(&source);
	}
	if (rc == 0 && (rc = db_open(&target, strbuf_text(&to), true, 0, DB_SYNC_EXTRA, err)) == 0) {
		target.may_write = true;
		db_exec(&target, "PRAGMA journal_mode=MEMORY", NULL);
		rc = meta_put(&target, "renew", "restored", err);
		db_close(&target);
	}
	if (rc == 0)
		rc = folder_sync(folder, temp, err);
	strbuf_release(&from);
	strbuf_release(&to);
	return rc;
}

/* The journal goes first, or it would be played into what takes the file's place. */
static int restore_swap(int folder, const char *temp, const char *aside, struct err *err)
{
	char journal[96];
	int rc;

	snprintf(journal, sizeof journal, "%s-journal", aside);
	if (renameat(folder, RECORDS_FILE "-journal", folder, journal) != 0 && errno != ENOENT)
		return folder_errno(errno, RECORDS_FILE "-journal", err);
	if (renameat(folder, RECORDS_FILE, folder, aside) != 0 && errno != ENOENT)
		return folder_errno(errno, RECORDS_FILE, err);
	if (renameat(folder, temp, folder, RECORDS_FILE) != 0)
		return folder_errno(errno, RECORDS_FILE, err);
	unlinkat(folder, MARK_FILE, 0);
	if ((rc = folder_sync(folder, NULL, err)) != 0)
		return rc;
	return 0;
}

/* Holds the file against writers while it is swapped, where it can still be opened at all. */
static int restore_lock(int folder, const char *path, struct db *held, struct err *err)
{
	struct strbuf file = { 0 };
	struct stat st;
	int rc = folder_file_check(folder, path, RECORDS_FILE, &st, err);

	memset(held, 0, sizeof *held);
	if (rc == HS_ERR_NOT_FOUND)
		return 0;
	if (rc != 0)
		return rc;
	strbuf_addf(&file, "%s/" RECORDS_FILE, path);
	rc = db_open(held, strbuf_text(&file), true, 0, DB_SYNC_EXTRA, err);
	if (rc == 0 && (rc = db_exec(held, "BEGIN EXCLUSIVE", err)) != 0)
		db_close(held);
	strbuf_release(&file);
	return rc == HS_ERR_BUSY ? rc : 0;
}

int store_restore(const char *folder, const char *name, int64_t now, struct strbuf *aside, struct strbuf *used, struct err *err)
{
	char good[64] = "", stamp[20], temp[UUID_SIZE + 16], id[UUID_SIZE], kept[64];
	char *path = NULL;
	struct db held = { 0 };
	int fd, rc = folder_open(folder, false, &fd, err);

	if (rc != 0)
		return rc;
	if ((path = realpath(folder, NULL)) == NULL) {
		rc = folder_errno(errno, folder, err);
		goto out;
	}
	if (name == NULL)
		newest_good(fd, path, good);
	else if ((rc = backup_open_checked(path, name, err)) == 0)
		snprintf(good, sizeof good, "%s", name);
	if (rc == 0 && good[0] == '\0')
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("there is no good backup in '{1}'"), BACKUP_FOLDER);
	if (rc != 0 || (rc = random_uuid(id, err)) != 0)
		goto out;
	backup_stamp(now, stamp);
	snprintf(kept, sizeof kept, RECORDS_FILE ".damaged-%s-%.8s", stamp, id);
	snprintf(temp, sizeof temp, "restoring-%s", id);
	if ((rc = restore_lock(fd, path, &held, err)) != 0)
		goto out;
	rc = restore_stage(fd, path, good, temp, err);
	if (rc == 0)
		rc = restore_swap(fd, temp, kept, err);
	if (rc != 0)
		unlinkat(fd, temp, 0);
	db_close(&held);
	if (rc == 0 && aside != NULL)
		strbuf_add_text(aside, kept);
	if (rc == 0 && used != NULL)
		strbuf_add_text(used, good);
out:
	close(fd);
	free(path);
	return rc;
}

/* ---- health ---- */

static bool pragma_is(struct store *s, const char *sql, const char *want)
{
	struct query q;
	bool is = false;

	if (query_open(&q, &s->db, sql, NULL) == 0) {
		is = query_step(&q, NULL) == 1 && strcmp(query_text(&q, 0), want) == 0;
		query_close(&q);
	}
	return is;
}

int store_health(struct store *s, struct store_health *out, struct err *err)
{
	struct backups all;
	struct statvfs vfs;
	int64_t pages, size;
	int rc;

	*out = (struct store_health){ .newest_backup_at = TIME_NONE };
	if ((rc = db_int(&s->db, "PRAGMA page_count", 0, &pages, err)) != 0 ||
	    (rc = db_int(&s->db, "PRAGMA page_size", 0, &size, err)) != 0 ||
	    (rc = db_int(&s->db, "SELECT sum(changes) FROM tx", 0, &out->changes, err)) != 0 ||
	    (rc = backup_list(s->folder, KIND, &all, err)) != 0)
		return rc;
	out->size = pages * size;
	out->backups = (int)all.list.len;
	if (all.list.len > 0)
		out->newest_backup_at = all.list.v[0].at;
	vec_release(&all.list);
	out->journal_ok = pragma_is(s, "PRAGMA journal_mode", "truncate");
	out->sync_ok = pragma_is(s, "PRAGMA synchronous", "3");
	out->free_bytes = fstatvfs(s->folder, &vfs) == 0 ? (int64_t)vfs.f_bavail * (int64_t)vfs.f_frsize : -1;
	return 0;
}
