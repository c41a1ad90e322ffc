/* Files of the tests, read whole and changed in one place. */
#ifndef TESTS_DATA_CONTRACT_FILES_H
#define TESTS_DATA_CONTRACT_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/contract/contract.h"

static inline void source_path(const char *name, struct strbuf *path)
{
	strbuf_addf(path, "%s/%s", getenv("HOSHU_SRCDIR"), name);
}

static inline void read_whole(const char *name, struct strbuf *out)
{
	struct strbuf path = { 0 };
	char part[4096];
	size_t n;

	source_path(name, &path);
	FILE *f = fopen(strbuf_text(&path), "re");
	while (f != NULL && (n = fread(part, 1, sizeof part, f)) > 0)
		strbuf_add(out, part, n);
	if (f != NULL)
		fclose(f);
	strbuf_release(&path);
}

/* text with the first `what` replaced; the line it stands in is returned, 0 when it is not there. */
static inline int replace_once(const char *text, const char *what, const char *with, size_t with_len, struct strbuf *out)
{
	const char *at = strstr(text, what);
	int line = 1;

	if (at == NULL)
		return 0;
	for (const char *p = text; p < at; p++)
		line += *p == '\n';
	strbuf_add(out, text, (size_t)(at - text));
	strbuf_add(out, with, with_len);
	strbuf_add_text(out, at + strlen(what));
	return line;
}

static inline void format_complaints(const struct complaints *c, struct strbuf *out)
{
	for (size_t i = 0; i < c->list.len; i++) {
		complaint_format(&c->list.v[i], NULL, out);
		strbuf_add_char(out, '\n');
	}
}

#endif
