/* The console's loop, its stack of screens, and what screens may ask (app.h).
 *
 * One thread, one ppoll: keys, signals, changes in the contract's folder, and the minute's end of the clock. Keys are
 * all consumed before anything is drawn; only the end of a turn draws. Nothing waits for a lock: a refill that finds
 * the database busy keeps its rows and comes back, a write that does is tried again (job.c). */
#include "tui/app/console.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "data/collect/client.h"
#include "data/contract/theme.h"
#include "tui/app/internal.h"
#include "tui/widget/tr.h"

#define REFILL_RETRY_MS 20
#define AGE_STEP_S 10 /* "8 s ago" on the screen is never older than this */

static const struct screen_ops *const screens[] = {
#define SCREEN(symbol) &screen_##symbol,
#include "tui/screen/screens.def"
#undef SCREEN
};

int64_t monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const struct screen_ops *const *screen_list(size_t *count)
{
	*count = sizeof screens / sizeof *screens;
	return screens;
}

const struct screen_ops *screen_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof screens / sizeof *screens; i++)
		if (strcmp(screens[i]->name, name) == 0)
			return screens[i];
	return NULL;
}

const struct screen_ops *screen_by_tab(int tab)
{
	for (size_t i = 0; i < sizeof screens / sizeof *screens; i++)
		if (screens[i]->tab == tab)
			return screens[i];
	return NULL;
}

/* ---- what screens may ask ---- */

const struct contract *app_contract(const struct app *a)
{
	return a->session->contract;
}

struct store *app_store(const struct app *a)
{
	return a->session->store;
}

struct status *app_status(const struct app *a)
{
	return a->session->status;
}

struct config *app_config(const struct app *a)
{
	return a->session->config;
}

int64_t app_now(const struct app *a)
{
	return session_now(a->session);
}

int app_offset(const struct app *a)
{
	return a->session->contract->offset_s;
}

const char *app_actor(const struct app *a)
{
	return session_actor(a->session);
}

bool app_read_only(const struct app *a)
{
	return a->session->read_only;
}

bool app_zoomed(const struct app *a)
{
	return a->zoomed;
}

struct screen *app_top(const struct app *a)
{
	const struct stack *s = &a->tabs[a->tab];

	return s->depth > 0 ? s->v[s->depth - 1] : NULL;
}

struct list *app_list(const struct app *a)
{
	struct screen *top = app_top(a);

	return top != NULL && top->ops->list != NULL ? top->ops->list(top) : NULL;
}

/* ---- saying ---- */

void app_message(struct app *a, enum role role, const char *text)
{
	strbuf_clear(&a->message);
	strbuf_add_text(&a->message, text);
	a->message_role = role;
	a->dirty = true;
}

void app_say(struct app *a, const struct msg *m)
{
	struct strbuf text = { 0 };

	msg_format(m, tr, &text);
	app_message(a, ROLE_message, strbuf_text(&text));
	strbuf_release(&text);
}

void app_error(struct app *a, const struct err *err)
{
	struct strbuf text = { 0 };

	err_format(err, tr, &text);
	app_message(a, ROLE_error, strbuf_text(&text));
	strbuf_release(&text);
}

void app_changed(struct app *a, unsigned topics)
{
	a->changed |= topics;
	a->dirty = true;
}

void app_redraw(struct app *a)
{
	a->dirty = true;
}

void app_copy(struct app *a, const char *text)
{
	term_copy(a->term, text);
}

void app_view(struct app *a, const char *title, const char *text)
{
	struct strbuf subject = { 0 };

	strbuf_addf(&subject, "%s\n%s", title, text);
	app_open(a, "view", strbuf_text(&subject));
	strbuf_release(&subject);
}

/* Unfinished forms are kept on disk: nothing needs to be asked. */
void app_quit(struct app *a)
{
	a->quit = true;
}

