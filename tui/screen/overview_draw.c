/* Drawing the overview: one pane at 80 columns, what needs a person beside it from 140 on. */
#include <stdio.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "core/base/civil.h"
#include "tui/screen/overview.h"
#include "tui/widget/tr.h"

enum { WIDE = 140, SIDE = 55 };

/* ---- words ---- */

enum role condition_role(enum condition c)
{
	static const enum role roles[COND_COUNT] = {
		[COND_NONE] = ROLE_dim,     [COND_OK] = ROLE_ok,           [COND_STOPPED] = ROLE_stopped,
		[COND_NEVER] = ROLE_unknown, [COND_STALE] = ROLE_unknown,   [COND_UNKNOWN] = ROLE_unknown,
		[COND_UNREACH] = ROLE_own,  [COND_WARN] = ROLE_warn,       [COND_EMERGENCY] = ROLE_warn,
		[COND_AFFECTED] = ROLE_warn, [COND_DOWN] = ROLE_bad,
	};
	return roles[c];
}

const char *condition_word(enum condition c)
{
	return c == COND_NONE ? "--" : tr_in("condition", condition_title(c));
}

static void add_msg(struct strbuf *out, const char *msgid, const char *arg)
{
	struct msg m;

	MSG(&m, msgid, arg);
	msg_format(&m, tr, out);
}

void add_age(int64_t now, int64_t at, struct strbuf *out)
{
	int64_t age = at != TIME_NONE && now > at ? now - at : 0;

	if (at == TIME_NONE)
		strbuf_add_text(out, "--");
	else if (age < 120)
		add_msg(out, N_("{1} s"), MSG_INT(age));
	else if (age < 120 * 60)
		add_msg(out, N_("{1} min"), MSG_INT(age / 60));
	else if (age < 2 * DAY_SECONDS)
		add_msg(out, N_("{1} h"), MSG_INT(age / 3600));
	else
		add_msg(out, N_("{1} days"), MSG_INT(age / DAY_SECONDS));
}

/* "5h10m", "3d": what is left, or how far it is past. */
static void add_left(int64_t now, const struct need *n, struct strbuf *out)
{
	int64_t left = n->due - now, size = left < 0 ? -left : left;
	struct strbuf span = { 0 };

	if (size >= 2 * DAY_SECONDS)
		add_msg(&span, N_("{1}d"), MSG_INT(size / DAY_SECONDS));
	else
		strbuf_addf(&span, "%lldh%02lldm", (long long)(size / 3600), (long long)(size / 60 % 60));
	const char *text = strbuf_text(&span);
	if (n->guideline)
		add_msg(out, left < 0 ? N_("past the guideline by {1}") : N_("{1} to the guideline"), text);
	else
		add_msg(out, left < 0 ? N_("late by {1}") : n->begins ? N_("in {1}") : N_("{1} left"), text);
	strbuf_release(&span);
}

/* "10/14 14:52", "10/19" for a day, "2025-04-30" for one of another year. */
static void add_due(const struct overview *o, const struct need *n, struct strbuf *out)
{
	int offset = o->contract->offset_s;
	struct civil due, now;

	civil_from_time(n->due, offset, &due);
	civil_from_time(o->now, offset, &now);
	if (due.year != now.year)
		time_format(n->due, offset, TIME_DAY, out);
	else if (n->day)
		strbuf_addf(out, "%02d/%02d", due.month, due.day);
	else
		time_format(n->due, offset, TIME_SHORT, out);
}

static const char *state_word(const char *name, size_t len)
{
	enum probe_state state;
	char copy[16] = "";

	if (len >= sizeof copy)
		return "";
	memcpy(copy, name, len);
	return probe_state_parse(copy, &state) ? tr_in("state", probe_state_title(state)) : "";
}

