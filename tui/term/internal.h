/* What the files of tui/term share. Nobody else includes this. */
#ifndef TUI_TERM_INTERNAL_H
#define TUI_TERM_INTERNAL_H

#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "core/base/strbuf.h"
#include "tui/term/term.h"

#define TERM_TYPE_SIZE 64

/* ---- probe.c: what the terminal says of itself, before curses starts ---- */
struct probe {
	bool answered;        /* it answered DA1: a terminal of the VT family */
	int ambiguous_cells;  /* 1 or 2; 0 not known */
	int background;       /* 0 not known, 1 dark, 2 light */
	struct strbuf typed;  /* what was typed meanwhile */
};
/* The terminal must be in a mode that gives each byte at once and echoes none. width: ask for ambiguous_cells too. */
void probe_terminal(int fd, bool width, struct probe *out);
/* Takes the answers out of what was read, leaves the rest in typed; true when DA1 was among them. */
bool probe_parse(const char *bytes, size_t len, struct probe *out);

/* ---- input.c: bytes and curses codes to keys ---- */
enum input_state {
	INPUT_GROUND, INPUT_ESCAPE, INPUT_CSI, INPUT_SS3, INPUT_STRING, INPUT_STRING_ESCAPE, INPUT_MOUSE, INPUT_X10, INPUT_PASTE,
};

/* Codes that input_feed takes beside bytes; curses.c turns curses' own codes into them or into HK_* keys. */
enum { INPUT_CODE_MOUSE = 0x10000, INPUT_CODE_X10, INPUT_CODE_PASTE, INPUT_CODE_PASTE_END, INPUT_CODE_NONE };

struct input {
	enum input_state state;
	bool alt;                  /* an ESC stands before the character that is being decoded */
	unsigned char utf8[4];
	size_t utf8_len;
	char sequence[32];
	size_t sequence_len;
	size_t swallowed;          /* bytes of a string or X10 report so far */
	struct strbuf paste, raw_paste;
	struct key queue[8];
	size_t queue_at, queue_len;
};

void input_release(struct input *in);
/* One byte (0–255), an INPUT_CODE_*, or an HK_* with modifiers. */
void input_feed(struct input *in, int code);
/* No more input for now: a lone ESC is the key. */
void input_idle(struct input *in);
bool input_take(struct input *in, struct key *out);

/* ---- signals.c: flags, masks, and the way back when all goes wrong ---- */
void signals_open(void);
void signals_close(void);
const sigset_t *signals_wait_mask(void);
/* The mask and dispositions that a child gets: the ones found at start. */
const sigset_t *signals_start_mask(void);
/* Beside the bits of enum term_event: SIGHUP came; term_events makes TERM_QUIT or TERM_RELOAD of it. */
enum { TERM_HANGUP = 1 << 16 };
unsigned signals_take(int *quit_signal);
/* What to write to fd and which mode to set when the program crashes or runs out of memory; len 0 disarms. */
void crash_arm(int fd, const struct termios *mode, const char *text, size_t len);
/* Ctrl-C, Ctrl-\ and Ctrl-Z that were meant for another program in the foreground, and are pending here too. */
void signals_forget_keys(void);
/* Stops this process as Ctrl-Z does; returns when it is continued, or at once where nobody could continue it. */
void signals_stop(void);

/* ---- curses.c: the only file that includes curses ---- */
struct screen_state;
/* type: TERM or a fallback, of which terminfo knows enough. NULL when curses refuses it all the same. */
struct screen_state *curses_open(const char *type);
void curses_close(struct screen_state *c);
void curses_leave(struct screen_state *c);
void curses_enter(struct screen_state *c);
void curses_resize(struct screen_state *c, int rows, int cols);
/* A byte, INPUT_CODE_* or HK_*; -1 when there is nothing. */
int curses_read(struct screen_state *c);
void curses_theme(struct screen_state *c, const struct theme *theme, bool no_color);
void curses_flush(struct screen_state *c, const struct surface *s, bool utf8);
void curses_redraw(struct screen_state *c);
int curses_colors(const struct screen_state *c);
/* Appends what takes the terminal back to how a shell expects it. */
void curses_reset_text(const struct screen_state *c, struct strbuf *out);
/* Cells that curses gives to a character; compared with our own widths at start. */
int curses_cells(const struct screen_state *c, int32_t cp);

/* ---- look.c: a role's look on a terminal with so many colours ---- */
struct look {
	int fg, bg;          /* the terminal's colour numbers, -1 its own */
	unsigned attributes; /* THEME_* */
};
/* colors: what the terminal has; 0 for none or NO_COLOR. direct: a colour number is an RGB value. theme may be NULL. */
void look_of(const struct theme *theme, enum role role, int colors, bool direct, struct look *out);

/* Writes all of it; false when the terminal went away. */
bool term_write(int fd, const char *bytes, size_t len);

#endif
