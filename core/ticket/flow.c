/* See flow.h. */
#include "core/ticket/flow.h"

#include <string.h>

#include "core/base/civil.h"
#include "core/change/tables.h"
#include "core/ticket/words.h"

int stage_index(const struct flow *f, const char *id)
{
	for (size_t i = 0; i < f->stage_count; i++)
		if (strcmp(f->stages[i].id, id) == 0)
			return (int)i;
	return -1;
}

const struct flow_stage *stage_next(const struct flow *f, const char *id)
{
	size_t next = (size_t)(stage_index(f, id) + 1);

	return next < f->stage_count ? &f->stages[next] : NULL;
}

const struct flow_stage *stage_closing(const struct flow *f)
{
	for (size_t i = f->stage_count; i > 0; i--)
		if (f->stages[i - 1].closes)
			return &f->stages[i - 1];
	return NULL;
}

const struct flow_stage *stage_reopen(const struct flow *f)
{
	for (size_t i = 0; i < f->stage_count; i++)
		if (f->stages[i].started)
			return &f->stages[i];
	return f->stage_count > 0 ? &f->stages[0] : NULL;
}

/* Whether going back from one stage to another passes a stage that stamps what flag says. */
static bool passes(const struct flow *f, int from, int to, bool (*flag)(const struct flow_stage *))
{
	for (int i = to + 1; i <= from; i++)
		if (flag(&f->stages[i]))
			return !flag(&f->stages[to]);
	return false;
}

static bool flag_recovered(const struct flow_stage *s)
{
	return s->recovered;
}

static bool flag_confirmed(const struct flow_stage *s)
{
	return s->confirmed;
}

void stage_step(const struct ticket *t, const struct flow *f, const struct flow_stage *to, struct stage_step *out)
{
	int from = stage_index(f, t->stage), index = (int)(to - f->stages);

	*out = (struct stage_step){
		.back = index < from,
		.needs_reason = from >= 0 && index != from + 1,
		.starts = to->started && t->started_at == TIME_NONE,
		.recovers = to->recovered && t->recovered_at == TIME_NONE,
		.confirms = to->confirmed && t->confirmed_at == TIME_NONE,
		.closes = to->closes && t->closed_at == TIME_NONE,
		.clears_closed = !to->closes && t->closed_at != TIME_NONE,
	};
	if (out->back) {
		out->clears_recovered = t->recovered_at != TIME_NONE && passes(f, from, index, flag_recovered);
		out->clears_confirmed = t->confirmed_at != TIME_NONE && passes(f, from, index, flag_confirmed);
	}
}

int ticket_may_enter(const struct ticket *t, const struct flow *f, const struct flow_stage *to, const char *reason,
		     struct err *err)
{
	struct stage_step step;

	if (strcmp(t->stage, to->id) == 0)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is at stage '{2}' already"), t->number, to->id);
	stage_step(t, f, to, &step);
	if (step.needs_reason && reason[0] == '\0')
		return ERR(err, HS_ERR_OWED,
			   step.back ? N_("ticket #{1}: going back from '{2}' to '{3}' needs a reason")
				     : N_("ticket #{1}: going from '{2}' to '{3}' skips stages and needs a reason"),
			   t->number, t->stage, to->id);
	return to->closes ? ticket_may_close(t, f, err) : 0;
}

