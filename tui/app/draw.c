/* The frame around every screen: tabs, the strip that says whether what is shown can be trusted, key bar, message.
 *
 * Header: tabs; strip; rule. Foot: rule where there is room, two rows of keys made from keys.def, one row of
 * message. What does not fit is left out from the least important on; nothing wraps. */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "tui/app/internal.h"
#include "tui/widget/tr.h"

#define WIDE_COLS 120
#define RULE_ROWS 20 /* from this height on the foot has a rule too */

static const char *const weekdays[] = {
	NC_("weekday", "Sun"), NC_("weekday", "Mon"), NC_("weekday", "Tue"), NC_("weekday", "Wed"),
	NC_("weekday", "Thu"), NC_("weekday", "Fri"), NC_("weekday", "Sat"),
};

/* ---- first row ---- */

static int draw_clock(const struct app *a, struct surface *out)
{
	struct civil c;
	struct strbuf text = { 0 };
	char m[24], d[24], h[24];
	struct msg msg;

	civil_from_time(app_now(a), app_offset(a), &c);
	snprintf(m, sizeof m, "%02d", c.month);
	snprintf(d, sizeof d, "%02d", c.day);
	snprintf(h, sizeof h, "%02d:%02d", c.hour, c.minute);
	MSG(&msg, N_("{1}/{2}({3}) {4}"), m, d, tr_in("weekday", weekdays[c.weekday]), h);
	msg_format(&msg, tr, &text);
	int cells = (int)text_cells(strbuf_text(&text));
	surface_text(out, 0, out->cols - cells - 1, cells, ROLE_bar, strbuf_text(&text));
	strbuf_release(&text);
	return cells + 2;
}

static int tab_text(const struct app *a, int tab, char text[128])
{
	const struct screen_ops *ops = screen_by_tab(tab);

	if (ops == NULL)
		return 0;
	snprintf(text, 128, tab == a->tab ? "[%d%s]" : "%d%s", tab, tr(ops->title));
	return (int)text_cells(text);
}

/* The first tabs, as many as fit, and in any case the one that is shown. */
static void draw_tab_words(struct app *a, struct surface *out, int col, int end)
{
	char text[128];
	int here = tab_text(a, a->tab, text);
	bool full = false;

	memset(a->tab_cols, 0, sizeof a->tab_cols);
	for (int t = 1; t < TABS; t++) {
		int cells = tab_text(a, t, text);
		int kept = t < a->tab ? here + 1 : 0;
		full = full || (cells > 0 && col + cells + kept > end);
		if (cells == 0 || (full && t != a->tab))
			continue;
		a->tab_cols[t][0] = col;
		a->tab_cols[t][1] = col + cells;
		col += surface_text(out, 0, col, cells, t == a->tab ? ROLE_tab : ROLE_bar, text) + 1;
	}
}

static void draw_tabs(struct app *a, struct surface *out)
{
	const struct contract *c = app_contract(a);
	char text[128];
	int tabs = 0;

	surface_fill(out, (struct rect){ 0, 0, 1, out->cols }, ROLE_bar);
	int end = out->cols - draw_clock(a, out);
	int col = 1 + surface_text(out, 0, 1, end, ROLE_bar, "hoshu ");
	const char *name = out->cols >= 120 ? tr_label(&c->name) : tr_label_short(&c->client);
	if (*name == '\0')
		name = tr_label_short(&c->short_name);
	if (c->practice)
		col += surface_text(out, 0, col, end - col, ROLE_practice, tr(N_("[practice]"))) + 1;
	for (int t = 1; t < (out->cols < WIDE_COLS ? 8 : TABS); t++)
		tabs += tab_text(a, t, text) > 0 ? tab_text(a, t, text) + 1 : 0;
	int room = end - col - tabs - 1;
	room = room > 40 ? 40 : room;
	/* the tabs are used all day; a name cut to a few cells tells nothing, the contract's short one may still fit */
	if ((int)text_cells(name) > room && *tr_label_short(&c->short_name) != '\0')
		name = tr_label_short(&c->short_name);
	if (room >= 8 || (int)text_cells(name) <= room)
		col += surface_field(out, 0, col, room < (int)text_cells(name) ? room : (int)text_cells(name), ROLE_bar, -1, name) + 1;
	draw_tab_words(a, out, col, end);
}

/* ---- second row: am I online, how old is this, who am I ---- */

struct strip {
	struct surface *out;
	int col;
};

