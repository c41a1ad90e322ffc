/* See options.h. */
#include "tui/cli/options.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

/* Length of "name" in "--name" or "--name=value"; 0 when word is no option. */
static size_t name_length(const char *word)
{
	return strncmp(word, "--", 2) == 0 && word[2] != '\0' ? strcspn(word + 2, "=") : 0;
}

static enum option_id option_find(const char *name, size_t len)
{
	const struct option_info *list = option_list();

	for (int i = 0; i < OPTION_COUNT; i++)
		if (strlen(list[i].name) == len && memcmp(list[i].name, name, len) == 0)
			return (enum option_id)i;
	return OPTION_COUNT;
}

static const struct arg *verb_arg(const struct command *c, const char *name, size_t len)
{
	for (const struct arg *a = c != NULL ? c->args : NULL; a != NULL && a->name != NULL; a++)
		if (strlen(a->name) == len && memcmp(a->name, name, len) == 0)
			return a;
	return NULL;
}

/* Takes argv[*i] as an option of hoshu, and its value. */
static int take_option(struct options *o, enum option_id id, int argc, char *const *argv, int *i, struct err *err)
{
	const struct option_info *info = &option_list()[id];
	const char *equals = strchr(argv[*i], '=');

	if (info->value == NULL) {
		if (equals != NULL)
			return ERR(err, HS_ERR_USAGE, N_("--{1} takes no value"), info->name);
		o->value[id] = "";
		return 0;
	}
	if (equals == NULL && *i + 1 >= argc)
		return ERR(err, HS_ERR_USAGE, N_("--{1} wants a value"), info->name);
	o->value[id] = equals != NULL ? equals + 1 : argv[++*i];
	return 0;
}

/* The words from argv[i] on, up to the next option: are they a verb? */
static int take_verb(struct options *o, int argc, char *const *argv, int *i, struct err *err)
{
	size_t count = 0, used;

	while (*i + (int)count < argc && argv[*i + (int)count][0] != '-')
		count++;
	o->command = command_find((const char *const *)argv + *i, count, &used);
	if (o->command == NULL) {
		char two[64];
		snprintf(two, sizeof two, "%.30s%s%.30s", argv[*i], count > 1 ? " " : "", count > 1 ? argv[*i + 1] : "");
		return ERR(err, HS_ERR_USAGE, N_("there is no verb '{1}'; 'hoshu help' lists them"), text_valid(two, strlen(two)) ? two : argv[*i]);
	}
	*i += (int)used - 1;
	return 0;
}

int options_parse(struct options *o, int argc, char *const *argv, struct err *err)
{
	int rc = 0;
	bool plain = false;

	*o = (struct options){ 0 };
	for (int i = 1; i < argc && rc == 0; i++) {
		const char *word = argv[i];
		size_t len = plain ? 0 : name_length(word);
		enum option_id id = len > 0 ? option_find(word + 2, len) : OPTION_COUNT;
		const struct arg *own = len > 0 ? verb_arg(o->command, word + 2, len) : NULL;
		if (own != NULL) {
			vec_push(&o->words, word);
			if (own->kind != ARG_FLAG && word[2 + len] == '\0' && i + 1 < argc)
				vec_push(&o->words, argv[++i]);
		} else if (id != OPTION_COUNT) {
			rc = take_option(o, id, argc, argv, &i, err);
		} else if (o->command == NULL && (strcmp(word, "-h") == 0 || strcmp(word, "-V") == 0)) {
			o->value[word[1] == 'h' ? OPTION_help : OPTION_version] = "";
		} else if (o->command != NULL) {
			plain = plain || strcmp(word, "--") == 0;
			vec_push(&o->words, word);
		} else if (word[0] == '-') {
			rc = ERR(err, HS_ERR_USAGE, N_("there is no option '{1}'; 'hoshu help' lists them"), word);
		} else {
			rc = take_verb(o, argc, argv, &i, err);
		}
	}
	return rc;
}

void options_release(struct options *o)
{
	vec_release(&o->words);
}
