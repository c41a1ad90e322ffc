/* What the two files of status.db share. */
#ifndef DATA_STORE_STATUS_INTERNAL_H
#define DATA_STORE_STATUS_INTERNAL_H

#include "data/store/db.h"
#include "data/store/status.h"

#define STATUS_FILE "status.db"

struct status {
	struct db db;
	int folder;
	char *path;
	int64_t size; /* of the file when it was opened */
	bool write;
	int error; /* the first failure in a transaction: commit refuses */
	int64_t commits, version;
	int64_t backup_due; /* TIME_NONE: not yet looked */
};

/* Puts the newest good backup where no status.db stands; name "" when there is none. */
int status_put_back(struct status *st, char name[64], struct err *err);

/* A count that cannot be outside int; 0 when it is or is missing. */
int query_small(struct query *q, int column);

#endif
