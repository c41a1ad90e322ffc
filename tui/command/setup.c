/* hoshu init: who sits here, which letters, which contract. Asks on the terminal for what the arguments leave out. */
#include <ctype.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "data/contract/config.h"
#include "data/contract/load.h"
#include "tui/command/command.h"
#include "tui/command/output.h"
#include "tui/widget/tr.h"

#define TRIES 5

static const struct choice roles[] = { { "se", N_("writes") }, { "pm", N_("reads") }, { NULL, NULL } };
static const struct choice languages[] = { { "auto", NULL }, { "ja", NULL }, { "en", NULL }, { NULL, NULL } };

static const struct arg init_args[] = {
	{ .name = "person", .kind = ARG_TEXT, .flags = ARG_ASK, .help = N_("your short name") },
	{ .name = "tag", .kind = ARG_TEXT, .flags = ARG_ASK, .help = N_("letters of this device, one to three capitals") },
	{ .name = "contract", .kind = ARG_TEXT, .flags = ARG_ASK, .help = N_("contract: an installed one, or a path"),
	  .initial = "satte" },
	{ .name = "role", .kind = ARG_CHOICE, .choices = roles, .help = N_("what you do") },
	{ .name = "language", .kind = ARG_CHOICE, .choices = languages, .help = N_("language of the screens") },
	{ .name = "theme", .kind = ARG_TEXT, .help = N_("theme") },
	{ .name = "replace", .kind = ARG_FLAG, .help = N_("replace hoshu.conf; the old one is kept as hoshu.conf.old") },
	{ .name = NULL },
};

/* ---- asking ---- */

static void print_error(const struct err *err)
{
	struct strbuf text = { 0 }, line = { 0 };

	err_format(err, tr, &text);
	text_sanitize(strbuf_text(&text), text.len, &line);
	fprintf(stderr, "  %s\n", strbuf_text(&line));
	strbuf_release(&text);
	strbuf_release(&line);
}

/* One line from the terminal into the run's memory; the usual value when it is empty, NULL at its end. */
static const char *ask(struct run *run, const char *question, const char *usual)
{
	char *line = NULL;
	size_t size = 0;

	fprintf(stderr, usual[0] != '\0' ? "%s [%s]: " : "%s: ", tr(question), usual);
	fflush(stderr);
	ssize_t len = getline(&line, &size, stdin);
	while (len > 0 && isspace((unsigned char)line[len - 1]))
		line[--len] = '\0';
	const char *kept = len < 0 ? NULL : arena_text(&run->mem, len > 0 ? line : usual);
	free(line);
	return kept;
}

/* Asks until the answer is one that hoshu.conf takes. member points into answers. */
static int ask_until_right(struct run *run, struct config_answers *answers, const char **member, const char *question,
			   const char *usual, struct err *err)
{
	if ((*member)[0] != '\0')
		return 0;
	for (int i = 0; i < TRIES; i++) {
		struct complaints complaints = { 0 };
		const char *answer = ask(run, question, usual);
		if (answer == NULL)
			break;
		*member = answer;
		struct config_answers alone = { .person = "x", .tag = "X" };
		if (member == &answers->person)
			alone.person = answer;
		else if (member == &answers->tag)
			alone.tag = answer;
		else
			alone.contract_file = answer;
		int rc = config_check_answers(&alone, &complaints, err);
		if (complaints.list.len > 0)
			err->msg = complaints.list.v[0].what;
		complaints_release(&complaints);
		if (rc == 0)
			return 0;
		print_error(err);
	}
	return ERR(err, HS_ERR_CANCELLED, N_("nothing was written"));
}

static int ask_all(struct run *run, struct config_answers *a, struct err *err)
{
	const struct passwd *me = getpwuid(getuid());
	const char *login = me != NULL ? me->pw_name : "";
	const char tag[2] = { (char)toupper((unsigned char)login[0]), '\0' };
	struct strbuf names = { 0 };

	int rc = ask_until_right(run, a, &a->person, init_args[0].help, login, err);
	if (rc == 0)
		rc = ask_until_right(run, a, &a->tag, init_args[1].help, isupper((unsigned char)tag[0]) ? tag : "", err);
	if (rc == 0 && a->contract_file[0] == '\0') {
		contract_names(", ", &names);
		fprintf(stderr, "%s %s\n", tr(N_("installed contracts:")), strbuf_text(&names));
		rc = ask_until_right(run, a, &a->contract_file, init_args[2].help, "satte", err);
	}
	strbuf_release(&names);
	return rc;
}

/* ---- writing ---- */

