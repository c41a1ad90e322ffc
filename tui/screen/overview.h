/* 概況: services and sites with their three lights, what needs a person by deadline, what happened last (S1.1, screens.md 2.1, 2.7).
 *
 * The model reads (overview_fill) and draws (overview_draw) without the console, so that its golden pictures need no terminal. Figures that
 * nobody has measured are left out. */
#ifndef TUI_SCREEN_OVERVIEW_H
#define TUI_SCREEN_OVERVIEW_H

#include <stdint.h>

#include "core/patch/patch.h"
#include "data/collect/view.h"
#include "data/store/status.h"
#include "data/store/store.h"
#include "tui/widget/list.h"
#include "tui/widget/surface.h"

/* Something that waits for a person. */
struct need {
	int64_t due;      /* TIME_NONE: without a date */
	bool guideline;   /* due is 復旧目安, not a deadline */
	bool day;         /* due is the end of a day */
	bool begins;      /* due is when it begins: a planned stop */
	enum role role;
	char mark;
	const char *text; /* in the overview's arena */
};

/* An obligation and where it stands, for the PM's pane. */
struct duty {
	const char *name, *state;
	int32_t due_day;
	enum role role;
};

/* What a person or the recorder did, for the list of latest events. */
struct happening {
	int64_t at;
	const char *text;
};

struct overview {
	const struct contract *contract;
	int64_t now;
	struct situation_view view;
	struct arena mem;
	VEC(struct need) needs;   /* nearest first */
	VEC(struct duty) duties;
	VEC(struct happening) past; /* newest first */
	const char **site_tickets;  /* one a site: "#S39 #S41", "" */
	int64_t *next_stops;        /* one a service: when its next planned stop begins, TIME_NONE */
	int tickets, patches, submissions, stops, findings, breaches;
	int patch_stages[PATCH_STAGE_COUNT];
	struct list services, sites;
	bool sites_focused;
	char cell[10][96];        /* of the row being drawn */
};

void overview_init(struct overview *o);
void overview_release(struct overview *o);
/* HS_ERR_BUSY keeps what it held. status may be NULL. */
int overview_fill(struct overview *o, struct store *store, struct status *status, const struct contract *c, int64_t now,
		  struct err *err);
/* now moves on without a refill: ages grow. */
void overview_draw(struct overview *o, int64_t now, struct surface *out, struct rect area);

/* What screens about servers share. */
enum role condition_role(enum condition c);
const char *condition_word(enum condition c); /* in the language of the screen; "--" for COND_NONE */
/* "8 s", "5 min", "3 h", "2 days"; "--" when at is TIME_NONE. */
void add_age(int64_t now, int64_t at, struct strbuf *out);
void add_event(const struct contract *c, const struct status_event *e, struct strbuf *out);

#endif
