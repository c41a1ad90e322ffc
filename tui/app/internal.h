/* The console's insides, shared by the files of tui/app alone. */
#ifndef TUI_APP_INTERNAL_H
#define TUI_APP_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "tui/app/app.h"
#include "tui/cli/session.h"
#include "tui/command/command.h"
#include "tui/command/output.h"
#include "tui/screen/keys.h"
#include "tui/screen/screen.h"
#include "tui/term/term.h"
#include "tui/widget/form.h"
#include "tui/widget/lineedit.h"
#include "tui/widget/list.h"

#define TABS 9          /* 1–8; 0 is for screens without a tab before any is shown */
#define STACK 12        /* screens one above the other in a tab */
#define MIN_ROWS 16
#define MIN_COLS 60
#define BUSY_LIMIT_MS 5000
#define BUSY_STEP_MS 10
#define TARGETS_MAX 1000

enum mode { MODE_SCREEN, MODE_PROMPT, MODE_FORM, MODE_CONFIRM, MODE_HELP };
enum prompt_kind { PROMPT_COMMAND, PROMPT_FILTER, PROMPT_SEARCH };

struct stack {
	struct screen *v[STACK];
	size_t depth;
};

/* The line at the foot: ':', '/', '\'. */
struct prompt {
	enum prompt_kind kind;
	struct lineedit edit;
	char *before;               /* the filter when it began: Esc brings it back */
	VEC(char *) history;        /* of ':', oldest first */
	size_t at;                  /* in the history; its length: the line being typed */
	char *typed;                /* the line that Up left */
	VEC(char *) candidates;     /* of the word being typed */
	size_t candidate;           /* the one shown by Tab, SIZE_MAX none */
	size_t word_at;             /* bytes before the word being completed */
};

/* What was typed into a form that was left: kept until the verb succeeds. */
struct draft {
	char *verb, *subject;
	VEC(char *) values; /* one an argument of the verb */
};

/* A run on its way: waiting for its form, for a yes, or for the database. */
struct job {
	bool active, confirmed, waiting;
	struct run run;
	struct output out;
	char subject[80];  /* the record it was started on, "" */
	int64_t began_ms;  /* of waiting, monotonic */
};

struct help_entry {
	const char *key, *command, *text; /* text is a msgid */
	char id[8];
};
struct help {
	struct list list;
	struct lineedit edit;
	VEC(struct help_entry) entries;
};

struct app {
	struct session *session;
	struct term *term;
	struct theme *theme;
	char theme_name[64];
	bool ascii, color;
	struct surface surface;
	struct stack tabs[TABS];
	int tab;
	enum mode mode;
	struct prompt prompt;
	struct form form;
	struct job job;
	struct help help;
	VEC(struct draft) drafts;

	struct strbuf message;      /* in the language of the screen, sanitised when drawn */
	enum role message_role;
	char undo_tx[UUID_SIZE];
	int64_t saved_at;

	unsigned changed;           /* topics since the last refill */
	int64_t store_version, status_version;
	struct recorder_status recorder;
	bool recorder_known;
	int64_t last_good_at;       /* newest good answer of any check, TIME_NONE; kept while this PC is offline */
	int inotify;
	struct client_side *collector; /* the recorder that runs, NULL for none */
	int tab_cols[TABS][2];         /* where each tab was drawn: from, to; for the mouse */
	struct {
		pid_t pid; /* 0: none */
		int fd;    /* -1: none */
		struct strbuf said;
	} health;
	int64_t recorder_gone_ms;   /* monotonic, when one ended last; 0: never */
	bool collector_tried;
	bool dirty, quit, sync, zoomed, refill_busy, reopen;
	int exit_code;
	struct contract *retired;   /* one reload's old contract, freed when no screen points into it */
};

/* ---- health.c: the records are checked by a child ---- */
void health_start(struct app *a);
void health_heard(struct app *a); /* its word, or its end */
void health_stop(struct app *a);

/* ---- recorder.c ---- */
void recorder_start(struct app *a);
void recorder_heard(struct app *a);
void recorder_tend(struct app *a);
void recorder_stop(struct app *a);

/* ---- app.c ---- */
struct screen *app_top(const struct app *a);
struct list *app_list(const struct app *a);
int64_t monotonic_ms(void);
void app_message(struct app *a, enum role role, const char *text);
void app_key(struct app *a, const struct key *key);
void app_switch(struct app *a, int tab);
void app_reopen_all(struct app *a);

/* ---- place.c: where the console was left ---- */
/* The tab to begin with: 障害課題 when a major fault is open, else the one left last; 0 for no wish. A PM begins on the overview. */
int place_first(const struct app *a);
void place_save(const struct app *a);

/* ---- theme.c ---- */
int app_theme_read(const struct app *a, const char *name, struct theme **out, struct err *err);

/* ---- draw.c ---- */
void app_draw(struct app *a);

/* ---- act.c: keys of a screen, and what they do ---- */
void act_key(struct app *a, const struct key *key);
void act_run(struct app *a, const char *command);
/* What "@zoom" and the like do, a msgid. */
const char *act_summary(const char *act);

/* ---- job.c: running a verb ---- */
void job_start(struct app *a, const struct command *c, const char *const *words, size_t count);
/* Opens the form though the verb could run without. */
void job_ask(struct app *a, const struct command *c);
void job_try(struct app *a);     /* goes on with what waits */
void job_cancel(struct app *a);  /* the form's texts become a draft */
void job_form_key(struct app *a, const struct key *key);
void job_confirm_key(struct app *a, const struct key *key);
void job_draw_confirm(struct app *a, struct surface *out, struct rect body);
void drafts_load(struct app *a);
void drafts_save(struct app *a);
void drafts_release(struct app *a);

/* ---- offer.c ---- */
/* Calls each with every record of that kind whose number or name begins as typed. */
void offer_records(const struct app *a, enum arg_kind kind, const char *start, void (*each)(void *ctx, const char *text), void *ctx);

/* ---- prompt.c ---- */
/* Makes a folder and those above it, 0700. */
void make_folders(const char *path);
void prompt_init(struct app *a);
void prompt_release(struct app *a);
void prompt_open(struct app *a, enum prompt_kind kind, const char *text);
void prompt_key(struct app *a, const struct key *key);
void prompt_draw(struct app *a, struct surface *out, struct rect keys, int row);

/* ---- help.c ---- */
void help_open(struct app *a);
void help_key(struct app *a, const struct key *key);
void help_draw(struct app *a, struct surface *out, struct rect body);
void help_close(struct app *a);

#endif
