/* See keys.h. */
#include "tui/screen/keys.h"

#include <string.h>

#include "tui/widget/key.h"

static const struct key_binding bindings[] = {
#define KEY(screen, key, command, label) { screen, key, command, label },
#include "tui/screen/keys.def"
#undef KEY
};

const struct key_binding *key_bindings(size_t *count)
{
	*count = sizeof bindings / sizeof *bindings;
	return bindings;
}

static const struct key_binding *find_on(const char *screen, int code)
{
	for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++)
		if (strcmp(bindings[i].screen, screen) == 0 && key_parse(bindings[i].key) == code)
			return &bindings[i];
	return NULL;
}

const struct key_binding *key_binding_find(const char *screen, bool in_list, int code)
{
	const struct key_binding *found = find_on(screen, code);

	if (found == NULL && in_list)
		found = find_on("list", code);
	return found != NULL ? found : find_on("", code);
}

static const struct {
	const char *name;
	enum arg_kind kind;
} placeholders[] = {
	{ "ticket", ARG_TICKET }, { "patch", ARG_PATCH }, { "talk", ARG_TALK }, { "stop", ARG_STOP },
	{ "campaign", ARG_CAMPAIGN }, { "terminal", ARG_TERMINAL }, { "staff", ARG_STAFF }, { "site", ARG_SITE },
	{ "service", ARG_SERVICE }, { "host", ARG_HOST }, { "check", ARG_CHECK }, { "flow", ARG_FLOW },
	{ "stage", ARG_STAGE }, { "phase", ARG_PHASE }, { "group", ARG_GROUP }, { "file", ARG_FILE },
	{ "verb", ARG_VERB }, { "text", ARG_TEXT },
};

int placeholder_kind(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++)
		if (strlen(placeholders[i].name) == len && memcmp(placeholders[i].name, name, len) == 0)
			return (int)placeholders[i].kind;
	return -1;
}
