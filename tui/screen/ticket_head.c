/* See ticket_head.h, and the phrases of ticket_pane.h. */
#include "tui/screen/ticket_head.h"

#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "core/ticket/flow.h"
#include "core/ticket/talk.h"
#include "tui/screen/ticket_pane.h"
#include "tui/widget/tr.h"

enum { BAR_CELLS = 50, BAR_REST = 30, DAYS_FROM_S = 72 * 3600 };

/* ---- the clock in words ---- */

void hours_bar(int cells, int64_t done, int64_t total, struct strbuf *out)
{
	int inner = cells > 2 ? cells - 2 : 0, full = bar_cells(inner, done, total);

	strbuf_add_char(out, '[');
	strbuf_pad(out, '#', (size_t)full);
	strbuf_pad(out, '-', (size_t)(inner - full));
	strbuf_add_char(out, ']');
}

void hours_text(int64_t seconds, bool days, struct strbuf *out)
{
	struct msg m;

	if (days && seconds >= DAYS_FROM_S) {
		MSG(&m, N_("{1}d"), MSG_INT(seconds / DAY_SECONDS));
		msg_format(&m, tr, out);
		return;
	}
	strbuf_addf(out, "%lldh%02lldm", (long long)(seconds / 3600), (long long)(seconds / 60 % 60));
}

enum role severity_role(enum severity s)
{
	static const enum role roles[] = { ROLE_unknown, ROLE_bad, ROLE_warn, ROLE_dim };

	return roles[s];
}

enum role recovery_role(const struct recovery *r)
{
	switch (r->state) {
	case RECOVERY_OVERDUE: return r->judged || r->provisional || r->deferred ? ROLE_bad : ROLE_warn;
	case RECOVERY_MISSED: return r->judged ? ROLE_bad : ROLE_text;
	case RECOVERY_MET: return ROLE_ok;
	case RECOVERY_RUNNING: return r->remaining_s < 12 * 3600 ? ROLE_warn : ROLE_text;
	default: return ROLE_dim;
	}
}

static void phrase(struct strbuf *out, const char *id, int64_t seconds)
{
	struct strbuf span = { 0 };
	struct msg m;

	hours_text(seconds, false, &span);
	MSG(&m, id, strbuf_text(&span));
	msg_format(&m, tr, out);
	strbuf_release(&span);
}

void recovery_phrase(const struct recovery *r, enum severity severity, struct strbuf *out)
{
	switch (r->state) {
	case RECOVERY_NONE: break;
	case RECOVERY_NOT_STARTED:
		strbuf_add_text(out, tr(r->start == TIME_NONE ? N_("clock not started") : N_("waits for the reception")));
		break;
	case RECOVERY_OUT_OF_SCOPE: strbuf_add_text(out, tr(N_("out of scope"))); break;
	case RECOVERY_RUNNING:
		if (severity == SEVERITY_NORMAL)
			strbuf_add_text(out, tr(N_("promptly")));
		else
			phrase(out, r->deferred ? N_("put off, {1} left") : N_("{1} to the guideline"), r->remaining_s);
		break;
	case RECOVERY_OVERDUE:
		phrase(out, severity == SEVERITY_NORMAL ? N_("promptly; {1} beyond 48 h") : N_("over the guideline by {1}"),
		       r->over_s);
		break;
	case RECOVERY_MET: phrase(out, r->judged ? N_("within the guideline, {1}") : N_("recovered after {1}"), r->elapsed_s); break;
	case RECOVERY_MISSED:
		phrase(out, r->judged ? N_("over the guideline, {1}") : N_("recovered after {1}"), r->elapsed_s);
		break;
	}
}

void next_phrase(const struct ticket_detail *d, const struct contract *c, struct strbuf *out)
{
	const struct ticket *t = ROWS(ticket, &d->ticket);
	const struct flow *f = contract_flow(c, t->kind);
	struct msg what = { 0 };
	bool consulted = false;

	for (size_t i = 0; i < d->talks.len; i++)
		consulted |= strcmp(ROWS(talk, &d->talks)[i].about, about_words[ABOUT_SECURITY].id) == 0;
	if (f != NULL)
		ticket_next(t, f, ROWS(tick, &d->ticks), d->ticks.len, consulted, lang_japanese(), &what);
	msg_format(&what, tr, out);
}

/* ---- rows ---- */

struct head {
	const struct ticket_detail *detail;
	const struct ticket *ticket;
	const struct contract *contract;
	const struct flow *flow;
	struct recovery recovery;
	struct surface *out;
	struct rect area;
	int row; /* of the next line, from the area's first */
	int64_t now;
};

