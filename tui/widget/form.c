/* See form.h. */
#include "tui/widget/form.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "tui/widget/tr.h"

#define LABEL_MAX 22
#define FIELD_MAX 60

void form_init(struct form *f, const char *title)
{
	*f = (struct form){ .title = mem_text(title) };
}

static void field_release(struct form_field *field)
{
	free(field->label);
	free(field->lines);
	vec_release(&field->choices);
	lineedit_release(&field->edit);
	strbuf_release(&field->problem);
	strbuf_release(&field->note);
}

void form_release(struct form *f)
{
	for (size_t i = 0; i < f->fields.len; i++)
		field_release(&f->fields.v[i]);
	vec_release(&f->fields);
	arena_release(&f->mem);
	free(f->title);
	*f = (struct form){ 0 };
}

struct form_field *form_add(struct form *f, const char *label, enum form_kind kind, bool required)
{
	struct form_field *field = vec_add(&f->fields);

	field->label = mem_text(label);
	field->kind = kind;
	field->required = required;
	field->choice = SIZE_MAX;
	lineedit_init(&field->edit);
	return field;
}

void form_add_choice(struct form *f, struct form_field *field, const char *id, const char *label)
{
	for (size_t i = 0; i < field->choices.len; i++)
		if (strcmp(field->choices.v[i].id, id) == 0)
			return;
	struct form_choice c = { arena_text(&f->mem, id), arena_text(&f->mem, label) };
	vec_push(&field->choices, c);
}

void form_set(struct form_field *field, const char *text)
{
	bool several = field->kind == FORM_LONG && strchr(text, '\n') != NULL;

	free(field->lines);
	field->lines = several ? mem_text(text) : NULL;
	field->fresh = false;
	field->choice = SIZE_MAX;
	field->on = *text != '\0' && strcmp(text, "0") != 0;
	for (size_t i = 0; i < field->choices.len; i++)
		if (strcmp(field->choices.v[i].id, text) == 0)
			field->choice = i;
	lineedit_set(&field->edit, several ? "" : text);
}

const char *form_value(const struct form_field *field)
{
	switch (field->kind) {
	case FORM_CHOICE:
		return field->choice != SIZE_MAX ? field->choices.v[field->choice].id : "";
	case FORM_SWITCH:
		return field->on ? "1" : "";
	case FORM_LONG:
	case FORM_TEXT:
		break;
	}
	return field->lines != NULL ? field->lines : lineedit_text(&field->edit);
}

static void check_field(struct form *f, size_t i)
{
	struct form_field *field = &f->fields.v[i];

	strbuf_clear(&field->problem);
	strbuf_clear(&field->note);
	if (f->check != NULL && *form_value(field) != '\0')
		f->check(f->ctx, i, field);
}

bool form_complete(struct form *f)
{
	size_t bad = SIZE_MAX;

	for (size_t i = 0; i < f->fields.len; i++) {
		struct form_field *field = &f->fields.v[i];
		check_field(f, i);
		if (field->required && *form_value(field) == '\0')
			strbuf_add_text(&field->problem, tr(N_("required")));
		if (field->problem.len > 0 && bad == SIZE_MAX)
			bad = i;
	}
	if (bad != SIZE_MAX)
		f->at = bad;
	return bad == SIZE_MAX;
}

/* ---- keys ---- */

static void go(struct form *f, long step)
{
	long places = (long)f->fields.len + 1;

	if (f->at < f->fields.len)
		check_field(f, f->at);
	f->at = (size_t)(((long)f->at + step + places) % places);
}

static void choose(struct form_field *field, int step)
{
	size_t n = field->choices.len;

	if (n == 0)
		return;
	if (field->choice == SIZE_MAX)
		field->choice = step > 0 ? 0 : n - 1;
	else
		field->choice = (field->choice + (step < 0 ? n - 1 : 1)) % n;
}

/* The next choice whose id or label begins with the letter typed. */
static bool choose_letter(struct form_field *field, int code)
{
	char letter[5] = "";
	size_t n = field->choices.len, from = field->choice == SIZE_MAX ? n - 1 : field->choice;

	if (code <= ' ' || code >= 0x110000 || n == 0)
		return false;
	letter[text_encode(code, letter)] = '\0';
	for (size_t i = 1; i <= n; i++) {
		const struct form_choice *c = &field->choices.v[(from + i) % n];
		if (strncmp(c->id, letter, strlen(letter)) != 0 && strncmp(c->label, letter, strlen(letter)) != 0)
			continue;
		field->choice = (from + i) % n;
		return true;
	}
	return false;
}

static enum form_event choice_key(struct form_field *field, int code)
{
	if (code == HK_LEFT || code == HK_RIGHT || code == ' ')
		choose(field, code == HK_LEFT ? -1 : 1);
	else if (code == HK_BACKSPACE || code == HK_DELETE)
		field->choice = SIZE_MAX;
	else if (!choose_letter(field, code))
		return FORM_NONE;
	return FORM_USED;
}

static enum form_event switch_key(struct form_field *field, int code)
{
	if (code != HK_LEFT && code != HK_RIGHT && code != ' ')
		return FORM_NONE;
	field->on = !field->on;
	return FORM_USED;
}

static enum form_event field_key(struct form_field *field, const struct key *key)
{
	if (field->kind == FORM_CHOICE)
		return choice_key(field, key->code);
	if (field->kind == FORM_SWITCH)
		return switch_key(field, key->code);
	/* text of several lines is the editor's; here it can only be thrown away, and that not by accident */
	if (field->lines != NULL)
		return FORM_NONE;
	bool typed = key->code == HK_PASTE || (key->code >= ' ' && key->code < KEY_NONE_);
	if (field->fresh && typed)
		lineedit_set(&field->edit, "");
	field->fresh = false;
	return lineedit_key(&field->edit, key) ? FORM_USED : FORM_NONE;
}

