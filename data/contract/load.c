/* See load.h. */
#include "data/contract/load.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/probe/probe.h"
#include "data/contract/folder.h"
#include "data/contract/schema.h"

/* Where the file leaves something to another setting. */
static void fill_in(struct contract *c)
{
	const char *home = getenv("HOME");

	for (size_t i = 0; i < c->check_count; i++) {
		struct check *check = (struct check *)(uintptr_t)&c->checks[i];
		const struct host *host = contract_host(c, check->host);
		if (check->interval_s == 0)
			check->interval_s = c->interval_s;
		if (check->site[0] == '\0' && host != NULL)
			check->site = host->site;
	}
	for (size_t i = 0; i < c->host_count; i++) {
		struct host *host = (struct host *)(uintptr_t)&c->hosts[i];
		if (host->key_file[0] != '~' || home == NULL)
			continue;
		struct strbuf path = { 0 };
		strbuf_addf(&path, "%s%s", home, host->key_file + 1);
		host->key_file = arena_text(&c->mem, strbuf_text(&path));
		strbuf_release(&path);
	}
}

static void complain_kind(const struct check *check, struct complaints *out)
{
	struct strbuf known = { 0 };

	for (size_t i = 0; probe_kinds[i] != NULL; i++)
		strbuf_addf(&known, "%s%s", i > 0 ? ", " : "", probe_kinds[i]->name);
	COMPLAIN(out, check->place, N_("check '{1}': there is no kind '{2}'; known are {3}"), check->id, check->kind,
		 strbuf_text(&known));
	strbuf_release(&known);
}

/* Each check is what its kind of probe takes. */
static int validate_checks(const struct contract *c, struct complaints *out)
{
	int rc = 0;

	for (size_t i = 0; i < c->check_count; i++) {
		const struct check *check = &c->checks[i];
		const struct probe_kind *kind = probe_kind_find(check->kind);
		struct err why = { 0 };
		if (kind == NULL)
			complain_kind(check, out);
		else if (kind->validate != NULL && kind->validate(check, &why) != 0)
			complaints_put(out, check->place, &why.msg);
		else
			continue;
		rc = HS_ERR_INVALID;
	}
	return rc;
}

static int contract_from_source(struct source *s, struct contract **out, struct complaints *complaints, struct err *err)
{
	size_t before = complaints->list.len;
	struct contract *c = mem_alloc(1, sizeof *c);

	s->name = arena_text(&c->mem, s->name);
	c->place = (struct place){ s->name, 1 };
	int rc = schema_read(s, contract_settings, c, &c->mem, complaints);
	if (rc == 0) {
		fill_in(c);
		rc = contract_check(c, complaints);
		int checks = validate_checks(c, complaints);
		rc = rc != 0 ? rc : checks;
	}
	if (rc != 0) {
		rc = complaints_error(complaints, before, s->name, err);
		contract_free(c);
		return rc;
	}
	*out = c;
	return 0;
}

int contract_load(const char *path, struct contract **out, struct complaints *complaints, struct err *err)
{
	struct source s;

	*out = NULL;
	int rc = source_read(path, false, &s, err);
	if (rc == 0)
		rc = contract_from_source(&s, out, complaints, err);
	source_release(&s);
	return rc;
}

int contract_parse(const char *name, const char *bytes, size_t len, struct contract **out, struct complaints *complaints,
		   struct err *err)
{
	struct source s = { 0 };

	*out = NULL;
	int rc = source_from_bytes(name, bytes, len, &s, err);
	if (rc == 0)
		rc = contract_from_source(&s, out, complaints, err);
	source_release(&s);
	return rc;
}

void contract_free(struct contract *c)
{
	if (c == NULL)
		return;
	struct arena mem = c->mem;
	free(c);
	arena_release(&mem);
}

int contract_reload(const char *path, struct contract **current, struct contract **old, struct complaints *complaints,
		    struct err *err)
{
	struct contract *fresh;

	*old = NULL;
	int rc = contract_load(path, &fresh, complaints, err);
	if (rc != 0)
		return rc;
	if (strcmp(fresh->id, (*current)->id) != 0) {
		rc = ERR(err, HS_ERR_CONFLICT,
			 N_("'{1}' is now the contract '{2}', but '{3}' is open; end hoshu and start it again"), path,
			 fresh->id, (*current)->id);
		contract_free(fresh);
		return rc;
	}
	*old = *current;
	*current = fresh;
	return 0;
}

int contract_find(const char *name, struct strbuf *path, struct err *err)
{
	struct strbuf names = { 0 };

	if (strchr(name, '/') != NULL) {
		strbuf_add_text(path, name);
		return 0;
	}
	if (folder_find(data_folder(), "contracts", name, path) || folder_find(data_folder(), "data/contract", name, path))
		return 0;
	contract_names(", ", &names);
	int rc = ERR(err, HS_ERR_NOT_FOUND, N_("there is no contract '{1}'; give a path, or one of: {2}"), name,
		     strbuf_text(&names));
	strbuf_release(&names);
	return rc;
}

void contract_names(const char *separator, struct strbuf *out)
{
	struct folder_names names = { 0 };

	folder_list(data_folder(), "contracts", &names);
	folder_list(data_folder(), "data/contract", &names);
	folder_join(&names, separator, out);
	folder_names_release(&names);
}

const char *data_folder(void)
{
	const char *given = getenv("HOSHU_DATADIR");

	return given != NULL && given[0] == '/' ? given : HOSHU_DATADIR;
}
