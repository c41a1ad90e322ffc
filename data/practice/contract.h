/* The practice contract: the bundled contract with servers and routers of the practice world in it. */
#ifndef DATA_PRACTICE_CONTRACT_H
#define DATA_PRACTICE_CONTRACT_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "data/practice/world.h"

struct strbuf;

/* Appends the text of the practice contract, made from the text of the bundled one: its hosts, checks, id
 * and term are exchanged, everything else stays. today: the term begins a year and a half before it. */
int practice_contract(const struct world *w, const char *bundled, int32_t today, struct strbuf *out, struct err *err);
/* Reads the bundled file, writes the practice one (0600, all or nothing). */
int practice_contract_write(const struct world *w, const char *bundled_path, const char *path, int32_t today,
			    struct err *err);

#endif
