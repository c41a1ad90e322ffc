/* A theme as plain data: what each role of the screen looks like. No colour stands in C (architecture §1).
 *
 * A role has three looks, and the terminal takes the richest it can show: full (256 colours and more), basic (8 or 16)
 * and plain (attributes alone: NO_COLOR, mono, a terminal without colours). Loaded from themes/NAME.conf, checked whole. */
#ifndef DATA_CONTRACT_THEME_H
#define DATA_CONTRACT_THEME_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/contract/contract.h"

enum theme_attribute { THEME_BOLD = 1, THEME_DIM = 2, THEME_UNDERLINE = 4, THEME_REVERSE = 8, THEME_ITALIC = 16 };
#define THEME_DEFAULT (-1) /* the terminal's own colour */

struct theme_look {
	int fg, bg;          /* THEME_DEFAULT, or 0–255 in full, 0–15 in basic; THEME_DEFAULT in plain */
	unsigned attributes; /* THEME_* */
};

struct theme_role {
	const char *name;
	struct theme_look full, basic, plain;
};

enum theme_ground { THEME_ANY_GROUND, THEME_DARK_GROUND, THEME_LIGHT_GROUND };

struct theme {
	struct arena mem;
	const char *name;              /* the file's name without .conf */
	struct label title;
	enum theme_ground ground;      /* the background it was made for */
	const struct theme_role *roles; /* in the order of the names that theme_load was given: roles[ROLE_ok] */
	size_t role_count;
};

/* Reads a theme file. role_names: every role that must be described, NULL-terminated; a file that leaves one out or
 * knows another is refused. 0, or a code with all complaints in out (complaints_release). *out_theme is NULL on failure. */
int theme_load(const char *path, const char *const *role_names, struct theme **out_theme, struct complaints *out,
	       struct err *err);
void theme_free(struct theme *t); /* NULL is fine */
/* The path of a theme by name: the person's config folder first, then the installed ones (themes/NAME.conf).
 * HS_ERR_NOT_FOUND names the themes there are. config_folder may be "". */
int theme_find(const char *config_folder, const char *name, struct strbuf *path, struct err *err);
/* Appends the names of all themes that theme_find would find, sorted, each once, separated by separator. */
void theme_names(const char *config_folder, const char *separator, struct strbuf *out);

#endif
