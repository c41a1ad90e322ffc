/* Opening records.db, and which device this is. See store.h. */
#include <config.h>

#include "data/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/base/digest.h"
#include "core/base/strbuf.h"
#include "data/store/folder.h"
#include "data/store/internal.h"
#include "data/store/migrate.h"

int random_bytes(void *out, size_t len, struct err *err)
{
	return getrandom(out, len, 0) == (ssize_t)len ? 0 : ERR(err, HS_ERR_IO, N_("the system gives no random numbers"));
}

int random_uuid(char out[UUID_SIZE], struct err *err)
{
	uint8_t b[16];
	int rc = random_bytes(b, sizeof b, err);

	if (rc == 0)
		uuid_from_random(b, out);
	return rc;
}

int meta_get(struct db *d, const char *key, char *out, size_t size, struct err *err)
{
	struct query q;
	int rc = query_open(&q, d, "SELECT value FROM meta WHERE key = ?", err);

	out[0] = '\0';
	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, key);
	rc = query_step(&q, err);
	if (rc == 1) {
		const char *text = query_text(&q, 0);
		size_t len = strnlen(text, size - 1);
		memcpy(out, text, len);
		out[len] = '\0';
	}
	query_close(&q);
	return rc < 0 ? rc : 0;
}

int meta_put(struct db *d, const char *key, const char *value, struct err *err)
{
	struct query q;
	int rc = query_open(&q, d, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
			    err);

	if (rc != 0)
		return rc;
	query_bind_text(&q, 1, key);
	query_bind_text(&q, 2, value);
	return query_done(&q, err);
}

/* ---- the device ---- */

bool store_tag_valid(const char *tag)
{
	size_t len = strnlen(tag, 4);

	for (size_t i = 0; i < len; i++)
		if (!((tag[i] >= 'A' && tag[i] <= 'Z') || (tag[i] >= 'a' && tag[i] <= 'z')))
			return false;
	return len >= 1 && len <= 3;
}

static void machine_hash(const char *machine, char out[CHANGE_DIGEST_SIZE])
{
	char id[64] = "";
	struct digest sum;

	out[0] = '\0';
	if (machine == NULL) {
		int fd = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);
		ssize_t n = fd >= 0 ? read(fd, id, sizeof id - 1) : 0;
		if (fd >= 0)
			close(fd);
		id[n > 0 ? n : 0] = '\0';
		machine = id;
	}
	size_t len = strcspn(machine, "\n");
	if (len == 0)
		return;
	digest_init(&sum);
	digest_add(&sum, "hoshu machine ", 14);
	digest_add(&sum, machine, len);
	digest_end(&sum, out);
}

static int device_insert(struct store *s, const char *tag, struct err *err)
{
	char id[DEVICE_SIZE];
	uint8_t b[8];
	struct query q;
	char upper[4] = "";
	int rc = random_bytes(b, sizeof b, err);

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < sizeof b; i++) {
		id[2 * i] = "0123456789abcdef"[b[i] >> 4];
		id[2 * i + 1] = "0123456789abcdef"[b[i] & 15];
	}
	id[DEVICE_SIZE - 1] = '\0';
	for (size_t i = 0; i < 3 && tag[i] != '\0'; i++)
		upper[i] = (char)(tag[i] & ~0x20);

	if ((rc = query_open(&q, &s->db, "SELECT 1 FROM device WHERE tag = ?", err)) != 0)
		return rc;
	query_bind_text(&q, 1, upper);
	rc = query_step(&q, err);
	query_close(&q);
	if (rc != 0)
		return rc < 0 ? rc : ERR(err, HS_ERR_EXISTS, N_("the device tag '{1}' was used before; choose another"), upper);

	if ((rc = query_open(&q, &s->db, "INSERT INTO device (id, tag, machine) VALUES (?, ?, ?)", err)) != 0)
		return rc;
	query_bind_text(&q, 1, id);
	query_bind_text(&q, 2, upper);
	query_bind_text(&q, 3, s->machine);
	if ((rc = query_done(&q, err)) == 0 && (rc = meta_put(&s->db, "device", id, err)) == 0)
		rc = meta_put(&s->db, "renew", "", err);
	return rc;
}

