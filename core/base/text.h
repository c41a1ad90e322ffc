/* Text: the only road from bytes to cells.
 *
 * A cell is one column of a terminal; a glyph takes 1 or 2. Data is kept as entered (NFC); what is
 * drawn passes text_sanitize: no byte below 0x20, no C1, no bidi or zero-width control, no broken UTF-8
 * ever comes out of it (research/terminal.md §1.2, reliability.md F3). Widths are our own table, so that
 * layout and ncurses agree whatever libc thinks. */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf;

/* East Asian Ambiguous characters are 1 cell (false) or 2 (true). Process-wide, set once at start. */
void text_set_ambiguous_wide(bool wide);
bool text_ambiguous_wide(void);

/* Decodes one code point; returns the bytes taken (>= 1). A malformed byte gives *cp = -1 and takes 1.
 * Overlong forms, surrogates, truncated sequences and an empty input are malformed. */
size_t text_decode(const char *bytes, size_t len, int32_t *cp);
size_t text_encode(int32_t cp, char out[4]);
bool text_valid(const char *bytes, size_t len);

/* 0, 1, 2, or -1 for what may not be drawn: controls, invisible and bidi controls, private use, unassigned. */
int text_codepoint_cells(int32_t cp);

/* Appends what may be drawn of bytes, on one line, in NFC: controls become ^X (CR LF and other ends of line, tabs and
 * unusual spaces one space), malformed bytes <E3>, private use, unassigned and orphaned marks <U+E000>;
 * joiners, selectors, bidi and other invisible controls go; at most 4 marks stay on a base. */
void text_sanitize(const char *bytes, size_t len, struct strbuf *out);
/* Appends text normalised to NFC, as it is to be stored; malformed bytes become U+FFFD. CJK compatibility
 * ideographs (U+FA19, U+FA11 …) stay as entered, for NFC would write people's names in other characters. */
void text_normalize(const char *bytes, size_t len, struct strbuf *out);
/* Search key: NFKC, case fold, katakana to hiragana, dashes to '-'; selectors and other invisible characters go. */
void text_fold(const char *bytes, size_t len, struct strbuf *out);

/* Of sanitised text: its width in cells (what may not be drawn counts 0). */
size_t text_cells(const char *text);
/* Bytes of the longest start of text that ends on a grapheme and fits in cells; *used says how many it fills. */
size_t text_fit(const char *text, size_t cells, size_t *used);
/* Byte length of the grapheme at text (0 at the end). A cluster of more than 4 spacing characters counts as several. */
size_t text_grapheme(const char *text);
/* Appends sanitised text in exactly cells columns: cut with '~', padded with spaces.
 * align: -1 left, 0 centre, 1 right. */
void text_pad(const char *text, size_t cells, int align, struct strbuf *out);

#endif
