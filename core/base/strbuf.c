/* See strbuf.h. Growth doubles, so that n bytes cost O(n). */
#include "core/base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

void strbuf_release(struct strbuf *sb)
{
	free(sb->buf);
	*sb = (struct strbuf){ 0 };
}

void strbuf_clear(struct strbuf *sb)
{
	strbuf_cut(sb, 0);
}

void strbuf_reserve(struct strbuf *sb, size_t more)
{
	size_t need = mem_sum(mem_sum(sb->len, more), 1);

	if (need <= sb->cap)
		return;
	size_t cap = sb->cap < 64 ? 64 : sb->cap;
	while (cap < need)
		cap = mem_sum(cap, cap);
	sb->buf = mem_resize(sb->buf, cap, 1);
	sb->cap = cap;
	sb->buf[sb->len] = '\0';
}

void strbuf_add(struct strbuf *sb, const void *bytes, size_t len)
{
	strbuf_reserve(sb, len);
	if (len > 0)
		memcpy(sb->buf + sb->len, bytes, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
}

void strbuf_add_text(struct strbuf *sb, const char *text)
{
	strbuf_add(sb, text, strlen(text));
}

void strbuf_add_char(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_pad(struct strbuf *sb, char c, size_t count)
{
	strbuf_reserve(sb, count);
	memset(sb->buf + sb->len, c, count);
	sb->len += count;
	sb->buf[sb->len] = '\0';
}

void strbuf_addf(struct strbuf *sb, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len > 0) {
		strbuf_reserve(sb, (size_t)len);
		vsnprintf(sb->buf + sb->len, (size_t)len + 1, format, again);
		sb->len += (size_t)len;
	}
	va_end(again);
}

void strbuf_cut(struct strbuf *sb, size_t len)
{
	if (len < sb->len) {
		sb->len = len;
		sb->buf[len] = '\0';
	}
}

const char *strbuf_text(const struct strbuf *sb)
{
	return sb->buf != NULL ? sb->buf : "";
}

char *strbuf_detach(struct strbuf *sb)
{
	strbuf_reserve(sb, 0);
	char *text = sb->buf;
	*sb = (struct strbuf){ 0 };
	return text;
}
