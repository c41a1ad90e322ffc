/* See stage.h. */
#include "tests/tui/screen/stage.h"

#include <stdio.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "tests/support/golden.h"
#include "tui/widget/tr.h"

enum { HEADER_ROWS = 3, FOOTER_ROWS = 4 };

const struct contract *app_contract(const struct app *a) { return a->contract; }
struct store *app_store(const struct app *a) { return a->store; }
struct status *app_status(const struct app *a) { (void)a; return NULL; }
struct config *app_config(const struct app *a) { (void)a; return NULL; }
int64_t app_now(const struct app *a) { return a->now; }
int app_offset(const struct app *a) { return a->contract->offset_s; }
const char *app_actor(const struct app *a) { (void)a; return "佐藤"; }
bool app_read_only(const struct app *a) { (void)a; return false; }
bool app_zoomed(const struct app *a) { return a->zoomed; }

void app_open(struct app *a, const char *screen, const char *subject)
{
	snprintf(a->opened, sizeof a->opened, "%s", screen);
	snprintf(a->subject, sizeof a->subject, "%s", subject);
}

void app_command(struct app *a, const char *line)
{
	snprintf(a->command, sizeof a->command, "%s", line);
}

void app_view(struct app *a, const char *title, const char *text)
{
	snprintf(a->opened, sizeof a->opened, "view");
	snprintf(a->subject, sizeof a->subject, "%.30s|%.30s", title, text);
}

void app_back(struct app *a) { (void)a; }
void app_say(struct app *a, const struct msg *m) { (void)a; (void)m; }
void app_error(struct app *a, const struct err *err) { (void)a; (void)err; }
void app_changed(struct app *a, unsigned topics) { (void)a; (void)topics; }
void app_redraw(struct app *a) { (void)a; }

void stage_open(struct screen *s, struct app *a, const struct screen_ops *ops, const char *subject)
{
	*s = (struct screen){ .ops = ops, .app = a };
	assert_int_equal(ops->open(s, subject, NULL), 0);
	assert_int_equal(ops->refill(s, NULL), 0);
}

void stage_close(struct screen *s)
{
	s->ops->close(s);
}

/* A wide glyph fills two cells, and the right one is empty: no cell stands alone. */
static void assert_cells_whole(const struct surface *s)
{
	for (int i = 0; i < s->rows * s->cols; i++) {
		const struct cell *c = &s->cells[i];
		if (c->cells == 2)
			assert_true(i % s->cols + 1 < s->cols && s->cells[i + 1].cells == 0);
		if (c->cells == 0)
			assert_true(i % s->cols > 0 && s->cells[i - 1].cells == 2);
		for (const char *p = c->glyph; *p != '\0'; p++)
			assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
	}
}

static void draw(struct screen *s, int rows, int cols, struct rect body, struct strbuf *out)
{
	struct surface surface;

	surface_init(&surface, rows, cols);
	surface.ascii = true;
	surface_clear(&surface);
	if (s->ops->settle != NULL)
		s->ops->settle(s, body);
	s->ops->draw(s, &surface, body);
	assert_cells_whole(&surface);
	surface_dump(&surface, true, out);
	surface_release(&surface);
}

void screen_golden(struct app *a, const struct screen_ops *ops, const char *subject, int rows, int cols, const char *name)
{
	struct strbuf text = { 0 }, path = { 0 };
	struct screen s;

	stage_open(&s, a, ops, subject);
	draw(&s, rows, cols, (struct rect){ 0, 0, rows, cols }, &text);
	strbuf_addf(&path, "tests/tui/screen/golden/%s.golden", name);
	golden_check(strbuf_text(&path), strbuf_text(&text));
	stage_close(&s);
	strbuf_release(&text);
	strbuf_release(&path);
}

void stage_golden(struct screen *s, const char *name, int rows, int cols)
{
	static const char *const langs[] = { "ja", "en" };
	struct strbuf out = { 0 };
	char path[256];

	for (int wide = 0; wide < 2; wide++) {
		for (size_t l = 0; l < 2; l++) {
			text_set_ambiguous_wide(wide);
			assert_true(lang_set(langs[l]));
			assert_int_equal(s->ops->refill(s, NULL), 0);
			strbuf_clear(&out);
			draw(s, rows, cols, (struct rect){ HEADER_ROWS, 0, rows - HEADER_ROWS - FOOTER_ROWS, cols }, &out);
			snprintf(path, sizeof path, "tests/tui/screen/golden/%s.%dx%d.%s.%s", name, cols, rows, langs[l],
				 wide ? "wide" : "narrow");
			golden_check(path, strbuf_text(&out));
		}
	}
	text_set_ambiguous_wide(false);
	lang_set("ja");
	strbuf_release(&out);
}

void stage_golden_all(struct screen *s, const char *name)
{
	stage_golden(s, name, 24, 80);
	stage_golden(s, name, 40, 120);
	stage_golden(s, name, 48, 160);
}