static void strip_add(struct strip *s, enum role role, const struct msg *m)
{
	struct strbuf text = { 0 };

	msg_format(m, tr, &text);
	int cells = (int)text_cells(strbuf_text(&text));
	if (s->col + cells < s->out->cols)
		s->col += surface_text(s->out, 1, s->col, cells, role, strbuf_text(&text)) + 2;
	strbuf_release(&text);
}

#define STRIP(s, role, ...) \
	do { \
		struct msg strip_; \
		MSG(&strip_, __VA_ARGS__); \
		strip_add((s), (role), &strip_); \
	} while (0)

static void clock_text(const struct app *a, int64_t t, bool seconds, char out[16])
{
	struct civil c;

	civil_from_time(t, app_offset(a), &c);
	if (seconds)
		snprintf(out, 16, "%02d:%02d:%02d", c.hour, c.minute, c.second);
	else if (day_of_time(t, app_offset(a)) == day_of_time(app_now(a), app_offset(a)))
		snprintf(out, 16, "%02d:%02d", c.hour, c.minute);
	else
		snprintf(out, 16, "%02d/%02d %02d:%02d", c.month, c.day, c.hour, c.minute);
}

static void age_text(int64_t seconds, struct strbuf *out)
{
	struct msg m;

	if (seconds < 0)
		seconds = 0;
	if (seconds < 60)
		MSG(&m, N_("{1} s"), MSG_INT(seconds));
	else if (seconds < 7200)
		MSG(&m, N_("{1} min"), MSG_INT(seconds / 60));
	else if (seconds < 172800)
		MSG(&m, N_("{1} h"), MSG_INT(seconds / 3600));
	else
		MSG(&m, N_("{1} days"), MSG_INT(seconds / 86400));
	msg_format(&m, tr, out);
}

/* "OFFLINE since 19:02 (28 min)  as of 19:01": what is shown is as old as the last good answer. */
static void strip_offline(const struct app *a, struct strip *s)
{
	const struct recorder_status *r = &a->recorder;
	struct strbuf age = { 0 };
	char at[16];

	if (r->network_since == TIME_NONE) {
		STRIP(s, ROLE_own, N_("OFFLINE"));
	} else {
		clock_text(a, r->network_since, false, at);
		age_text(app_now(a) - r->network_since, &age);
		STRIP(s, ROLE_own, N_("OFFLINE since {1} ({2})"), at, strbuf_text(&age));
	}
	if (a->last_good_at != TIME_NONE) {
		clock_text(a, a->last_good_at, false, at);
		STRIP(s, ROLE_own, N_("shown as of {1}"), at);
	}
	strbuf_release(&age);
}

static void strip_network(const struct app *a, struct strip *s)
{
	const struct recorder_status *r = &a->recorder;
	struct strbuf age = { 0 }, next = { 0 };
	char at[16];

	if (!a->recorder_known || r->cycle_at == TIME_NONE || r->cycle_at == 0) {
		STRIP(s, ROLE_unknown, N_("network --"));
		STRIP(s, ROLE_unknown, N_("never probed"));
		return;
	}
	int64_t now = app_now(a), late = now - r->cycle_at;
	int64_t interval = app_contract(a)->interval_s > 0 ? app_contract(a)->interval_s : 60;
	bool stale = late > 3 * interval, wide = s->out->cols >= WIDE_COLS;
	if (!r->network_up)
		strip_offline(a, s);
	else /* who asked last long ago does not know whether the line stands */
		STRIP(s, stale ? ROLE_unknown : ROLE_ok, stale ? N_("network --") : N_("ONLINE"));
	age_text(late, &age);
	clock_text(a, r->cycle_at, late < 43200 && late >= 0, at);
	if (wide && !stale && r->next_at != TIME_NONE && r->next_at > now) {
		age_text(r->next_at - now, &next);
		STRIP(s, ROLE_text, N_("probed {1} ({2} ago, next in {3})"), at, strbuf_text(&age), strbuf_text(&next));
	} else if (r->network_up || wide) {
		STRIP(s, stale ? ROLE_warn : ROLE_text, N_("last probe {1} ({2} ago)"), at, strbuf_text(&age));
	}
	if (stale)
		STRIP(s, ROLE_warn, N_("not being watched"));
	strbuf_release(&age);
	strbuf_release(&next);
}

