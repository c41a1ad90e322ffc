/* Verbs of the practice contract: break a server, heal it, and the process that keeps the servers. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/contract/config.h"
#include "data/practice/world.h"
#include "tui/command/command.h"
#include "tui/command/output.h"

/* The world lies beside the folder of the practice databases. */
static int find_world(const struct run *run, struct world *w, struct err *err)
{
	struct strbuf folder = { 0 };
	int rc;

	if (run->contract == NULL || !run->contract->practice)
		return ERR(err, HS_ERR_STATE, N_("this is a real contract; only 'hoshu --practice' has servers to break"));
	const char *data = run->config->data_folder, *slash = strrchr(data, '/');
	strbuf_add(&folder, data, slash != NULL ? (size_t)(slash - data) : 0);
	strbuf_add_text(&folder, "/world");
	rc = world_prepare(w, strbuf_text(&folder), err);
	strbuf_release(&folder);
	return rc;
}

static int act(struct run *run, enum world_break b, struct err *err)
{
	struct world w;
	int rc = find_world(run, &w, err);

	if (rc != 0)
		return rc;
	rc = world_act(&w, run_text(run, "host"), b, err);
	world_release(&w);
	return rc;
}

static int practice_break(struct run *run, struct err *err)
{
	const char *how = run_given(run, "how") ? run_text(run, "how") : world_break_name(BREAK_STOP);
	enum world_break b = 0;

	while (b < BREAK_COUNT && strcmp(how, world_break_name(b)) != 0)
		b++;
	int rc = act(run, b, err);
	if (rc == 0)
		SAY(run->out, N_("{1} is broken ({2}); 'practice heal {1}' heals it"), run_text(run, "host"), how);
	return rc;
}

static int practice_heal(struct run *run, struct err *err)
{
	struct world w;
	struct err first = { 0 };
	int rc = 0;

	if (run_given(run, "host")) {
		rc = act(run, BREAK_COUNT, err);
		if (rc == 0)
			SAY(run->out, N_("{1} is healed"), run_text(run, "host"));
		return rc;
	}
	rc = find_world(run, &w, err);
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < WORLD_HOSTS; i++)
		if (world_act(&w, w.hosts[i].id, BREAK_COUNT, &first) != 0 && rc == 0) {
			rc = first.code;
			*err = first;
		}
	world_release(&w);
	if (rc == 0)
		SAY(run->out, N_("every practice server and line is healed"));
	return rc;
}

static int practice_serve(struct run *run, struct err *err)
{
	struct world w;
	int rc = world_prepare(&w, run_text(run, "folder"), err);

	if (rc != 0)
		return rc;
	rc = world_serve(&w, STDOUT_FILENO, err);
	world_release(&w);
	return rc;
}

static const struct choice how_choices[] = {
	{ "stop", N_("stop the server") },
	{ "disk", N_("fill its disk") },
	{ "backup", N_("age its newest backup") },
	{ "slow", N_("make it slow") },
	{ "key", N_("change its host key") },
	{ "process", N_("end its program") },
	{ NULL, NULL },
};
static const struct arg break_args[] = {
	{ "host", ARG_HOST, ARG_REQUIRED | ARG_POSITIONAL, N_("server or line"), NULL, NULL },
	{ "how", ARG_CHOICE, ARG_POSITIONAL | ARG_ASK, N_("what happens to it"), how_choices, "stop" },
	{ 0 },
};
static const struct arg heal_args[] = {
	{ "host", ARG_HOST, ARG_POSITIONAL, N_("server or line; all when not said"), NULL, NULL },
	{ 0 },
};
static const struct arg serve_args[] = {
	{ "folder", ARG_FILE, ARG_REQUIRED, N_("folder of the practice world"), NULL, NULL },
	{ 0 },
};

const struct command cmd_practice_break = {
	.name = "practice break",
	.summary = N_("break a practice server: stop it, fill its disk, age its backup, slow it, change its key"),
	.args = break_args,
	.topics = TOPIC_STATUS,
	.exec = practice_break,
};
const struct command cmd_practice_heal = {
	.name = "practice heal",
	.summary = N_("heal a practice server, or all of them"),
	.args = heal_args,
	.topics = TOPIC_STATUS,
	.exec = practice_heal,
};
const struct command cmd_practice_serve = {
	.name = "practice serve",
	.summary = N_("keep the practice servers running while someone is connected (started by --practice)"),
	.args = serve_args,
	.flags = CMD_NO_CONTRACT | CMD_SHELL,
	.exec = practice_serve,
};