static bool room(const struct head *h)
{
	return h->row < h->area.rows;
}

static void head_title(struct head *h)
{
	struct strbuf left = { 0 }, right = { 0 };
	const struct ticket *t = h->ticket;
	const struct site *site = contract_site(h->contract, t->site);
	enum severity severity = severity_of(t->severity);
	int row = h->area.row + h->row++, cols = h->area.cols;

	if (h->flow != NULL && h->flow->clock)
		strbuf_addf(&right, "%s %s  ", tr(word_label(severity_words, t->severity)), severity_mark(severity));
	else if (h->flow != NULL)
		strbuf_addf(&right, "%s  ", tr_label(&h->flow->name));
	strbuf_addf(&right, "%s %s ", tr(N_("owner")), t->owner[0] != '\0' ? t->owner : "--");
	int cells = (int)text_cells(strbuf_text(&right));
	cells = cells < cols / 2 ? cells : cols / 2;
	strbuf_addf(&left, " #%s %s%s%s", t->number, site != NULL ? tr_label_short(&site->name) : t->site, t->site[0] != '\0' ? " " : "",
		    t->title);
	surface_field(h->out, row, h->area.col, cols - cells - 1, ROLE_head, -1, strbuf_text(&left));
	surface_field(h->out, row, h->area.col + cols - cells, cells, severity_role(severity), -1, strbuf_text(&right));
	strbuf_release(&left);
	strbuf_release(&right);
}

static void head_bar(struct head *h)
{
	struct strbuf text = { 0 };
	const struct recovery *r = &h->recovery;
	int row = h->area.row + h->row, cells = h->area.cols - BAR_REST < BAR_CELLS ? h->area.cols - BAR_REST : BAR_CELLS;

	if (h->flow == NULL || !h->flow->clock || !room(h))
		return;
	h->row++;
	int64_t total = r->start != TIME_NONE ? r->due - r->start : h->contract->recovery_target_s;
	strbuf_addf(&text, " %lldh ", (long long)((total + 3599) / 3600));
	if (r->start != TIME_NONE && cells >= 12)
		hours_bar(cells, r->elapsed_s, total, &text);
	int col = h->area.col + surface_text(h->out, row, h->area.col, h->area.cols, recovery_role(r), strbuf_text(&text)) + 1;
	strbuf_clear(&text);
	recovery_phrase(r, severity_of(h->ticket->severity), &text);
	if (r->provisional && r->state != RECOVERY_OUT_OF_SCOPE)
		strbuf_add_text(&text, tr(N_(" (provisional)")));
	surface_text(h->out, row, col, h->area.col + h->area.cols - col, recovery_role(r), strbuf_text(&text));
	strbuf_release(&text);
}

/* "検知 10/12 14:47  連絡 …": a stamp that is not known is "--". */
static void add_stamp(const struct head *h, const char *name, int64_t at, struct strbuf *out)
{
	strbuf_addf(out, " %s ", name);
	time_format(at, h->contract->offset_s, TIME_SHORT, out);
	strbuf_add_char(out, ' ');
}

static void head_stamps(struct head *h)
{
	struct strbuf text = { 0 };
	const struct ticket *t = h->ticket;
	bool clock = h->flow != NULL && h->flow->clock;

	if (room(h)) {
		add_stamp(h, tr(N_("detected")), t->detected_at, &text);
		add_stamp(h, tr(N_("contact")), t->contact_at, &text);
		if (clock)
			add_stamp(h, tr(h->recovery.provisional ? N_("guideline (prov.)") : N_("recovery guideline")),
				  h->recovery.due, &text);
		surface_text(h->out, h->area.row + h->row++, h->area.col, h->area.cols, ROLE_text, strbuf_text(&text));
	}
	strbuf_clear(&text);
	if (room(h)) {
		add_stamp(h, tr(N_("work started")), t->started_at, &text);
		if (clock)
			add_stamp(h, tr(N_("recovered")), t->recovered_at, &text);
		add_stamp(h, tr(N_("city confirmed")), t->confirmed_at, &text);
		if (t->caller[0] != '\0')
			strbuf_addf(&text, " %s %s", tr(N_("caller")), t->caller);
		if (t->taken_by[0] != '\0')
			strbuf_addf(&text, "  %s %s", tr(N_("taken by")), t->taken_by);
		surface_text(h->out, h->area.row + h->row++, h->area.col, h->area.cols, ROLE_text, strbuf_text(&text));
	}
	strbuf_release(&text);
}

