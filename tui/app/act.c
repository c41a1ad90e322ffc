/* Keys of a screen and what they do: acts of the console, and commands with {ticket} and the like filled in. */
#include <string.h>

#include "tui/app/internal.h"
#include "tui/widget/tr.h"

/* ---- commands with places ---- */

/* "{ticket}" alone in a word: the kind; -1 otherwise. */
static int place_kind(const char *word)
{
	size_t len = strlen(word);

	return len > 2 && word[0] == '{' && word[len - 1] == '}' ? placeholder_kind(word + 1, len - 2) : -1;
}

/* The argument that a word at place i of words is for: the named one before it, else the first positional of that kind. */
static const struct arg *arg_of(const struct command *c, const struct words *w, size_t i, enum arg_kind kind)
{
	const char *before = i > 0 ? w->list.v[i - 1] : "";

	if (strncmp(before, "--", 2) == 0 && command_arg(c, before + 2) != NULL)
		return command_arg(c, before + 2);
	for (const struct arg *a = c->args; a != NULL && a->name != NULL; a++)
		if ((a->flags & ARG_POSITIONAL) != 0 && a->kind == kind)
			return a;
	return NULL;
}

/* Puts the ids of the marked rows in place of the word. */
static int fill_place(struct app *a, const struct command *c, struct words *w, size_t i, struct words *out,
		      struct err *err)
{
	const char *ids[TARGETS_MAX];
	enum arg_kind kind = (enum arg_kind)place_kind(w->list.v[i]);
	struct screen *top = app_top(a);
	const struct arg *arg = arg_of(c, w, i, kind);
	size_t n = top != NULL && top->ops->targets != NULL ? top->ops->targets(top, kind, ids, TARGETS_MAX) : 0;
	bool optional = arg != NULL && (arg->flags & ARG_REQUIRED) == 0;

	if (n == 0 && optional) {
		/* "--site {site}" with no site under the cursor: as if it had not been typed */
		if (i > 0 && strncmp(w->list.v[i - 1], "--", 2) == 0)
			out->list.len--;
		return 0;
	}
	if (n == 0)
		return ERR(err, HS_ERR_STATE, N_("'{1}' needs a row: nothing is under the cursor"), c->name);
	if (n > 1 && (arg == NULL || (arg->flags & ARG_MANY) == 0))
		return ERR(err, HS_ERR_STATE, N_("'{1}' works on one row; {2} are marked (Esc takes the marks away)"), c->name,
			   MSG_INT((int64_t)n));
	for (size_t k = 0; k < n; k++) {
		if (k > 0 && i > 0 && strncmp(w->list.v[i - 1], "--", 2) == 0)
			vec_push(&out->list, arena_text(&out->mem, w->list.v[i - 1]));
		vec_push(&out->list, arena_text(&out->mem, ids[k]));
	}
	return 0;
}

