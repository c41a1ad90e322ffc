/* What a program may write to a terminal while its screen stands: characters that text_codepoint_cells() knows, and the few
 * control sequences that curses sends to move, erase and colour. Data has no place in it for a control byte (reliability.md S1). */
#ifndef TESTS_SUPPORT_GRAMMAR_H
#define TESTS_SUPPORT_GRAMMAR_H

#include <stddef.h>

/* Length of the control sequence at bytes[0] = ESC that curses may send; 0 for any other. */
size_t grammar_sequence(const char *bytes, size_t len);
/* Fails the test at the first byte out of the grammar; where is what was on the screen. */
void grammar_check(const char *bytes, size_t len, const char *where);
/* The same for what is printed: text and newlines, no control sequence at all. */
void grammar_check_text(const char *bytes, size_t len, const char *where);

#endif
