/* See json.h. */
#include "core/base/json.h"

#include <string.h>

#include "core/base/civil.h"
#include "core/base/strbuf.h"
#include "core/base/text.h"

void json_init(struct json *j, struct strbuf *out)
{
	*j = (struct json){ .out = out };
}

static void json_escape(struct strbuf *out, uint32_t cp)
{
	if (cp > 0xffff)
		strbuf_addf(out, "\\u%04x", (unsigned)(0xd7c0 + (cp >> 10)));
	strbuf_addf(out, "\\u%04x", (unsigned)(cp > 0xffff ? 0xdc00 + (cp & 0x3ff) : cp));
}

static void json_quote(struct strbuf *out, const char *text)
{
	size_t len = strlen(text);

	strbuf_add_char(out, '"');
	for (size_t i = 0; i < len;) {
		int32_t cp;
		size_t n = text_decode(text + i, len - i, &cp);
		if (cp < 0)
			strbuf_add_text(out, "\xef\xbf\xbd");
		else if (cp == '"' || cp == '\\')
			strbuf_addf(out, "\\%c", (char)cp);
		else if (text_codepoint_cells(cp) < 0) /* nothing lost, and nothing for a terminal to obey */
			json_escape(out, (uint32_t)cp);
		else
			strbuf_add(out, text + i, n);
		i += n;
	}
	strbuf_add_char(out, '"');
}

static void json_key(struct json *j, const char *key)
{
	uint64_t bit = UINT64_C(1) << (j->depth & 63);

	if (j->filled & bit)
		strbuf_add_char(j->out, ',');
	j->filled |= bit;
	if (key != NULL) {
		json_quote(j->out, key);
		strbuf_add_char(j->out, ':');
	}
}

static void json_open(struct json *j, const char *key, char bracket)
{
	json_key(j, key);
	strbuf_add_char(j->out, bracket);
	j->depth++;
	j->filled &= ~(UINT64_C(1) << (j->depth & 63));
}

void json_object(struct json *j, const char *key)
{
	json_open(j, key, '{');
}

void json_array(struct json *j, const char *key)
{
	json_open(j, key, '[');
}

void json_end(struct json *j, char bracket)
{
	strbuf_add_char(j->out, bracket);
	j->depth--;
}

void json_text(struct json *j, const char *key, const char *value)
{
	if (value == NULL) {
		json_null(j, key);
		return;
	}
	json_key(j, key);
	json_quote(j->out, value);
}

void json_int(struct json *j, const char *key, int64_t value)
{
	json_key(j, key);
	strbuf_addf(j->out, "%lld", (long long)value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	json_key(j, key);
	strbuf_add_text(j->out, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	json_key(j, key);
	strbuf_add_text(j->out, "null");
}

void json_time(struct json *j, const char *key, int64_t t, int offset_s)
{
	if (t == TIME_NONE) {
		json_null(j, key);
		return;
	}
	json_key(j, key);
	strbuf_add_char(j->out, '"');
	time_format(t, offset_s, TIME_RFC3339, j->out);
	strbuf_add_char(j->out, '"');
}
