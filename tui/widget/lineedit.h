/* One line of text under the fingers: UTF-8 kept in NFC, steps of whole graphemes, scrolling by cells, the keys of readline.
 *
 * A caret is a byte offset on a grapheme's border. A run of typing is one undo step, a paste another; ends of line in what is
 * pasted become spaces. Nothing is lost: what may not be drawn (a selector, a private character) stays in the text. */
#ifndef TUI_WIDGET_LINEEDIT_H
#define TUI_WIDGET_LINEEDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "tui/widget/key.h"
#include "tui/widget/surface.h"

#define LINEEDIT_MAX 65536 /* bytes, when max is 0 */
#define LINEEDIT_KILLS 8

struct lineedit_step {
	char *text;
	size_t caret;
};

struct lineedit {
	struct strbuf text;
	size_t caret;
	size_t max;     /* bytes; more is not taken. 0: LINEEDIT_MAX */
	size_t scroll;  /* cells left of the first one shown */
	int last;       /* what the last key did: runs of the same are one step */
	char *kills[LINEEDIT_KILLS];
	size_t kill_at; /* the newest */
	size_t yanked;  /* bytes before the caret that the last key yanked */
	VEC(struct lineedit_step) undo;
	/* Up and Down (-1, 1): another line to show instead of text, NULL for none. Borrowed until the next key. May be NULL. */
	const char *(*history)(void *ctx, int direction, const char *text);
	void *ctx;
};

void lineedit_init(struct lineedit *e);
void lineedit_release(struct lineedit *e); /* zeroed is fine */
/* Replaces the text and puts the caret at its end; the undo steps go. */
void lineedit_set(struct lineedit *e, const char *text);
const char *lineedit_text(const struct lineedit *e);
/* Inserts at the caret as a paste does: one undo step. */
void lineedit_insert(struct lineedit *e, const char *text);
/* true when the key was an editor's: Left, Right, Home, End, Ctrl-A B D E F H K T U W Y _, Alt-B F D Y Backspace, Ctrl-Left/Right,
 * Backspace, Del, characters, paste; Up, Down, Ctrl-P, Ctrl-N with a history. Ctrl-D in an empty line is not. */
bool lineedit_key(struct lineedit *e, const struct key *key);
/* In width cells; with focus the surface's cursor goes to the caret, where the terminal draws the input method's text. */
void lineedit_draw(struct lineedit *e, struct surface *s, int row, int col, int width, enum role role, bool focus);

#endif
