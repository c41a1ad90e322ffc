/* See text.h: code points, cells and graphemes; text_clean.c holds what changes text.
 *
 * Widths: marks and Hangul vowels and finals take 0 cells, East Asian Wide and Fullwidth 2, Ambiguous 1 or 2 as
 * set, all else that may be drawn 1. The wide ones are utf8proc's (compared with EastAsianWidth.txt: equal). */
#include "core/base/text.h"

#include <string.h>
#include <utf8proc.h>

#include "core/base/strbuf.h"

/* Spacing code points in one grapheme; a longer cluster is cut, so that no text hides behind its own width. */
#define GRAPHEME_SPACING 4

static bool ambiguous_wide;

void text_set_ambiguous_wide(bool wide)
{
	ambiguous_wide = wide;
}

bool text_ambiguous_wide(void)
{
	return ambiguous_wide;
}

static bool ambiguous(int32_t cp)
{
	static const struct {
		int32_t first, last;
	} ranges[] = {
#define AMBIGUOUS(first, last) { first, last },
#include "core/base/ambiguous.def"
#undef AMBIGUOUS
	};
	size_t low = 0, high = sizeof ranges / sizeof ranges[0];

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (cp > ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sizeof ranges / sizeof ranges[0] && cp >= ranges[low].first;
}

size_t text_decode(const char *bytes, size_t len, int32_t *cp)
{
	const unsigned char *b = (const unsigned char *)bytes;
	size_t need;
	int32_t least, value;

	*cp = -1;
	if (len == 0)
		return 1;
	if (b[0] < 0x80) {
		*cp = b[0];
		return 1;
	}
	if (b[0] >= 0xc2 && b[0] <= 0xdf)
		need = 2, least = 0x80, value = b[0] & 0x1f;
	else if (b[0] >= 0xe0 && b[0] <= 0xef)
		need = 3, least = 0x800, value = b[0] & 0x0f;
	else if (b[0] >= 0xf0 && b[0] <= 0xf4)
		need = 4, least = 0x10000, value = b[0] & 0x07;
	else
		return 1;
	if (len < need)
		return 1;
	for (size_t i = 1; i < need; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | (b[i] & 0x3f);
	}
	if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 1;
	*cp = value;
	return need;
}

size_t text_encode(int32_t cp, char out[4])
{
	if (cp < 0 || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = 0xfffd;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

bool text_valid(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len;) {
		int32_t cp;
		i += text_decode(bytes + i, len - i, &cp);
		if (cp < 0)
			return false;
	}
	return true;
}

static bool hangul_joining(int32_t cp)
{
	return (cp >= 0x1160 && cp <= 0x11ff) || (cp >= 0xd7b0 && cp <= 0xd7ff);
}

int text_codepoint_cells(int32_t cp)
{
	if (cp < 0x7f)
		return cp >= 0x20 ? 1 : -1;
	if (cp < 0xa0 || cp > 0x10ffff)
		return -1;
	if ((cp >= 0x3041 && cp <= 0x3096) || (cp >= 0x30a1 && cp <= 0x30fa) || (cp >= 0x4e00 && cp <= 0x9fff))
		return 2;
	const utf8proc_property_t *p = utf8proc_get_property(cp);
	if (p->ignorable)
		return -1;
	switch (p->category) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return -1;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
		return 0;
	default:
		break;
	}
	if (hangul_joining(cp))
		return 0;
	if (utf8proc_charwidth(cp) == 2)
		return 2;
	return ambiguous_wide && ambiguous(cp) ? 2 : 1;
}

/* Decodes at text without knowing its length: a NUL ends every sequence. *cp is 0 at the end. */
static size_t decode_text(const char *text, int32_t *cp)
{
	return text_decode(text, strnlen(text, 4) + (*text == '\0'), cp);
}

size_t text_grapheme(const char *text)
{
	int32_t cp, next;
	utf8proc_int32_t state = 0;

	if (*text == '\0')
		return 0;
	size_t len = decode_text(text, &cp);
	int spacing = 1;
	while (cp >= 0) {
		size_t more = decode_text(text + len, &next);
		if (next <= 0 || (cp < 0x80 && next < 0x80) || utf8proc_grapheme_break_stateful(cp, next, &state))
			break;
		if (text_codepoint_cells(next) > 0 && ++spacing > GRAPHEME_SPACING)
			break;
		len += more;
		cp = next;
	}
	return len;
}

static size_t cells_of(const char *text, size_t len)
{
	size_t sum = 0;

	for (size_t i = 0; i < len;) {
		int32_t cp;
		i += text_decode(text + i, len - i, &cp);
		int cells = text_codepoint_cells(cp);
		if (cells > 0)
			sum += (size_t)cells;
	}
	return sum;
}

size_t text_cells(const char *text)
{
	return cells_of(text, strlen(text));
}

size_t text_fit(const char *text, size_t cells, size_t *used)
{
	size_t len = 0, sum = 0;

	for (;;) {
		size_t n = text_grapheme(text + len);
		size_t width = cells_of(text + len, n);
		if (n == 0 || width > cells - sum)
			break;
		len += n;
		sum += width;
	}
	if (used != NULL)
		*used = sum;
	return len;
}

void text_pad(const char *text, size_t cells, int align, struct strbuf *out)
{
	size_t used;
	size_t len = text_fit(text, cells, &used);
	bool cut = text[len] != '\0';

	if (cut && cells > 0)
		len = text_fit(text, cells - 1, &used);
	size_t blank = cells - used - (cut && cells > 0 ? 1 : 0);
	size_t before = align < 0 || cut ? 0 : align > 0 ? blank : blank / 2;
	strbuf_pad(out, ' ', before);
	strbuf_add(out, text, len);
	if (cut && cells > 0)
		strbuf_add_char(out, '~');
	strbuf_pad(out, ' ', blank - before);
}