int app_run(struct app *a, const char *const *argv, struct err *err)
{
	a->dirty = true;
	return term_run(a->term, argv, err);
}

void app_remember(struct app *a, const char *tx)
{
	snprintf(a->undo_tx, sizeof a->undo_tx, "%s", tx);
}

/* ---- the stack of screens ---- */

static void screen_free(struct screen *s)
{
	if (s == NULL)
		return;
	if (s->ops->close != NULL)
		s->ops->close(s);
	free(s);
}

static struct screen *screen_make(struct app *a, const struct screen_ops *ops, const char *subject)
{
	struct screen *s = mem_alloc(1, sizeof *s);
	struct err err = { 0 };

	*s = (struct screen){ .ops = ops, .app = a, .stale = true, .filled_at = TIME_NONE };
	if (ops->open == NULL || ops->open(s, subject, &err) == 0)
		return s;
	app_error(a, &err);
	free(s);
	return NULL;
}

static void stack_pop(struct stack *s)
{
	if (s->depth > 0)
		screen_free(s->v[--s->depth]);
}

void app_switch(struct app *a, int tab)
{
	const struct screen_ops *ops = screen_by_tab(tab);

	if (ops == NULL || tab < 1 || tab >= TABS)
		return;
	if (a->tabs[tab].depth == 0) {
		struct screen *s = screen_make(a, ops, "");
		if (s == NULL)
			return;
		a->tabs[tab].v[a->tabs[tab].depth++] = s;
	}
	a->tab = tab;
	a->zoomed = false;
	a->dirty = true;
}

static void push_screen(struct app *a, const struct screen_ops *ops, const char *subject)
{
	struct stack *s = &a->tabs[a->tab];
	struct screen *made = screen_make(a, ops, subject);

	if (made == NULL)
		return;
	if (s->depth == STACK) {
		screen_free(s->v[1]);
		memmove(&s->v[1], &s->v[2], (STACK - 2) * sizeof *s->v);
		s->depth--;
	}
	s->v[s->depth++] = made;
	a->dirty = true;
}

void app_open(struct app *a, const char *screen, const char *subject)
{
	const struct screen_ops *ops = screen_by_name(screen);
	struct screen *top;

	if (ops == NULL) {
		APP_SAY(a, N_("there is no screen '{1}'"), screen);
		return;
	}
	if (ops->tab == 0) {
		push_screen(a, ops, subject);
		return;
	}
	app_switch(a, ops->tab);
	top = app_top(a);
	if (*subject != '\0' && top != NULL && a->tab == ops->tab) {
		while (a->tabs[a->tab].depth > 1)
			stack_pop(&a->tabs[a->tab]);
		top = app_top(a);
		struct list *list = top->ops->list != NULL ? top->ops->list(top) : NULL;
		if (list != NULL)
			list_select_id(list, subject);
	}
}

void app_back(struct app *a)
{
	if (a->tabs[a->tab].depth > 1)
		stack_pop(&a->tabs[a->tab]);
	a->zoomed = false;
	a->dirty = true;
}

/* The contract behind the screens was replaced: every screen begins anew, so that none points into the old one. */
void app_reopen_all(struct app *a)
{
	for (int t = 0; t < TABS; t++)
		while (a->tabs[t].depth > 0)
			stack_pop(&a->tabs[t]);
	if (screen_by_tab(a->tab) != NULL)
		app_switch(a, a->tab);
	app_changed(a, TOPIC_ALL);
}

/* ---- what changed ---- */

static void note_changes(struct app *a)
{
	for (int t = 0; t < TABS && a->changed != 0; t++)
		for (size_t i = 0; i < a->tabs[t].depth; i++)
			if ((a->tabs[t].v[i]->ops->topics & a->changed) != 0)
				a->tabs[t].v[i]->stale = true;
	a->changed = 0;
}

