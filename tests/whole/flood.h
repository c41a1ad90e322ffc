/* Fills a desk with hostile strings, table by table as tables.def says, so that every screen and verb meets them.
 *
 * Each string begins with FLOOD_MARK, a letter of one cell that hoshu never writes itself: what is seen can be counted. */
#ifndef TESTS_WHOLE_FLOOD_H
#define TESTS_WHOLE_FLOOD_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/strbuf.h"
#include "tests/whole/desk.h"

#define FLOOD_MARK "\u01c2"
#define FLOOD_NOW INT64_C(1791938520) /* 2026-10-14 09:42 JST */
#define FLOOD_CLOCK "HOSHU_NOW=2026-10-14 09:42"

/* Appends the next string: a mark and one of strings.h; every 1009th is 10,000 characters and more. valid: UTF-8, as verbs store it;
 * otherwise bytes as a careless or hostile program leaves them in the file. */
void flood_string(unsigned long number, bool valid, struct strbuf *out);
/* Fills records.db (half of the rows with broken UTF-8 too) and status.db. part: rows are a part-th of the whole flood. Returns how many
 * strings there are now. */
unsigned long flood_fill(const struct desk *p, unsigned part);
/* Writes a contract whose names are as hostile as the loader takes them, its servers probed; its path is kept in out. */
void flood_contract(const struct desk *p, struct strbuf *out);
/* How many marks stand in text. */
size_t flood_count(const char *text);

#endif
