/* A terminal for tests: runs a program on a real pty with a terminal emulator (libvterm) behind it, as a shell with job
 * control would. Failures end the cmocka test with the screen in the message; children are reaped whatever happens.
 *
 *     struct vt *vt = vt_spawn((const char *[]){ "./hoshu", NULL }, &(struct vt_options){ .rows = 24, .cols = 80 });
 *     vt_keys(vt, "2", "Down", "Enter", NULL);
 *     vt_sync(vt);                                   // all consumed and drawn: nothing here waits for time
 *     vt_golden(vt, "tests/tui/golden/ticket.80x24", true);
 *     vt_keys(vt, "q", NULL);
 *     assert_int_equal(vt_exit_code(vt), 0);
 *     vt_free(vt);
 *
 * The sync token is ESC [ 777 ~; the program answers OSC 777 ; idle when it is set HOSHU_TEST=1. */
#ifndef TESTS_SUPPORT_VT_H
#define TESTS_SUPPORT_VT_H

#include <stdbool.h>
#include <stddef.h>

struct vt;

struct vt_options {
	int rows, cols;         /* 0: 24 x 80 */
	const char *const *env; /* "NAME=value", or "NAME" to remove it; NULL-terminated; NULL is fine */
	bool silent;            /* the terminal answers no question */
};

/* The environment is the test's, with TERM=xterm-256color, LANG=C.UTF-8, HOSHU_TEST=1, HOSHU_LOCALEDIR of the build tree, and
 * without LC_*, LANGUAGE, NO_COLOR, COLUMNS, LINES, TMUX, STY; then env. argv[0] is a path, or found in PATH. */
struct vt *vt_spawn(const char *const *argv, const struct vt_options *options);
/* Ends the program when it still runs. Fails when it wrote a sequence that the emulator does not know. */
void vt_free(struct vt *vt);
int vt_pid(const struct vt *vt);

/* ---- what goes in ---- */
void vt_type(struct vt *vt, const char *text);
void vt_send(struct vt *vt, const void *bytes, size_t len);
/* Names as in keys.def ("Down", "Ctrl-R", "F5", "g", "Alt-b", "Esc"), ended by NULL. "Esc" is followed by a sync, or it would be Alt. */
void vt_keys(struct vt *vt, ...) __attribute__((sentinel));
void vt_paste(struct vt *vt, const char *text);
/* Row and column from 0; button 0 left, 64 wheel up, 65 wheel down. */
void vt_mouse(struct vt *vt, int button, int row, int col, bool pressed);
void vt_resize(struct vt *vt, int rows, int cols);
void vt_signal(struct vt *vt, int sig);
/* Closes the terminal's side: the program gets SIGHUP and end of file. */
void vt_hang_up(struct vt *vt);

/* ---- waiting for a state ---- */
/* Until all sent before is consumed and drawn. The first one waits until the program has taken the screen. */
void vt_sync(struct vt *vt);
/* Until the program has read all that was sent, drawn or not: what follows comes in another read. */
void vt_wait_read(struct vt *vt);
/* Until text stands on the screen. */
void vt_wait_text(struct vt *vt, const char *text);
/* Until the program has written these bytes (since the start or vt_forget_output), whatever they do to the screen. */
void vt_wait_output(struct vt *vt, const char *bytes);
/* Until the program has stopped itself (Ctrl-Z); vt_continue takes it to the foreground again. */
void vt_wait_stopped(struct vt *vt);
void vt_continue(struct vt *vt);
/* Waits for the end; its exit code, or 128 + the signal. */
int vt_exit_code(struct vt *vt);

/* ---- what is seen ---- */
/* Rows with trailing blanks cut, each ended by a newline; with runs "row@col:len fg/bg,flags" when attributes is true. Borrowed. */
const char *vt_screen(struct vt *vt, bool attributes);
bool vt_has(struct vt *vt, const char *text);
/* Compares vt_screen with a file (golden.h). */
void vt_golden(struct vt *vt, const char *path, bool attributes);
/* The first code point of a cell (0: blank or right half) and its width. */
unsigned vt_cell(struct vt *vt, int row, int col, int *width);
void vt_cursor(struct vt *vt, int *row, int *col, bool *visible);
/* What the program switched on and did not switch off again. */
bool vt_alternate_screen(struct vt *vt);
bool vt_mouse_on(struct vt *vt);
bool vt_paste_on(struct vt *vt);
/* The tty's settings are what they were at the start. */
bool vt_tty_restored(struct vt *vt);
/* Everything the program wrote since the start or the last vt_forget_output; NUL-terminated. */
const char *vt_output(struct vt *vt, size_t *len);
void vt_forget_output(struct vt *vt);
/* Text the program handed to the clipboard, still base64; "" when none. */
const char *vt_clipboard(struct vt *vt);

#endif