/* When what is shown was last confirmed by a server; asked only while this PC is offline. */
static int64_t newest_good(struct status *status)
{
	struct check_statuses checks = { 0 };
	int64_t newest = TIME_NONE;

	if (status_checks(status, &checks, NULL) != 0)
		return TIME_NONE;
	for (size_t i = 0; i < checks.list.len; i++) {
		int64_t at = checks.list.v[i].last_good_at;
		if (at != TIME_NONE && (newest == TIME_NONE || at > newest))
			newest = at;
	}
	check_statuses_release(&checks);
	return newest;
}

static bool read_recorder(struct app *a)
{
	struct recorder_status r;

	if (a->session->status == NULL)
		return true;
	int rc = status_recorder(a->session->status, &r, NULL);
	if (rc == 0) {
		a->recorder = r;
		a->recorder_known = true;
		a->last_good_at = r.network_up ? TIME_NONE : newest_good(a->session->status);
	}
	return rc != HS_ERR_BUSY;
}

static void refill(struct app *a)
{
	struct screen *top = app_top(a);
	struct err err = { 0 };

	a->refill_busy = false;
	note_changes(a);
	if (top == NULL || !top->stale)
		return;
	int rc = top->ops->refill != NULL ? top->ops->refill(top, &err) : 0;
	a->refill_busy = rc == HS_ERR_BUSY;
	top->stale = a->refill_busy;
	if (rc == 0)
		top->filled_at = app_now(a);
	else if (!a->refill_busy)
		app_error(a, &err);
	a->dirty = true;
}

/* Somebody wrote into the contract's folder: which of the two databases moved? */
static void look_around(struct app *a)
{
	struct session *s = a->session;
	char bytes[4096];

	while (a->inotify >= 0 && read(a->inotify, bytes, sizeof bytes) > 0)
		;
	int64_t version = store_version(s->store);
	if (version != a->store_version)
		app_changed(a, TOPIC_ALL & ~(unsigned)(TOPIC_STATUS | TOPIC_CONTRACT));
	a->store_version = version;
	if (s->status == NULL && status_open(&s->status, strbuf_text(&s->folder), false, NULL) != 0)
		s->status = NULL;
	if (s->status == NULL)
		return;
	version = status_version(s->status);
	if (version != a->status_version) {
		/* a busy one is read when the next change or the next tick comes */
		if (read_recorder(a))
			a->status_version = version;
		app_changed(a, TOPIC_STATUS);
	}
}

/* ---- keys ---- */

static void paste_elsewhere(struct app *a)
{
	APP_SAY(a, N_("pasted text goes into a form or after ':'; nothing was done with it"));
}

static void click_tab(struct app *a, const struct key *key)
{
	for (int t = 1; t < TABS && key->pressed && key->button == 0; t++)
		if (key->col >= a->tab_cols[t][0] && key->col < a->tab_cols[t][1])
			app_switch(a, t);
}

void app_key(struct app *a, const struct key *key)
{
	a->dirty = true;
	if (key->code == HK_SYNC) {
		a->sync = true;
		return;
	}
	if (key->code == HK_FOCUS_IN || key->code == HK_FOCUS_OUT)
		return;
	if (key->code == (HK_CTRL | 'l')) {
		term_redraw(a->term);
		return;
	}
	if (key->code == (HK_CTRL | 'z')) {
		term_suspend(a->term);
		return;
	}
	switch (a->mode) {
	case MODE_SCREEN:
		if (key->code == HK_PASTE)
			paste_elsewhere(a);
		else if (key->code == HK_MOUSE && key->row == 0)
			click_tab(a, key);
		else
			act_key(a, key);
		break;
	case MODE_PROMPT: prompt_key(a, key); break;
	case MODE_FORM: job_form_key(a, key); break;
	case MODE_CONFIRM: job_confirm_key(a, key); break;
	case MODE_HELP: help_key(a, key); break;
	}
}