int ticket_may_close(const struct ticket *t, const struct flow *f, struct err *err)
{
	enum severity severity = severity_of(t->severity);

	if (t->closed_at != TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is closed already"), t->number);
	if (f->clock && severity == SEVERITY_UNDECIDED)
		return ERR(err, HS_ERR_OWED, N_("ticket #{1} cannot be closed before its severity is judged"), t->number);
	if (severity == SEVERITY_MAJOR && t->cause_text[0] == '\0')
		return ERR(err, HS_ERR_OWED, N_("severe ticket #{1} cannot be closed without its cause in writing"), t->number);
	if (severity == SEVERITY_MAJOR && t->measure_text[0] == '\0')
		return ERR(err, HS_ERR_OWED, N_("severe ticket #{1} cannot be closed without the measure in writing"),
			   t->number);
	if (f->clock && t->recovered_at == TIME_NONE)
		return ERR(err, HS_ERR_OWED, N_("ticket #{1} cannot be closed before its recovery is recorded"), t->number);
	return 0;
}

bool ticket_absorbed(const struct ticket *t, const struct flow *f)
{
	int index = f != NULL ? stage_index(f, t->stage) : -1;

	return t->closed_at != TIME_NONE && t->parent[0] != '\0' && (index < 0 || !f->stages[index].closes);
}

int ticket_may_absorb(const struct ticket *t, const struct ticket *into, struct err *err)
{
	if (strcmp(t->id, into->id) == 0)
		return ERR(err, HS_ERR_INVALID, N_("ticket #{1} cannot absorb itself"), t->number);
	if (t->closed_at != TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is closed already"), t->number);
	if (into->closed_at != TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is closed and absorbs nothing"), into->number);
	return 0;
}

int ticket_may_defer(const struct ticket *t, const struct flow *f, struct err *err)
{
	if (t->closed_at != TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is closed already"), t->number);
	if (!f->clock)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} has no recovery guideline to put off"), t->number);
	if (t->recovered_at != TIME_NONE)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} is recovered already"), t->number);
	if (severity_of(t->severity) != SEVERITY_MINOR)
		return ERR(err, HS_ERR_STATE, N_("ticket #{1} cannot be put off: only a minor fault can (S2.3(1))"), t->number);
	return 0;
}

/* ---- what comes next ---- */

static bool item_done(const struct tick *done, size_t count, const char *list, const char *item)
{
	for (size_t i = 0; i < count; i++)
		if (done[i].at != TIME_NONE && strcmp(done[i].list, list) == 0 && strcmp(done[i].item, item) == 0)
			return true;
	return false;
}

static const struct flow_item *open_item(const struct flow_stage *s, const struct tick *done, size_t count)
{
	for (size_t i = 0; i < s->item_count; i++)
		if (!item_done(done, count, s->id, s->items[i].id))
			return &s->items[i];
	return NULL;
}

static enum next_action next_is(enum next_action action, struct msg *what, const char *id, const char *name)
{
	if (what != NULL)
		MSG(what, id, name);
	return action;
}

static const char *name_in(const struct label *l, bool japanese)
{
	return japanese ? l->ja : l->en;
}

enum next_action ticket_next(const struct ticket *t, const struct flow *f, const struct tick *done, size_t done_count,
			     bool consulted, bool japanese, struct msg *what)
{
	int index = stage_index(f, t->stage);
	const struct flow_stage *now = index >= 0 ? &f->stages[index] : NULL, *next = stage_next(f, t->stage);
	bool severe = severity_of(t->severity) == SEVERITY_MAJOR;

	if (what != NULL)
		*what = (struct msg){ 0 };
	if (t->closed_at != TIME_NONE)
		return NEXT_NOTHING;
	if (t->owner[0] == '\0')
		return next_is(NEXT_TAKE, what, N_("take the ticket"), "");
	if (f->clock && severity_of(t->severity) == SEVERITY_UNDECIDED)
		return next_is(NEXT_SEVERITY, what, N_("judge the severity"), "");
	if (strcmp(t->kind, "security") == 0 && !consulted)
		return next_is(NEXT_CONSULT, what, N_("discuss with the client and record it"), "");
	const struct flow_item *item = now != NULL ? open_item(now, done, done_count) : NULL;
	if (item != NULL)
		return next_is(NEXT_ITEM, what, N_("check list: {1}"), name_in(&item->name, japanese));
	if (next != NULL && next->closes) {
		if (severe && (t->cause_text[0] == '\0' || t->measure_text[0] == '\0'))
			return next_is(NEXT_CAUSE_TEXT, what, N_("write cause and measure"), "");
		if (f->clock && t->recovered_at == TIME_NONE)
			return next_is(NEXT_RECOVER, what, N_("record the recovery"), "");
		if (f->clock && t->confirmed_at == TIME_NONE)
			return next_is(NEXT_CONFIRM, what, N_("have the city confirm the recovery"), "");
		if (f->clock && cause_of(t->cause) == CAUSE_UNDECIDED)
			return next_is(NEXT_CAUSE, what, N_("judge whether what was delivered caused it"), "");
	}
	if (next != NULL)
		return next_is(NEXT_STAGE, what, N_("to stage {1}"), name_in(&next->name, japanese));
	return NEXT_NOTHING;
}
