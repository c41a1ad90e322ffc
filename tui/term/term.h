/* The terminal: the only room that includes curses (research/terminal.md §0–§3, every decision of its table).
 *
 * Bytes in become keys, surfaces become output. Opening probes the width of ambiguous characters and the background, saves the
 * terminal's state; closing, a crash, a suspend and a lost terminal all put it back. One term at a time. */
#ifndef TUI_TERM_TERM_H
#define TUI_TERM_TERM_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "tui/widget/key.h"
#include "tui/widget/surface.h"

struct term;
struct theme; /* data/contract/theme.h */

enum term_ambiguous { AMBIGUOUS_AUTO, AMBIGUOUS_NARROW, AMBIGUOUS_WIDE };

struct term_options {
	enum term_ambiguous ambiguous;
	bool no_color, ascii;
	const struct theme *theme;
};

/* HS_ERR_STATE with what to do when there is no terminal, or one that cannot move its cursor. */
int term_open(struct term **out, const struct term_options *options, struct err *err);
void term_close(struct term *t); /* NULL is fine; restores everything */
int term_fd(const struct term *t);
void term_size(const struct term *t, int *rows, int *cols);

/* The signal mask to wait with (ppoll): signals are delivered nowhere else. */
const sigset_t *term_wait_mask(const struct term *t);
/* What signals asked for since the last call; also delivers pending ones (terminal.md §4, the resize race), and has taken in the
 * new size already. Call it once a frame, after the keys and before drawing: what was sent before a key has then arrived. */
enum term_event { TERM_RESIZED = 1, TERM_SUSPEND = 2, TERM_CONTINUED = 4, TERM_QUIT = 8, TERM_RELOAD = 16, TERM_INTERRUPT = 32 };
unsigned term_events(struct term *t);
/* TERM_RELOAD is SIGUSR1, and SIGHUP while the terminal is there; when it is gone, SIGHUP is TERM_QUIT.
 * The signal behind TERM_QUIT, for the exit code 128 + n. */
int term_quit_signal(const struct term *t);

/* The next key that is complete; false when all input is consumed. */
bool term_key(struct term *t, struct key *out);
/* The terminal went away (hang-up, end of file): leave as after SIGHUP, with 129. */
bool term_lost(const struct term *t);

/* Draws what differs from the last flush. Called by the before-sleep hook only. */
void term_flush(struct term *t, const struct surface *s);
void term_redraw(struct term *t); /* Ctrl-L: everything again at the next flush */
void term_set_theme(struct term *t, const struct theme *theme);
void term_bell(struct term *t);
/* OSC 52: hands text to the terminal's clipboard; about 75 kB of it at most. */
void term_copy(struct term *t, const char *text);
/* Answers the test harness that all input is consumed and drawn; only with HOSHU_TEST=1. */
void term_answer_sync(struct term *t);

/* Gives the terminal to another program (fixed argv, clean environment) and takes it back. 0, or its exit status. */
int term_run(struct term *t, const char *const *argv, struct err *err);
/* Stops this process (Ctrl-Z) and comes back; at once where no shell is there to continue it. */
void term_suspend(struct term *t);

struct term_about {
	const char *name;  /* TERM */
	int colors;
	bool ambiguous_wide, ambiguous_probed, ascii, utf8;
	int background;    /* 0 unknown, 1 dark, 2 light */
};
void term_about(const struct term *t, struct term_about *out);

#endif
