/* Help: the keys of this screen, of lists, of everywhere, and every verb; narrows as one types, runs the chosen one. */
#include <stdio.h>
#include <string.h>

#include "tui/app/internal.h"
#include "tui/widget/tr.h"

static const struct list_column columns[] = {
	{ "key", N_("key"), 8, 11, 1, -1, false },
	{ "text", N_("what it does"), 24, 44, 1, -1, false },
	{ "command", N_("command"), 20, 0, 2, -1, false },
};

static size_t entry_count(void *ctx)
{
	return ((struct help *)ctx)->entries.len;
}

static void entry_row(void *ctx, size_t i, struct list_cell *cells)
{
	const struct help_entry *e = &((struct help *)ctx)->entries.v[i];

	cells[0].text = e->key;
	cells[0].role = ROLE_key;
	cells[1].text = tr(e->text);
	cells[2].text = *e->command == '@' ? "" : e->command;
	cells[2].role = ROLE_dim;
}

static const char *entry_id(void *ctx, size_t i)
{
	return ((struct help *)ctx)->entries.v[i].id;
}

static void add(struct help *h, const char *key, const char *command, const char *text)
{
	struct help_entry *e = vec_add(&h->entries);

	*e = (struct help_entry){ .key = key, .command = command, .text = text };
	snprintf(e->id, sizeof e->id, "%zu", h->entries.len);
}

/* What a key does: its label, else the summary of its verb, else the act's own words. */
static const char *text_of(const struct key_binding *k)
{
	struct words w;
	size_t used;

	if (strncmp(k->command, "@tab", 4) == 0) {
		const struct screen_ops *tab = screen_by_tab(k->command[4] - '0');
		return tab != NULL ? tab->title : "";
	}
	if (*k->command == '@')
		return act_summary(k->command);
	words_split(&w, k->command, NULL);
	const struct command *c = command_find(w.list.v, w.list.len, &used);
	words_release(&w);
	return c != NULL ? c->summary : k->label != NULL ? k->label : "";
}

static void add_keys(struct help *h, const char *screen)
{
	size_t count;
	const struct key_binding *keys = key_bindings(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(keys[i].screen, screen) == 0 && *text_of(&keys[i]) != '\0')
			add(h, keys[i].key, keys[i].command, text_of(&keys[i]));
}

void help_open(struct app *a)
{
	static const struct list_source source = { .count = entry_count, .row = entry_row, .id = entry_id };
	struct help *h = &a->help;
	size_t count;
	const struct command *const *list = command_list(&count);

	*h = (struct help){ 0 };
	lineedit_init(&h->edit);
	if (app_top(a) != NULL)
		add_keys(h, app_top(a)->ops->name);
	if (app_list(a) != NULL)
		add_keys(h, "list");
	add_keys(h, "");
	for (size_t i = 0; i < count; i++)
		if ((list[i]->flags & CMD_SHELL) == 0)
			add(h, ":", list[i]->name, list[i]->summary);
	list_init(&h->list, columns, sizeof columns / sizeof *columns, &source, h);
	list_refill(&h->list);
	a->mode = MODE_HELP;
	a->dirty = true;
}

void help_close(struct app *a)
{
	list_release(&a->help.list);
	vec_release(&a->help.entries);
	lineedit_release(&a->help.edit);
	a->mode = MODE_SCREEN;
	a->dirty = true;
}

static void run_chosen(struct app *a)
{
	size_t i = list_selected(&a->help.list);

	if (i == SIZE_MAX)
		return;
	const char *command = a->help.entries.v[i].command;
	help_close(a);
	act_run(a, command);
}

void help_key(struct app *a, const struct key *key)
{
	struct help *h = &a->help;

	switch (key->code) {
	case HK_ENTER: run_chosen(a); return;
	case HK_F1: help_close(a); return;
	case HK_ESCAPE:
		if (*lineedit_text(&h->edit) == '\0') {
			help_close(a);
			return;
		}
		lineedit_set(&h->edit, "");
		list_set_filter(&h->list, NULL);
		return;
	case HK_UP: case HK_DOWN: case HK_PAGE_UP: case HK_PAGE_DOWN: case HK_MOUSE:
		list_key(&h->list, key);
		return;
	case 'q': case '?':
		if (*lineedit_text(&h->edit) == '\0') {
			help_close(a);
			return;
		}
		break;
	default: break;
	}
	if (lineedit_key(&h->edit, key))
		list_set_filter(&h->list, lineedit_text(&h->edit));
}

void help_draw(struct app *a, struct surface *out, struct rect body)
{
	struct help *h = &a->help;

	surface_fill(out, body, ROLE_text);
	int col = 1 + surface_text(out, body.row, 1, body.cols - 1, ROLE_head, tr(N_("Help. Type to narrow: ")));
	lineedit_draw(&h->edit, out, body.row, col, body.cols - col - 1, ROLE_input, true);
	list_draw(&h->list, out, (struct rect){ body.row + 1, body.col, body.rows - 1, body.cols }, true);
}
