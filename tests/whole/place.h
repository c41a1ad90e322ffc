/* A place to run the whole program in: a folder of its own with hoshu.conf, the bundled contract, and the store to look into. */
#ifndef TESTS_WHOLE_PLACE_H
#define TESTS_WHOLE_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "data/store/store.h"

struct place {
	char folder[64];       /* below /tmp */
	char config[80], data[80];
	const char *program;   /* $HOSHU_PLAIN when it is set (no sanitizers: for tests of speed and kills), else the build's */
};

/* Makes the folder and a hoshu.conf for person 佐藤, tag S, the bundled contract; collect off. */
void place_make(struct place *p, bool plain);
void place_remove(struct place *p);
/* argv for a verb: program, --config, --data, then words. Borrowed from a static buffer until the next call. */
const char *const *place_argv(const struct place *p, const char *const *words);
/* Starts it with standard output on *out (a descriptor to read) and nothing else. */
pid_t place_start(const struct place *p, const char *const *words, int *out);
/* Opens the store of the place for reading what is really there. */
struct store *place_store(const struct place *p);
/* Fails the test when fsck finds anything or the file is damaged. */
void place_prove(const struct place *p);

#endif
