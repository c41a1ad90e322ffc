/* Keys as the program sees them, whatever the terminal sends. */
#ifndef TUI_WIDGET_KEY_H
#define TUI_WIDGET_KEY_H

#include <stdbool.h>
#include <stdint.h>

enum {
	KEY_NONE_ = 0x110000, /* above every code point */
	HK_UP, HK_DOWN, HK_LEFT, HK_RIGHT, HK_HOME, HK_END, HK_PAGE_UP, HK_PAGE_DOWN, HK_INSERT, HK_DELETE,
	HK_BACKSPACE, HK_ENTER, HK_TAB, HK_BACKTAB, HK_ESCAPE,
	HK_F1, HK_F2, HK_F3, HK_F4, HK_F5, HK_F6, HK_F7, HK_F8, HK_F9, HK_F10, HK_F11, HK_F12,
	HK_MOUSE, HK_PASTE, HK_FOCUS_IN, HK_FOCUS_OUT,
	HK_SYNC, /* the test harness asks whether we are idle */
};
enum { HK_CTRL = 0x1000000, HK_ALT = 0x2000000, HK_SHIFT = 0x4000000 };

struct key {
	int code;          /* a code point (control characters come as HK_CTRL | letter), or HK_* */
	int row, col, button; /* HK_MOUSE; button 0 left, 64/65 wheel; */
	bool pressed;
	const char *paste; /* HK_PASTE: UTF-8, valid until the next term_key */
};

/* "Ctrl-R", "F5", "g", "Space": the one name used in keys.def, help and the key bar; 0 when not understood or when no
 * terminal can send it (Ctrl-I, Shift-a). Names of letters keep their case, except with Ctrl. */
int key_parse(const char *name);
/* The inverse of key_parse; gives out. */
const char *key_name(int code, char out[32]);

#endif
