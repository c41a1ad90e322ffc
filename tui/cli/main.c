/* hoshu: the console, and every verb from the shell.
 *
 * Exit codes: 0 done, 1 failed, 2 not understood; verbs with CMD_STATUS 0–3 like a monitoring plug-in. Nothing
 * is written to standard output but results; complaints go to standard error. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "tui/app/console.h"
#include "tui/cli/session.h"
#include "tui/command/output.h"
#include "tui/widget/tr.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_UNKNOWN = 3 };

/* Files are the owner's alone; a crash leaves no core with the city's data in it. */
static void harden(void)
{
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is said like a full disk, not died of */
#ifndef SANITIZED
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static int complain(const struct err *err)
{
	struct strbuf text = { 0 }, line = { 0 };

	err_format(err, tr, &text);
	text_sanitize(strbuf_text(&text), text.len, &line);
	fprintf(stderr, "hoshu: %s\n", strbuf_text(&line));
	strbuf_release(&text);
	strbuf_release(&line);
	return err->code == HS_ERR_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

/* Every mistake of hoshu.conf and the contract, then what came of it. */
static int complain_all(const struct session *s, const struct err *err)
{
	for (size_t i = 0; i < s->complaints.list.len; i++) {
		struct strbuf text = { 0 }, line = { 0 };
		complaint_format(&s->complaints.list.v[i], tr, &text);
		text_sanitize(strbuf_text(&text), text.len, &line);
		fprintf(stderr, "%s\n", strbuf_text(&line));
		strbuf_release(&text);
		strbuf_release(&line);
	}
	return complain(err);
}

/* A reader that went away is no failure worth a word. */
static int write_out(const struct strbuf *bytes)
{
	if (fwrite(strbuf_text(bytes), 1, bytes->len, stdout) == bytes->len && fflush(stdout) == 0)
		return EXIT_DONE;
	if (errno != EPIPE)
		fprintf(stderr, "hoshu: %s: %s\n", tr(N_("cannot write the result")), strerror(errno));
	return EXIT_FAILED;
}

static enum output_format wanted_format(const struct options *o)
{
	return o->value[OPTION_json] != NULL ? OUTPUT_JSON : o->value[OPTION_csv] != NULL ? OUTPUT_CSV :
	       o->value[OPTION_plain] != NULL ? OUTPUT_PLAIN : OUTPUT_TEXT;
}

/* Messages of CSV and plain output go to standard error, so that the data stays whole. */
static int print(struct output *out, const char *verb, const struct err *err)
{
	output_finish(out, verb, err);
	if (out->format == OUTPUT_CSV || out->format == OUTPUT_PLAIN)
		fputs(strbuf_text(&out->messages), stderr);
	else if (out->format == OUTPUT_TEXT)
		strbuf_add(&out->body, strbuf_text(&out->messages), out->messages.len);
	return write_out(&out->body);
}

static int run_verb(struct session *s, const struct command *c, const char *const *words, size_t count)
{
	struct output out;
	struct err err = { 0 };
	struct run run;
	int code;

	output_init(&out, wanted_format(s->options), s->contract != NULL ? s->contract->offset_s : 9 * 3600);
	run_init(&run, c);
	run.contract = s->contract;
	run.store = s->store;
	run.status = s->status;
	run.config = s->config;
	run.read_only = s->read_only;
	run.now = session_now(s);
	run.actor = session_actor(s);
	run.out = &out;
	int rc = run_parse(&run, words, count, &err);
	if (rc == 0)
		rc = run_exec(&run, &err);
	code = print(&out, c->name, &err);
	if (rc != 0)
		code = out.format == OUTPUT_JSON && rc != HS_ERR_USAGE ? EXIT_FAILED : complain(&err);
	if ((c->flags & CMD_STATUS) != 0 && code != EXIT_USAGE)
		code = rc != 0 ? EXIT_UNKNOWN : run.exit_code;
	run_release(&run);
	output_release(&out);
	return code;
}

/* Opens what the verb stands on: the configuration always, contract and databases when it needs them. */
static int prepare(struct session *s, const struct command *c, struct err *err)
{
	bool needed = (c->flags & CMD_NO_CONTRACT) == 0;
	int rc = session_contract(s, err);

	if (rc != 0) {
		if (needed)
			return rc;
		err_clear(err);
		return 0;
	}
	rc = needed ? session_databases(s, 5000, err) : 0;
	return rc == 0 && (c->flags & CMD_SERVERS) != 0 ? session_servers(s, err) : rc;
}

static int shell(struct session *s, const struct options *o)
{
	struct err err = { 0 };
	const struct command *c = o->command;
	const char *const *words = o->words.v;
	size_t count = o->words.len;

	if (o->value[OPTION_version] != NULL)
		return run_verb(s, command_by_name("version"), NULL, 0);
	if (o->value[OPTION_help] != NULL)
		return run_verb(s, command_by_name("help"), c != NULL ? &c->name : NULL, c != NULL);
	if (prepare(s, c, &err) != 0)
		return (c->flags & CMD_STATUS) != 0 ? (complain_all(s, &err), EXIT_UNKNOWN) : complain_all(s, &err);
	return run_verb(s, c, words, count);
}

/* The first start on this PC: the questions of init, then the configuration as it was written. */
static int first_start(struct session *s)
{
	const struct config_options where = { s->options->value[OPTION_config], s->options->value[OPTION_data] };
	struct err err = { 0 };

	fprintf(stderr, "%s\n", tr(N_("hoshu is not set up on this PC yet; three answers are needed")));
	int code = run_verb(s, command_by_name("init"), NULL, 0);
	if (code != EXIT_DONE)
		return code;
	config_free(s->config);
	int rc = config_load(&where, &s->config, &s->complaints, &err);
	return rc != 0 ? complain_all(s, &err) : EXIT_DONE;
}

/* Without a terminal there are the verbs. */
static int open_console(struct session *s)
{
	bool first = !s->config->exists && s->options->value[OPTION_contract] == NULL && s->options->value[OPTION_practice] == NULL;
	struct err err = { 0 };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		ERR(&err, HS_ERR_USAGE, N_("the console needs a terminal; 'hoshu help' lists the verbs for scripts"));
		return complain(&err);
	}
	int code = first ? first_start(s) : EXIT_DONE;
	if (code != EXIT_DONE)
		return code;
	if (session_contract(s, &err) != 0 || session_databases(s, 0, &err) != 0 || session_servers(s, &err) != 0)
		return complain_all(s, &err);
	code = console_run(s, &err);
	return code < 0 ? complain(&err) : code;
}

int main(int argc, char **argv)
{
	struct options options;
	struct session session;
	struct err err = { 0 };
	int code;

	harden();
	int rc = options_parse(&options, argc, argv, &err);
	if (rc != 0) {
		lang_start(options.value[OPTION_lang], NULL);
		options_release(&options);
		return complain(&err);
	}
	rc = session_start(&session, &options, &err);
	if (rc != 0)
		code = complain_all(&session, &err);
	else if (options.command == NULL && options.value[OPTION_help] == NULL && options.value[OPTION_version] == NULL)
		code = open_console(&session);
	else
		code = shell(&session, &options);
	session_end(&session);
	options_release(&options);
	return code;
}
