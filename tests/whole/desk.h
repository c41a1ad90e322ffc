/* A desk to run the whole program in: a folder of its own with hoshu.conf, the bundled contract, and the store to look into. */
#ifndef TESTS_WHOLE_DESK_H
#define TESTS_WHOLE_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "data/store/store.h"

struct desk {
	char folder[64];       /* below /tmp */
	char config[80], data[80];
	const char *program;   /* $HOSHU_PLAIN when it is set (no sanitizers: for tests of speed and kills), else the build's */
};

/* Makes the folder and a hoshu.conf for person 佐藤, tag S, the bundled contract; collect off. */
void desk_make(struct desk *p, bool plain);
void desk_remove(struct desk *p);
/* argv for a verb: program, --config, --data, then words. Borrowed from a static buffer until the next call. */
const char *const *desk_argv(const struct desk *p, const char *const *words);
/* Starts it with standard output on *out (a descriptor to read) and nothing else. */
pid_t desk_start(const struct desk *p, const char *const *words, int *out);
/* Opens the store of the desk for reading what is really there. */
struct store *desk_store(const struct desk *p);
/* Fails the test when fsck finds anything or the file is damaged. */
void desk_prove(const struct desk *p);

#endif