static void strip_hours(const struct app *a, struct strip *s)
{
	const struct contract *c = app_contract(a);
	int64_t t = app_now(a), second = t - day_start(day_of_time(t, c->offset_s), c->offset_s);
	char at[16];

	if (c->business_to_s <= c->business_from_s)
		return;
	bool inside = second >= c->business_from_s && second < c->business_to_s;
	int edge = inside ? c->business_to_s : c->business_from_s;
	snprintf(at, sizeof at, "%02d:%02d", edge / 3600 % 100, edge / 60 % 60);
	STRIP(s, ROLE_text, inside ? N_("service hours, until {1}") : N_("outside service hours, from {1}"), at);
}

static void draw_strip(const struct app *a, struct surface *out)
{
	struct strip s = { out, 1 };
	const struct config *config = a->session->config;

	if (app_read_only(a))
		STRIP(&s, ROLE_warn, N_("[read-only]"));
	strip_network(a, &s);
	STRIP(&s, ROLE_text, "{1} {2}", config->role == PERSON_PM ? "PM" : "SE", app_actor(a));
	STRIP(&s, ROLE_text, N_("not shared"));
	strip_hours(a, &s);
}

/* ---- the key bar ---- */

struct bar {
	struct surface *out;
	int row, rows, col, end; /* end: where the last row must stop */
};

/* One "key label"; false when it did not fit any more. */
static bool bar_add(struct bar *b, const char *key, const char *label)
{
	int gap = lang_japanese() ? 0 : 1, cells = (int)(text_cells(key) + text_cells(label)) + 1 + gap;
	int stop = b->rows == 1 ? b->end : b->out->cols;

	if (b->col + cells > stop) {
		if (b->rows == 1)
			return false;
		b->rows--;
		b->row++;
		b->col = 1;
		if (b->col + cells > (b->rows == 1 ? b->end : b->out->cols))
			return false;
	}
	b->col += surface_text(b->out, b->row, b->col, b->out->cols, ROLE_key, key);
	b->col += gap + surface_text(b->out, b->row, b->col + gap, b->out->cols, ROLE_text, label) + 1 + gap;
	return true;
}

static const char *short_key(const char *key)
{
	return strcmp(key, "Escape") == 0 ? "Esc" : key;
}

/* What works everywhere stands at the end of the second row, always. */
static void draw_fixed_keys(struct bar *b, bool top)
{
	size_t count;
	const struct key_binding *keys = key_bindings(&count);
	int cells = 0;

	for (int draw = 0; draw < 2; draw++) {
		int col = b->end;
		for (size_t i = 0; i < count; i++) {
			if (*keys[i].screen != '\0' || keys[i].label == NULL)
				continue;
			const char *label = tr(top && strcmp(keys[i].command, "@back") == 0 ? N_("quit") : keys[i].label);
			int gap = lang_japanese() ? 0 : 1;
			if (draw == 0) {
				cells += (int)(text_cells(keys[i].key) + text_cells(label)) + gap + 1;
				continue;
			}
			col += surface_text(b->out, b->row + b->rows - 1, col, b->out->cols, ROLE_key, keys[i].key) + gap;
			col += surface_text(b->out, b->row + b->rows - 1, col, b->out->cols, ROLE_text, label) + 1;
		}
		b->end = b->out->cols - cells - 1;
	}
}

static bool hidden_by_screen(const char *screen, const struct key_binding *k)
{
	const struct key_binding *other = key_binding_find(screen, true, key_parse(k->key));

	return other != NULL && other != k;
}

static void draw_screen_keys(const struct app *a, struct bar *b)
{
	const struct screen *top = app_top(a);
	const char *const groups[] = { top != NULL ? top->ops->name : "", app_list(a) != NULL ? "list" : NULL };
	size_t count;
	const struct key_binding *keys = key_bindings(&count);

	draw_fixed_keys(b, a->tabs[a->tab].depth <= 1);
	for (size_t g = 0; g < 2; g++) {
		for (size_t i = 0; groups[g] != NULL && *groups[g] != '\0' && i < count; i++) {
			if (strcmp(keys[i].screen, groups[g]) != 0 || keys[i].label == NULL)
				continue;
			if (g == 1 && hidden_by_screen(groups[0], &keys[i]))
				continue;
			if (!bar_add(b, short_key(keys[i].key), tr(keys[i].label)))
				return;
		}
	}
}

struct hint {
	const char *key, *label;
};

static const struct hint form_hints[] = {
	{ "Up/Down Tab", N_("field") }, { "<- ->", N_("choose") }, { "F4", N_("editor") },
	{ "F2 Ctrl-S", N_("do it") }, { "Esc", N_("leave (the draft is kept)") },
};
static const struct hint help_hints[] = {
	{ "a-z", N_("narrow") }, { "Up/Down", N_("select") }, { "Enter", N_("run it") }, { "Esc", N_("close") },
};
static const struct hint confirm_hints[] = { { "y", N_("yes") }, { "n Esc", N_("no") } };
static const struct hint search_hints[] = {
	{ "Enter", N_("take it") }, { "Esc", N_("as before") },
};