static void handle_events(struct app *a, unsigned events)
{
	int rows, cols;

	if ((events & (TERM_RESIZED | TERM_CONTINUED)) != 0) {
		term_size(a->term, &rows, &cols);
		surface_release(&a->surface);
		surface_init(&a->surface, rows, cols);
		a->surface.ascii = a->ascii;
		term_redraw(a->term);
		a->dirty = true;
	}
	if ((events & TERM_INTERRUPT) != 0)
		app_key(a, &(struct key){ .code = HK_ESCAPE });
	if ((events & TERM_SUSPEND) != 0)
		term_suspend(a->term);
	if ((events & TERM_RELOAD) != 0)
		app_command(a, "reload");
	if ((events & TERM_QUIT) != 0) {
		a->quit = true;
		a->exit_code = 128 + term_quit_signal(a->term);
	}
}

static void read_keys(struct app *a)
{
	struct key key;

	while (!a->quit && !a->sync && term_key(a->term, &key))
		app_key(a, &key);
	if (a->reopen)
		app_reopen_all(a);
	a->reopen = false;
	if (term_lost(a->term)) {
		a->quit = true;
		a->exit_code = a->exit_code != 0 ? a->exit_code : 129;
	}
}

/* ---- the loop ---- */

/* Milliseconds to sleep: until the write or the refill is tried again, until the ages that are shown have grown, or -1. */
static int sleep_ms(const struct app *a)
{
	struct timespec t;

	if (a->job.waiting)
		return BUSY_STEP_MS;
	if (a->refill_busy)
		return REFILL_RETRY_MS;
	if (a->session->fixed_now != TIME_NONE)
		return -1;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int)((AGE_STEP_S - t.tv_sec % AGE_STEP_S) * 1000 - t.tv_nsec / 1000000) + 1;
}

static void turn(struct app *a)
{
	struct pollfd fds[4] = { { term_fd(a->term), POLLIN, 0 }, { client_fd(a->collector), POLLIN, 0 },
				 { a->inotify, POLLIN, 0 }, { a->health.fd, POLLIN, 0 } };

	handle_events(a, term_events(a->term));
	read_keys(a);
	if (a->job.waiting)
		job_try(a);
	refill(a);
	if (a->dirty && !a->quit) {
		app_draw(a);
		term_flush(a->term, &a->surface);
		a->dirty = false;
	}
	if (a->quit)
		return;
	if (a->sync && !a->job.waiting && !a->refill_busy) {
		a->sync = false;
		term_answer_sync(a->term);
		return;
	}
	if (!a->collector_tried) { /* after the first paint */
		a->collector_tried = true;
		recorder_start(a);
		health_start(a);
		fds[1].fd = client_fd(a->collector);
		fds[3].fd = a->health.fd;
	}
	int ms = sleep_ms(a);
	int n = ppoll(fds, 4,
		      ms >= 0 ? &(struct timespec){ ms / 1000, (long)(ms % 1000) * 1000000 } : NULL,
		      term_wait_mask(a->term));
	if (n == 0) {
		a->dirty = true;
		if (!a->job.waiting && !a->refill_busy)
			recorder_tend(a);
		/* what was written while the database was busy to us told of itself only then */
		look_around(a);
	}
	if (n > 0 && fds[1].revents != 0)
		recorder_heard(a);
	if (n > 0 && fds[3].revents != 0)
		health_heard(a);
	if (n > 0 && ((fds[1].revents | fds[2].revents) & POLLIN) != 0)
		look_around(a);
}

static void watch_folder(struct app *a)
{
	a->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (a->inotify >= 0)
		inotify_add_watch(a->inotify, strbuf_text(&a->session->folder),
				  IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE);
	a->store_version = store_version(a->session->store);
	if (a->session->status != NULL)
		a->status_version = status_version(a->session->status);
	read_recorder(a);
}

