/* One run of a verb: its values, what is missing, and the way into the store. */
#include <assert.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "tui/command/arg.h"
#include "tui/widget/tr.h"

void run_init(struct run *run, const struct command *c)
{
	*run = (struct run){ .command = c };
}

void run_release(struct run *run)
{
	vec_release(&run->values);
	arena_release(&run->mem);
}

void run_unset(struct run *run, const struct arg *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->values.len; i++)
		if (run->values.v[i].arg != arg)
			run->values.v[kept++] = run->values.v[i];
	run->values.len = kept;
}

int run_set(struct run *run, const struct arg *arg, const char *text, struct err *err)
{
	struct run_value value;

	if (*text == '\0') {
		run_unset(run, arg);
		return 0;
	}
	int rc = arg_check(run, arg, text, &value, err);
	if (rc != 0)
		return rc;
	if ((arg->flags & ARG_MANY) == 0)
		run_unset(run, arg);
	vec_push(&run->values, value);
	return 0;
}

/* ---- words ---- */

/* The next positional argument that may take a word. */
static const struct arg *next_positional(const struct run *run)
{
	for (const struct arg *a = run->command->args; a != NULL && a->name != NULL; a++)
		if ((a->flags & ARG_POSITIONAL) != 0 &&
		    ((a->flags & ARG_MANY) != 0 || !run_given(run, a->name)))
			return a;
	return NULL;
}

static int take_rest(struct run *run, const struct arg *arg, const char *const *words, size_t count, struct err *err)
{
	struct strbuf text = { 0 };

	for (size_t i = 0; i < count; i++)
		strbuf_addf(&text, "%s%s", i > 0 ? " " : "", words[i]);
	int rc = run_set(run, arg, strbuf_text(&text), err);
	strbuf_release(&text);
	return rc;
}

static const struct arg *named_arg(const struct run *run, const char *word, size_t len)
{
	for (const struct arg *a = run->command->args; a != NULL && a->name != NULL; a++)
		if (strlen(a->name) == len && memcmp(a->name, word, len) == 0)
			return a;
	return NULL;
}

/* "--name value", "--name=value" or "--flag" at words[0]; *used says how many words. */
static int take_named(struct run *run, const char *const *words, size_t count, size_t *used, struct err *err)
{
	const char *name = words[0] + 2;
	size_t len = strcspn(name, "=");
	const struct arg *arg = named_arg(run, name, len);

	*used = 1;
	if (arg == NULL)
		return ERR(err, HS_ERR_USAGE, N_("'{1}' has no option '{2}'; see 'hoshu help {1}'"), run->command->name,
			   words[0]);
	if (arg->kind == ARG_FLAG) {
		if (name[len] == '=')
			return ERR(err, HS_ERR_USAGE, N_("--{1} takes no value"), arg->name);
		return run_set(run, arg, "1", err);
	}
	if (name[len] == '=')
		return run_set(run, arg, name + len + 1, err);
	if (count < 2)
		return ERR(err, HS_ERR_USAGE, N_("--{1} wants a value"), arg->name);
	*used = 2;
	return run_set(run, arg, words[1], err);
}

int run_parse(struct run *run, const char *const *words, size_t count, struct err *err)
{
	bool only_positional = false;

	for (size_t i = 0; i < count;) {
		size_t used = 1;
		int rc;
		if (!only_positional && strcmp(words[i], "--") == 0) {
			only_positional = true;
			i++;
			continue;
		}
		if (!only_positional && strncmp(words[i], "--", 2) == 0 && words[i][2] != '\0') {
			rc = take_named(run, words + i, count - i, &used, err);
		} else {
			const struct arg *arg = next_positional(run);
			if (arg == NULL)
				return ERR(err, HS_ERR_USAGE, N_("'{1}' does not know what to do with '{2}'; see 'hoshu help {1}'"),
					   run->command->name, words[i]);
			bool rest = (arg->flags & ARG_REST) != 0;
			used = rest ? count - i : 1;
			rc = rest ? take_rest(run, arg, words + i, used, err) : run_set(run, arg, words[i], err);
		}
		if (rc != 0)
			return rc;
		i += used;
	}
	return 0;
}

/* ---- doing it ---- */

const struct arg *run_missing(const struct run *run)
{
	for (const struct arg *a = run->command->args; a != NULL && a->name != NULL; a++)
		if ((a->flags & ARG_REQUIRED) != 0 && !run_given(run, a->name))
			return a;
	return NULL;
}

int run_may_write(const struct run *run, struct err *err)
{
	bool looks = (run->command->flags & CMD_WRITES) == 0;

	for (size_t i = 0; i < run->values.len; i++)
		looks = looks || (run->values.v[i].arg->flags & ARG_LOOKS) != 0;
	return looks || !run->read_only ? 0 : ERR(err, HS_ERR_READ_ONLY, N_("this session may only read: '{1}' was not done"),
						  run->command->name);
}

static int may_run(const struct run *run, struct err *err)
{
	unsigned flags = run->command->flags;
	const struct arg *missing = run_missing(run);
	int rc = run_may_write(run, err);

	if (rc != 0)
		return rc;
	if ((flags & CMD_NO_CONTRACT) == 0 && run->contract == NULL)
		return ERR(err, HS_ERR_STATE, N_("cannot run '{1}': there is no contract yet; run 'hoshu init' first"),
			   run->command->name);
	if ((flags & CMD_CONSOLE) != 0 && run->app == NULL)
		return ERR(err, HS_ERR_USAGE, N_("'{1}' works in the console only; start 'hoshu' and type ':{1}'"),
			   run->command->name);
	if ((flags & CMD_SHELL) != 0 && run->app != NULL)
		return ERR(err, HS_ERR_USAGE, N_("'{1}' works from the shell only: 'hoshu {1}'"), run->command->name);
	if (missing != NULL)
		return ERR(err, HS_ERR_USAGE, N_("'{1}' wants --{2} ({3}); see 'hoshu help {1}'"), run->command->name,
			   missing->name, tr(missing->help));
	return 0;
}

int run_exec(struct run *run, struct err *err)
{
	int rc = may_run(run, err);

	return rc != 0 ? rc : run->command->exec(run, err);
}

/* ---- values ---- */

static const struct run_value *value(const struct run *run, const char *name, size_t nth)
{
	assert(command_arg(run->command, name) != NULL);
	for (size_t i = 0; i < run->values.len; i++)
		if (strcmp(run->values.v[i].arg->name, name) == 0 && nth-- == 0)
			return &run->values.v[i];
	return NULL;
}

const char *run_text(const struct run *run, const char *name)
{
	const struct run_value *v = value(run, name, 0);

	return v != NULL ? v->text : "";
}

int64_t run_number(const struct run *run, const char *name)
{
	const struct run_value *v = value(run, name, 0);

	return v != NULL ? v->number : TIME_NONE;
}

bool run_given(const struct run *run, const char *name)
{
	return value(run, name, 0) != NULL;
}

const char *run_nth(const struct run *run, const char *name, size_t i)
{
	const struct run_value *v = value(run, name, i);

	return v != NULL ? v->text : NULL;
}
