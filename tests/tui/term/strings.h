/* Hostile strings by number, the same in the program that draws them and in the test that knows what must be seen. */
#ifndef TESTS_TUI_TERM_STRINGS_H
#define TESTS_TUI_TERM_STRINGS_H

#include "core/base/strbuf.h"
#include "tui/widget/surface.h"

#define PAGE_STRINGS 72 /* on 24 rows, three a row, between bars */

/* wild: any code point; otherwise only such as every terminal measures alike. */
void hostile_string(unsigned long number, bool wild, struct strbuf *out);
/* Page n: the strings from n * PAGE_STRINGS on, each in 24 cells between '|'. */
void hostile_page(unsigned long page, bool wild, struct surface *out);

#endif
