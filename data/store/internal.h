/* What the files of data/store share: the open database, and how queries of a noun are written (ticket.c, patch.c …):
 *
 *	static int tickets_open(struct store *s, struct rows *out, struct err *err)
 *	{
 *		return rows_select(s, TABLE_ticket, "WHERE closed_at IS NULL AND deleted IS NULL ORDER BY detected_at LIMIT ?",
 *				   (struct value[]){ value_int(50) }, 1, out, err);
 *	}
 * Anything else goes through struct query (db.h) on &s->db. SQL text is constant; values are bound. */
#ifndef DATA_STORE_INTERNAL_H
#define DATA_STORE_INTERNAL_H

#include <sys/types.h>

#include "data/store/db.h"
#include "data/store/store.h"

#define RECORDS_FILE "records.db"
#define MARK_FILE "device"
#define BACKUP_FOLDER "backup"

struct store {
	struct db db;
	int folder;       /* descriptor */
	char *path;       /* of the folder, without links */
	dev_t file_dev;   /* the file that was opened: another in its place is noticed */
	ino_t file_ino;
	struct store_device device;
	int64_t device_no;
	char machine[CHANGE_DIGEST_SIZE];
	bool read_only, in_tx;
	int64_t commits, version; /* see store_version */
	int64_t written;          /* transactions since the newest backup, as far as known; -1: not yet looked */
};

/* Rows of table: "SELECT its columns FROM table " + tail; n values bound to its ?. rows is initialised here. */
int rows_select(struct store *s, enum table_id table, const char *tail, const struct value *values, size_t n,
		struct rows *rows, struct err *err);
/* For a query of one's own: appends the row that stands ready, its columns beginning at column first. */
void rows_add(struct rows *rows, struct query *q, int first);
/* Appends "id", "number", … "deleted", each with prefix ("t.") before it: the columns rows_add expects. */
void rows_columns(enum table_id table, const char *prefix, struct strbuf *out);

/* A long query stops with HS_ERR_CANCELLED when interrupt returns nonzero (a key is ready); the caller goes on by keyset. */
void store_on_progress(struct store *s, int (*interrupt)(void *ctx), void *ctx);

/* A value as people read it: text, decimal number, "" for none. */
const char *value_shown(const struct value *v, char buf[24]);

/* 16 random bytes, a random UUID. */
int random_bytes(void *out, size_t len, struct err *err);
int random_uuid(char out[UUID_SIZE], struct err *err);

int meta_get(struct db *d, const char *key, char *out, size_t size, struct err *err); /* "" when missing */
int meta_put(struct db *d, const char *key, const char *value, struct err *err);

/* The number of a row in the log, its table; 0 when no change ever named it. */
int entity_find(struct db *d, const char *id, int64_t *no, enum table_id *table, struct err *err);
/* Begins a transaction that takes another back (undoes: its id). */
int tx_begin_undo(struct store *s, const char *actor, const char *verb, int64_t now, const char *undoes, struct tx *tx,
		  struct err *err);
/* What a cell holds now. Text is kept in a. */
int cell_get(struct db *d, enum table_id table, const char *id, const char *column, struct arena *a, struct value *out,
	     struct err *err);

/* The mark beside the database: this device's last transaction, by which a database put back from a copy is
 * noticed. A missing or torn mark says nothing. */
void mark_write(const struct store *s, int64_t seq, const char *digest);
int mark_check(struct store *s, bool *went_back, struct err *err);
bool mark_exists(int folder);

/* backup.c. kind is the first word of a backup's name, "records" or "status"; sub receives the path of the folder of backups. */
int backup_list(int folder, const char *kind, struct backups *out, struct err *err);
void backup_rotate(int folder, const char *kind, int fd);
void backup_stamp(int64_t at, char out[20]);
int backup_folder_open(const char *path, bool make, int *fd, struct strbuf *sub, struct err *err);
void backup_clear_leftovers(int fd);
int backup_copy(struct db *from, int fd, const char *sub, const char *temp, struct err *err);
bool backup_any(int folder);
void backup_when_due(struct store *s, bool closing);
/* "'records.db' is damaged …" with the newest good backup named. */
int backup_advise(const char *folder_path, int folder, struct err *err);

#endif
