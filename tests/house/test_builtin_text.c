/* Built-in Japanese holds only characters whose width no terminal doubts: ASCII and East Asian Wide or Fullwidth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

static bool doubtful(int32_t cp)
{
	text_set_ambiguous_wide(false);
	int narrow = text_codepoint_cells(cp);
	text_set_ambiguous_wide(true);
	int wide = text_codepoint_cells(cp);
	text_set_ambiguous_wide(false);
	return cp < 0 || narrow != wide || (cp >= 0x80 && narrow != 2);
}

/* The doubtful characters of one line, each printed with where it stands. */
static int count_doubtful(const char *line, size_t len, const char *file, int number)
{
	int count = 0;

	for (size_t i = 0; i < len;) {
		int32_t cp;
		size_t n = text_decode(line + i, len - i, &cp);
		if (doubtful(cp) && cp != '\n') {
			print_message("%s:%d: '%.*s' U+%04X\n", file, number, (int)n, line + i, (unsigned)cp);
			count++;
		}
		i += n;
	}
	return count;
}

static void catalogue_is_certain(void **state)
{
	char path[4096], line[8192];
	int number = 0, count = 0;
	bool japanese = false;

	(void)state;
	snprintf(path, sizeof path, "%s/po/ja.po", getenv("HOSHU_SRCDIR"));
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		number++;
		if (*line == '#' || strncmp(line, "msgid", 5) == 0 || strncmp(line, "msgctxt", 7) == 0)
			japanese = false;
		else if (strncmp(line, "msgstr", 6) == 0)
			japanese = true;
		if (japanese)
			count += count_doubtful(line, strlen(line), "ja.po", number);
	}
	fclose(f);
	assert_true(number > 100);
	assert_int_equal(count, 0);
}

static void doubt_is_recognised(void **state)
{
	(void)state;
	assert_int_equal(count_doubtful("保存済 10:00", strlen("保存済 10:00"), "-", 0), 0);
	assert_int_equal(count_doubtful("①→…※", strlen("①→…※"), "-", 0), 4);
	assert_int_equal(count_doubtful("ｶﾞ", strlen("ｶﾞ"), "-", 0), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubt_is_recognised),
		cmocka_unit_test(catalogue_is_certain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