enum form_event form_key(struct form *f, const struct key *key)
{
	struct form_field *field = f->at < f->fields.len ? &f->fields.v[f->at] : NULL;

	switch (key->code) {
	case HK_ESCAPE: return FORM_CANCEL;
	case HK_F2: case HK_CTRL | 's': return FORM_DONE;
	case HK_UP: case HK_BACKTAB: go(f, -1); return FORM_USED;
	case HK_DOWN: case HK_TAB: go(f, 1); return FORM_USED;
	case HK_F4: return field != NULL && field->kind == FORM_LONG ? FORM_EDITOR : FORM_NONE;
	case HK_ENTER:
		if (field == NULL)
			return FORM_DONE;
		go(f, 1);
		return FORM_USED;
	default: break;
	}
	if (field == NULL)
		return FORM_NONE;
	enum form_event event = field_key(field, key);
	if (event == FORM_USED)
		check_field(f, f->at);
	return event;
}

/* ---- drawing ---- */

static void draw_choice(const struct form_field *field, struct surface *out, int row, int col, int width, bool here)
{
	const struct form_choice *c = field->choice != SIZE_MAX ? &field->choices.v[field->choice] : NULL;
	struct strbuf text = { 0 };

	strbuf_add_text(&text, here ? "< " : "  ");
	strbuf_add_text(&text, c != NULL ? c->label : "--");
	if (c != NULL && strcmp(c->id, c->label) != 0)
		strbuf_addf(&text, " (%s)", c->id);
	if (here)
		strbuf_addf(&text, " > %zu/%zu", c != NULL ? field->choice + 1 : 0, field->choices.len);
	surface_field(out, row, col, width, ROLE_input, -1, strbuf_text(&text));
	strbuf_release(&text);
}

static void draw_lines(const struct form_field *field, struct surface *out, int row, int col, int width)
{
	struct strbuf text = { 0 };
	struct msg m;
	char count[24];
	int64_t lines = 1;

	for (const char *p = field->lines; *p != '\0'; p++)
		lines += *p == '\n' && p[1] != '\0';
	MSG(&m, N_("[{1} lines] "), msg_int(count, lines));
	msg_format(&m, tr, &text);
	strbuf_add(&text, field->lines, strcspn(field->lines, "\n"));
	surface_field(out, row, col, width, ROLE_input, -1, strbuf_text(&text));
	strbuf_release(&text);
}

static void draw_field(struct form_field *field, struct surface *out, int row, struct rect a, int label, bool here)
{
	int col = a.col + 3 + label + 1, room = a.cols - (col - a.col) - 1;
	int width = room * 3 / 5 < FIELD_MAX ? room * 3 / 5 : FIELD_MAX;
	const struct strbuf *beside = field->problem.len > 0 ? &field->problem : &field->note;

	surface_text(out, row, a.col, 1, ROLE_key, here ? ">" : " ");
	surface_text(out, row, a.col + 1, 1, ROLE_warn, field->required ? "*" : " ");
	surface_field(out, row, a.col + 3, label, here ? ROLE_head : ROLE_text, -1, field->label);
	surface_field(out, row, col, width, ROLE_input, -1, "");
	if (field->kind == FORM_CHOICE)
		draw_choice(field, out, row, col, width, here);
	else if (field->kind == FORM_SWITCH)
		surface_field(out, row, col + 2, width - 2, ROLE_input, -1, field->on ? "[x]" : "[ ]");
	else if (field->lines != NULL)
		draw_lines(field, out, row, col + 2, width - 2);
	else
		lineedit_draw(&field->edit, out, row, col + 2, width - 2, field->fresh ? ROLE_dim : ROLE_input, here);
	if (here && (field->kind == FORM_CHOICE || field->kind == FORM_SWITCH || field->lines != NULL)) {
		out->cursor_row = row;
		out->cursor_col = col;
	}
	surface_field(out, row, col + width + 1, room - width, field->problem.len > 0 ? ROLE_error : ROLE_dim, -1,
		      strbuf_text(beside));
}

void form_draw(struct form *f, struct surface *out, struct rect area)
{
	size_t label = 8, places = f->fields.len + 1;
	int rows = area.rows - 2;

	surface_fill(out, area, ROLE_text);
	surface_field(out, area.row, area.col, area.cols, ROLE_head, -1, f->title);
	for (size_t i = 0; i < f->fields.len; i++) {
		size_t cells = text_cells(f->fields.v[i].label);
		label = cells > label ? cells : label;
	}
	label = label > LABEL_MAX ? LABEL_MAX : label;
	if (rows < 1)
		return;
	if (f->at < f->top)
		f->top = f->at;
	if (f->at >= f->top + (size_t)rows)
		f->top = f->at - (size_t)rows + 1;
	for (size_t i = f->top; i < places && i < f->top + (size_t)rows; i++) {
		int row = area.row + 2 + (int)(i - f->top);
		if (i < f->fields.len) {
			draw_field(&f->fields.v[i], out, row, area, (int)label, i == f->at);
			continue;
		}
		surface_text(out, row, area.col, 1, ROLE_key, i == f->at ? ">" : " ");
		surface_text(out, row, area.col + 3, area.cols - 3, i == f->at ? ROLE_select : ROLE_key, tr(N_("[ do it ]")));
		if (i == f->at) {
			out->cursor_row = row;
			out->cursor_col = area.col + 3;
		}
	}
}
