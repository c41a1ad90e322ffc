/* See theme.h. A theme's table is made for the roles that the caller names, so that a new role needs no change here. */
#include "data/contract/theme.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "data/contract/folder.h"
#include "data/contract/load.h"
#include "data/contract/schema.h"

static const char *const grounds[] = { "any", "dark", "light", NULL };
/* Bit i is the i-th: the order of enum theme_attribute. */
static const char *const attributes[] = { "bold", "dim", "underline", "reverse", "italic", NULL };

#define LOOK(member) offsetof(struct theme_role, member)

static const struct setting full_settings[] = {
	{ .name = "fg", .kind = SET_COLOR, .at = offsetof(struct theme_look, fg), .max = 255, .initial = "default",
	  .help = N_("colour of the letters") },
	{ .name = "bg", .kind = SET_COLOR, .at = offsetof(struct theme_look, bg), .max = 255, .initial = "default",
	  .help = N_("colour behind them") },
	{ .name = "attributes", .kind = SET_BITS, .at = offsetof(struct theme_look, attributes), .choices = attributes,
	  .help = N_("bold, dim, underline, reverse, italic") },
	{ .name = NULL }
};

static const struct setting basic_settings[] = {
	{ .name = "fg", .kind = SET_COLOR, .at = offsetof(struct theme_look, fg), .max = 15, .initial = "default",
	  .help = N_("colour of the letters") },
	{ .name = "bg", .kind = SET_COLOR, .at = offsetof(struct theme_look, bg), .max = 15, .initial = "default",
	  .help = N_("colour behind them") },
	{ .name = "attributes", .kind = SET_BITS, .at = offsetof(struct theme_look, attributes), .choices = attributes,
	  .help = N_("bold, dim, underline, reverse, italic") },
	{ .name = NULL }
};

static const struct setting role_settings[] = {
	{ .name = "full", .kind = SET_GROUP, .flags = SETTING_REQUIRED, .at = LOOK(full), .fields = full_settings,
	  .help = N_("with 256 colours") },
	{ .name = "basic", .kind = SET_GROUP, .flags = SETTING_REQUIRED, .at = LOOK(basic), .fields = basic_settings,
	  .help = N_("with 8 or 16 colours") },
	{ .name = "plain", .kind = SET_BITS, .at = LOOK(plain.attributes), .choices = attributes,
	  .help = N_("without colours: attributes") },
	{ .name = NULL }
};

static const struct setting head_settings[] = {
	{ .name = "title", .kind = SET_NAME, .flags = SETTING_REQUIRED, .at = offsetof(struct theme, title),
	  .help = N_("name in Japanese and English") },
	{ .name = "ground", .kind = SET_CHOICE, .at = offsetof(struct theme, ground), .choices = grounds, .initial = "any",
	  .help = N_("the background it was made for") },
	{ .name = "roles", .kind = SET_GROUP, .flags = SETTING_REQUIRED, .help = N_("each role of the screen") },
	{ .name = NULL }
};

/* One setting a role, its look at its place in the array. */
static const struct setting *roles_table(const char *const *names, size_t count, struct arena *mem)
{
	struct setting *table = arena_alloc(mem, (count + 1) * sizeof *table);

	for (size_t i = 0; i < count; i++)
		table[i] = (struct setting){ .name = names[i], .kind = SET_GROUP, .flags = SETTING_REQUIRED,
					     .at = i * sizeof(struct theme_role), .fields = role_settings,
					     .help = N_("what a role looks like") };
	return table;
}

const struct setting *theme_settings(const char *const *role_names, struct arena *mem)
{
	struct setting *table = arena_alloc(mem, sizeof head_settings);
	size_t count = 0;

	memcpy(table, head_settings, sizeof head_settings);
	while (role_names[count] != NULL)
		count++;
	for (struct setting *s = table; s->name != NULL; s++)
		if (strcmp(s->name, "roles") == 0)
			s->fields = roles_table(role_names, count, mem);
	return table;
}

/* The reader fills one struct: the head, and behind it the roles. */
static const struct setting *table_behind(const char *const *role_names, size_t at, struct arena *mem)
{
	const struct setting *table = theme_settings(role_names, mem);
	struct setting *moved = arena_alloc(mem, sizeof head_settings);

	memcpy(moved, table, sizeof head_settings);
	for (struct setting *s = moved; s->name != NULL; s++)
		if (s->kind == SET_GROUP)
			s->at = at;
	return moved;
}

static const char *theme_name(struct arena *mem, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path, *dot = strrchr(base, '.');

	return arena_text_n(mem, base, dot != NULL ? (size_t)(dot - base) : strlen(base));
}

static struct theme *theme_new(const char *path, const char *const *role_names, struct theme_role **roles)
{
	struct arena mem = { 0 };
	size_t count = 0;

	while (role_names[count] != NULL)
		count++;
	struct theme *t = arena_alloc(&mem, sizeof *t + count * sizeof **roles);
	*roles = (struct theme_role *)(void *)(t + 1);
	for (size_t i = 0; i < count; i++)
		(*roles)[i].name = role_names[i];
	t->name = theme_name(&mem, path);
	t->roles = *roles;
	t->role_count = count;
	t->mem = mem;
	return t;
}

int theme_load(const char *path, const char *const *role_names, struct theme **out_theme, struct complaints *out,
	       struct err *err)
{
	size_t before = out->list.len;
	struct theme_role *roles;
	struct source s;

	*out_theme = NULL;
	int rc = source_read(path, false, &s, err);
	if (rc != 0)
		return rc;
	struct theme *t = theme_new(path, role_names, &roles);
	const struct setting *table = table_behind(role_names, sizeof *t, &t->mem);
	rc = schema_read(&s, table, t, &t->mem, out);
	for (size_t i = 0; i < t->role_count; i++)
		roles[i].plain.fg = roles[i].plain.bg = THEME_DEFAULT;
	if (rc == 0) {
		*out_theme = t;
	} else {
		rc = complaints_error(out, before, path, err);
		theme_free(t);
	}
	source_release(&s);
	return rc;
}

void theme_free(struct theme *t)
{
	if (t == NULL)
		return;
	struct arena mem = t->mem; /* t lies in it */
	arena_release(&mem);
}

void theme_names(const char *config_folder, const char *separator, struct strbuf *out)
{
	struct folder_names names = { 0 };

	folder_list(config_folder, "themes", &names);
	folder_list(data_folder(), "themes", &names);
	folder_join(&names, separator, out);
	folder_names_release(&names);
}

int theme_find(const char *config_folder, const char *name, struct strbuf *path, struct err *err)
{
	struct strbuf names = { 0 };

	if (folder_find(config_folder, "themes", name, path) || folder_find(data_folder(), "themes", name, path))
		return 0;
	theme_names(config_folder, ", ", &names);
	int rc = ERR(err, HS_ERR_NOT_FOUND, N_("there is no theme '{1}'; known are {2}"), name, strbuf_text(&names));
	strbuf_release(&names);
	return rc;
}
