/* From a contract file to a struct contract, whole or not at all.
 *
 * The file is libconfig text, read strictly (hoshu.conf(5)): no @include, valid UTF-8, no escapes beyond \" and \\, at most 1 MiB,
 * every setting known, every value of the right kind and in range. Either the first syntax error or all other mistakes are
 * reported at once, each with file and line. Blocks only on the file. */
#ifndef DATA_CONTRACT_LOAD_H
#define DATA_CONTRACT_LOAD_H

#include "core/base/err.h"
#include "core/contract/contract.h"

struct strbuf;

/* 0 and *out (contract_free), or HS_ERR_INVALID with complaints, HS_ERR_NOT_FOUND, HS_ERR_UNSAFE, HS_ERR_LIMIT, HS_ERR_IO.
 * complaints is initialised by the caller ({0}) and may hold those of other files; err says how many there are and
 * where the first is. *out is NULL on failure. */
int contract_load(const char *path, struct contract **out, struct complaints *complaints, struct err *err);
/* The same from memory; name is what complaints call the file. */
int contract_parse(const char *name, const char *bytes, size_t len, struct contract **out,
		   struct complaints *complaints, struct err *err);
void contract_free(struct contract *c); /* NULL is fine */

/* Reads path again. When it is whole and still the same contract (id), *current becomes the new one and *old the
 * one before, which the caller frees once nobody points into it. Otherwise both stay as they are. */
int contract_reload(const char *path, struct contract **current, struct contract **old, struct complaints *complaints,
		    struct err *err);

/* The path of a contract file by what a person typed: a path, or the name of an installed one ("satte").
 * HS_ERR_NOT_FOUND names the installed ones. */
int contract_find(const char *name, struct strbuf *path, struct err *err);
/* Appends the names of the installed contract files, sorted, separated by separator. */
void contract_names(const char *separator, struct strbuf *out);
/* The folder with contracts/ and themes/: the environment's HOSHU_DATADIR, else the installed one. */
const char *data_folder(void);

#endif
