/* Running a verb in the console: ask for what is missing, ask for a yes, do it, and say what came of it.
 *
 * What a person typed is never lost: a form stays until its verb succeeded, a busy database is tried every 10 ms for
 * at most 5 s with the form kept, a form that is left becomes a draft. Only a commit that returned says "saved". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/app/draft.h"
#include "tui/app/internal.h"
#include "tui/command/arg.h"
#include "tui/widget/tr.h"

static void job_end(struct app *a)
{
	if (a->mode == MODE_FORM || a->mode == MODE_CONFIRM) {
		a->mode = MODE_SCREEN;
		form_release(&a->form);
	}
	if (a->job.active) {
		run_release(&a->job.run);
		output_release(&a->job.out);
	}
	a->job = (struct job){ 0 };
	a->dirty = true;
}

/* ---- the form ---- */

static const struct arg *field_arg(const struct app *a, size_t field)
{
	return &a->job.run.command->args[field];
}

static void check_field(void *ctx, size_t i, struct form_field *f)
{
	struct app *a = ctx;
	struct run_value v;
	struct err err = { 0 };
	const struct arg *arg = field_arg(a, i);

	if (arg_check(&a->job.run, arg, form_value(f), &v, &err) != 0) {
		struct strbuf text = { 0 };
		err_format(&err, tr, &text);
		/* beside its field an argument need not say its name */
		const char *said = strncmp(strbuf_text(&text), "--", 2) == 0 ? strstr(strbuf_text(&text), ": ") : NULL;
		strbuf_add_text(&f->problem, said != NULL ? said + 2 : strbuf_text(&text));
		strbuf_release(&text);
	} else if (arg->kind == ARG_TIME)
		time_format(v.number, app_offset(a), TIME_MINUTES, &f->note);
	else if (arg->kind == ARG_DAY)
		time_format(day_start((int32_t)v.number, app_offset(a)), app_offset(a), TIME_DAY, &f->note);
}

struct adding {
	struct form *form;
	struct form_field *field;
};

static void add_candidate(void *ctx, const char *id, const struct label *name)
{
	struct adding *to = ctx;

	form_add_choice(to->form, to->field, id, tr_label(name));
}

static enum form_kind field_kind(const struct arg *arg)
{
	switch (arg->kind) {
	case ARG_LONG_TEXT: return FORM_LONG;
	case ARG_FLAG: return FORM_SWITCH;
	case ARG_CHOICE: case ARG_SITE: case ARG_SERVICE: case ARG_HOST: case ARG_CHECK: case ARG_FLOW: case ARG_STAGE:
	case ARG_PHASE: case ARG_GROUP: return FORM_CHOICE;
	default: return FORM_TEXT;
	}
}

/* What the run has for arg, as typed; "" for none. */
static const char *given_text(const struct run *run, const struct arg *arg)
{
	for (size_t i = 0; i < run->values.len; i++)
		if (run->values.v[i].arg == arg)
			return field_kind(arg) == FORM_CHOICE ? run->values.v[i].text : run->values.v[i].given;
	return "";
}

/* Values of an argument that may be given several times stand together in one field. */
static void many_text(const struct run *run, const struct arg *arg, struct strbuf *out)
{
	for (size_t i = 0; i < run->values.len; i++)
		if (run->values.v[i].arg == arg)
			strbuf_addf(out, "%s%s", out->len > 0 ? " " : "", run->values.v[i].given);
}

static void fill_field(struct app *a, const struct arg *arg, struct form_field *field)
{
	struct strbuf text = { 0 };

	if ((arg->flags & ARG_MANY) != 0)
		many_text(&a->job.run, arg, &text);
	else
		strbuf_add_text(&text, given_text(&a->job.run, arg));
	bool suggested = text.len == 0 && arg->initial != NULL;
	if (suggested)
		strbuf_add_text(&text, arg->initial);
	form_set(field, strbuf_text(&text));
	field->fresh = suggested;
	strbuf_release(&text);
}

static void form_open(struct app *a)
{
	struct run *run = &a->job.run;
	struct strbuf title = { 0 };
	const struct arg *missing = run_missing(run);

	strbuf_addf(&title, " %s: %s", run->command->name, tr(run->command->summary));
	form_init(&a->form, strbuf_text(&title));
	for (const struct arg *arg = run->command->args; arg->name != NULL; arg++) {
		struct form_field *field = form_add(&a->form, tr(arg->help), field_kind(arg), (arg->flags & ARG_REQUIRED) != 0);
		if (field->kind == FORM_CHOICE)
			run_candidates(run, arg, add_candidate, &(struct adding){ &a->form, field });
		fill_field(a, arg, field);
		if (arg == missing)
			a->form.at = (size_t)(arg - run->command->args);
	}
	a->form.check = check_field;
	a->form.ctx = a;
	a->mode = MODE_FORM;
	if (draft_take(a))
		APP_SAY(a, N_("the draft from before is back"));
	strbuf_release(&title);
}