static void draw_hints(struct bar *b, const struct hint *hints, size_t count)
{
	b->end = b->out->cols;
	for (size_t i = 0; i < count; i++)
		bar_add(b, hints[i].key, tr(hints[i].label));
}
#define HINTS(b, list) draw_hints((b), (list), sizeof(list) / sizeof *(list))

static void draw_bar(struct app *a, struct surface *out, int row)
{
	struct bar b = { out, row, 2, 1, out->cols };

	switch (a->mode) {
	case MODE_SCREEN: draw_screen_keys(a, &b); break;
	case MODE_FORM: HINTS(&b, form_hints); break;
	case MODE_HELP: HINTS(&b, help_hints); break;
	case MODE_CONFIRM: HINTS(&b, confirm_hints); break;
	case MODE_PROMPT:
		if (a->prompt.kind != PROMPT_COMMAND)
			HINTS(&b, search_hints);
		break;
	}
}

/* ---- the message row ---- */

static void draw_message(const struct app *a, struct surface *out)
{
	int row = out->rows - 1, end = out->cols - 1;
	struct strbuf right = { 0 };
	struct msg m;
	char at[16];

	if (a->job.waiting) {
		surface_text(out, row, 1, end, ROLE_warn, tr(N_("saving; another program holds the records")));
		return;
	}
	/* beside the field there is not always room for all of it */
	if (a->mode == MODE_FORM && a->form.at < a->form.fields.len && a->form.fields.v[a->form.at].problem.len > 0) {
		surface_text(out, row, 1, end, ROLE_error, strbuf_text(&a->form.fields.v[a->form.at].problem));
		return;
	}
	if (a->saved_at != TIME_NONE && a->undo_tx[0] != '\0') {
		clock_text(a, a->saved_at, false, at);
		MSG(&m, N_("saved {1}  u:undo"), at);
		msg_format(&m, tr, &right);
		int cells = (int)text_cells(strbuf_text(&right));
		surface_text(out, row, out->cols - cells - 1, cells, ROLE_dim, strbuf_text(&right));
		end = out->cols - cells - 3;
	}
	surface_text(out, row, 1, end, a->message_role, strbuf_text(&a->message));
	strbuf_release(&right);
}

static void draw_too_small(struct surface *out)
{
	struct strbuf text = { 0 };
	struct msg m;

	MSG(&m, N_("the window is too small: {1}x{2} of {3}x{4} cells"), MSG_INT(out->cols), MSG_INT(out->rows),
	    MSG_INT(MIN_COLS), MSG_INT(MIN_ROWS));
	msg_format(&m, tr, &text);
	surface_text(out, 0, 0, out->cols, ROLE_warn, strbuf_text(&text));
	strbuf_release(&text);
}

static void draw_body(struct app *a, struct surface *out, struct rect body)
{
	struct screen *top = app_top(a);

	if (a->mode == MODE_FORM) {
		form_draw(&a->form, out, body);
		return;
	}
	if (a->mode == MODE_HELP) {
		help_draw(a, out, body);
		return;
	}
	if (top != NULL && top->ops->settle != NULL)
		top->ops->settle(top, body);
	if (top != NULL)
		top->ops->draw(top, out, body);
	if (a->mode == MODE_CONFIRM)
		job_draw_confirm(a, out, body);
}

void app_draw(struct app *a)
{
	struct surface *out = &a->surface;

	surface_clear(out);
	out->cursor_visible = false;
	out->cursor_row = out->cursor_col = -1;
	if (out->rows < MIN_ROWS || out->cols < MIN_COLS) {
		draw_too_small(out);
		return;
	}
	int keys = out->rows - 3;
	int foot = out->rows >= RULE_ROWS ? keys - 1 : keys;
	struct rect body = { 3, 0, foot - 3, out->cols };
	draw_tabs(a, out);
	draw_strip(a, out);
	surface_hline(out, 2, 0, out->cols, ROLE_frame);
	draw_body(a, out, body);
	if (foot < keys)
		surface_hline(out, foot, 0, out->cols, ROLE_frame);
	draw_bar(a, out, keys);
	if (a->mode == MODE_PROMPT)
		prompt_draw(a, out, (struct rect){ keys, 0, 2, out->cols }, out->rows - 1);
	else
		draw_message(a, out);
}
