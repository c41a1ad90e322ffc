/* One patch: where it stands, its hosts, agreement, stop and course. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/app/app.h"
#include "tui/screen/patch_lines.h"
#include "tui/screen/screen.h"

struct detail {
	char *id;
	struct lines lines;
	struct list list;
};

static int patch_open(struct screen *s, const char *subject, struct err *err)
{
	struct detail *d = mem_alloc(1, sizeof *d);

	(void)err;
	s->state = d;
	d->id = mem_text(subject);
	lines_list_init(&d->list, &d->lines);
	return 0;
}

static void patch_close(struct screen *s)
{
	struct detail *d = s->state;

	list_release(&d->list);
	lines_release(&d->lines);
	free(d->id);
	free(d);
}

static int patch_refill(struct screen *s, struct err *err)
{
	struct detail *d = s->state;
	struct patch_backlog b;
	int rc = patch_load(app_store(s->app), app_contract(s->app), d->id, app_now(s->app), &b, err);

	if (rc != 0)
		return rc;
	lines_release(&d->lines);
	patch_lines(app_contract(s->app), &b.v[0], &d->lines);
	patch_backlog_release(&b);
	list_refill(&d->list);
	return 0;
}

static void patch_draw(struct screen *s, struct surface *out, struct rect area)
{
	list_draw(&((struct detail *)s->state)->list, out, area, true);
}

static struct list *patch_list(struct screen *s)
{
	return &((struct detail *)s->state)->list;
}

/* The patch, and the host whose line the cursor is on. */
static size_t patch_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	struct detail *d = s->state;
	size_t i = list_selected(&d->list);

	if (max == 0)
		return 0;
	if (kind == ARG_PATCH) {
		ids[0] = d->id;
		return 1;
	}
	if (kind != ARG_HOST || i >= d->lines.list.len || *d->lines.list.v[i].id == '\0')
		return 0;
	ids[0] = d->lines.list.v[i].id;
	return 1;
}

const struct screen_ops screen_patch = {
	.name = "patch",
	.title = N_("patch"),
	.topics = TOPIC_PATCHES | TOPIC_CONTRACT | TOPIC_OTHER,
	.open = patch_open,
	.close = patch_close,
	.refill = patch_refill,
	.draw = patch_draw,
	.list = patch_list,
	.targets = patch_targets,
};
