/* ticket show: one ticket and its time line of stages, talks, notes and checks; for machines a table of each. */
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "core/ticket/talk.h"
#include "data/store/talk.h"
#include "tui/command/ticket.h"
#include "tui/widget/tr.h"

static const struct arg args_show[] = {
	{ "ticket", ARG_TICKET, ARG_REQUIRED | ARG_POSITIONAL, N_("ticket") },
	ARG_END,
};

static void add_time(struct strbuf *out, const struct run *run, int64_t t)
{
	time_format(t, run->contract->offset_s, TIME_MINUTES, out);
}

static void add_line(struct strbuf *out, const char *title, const char *text)
{
	text_pad(title, 14, -1, out);
	strbuf_addf(out, " %s\n", text[0] != '\0' ? text : "--");
}

static void add_time_line(struct strbuf *out, const struct run *run, const char *title, int64_t t)
{
	text_pad(title, 14, -1, out);
	strbuf_add_char(out, ' ');
	add_time(out, run, t);
	strbuf_add_char(out, '\n');
}

static void show_head(struct run *run, const struct ticket_detail *d, struct strbuf *out)
{
	const struct ticket *t = ROWS(ticket, &d->ticket);
	const struct flow *f = contract_flow(run->contract, t->kind);
	const struct flow_stage *stage = f != NULL ? flow_stage(f, t->stage) : NULL;
	const struct site *site = contract_site(run->contract, t->site);
	struct strbuf left = { 0 };

	recovery_text(&d->recovery, severity_of(t->severity), &left);
	strbuf_addf(out, "#%s %s\n", t->number, t->title);
	add_line(out, tr(N_("ticket kind")), f != NULL ? tr_label(&f->name) : t->kind);
	add_line(out, tr(N_("site")), site != NULL ? tr_label(&site->name) : t->site);
	add_line(out, tr(N_("severity")), tr(word_label(severity_words, t->severity)));
	add_line(out, tr(N_("caused by")), tr(word_label(cause_words, t->cause)));
	add_line(out, tr(N_("stage")), stage != NULL ? tr_label(&stage->name) : t->stage);
	add_line(out, tr(N_("owner")), t->owner);
	add_line(out, tr(N_("who took the call")), t->taken_by);
	add_line(out, tr(N_("who called")), t->caller);
	add_time_line(out, run, tr(d->recovery.provisional ? N_("guideline (prov.)") : N_("recovery guideline")),
		      d->recovery.due);
	add_line(out, tr(N_("left")), strbuf_text(&left));
	add_time_line(out, run, tr(N_("detected")), t->detected_at);
	add_time_line(out, run, tr(N_("contact")), t->contact_at);
	add_time_line(out, run, tr(N_("work started")), t->started_at);
	add_time_line(out, run, tr(N_("recovered")), t->recovered_at);
	add_time_line(out, run, tr(N_("city confirmed")), t->confirmed_at);
	add_time_line(out, run, tr(N_("closed at")), t->closed_at);
	add_line(out, tr(N_("cause")), t->cause_text);
	add_line(out, tr(N_("measure")), t->measure_text);
	strbuf_release(&left);
}

/* ---- the time line: stages, talks, notes and checks in one order of time ---- */

struct event {
	int64_t at;
	size_t order;
	const char *who, *text;
};
struct events {
	VEC(struct event) list;
};

static void add_event(struct events *events, struct run *run, int64_t at, const char *who, struct strbuf *text)
{
	struct event *e = vec_add(&events->list);

	*e = (struct event){ at, events->list.len, strcmp(who, "auto") == 0 ? tr(N_("automatic")) : who,
			     arena_text(&run->mem, strbuf_text(text)) };
	strbuf_clear(text);
}

static void add_stages(struct events *events, struct run *run, const struct ticket_detail *d, struct strbuf *text)
{
	const struct flow *flow = contract_flow(run->contract, ROWS(ticket, &d->ticket)->kind);

	for (size_t i = 0; i < d->stages.len; i++) {
		const struct ticket_stage *s = &ROWS(ticket_stage, &d->stages)[i];
		const struct flow_stage *stage = flow != NULL ? flow_stage(flow, s->stage) : NULL;
		strbuf_addf(text, "[%s]%s%s", stage != NULL ? tr_label(&stage->name) : s->stage, s->reason[0] != '\0' ? " " : "",
			    s->reason);
		add_event(events, run, s->at, s->who, text);
	}
}

static void add_talks(struct events *events, struct run *run, const struct ticket_detail *d, struct strbuf *text)
{
	for (size_t i = 0; i < d->talks.len; i++) {
		const struct talk *t = &ROWS(talk, &d->talks)[i];
		const char *fate = t->cancels[0] != '\0' ? tr(N_("cancellation"))
				   : talk_cancelled(&d->talks, t->id) ? tr(N_("withdrawn")) : "";
		strbuf_addf(text, "#%s %s: %s %s %s%s%s%s%s", t->number, tr(word_label(act_words, t->act)),
			    tr(word_label(body_words, t->body)), t->person, tr(word_label(result_words, t->result)),
			    fate[0] != '\0' ? " " : "", fate, t->said[0] != '\0' ? "  " : "", t->said);
		add_event(events, run, t->at, t->who, text);
	}
}

