/* A screen without a console: the functions of tui/app/app.h over a store, a contract and a fixed clock, so that a screen is
 * drawn into a surface and compared with a golden file. */
#ifndef TESTS_TUI_SCREEN_STAGE_H
#define TESTS_TUI_SCREEN_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/app/app.h"
#include "tui/screen/screen.h"

struct app {
	const struct contract *contract;
	struct store *store;
	int64_t now;
	bool zoomed;
	char opened[64], subject[64]; /* what app_open was asked for last */
	char command[256];            /* what app_command was asked for last */
};

/* Opens a screen on the stage, refilled. */
void stage_open(struct screen *s, struct app *a, const struct screen_ops *ops, const char *subject);
void stage_close(struct screen *s);
/* Draws the body of a console of rows x cols (three rows of header, four of footer) and compares with NAME.ROWSxCOLS.LANG.WIDTH.golden
 * beside the tests, in both languages and both widths of ambiguous characters. */
void stage_golden(struct screen *s, const char *name, int rows, int cols);
/* The three sizes of screens.md. */
void stage_golden_all(struct screen *s, const char *name);
/* Opens the screen, fills it, draws its body at rows x cols in the language that is set, and compares with NAME.golden. */
void screen_golden(struct app *a, const struct screen_ops *ops, const char *subject, int rows, int cols, const char *name);

#endif
