/* The schemas of both databases, and how a file gets from one version to the next. */
#ifndef DATA_STORE_MIGRATE_H
#define DATA_STORE_MIGRATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"

struct db;

#define APPLICATION_RECORDS 0x686f7368 /* "hosh" */
#define APPLICATION_STATUS 0x686f7374  /* "host" */

/* SQL of version 1, 2 …, NULL: made from schema/ at build. */
extern const char *const schema_records[];
extern const char *const schema_status[];
int schema_newest(const char *const *schema);

/* Brings an identified file to the newest version, one transaction a step; another program may have done it meanwhile.
 * guarded: every table gets triggers that let only hoshu's transactions write. */
int migrate(struct db *d, const char *const *schema, int32_t application, bool guarded, struct err *err);

#endif
