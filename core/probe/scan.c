/* See scan.h. */
#include "core/probe/scan.h"

#include <string.h>

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool scan_line(struct span *rest, struct span *line)
{
	if (rest->len == 0)
		return false;
	const char *end = memchr(rest->at, '\n', rest->len);
	size_t len = end != NULL ? (size_t)(end - rest->at) : rest->len;
	size_t taken = end != NULL ? len + 1 : len;

	*line = (struct span){ rest->at, len };
	if (line->len > 0 && line->at[line->len - 1] == '\r')
		line->len--;
	rest->at += taken;
	rest->len -= taken;
	return true;
}

bool scan_word(struct span *rest, struct span *word)
{
	while (rest->len > 0 && blank(*rest->at)) {
		rest->at++;
		rest->len--;
	}
	*word = (struct span){ rest->at, 0 };
	while (rest->len > 0 && !blank(*rest->at)) {
		rest->at++;
		rest->len--;
		word->len++;
	}
	return word->len > 0;
}

bool span_is(struct span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

bool span_starts(struct span s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && memcmp(s.at, text, len) == 0;
}

bool span_int(struct span s, int64_t *out)
{
	bool negative = s.len > 0 && s.at[0] == '-';
	int64_t n = 0;

	if (s.len == (size_t)negative)
		return false;
	for (size_t i = negative; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9' || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, s.at[i] - '0', &n))
			return false;
	}
	*out = negative ? -n : n;
	return true;
}

bool span_milli(struct span s, int64_t *out)
{
	const char *dot = s.len > 0 ? memchr(s.at, '.', s.len) : NULL;
	size_t whole_len = dot != NULL ? (size_t)(dot - s.at) : s.len;
	int64_t whole, part = 0;

	if (!span_int((struct span){ s.at, whole_len }, &whole) || whole < 0 || whole > INT64_MAX / 2000)
		return false;
	for (size_t i = 0, scale = 100; dot != NULL && i < s.len - whole_len - 1; i++, scale /= 10) {
		if (dot[1 + i] < '0' || dot[1 + i] > '9')
			return false;
		part += (dot[1 + i] - '0') * (int64_t)scale;
	}
	*out = whole * 1000 + part;
	return true;
}

bool scan_value(struct span all, const char *key, struct span *value)
{
	size_t len = strlen(key);
	struct span line;

	while (scan_line(&all, &line)) {
		if (span_starts(line, key) && line.len > len && line.at[len] == ' ') {
			*value = (struct span){ line.at + len + 1, line.len - len - 1 };
			return true;
		}
	}
	return false;
}
