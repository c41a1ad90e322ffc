/* hoshu --practice: an ordinary configuration in a folder of its own, with servers that belong to it.
 *
 * The folder is DATA/practice: config/ (hoshu.conf), data/ (databases), contract.conf, world/ (servers). Nothing outside it is
 * read but the bundled contract and history, and nothing outside it is written. */
#ifndef TUI_CLI_PRACTICE_H
#define TUI_CLI_PRACTICE_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/strbuf.h"
#include "data/practice/world.h"

struct session;

struct practice {
	struct world world;
	struct strbuf root, config_folder, data_folder, contract_file;
	int hold; /* the connection that keeps the servers alive, -1 */
	int lock; /* held from practice_start until practice_fill is done, -1 */
};

/* Makes what is missing of the folder below data (NULL: the usual place); leaves the databases alone. */
int practice_start(struct practice *p, const char *data, struct err *err);
/* Starts the servers, or joins those that run; they end when the last one lets go. */
int practice_join(struct practice *p, struct err *err);
void practice_end(struct practice *p);
/* Writes the year of history into databases that do not have it yet: the script of verbs, measurements, host keys. */
int practice_fill(struct session *s, struct err *err);

#endif
