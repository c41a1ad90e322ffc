/* The console, as screens and verbs see it: what they may ask, and what they may ask it to do.
 *
 * One thread; everything here returns at once. What is opened or started happens after the current key is done with, so
 * that a screen may close itself. */
#ifndef TUI_APP_APP_H
#define TUI_APP_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/contract/contract.h"
#include "data/store/status.h"
#include "data/store/store.h"

struct app;
struct config;
struct label;

/* ---- what there is ---- */
const struct contract *app_contract(const struct app *a); /* never NULL in a screen */
struct store *app_store(const struct app *a);
struct status *app_status(const struct app *a);           /* NULL while nothing was ever measured */
struct config *app_config(const struct app *a);
int64_t app_now(const struct app *a);                     /* the injected clock, UTC seconds */
int app_offset(const struct app *a);                      /* the contract's zone */
const char *app_actor(const struct app *a);               /* short name of the person */
bool app_read_only(const struct app *a);
bool app_zoomed(const struct app *a);                     /* z: show one pane only */

/* ---- what to do ---- */
/* Opens a screen on a subject (a row's or the contract's id, ""); a screen with a tab replaces the one shown, another one
 * is put on top of it. An unknown name says so in the message row. */
void app_open(struct app *a, const char *screen, const char *subject);
void app_back(struct app *a);
void app_quit(struct app *a);
/* One sentence in the message row. */
void app_say(struct app *a, const struct msg *m);
#define APP_SAY(a, ...) \
	do { \
		struct msg say_; \
		MSG(&say_, __VA_ARGS__); \
		app_say((a), &say_); \
	} while (0)
void app_error(struct app *a, const struct err *err);
/* Runs a line as if typed after ':'; asks for what is missing, confirms what wants it. {ticket} and the like are
 * filled in from the screen shown. */
void app_command(struct app *a, const char *line);
/* Shows text of several lines in the pager. title is in the language of the screen. */
void app_view(struct app *a, const char *title, const char *text);
/* Rows of these topics changed: screens refill before the next draw. */
void app_changed(struct app *a, unsigned topics);
void app_redraw(struct app *a);
/* Puts text on the clipboard of the terminal. */
void app_copy(struct app *a, const char *text);
/* Gives the terminal to a program and takes it back; argv ends with NULL. */
int app_run(struct app *a, const char *const *argv, struct err *err);
int app_theme(struct app *a, const char *name, struct err *err);
/* Reads the contract file again; one that fails never replaces the one in use. */
int app_reload(struct app *a, struct err *err);
int app_language(struct app *a, const char *lang, struct err *err);
/* What "u" would take back. */
void app_remember(struct app *a, const char *tx);

#endif
