/* See session.h. */
#include "tui/cli/session.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tui/widget/tr.h"

int64_t clock_now(void)
{
	return (int64_t)time(NULL);
}

int64_t session_now(const struct session *s)
{
	return s->fixed_now != TIME_NONE ? s->fixed_now : clock_now();
}

const char *session_actor(const struct session *s)
{
	if (s->config != NULL && *s->config->person != '\0')
		return s->config->person;
	const struct passwd *me = getpwuid(getuid());
	return me != NULL ? me->pw_name : "?";
}

/* --now, else HOSHU_NOW; a clock that was set never writes but in the practice contract. */
static int set_clock(struct session *s, struct err *err)
{
	const char *given = s->options->value[OPTION_now];
	const char *text = given != NULL ? given : getenv("HOSHU_NOW");

	s->fixed_now = TIME_NONE;
	if (text == NULL || *text == '\0')
		return 0;
	if (!time_parse(text, clock_now(), 9 * 3600, &s->fixed_now))
		return ERR(err, HS_ERR_USAGE, N_("--now: '{1}' is no time; write 2026-10-09 14:30"), text);
	s->read_only = s->read_only || given != NULL;
	return 0;
}

static const char *configured_language(const struct config *c)
{
	return c == NULL || c->language == CONFIG_LANGUAGE_AUTO ? NULL : c->language == CONFIG_LANGUAGE_JA ? "ja" : "en";
}

int session_start(struct session *s, const struct options *o, struct err *err)
{
	*s = (struct session){ .options = o, .read_only = o->value[OPTION_read_only] != NULL };
	struct config_options where = { o->value[OPTION_config], o->value[OPTION_data] };
	int rc = 0;

	if (o->value[OPTION_practice] != NULL) {
		s->practice = mem_alloc(1, sizeof *s->practice);
		rc = practice_start(s->practice, o->value[OPTION_data], err);
		where = (struct config_options){ strbuf_text(&s->practice->config_folder),
						 strbuf_text(&s->practice->data_folder) };
	}
	if (rc == 0)
		rc = config_load(&where, &s->config, &s->complaints, err);
	lang_start(o->value[OPTION_lang], configured_language(s->config));
	if (o->value[OPTION_lang] != NULL && strcmp(o->value[OPTION_lang], lang_get()) != 0)
		return ERR(err, HS_ERR_USAGE, N_("--lang: '{1}' is unknown; known are ja, en"), o->value[OPTION_lang]);
	/* check and help must be able to say what is wrong */
	if (rc != 0 && o->command != NULL && (o->command->flags & CMD_NO_CONTRACT) != 0 && s->config != NULL) {
		err_clear(err);
		rc = 0;
	}
	return rc != 0 ? rc : set_clock(s, err);
}

int session_contract(struct session *s, struct err *err)
{
	const char *given = s->options->value[OPTION_contract];
	int rc;

	if (given != NULL) {
		rc = contract_find(given, &s->contract_file, err);
		if (rc != 0)
			return rc;
	} else if (*s->config->contract_file != '\0') {
		strbuf_add_text(&s->contract_file, s->config->contract_file);
	} else {
		return ERR(err, HS_ERR_NOT_FOUND, N_("no contract is configured; run 'hoshu init', or 'hoshu --practice' to look around"));
	}
	rc = contract_load(strbuf_text(&s->contract_file), &s->contract, &s->complaints, err);
	if (rc != 0)
		return rc;
	config_contract_folder(s->config, s->contract->id, &s->folder);
	s->read_only = s->read_only || s->config->role == PERSON_PM;
	if (s->contract->practice && s->options->value[OPTION_read_only] == NULL)
		s->read_only = false;
	return 0;
}

/* A PM reads from the first day on, when nobody has written here yet: the empty database is made, then opened to read. */
static int make_empty(const struct store_options *options, struct err *err)
{
	struct store_options once = *options;
	struct store *store = NULL;

	once.read_only = false;
	int rc = store_open(&store, &once, err);
	store_close(store);
	return rc;
}

int session_databases(struct session *s, int busy_ms, struct err *err)
{
	const struct store_options options = {
		.folder = strbuf_text(&s->folder), .tag = s->config->tag, .read_only = s->read_only, .busy_ms = busy_ms,
	};
	struct err none = { 0 };
	int rc = store_open(&s->store, &options, err);

	if (rc == HS_ERR_NOT_FOUND && s->config->role == PERSON_PM && s->options->value[OPTION_read_only] == NULL) {
		err_clear(err);
		rc = make_empty(&options, err);
		rc = rc == 0 ? store_open(&s->store, &options, err) : rc;
	}
	if (rc != 0)
		return rc;
	if (s->practice != NULL && !s->read_only && (rc = practice_fill(s, err)) != 0)
		return rc;
	/* no measurement yet is no failure */
	if (status_open(&s->status, strbuf_text(&s->folder), false, &none) != 0)
		s->status = NULL;
	return 0;
}

int session_servers(struct session *s, struct err *err)
{
	return s->practice != NULL ? practice_join(s->practice, err) : 0;
}

void session_end(struct session *s)
{
	if (s->status != NULL)
		status_close(s->status);
	if (s->store != NULL)
		store_close(s->store);
	contract_free(s->contract);
	config_free(s->config);
	if (s->practice != NULL)
		practice_end(s->practice);
	free(s->practice);
	complaints_release(&s->complaints);
	strbuf_release(&s->contract_file);
	strbuf_release(&s->folder);
}
