/* Writes JSON (RFC 8259) into a strbuf; commas and nesting are kept here, so that the output is
 * always well-formed. Malformed UTF-8 becomes U+FFFD. Reading JSON is a library's work. */
#ifndef CORE_BASE_JSON_H
#define CORE_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

struct json {
	struct strbuf *out; /* borrowed */
	uint64_t filled;    /* one bit a level: something stands there already */
	unsigned depth;
};

void json_init(struct json *j, struct strbuf *out);
/* key is NULL inside an array and at the top. */
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j, char bracket); /* '}' or ']' */
void json_text(struct json *j, const char *key, const char *value); /* NULL writes null */
void json_int(struct json *j, const char *key, int64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
/* RFC 3339 in the given zone; TIME_NONE writes null. */
void json_time(struct json *j, const char *key, int64_t t, int offset_s);

#endif
