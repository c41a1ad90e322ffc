/* A growing byte string. buf is always NUL-terminated, also when empty, and may hold NULs.
 * Zeroed memory is a valid empty strbuf. Out of memory ends the program (mem.h). */
#ifndef CORE_BASE_STRBUF_H
#define CORE_BASE_STRBUF_H

#include <stdarg.h>
#include <stddef.h>

struct strbuf {
	char *buf; /* NULL while nothing was added; use strbuf_text */
	size_t len, cap;
};

void strbuf_release(struct strbuf *sb);
void strbuf_clear(struct strbuf *sb);
void strbuf_reserve(struct strbuf *sb, size_t more);
void strbuf_add(struct strbuf *sb, const void *bytes, size_t len);
void strbuf_add_text(struct strbuf *sb, const char *text);
void strbuf_add_char(struct strbuf *sb, char c);
void strbuf_pad(struct strbuf *sb, char c, size_t count);
void strbuf_addf(struct strbuf *sb, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Cuts to len bytes; len beyond the end changes nothing. */
void strbuf_cut(struct strbuf *sb, size_t len);
/* The text, "" when empty; borrowed until the next change. */
const char *strbuf_text(const struct strbuf *sb);
/* Hands the heap string over (never NULL; free() it) and leaves sb empty. */
char *strbuf_detach(struct strbuf *sb);

#endif