static void head_rule(struct head *h)
{
	if (room(h))
		surface_hline(h->out, h->area.row + h->row++, h->area.col, h->area.cols, ROLE_frame);
}

/* When a stage was entered last: the hour today, else the day. */
static void stage_time(const struct head *h, const char *stage, struct strbuf *out)
{
	int64_t at = TIME_NONE;
	struct strbuf full = { 0 };
	int offset = h->contract->offset_s;

	for (size_t i = 0; i < h->detail->stages.len; i++)
		if (strcmp(ROWS(ticket_stage, &h->detail->stages)[i].stage, stage) == 0)
			at = ROWS(ticket_stage, &h->detail->stages)[i].at;
	time_format(at, offset, TIME_SHORT, &full);
	if (at == TIME_NONE)
		strbuf_add_text(out, "--");
	else if (day_of_time(at, offset) == day_of_time(h->now, offset))
		strbuf_add_text(out, strbuf_text(&full) + 6);
	else
		strbuf_add(out, strbuf_text(&full), 5);
	strbuf_release(&full);
}

static void head_flow(struct head *h)
{
	const struct flow *f = h->flow;
	struct strbuf text = { 0 };

	if (f == NULL || f->stage_count == 0 || h->row + 2 > h->area.rows)
		return;
	int width = (h->area.cols - 1) / (int)f->stage_count, at = stage_index(f, h->ticket->stage);
	width = width > 14 ? 14 : width;
	for (size_t i = 0; i < f->stage_count && width > 2; i++) {
		bool here = (int)i == at;
		int col = h->area.col + 1 + (int)i * width;
		enum role role = here ? ROLE_tab : (int)i < at ? ROLE_text : ROLE_dim;
		strbuf_clear(&text);
		strbuf_addf(&text, here ? "[%zu%s]" : "%zu%s", i + 1, tr_label_short(&f->stages[i].name));
		surface_field(h->out, h->area.row + h->row, col, here ? width : width - 1, role, -1, strbuf_text(&text));
		strbuf_clear(&text);
		stage_time(h, f->stages[i].id, &text);
		surface_field(h->out, h->area.row + h->row + 1, col, width - 1, ROLE_dim, -1, strbuf_text(&text));
	}
	h->row += 2;
	strbuf_release(&text);
}

static void head_line(struct head *h, enum role role, const char *title, const char *text)
{
	struct strbuf line = { 0 };

	if (text[0] != '\0' && room(h)) {
		strbuf_addf(&line, " %s: %s", title, text);
		surface_text(h->out, h->area.row + h->row++, h->area.col, h->area.cols, role, strbuf_text(&line));
	}
	strbuf_release(&line);
}

static void head_deferral(struct head *h)
{
	struct strbuf text = { 0 };
	const struct talk *t = h->detail->deferral;

	if (t == NULL)
		return;
	strbuf_addf(&text, "%s %s ", tr(word_label(body_words, t->body)), t->person);
	time_format(t->at, h->contract->offset_s, TIME_SHORT, &text);
	strbuf_addf(&text, " %s  %s ", tr(word_label(means_words, t->means)), tr(N_("until")));
	time_format(t->new_due, h->contract->offset_s, TIME_SHORT, &text);
	if (t->conditions[0] != '\0')
		strbuf_addf(&text, "  %s %s", tr(N_("conditions")), t->conditions);
	head_line(h, ROLE_text, tr(N_("putting off")), strbuf_text(&text));
	strbuf_release(&text);
}

int ticket_head_draw(const struct ticket_detail *d, const struct contract *c, int64_t now, struct surface *out,
		     struct rect area)
{
	const struct ticket *t = ROWS(ticket, &d->ticket);
	struct head h = { .detail = d, .ticket = t, .contract = c, .flow = contract_flow(c, t->kind), .out = out, .area = area,
			  .now = now };
	struct strbuf next = { 0 };

	ticket_recovery(t, d->deferral, c, now, &h.recovery);
	head_title(&h);
	head_bar(&h);
	head_stamps(&h);
	head_rule(&h);
	head_flow(&h);
	next_phrase(d, c, &next);
	head_line(&h, ROLE_warn, tr(N_("next")), strbuf_text(&next));
	head_deferral(&h);
	if (area.rows > 16) {
		head_line(&h, ROLE_text, tr(N_("cause")), t->cause_text);
		head_line(&h, ROLE_text, tr(N_("measure")), t->measure_text);
	}
	head_rule(&h);
	strbuf_release(&next);
	return h.row;
}
