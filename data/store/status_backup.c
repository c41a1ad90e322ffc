/* Backups of status.db: its intervals and roll-ups are the evidence behind availability figures (architecture §2). A copy by SQLite's own
 * way, from which raw samples and outputs are taken, checked, and only then given its name. See status.h. */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/store/folder.h"
#include "data/store/internal.h"
#include "data/store/migrate.h"
#include "data/store/status_internal.h"

#define KIND "status"
#define ASIDE STATUS_FILE ".damaged-"

enum { EVERY_S = 86400, RETRY_S = 3600 };

/* ---- making ---- */

static int strip(const char *sub, const char *temp, struct err *err)
{
	struct strbuf path = { 0 };
	struct db d;

	strbuf_addf(&path, "%s/%s", sub, temp);
	int rc = db_open(&d, strbuf_text(&path), true, 0, DB_SYNC_FULL, err);
	strbuf_release(&path);
	if (rc != 0)
		return rc;
	sqlite3_limit(d.handle, SQLITE_LIMIT_ATTACHED, 1); /* VACUUM attaches a file of its own */
	if ((rc = db_exec(&d, "PRAGMA journal_mode=MEMORY", err)) == 0 && (rc = db_exec(&d, "DELETE FROM sample", err)) == 0 &&
	    (rc = db_exec(&d, "DELETE FROM output", err)) == 0 && (rc = db_exec(&d, "VACUUM", err)) == 0)
		rc = db_check(&d, true, err);
	db_close(&d);
	return rc;
}

static int make(struct status *st, int64_t now, int fd, const char *sub, char name[64], struct err *err)
{
	char stamp[20], temp[UUID_SIZE + 16], id[UUID_SIZE];
	int64_t spans;
	int rc = random_uuid(id, err);

	if (rc != 0 || (rc = db_int(&st->db, "SELECT max(no) FROM span", 0, &spans, err)) != 0)
		return rc;
	backup_stamp(now, stamp);
	snprintf(name, 64, KIND "-%s-%" PRId64 ".db", stamp, spans == TIME_NONE ? 0 : spans);
	snprintf(temp, sizeof temp, "making-%s", id);
	if ((rc = backup_copy(&st->db, fd, sub, temp, err)) != 0)
		return rc;
	rc = strip(sub, temp, err);
	if (rc == 0)
		rc = folder_sync(fd, temp, err);
	if (rc == 0 && renameat(fd, temp, fd, name) != 0)
		rc = folder_errno(errno, name, err);
	if (rc != 0)
		unlinkat(fd, temp, 0);
	return rc != 0 ? rc : folder_sync(fd, NULL, err);
}

static int64_t due(const struct status *st, int64_t now)
{
	struct backups all;

	if (backup_list(st->folder, KIND, &all, NULL) != 0)
		return now;
	/* one from the future is of a clock that was wrong */
	int64_t at = all.list.len > 0 && all.list.v[0].at <= now ? all.list.v[0].at + EVERY_S : now;
	vec_release(&all.list);
	return at;
}

int status_backup_when_due(struct status *st, int64_t now, struct strbuf *name, struct err *err)
{
	struct strbuf sub = { 0 };
	char made[64];
	int fd = -1, rc;

	if (st->backup_due == TIME_NONE)
		st->backup_due = due(st, now);
	if (now < st->backup_due)
		return 0;
	if ((rc = backup_folder_open(st->path, true, &fd, &sub, err)) == 0) {
		backup_clear_leftovers(fd);
		rc = make(st, now, fd, strbuf_text(&sub), made, err);
		if (rc == 0)
			backup_rotate(st->folder, KIND, fd);
		close(fd);
	}
	st->backup_due = now + (rc == 0 ? EVERY_S : RETRY_S);
	if (rc == 0 && name != NULL)
		strbuf_add_text(name, made);
	strbuf_release(&sub);
	return rc;
}

/* ---- looking and putting back ---- */

int status_backups(const char *folder, struct backups *out, struct err *err)
{
	int fd, rc = folder_open(folder, false, &fd, err);

	*out = (struct backups){ 0 };
	if (rc != 0)
		return rc;
	rc = backup_list(fd, KIND, out, err);
	close(fd);
	return rc;
}

/* Opens and checks one; the caller closes it. */
static int open_checked(struct db *d, int fd, const char *sub, const char *name)
{
	struct strbuf path = { 0 };
	struct stat file;
	int version, rc = folder_file_check(fd, sub, name, &file, NULL);

	if (rc != 0)
		return rc;
	strbuf_addf(&path, "%s/%s", sub, name);
	rc = db_open(d, strbuf_text(&path), false, 0, DB_SYNC_OFF, NULL);
	strbuf_release(&path);
	if (rc != 0)
		return rc;
	rc = db_identify(d, APPLICATION_STATUS, schema_newest(schema_status), &version, NULL);
	if (rc == 0 && version == 0)
		rc = HS_ERR_DAMAGED;
	if (rc == 0)
		rc = db_check(d, true, NULL);
	if (rc != 0)
		db_close(d);
	return rc;
}

/* A copy of the backup under a name of its own first, so that a half copy never is status.db. */
static int put_copy(struct status *st, struct db *from, struct err *err)
{
	char temp[UUID_SIZE + 16], id[UUID_SIZE];
	int rc = random_uuid(id, err);

	if (rc != 0)
		return rc;
	snprintf(temp, sizeof temp, "restoring-%s", id);
	if ((rc = backup_copy(from, st->folder, st->path, temp, err)) != 0)
		return rc;
	if (renameat(st->folder, temp, st->folder, STATUS_FILE) != 0) {
		rc = folder_errno(errno, STATUS_FILE, err);
		unlinkat(st->folder, temp, 0);
		return rc;
	}
	return folder_sync(st->folder, NULL, err);
}

int status_put_back(struct status *st, char name[64], struct err *err)
{
	struct strbuf sub = { 0 };
	struct backups all;
	struct db d;
	int fd = -1, rc = 0;

	name[0] = '\0';
	if (backup_list(st->folder, KIND, &all, NULL) != 0 || all.list.len == 0)
		return 0;
	if (backup_folder_open(st->path, false, &fd, &sub, NULL) == 0) {
		for (size_t i = 0; rc == 0 && name[0] == '\0' && i < all.list.len; i++) {
			if (open_checked(&d, fd, strbuf_text(&sub), all.list.v[i].name) != 0)
				continue;
			if ((rc = put_copy(st, &d, err)) == 0)
				memcpy(name, all.list.v[i].name, sizeof all.list.v[i].name);
			db_close(&d);
		}
		close(fd);
	}
	vec_release(&all.list);
	strbuf_release(&sub);
	return rc;
}

void status_aside(const char *folder, struct strbuf *name)
{
	DIR *dir = opendir(folder);

	strbuf_clear(name);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
		size_t len = strlen(e->d_name);
		bool journal = len > 8 && strcmp(e->d_name + len - 8, "-journal") == 0;
		if (journal || strncmp(e->d_name, ASIDE, strlen(ASIDE)) != 0 || strcmp(e->d_name, strbuf_text(name)) <= 0)
			continue;
		strbuf_clear(name);
		strbuf_add_text(name, e->d_name);
	}
	if (dir != NULL)
		closedir(dir);
}