static int device_load(struct store *s, struct err *err)
{
	char renew[8];
	struct query q;
	int rc = query_open(&q, &s->db, "SELECT d.no, d.id, d.tag, d.machine FROM meta m JOIN device d ON d.id = m.value"
					" WHERE m.key = 'device'", err);

	if (rc != 0)
		return rc;
	rc = query_step(&q, err);
	if (rc == 1) {
		const char *id = query_text(&q, 1), *tag = query_text(&q, 2), *machine = query_text(&q, 3);
		if (strlen(id) != DEVICE_SIZE - 1 || !store_tag_valid(tag)) {
			rc = ERR(err, HS_ERR_DAMAGED, N_("'{1}' names no valid device"), s->db.path);
		} else {
			s->device_no = query_int(&q, 0);
			memcpy(s->device.id, id, DEVICE_SIZE);
			memcpy(s->device.tag, tag, strlen(tag) + 1);
			s->device.machine_changed = *machine != '\0' && s->machine[0] != '\0' && strcmp(machine, s->machine) != 0;
		}
	} else if (rc == 0) {
		rc = ERR(err, HS_ERR_DAMAGED, N_("'{1}' names no valid device"), s->db.path);
	}
	query_close(&q);
	if (rc < 0 || (rc = meta_get(&s->db, "renew", renew, sizeof renew, err)) != 0)
		return rc;
	if (renew[0] != '\0')
		s->device.machine_changed = true;
	bool went_back = false;
	if ((rc = mark_check(s, &went_back, err)) == 0 && went_back)
		s->device.machine_changed = true;
	return rc;
}

/* In a transaction of its own, without the log: which device writes is no change of a record. */
static int device_write(struct store *s, const char *tag, bool first, struct err *err)
{
	int64_t devices = 0;
	int rc = db_exec(&s->db, "BEGIN IMMEDIATE", err);

	if (rc != 0)
		return rc;
	s->db.may_write = true;
	rc = db_int(&s->db, "SELECT count(*) FROM device", 0, &devices, err);
	if (rc == 0 && (!first || devices == 0))
		rc = device_insert(s, tag, err);
	s->db.may_write = false;
	if (rc == 0)
		rc = db_exec(&s->db, "COMMIT", err);
	if (rc != 0 && sqlite3_get_autocommit(s->db.handle) == 0)
		db_exec(&s->db, "ROLLBACK", NULL);
	return rc;
}

static int tag_error(const char *tag, struct err *err)
{
	return ERR(err, HS_ERR_INVALID, N_("'{1}' is no device tag: it is 1 to 3 letters A–Z"), tag);
}

const struct store_device *store_device(const struct store *s)
{
	return &s->device;
}

int store_device_renew(struct store *s, const char *tag, struct err *err)
{
	int rc;

	if (s->read_only)
		return ERR(err, HS_ERR_READ_ONLY, NULL);
	if (!store_tag_valid(tag))
		return tag_error(tag, err);
	if ((rc = device_write(s, tag, false, err)) != 0)
		return rc;
	s->commits++;
	unlinkat(s->folder, MARK_FILE, 0);
	return device_load(s, err);
}

/* ---- opening ---- */

static int damaged(struct store *s, struct err *err)
{
	return backup_advise(s->path, s->folder, err);
}

static int no_database(struct store *s, struct err *err)
{
	return ERR(err, HS_ERR_NOT_FOUND, N_("there is no database in '{1}' yet; run: hoshu init"), s->path);
}

/* The file and its journal as they lie there; *fresh when a database is to be made. */
static int file_prepare(struct store *s, const struct store_options *o, bool *fresh, struct err *err)
{
	struct stat st;
	int rc = folder_file_check(s->folder, s->path, RECORDS_FILE, &st, err);

	*fresh = rc == HS_ERR_NOT_FOUND || (rc == 0 && st.st_size == 0);
	if (rc != 0 && rc != HS_ERR_NOT_FOUND)
		return rc;
	if (!*fresh) {
		rc = folder_file_check(s->folder, s->path, RECORDS_FILE "-journal", &st, err);
		return rc == HS_ERR_NOT_FOUND ? 0 : rc;
	}
	if (mark_exists(s->folder) || backup_any(s->folder))
		return damaged(s, err);
	if (o->read_only || *o->tag == '\0')
		return no_database(s, err);
	if (!store_tag_valid(o->tag))
		return tag_error(o->tag, err);
	if (rc == HS_ERR_NOT_FOUND) {
		rc = folder_file_new(s->folder, RECORDS_FILE, err);
		if (rc == HS_ERR_EXISTS)
			rc = 0;
	}
	err_clear(err);
	return rc;
}

