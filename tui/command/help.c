/* help and version: what there is to do, made from the lists of verbs, options and keys. */
#include "config.h"

#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "tui/command/arg.h"
#include "tui/command/options.h"
#include "tui/command/output.h"
#include "tui/screen/keys.h"
#include "tui/widget/tr.h"

static const struct option_info options[OPTION_COUNT] = {
#define OPTION(symbol, name, value, help) { name, value, help },
#include "tui/command/options.def"
#undef OPTION
};

const struct option_info *option_list(void)
{
	return options;
}

/* "  left      right", the left part in cells columns. */
static void help_row(struct strbuf *out, const char *left, size_t cells, const char *right)
{
	strbuf_add_text(out, "  ");
	if (text_cells(left) <= cells)
		text_pad(left, cells, -1, out);
	else
		strbuf_addf(out, "%s\n  %*s", left, (int)cells, "");
	strbuf_addf(out, "  %s\n", right);
}

static void help_arg(struct strbuf *out, const struct arg *a)
{
	struct strbuf left = { 0 }, right = { 0 };

	strbuf_addf(&left, "--%s%s%s", a->name, a->kind != ARG_FLAG ? " " : "", a->kind != ARG_FLAG ? tr(arg_word(a)) : "");
	strbuf_add_text(&right, tr(a->help));
	if ((a->flags & ARG_REQUIRED) != 0)
		strbuf_addf(&right, " (%s)", tr(N_("required")));
	for (const struct choice *c = a->choices; c != NULL && c->id != NULL; c++)
		strbuf_addf(&right, "%s%s%s%s%s", c == a->choices ? ": " : ", ", c->id, c->label != NULL ? " (" : "",
			    c->label != NULL ? tr(c->label) : "", c->label != NULL ? ")" : "");
	help_row(out, strbuf_text(&left), 24, strbuf_text(&right));
	strbuf_release(&left);
	strbuf_release(&right);
}

static void help_keys(struct strbuf *out, const struct command *c)
{
	size_t count, len = strlen(c->name);
	const struct key_binding *keys = key_bindings(&count);

	for (size_t i = 0; i < count; i++) {
		if (strncmp(keys[i].command, c->name, len) != 0 || (keys[i].command[len] != '\0' && keys[i].command[len] != ' '))
			continue;
		strbuf_addf(out, "%s %s%s%s: %s\n", tr(N_("key")), keys[i].screen, *keys[i].screen != '\0' ? " " : "",
			    keys[i].key, keys[i].command);
	}
}

static void help_verb(struct strbuf *out, const struct command *c)
{
	strbuf_add_text(out, "hoshu ");
	command_usage(c, out);
	strbuf_addf(out, "\n%s\n", tr(c->summary));
	for (const struct arg *a = c->args; a != NULL && a->name != NULL; a++) {
		if (a == c->args)
			strbuf_add_char(out, '\n');
		help_arg(out, a);
	}
	if ((c->flags & CMD_STATUS) != 0)
		strbuf_addf(out, "\n%s\n", tr(N_("exit code: 0 fine, 1 warning, 2 fault, 3 unknown")));
	help_keys(out, c);
}

static void help_all(struct strbuf *out)
{
	size_t count;
	const struct command *const *list = command_list(&count);
	struct strbuf left = { 0 };

	strbuf_addf(out, "%s\n\n%s\n", tr(N_("hoshu [options] [verb [arguments]]: without a verb the console opens")),
		    tr(N_("verbs")));
	for (size_t i = 0; i < count; i++)
		help_row(out, list[i]->name, 20, tr(list[i]->summary));
	strbuf_addf(out, "\n%s\n", tr(N_("options")));
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		strbuf_clear(&left);
		strbuf_addf(&left, "--%s%s%s", options[i].name, options[i].value != NULL ? " " : "",
			    options[i].value != NULL ? tr(options[i].value) : "");
		help_row(out, strbuf_text(&left), 20, tr(options[i].help));
	}
	strbuf_addf(out, "\n%s\n", tr(N_("exit code: 0 done, 1 failed, 2 not understood; 'hoshu help VERB' tells more")));
	strbuf_release(&left);
}

