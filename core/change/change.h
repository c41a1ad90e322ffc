/* The field-level change: what every write consists of (architecture §3, research/sync.md §3, §5).
 *
 * records.db is a fold: state = fold(change_apply, log). An op says "row r of table t: column c went from
 * old to new"; a row begins with the op of column "id". Ops of one device form a chain: each carries the digest of the one
 * before it, so that a change made behind our back shows. Pure: no database, no clock. */
#ifndef CORE_CHANGE_CHANGE_H
#define CORE_CHANGE_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/digest.h"
#include "core/base/uuid.h"
#include "core/change/tables.h"

#define CHANGE_DIGEST_SIZE DIGEST_SIZE
#define DEVICE_SIZE 17        /* 64 bits in hex and the NUL */

enum value_type { VALUE_NULL, VALUE_INT, VALUE_TEXT };

/* text is borrowed. "" and NULL are the same value: text that is empty is stored as NULL. */
struct value {
	enum value_type type;
	int64_t number;
	const char *text;
};

struct value value_null(void);
struct value value_int(int64_t n); /* TIME_NONE gives NULL */
struct value value_text(const char *text); /* NULL or "" gives NULL */
bool value_equal(const struct value *a, const struct value *b);
/* Whether a cell of that kind may hold it: empty, a number, or UTF-8 of at most VALUE_TEXT_MAX bytes. */
#define VALUE_TEXT_MAX (1024 * 1024)
bool value_fits(const struct value *v, enum column_type type);

/* The n-th change of a transaction (from 0) has the hybrid time of its first one + n. */
struct change {
	char device[DEVICE_SIZE];
	uint64_t hlc;           /* hybrid logical time: 48 bits of ms, 16 of counter */
	char tx[UUID_SIZE];     /* the verb's transaction */
	char undoes[UUID_SIZE]; /* the transaction that this one takes back, "" for a plain write */
	int64_t at;             /* UTC seconds: the moment people see; hlc decides the order */
	const char *actor;      /* who: a staff short name, or "auto" */
	const char *verb;       /* "ticket open": for the history */
	const char *table, *row, *column;
	struct value before, after;
	char previous[CHANGE_DIGEST_SIZE]; /* digest of this device's change before, "" for the first */
};

/* The next hybrid time: later than last (the latest ever seen, 0 for none) and not before the wall clock; where the
 * wall clock stepped back it only counts. */
uint64_t hlc_next(uint64_t last, int64_t wall_ms);
int64_t hlc_ms(uint64_t hlc);

/* SHA-256 over a length-prefixed encoding of every field, so that no two changes read alike. */
void change_digest(const struct change *c, char out[CHANGE_DIGEST_SIZE]);

/* What applying a change to a cell that now holds current (last written by a change at (hlc, device)) does. Never fails. */
enum change_outcome {
	CHANGE_SET,     /* the cell held before: it now holds after */
	CHANGE_SAME,    /* it holds after already */
	CHANGE_WON,     /* both wrote: the later one, this, stands; keep a conflict record */
	CHANGE_LOST,    /* both wrote: the other stands; keep a conflict record */
};
enum change_outcome change_outcome(const struct change *c, const struct value *current, uint64_t current_hlc,
				   const char *current_device);

#endif
