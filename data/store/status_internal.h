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
};

/* A count that cannot be outside int; 0 when it is or is missing. */
int query_small(struct query *q, int column);

#endif
