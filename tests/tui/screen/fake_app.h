/* The little of the console that a screen asks for, so that its body can be drawn without a terminal. */
#ifndef TESTS_TUI_SCREEN_FAKE_APP_H
#define TESTS_TUI_SCREEN_FAKE_APP_H

#include "tui/app/app.h"
#include "tui/screen/screen.h"

struct app {
	const struct contract *contract;
	struct store *store;
	int64_t now;
	char opened[128]; /* "patch <id>": what app_open was asked for last */
};

/* Opens the screen, fills it, draws it at rows x cols and compares with tests/tui/screen/golden/NAME.golden: the cells, then the
 * roles. Also asks that every row is exactly cols wide. */
void screen_golden(struct app *a, const struct screen_ops *ops, const char *subject, int rows, int cols, const char *name);

#endif