/* ---- tables for the manual page, in roff ---- */

/* Text in which roff sees no request and no escape. */
static void roff_text(struct strbuf *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		strbuf_add_text(out, "\\&");
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			strbuf_add_text(out, "\\e");
		else if (*text == '-')
			strbuf_add_text(out, "\\-");
		else
			strbuf_add_char(out, *text);
	}
}

static void roff_item(struct strbuf *out, const char *left, const char *right)
{
	strbuf_add_text(out, ".TP\n.B ");
	roff_text(out, left);
	strbuf_add_char(out, '\n');
	roff_text(out, right);
	strbuf_add_char(out, '\n');
}

static void roff_heading(struct strbuf *out, const char *title)
{
	strbuf_addf(out, ".SH \"%s\"\n", title);
}

static void man_keys(struct strbuf *out)
{
	size_t count;
	const struct key_binding *keys = key_bindings(&count);
	struct strbuf left = { 0 };

	roff_heading(out, tr(N_("KEYS")));
	for (size_t i = 0; i < count; i++) {
		strbuf_clear(&left);
		strbuf_addf(&left, "%s%s%s", keys[i].screen, *keys[i].screen != '\0' ? " " : "", keys[i].key);
		roff_item(out, strbuf_text(&left), keys[i].label != NULL ? tr(keys[i].label) : keys[i].command);
	}
	strbuf_release(&left);
}

static void man_tables(struct strbuf *out)
{
	size_t count;
	const struct command *const *list = command_list(&count);
	struct strbuf left = { 0 };

	roff_heading(out, tr(N_("VERBS")));
	for (size_t i = 0; i < count; i++) {
		strbuf_clear(&left);
		command_usage(list[i], &left);
		roff_item(out, strbuf_text(&left), tr(list[i]->summary));
	}
	roff_heading(out, tr(N_("OPTIONS")));
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		strbuf_clear(&left);
		strbuf_addf(&left, "--%s%s%s", options[i].name, options[i].value != NULL ? " " : "",
			    options[i].value != NULL ? tr(options[i].value) : "");
		roff_item(out, strbuf_text(&left), tr(options[i].help));
	}
	man_keys(out);
	strbuf_release(&left);
}

/* ---- the verbs ---- */

static int help_exec(struct run *run, struct err *err)
{
	struct strbuf out = { 0 };
	const char *verb = run_text(run, "verb");
	(void)err;

	if (run_given(run, "man-tables")) {
		const char *lang = lang_get();
		lang_set(run_text(run, "man-tables"));
		man_tables(&out);
		lang_set(lang);
	} else if (*verb != '\0') {
		help_verb(&out, command_by_name(verb));
	} else {
		help_all(&out);
	}
	output_text(run->out, strbuf_text(&out));
	strbuf_release(&out);
	return 0;
}

static int version_exec(struct run *run, struct err *err)
{
	(void)err;
	output_text(run->out, "hoshu " PACKAGE_VERSION "\n");
	return 0;
}

static const struct choice languages[] = { { "ja", NULL }, { "en", NULL }, { NULL, NULL } };

static const struct arg help_args[] = {
	{ "verb", ARG_VERB, ARG_POSITIONAL | ARG_REST, N_("the verb to explain") },
	{ "man-tables", ARG_CHOICE, 0, N_("tables of the manual page, in roff"), languages },
	{ NULL },
};

const struct command cmd_help = {
	.name = "help",
	.summary = N_("say what there is to do"),
	.args = help_args,
	.flags = CMD_NO_CONTRACT,
	.exec = help_exec,
};

const struct command cmd_version = {
	.name = "version",
	.summary = N_("say which version this is"),
	.flags = CMD_NO_CONTRACT,
	.exec = version_exec,
};