void add_event(const struct contract *c, const struct status_event *e, struct strbuf *out)
{
	const struct check *check = contract_check_by_id(c, e->check);
	const char *p = e->text;
	size_t from = strcspn(p, " "), to = p[from] == ' ' ? strcspn(p + from + 1, " ") : 0;
	enum probe_reason reason = REASON_NONE;

	time_format(e->at, c->offset_s, TIME_SHORT, out);
	strbuf_add_char(out, ' ');
	if (strcmp(e->kind, "state") == 0) {
		const char *why = p + from + 1 + to;
		strbuf_addf(out, "%s %s -> %s", check != NULL ? tr_label(&check->name) : e->check, state_word(p, from),
			    to > 0 ? state_word(p + from + 1, to) : "");
		if (to > 0 && *why == ' ' && probe_reason_parse(why + 1, &reason) && reason != REASON_NONE)
			strbuf_addf(out, " (%s)", tr(probe_reason_title(reason)));
	} else if (strcmp(e->kind, "network") == 0) {
		strbuf_add_text(out, strcmp(p, "up") == 0 ? tr(N_("this PC is online again")) : tr(N_("this PC is offline")));
	} else if (strcmp(e->kind, "recorder") == 0) {
		strbuf_add_text(out, strcmp(p, "stop") == 0 ? tr(N_("watching ended")) : tr(N_("watching began")));
	} else if (strcmp(e->kind, "status-damaged") == 0) {
		strbuf_addf(out, "%s (%s)", tr(N_("damaged measurements were set aside")), p);
	} else if (strcmp(e->kind, "status-restored") == 0) {
		strbuf_addf(out, "%s (%s)", tr(N_("measurements were put back from a backup")), p);
	} else {
		strbuf_addf(out, "%s %s", e->kind, p);
	}
}

/* ---- rows of the two lists ---- */

static const char *put(struct overview *o, size_t column, const struct strbuf *text)
{
	struct strbuf clean = { 0 };
	size_t len;

	text_sanitize(strbuf_text(text), text->len, &clean);
	len = text_fit(strbuf_text(&clean), sizeof o->cell[0] / 2, &(size_t){ 0 });
	len = len < sizeof o->cell[0] ? len : 0;
	memcpy(o->cell[column], strbuf_text(&clean), len);
	o->cell[column][len] = '\0';
	strbuf_release(&clean);
	return o->cell[column];
}

static void mark_cell(struct overview *o, struct list_cell *cells, enum condition c)
{
	o->cell[0][0] = condition_mark(c);
	o->cell[0][1] = '\0';
	cells[0].text = o->cell[0];
	cells[0].role = condition_role(c);
}

static void state_cell(struct overview *o, struct list_cell *cells, size_t column, enum condition c)
{
	struct strbuf text = { 0 };

	strbuf_addf(&text, "[%s]", condition_word(c));
	cells[column].text = put(o, column, &text);
	cells[column].role = condition_role(c);
	strbuf_release(&text);
}

static void light_cell(struct list_cell *cells, size_t column, enum condition c)
{
	cells[column].text = condition_word(c);
	cells[column].role = condition_role(c);
}

static void age_cell(struct overview *o, struct list_cell *cells, size_t column, int64_t at)
{
	struct strbuf text = { 0 };

	add_age(o->now, at, &text);
	cells[column].text = put(o, column, &text);
	cells[column].role = ROLE_dim;
	strbuf_release(&text);
}

static void cause_cell(struct overview *o, struct list_cell *cells, size_t column, const struct light *l)
{
	const struct basis *b = &l->causes[0];
	struct strbuf text = { 0 };

	if (l->cause_count > 0 && b->condition > COND_OK) {
		strbuf_add_text(&text, b->name != NULL ? tr_label_short(b->name) : b->id);
		if (b->reason != REASON_NONE)
			strbuf_addf(&text, " %s", tr(probe_reason_title(b->reason)));
		cells[column].role = condition_role(b->condition);
	}
	cells[column].text = put(o, column, &text);
	strbuf_release(&text);
}

static void hours_cell(struct overview *o, struct list_cell *cells, size_t column, const struct service_now *v)
{
	struct strbuf text = { 0 }, at = { 0 };
	struct civil c;

	if (v->window_changes_at != TIME_NONE) {
		civil_from_time(v->window_changes_at, o->contract->offset_s, &c);
		strbuf_addf(&at, "%02d:%02d", c.hour, c.minute);
	}
	if (v->stop != NULL && v->stop->to_at != TIME_NONE) {
		civil_from_time(v->stop->to_at, o->contract->offset_s, &c);
		strbuf_clear(&at);
		strbuf_addf(&at, "%02d:%02d", c.hour, c.minute);
		add_msg(&text, N_("stopped to {1}"), strbuf_text(&at));
	} else if (v->in_window) {
		bool always = v->service->window.kind == OPEN_24X7;
		add_msg(&text, always ? N_("all hours") : N_("to {1}"), strbuf_text(&at));
	} else {
		add_msg(&text, N_("closed to {1}"), strbuf_text(&at));
	}
	cells[column].text = put(o, column, &text);
	strbuf_release(&text);
	strbuf_release(&at);
}

