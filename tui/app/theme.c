/* The theme and the language of the screen, changed while the console runs. */
#include <stdio.h>

#include "core/base/strbuf.h"
#include "data/contract/theme.h"
#include "tui/app/internal.h"
#include "tui/widget/tr.h"

static const char *const role_names[] = {
#define ROLE(name, note) #name,
#include "tui/widget/roles.def"
#undef ROLE
	NULL,
};

int app_theme_read(const struct app *a, const char *name, struct theme **out, struct err *err)
{
	struct strbuf path = { 0 };
	struct complaints complaints = { 0 };

	*out = NULL;
	int rc = theme_find(a->session->config->config_folder, name, &path, err);
	if (rc == 0)
		rc = theme_load(strbuf_text(&path), role_names, out, &complaints, err);
	complaints_release(&complaints);
	strbuf_release(&path);
	return rc;
}

int app_theme(struct app *a, const char *name, struct err *err)
{
	struct theme *theme;
	int rc = app_theme_read(a, name, &theme, err);

	if (rc != 0)
		return rc;
	term_set_theme(a->term, theme);
	theme_free(a->theme);
	a->theme = theme;
	snprintf(a->theme_name, sizeof a->theme_name, "%s", name);
	a->dirty = true;
	return 0;
}

int app_language(struct app *a, const char *lang, struct err *err)
{
	if (!lang_set(lang))
		return ERR(err, HS_ERR_INVALID, N_("'{1}' is no language of hoshu; known are ja, en"), lang);
	app_changed(a, TOPIC_ALL);
	return 0;
}
