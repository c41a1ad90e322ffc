/* 概況 as a screen of the console; see overview.h. Enter goes down to the service or site, then to its hosts. */
#include <stdlib.h>

#include "tui/app/app.h"
#include "tui/screen/overview.h"
#include "tui/screen/screen.h"

static int overview_open(struct screen *s, const char *subject, struct err *err)
{
	struct overview *o = mem_alloc(1, sizeof *o);

	(void)subject;
	(void)err;
	overview_init(o);
	s->state = o;
	return 0;
}

static void overview_close(struct screen *s)
{
	overview_release(s->state);
	free(s->state);
}

static int overview_refill(struct screen *s, struct err *err)
{
	struct app *a = s->app;

	return overview_fill(s->state, app_store(a), app_status(a), app_contract(a), app_now(a), err);
}

static void overview_show(struct screen *s, struct surface *out, struct rect area)
{
	overview_draw(s->state, app_now(s->app), out, area);
}

static struct list *overview_list(struct screen *s)
{
	struct overview *o = s->state;

	return o->sites_focused ? &o->sites : &o->services;
}

static size_t overview_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	struct overview *o = s->state;

	if (kind == (o->sites_focused ? ARG_SITE : ARG_SERVICE))
		return list_targets(overview_list(s), ids, max);
	return 0;
}

/* "service:opac", "site:kita": what the host screen narrows itself to. */
static void overview_enter(struct screen *s)
{
	struct overview *o = s->state;
	const char *id = list_selected_id(overview_list(s));
	struct strbuf subject = { 0 };

	if (id == NULL)
		return;
	strbuf_addf(&subject, "%s:%s", o->sites_focused ? "site" : "service", id);
	app_open(s->app, "below", strbuf_text(&subject));
	strbuf_release(&subject);
}

static void overview_next_pane(struct screen *s)
{
	struct overview *o = s->state;

	o->sites_focused = !o->sites_focused;
}

const struct screen_ops screen_overview = {
	.name = "overview",
	.title = N_("overview"),
	.tab = 1,
	.topics = TOPIC_ALL,
	.open = overview_open,
	.close = overview_close,
	.refill = overview_refill,
	.draw = overview_show,
	.list = overview_list,
	.targets = overview_targets,
	.enter = overview_enter,
	.next_pane = overview_next_pane,
};
