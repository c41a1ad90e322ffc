/* A surface of cells that screens fill; tui/term flushes it, a text backend dumps it for tests.
 *
 * Everything drawn passes the sanitiser here, once. A two-cell glyph is never split: what would be cut becomes a space. Roles, not colours. */
#ifndef TUI_WIDGET_SURFACE_H
#define TUI_WIDGET_SURFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf;

/* Roles of the theme; each is one line in roles.def: ROLE(name, note). */
enum role {
#define ROLE(name, note) ROLE_##name,
#include "tui/widget/roles.def"
#undef ROLE
	ROLE_COUNT
};

struct cell {
	char glyph[24];     /* one grapheme, sanitised UTF-8; "" in the right half of a wide one */
	uint8_t cells;      /* 1 or 2; 0 in the right half */
	uint8_t role;
	bool reverse;
};

struct rect {
	int row, col, rows, cols;
};

struct surface {
	int rows, cols;
	struct cell *cells; /* rows * cols */
	int cursor_row, cursor_col; /* the caret, -1 when none: the selected row for screen readers */
	bool cursor_visible;
	bool ascii;         /* frames in ASCII */
};

void surface_init(struct surface *s, int rows, int cols);
void surface_release(struct surface *s);
void surface_clear(struct surface *s);
/* Writes text (foreign bytes welcome) from (row, col) in at most width cells; returns the cells used. Off-surface parts are cut. */
int surface_text(struct surface *s, int row, int col, int width, enum role role, const char *text);
/* In exactly width cells: cut with '~', padded. align -1, 0, 1. */
int surface_field(struct surface *s, int row, int col, int width, enum role role, int align, const char *text);
void surface_fill(struct surface *s, struct rect area, enum role role);
void surface_role(struct surface *s, struct rect area, enum role role, bool reverse);
void surface_hline(struct surface *s, int row, int col, int width, enum role role);
void surface_vline(struct surface *s, int row, int col, int height, enum role role);
/* Lines around the edge of area, of at least 2 x 2 cells; the inside stays. */
void surface_frame(struct surface *s, struct rect area, enum role role);
/* How many of cells a bar fills: parts of total done, rounded up (1 h of 48 in 48 cells is 1), never full below total. */
int bar_cells(int cells, int64_t done, int64_t total);
/* "[####------]": cells wide, filled as bar_cells says. */
int surface_bar(struct surface *s, int row, int col, int width, enum role role, int64_t done, int64_t total);
/* Text of the screen, a line a row, trailing blanks cut; then "row@col:len role" runs when roles is true. */
void surface_dump(const struct surface *s, bool roles, struct strbuf *out);
/* "text", "dim" …: the name in roles.def and in theme files; "" for none. */
const char *role_name(unsigned role);

#endif
