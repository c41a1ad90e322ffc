/* Verbs of the console itself: which screen, how it looks, leaving. */
#include <string.h>

#include "core/base/strbuf.h"
#include "data/contract/config.h"
#include "data/contract/theme.h"
#include "tui/app/app.h"
#include "tui/command/command.h"
#include "tui/command/output.h"

static int screen_exec(struct run *run, struct err *err)
{
	(void)err;
	app_open(run->app, run_text(run, "screen"), run_text(run, "subject"));
	return 0;
}

static const struct arg screen_args[] = {
	{ "screen", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, N_("name of the screen") },
	{ "subject", ARG_TEXT, ARG_POSITIONAL, N_("what to show there") },
	{ NULL },
};

const struct command cmd_screen = {
	.name = "screen",
	.summary = N_("go to a screen"),
	.args = screen_args,
	.flags = CMD_CONSOLE,
	.exec = screen_exec,
};

static int quit_exec(struct run *run, struct err *err)
{
	(void)err;
	app_quit(run->app);
	return 0;
}

const struct command cmd_quit = {
	.name = "quit",
	.summary = N_("leave hoshu; unfinished forms are kept"),
	.flags = CMD_CONSOLE,
	.exec = quit_exec,
};

static int theme_exec(struct run *run, struct err *err)
{
	const char *name = run_text(run, "name");
	int rc;

	if (*name == '\0') {
		struct strbuf names = { 0 };
		theme_names(run->config->config_folder, ", ", &names);
		SAY(run->out, N_("themes: {1}"), strbuf_text(&names));
		strbuf_release(&names);
		return 0;
	}
	rc = app_theme(run->app, name, err);
	if (rc == 0)
		SAY(run->out, N_("theme {1}"), name);
	return rc;
}

static const struct arg theme_args[] = {
	{ "name", ARG_TEXT, ARG_POSITIONAL, N_("name of the theme") },
	{ NULL },
};

const struct command cmd_theme = {
	.name = "theme",
	.summary = N_("change the colours now; without a name: say which there are"),
	.args = theme_args,
	.flags = CMD_CONSOLE,
	.exec = theme_exec,
};

/* The person's own ssh and its own known hosts: hoshu's pins are for the recorder. */
static int ssh_exec(struct run *run, struct err *err)
{
	const struct host *h = contract_host(run->contract, run_text(run, "host"));
	const struct host *via = h != NULL && *h->via != '\0' ? contract_host(run->contract, h->via) : NULL;
	struct strbuf jump = { 0 };
	const char *argv[16] = { "ssh" };
	char port[24];
	size_t n = 1;

	if (h == NULL || *h->address == '\0')
		return ERR(err, HS_ERR_STATE, N_("'{1}' has no address in the contract yet"), run_text(run, "host"));
	if (*h->key_file != '\0') {
		argv[n++] = "-i";
		argv[n++] = h->key_file;
	}
	if (via != NULL) {
		strbuf_addf(&jump, "%s@%s:%d", *via->user != '\0' ? via->user : run->actor, via->address, via->port > 0 ? via->port : 22);
		argv[n++] = "-J";
		argv[n++] = strbuf_text(&jump);
	}
	const char *const rest[] = { "-p", msg_int(port, h->port > 0 ? h->port : 22), "-l",
				     *h->user != '\0' ? h->user : run->actor, "--", h->address, NULL };
	memcpy(argv + n, rest, sizeof rest);
	int rc = app_run(run->app, argv, err);
	strbuf_release(&jump);
	if (rc > 0)
		SAY(run->out, N_("ssh ended with {1}"), MSG_INT(rc));
	return rc < 0 ? rc : 0;
}

static const struct arg ssh_args[] = {
	{ "host", ARG_HOST, ARG_REQUIRED | ARG_POSITIONAL, N_("the host to log in to") },
	{ NULL },
};

const struct command cmd_ssh = {
	.name = "ssh",
	.summary = N_("open a shell on a host with ssh"),
	.args = ssh_args,
	.flags = CMD_CONSOLE,
	.exec = ssh_exec,
};

static int reload_exec(struct run *run, struct err *err)
{
	int rc = app_reload(run->app, err);

	if (rc == 0)
		SAY(run->out, N_("the contract was read again"));
	return rc;
}

const struct command cmd_reload = {
	.name = "reload",
	.summary = N_("read the contract file again; mistakes leave the one in use"),
	.flags = CMD_CONSOLE,
	.exec = reload_exec,
};

static int lang_exec(struct run *run, struct err *err)
{
	return app_language(run->app, run_text(run, "language"), err);
}

static const struct choice languages[] = { { "ja", NULL }, { "en", NULL }, { NULL, NULL } };
static const struct arg lang_args[] = {
	{ "language", ARG_CHOICE, ARG_REQUIRED | ARG_POSITIONAL, N_("language"), languages },
	{ NULL },
};

const struct command cmd_lang = {
	.name = "lang",
	.summary = N_("change the language of the screen now"),
	.args = lang_args,
	.flags = CMD_CONSOLE,
	.exec = lang_exec,
};