static int file_remember(struct store *s, struct err *err)
{
	struct stat st;
	int rc = folder_file_check(s->folder, s->path, RECORDS_FILE, &st, err);

	s->file_dev = st.st_dev;
	s->file_ino = st.st_ino;
	return rc;
}

static int schema_prepare(struct store *s, const struct store_options *o, bool fresh, struct err *err)
{
	int newest = schema_newest(schema_records), version, rc;

	if ((rc = db_identify(&s->db, APPLICATION_RECORDS, newest, &version, err)) != 0)
		return rc;
	if (version == newest)
		return 0;
	if (o->read_only)
		return ERR(err, HS_ERR_READ_ONLY, N_("'{1}' must be brought to a newer form; start once without --read-only"),
			   s->db.path);
	if (version == 0 && !fresh)
		return ERR(err, HS_ERR_DAMAGED, N_("'{1}' is damaged"), s->db.path);
	if (version > 0 && (rc = store_backup(s, NULL, err)) != 0)
		return rc;
	return migrate(&s->db, schema_records, APPLICATION_RECORDS, true, err);
}

/* A new database gets its device; one whose making was cut short before that, too. */
static int device_prepare(struct store *s, const struct store_options *o, struct err *err)
{
	char id[DEVICE_SIZE];
	int rc = meta_get(&s->db, "device", id, sizeof id, err);

	if (rc != 0 || id[0] != '\0')
		return rc;
	if (o->read_only || *o->tag == '\0')
		return no_database(s, err);
	if (!store_tag_valid(o->tag))
		return tag_error(o->tag, err);
	if ((rc = device_write(s, o->tag, true, err)) == 0)
		rc = folder_sync(s->folder, NULL, err);
	return rc;
}

static int store_start(struct store *s, const struct store_options *o, struct err *err)
{
	struct strbuf path = { 0 };
	bool fresh = false;
	int rc = folder_open(o->folder, !o->read_only && *o->tag != '\0', &s->folder, err);

	if (rc != 0)
		return rc;
	s->path = realpath(o->folder, NULL);
	if (s->path == NULL)
		return folder_errno(errno, o->folder, err);
	if ((rc = file_prepare(s, o, &fresh, err)) != 0)
		return rc;
	strbuf_addf(&path, "%s/" RECORDS_FILE, s->path);
	rc = db_open(&s->db, strbuf_text(&path), true, o->busy_ms, DB_SYNC_EXTRA, err);
	strbuf_release(&path);
	if (rc == 0)
		rc = schema_prepare(s, o, fresh, err);
	if (rc == 0)
		rc = device_prepare(s, o, err);
	if (rc == 0)
		rc = file_remember(s, err);
	if (rc == 0)
		rc = device_load(s, err);
	if (rc == 0 && s->read_only)
		rc = db_exec(&s->db, "PRAGMA query_only=ON", err);
	if (rc == 0)
		db_settle(&s->db);
	return rc == HS_ERR_DAMAGED ? damaged(s, err) : rc;
}

int store_open(struct store **out, const struct store_options *options, struct err *err)
{
	struct store *s = mem_alloc(1, sizeof *s);

	*out = NULL;
	s->folder = -1;
	s->read_only = options->read_only;
	s->written = -1;
	machine_hash(options->machine, s->machine);
	int rc = store_start(s, options, err);
	if (rc != 0) {
		s->read_only = true;
		store_close(s);
		return rc;
	}
	*out = s;
	return 0;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	if (!s->read_only)
		backup_when_due(s, true);
	db_close(&s->db);
	if (s->folder >= 0)
		close(s->folder);
	free(s->path);
	free(s);
}

int64_t store_version(struct store *s)
{
	int64_t v;

	if (db_int(&s->db, "PRAGMA data_version", 0, &v, NULL) == 0)
		s->version = v;
	return s->version + s->commits;
}

bool store_read_only(const struct store *s)
{
	return s->read_only;
}

void store_on_progress(struct store *s, int (*interrupt)(void *ctx), void *ctx)
{
	db_on_progress(&s->db, interrupt, ctx);
}
