/* See fake_app.h. */
#include "tests/tui/screen/fake_app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "tests/support/golden.h"

const struct contract *app_contract(const struct app *a)
{
	return a->contract;
}

struct store *app_store(const struct app *a)
{
	return a->store;
}

int64_t app_now(const struct app *a)
{
	return a->now;
}

int app_offset(const struct app *a)
{
	return a->contract->offset_s;
}

const char *app_actor(const struct app *a)
{
	(void)a;
	return "佐藤";
}

void app_open(struct app *a, const char *screen, const char *subject)
{
	snprintf(a->opened, sizeof a->opened, "%s %s", screen, subject);
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

void screen_golden(struct app *a, const struct screen_ops *ops, const char *subject, int rows, int cols, const char *name)
{
	struct screen s = { .ops = ops, .app = a };
	struct surface out;
	struct strbuf text = { 0 }, path = { 0 };

	surface_init(&out, rows, cols);
	out.ascii = true;
	surface_clear(&out);
	assert_int_equal(ops->open(&s, subject, NULL), 0);
	assert_int_equal(ops->refill(&s, NULL), 0);
	ops->draw(&s, &out, (struct rect){ 0, 0, rows, cols });
	assert_cells_whole(&out);
	surface_dump(&out, true, &text);
	strbuf_addf(&path, "tests/tui/screen/golden/%s.golden", name);
	golden_check(strbuf_text(&path), strbuf_text(&text));
	ops->close(&s);
	surface_release(&out);
	strbuf_release(&text);
	strbuf_release(&path);
}
