/* Reads a file's bytes as libconfig would, before libconfig does, and refuses what it is known to do badly:
 *
 * @include (one that cannot be read ends the process), numbers that do not fit (they come out as others), \x00 and unknown escapes (dropped, kept),
 * broken UTF-8, control and direction characters, comments and texts that are never closed (accepted to the end of the
 * file), deep nesting, and groups so large that its search for doubles takes minutes. Everything found is reported. */
#include <ctype.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "data/contract/schema.h"

#define DEPTH_MAX 12
#define NAMES_MAX 20000
#define GROUP_NAMES_MAX 1000

struct scan {
	const char *p, *end;
	struct place at;
	struct complaints *out;
	int depth, names;
	int group_names[DEPTH_MAX + 1];
	char last;     /* the last character that was neither blank nor comment */
	bool too_much; /* give up: the rest would only repeat it */
};

static bool scan_character(struct scan *s)
{
	int32_t cp;
	size_t n = text_decode(s->p, (size_t)(s->end - s->p), &cp);

	if (cp == '\n') {
		s->at.line++;
	} else if (cp < 0) {
		COMPLAIN(s->out, s->at, N_("this line is not UTF-8; save the file as UTF-8"));
		return false;
	} else if (cp == '\r' && n < (size_t)(s->end - s->p) && s->p[1] == '\n') {
		/* written on Windows */
	} else if (cp != '\t' && text_codepoint_cells(cp) < 0) {
		struct strbuf code = { 0 };
		strbuf_addf(&code, "U+%04X", (unsigned)cp);
		COMPLAIN(s->out, s->at, N_("the invisible character {1} is not allowed; delete it"), strbuf_text(&code));
		strbuf_release(&code);
	}
	s->p += n;
	return true;
}

/* Bytes first: what follows may then look at them one by one. */
static bool scan_characters(struct scan *s)
{
	bool whole = true;

	while (s->p < s->end && whole)
		whole = scan_character(s);
	return whole;
}

static void scan_line_comment(struct scan *s)
{
	while (s->p < s->end && *s->p != '\n')
		s->p++;
}

static void scan_block_comment(struct scan *s)
{
	struct place begin = s->at;

	for (s->p += 2; s->p < s->end; s->p++) {
		if (s->p[0] == '*' && s->p + 1 < s->end && s->p[1] == '/') {
			s->p += 2;
			return;
		}
		s->at.line += *s->p == '\n';
	}
	COMPLAIN(s->out, begin, N_("the comment that begins here is never closed with */"));
}

static void scan_text(struct scan *s)
{
	for (s->p++; s->p < s->end && *s->p != '\n' && *s->p != '\r'; s->p++) {
		if (*s->p == '"') {
			s->p++;
			return;
		}
		if (*s->p != '\\')
			continue;
		char what[2] = { s->p + 1 < s->end ? s->p[1] : ' ', '\0' };
		if (what[0] == '"' || what[0] == '\\')
			s->p++;
		else
			COMPLAIN(s->out, s->at, N_("\\{1} is not allowed in a text; write \\\" for a quote and \\\\ for a backslash"),
				 (unsigned char)what[0] < 0x20 || (unsigned char)what[0] > 0x7e ? "" : what);
	}
	COMPLAIN(s->out, s->at, N_("the text that begins here is not closed with \" on its line"));
	s->too_much = true;
}

/* A sign and digits, no leading zero, within 32 bits; anything else that begins like a number is refused. */
static bool plain_number(const char *digits, size_t len)
{
	bool negative = len > 0 && digits[0] == '-';
	long long n = 0;

	if (len > 0 && (digits[0] == '-' || digits[0] == '+')) {
		digits++;
		len--;
	}
	if (len == 0 || len > 10 || (len > 1 && digits[0] == '0'))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)digits[i]))
			return false;
		n = n * 10 + (digits[i] - '0');
	}
	return n <= (negative ? 2147483648LL : 2147483647LL);
}

static void scan_number(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && (isalnum((unsigned char)*s->p) || *s->p == '.' || *s->p == '-' || *s->p == '+'))
		s->p++;
	if (plain_number(from, (size_t)(s->p - from)))
		return;
	struct strbuf text = { 0 };
	strbuf_add(&text, from, (size_t)(s->p - from));
	COMPLAIN(s->out, s->at,
		 N_("{1} is not a number that can be used here; write whole decimal numbers between -2147483648 and 2147483647"),
		 strbuf_text(&text));
	strbuf_release(&text);
}

static void scan_name(struct scan *s)
{
	while (s->p < s->end && (isalnum((unsigned char)*s->p) || strchr("-_*", *s->p) != NULL))
		s->p++;
	s->names++;
	s->group_names[s->depth]++;
	if (s->names <= NAMES_MAX && s->group_names[s->depth] <= GROUP_NAMES_MAX)
		return;
	COMPLAIN(s->out, s->at, N_("there are too many settings; {1} in a group and {2} in a file are allowed"),
		 MSG_INT(GROUP_NAMES_MAX), MSG_INT(NAMES_MAX));
	s->too_much = true;
}

static void scan_open(struct scan *s)
{
	if (s->depth == DEPTH_MAX) {
		COMPLAIN(s->out, s->at, N_("brackets are nested too deep; {1} levels are allowed"), MSG_INT(DEPTH_MAX));
		s->too_much = true;
		return;
	}
	s->group_names[++s->depth] = 0;
	s->p++;
}

static void scan_close(struct scan *s)
{
	char what[2] = { *s->p, '\0' };

	if (s->last == ',' && *s->p != '}')
		COMPLAIN(s->out, s->at, N_("a comma stands before '{1}'; delete it"), what);
	if (s->depth > 0)
		s->depth--;
	s->p++;
}

static void scan_token(struct scan *s)
{
	char c = *s->p, next = s->p + 1 < s->end ? s->p[1] : '\0';

	if (c == '#' || (c == '/' && next == '/')) {
		scan_line_comment(s);
		return;
	}
	if (c == '/' && next == '*') {
		scan_block_comment(s);
		return;
	}
	if (isspace((unsigned char)c)) {
		s->at.line += c == '\n';
		s->p++;
		return;
	}
	if (c == '"')
		scan_text(s);
	else if (isdigit((unsigned char)c) || c == '-' || c == '+' || (c == '.' && isdigit((unsigned char)next)))
		scan_number(s);
	else if (isalpha((unsigned char)c) || c == '*')
		scan_name(s);
	else if (strchr("([{", c) != NULL)
		scan_open(s);
	else if (strchr(")]}", c) != NULL)
		scan_close(s);
	else
		s->p++;
	s->last = c;
}

/* Anywhere, also in a comment or a text: whether libconfig's lexer sees those as we do must not matter. */
static void scan_include(struct scan *s)
{
	for (const char *p = s->p; p < s->end; p++) {
		s->at.line += *p == '\n';
		if (*p == '@' && (size_t)(s->end - p) >= 8 && memcmp(p, "@include", 8) == 0)
			COMPLAIN(s->out, s->at, N_("@include is not allowed; put everything into one file"));
	}
}

int source_scan(const struct source *s, struct complaints *out)
{
	struct scan start = { s->bytes, s->bytes + s->len, { s->name, 1 }, out, 0, 0, { 0 }, '\0', false }, scan = start;
	size_t before = out->list.len + out->dropped;

	if (!scan_characters(&scan))
		return HS_ERR_INVALID;
	scan = start;
	scan_include(&scan);
	scan = start;
	while (scan.p < scan.end && !scan.too_much)
		scan_token(&scan);
	return out->list.len + out->dropped > before ? HS_ERR_INVALID : 0;
}
