/* A form: fields one below the other, each with its own line editor or choices, and a button at the end.
 *
 * Up/Down, Tab and Enter go from field to field; left and right choose; Enter on the button, F2 or Ctrl-S from anywhere is
 * "do it"; Esc leaves, and the caller keeps what was typed. What is wrong is said beside the field and never in the way. */
#ifndef TUI_WIDGET_FORM_H
#define TUI_WIDGET_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "tui/widget/key.h"
#include "tui/widget/lineedit.h"
#include "tui/widget/surface.h"

enum form_kind { FORM_TEXT, FORM_LONG, FORM_CHOICE, FORM_SWITCH };

struct form_choice {
	const char *id, *label;
};

struct form_field {
	char *label;
	enum form_kind kind;
	bool required;
	VEC(struct form_choice) choices; /* texts in the form's arena */
	size_t choice;                   /* SIZE_MAX: none taken */
	bool on;                         /* FORM_SWITCH */
	struct lineedit edit;
	bool fresh;                      /* holds a suggestion: what is typed first takes its place */
	char *lines;                     /* FORM_LONG of several lines, from the editor; NULL otherwise */
	struct strbuf problem, note;     /* beside the field: what is wrong, or how it was understood */
};

struct form {
	struct arena mem;
	char *title;
	VEC(struct form_field) fields;
	size_t at;                       /* fields.len is the button */
	size_t top;
	/* Checks one field when it is left; fills problem or note. Set by the caller. */
	void (*check)(void *ctx, size_t field, struct form_field *f);
	void *ctx;
};

enum form_event { FORM_NONE, FORM_USED, FORM_DONE, FORM_CANCEL, FORM_EDITOR };

void form_init(struct form *f, const char *title);
void form_release(struct form *f);
struct form_field *form_add(struct form *f, const char *label, enum form_kind kind, bool required);
void form_add_choice(struct form *f, struct form_field *field, const char *id, const char *label);
/* "" empties it; an id that is no choice leaves none taken. */
void form_set(struct form_field *field, const char *text);
/* The id, "1" or "" of a switch, or the text; valid until the next key. */
const char *form_value(const struct form_field *field);
/* Checks all; goes to the first field that is empty but required, or wrong. true when nothing is missing. */
bool form_complete(struct form *f);
enum form_event form_key(struct form *f, const struct key *key);
void form_draw(struct form *f, struct surface *out, struct rect area);

#endif
