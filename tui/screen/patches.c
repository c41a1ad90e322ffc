/* パッチ: the backlog (S2.3(2)③), a row a package and host group, most urgent first; below or beside it the one under the cursor.
 *
 * The backlog is loaded whole and bounded; drawing reads nothing. The subject says which: open (also ""), closed, all. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/app/app.h"
#include "tui/command/patch.h"
#include "tui/screen/patch_lines.h"
#include "tui/screen/screen.h"
#include "tui/widget/tr.h"

enum { WIDE_COLS = 150, LEFT_PART = 92, WHOLE_PART = 160, HEAD_ROWS = 2 };

enum { COL_SIGNIFICANCE, COL_NUMBER, COL_NAME, COL_SHOWN, COL_STAGE, COL_STEPS, COL_DUE, COL_NEXT, COL_OWNER, COLUMNS };

struct patches {
	struct screen *screen;
	enum patch_scope scope;
	struct patch_backlog backlog;
	struct list list;
	struct strbuf cell[COLUMNS]; /* texts of the row asked for last */
};

static const struct list_column columns[COLUMNS] = {
	[COL_SIGNIFICANCE] = { "significance", N_("weight"), 10, 10, 1, -1, true },
	[COL_NUMBER] = { "number", N_("number"), 6, 6, 2, -1, true },
	[COL_NAME] = { "name", N_("package"), 22, 0, 1, -1, true },
	[COL_SHOWN] = { "shown", N_("shown"), 5, 5, 5, -1, false },
	[COL_STAGE] = { "stage", N_("stage"), 12, 12, 4, -1, true },
	[COL_STEPS] = { "steps", N_("steps"), 9, 9, 1, -1, false },
	[COL_DUE] = { "due", N_("due"), 5, 5, 1, -1, true },
	[COL_NEXT] = { "next", N_("next action"), 18, 26, 1, -1, false },
	[COL_OWNER] = { "owner", N_("owner"), 6, 6, 6, -1, true },
};

static size_t row_count(void *ctx)
{
	return ((struct patches *)ctx)->backlog.len;
}

static const char *row_id(void *ctx, size_t i)
{
	return ((struct patches *)ctx)->backlog.v[i].row->id;
}

static void cell_hosts(const struct patch_item *item, struct strbuf *out, struct list_cell *cell)
{
	size_t ok = 0;

	for (size_t i = 0; i < item->facts.group_count; i++)
		ok += patch_host_state(&item->facts, item->facts.group[i]) == PATCH_HOST_SHOWN;
	strbuf_addf(out, "%zu/%zu", ok, item->facts.group_count);
	cell->role = ok == item->facts.group_count ? ROLE_text : ROLE_dim;
}

static void row_cells(void *ctx, size_t i, struct list_cell *cells)
{
	struct patches *p = ctx;
	const struct patch_item *item = &p->backlog.v[i];
	struct strbuf *text = p->cell;
	char marks[PATCH_MAIN_STAGES + 1];

	for (int k = 0; k < COLUMNS; k++)
		strbuf_clear(&text[k]);
	patch_progress(&item->facts, marks);
	strbuf_add_text(&text[COL_SIGNIFICANCE], significance_word(item->row->significance));
	strbuf_addf(&text[COL_NUMBER], "#%s", item->row->number);
	add_patch_name(app_contract(p->screen->app), item, &text[COL_NAME]);
	cell_hosts(item, &text[COL_SHOWN], &cells[COL_SHOWN]);
	strbuf_add_text(&text[COL_STAGE], patch_stage_word(item->row->stage));
	strbuf_add_text(&text[COL_STEPS], marks);
	if (item->next.due != TIME_NONE) {
		time_format(item->next.due, app_offset(p->screen->app), TIME_SHORT, &text[COL_DUE]);
		strbuf_cut(&text[COL_DUE], 5);
	} else {
		strbuf_add_text(&text[COL_DUE], "--");
	}
	if (item->next.overdue)
		strbuf_add_text(&text[COL_NEXT], "! ");
	add_msg(&text[COL_NEXT], &item->next.action);
	strbuf_add_text(&text[COL_OWNER], item->row->owner);
	cells[COL_SIGNIFICANCE].role = significance_role(item->row->significance);
	cells[COL_STEPS].role = item->owed != 0 ? ROLE_warn : ROLE_text;
	cells[COL_DUE].role = item->next.overdue ? ROLE_bad : ROLE_text;
	cells[COL_NEXT].role = item->next.overdue ? ROLE_bad : item->owed != 0 ? ROLE_warn : ROLE_text;
	cells[COL_DUE].number = item->next.due;
	cells[COL_STAGE].number = (int64_t)patch_stage(item->row);
	for (int k = 0; k < COLUMNS; k++)
		cells[k].text = strbuf_text(&text[k]);
}

static int patches_open(struct screen *s, const char *subject, struct err *err)
{
	static const struct list_source source = { .count = row_count, .row = row_cells, .id = row_id };
	struct patches *p = mem_alloc(1, sizeof *p);

	(void)err;
	s->state = p;
	p->screen = s;
	p->scope = strcmp(subject, "closed") == 0 ? PATCHES_CLOSED : strcmp(subject, "all") == 0 ? PATCHES_ALL : PATCHES_OPEN;
	list_init(&p->list, columns, COLUMNS, &source, p);
	p->list.empty = N_("no patch is open; c records a published fix");
	return 0;
}

