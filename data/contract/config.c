/* See config.h. */
#include "data/contract/config.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/contract/config_settings.h"
#include "data/contract/load.h"
#include "data/contract/schema.h"

/* Relative paths in these variables are to be ignored (XDG base directory specification). */
static const char *folder_from(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && value[0] == '/' ? value : NULL;
}

static const char *home_folder(void)
{
	const char *home = folder_from("HOME");
	const struct passwd *user = home == NULL ? getpwuid(geteuid()) : NULL;

	if (user != NULL)
		home = user->pw_dir;
	return home != NULL ? home : "/";
}

/* $variable/hoshu, else ~/usual/hoshu. */
static const char *xdg_folder(struct arena *mem, const char *variable, const char *usual)
{
	struct strbuf path = { 0 };
	const char *base = folder_from(variable);

	if (base != NULL)
		strbuf_addf(&path, "%s/hoshu", base);
	else
		strbuf_addf(&path, "%s/%s/hoshu", home_folder(), usual);
	const char *kept = arena_text(mem, strbuf_text(&path));
	strbuf_release(&path);
	return kept;
}

/* A path as it stands in a file or on the command line, made absolute. */
static const char *absolute(struct arena *mem, const char *path)
{
	struct strbuf full = { 0 };
	char *here;

	if (path[0] == '~' && path[1] == '/') {
		strbuf_addf(&full, "%s%s", home_folder(), path + 1);
	} else if (path[0] != '/' && (here = getcwd(NULL, 0)) != NULL) {
		strbuf_addf(&full, "%s/%s", here, path);
		free(here);
	} else {
		strbuf_add_text(&full, path);
	}
	const char *kept = arena_text(mem, strbuf_text(&full));
	strbuf_release(&full);
	return kept;
}

static void work_out_folders(struct config *c, const struct config_options *options)
{
	struct strbuf file = { 0 };
	const char *given = options->config_folder != NULL ? options->config_folder : folder_from("HOSHU_CONFIG_DIR");

	c->config_folder = given != NULL ? absolute(&c->mem, given) : xdg_folder(&c->mem, "XDG_CONFIG_HOME", ".config");
	strbuf_addf(&file, "%s/hoshu.conf", c->config_folder);
	c->file = arena_text(&c->mem, strbuf_text(&file));
	strbuf_release(&file);
	c->data_folder = options->data_folder != NULL ? absolute(&c->mem, options->data_folder) :
							xdg_folder(&c->mem, "XDG_DATA_HOME", ".local/share");
	c->state_folder = xdg_folder(&c->mem, "XDG_STATE_HOME", ".local/state");
	c->cache_folder = xdg_folder(&c->mem, "XDG_CACHE_HOME", ".cache");
	c->runtime_folder = folder_from("XDG_RUNTIME_DIR") != NULL ? xdg_folder(&c->mem, "XDG_RUNTIME_DIR", "") : "";
}

static void take_over(struct config *c, const struct config_file *f)
{
	c->person = f->person;
	c->role = (enum person_role)f->role;
	c->tag = f->tag;
	c->language = (enum config_language)f->language;
	c->ambiguous = (enum config_ambiguous)f->ambiguous;
	c->theme = f->theme;
	c->ascii = f->ascii;
	c->color = f->color;
	c->collect = f->collect;
	c->auto_tickets = f->auto_tickets;
}

/* A name without a slash is an installed contract. */
static int find_contract(struct config *c, const char *named, struct place place, struct complaints *complaints)
{
	struct strbuf path = { 0 };
	struct err why = { 0 };
	int rc = contract_find(named, &path, &why);

	if (rc != 0)
		complaints_put(complaints, place, &why.msg);
	else
		c->contract_file = absolute(&c->mem, strbuf_text(&path));
	strbuf_release(&path);
	return rc == 0 ? 0 : HS_ERR_INVALID;
}

static int read_settings(struct config *c, const struct config_options *options, struct source *s,
			 struct complaints *complaints, struct err *err)
{
	struct config_file file = { 0 }, none = { 0 };
	size_t before = complaints->list.len;

	schema_defaults(config_settings, &none, &c->mem);
	int rc = schema_read(s, config_settings, &file, &c->mem, complaints);
	if (rc == 0)
		rc = find_contract(c, file.contract, (struct place){ s->name, 0 }, complaints);
	take_over(c, rc == 0 ? &file : &none);
	if (rc != 0)
		return complaints_error(complaints, before, s->name, err);
	if (file.data[0] != '\0' && options->data_folder == NULL)
		c->data_folder = absolute(&c->mem, file.data);
	c->exists = true;
	return 0;
}

int config_load(const struct config_options *options, struct config **out, struct complaints *complaints, struct err *err)
{
	struct config *c = mem_alloc(1, sizeof *c);
	struct config_file none = { 0 };
	struct err why = { 0 };
	struct source s;

	*out = c;
	c->contract_file = "";
	work_out_folders(c, options);
	schema_defaults(config_settings, &none, &c->mem);
	take_over(c, &none);
	int rc = source_read(c->file, true, &s, &why);
	if (rc == HS_ERR_NOT_FOUND)
		rc = 0;
	else if (rc != 0 && err != NULL)
		*err = why;
	else if (rc == 0)
		rc = read_settings(c, options, &s, complaints, err);
	source_release(&s);
	return rc;
}

void config_free(struct config *c)
{
	if (c == NULL)
		return;
	struct arena mem = c->mem;
	free(c);
	arena_release(&mem);
}

void config_contract_folder(const struct config *c, const char *contract_id, struct strbuf *out)
{
	strbuf_addf(out, "%s/%s", c->data_folder, contract_id);
}