/* The file that is there already says the same, as far as was asked. */
static bool same_as_before(const struct run *run, const struct config_answers *a)
{
	const struct config *c = run->config;
	struct strbuf path = { 0 };
	struct err none = { 0 };
	bool same = (a->person[0] == '\0' || strcmp(a->person, c->person) == 0) &&
		    (a->tag[0] == '\0' || strcmp(a->tag, c->tag) == 0) && a->role[0] == '\0' && a->language[0] == '\0' &&
		    (a->theme[0] == '\0' || strcmp(a->theme, c->theme) == 0);

	if (same && a->contract_file[0] != '\0')
		same = contract_find(a->contract_file, &path, &none) == 0 && strcmp(strbuf_text(&path), c->contract_file) == 0;
	strbuf_release(&path);
	return same;
}

static void say_complaints(struct run *run, const struct complaints *complaints)
{
	for (size_t i = 0; i < complaints->list.len; i++) {
		struct strbuf text = { 0 };
		complaint_format(&complaints->list.v[i], tr, &text);
		SAY(run->out, "{1}", strbuf_text(&text));
		strbuf_release(&text);
	}
}

/* A relative path would mean another file tomorrow. */
static const char *absolute_file(struct run *run, const char *file)
{
	struct strbuf path = { 0 };
	char *full = strchr(file, '/') != NULL && file[0] != '~' ? realpath(file, NULL) : NULL;

	strbuf_add_text(&path, full != NULL ? full : file);
	free(full);
	const char *kept = arena_text(&run->mem, strbuf_text(&path));
	strbuf_release(&path);
	return kept;
}

/* The contract must be whole before anything rests on it. */
static int try_contract(struct run *run, const char *named, struct err *err)
{
	struct complaints complaints = { 0 };
	struct strbuf path = { 0 };
	struct contract *c = NULL;

	int rc = contract_find(named, &path, err);
	if (rc == 0)
		rc = contract_load(strbuf_text(&path), &c, &complaints, err);
	if (rc == HS_ERR_INVALID)
		say_complaints(run, &complaints);
	contract_free(c);
	complaints_release(&complaints);
	strbuf_release(&path);
	return rc;
}

/* With --replace, what was not asked for stays as it was. */
static void keep_answers(const struct run *run, struct config_answers *a)
{
	static const char *const languages_kept[] = { "", "ja", "en" };
	const struct config *c = run->config;

	if (!c->exists)
		return;
	a->person = a->person[0] != '\0' ? a->person : c->person;
	a->tag = a->tag[0] != '\0' ? a->tag : c->tag;
	a->contract_file = a->contract_file[0] != '\0' ? a->contract_file : c->contract_file;
	a->theme = a->theme[0] != '\0' ? a->theme : c->theme;
	a->role = a->role[0] != '\0' ? a->role : c->role == PERSON_PM ? "pm" : "";
	a->language = a->language[0] != '\0' ? a->language : languages_kept[c->language];
}

static int init_exec(struct run *run, struct err *err)
{
	struct config_answers a = { run_text(run, "person"), run_text(run, "role"), run_text(run, "tag"),
				    run_text(run, "contract"), run_text(run, "language"), run_text(run, "theme") };
	struct complaints complaints = { 0 };
	bool replace = run_given(run, "replace");
	int rc = 0;

	if (run->config->exists && !replace && same_as_before(run, &a)) {
		SAY(run->out, N_("'{1}' is there already and was left as it is"), run->config->file);
		return 0;
	}
	if (run->config->exists && !replace)
		return ERR(err, HS_ERR_EXISTS, N_("'{1}' is there already and was left as it is; edit it, or run init with --replace"),
			   run->config->file);
	keep_answers(run, &a);
	if (run->app == NULL && isatty(0) && isatty(2))
		rc = ask_all(run, &a, err);
	else if (a.person[0] == '\0' || a.tag[0] == '\0')
		rc = ERR(err, HS_ERR_USAGE, N_("init needs --person NAME and --tag LETTERS; without --contract the bundled contract is used"));
	if (rc != 0)
		return rc;
	a.contract_file = absolute_file(run, a.contract_file[0] != '\0' ? a.contract_file : "satte");
	rc = config_check_answers(&a, &complaints, err);
	say_complaints(run, &complaints);
	complaints_release(&complaints);
	if (rc == 0)
		rc = try_contract(run, a.contract_file, err);
	if (rc == 0)
		rc = config_save(run->config, &a, replace, err);
	if (rc == 0)
		SAY(run->out, N_("'{1}' is written; start the console with: hoshu"), run->config->file);
	return rc;
}

const struct command cmd_init = {
	.name = "init",
	.summary = N_("write hoshu.conf: who, which device, which contract"),
	.args = init_args,
	.flags = CMD_WRITES | CMD_NO_CONTRACT | CMD_SHELL,
	.exec = init_exec,
};
