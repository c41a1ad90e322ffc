/* See version.h. Both orders cut a version into runs of digits and runs of other characters and compare them in
 * turn; they differ in what separates runs and in the rank of letters, '~' and '^'. */
#include "core/patch/version.h"

#include <stddef.h>
#include <string.h>

/* A borrowed stretch of a version. */
struct part {
	const char *at, *end;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static bool at(const struct part *p, char c)
{
	return p->at < p->end && *p->at == c;
}

/* Takes the run of digits at p, without its leading zeros. */
static struct part take_digits(struct part *p)
{
	struct part run;

	while (at(p, '0'))
		p->at++;
	run.at = p->at;
	while (p->at < p->end && is_digit(*p->at))
		p->at++;
	run.end = p->at;
	return run;
}

static int compare_length_then_bytes(struct part a, struct part b)
{
	ptrdiff_t la = a.end - a.at, lb = b.end - b.at;

	if (la != lb)
		return la < lb ? -1 : 1;
	return la == 0 ? 0 : sign(memcmp(a.at, b.at, (size_t)la));
}

static int compare_bytes(struct part a, struct part b)
{
	size_t la = (size_t)(a.end - a.at), lb = (size_t)(b.end - b.at);
	int order = la == 0 || lb == 0 ? 0 : memcmp(a.at, b.at, la < lb ? la : lb);

	return order != 0 ? sign(order) : (la > lb) - (la < lb);
}

/* ---- dpkg ---- */

/* '~' sorts before the end, the end before letters, letters before everything else. */
static int deb_rank(const struct part *p)
{
	if (p->at == p->end || is_digit(*p->at))
		return 0;
	if (*p->at == '~')
		return -1;
	unsigned char c = (unsigned char)*p->at;
	return is_letter(*p->at) ? c : c + 256;
}

static int deb_compare_part(struct part a, struct part b)
{
	while (a.at < a.end || b.at < b.end) {
		while ((a.at < a.end && !is_digit(*a.at)) || (b.at < b.end && !is_digit(*b.at))) {
			int order = sign(deb_rank(&a) - deb_rank(&b));
			if (order != 0)
				return order;
			a.at++;
			b.at++;
		}
		int order = compare_length_then_bytes(take_digits(&a), take_digits(&b));
		if (order != 0)
			return order;
	}
	return 0;
}

struct parts {
	struct part epoch, version, release;
	bool has_release;
};

static struct parts deb_split(const char *text)
{
	struct parts p = { .version = { text, text + strlen(text) } };
	const char *colon = strchr(text, ':');

	if (colon != NULL) {
		p.epoch = (struct part){ text, colon };
		p.version.at = colon + 1;
	}
	const char *hyphen = strrchr(p.version.at, '-');
	if (hyphen != NULL) {
		p.release = (struct part){ hyphen + 1, p.version.end };
		p.version.end = hyphen;
	}
	return p;
}

int version_deb_compare(const char *a, const char *b)
{
	struct parts pa = deb_split(a), pb = deb_split(b);
	int order = compare_length_then_bytes(take_digits(&pa.epoch), take_digits(&pb.epoch));

	if (order == 0)
		order = deb_compare_part(pa.version, pb.version);
	return order != 0 ? order : deb_compare_part(pa.release, pb.release);
}

/* ---- rpm ---- */

static void rpm_skip_separators(struct part *p)
{
	while (p->at < p->end && !is_digit(*p->at) && !is_letter(*p->at) && *p->at != '~' && *p->at != '^')
		p->at++;
}

static struct part take_letters(struct part *p)
{
	struct part run = { p->at, p->at };

	while (run.end < p->end && is_letter(*run.end))
		run.end++;
	p->at = run.end;
	return run;
}

/* '~' before everything, the end included; '^' after the end, before anything else. 2: neither stands here. */
static int rpm_compare_mark(struct part *a, struct part *b)
{
	if (at(a, '~') != at(b, '~'))
		return at(a, '~') ? -1 : 1;
	if (at(a, '^') != at(b, '^')) {
		if (at(a, '^'))
			return b->at == b->end ? 1 : -1;
		return a->at == a->end ? -1 : 1;
	}
	if (!at(a, '~') && !at(a, '^'))
		return 2;
	a->at++;
	b->at++;
	return 0;
}

static int rpm_compare_part(struct part a, struct part b)
{
	if (compare_bytes(a, b) == 0)
		return 0;
	for (;;) {
		rpm_skip_separators(&a);
		rpm_skip_separators(&b);
		int mark = rpm_compare_mark(&a, &b);
		if (mark == 0)
			continue;
		if (mark != 2)
			return mark;
		if (a.at == a.end || b.at == b.end)
			return (a.at < a.end) - (b.at < b.end);
		if (is_digit(*a.at) != is_digit(*b.at))
			return is_digit(*a.at) ? 1 : -1;
		int order = is_digit(*a.at) ? compare_length_then_bytes(take_digits(&a), take_digits(&b)) :
					      compare_bytes(take_letters(&a), take_letters(&b));
		if (order != 0)
			return order;
	}
}

static struct parts rpm_split(const char *text)
{
	static const char zero[] = "0";
	struct parts p = { .epoch = { zero, zero + 1 }, .version = { text, text + strlen(text) } };
	const char *s = text;

	while (is_digit(*s))
		s++;
	if (*s == ':') {
		if (s > text)
			p.epoch = (struct part){ text, s };
		p.version.at = s + 1;
	}
	const char *hyphen = strrchr(s, '-');
	if (hyphen != NULL && hyphen >= p.version.at) {
		p.release = (struct part){ hyphen + 1, p.version.end };
		p.version.end = hyphen;
		p.has_release = true;
	}
	return p;
}

int version_rpm_compare(const char *a, const char *b)
{
	struct parts pa = rpm_split(a), pb = rpm_split(b);
	int order = rpm_compare_part(pa.epoch, pb.epoch);

	if (order == 0)
		order = rpm_compare_part(pa.version, pb.version);
	if (order != 0)
		return order;
	if (pa.has_release != pb.has_release)
		return pa.has_release ? 1 : -1;
	return pa.has_release ? rpm_compare_part(pa.release, pb.release) : 0;
}

bool version_at_least(enum version_family family, const char *version, const char *target)
{
	if (*version == '\0' || *target == '\0')
		return false;
	bool deb = version_deb_compare(version, target) >= 0, rpm = version_rpm_compare(version, target) >= 0;
	if (family == VERSION_DEB)
		return deb;
	return family == VERSION_RPM ? rpm : deb && rpm;
}
