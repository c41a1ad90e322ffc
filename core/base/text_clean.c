/* See text.h: what changes text: sanitising for the screen, normalising for storage, folding for search.
 *
 * Cost is linear in the input: canonical reordering is quadratic in a run of marks, so runs are cut at
 * MARKS_REORDERED (UAX #15, stream-safe text, has 30). */
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"

#define MARKS_REORDERED 30
#define MARKS_DRAWN 4 /* ncurses holds a base and four (CCHARW_MAX) */
#define REPLACEMENT "\xef\xbf\xbd"

static bool is_mark(const utf8proc_property_t *p)
{
	return p->category == UTF8PROC_CATEGORY_MN || p->category == UTF8PROC_CATEGORY_ME ||
	       p->category == UTF8PROC_CATEGORY_MC;
}

/* Canonical composition would turn these into another ideograph; people's names are written with them. */
static bool compatibility_ideograph(int32_t cp)
{
	return (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x2f800 && cp <= 0x2fa1f);
}

static void append_mapped(const char *bytes, size_t len, utf8proc_option_t options, struct strbuf *out)
{
	utf8proc_uint8_t *mapped = NULL;

	if (len == 0)
		return;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)len, &mapped, options);
	if (n >= 0)
		strbuf_add(out, mapped, (size_t)n);
	else
		strbuf_add(out, bytes, len);
	free(mapped);
}

/* Maps bytes run by run: malformed bytes become U+FFFD, compatibility ideographs stay when keep is true. */
static void map_runs(const char *bytes, size_t len, utf8proc_option_t options, bool keep, struct strbuf *out)
{
	size_t start = 0, marks = 0;

	for (size_t i = 0; i < len;) {
		int32_t cp;
		size_t n = text_decode(bytes + i, len - i, &cp);
		bool apart = cp < 0 || (keep && compatibility_ideograph(cp));
		marks = !apart && cp >= 0x300 && is_mark(utf8proc_get_property(cp)) ? marks + 1 : 0;
		if (apart || marks > MARKS_REORDERED) {
			append_mapped(bytes + start, i - start, options, out);
			start = apart ? i + n : i;
			marks = 0;
		}
		if (cp < 0)
			strbuf_add_text(out, REPLACEMENT);
		else if (apart)
			strbuf_add(out, bytes + i, n);
		i += n;
	}
	append_mapped(bytes + start, len - start, options, out);
}

static bool all_ascii(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)bytes[i] >= 0x80)
			return false;
	return true;
}

void text_normalize(const char *bytes, size_t len, struct strbuf *out)
{
	if (all_ascii(bytes, len))
		strbuf_add(out, bytes, len);
	else
		map_runs(bytes, len, UTF8PROC_STABLE | UTF8PROC_COMPOSE, true, out);
}

/* Hyphens, dashes and the minus sign look the same in a telephone number; so do the two wave dashes. */
static int32_t fold_codepoint(int32_t cp)
{
	if ((cp >= 0x30a1 && cp <= 0x30f6) || cp == 0x30fd || cp == 0x30fe)
		return cp - 0x60;
	if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212)
		return '-';
	return cp == 0x301c ? '~' : cp;
}

void text_fold(const char *bytes, size_t len, struct strbuf *out)
{
	struct strbuf mapped = { 0 };

	map_runs(bytes, len, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE,
		 false, &mapped);
	for (size_t i = 0; i < mapped.len;) {
		int32_t cp;
		char utf8[4];
		i += text_decode(mapped.buf + i, mapped.len - i, &cp);
		strbuf_add(out, utf8, text_encode(fold_codepoint(cp), utf8));
	}
	strbuf_release(&mapped);
}

/* Could canonical composition change text that holds cp? Kana and ideographs answer at once. */
static bool needs_composing(int32_t cp, const utf8proc_property_t *p)
{
	if (compatibility_ideograph(cp) || (cp >= 0x3041 && cp <= 0x3096) || (cp >= 0x309b && cp <= 0x30ff))
		return false;
	return p->combining_class != 0 || p->decomp_seqindex != UINT16_MAX || is_mark(p) ||
	       (cp >= 0x1160 && cp <= 0x11ff);
}

/* Recomposes what was appended from start on, and drops marks that have no room in a cell. */
static void compose_tail(struct strbuf *out, size_t start)
{
	struct strbuf composed = { 0 };
	size_t marks = 0;

	map_runs(out->buf + start, out->len - start, UTF8PROC_STABLE | UTF8PROC_COMPOSE, true, &composed);
	strbuf_cut(out, start);
	for (size_t i = 0; i < composed.len;) {
		int32_t cp;
		size_t n = text_decode(composed.buf + i, composed.len - i, &cp);
		marks = text_codepoint_cells(cp) == 0 ? marks + 1 : 0;
		if (marks <= MARKS_DRAWN)
			strbuf_add(out, composed.buf + i, n);
		i += n;
	}
	strbuf_release(&composed);
}

static void add_control(int32_t cp, struct strbuf *out)
{
	if (cp == '\t' || cp == '\n') {
		strbuf_add_char(out, ' ');
	} else {
		strbuf_add_char(out, '^');
		strbuf_add_char(out, cp == 0x7f ? '?' : (char)(cp + '@'));
	}
}

struct cleaning {
	struct strbuf *out;
	size_t marks;  /* on the glyph before */
	bool based;    /* a glyph that can bear marks stands before */
	bool compose;
};

static void clean_codepoint(struct cleaning *c, int32_t cp, const char *bytes, size_t len)
{
	const utf8proc_property_t *p = utf8proc_get_property(cp);
	int cells = text_codepoint_cells(cp);

	if (p->ignorable)
		return;
	if (cells == 0 && c->based) {
		c->compose = true;
		if (++c->marks <= 2 * MARKS_DRAWN)
			strbuf_add(c->out, bytes, len);
		return;
	}
	c->marks = 0;
	c->based = true;
	if (p->category == UTF8PROC_CATEGORY_ZL || p->category == UTF8PROC_CATEGORY_ZP ||
	    (p->category == UTF8PROC_CATEGORY_ZS && cp != 0x3000)) {
		strbuf_add_char(c->out, ' ');
	} else if (cells <= 0) {
		strbuf_addf(c->out, "<U+%04X>", (unsigned)cp);
	} else {
		c->compose |= needs_composing(cp, p);
		strbuf_add(c->out, bytes, len);
	}
}

/* Bytes that are drawn as they are. */
static size_t plain_run(const char *bytes, size_t len)
{
	size_t n = 0;

	while (n < len && bytes[n] >= 0x20 && bytes[n] < 0x7f)
		n++;
	return n;
}

void text_sanitize(const char *bytes, size_t len, struct strbuf *out)
{
	struct cleaning c = { .out = out };
	size_t start = out->len;

	strbuf_reserve(out, len);
	for (size_t i = 0; i < len;) {
		int32_t cp;
		size_t n = plain_run(bytes + i, len - i);
		if (n > 0) {
			strbuf_add(out, bytes + i, n);
			c.based = true;
			c.marks = 0;
			i += n;
			continue;
		}
		n = text_decode(bytes + i, len - i, &cp);
		if (cp >= 0x80) {
			clean_codepoint(&c, cp, bytes + i, n);
		} else {
			if (cp < 0)
				strbuf_addf(out, "<%02X>", (unsigned)(unsigned char)bytes[i]);
			else if (cp != '\r' || i + 1 >= len || bytes[i + 1] != '\n')
				add_control(cp, out);
			c.based = true;
			c.marks = 0;
		}
		i += n;
	}
	if (c.compose)
		compose_tail(out, start);
}
