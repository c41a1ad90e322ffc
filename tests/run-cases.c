/* run-cases KIND FILE: one line a case, then "N passed, N failed". Exit 0, 1 on a failure, 2 on misuse. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "tests/cases.h"

static size_t passed_count, failed_count;

static const struct {
	const char *name;
	bool (*run)(const char *path);
} kinds[] = {
	{ "holidays", cases_holidays },
	{ "business-days", cases_business_days },
	{ "wareki", cases_wareki },
	{ "recovery-clock", cases_recovery_clock },
};

void case_result(bool passed, const char *name, const char *why)
{
	if (passed) {
		passed_count++;
		printf("ok %s\n", name);
	} else {
		failed_count++;
		printf("FAIL %s: %s\n", name, why);
	}
}

char *case_file(const char *path)
{
	struct strbuf sb = { 0 };
	char block[4096];
	size_t n;
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		fprintf(stderr, "run-cases: cannot read '%s'\n", path);
		exit(2);
	}
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		strbuf_add(&sb, block, n);
	fclose(f);
	return strbuf_detach(&sb);
}

/* One field at *p, unquoted in place; *p moves behind its comma. false after the last of the line. */
static bool csv_field(char **p, char **field)
{
	char *from = *p, *to = *p;
	bool quoted = *from == '"';

	*field = to;
	if (quoted)
		from++;
	while (*from != '\0' && (quoted || (*from != ',' && *from != '\n' && *from != '\r'))) {
		if (quoted && *from == '"' && from[1] != '"') {
			quoted = false;
			from++;
			continue;
		}
		if (quoted && *from == '"')
			from++;
		*to++ = *from++;
	}
	char end = *from;
	*to = '\0';
	if (end == '\r')
		end = *++from;
	*p = end != '\0' ? from + 1 : from;
	return end == ',';
}

size_t case_csv(char **text, char **fields, size_t max)
{
	size_t n = 0;
	char *spare;
	bool more = true;

	if (**text == '\0')
		return 0;
	while (more) {
		more = csv_field(text, n < max ? &fields[n] : &spare);
		n += n < max;
	}
	return n;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;
		if (!kinds[i].run(argv[2])) {
			fprintf(stderr, "run-cases: '%s' holds no cases of kind %s\n", argv[2], argv[1]);
			return 2;
		}
		printf("%zu passed, %zu failed\n", passed_count, failed_count);
		return failed_count > 0 ? 1 : 0;
	}
	fputs("usage: run-cases KIND FILE; kinds:", stderr);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		fprintf(stderr, " %s", kinds[i].name);
	fputc('\n', stderr);
	return 2;
}
