/* See change.h. */
#include "core/change/change.h"

#include <inttypes.h>
#include <sha256.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

struct value value_null(void)
{
	return (struct value){ .type = VALUE_NULL };
}

struct value value_int(int64_t n)
{
	return n == TIME_NONE ? value_null() : (struct value){ .type = VALUE_INT, .number = n };
}

struct value value_text(const char *text)
{
	return text == NULL || *text == '\0' ? value_null() : (struct value){ .type = VALUE_TEXT, .text = text };
}

bool value_equal(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case VALUE_INT:
		return a->number == b->number;
	case VALUE_TEXT:
		return strcmp(a->text, b->text) == 0;
	case VALUE_NULL:
		break;
	}
	return true;
}

static bool utf8_valid(const char *text, size_t len)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text;
	utf8proc_int32_t cp;

	while (len > 0) {
		utf8proc_ssize_t taken = utf8proc_iterate(p, (utf8proc_ssize_t)len, &cp);
		if (taken <= 0)
			return false;
		p += taken;
		len -= (size_t)taken;
	}
	return true;
}

bool value_fits(const struct value *v, enum column_type type)
{
	if (v->type == VALUE_NULL)
		return true;
	if (type == COLUMN_INT)
		return v->type == VALUE_INT;
	if (v->type != VALUE_TEXT)
		return false;
	size_t len = strnlen(v->text, VALUE_TEXT_MAX + 1);
	return len <= VALUE_TEXT_MAX && utf8_valid(v->text, len);
}

uint64_t hlc_next(uint64_t last, int64_t wall_ms)
{
	uint64_t wall = wall_ms > 0 ? ((uint64_t)wall_ms & ((UINT64_C(1) << 47) - 1)) << 16 : 0;

	return wall > last ? wall : last + 1;
}

int64_t hlc_ms(uint64_t hlc)
{
	return (int64_t)(hlc >> 16);
}

static void add_text(SHA2_CTX *sha, const char *text)
{
	char prefix[24];
	size_t len = strlen(text);
	int n = snprintf(prefix, sizeof prefix, "%zu:", len);

	SHA256Update(sha, (const uint8_t *)prefix, (size_t)n);
	SHA256Update(sha, (const uint8_t *)text, len);
}

static void add_number(SHA2_CTX *sha, int64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, n);
	add_text(sha, text);
}

static void add_value(SHA2_CTX *sha, const struct value *v)
{
	switch (v->type) {
	case VALUE_NULL:
		add_text(sha, "null");
		break;
	case VALUE_INT:
		add_text(sha, "int");
		add_number(sha, v->number);
		break;
	case VALUE_TEXT:
		add_text(sha, "text");
		add_text(sha, v->text);
		break;
	}
}

void change_digest(const struct change *c, char out[CHANGE_DIGEST_SIZE])
{
	SHA2_CTX sha;

	SHA256Init(&sha);
	add_text(&sha, "change 1");
	add_text(&sha, c->device);
	add_number(&sha, (int64_t)c->hlc);
	add_text(&sha, c->tx);
	add_text(&sha, c->undoes);
	add_number(&sha, c->at);
	add_text(&sha, c->actor);
	add_text(&sha, c->verb);
	add_text(&sha, c->table);
	add_text(&sha, c->row);
	add_text(&sha, c->column);
	add_value(&sha, &c->before);
	add_value(&sha, &c->after);
	add_text(&sha, c->previous);
	SHA256End(&sha, out);
}

enum change_outcome change_outcome(const struct change *c, const struct value *current, uint64_t current_hlc,
				   const char *current_device)
{
	if (value_equal(current, &c->after))
		return CHANGE_SAME;
	if (value_equal(current, &c->before))
		return CHANGE_SET;
	if (c->hlc != current_hlc)
		return c->hlc > current_hlc ? CHANGE_WON : CHANGE_LOST;
	return strcmp(c->device, current_device) > 0 ? CHANGE_WON : CHANGE_LOST;
}
