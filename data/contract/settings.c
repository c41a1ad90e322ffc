/* See settings.h. */
#include "data/contract/settings.h"

#include "core/base/strbuf.h"
#include "data/contract/schema.h"

struct walking {
	void (*each)(void *ctx, const struct setting_line *line);
	void *ctx;
};

/* {1} and {2} the bounds, {1} the choices. */
static const char *const forms[] = {
	[SET_TEXT] = N_("text, {1} to {2} bytes"),
	[SET_ID] = N_("id: a small letter, then small letters, digits, - and _; 31 at most"),
	[SET_WORD] = N_("one of {1}"),
	[SET_CHOICE] = N_("one of {1}"),
	[SET_TAG] = N_("one to three capital letters"),
	[SET_ADDRESS] = N_("host name or address"),
	[SET_PATH] = N_("path from / or ~/"),
	[SET_NAME] = N_("[ \"Japanese\", \"English\" ]"),
	[SET_SHORT] = N_("[ \"Japanese\", \"English\" ]"),
	[SET_BOOL] = N_("true or false"),
	[SET_INT] = N_("whole number, {1} to {2}"),
	[SET_INT64] = N_("whole number, {1} to {2}"),
	[SET_DURATION] = N_("span: \"30s\", \"5m\", \"48h\", \"7d\"; {1} to {2} seconds"),
	[SET_SIZE] = N_("size: \"500K\", \"20M\", \"2G\""),
	[SET_CLOCK] = N_("time of day: \"07:30\"; \"24:00\" is the end"),
	[SET_DAY] = N_("day: \"2026-10-01\""),
	[SET_MONTH_DAY] = N_("month and day: \"12-29\""),
	[SET_ZONE] = N_("difference to UTC: \"+09:00\""),
	[SET_COLOR] = N_("colour: 0 to {2}, \"default\", \"black\" to \"bright-white\""),
	[SET_IDS] = N_("[ ids ]"),
	[SET_WORDS] = N_("[ words ], each one of {1}"),
	[SET_MONTH_DAYS] = N_("[ months and days ]"),
	[SET_DAYS] = N_("[ days ]"),
	[SET_BITS] = N_("[ words ], each one of {1}"),
	[SET_GROUP] = N_("{ settings }"),
	[SET_LIST] = N_("( groups ), {2} at most"),
};

static void walk(const struct walking *w, const struct setting *table, const char *above);

static void walk_one(const struct walking *w, const struct setting *s, const char *above)
{
	struct strbuf path = { 0 }, first = { 0 };
	struct setting_line line = { .required = s->flags & SETTING_REQUIRED, .help = s->help != NULL ? s->help : "",
				     .initial = s->initial != NULL ? s->initial : "" };
	int64_t max = s->kind == SET_TEXT && s->max == 0 ? 200 : s->max;
	int64_t min = s->kind == SET_TEXT && s->min == 0 ? line.required : s->min;

	strbuf_addf(&path, "%s%s%s", above, above[0] != '\0' ? "." : "", s->name);
	if (s->choices != NULL)
		choices_list(s->choices, &first);
	else
		strbuf_addf(&first, "%lld", (long long)min);
	line.path = strbuf_text(&path);
	MSG(&line.form, forms[s->kind], strbuf_text(&first), MSG_INT(max));
	w->each(w->ctx, &line);
	if (s->fields != NULL)
		walk(w, s->fields, strbuf_text(&path));
	strbuf_release(&path);
	strbuf_release(&first);
}

static void walk(const struct walking *w, const struct setting *table, const char *above)
{
	for (const struct setting *s = table; s->name != NULL; s++)
		walk_one(w, s, above);
}

void settings_walk(enum settings_file file, void (*each)(void *ctx, const struct setting_line *line), void *ctx)
{
	static const char *const any_role[] = { "ROLE", NULL };
	const struct walking w = { each, ctx };
	struct arena mem = { 0 };

	walk(&w, file == SETTINGS_CONTRACT ? contract_settings : file == SETTINGS_CONFIG ? config_settings :
						theme_settings(any_role, &mem), "");
	arena_release(&mem);
}