static void service_row(void *ctx, size_t i, struct list_cell *cells)
{
	struct overview *o = ctx;
	const struct service_now *v = &o->view.s.services[i];
	struct strbuf text = { 0 };

	mark_cell(o, cells, v->condition);
	cells[1].text = tr_label_short(&v->service->name);
	state_cell(o, cells, 2, v->condition);
	light_cell(cells, 3, v->latency.condition);
	if (v->response_ms != TIME_NONE) {
		strbuf_addf(&text, "%lld.%llds", (long long)(v->response_ms / 1000), (long long)(v->response_ms % 1000 / 100));
		cells[3].text = put(o, 3, &text);
		cells[3].role = v->latency.condition == COND_NONE ? ROLE_text : condition_role(v->latency.condition);
	}
	light_cell(cells, 4, v->integrity.condition);
	hours_cell(o, cells, 5, v);
	strbuf_clear(&text);
	if (o->next_stops[i] != TIME_NONE)
		time_format(o->next_stops[i], o->contract->offset_s, TIME_SHORT, &text);
	cells[6].text = text.len > 0 ? put(o, 6, &text) : "--";
	cells[6].role = text.len > 0 ? ROLE_text : ROLE_dim;
	cause_cell(o, cells, 7, v->availability.condition > COND_OK ? &v->availability : &v->integrity);
	age_cell(o, cells, 8, v->at);
	strbuf_release(&text);
}

static void site_row(void *ctx, size_t i, struct list_cell *cells)
{
	struct overview *o = ctx;
	const struct site_now *s = &o->view.s.sites[i];
	struct strbuf text = { 0 };

	mark_cell(o, cells, s->condition);
	strbuf_addf(&text, "%d %s", s->site->number, tr_label_short(&s->site->name));
	cells[1].text = put(o, 1, &text);
	state_cell(o, cells, 2, s->condition);
	light_cell(cells, 3, s->line);
	strbuf_clear(&text);
	if (s->hosts > 0 && s->at == TIME_NONE)
		strbuf_addf(&text, "-/%d", s->hosts); /* nobody was asked: that is not none */
	else if (s->hosts > 0)
		strbuf_addf(&text, "%d/%d", s->hosts_up, s->hosts);
	else
		strbuf_add_text(&text, "--");
	cells[4].text = put(o, 4, &text);
	light_cell(cells, 5, s->integrity.condition);
	cells[6].text = o->site_tickets[i];
	cells[6].role = ROLE_warn;
	cause_cell(o, cells, 7, &s->light);
	age_cell(o, cells, 8, s->at);
	strbuf_release(&text);
}

static size_t service_count(void *ctx)
{
	const struct overview *o = ctx;

	return o->view.filled ? o->contract->service_count : 0;
}

static size_t site_count(void *ctx)
{
	const struct overview *o = ctx;

	return o->view.filled ? o->contract->site_count : 0;
}

static const char *service_id(void *ctx, size_t i)
{
	return ((struct overview *)ctx)->contract->services[i].id;
}

static const char *site_id(void *ctx, size_t i)
{
	return ((struct overview *)ctx)->contract->sites[i].id;
}