/* A field of an ARG_MANY holds several values. */
static int take_field(struct run *run, const struct arg *arg, const char *text, struct err *err)
{
	struct words w;
	int rc;

	run_unset(run, arg);
	if ((arg->flags & ARG_MANY) == 0)
		return run_set(run, arg, text, err);
	rc = words_split(&w, text, err);
	for (size_t i = 0; rc == 0 && i < w.list.len; i++)
		rc = run_set(run, arg, w.list.v[i], err);
	words_release(&w);
	return rc;
}

static void form_done(struct app *a)
{
	struct err err = { 0 };

	if (!form_complete(&a->form)) {
		const struct form_field *f = &a->form.fields.v[a->form.at];
		struct strbuf text = { 0 };
		strbuf_addf(&text, "%s: %s", f->label, strbuf_text(&f->problem));
		app_message(a, ROLE_error, strbuf_text(&text));
		strbuf_release(&text);
		return;
	}
	for (size_t i = 0; i < a->form.fields.len; i++) {
		if (take_field(&a->job.run, field_arg(a, i), form_value(&a->form.fields.v[i]), &err) != 0) {
			a->form.at = i;
			app_error(a, &err);
			return;
		}
	}
	job_try(a);
}

void job_cancel(struct app *a)
{
	if (!a->job.active)
		return;
	bool form = a->form.fields.len > 0;
	if (form)
		draft_keep(a);
	if (a->job.run.command->args != NULL && form)
		APP_SAY(a, N_("left; what was typed is kept and comes back with '{1}'"), a->job.run.command->name);
	job_end(a);
}

static void edit_long_text(struct app *a)
{
	struct form_field *field = &a->form.fields.v[a->form.at];
	struct err err = { 0 };
	char *text = edit_text(a, form_value(field), &err);

	if (text == NULL) {
		app_error(a, &err);
		return;
	}
	form_set(field, text);
	free(text);
}

void job_form_key(struct app *a, const struct key *key)
{
	if (a->job.waiting && key->code != HK_ESCAPE)
		return;
	switch (form_key(&a->form, key)) {
	case FORM_CANCEL: job_cancel(a); break;
	case FORM_DONE: form_done(a); break;
	case FORM_EDITOR: edit_long_text(a); break;
	case FORM_USED: strbuf_clear(&a->message); break;
	case FORM_NONE:
		if (key->code == HK_F4)
			APP_SAY(a, N_("the editor is for fields of several lines"));
		break;
	}
}

/* ---- yes or no ---- */

void job_confirm_key(struct app *a, const struct key *key)
{
	if (key->code == 'y' || key->code == 'Y') {
		a->job.confirmed = true;
		a->mode = a->form.fields.len > 0 ? MODE_FORM : MODE_SCREEN;
		job_try(a);
	} else if (key->code == 'n' || key->code == 'N' || key->code == 'q' || key->code == HK_ESCAPE) {
		if (a->form.fields.len > 0) {
			a->mode = MODE_FORM;
			return;
		}
		job_end(a);
		APP_SAY(a, N_("not done"));
	}
}

/* A fixed layout (reliability S2): the verb, then each argument on its own line, nothing that foreign text could move. */
void job_draw_confirm(struct app *a, struct surface *out, struct rect body)
{
	const struct run *run = &a->job.run;
	int width = body.cols < 70 ? body.cols - 4 : 66, rows = (int)run->values.len + 4;
	struct strbuf line = { 0 };

	rows = rows > body.rows ? body.rows : rows;
	struct rect box = { body.row + (body.rows - rows) / 2, body.col + (body.cols - width) / 2, rows, width };
	surface_fill(out, box, ROLE_input);
	surface_field(out, box.row, box.col, width, ROLE_head, -1, tr(N_(" Really do this?")));
	strbuf_addf(&line, " %s: %s", run->command->name, tr(run->command->summary));
	surface_field(out, box.row + 1, box.col, width, ROLE_input, -1, strbuf_text(&line));
	for (size_t i = 0; i < run->values.len && (int)i < rows - 4; i++) {
		strbuf_clear(&line);
		strbuf_addf(&line, "   --%s %s", run->values.v[i].arg->name, run->values.v[i].given);
		surface_field(out, box.row + 2 + (int)i, box.col, width, ROLE_input, -1, strbuf_text(&line));
	}
	surface_field(out, box.row + rows - 1, box.col, width, ROLE_key, -1, tr(N_(" y yes   n no")));
	strbuf_release(&line);
}