static int fill_places(struct app *a, const struct command *c, struct words *w, struct words *out, struct err *err)
{
	*out = (struct words){ 0 };
	for (size_t i = 0; i < w->list.len; i++) {
		if (place_kind(w->list.v[i]) < 0) {
			vec_push(&out->list, arena_text(&out->mem, w->list.v[i]));
			continue;
		}
		int rc = fill_place(a, c, w, i, out, err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

void app_command(struct app *a, const char *line)
{
	struct words typed, filled = { 0 };
	struct err err = { 0 };
	size_t used = 0;

	if (words_split(&typed, line, &err) == 0 && typed.list.len > 0) {
		const struct command *c = command_find(typed.list.v, typed.list.len, &used);
		if (c == NULL)
			ERR(&err, HS_ERR_USAGE, N_("there is no verb '{1}'; ? lists them"), typed.list.v[0]);
		else if (fill_places(a, c, &typed, &filled, &err) == 0)
			job_start(a, c, filled.list.v + used, filled.list.len - used);
	}
	if (err.code != 0)
		app_error(a, &err);
	words_release(&typed);
	words_release(&filled);
}

/* ---- acts of the console ---- */

static void act_match(struct app *a, bool backward)
{
	struct list *list = app_list(a);

	if (list == NULL || list->search == NULL)
		APP_SAY(a, N_("nothing was searched for yet; \\ searches"));
	else if (!list_search(list, NULL, backward))
		APP_SAY(a, N_("'{1}' is not found"), list->search);
}

/* The record, or the tab, beside this one. */
static void act_neighbour(struct app *a, int step)
{
	struct stack *s = &a->tabs[a->tab];

	if (s->depth > 1) {
		struct screen *below = s->v[s->depth - 2];
		struct list *list = below->ops->list != NULL ? below->ops->list(below) : NULL;
		const char *name = s->v[s->depth - 1]->ops->name;
		size_t before = list != NULL ? list->selected : 0;
		if (list == NULL)
			return;
		list_move(list, step);
		if (list->selected == before || list_selected_id(list) == NULL) {
			APP_SAY(a, step > 0 ? N_("this is the last one") : N_("this is the first one"));
			return;
		}
		app_back(a);
		app_open(a, name, list_selected_id(list));
		return;
	}
	for (int t = a->tab + step; t >= 1 && t < TABS; t += step) {
		if (screen_by_tab(t) != NULL) {
			app_switch(a, t);
			return;
		}
	}
}

/* Esc: one thing less each time, and never out of the program. */
static void act_cancel(struct app *a)
{
	struct list *list = app_list(a);

	if (list != NULL && list->marks.len > 0)
		list_clear_marks(list);
	else if (list != NULL && list->filter != NULL)
		list_set_filter(list, NULL);
	else if (a->zoomed)
		a->zoomed = false;
	else
		app_back(a);
	strbuf_clear(&a->message);
}

static void act_back(struct app *a)
{
	if (a->tabs[a->tab].depth > 1)
		app_back(a);
	else
		app_quit(a);
}

static void act_copy(struct app *a)
{
	struct list *list = app_list(a);
	struct strbuf text = { 0 };

	if (list != NULL && list_row_text(list, &text)) {
		app_copy(a, strbuf_text(&text));
		APP_SAY(a, N_("copied: {1}"), strbuf_text(&text));
	}
	strbuf_release(&text);
}

static void act_console(struct app *a, const char *act, const struct key *key)
{
	struct screen *top = app_top(a);
	struct list *list = app_list(a);

	if (strcmp(act, "@help") == 0)
		help_open(a);
	else if (strcmp(act, "@prompt") == 0)
		prompt_open(a, PROMPT_COMMAND, "");
	else if (strcmp(act, "@filter") == 0 && list != NULL)
		prompt_open(a, PROMPT_FILTER, list->filter != NULL ? list->filter : "");
	else if (strcmp(act, "@search") == 0 && list != NULL)
		prompt_open(a, PROMPT_SEARCH, "");
	else if (strcmp(act, "@match") == 0 || strcmp(act, "@match-back") == 0)
		act_match(a, act[6] == '-');
	else if (strcmp(act, "@copy") == 0)
		act_copy(a);
	else if (strcmp(act, "@back") == 0)
		act_back(a);
	else if (strcmp(act, "@cancel") == 0)
		act_cancel(a);
	else if (strcmp(act, "@zoom") == 0)
		a->zoomed = !a->zoomed;
	else if (strcmp(act, "@pane") == 0 && top != NULL && top->ops->next_pane != NULL)
		top->ops->next_pane(top);
	else if (strcmp(act, "@enter") == 0 && top != NULL && top->ops->enter != NULL)
		top->ops->enter(top);
	else if (strcmp(act, "@previous") == 0 || strcmp(act, "@next") == 0)
		act_neighbour(a, act[1] == 'n' ? 1 : -1);
	else if (strcmp(act, "@redraw") == 0)
		term_redraw(a->term);
	else if (strcmp(act, "@suspend") == 0)
		term_suspend(a->term);
	else if (strncmp(act, "@tab", 4) == 0)
		app_switch(a, act[4] - '0');
	else if (list != NULL)
		list_key(list, key);
}

void act_run(struct app *a, const char *command)
{
	size_t count;
	const struct key_binding *keys = key_bindings(&count);
	struct key key = { 0 };

	/* an act of a list is its key */
	for (size_t i = 0; i < count; i++)
		if (keys[i].command == command)
			key.code = key_parse(keys[i].key);
	if (*command == '@')
		act_console(a, command, &key);
	else
		app_command(a, command);
}

void act_key(struct app *a, const struct key *key)
{
	struct screen *top = app_top(a);
	struct list *list = app_list(a);
	const struct key_binding *b = key_binding_find(top != NULL ? top->ops->name : "", list != NULL, key->code);
	bool own = b != NULL && *b->screen != '\0' && strcmp(b->screen, "list") != 0;

	strbuf_clear(&a->message);
	if (!own && list != NULL && list_key(list, key))
		return;
	if (!own && (b == NULL || *b->screen == '\0') && top != NULL && top->ops->key != NULL && top->ops->key(top, key->code))
		return;
	if (b != NULL && *b->command == '@')
		act_console(a, b->command, key);
	else if (b != NULL)
		app_command(a, b->command);
	else if (key->code != HK_MOUSE) {
		char name[32];
		APP_SAY(a, N_("{1} does nothing here; ? lists the keys"), key_name(key->code, name));
	}
}

static const struct {
	const char *act, *text;
} summaries[] = {
	{ "@help", N_("help: keys and verbs") },
	{ "@prompt", N_("type a command") },
	{ "@back", N_("one level back, or quit") },
	{ "@cancel", N_("take back marks, filter, zoom; never quits") },
	{ "@zoom", N_("one pane as large as can be") },
	{ "@pane", N_("next pane") },
	{ "@enter", N_("open what is under the cursor") },
	{ "@previous", N_("previous record or screen") },
	{ "@next", N_("next record or screen") },
	{ "@redraw", N_("draw everything again") },
	{ "@suspend", N_("stop hoshu and go back to the shell (fg returns)") },
	{ "@filter", N_("show only rows that hold the words") },
	{ "@search", N_("go to the next row that holds the words") },
	{ "@match", N_("next match") },
	{ "@match-back", N_("previous match") },
	{ "@copy", N_("copy the row to the clipboard") },
	{ "@tab1", N_("screen 1") }, { "@tab2", N_("screen 2") }, { "@tab3", N_("screen 3") }, { "@tab4", N_("screen 4") },
	{ "@tab5", N_("screen 5") }, { "@tab6", N_("screen 6") }, { "@tab7", N_("screen 7") }, { "@tab8", N_("screen 8") },
	{ "@down", N_("next row") }, { "@up", N_("previous row") },
	{ "@top", N_("first row") }, { "@bottom", N_("last row") },
	{ "@page-down", N_("a page down") }, { "@page-up", N_("a page up") },
	{ "@half-down", N_("half a page down") }, { "@half-up", N_("half a page up") },
	{ "@mark", N_("mark the row") }, { "@mark-range", N_("mark from the last mark to here") },
	{ "@sort", N_("sort by the next column") }, { "@reverse", N_("sort the other way round") },
};

const char *act_summary(const char *act)
{
	for (size_t i = 0; i < sizeof summaries / sizeof *summaries; i++)
		if (strcmp(summaries[i].act, act) == 0)
			return summaries[i].text;
	return "";
}