static void patches_close(struct screen *s)
{
	struct patches *p = s->state;

	list_release(&p->list);
	patch_backlog_release(&p->backlog);
	for (int k = 0; k < COLUMNS; k++)
		strbuf_release(&p->cell[k]);
	free(p);
}

static int patches_refill(struct screen *s, struct err *err)
{
	struct patches *p = s->state;
	struct patch_backlog fresh;
	int rc = patches_load(app_store(s->app), app_contract(s->app), p->scope, app_now(s->app), &fresh, err);

	if (rc != 0)
		return rc;
	patch_backlog_release(&p->backlog);
	p->backlog = fresh;
	list_refill(&p->list);
	return 0;
}

/* ---- drawing ---- */

/* "影響確認 2  協議 1 …  判定待ち 1  期限超過 1  未了 1": what stands where, by the stages that hold something. */
static void draw_head(const struct patches *p, struct surface *out, struct rect area)
{
	struct strbuf text = { 0 };
	size_t stages[PATCH_STAGE_COUNT + 1] = { 0 }, unjudged = 0, overdue = 0, owed = 0;

	for (size_t i = 0; i < p->backlog.len; i++) {
		const struct patch_item *item = &p->backlog.v[i];
		stages[patch_stage(item->row)]++;
		unjudged += strcmp(item->row->significance, "undecided") == 0;
		overdue += item->next.overdue;
		owed += item->owed != 0;
	}
	strbuf_add_char(&text, ' ');
	ADD_MSG(&text, N_("{1} patch(es)"), MSG_INT((int64_t)p->backlog.len));
	if (unjudged > 0)
		strbuf_addf(&text, "  %s %zu", tr(N_("? unjudged")), unjudged);
	if (owed > 0)
		strbuf_addf(&text, "  ! %s %zu", tr(N_("owed")), owed);
	if (overdue > 0)
		strbuf_addf(&text, "  X %s %zu", tr(N_("overdue")), overdue);
	for (enum patch_stage s = 0; s < PATCH_STAGE_COUNT; s++) {
		if (stages[s] > 0)
			strbuf_addf(&text, "  %s %zu", patch_stage_word(patch_stage_info(s)->id), stages[s]);
	}
	surface_field(out, area.row, area.col, area.cols, overdue > 0 ? ROLE_bad : ROLE_text, -1, strbuf_text(&text));
	surface_hline(out, area.row + 1, area.col, area.cols, ROLE_frame);
	strbuf_release(&text);
}

static void draw_preview(const struct patches *p, struct surface *out, struct rect area)
{
	size_t i = list_selected(&p->list);
	struct lines lines = { 0 };

	if (i >= p->backlog.len)
		return;
	patch_lines(app_contract(p->screen->app), &p->backlog.v[i], &lines);
	lines_draw(&lines, out, area);
	lines_release(&lines);
}

static void patches_draw(struct screen *s, struct surface *out, struct rect area)
{
	struct patches *p = s->state;
	struct rect rest = { area.row + HEAD_ROWS, area.col, area.rows - HEAD_ROWS, area.cols };

	draw_head(p, out, area);
	if (rest.rows < 1)
		return;
	if (area.cols >= WIDE_COLS) {
		struct rect left = rest, right = rest;
		left.cols = area.cols * LEFT_PART / WHOLE_PART;
		right.col += left.cols + 1;
		right.cols -= left.cols + 1;
		surface_vline(out, rest.row, left.col + left.cols, rest.rows, ROLE_frame);
		list_draw(&p->list, out, left, true);
		draw_preview(p, out, right);
		return;
	}
	int below = rest.rows >= 12 ? rest.rows * 2 / 5 : 0;
	struct rect top = rest, bottom = { rest.row + rest.rows - below, rest.col, below, rest.cols };
	if (below > 0) {
		top.rows -= below + 1;
		surface_hline(out, bottom.row - 1, rest.col, rest.cols, ROLE_frame);
		draw_preview(p, out, bottom);
	}
	list_draw(&p->list, out, top, true);
}

static struct list *patches_list(struct screen *s)
{
	return &((struct patches *)s->state)->list;
}

static size_t patches_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	return kind == ARG_PATCH ? list_targets(patches_list(s), ids, max) : 0;
}

static void patches_enter(struct screen *s)
{
	const char *id = list_selected_id(patches_list(s));

	if (id != NULL)
		app_open(s->app, "patch", id);
}

const struct screen_ops screen_patches = {
	.name = "patches",
	.title = N_("patches"),
	.tab = 3,
	.topics = TOPIC_PATCHES | TOPIC_CONTRACT | TOPIC_OTHER,
	.open = patches_open,
	.close = patches_close,
	.refill = patches_refill,
	.draw = patches_draw,
	.list = patches_list,
	.targets = patches_targets,
	.enter = patches_enter,
};
