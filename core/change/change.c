/* See change.h. */
#include "core/change/change.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "core/base/digest.h"

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

static void add_text(struct digest *sum, const char *text)
{
	char prefix[24];
	size_t len = strlen(text);
	int n = snprintf(prefix, sizeof prefix, "%zu:", len);

	digest_add(sum, prefix, (size_t)n);
	digest_add(sum, text, len);
}

static void add_number(struct digest *sum, int64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, n);
	add_text(sum, text);
}

static void add_value(struct digest *sum, const struct value *v)
{
	switch (v->type) {
	case VALUE_NULL:
		add_text(sum, "null");
		break;
	case VALUE_INT:
		add_text(sum, "int");
		add_number(sum, v->number);
		break;
	case VALUE_TEXT:
		add_text(sum, "text");
		add_text(sum, v->text);
		break;
	}
}

void change_digest(const struct change *c, char out[CHANGE_DIGEST_SIZE])
{
	struct digest sum;

	digest_init(&sum);
	add_text(&sum, "change 1");
	add_text(&sum, c->device);
	add_number(&sum, (int64_t)c->hlc);
	add_text(&sum, c->tx);
	add_text(&sum, c->undoes);
	add_number(&sum, c->at);
	add_text(&sum, c->actor);
	add_text(&sum, c->verb);
	add_text(&sum, c->table);
	add_text(&sum, c->row);
	add_text(&sum, c->column);
	add_value(&sum, &c->before);
	add_value(&sum, &c->after);
	add_text(&sum, c->previous);
	digest_end(&sum, out);
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
