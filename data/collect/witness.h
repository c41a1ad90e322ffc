/* Is it the server that is silent, or our own network? Decided from what other hosts said since (domain-rules §2, §7).
 *
 * A host that does not answer is down only if something shows that our way out works: another host that answered, or even refused, after
 * the try began. Where every witness is silent too, or this PC has no route, nothing is known of anybody. Pure. */
#ifndef DATA_COLLECT_WITNESS_H
#define DATA_COLLECT_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum evidence {
	EVIDENCE_NONE,   /* says nothing of the way: our helper died, cancelled */
	EVIDENCE_ALIVE,  /* something at the other end spoke */
	EVIDENCE_SILENT, /* nobody spoke */
};

struct witness {
	enum evidence evidence; /* of the newest try that said anything */
	int64_t at;             /* when that try ended; TIME_NONE when never */
	bool down;              /* was known to be down before: its silence proves nothing */
};

enum witness_verdict {
	WITNESS_WAIT,   /* more must be asked: *ask says whom */
	WITNESS_SERVER, /* our way works, or nobody can tell otherwise: it is the server */
	WITNESS_OURS,   /* our own network is down */
};

enum { WITNESSES_ASKED = 3 };
/* host: the silent one, whose try began at began. ask: up to WITNESSES_ASKED others that have not spoken since, *asked of them. */
enum witness_verdict witness_judge(const struct witness *all, size_t count, size_t host, int64_t began,
				   size_t ask[WITNESSES_ASKED], size_t *asked);

#endif