void overview_init(struct overview *o)
{
	static const struct list_column services[] = {
		{ "mark", "", 1, 1, 1, -1, false },
		{ "name", N_("service"), 14, 16, 1, -1, false },
		{ "state", N_("state"), 10, 11, 1, -1, true },
		{ "latency", N_("response"), 8, 8, 2, -1, false },
		{ "integrity", N_("integrity"), 8, 9, 2, -1, false },
		{ "hours", N_("hours"), 11, 14, 3, -1, false },
		{ "stop", N_("next stop"), 12, 12, 2, -1, false },
		{ "cause", N_("cause"), 20, 0, 4, -1, false },
		{ "age", N_("watched"), 7, 7, 1, 1, false },
	};
	static const struct list_column sites[] = {
		{ "mark", "", 1, 1, 1, -1, false },
		{ "name", N_("site"), 14, 16, 1, -1, false },
		{ "state", N_("state"), 10, 11, 1, -1, true },
		{ "line", N_("network"), 8, 8, 2, -1, false },
		{ "hosts", N_("machines"), 8, 8, 2, -1, false },
		{ "integrity", N_("integrity"), 8, 9, 2, -1, false },
		{ "tickets", N_("tickets"), 12, 14, 2, -1, false },
		{ "cause", N_("cause"), 20, 0, 4, -1, false },
		{ "age", N_("watched"), 7, 7, 1, 1, false },
	};
	static const struct list_source service_source = { .count = service_count, .row = service_row, .id = service_id };
	static const struct list_source site_source = { .count = site_count, .row = site_row, .id = site_id };

	memset(o, 0, sizeof *o);
	list_init(&o->services, services, sizeof services / sizeof *services, &service_source, o);
	list_init(&o->sites, sites, sizeof sites / sizeof *sites, &site_source, o);
}

/* ---- panes ---- */

struct counts {
	struct surface *out;
	int row, col, end;
	enum role role;
};

/* One "patches 2", left out whole where it does not fit. */
static void add_count(struct counts *c, const char *msgid, int count, const char *more)
{
	struct strbuf text = { 0 };

	add_msg(&text, msgid, MSG_INT(count));
	strbuf_add_text(&text, more);
	int cells = (int)text_cells(strbuf_text(&text));
	if (c->col + cells <= c->end)
		c->col += surface_text(c->out, c->row, c->col, cells, c->role, strbuf_text(&text)) + 2;
	strbuf_release(&text);
}

static int failing_machines(const struct overview *o)
{
	int failing = 0;

	for (size_t i = 0; o->view.filled && i < o->contract->host_count; i++)
		failing += o->view.s.hosts[i].condition >= COND_WARN;
	return failing;
}

/* "Needs you: tickets 3 (#S39 5h10m to the guideline)  machines failing 1  patches 2 …", the most pressing first. */
static void draw_summary(const struct overview *o, struct surface *out, int row, int col, int cols)
{
	const struct need *nearest = NULL;
	struct strbuf text = { 0 };
	int used = surface_text(out, row, col + 1, cols - 2, ROLE_head, tr(N_("Needs you")));
	struct counts c = { out, row, col + used + 3, col + cols - 1, o->needs.len > 0 ? o->needs.v[0].role : ROLE_text };
	const struct {
		const char *msgid;
		int count;
	} rest[] = {
		{ N_("machines failing {1}"), failing_machines(o) }, { N_("crew {1}"), o->breaches },
		{ N_("submissions {1}"), o->submissions },           { N_("patches {1}"), o->patches },
		{ N_("stops {1}"), o->stops },                       { N_("inventory {1}"), o->findings },
	};

	for (size_t i = 0; i < o->needs.len && nearest == NULL; i++) {
		if (o->needs.v[i].guideline && o->needs.v[i].due != TIME_NONE)
			nearest = &o->needs.v[i];
	}
	if (nearest != NULL) {
		strbuf_addf(&text, " (%.*s ", (int)strcspn(nearest->text, " "), nearest->text);
		add_left(o->now, nearest, &text);
		strbuf_add_char(&text, ')');
	}
	add_count(&c, N_("tickets {1}"), o->tickets, strbuf_text(&text));
	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
		if (rest[i].count > 0)
			add_count(&c, rest[i].msgid, rest[i].count, "");
	}
	strbuf_release(&text);
}

static void draw_need(const struct overview *o, const struct need *n, struct surface *out, int row, int col, int cols)
{
	struct strbuf due = { 0 }, left = { 0 };
	char mark[2] = { n->mark, '\0' };

	if (n->due != TIME_NONE) {
		add_due(o, n, &due);
		add_left(o->now, n, &left);
	} else {
		strbuf_add_text(&due, "--");
	}
	int tail = (int)text_cells(strbuf_text(&left));
	tail = tail > cols / 3 ? cols / 3 : tail;
	surface_field(out, row, col + 1, 1, n->role, -1, mark);
	surface_field(out, row, col + 3, 11, ROLE_text, -1, strbuf_text(&due));
	surface_field(out, row, col + 15, cols - 17 - tail, ROLE_text, -1, n->text);
	surface_field(out, row, col + cols - tail - 1, tail, n->role, 1, strbuf_text(&left));
	strbuf_release(&due);
	strbuf_release(&left);
}