/* ---- doing it ---- */

/* The message row's last sentence, and the pager for more. */
static void show_output(struct app *a)
{
	struct output *out = &a->job.out;
	const char *last = strbuf_text(&out->messages);
	struct strbuf body = { 0 }, title = { 0 };

	for (const char *p = last; *p != '\0'; p++)
		if (*p == '\n' && p[1] != '\0')
			last = p + 1;
	strbuf_add(&title, last, strcspn(last, "\n"));
	if (title.len > 0)
		app_message(a, ROLE_message, strbuf_text(&title));
	if (out->body.len > 0) {
		strbuf_add(&body, strbuf_text(&out->body), out->body.len);
		strbuf_add(&body, strbuf_text(&out->messages), out->messages.len);
		strbuf_clear(&title);
		strbuf_addf(&title, ":%s", a->job.run.command->name);
		app_view(a, strbuf_text(&title), strbuf_text(&body));
	}
	strbuf_release(&body);
	strbuf_release(&title);
}

static void succeed(struct app *a)
{
	const struct run *run = &a->job.run;

	app_changed(a, run->command->topics);
	if (run->undo_tx[0] != '\0') {
		app_remember(a, run->undo_tx);
		a->saved_at = app_now(a);
	}
	struct list *list = app_list(a);
	if (list != NULL && (run->command->flags & CMD_WRITES) != 0)
		list_clear_marks(list);
	draft_drop(a);
	show_output(a);
	bool named = run->command == &cmd_device;
	job_end(a);
	if (named) /* a recorder was waiting for a device that may write */
		recorder_tend(a);
}

/* A verb that failed keeps its form; one that had none is over. */
static void fail(struct app *a, const struct err *err)
{
	bool form = a->form.fields.len > 0;

	if (form) {
		a->mode = MODE_FORM;
		a->job.confirmed = false;
		draft_keep(a);
		drafts_save(a);
	}
	if (!form)
		show_output(a);
	if (!form)
		job_end(a);
	app_error(a, err);
}

void job_try(struct app *a)
{
	struct job *job = &a->job;
	struct err err = { 0 };

	if (!job->active)
		return;
	if ((job->run.command->flags & CMD_CONFIRM) != 0 && !job->confirmed) {
		a->mode = MODE_CONFIRM;
		return;
	}
	output_release(&job->out);
	output_init(&job->out, OUTPUT_TEXT, app_offset(a));
	job->run.now = app_now(a);
	int rc = run_exec(&job->run, &err);
	a->dirty = true;
	if (rc == HS_ERR_BUSY) {
		if (!job->waiting)
			job->began_ms = monotonic_ms();
		job->waiting = monotonic_ms() - job->began_ms < BUSY_LIMIT_MS;
		if (job->waiting)
			return;
	}
	job->waiting = false;
	if (rc != 0)
		fail(a, &err);
	else
		succeed(a);
}

/* Everything but doing it; false: said already why not. */
static bool job_begin(struct app *a, const struct command *c, const char *const *words, size_t count)
{
	struct job *job = &a->job;
	struct err err = { 0 };

	if (job->active) {
		APP_SAY(a, N_("'{1}' is not done yet"), job->run.command->name);
		return false;
	}
	*job = (struct job){ .active = true };
	run_init(&job->run, c);
	output_init(&job->out, OUTPUT_TEXT, app_offset(a));
	job->run.contract = app_contract(a);
	job->run.store = app_store(a);
	job->run.status = app_status(a);
	job->run.config = app_config(a);
	job->run.app = a;
	job->run.read_only = app_read_only(a);
	job->run.now = app_now(a);
	job->run.actor = app_actor(a);
	job->run.out = &job->out;
	int rc = run_parse(&job->run, words, count, &err);
	if (rc == 0)
		rc = run_may_write(&job->run, &err);
	if (rc != 0) {
		job_end(a);
		app_error(a, &err);
		return false;
	}
	if (job->run.values.len > 0 && (job->run.values.v[0].arg->flags & ARG_POSITIONAL) != 0)
		snprintf(job->subject, sizeof job->subject, "%s", job->run.values.v[0].text);
	return true;
}

void job_start(struct app *a, const struct command *c, const char *const *words, size_t count)
{
	if (!job_begin(a, c, words, count))
		return;
	if (run_missing(&a->job.run) == NULL) {
		job_try(a);
		return;
	}
	if (c->prefill != NULL)
		c->prefill(&a->job.run);
	form_open(a);
}

void job_ask(struct app *a, const struct command *c)
{
	if (job_begin(a, c, NULL, 0))
		form_open(a);
}