static void add_notes(struct events *events, struct run *run, const struct ticket_detail *d, struct strbuf *text)
{
	for (size_t i = 0; i < d->notes.len; i++) {
		const struct note *n = &ROWS(note, &d->notes)[i];
		strbuf_addf(text, "(%s) %s", tr(strcmp(n->audience, "client") == 0 ? N_("client") : N_("internal")), n->body);
		add_event(events, run, n->at, n->who, text);
	}
}

static void add_checks(struct events *events, struct run *run, const struct ticket_detail *d, struct strbuf *text)
{
	for (size_t i = 0; i < d->checks.len; i++) {
		const struct ticket_check *c = &ROWS(ticket_check, &d->checks)[i];
		const struct check *check = contract_check_by_id(run->contract, c->check_id);
		const char *name = check != NULL ? tr_label(&check->name) : c->check_id;
		strbuf_addf(text, "%s: %s", tr(N_("joined")), name);
		add_event(events, run, c->at, "auto", text);
		if (c->recovered_at == TIME_NONE)
			continue;
		strbuf_addf(text, "%s: %s", tr(N_("works again")), name);
		add_event(events, run, c->recovered_at, "auto", text);
	}
}

static int oldest_first(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static void show_events(struct run *run, const struct ticket_detail *d, struct strbuf *out)
{
	struct events events = { 0 };
	struct strbuf text = { 0 };

	add_stages(&events, run, d, &text);
	add_talks(&events, run, d, &text);
	add_notes(&events, run, d, &text);
	add_checks(&events, run, d, &text);
	if (events.list.len > 1)
		qsort(events.list.v, events.list.len, sizeof *events.list.v, oldest_first);
	for (size_t i = 0; i < events.list.len; i++) {
		add_time(out, run, events.list.v[i].at);
		strbuf_add_text(out, "  ");
		text_pad(events.list.v[i].who, 6, -1, out);
		strbuf_addf(out, " %s\n", events.list.v[i].text);
	}
	vec_release(&events.list);
	strbuf_release(&text);
}

/* ---- for machines: all text columns of the rows ---- */

static void rows_as_table(struct run *run, const struct rows *rows, const char *name)
{
	const struct table_info *info = table_info(rows->table);
	struct table_column *columns = arena_alloc(&run->mem, (info->count + 1) * sizeof *columns);
	struct table table;

	columns[0] = (struct table_column){ "id", "", CELL_TEXT, -1 };
	for (size_t i = 0; i < info->count; i++) {
		const char *key = info->columns[i].name;
		size_t len = strlen(key);
		bool time = len > 2 && strcmp(key + len - 2, "at") == 0;
		enum cell_kind kind = info->columns[i].type == COLUMN_TEXT ? CELL_TEXT : time ? CELL_TIME : CELL_INT;
		columns[i + 1] = (struct table_column){ key, "", kind, -1 };
	}
	table_init(&table, name, columns, info->count + 1);
	for (size_t r = 0; r < rows->len; r++) {
		const char *row = (const char *)rows->v + r * info->size;
		table_text(&table, *(const char *const *)(const void *)row);
		for (size_t i = 0; i < info->count; i++) {
			const void *field = row + info->columns[i].offset;
			if (info->columns[i].type == COLUMN_TEXT)
				table_text(&table, *(const char *const *)field);
			else
				table_number(&table, *(const int64_t *)field);
		}
	}
	output_table(run->out, &table);
}

static void show_machine(struct run *run, const struct ticket_detail *d)
{
	struct ticket_item item = { .row = *ROWS(ticket, &d->ticket), .recovery = d->recovery,
				    .joined = (int)(d->checks.len + d->children.len) };
	struct table table;

	ticket_table_init(&table, false);
	ticket_table_add(run, &table, &item);
	output_table(run->out, &table);
	if (run->out->format != OUTPUT_JSON)
		return;
	rows_as_table(run, &d->stages, "stages");
	rows_as_table(run, &d->notes, "notes");
	rows_as_table(run, &d->ticks, "ticks");
	rows_as_table(run, &d->talks, "talks");
	rows_as_table(run, &d->checks, "checks");
}

static int exec_show(struct run *run, struct err *err)
{
	struct ticket_detail d;
	struct strbuf text = { 0 };
	struct rows rows;
	int rc = record_find(run, TABLE_ticket, run_text(run, "ticket"), &rows, err);

	if (rc != 0)
		return rc;
	rc = ticket_load(run->store, run->contract, ROWS(ticket, &rows)->id, run->now, &d, err);
	rows_release(&rows);
	if (rc != 0)
		return rc;
	if (run->out->format == OUTPUT_TEXT) {
		show_head(run, &d, &text);
		strbuf_add_char(&text, '\n');
		show_events(run, &d, &text);
		output_text(run->out, strbuf_text(&text));
	} else {
		show_machine(run, &d);
	}
	strbuf_release(&text);
	ticket_detail_release(&d);
	return 0;
}

const struct command cmd_ticket_show = {
	.name = "ticket show", .summary = N_("one ticket with all that belongs to it"), .args = args_show, .exec = exec_show,
};