static int draw_needs(const struct overview *o, struct surface *out, struct rect a)
{
	int row = 0;

	surface_field(out, a.row, a.col + 1, a.cols - 1, ROLE_head, -1, tr(N_("Needs you (by deadline)")));
	for (size_t i = 0; i < o->needs.len && row + 1 < a.rows; i++)
		draw_need(o, &o->needs.v[i], out, a.row + ++row, a.col, a.cols);
	if (o->needs.len == 0 && a.rows > 1)
		surface_text(out, a.row + ++row, a.col + 1, a.cols - 1, ROLE_dim, tr(N_("nothing waits")));
	return row + 1;
}

static void draw_duties(const struct overview *o, struct surface *out, struct rect a)
{
	surface_field(out, a.row, a.col + 1, a.cols - 1, ROLE_head, -1, tr(N_("Obligations")));
	for (size_t i = 0; i < o->duties.len && (int)i + 1 < a.rows; i++) {
		const struct duty *d = &o->duties.v[i];
		struct strbuf day = { 0 };
		int row = a.row + 1 + (int)i;
		if (d->due_day != DAY_NONE)
			time_format(day_start(d->due_day, o->contract->offset_s), o->contract->offset_s, TIME_DAY, &day);
		surface_field(out, row, a.col + 1, 10, ROLE_text, -1, d->due_day != DAY_NONE ? strbuf_text(&day) : "--");
		surface_field(out, row, a.col + 12, a.cols - 25, ROLE_text, -1, d->name);
		surface_field(out, row, a.col + a.cols - 12, 11, d->role, 1, d->state);
		strbuf_release(&day);
	}
}

/* Open patches, two stages a row. */
static int draw_patches(const struct overview *o, struct surface *out, struct rect a)
{
	int row = 0, half = a.cols / 2, shown = 0;

	surface_field(out, a.row, a.col + 1, a.cols - 1, ROLE_head, -1, tr(N_("Patches by stage")));
	for (int s = 0; s < PATCH_STAGE_COUNT; s++) {
		char count[16];
		if (o->patch_stages[s] == 0)
			continue;
		int col = a.col + 1 + (shown % 2) * half;
		row += shown++ % 2 == 0;
		snprintf(count, sizeof count, "%d", o->patch_stages[s]);
		surface_field(out, a.row + row, col, half - 8, ROLE_text, -1, tr_in("patch stage", patch_stage_info((enum patch_stage)s)->label));
		surface_field(out, a.row + row, col + half - 7, 4, ROLE_text, 1, count);
	}
	if (shown == 0)
		surface_text(out, a.row + ++row, a.col + 1, a.cols - 1, ROLE_dim, tr(N_("none is open")));
	return row + 1;
}

static void watch_line(const struct overview *o, struct surface *out, struct rect a, int row, const char *label, int64_t at)
{
	struct strbuf text = { 0 };

	if (at != TIME_NONE)
		time_format(at, o->contract->offset_s, TIME_SECONDS, &text);
	else
		strbuf_add_text(&text, "--");
	if (row < a.rows) {
		surface_field(out, a.row + row, a.col + 1, 20, ROLE_text, -1, tr(label));
		surface_field(out, a.row + row, a.col + 22, a.cols - 23, ROLE_text, -1, strbuf_text(&text));
	}
	strbuf_release(&text);
}

/* What the recorder says of itself. */
static void draw_watch(const struct overview *o, struct surface *out, struct rect a)
{
	const struct recorder_status *r = &o->view.recorder;
	struct strbuf text = { 0 };
	int fine = 0, judged = 0;

	for (size_t i = 0; o->view.filled && i < o->contract->check_count; i++) {
		judged++;
		fine += o->view.s.checks[i].condition == COND_OK;
	}
	surface_field(out, a.row, a.col + 1, a.cols - 1, ROLE_head, -1, tr(N_("Watching")));
	watch_line(o, out, a, 1, N_("last round"), r->cycle_at);
	watch_line(o, out, a, 2, N_("next round"), r->next_at);
	watch_line(o, out, a, 3, N_("recorder since"), r->started_at);
	watch_line(o, out, a, 4, r->network_up ? N_("online since") : N_("offline since"), r->network_since);
	if (a.rows > 5) {
		strbuf_addf(&text, "%d/%d", fine, judged);
		surface_field(out, a.row + 5, a.col + 1, 20, ROLE_text, -1, tr(N_("checks that are normal")));
		surface_field(out, a.row + 5, a.col + 22, a.cols - 23, ROLE_text, -1, strbuf_text(&text));
	}
	strbuf_release(&text);
}

