/* Worked cases with expected values, run from a file: tests/run-cases KIND FILE.
 *
 * A kind reads its file and calls case_result once a case; one line in run-cases.c makes a kind known. */
#ifndef TESTS_CASES_H
#define TESTS_CASES_H

#include <stdbool.h>
#include <stddef.h>

/* Prints "ok name" or "FAIL name: why" and counts. */
void case_result(bool passed, const char *name, const char *why);

/* The whole file, NUL-terminated, for free(); ends the program with 2 when it cannot be read. */
char *case_file(const char *path);
/* Cuts the next line of CSV at *text into fields (RFC 4180 quotes, no line breaks inside); returns how many, 0 at
 * the end. Fields point into the text. */
size_t case_csv(char **text, char **fields, size_t max);

/* The kinds; false when the file is not of the kind. */
bool cases_holidays(const char *path);
bool cases_business_days(const char *path);
bool cases_wareki(const char *path);
bool cases_recovery_clock(const char *path);

#endif
