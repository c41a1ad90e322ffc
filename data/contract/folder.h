/* Folders that hold NAME.conf files: contracts/ and themes/. Inner header of data/contract. */
#ifndef DATA_CONTRACT_FOLDER_H
#define DATA_CONTRACT_FOLDER_H

#include <stdbool.h>

#include "core/base/mem.h"

struct strbuf;

/* Appends base/sub/name.conf when it can be read; name may carry the .conf already. */
bool folder_find(const char *base, const char *sub, const char *name, struct strbuf *path);

struct folder_names {
	struct arena mem;
	VEC(const char *) list;
};
/* Adds the names, without .conf, of the files in base/sub; a folder that is not there adds none. */
void folder_list(const char *base, const char *sub, struct folder_names *out);
/* Sorted, each once. */
void folder_join(struct folder_names *names, const char *separator, struct strbuf *out);
void folder_names_release(struct folder_names *names);

#endif