static void draw_events(const struct overview *o, struct surface *out, struct rect a)
{
	surface_field(out, a.row, a.col + 1, a.cols - 1, ROLE_head, -1, tr(N_("Latest events")));
	for (size_t i = 0; i < o->past.len && (int)i + 1 < a.rows; i++)
		surface_field(out, a.row + 1 + (int)i, a.col + 1, a.cols - 2, ROLE_text, -1, o->past.v[i].text);
}

static void draw_cause(const struct overview *o, const struct basis *b, struct surface *out, int row, int col, int cols)
{
	struct strbuf text = { 0 };
	char mark[2] = { condition_mark(b->condition), '\0' };

	strbuf_addf(&text, "%s  %s  ", b->name != NULL ? tr_label(b->name) : b->id, condition_word(b->condition));
	if (b->reason != REASON_NONE)
		strbuf_addf(&text, "%s  ", tr(probe_reason_title(b->reason)));
	add_age(o->now, b->at, &text);
	if (b->text != NULL && b->text[0] != '\0')
		strbuf_addf(&text, "  %s", b->text);
	surface_text(out, row, col + 1, 1, condition_role(b->condition), mark);
	surface_text(out, row, col + 3, cols - 3, condition_role(b->condition), strbuf_text(&text));
	strbuf_release(&text);
}

/* What the selected row rests on. */
static int draw_detail(const struct overview *o, struct surface *out, struct rect a)
{
	const struct list *l = o->sites_focused ? &o->sites : &o->services;
	size_t i = list_selected(l);
	int row = 0;

	if (i == SIZE_MAX || !o->view.filled || a.rows < 2)
		return 0;
	const struct service_now *v = o->sites_focused ? NULL : &o->view.s.services[i];
	const struct light *lights[2] = { v != NULL ? &v->availability : &o->view.s.sites[i].light, v != NULL ? &v->integrity : NULL };
	struct strbuf title = { 0 };
	add_msg(&title, N_("{1} rests on"), tr_label(v != NULL ? &v->service->name : &o->view.s.sites[i].site->name));
	surface_field(out, a.row, a.col + 1, a.cols - 1, ROLE_head, -1, strbuf_text(&title));
	strbuf_release(&title);
	for (int k = 0; k < 2; k++) {
		for (size_t n = 0; lights[k] != NULL && n < lights[k]->cause_count && row + 1 < a.rows; n++)
			draw_cause(o, &lights[k]->causes[n], out, a.row + ++row, a.col, a.cols);
	}
	return row + 1;
}

static int min_int(int a, int b)
{
	return a < b ? a : b;
}

/* As many whole entries as fit, the rest as "+3". */
static void draw_due_line(const struct overview *o, struct surface *out, int row, int col, int cols)
{
	struct strbuf text = { 0 };
	size_t dated = 0, shown = 0;
	int used = 0;

	for (size_t i = 0; i < o->needs.len; i++)
		dated += o->needs.v[i].due != TIME_NONE;
	for (size_t i = 0; i < o->needs.len && shown < dated; i++) {
		const struct need *n = &o->needs.v[i];
		if (n->due == TIME_NONE)
			continue;
		strbuf_clear(&text);
		add_due(o, n, &text);
		/* a ticket is named by its number, the title stands on its own screen */
		strbuf_addf(&text, " %.*s", n->guideline ? (int)strcspn(n->text, " ") : (int)strlen(n->text), n->text);
		int cells = (int)text_cells(strbuf_text(&text)), rest = shown + 1 < dated ? 5 : 0;
		if (shown > 0 && used + cells + rest > cols)
			break;
		used += surface_field(out, row, col + used, cells < cols - used - rest ? cells : cols - used - rest, n->role, -1,
				      strbuf_text(&text)) + 2;
		shown++;
	}
	strbuf_clear(&text);
	if (shown < dated)
		strbuf_addf(&text, "+%zu", dated - shown);
	surface_text(out, row, col + used, cols - used, ROLE_dim, strbuf_text(&text));
	strbuf_release(&text);
}

