/* The order of versions against what dpkg and rpm answered (vectors/README.md). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/patch/version.h"

static void run_vectors(const char *name, int (*compare)(const char *, const char *), int at_least)
{
	char path[512], line[1024];
	int count = 0, wrong = 0;

	snprintf(path, sizeof path, "%s/tests/core/patch/vectors/%s", getenv("HOSHU_SRCDIR"), name);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		char *a = line, *b = strchr(a, '\t');
		assert_non_null(b);
		*b++ = '\0';
		char *expected = strchr(b, '\t');
		assert_non_null(expected);
		*expected++ = '\0';
		int want = (int)strtol(expected, NULL, 10);
		if (compare(a, b) != want || compare(b, a) != -want) {
			print_error("%s: '%s' '%s' gave %d, not %d\n", name, a, b, compare(a, b), want);
			wrong++;
		}
		count++;
	}
	fclose(f);
	assert_int_equal(wrong, 0);
	assert_true(count >= at_least);
}

static void test_deb(void **state)
{
	(void)state;
	run_vectors("deb-version-compare.tsv", version_deb_compare, 1300);
}

static void test_rpm(void **state)
{
	(void)state;
	run_vectors("rpm-evr-compare.tsv", version_rpm_compare, 1300);
}

static void test_at_least(void **state)
{
	(void)state;
	assert_true(version_at_least(VERSION_DEB, "3.0.11-1~deb12u2", "3.0.11-1~deb12u2"));
	assert_true(version_at_least(VERSION_RPM, "1:3.0.7-27.el9", "1:3.0.7-16.el9"));
	assert_false(version_at_least(VERSION_UNKNOWN, "3.0.7-16", "3.0.7-27"));
	assert_false(version_at_least(VERSION_DEB, "", "1"));
	assert_false(version_at_least(VERSION_DEB, "1", ""));
	/* "1.0^a" is newer for rpm and older than "1.0.1" for rpm only: without the family both must agree. */
	assert_int_equal(version_rpm_compare("1.0^a", "1.0.1"), -1);
	assert_int_equal(version_deb_compare("1.0^a", "1.0.1"), 1);
	assert_false(version_at_least(VERSION_UNKNOWN, "1.0^a", "1.0.1"));
	assert_true(version_at_least(VERSION_DEB, "1.0^a", "1.0.1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deb),
		cmocka_unit_test(test_rpm),
		cmocka_unit_test(test_at_least),
	};
	return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
