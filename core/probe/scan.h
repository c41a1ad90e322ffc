/* Reading what servers print: lines and words of a byte string that may hold anything, NULs and garbage
 * included. Nothing is copied or changed; nothing is read beyond len. */
#ifndef CORE_PROBE_SCAN_H
#define CORE_PROBE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const char *at;
	size_t len;
};

/* The next line of rest, without its newline and carriage return; false at the end. */
bool scan_line(struct span *rest, struct span *line);
/* The next word of rest, between blanks; false at the end. */
bool scan_word(struct span *rest, struct span *word);
bool span_is(struct span s, const char *text);
bool span_starts(struct span s, const char *text);
/* The whole span as a decimal number that fits; "-" before it is allowed. */
bool span_int(struct span s, int64_t *out);
/* Thousandths of a decimal fraction: "0.42" is 420; digits beyond the third are dropped. */
bool span_milli(struct span s, int64_t *out);
/* What follows "key " on the first line that begins so. */
bool scan_value(struct span all, const char *key, struct span *value);

#endif