/* One line each for deadlines and events, where there is no room for more. */
static void draw_foot(const struct overview *o, struct surface *out, struct rect a)
{
	int used = surface_text(out, a.row, a.col + 1, a.cols - 2, ROLE_head, tr(N_("Due")));

	draw_due_line(o, out, a.row, a.col + used + 3, a.cols - used - 4);
	if (a.rows < 2)
		return;
	used = surface_text(out, a.row + 1, a.col + 1, a.cols - 2, ROLE_head, tr(N_("Last")));
	if (o->past.len > 0)
		surface_field(out, a.row + 1, a.col + used + 3, a.cols - used - 4, ROLE_text, -1, o->past.v[0].text);
}

static void draw_left(struct overview *o, struct surface *out, struct rect a, bool summary)
{
	int row = a.row, left = a.rows - 2, services = (int)service_count(o) + 1, sites = (int)site_count(o) + 1;

	if (summary) {
		draw_summary(o, out, row++, a.col, a.cols);
		left--;
		if (services + sites + 3 <= left) {
			surface_hline(out, row++, a.col, a.cols, ROLE_frame);
			left--;
		}
	}
	bool rule = services + sites + 1 <= left;
	left -= services + sites + 2 <= left ? 2 : rule;
	sites = min_int(sites, left / 2 > left - services ? left / 2 : left - services);
	services = min_int(services, left - sites);
	list_draw(&o->services, out, (struct rect){ row, a.col, services, a.cols }, !o->sites_focused);
	row += services;
	if (rule)
		surface_hline(out, row++, a.col, a.cols, ROLE_frame);
	list_draw(&o->sites, out, (struct rect){ row, a.col, sites, a.cols }, o->sites_focused);
	row += sites;
	struct rect rest = { row, a.col, a.row + a.rows - row, a.cols };
	if (rest.rows > 2) {
		surface_hline(out, rest.row++, a.col, a.cols, ROLE_frame);
		rest.rows--;
	}
	if (rest.rows < 6) {
		draw_foot(o, out, rest);
		return;
	}
	int used = draw_detail(o, out, (struct rect){ rest.row, rest.col, rest.rows / 2, rest.cols });
	if (used > 0) {
		surface_hline(out, rest.row + used, a.col, a.cols, ROLE_frame);
		rest.row += used + 1;
		rest.rows -= used + 1;
	}
	if (summary) {
		used = draw_needs(o, out, (struct rect){ rest.row, rest.col, rest.rows / 2, rest.cols });
		rest.row += used;
		rest.rows -= used;
	}
	if (rest.rows > 0)
		draw_events(o, out, rest);
}

/* 要対応, patches by stage, obligations, and what watches; each keeps the rows it needs. */
static void draw_side(const struct overview *o, struct surface *out, struct rect a)
{
	int end = a.row + a.rows, watch = 6, patches = PATCH_STAGE_COUNT / 2 + 2;
	int needs = min_int((int)o->needs.len + 1, a.rows - watch - patches - 8);

	a.rows = needs > 2 ? needs : 2;
	a.row += draw_needs(o, out, a);
	surface_hline(out, a.row++, a.col, a.cols, ROLE_frame);
	a.rows = patches;
	a.row += draw_patches(o, out, a);
	surface_hline(out, a.row++, a.col, a.cols, ROLE_frame);
	a.rows = min_int((int)o->duties.len + 1, end - a.row - watch);
	draw_duties(o, out, a);
	a.row += a.rows;
	surface_hline(out, a.row++, a.col, a.cols, ROLE_frame);
	a.rows = end - a.row;
	draw_watch(o, out, a);
}

void overview_draw(struct overview *o, int64_t now, struct surface *out, struct rect area)
{
	if (o->contract == NULL)
		return;
	o->now = now;
	situation_view_age(&o->view, now);
	if (area.cols < WIDE) {
		draw_left(o, out, area, true);
		return;
	}
	struct rect side = { area.row, area.col + area.cols - SIDE, area.rows, SIDE };
	draw_left(o, out, (struct rect){ area.row, area.col, area.rows, area.cols - SIDE - 1 }, false);
	surface_vline(out, area.row, side.col - 1, area.rows, ROLE_frame);
	draw_side(o, out, side);
}
