/* Folders and files that only their owner may touch. Nothing here ever opens a database that SQLite may have open: closing
 * a descriptor would drop SQLite's locks. Links are refused; modes do not depend on the umask. */
#ifndef DATA_STORE_FOLDER_H
#define DATA_STORE_FOLDER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "core/base/err.h"

/* Opens a folder, made 0700 with its parents when missing and make is set. *fd is to be closed by the caller. HS_ERR_UNSAFE when
 * it is a link, someone else's or open to others; HS_ERR_NOT_FOUND. */
int folder_open(const char *path, bool make, int *fd, struct err *err);
/* Looks at a file without opening it; HS_ERR_NOT_FOUND, HS_ERR_UNSAFE (link, not plain, hard-linked, foreign, mode). */
int folder_file_check(int folder, const char *path, const char *name, struct stat *st, struct err *err);
/* Makes an empty file 0600 that was not there; HS_ERR_EXISTS. */
int folder_file_new(int folder, const char *name, struct err *err);
/* fsync of a file nobody has open, and of the folder itself (name NULL). */
int folder_sync(int folder, const char *name, struct err *err);
/* HS_ERR_FULL, HS_ERR_UNSAFE, HS_ERR_IO …: what errno says of doing something with a file. */
int folder_errno(int number, const char *name, struct err *err);

#endif
