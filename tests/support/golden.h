/* Golden files: what a screen or a document looked like when someone last looked at it. */
#ifndef TESTS_SUPPORT_GOLDEN_H
#define TESTS_SUPPORT_GOLDEN_H

/* Compares actual with the file at path below the source tree ($HOSHU_SRCDIR, else "."). A difference fails the test with a unified
 * diff on standard error. With UPDATE=1 in the environment the file is written instead; look at what git shows then. */
void golden_check(const char *path, const char *actual);

#endif
