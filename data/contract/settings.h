/* What may stand in the files, as rows for help and manual: made from the tables that the reader uses. */
#ifndef DATA_CONTRACT_SETTINGS_H
#define DATA_CONTRACT_SETTINGS_H

#include <stdbool.h>

#include "core/base/msg.h"

enum settings_file { SETTINGS_CONTRACT, SETTINGS_CONFIG, SETTINGS_THEME };

struct setting_line {
	const char *path;    /* "services.window.from" */
	struct msg form;     /* what is allowed */
	bool required;
	const char *initial; /* the default, "" when there is none */
	const char *help;    /* a msgid */
};
/* Calls each for every setting, outer ones first; a line lives for the call. Of a theme, one role stands for all. */
void settings_walk(enum settings_file file, void (*each)(void *ctx, const struct setting_line *line), void *ctx);

#endif