static void read_theme(struct app *a, struct err *err)
{
	const char *given = a->session->options->value[OPTION_theme];
	const char *name = given != NULL ? given : a->session->config->theme;

	if (*name == '\0')
		name = "dark";
	if (app_theme_read(a, name, &a->theme, err) == 0)
		snprintf(a->theme_name, sizeof a->theme_name, "%s", name);
}

/* The console font of Linux has no kanji: English and ASCII there, unless told otherwise. */
static void fit_terminal(struct app *a)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	const struct options *o = a->session->options;

	a->ascii = o->value[OPTION_ascii] != NULL || a->session->config->ascii;
	a->color = o->value[OPTION_no_color] == NULL && a->session->config->color &&
		   (no_color == NULL || *no_color == '\0');
	if (term != NULL && strcmp(term, "linux") == 0) {
		a->ascii = true;
		if (o->value[OPTION_lang] == NULL)
			lang_set("en");
	}
}

static int open_terminal(struct app *a, struct err *err)
{
	static const enum term_ambiguous ambiguous[] = {
		[CONFIG_AMBIGUOUS_AUTO] = AMBIGUOUS_AUTO,
		[CONFIG_AMBIGUOUS_NARROW] = AMBIGUOUS_NARROW,
		[CONFIG_AMBIGUOUS_WIDE] = AMBIGUOUS_WIDE,
	};
	const struct term_options options = {
		.ambiguous = ambiguous[a->session->config->ambiguous],
		.no_color = !a->color, .ascii = a->ascii, .theme = a->theme,
	};
	struct term_about about;
	int rows, cols, rc = term_open(&a->term, &options, err);

	if (rc != 0)
		return rc;
	term_about(a->term, &about);
	a->ascii = about.ascii;
	term_size(a->term, &rows, &cols);
	surface_init(&a->surface, rows, cols);
	a->surface.ascii = a->ascii;
	return 0;
}

static void first_screen(struct app *a)
{
	app_switch(a, place_first(a));
	for (int t = 1; t < TABS && app_top(a) == NULL; t++)
		app_switch(a, t);
	if (app_top(a) == NULL)
		app_open(a, "history", "");
}

static void ask_device(struct app *a)
{
	job_ask(a, &cmd_device);
	APP_SAY(a, N_("the records come from another machine or from a backup: before writing, give this device a new tag"));
}

static void app_release(struct app *a)
{
	job_cancel(a);
	place_save(a);
	drafts_save(a);
	if (a->mode == MODE_HELP)
		help_close(a);
	for (int t = 0; t < TABS; t++)
		while (a->tabs[t].depth > 0)
			stack_pop(&a->tabs[t]);
	prompt_release(a);
	drafts_release(a);
	if (a->inotify >= 0)
		close(a->inotify);
	term_close(a->term);
	theme_free(a->theme);
	contract_free(a->retired);
	surface_release(&a->surface);
	strbuf_release(&a->message);
}

int console_run(struct session *s, struct err *err)
{
	struct app a = { .session = s, .inotify = -1, .health.fd = -1, .undo_tx = "", .saved_at = TIME_NONE,
			 .last_good_at = TIME_NONE };
	struct err theme_err = { 0 };

	fit_terminal(&a);
	read_theme(&a, &theme_err);
	if (theme_err.code != 0 && s->options->value[OPTION_theme] != NULL) {
		*err = theme_err;
		return err->code;
	}
	int rc = open_terminal(&a, err);
	if (rc != 0) {
		theme_free(a.theme);
		return rc;
	}
	prompt_init(&a);
	drafts_load(&a);
	watch_folder(&a);
	if (theme_err.code != 0)
		app_error(&a, &theme_err);
	first_screen(&a);
	if (store_device(s->store)->machine_changed && !s->read_only)
		ask_device(&a);
	a.dirty = true;
	while (!a.quit)
		turn(&a);
	int code = a.exit_code;
	recorder_stop(&a);
	health_stop(&a);
	app_release(&a);
	return code;
}
