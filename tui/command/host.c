/* Verbs of hosts: what the contract says of them, which keys are pinned, trusting a key, trying a connection.
 *
 * A key is pinned only after a person compared its fingerprint with what he was told by another channel; a
 * key that changed is shown beside the old one. In the console, trust and test wait for the server for at
 * most 3 s. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "data/net/net.h"
#include "data/store/host_key.h"
#include "tui/command/command.h"
#include "tui/command/output.h"
#include "tui/widget/tr.h"

enum { CONSOLE_MS = 3000, CONNECT_MS = 20000, TEST_RUN_MS = 10000, SLACK_MS = 5000 };

static const struct host *host_of(struct run *run)
{
	return contract_host(run->contract, run_text(run, "host"));
}

static struct net_job job_of(const struct run *run, const struct host *h, enum net_job_kind kind)
{
	return (struct net_job){
		.kind = kind,
		.host_id = h->id,
		.address = h->address,
		.port = h->port > 0 ? h->port : 22,
		.user = h->user,
		.key_file = h->key_file,
		.via = h->via,
		.connect_ms = run->app != NULL ? CONSOLE_MS : CONNECT_MS,
		.run_ms = run->app != NULL ? CONSOLE_MS : TEST_RUN_MS,
	};
}

static int ask_server(struct run *run, const struct net_job *job, struct net_result *out, struct err *err)
{
	return net_once(job, job->connect_ms + job->run_ms + SLACK_MS, &run->mem, out, err);
}

/* ---- host list ---- */

static const struct table_column list_columns[] = {
	{ "host", N_("host"), CELL_TEXT, -1 },
	{ "name", N_("name"), CELL_TEXT, -1 },
	{ "site", N_("site"), CELL_TEXT, -1 },
	{ "address", N_("address"), CELL_TEXT, -1 },
	{ "port", N_("port"), CELL_INT, 1 },
	{ "user", N_("user"), CELL_TEXT, -1 },
	{ "fingerprint", N_("host key"), CELL_TEXT, -1 },
};

/* The newest valid key of a host, or "". */
static const char *fingerprint_of(const struct rows *keys, const char *host)
{
	const char *found = "";

	for (size_t i = 0; i < keys->len; i++)
		if (strcmp(ROWS(host_key, keys)[i].host, host) == 0)
			found = ROWS(host_key, keys)[i].fingerprint;
	return found;
}

static int list_exec(struct run *run, struct err *err)
{
	struct table t;
	struct rows keys;
	int rc = host_keys_load(run->store, NULL, true, &keys, err);

	if (rc != 0)
		return rc;
	table_init(&t, "hosts", list_columns, sizeof list_columns / sizeof *list_columns);
	for (size_t i = 0; i < run->contract->host_count; i++) {
		const struct host *h = &run->contract->hosts[i];
		table_text(&t, h->id);
		table_text(&t, tr_label(&h->name));
		table_text(&t, h->site);
		table_text(&t, h->address);
		table_number(&t, h->port > 0 ? h->port : 22);
		table_text(&t, h->user);
		table_text(&t, fingerprint_of(&keys, h->id));
	}
	output_table(run->out, &t);
	rows_release(&keys);
	return 0;
}

const struct command cmd_host_list = {
	.name = "host list",
	.summary = N_("the hosts of the contract and their keys"),
	.exec = list_exec,
};

/* ---- host keys ---- */

static const struct arg args_keys[] = {
	{ "host", ARG_HOST, ARG_POSITIONAL, N_("host; all when left out") },
	{ 0 },
};

static const struct table_column key_columns[] = {
	{ "host", N_("host"), CELL_TEXT, -1 },
	{ "type", N_("type"), CELL_TEXT, -1 },
	{ "fingerprint", N_("fingerprint"), CELL_TEXT, -1 },
	{ "who", N_("who"), CELL_TEXT, -1 },
	{ "channel", N_("confirmed by"), CELL_TEXT, -1 },
	{ "at", N_("when"), CELL_TIME, -1 },
	{ "revoked_at", N_("revoked"), CELL_TIME, -1 },
};

static int keys_exec(struct run *run, struct err *err)
{
	struct table t;
	struct rows keys;
	int rc = host_keys_load(run->store, run_given(run, "host") ? run_text(run, "host") : NULL, false,
				&keys, err);

	if (rc != 0)
		return rc;
	table_init(&t, "host_keys", key_columns, sizeof key_columns / sizeof *key_columns);
	for (size_t i = 0; i < keys.len; i++) {
		const struct host_key *k = &ROWS(host_key, &keys)[i];
		table_text(&t, k->host);
		table_text(&t, k->type);
		table_text(&t, k->fingerprint);
		table_text(&t, k->who);
		table_text(&t, k->channel);
		table_number(&t, k->at);
		table_number(&t, k->revoked_at);
	}
	output_table(run->out, &t);
	rows_release(&keys);
	return 0;
}

const struct command cmd_host_keys = {
	.name = "host keys",
	.summary = N_("confirmed host keys, revoked ones too"),
	.args = args_keys,
	.exec = keys_exec,
};

/* ---- host trust ---- */

static const struct arg args_trust[] = {
	{ "host", ARG_HOST, ARG_POSITIONAL | ARG_REQUIRED, N_("host") },
	{ "fingerprint", ARG_TEXT, ARG_ASK, N_("fingerprint you were told (SHA256:...)") },
	{ "channel", ARG_TEXT, ARG_ASK, N_("how it was confirmed (paper, phone ...)") },
	{ 0 },
};

/* What a person must see before he says yes: old and new. */
static void say_keys(struct run *run, const struct host *h, const struct net_result *r,
		     const struct rows *old)
{
	for (size_t i = 0; i < old->len; i++) {
		const struct host_key *k = &ROWS(host_key, old)[i];
		SAY(run->out, N_("confirmed until now: {1} {2} ({3})"), k->type, k->fingerprint, k->who);
	}
	if (old->len > 0)
		SAY(run->out, N_("host '{1}' shows ANOTHER key now: {2} {3}"), h->id, r->key_type,
		    r->key_fingerprint);
	else
		SAY(run->out, N_("host '{1}' shows: {2} {3}"), h->id, r->key_type, r->key_fingerprint);
}

/* Asks on the terminal, the messages so far shown first. Only a whole "yes" is one. */
static bool ask_on_terminal(struct run *run)
{
	FILE *tty = fopen("/dev/tty", "r+e");
	struct strbuf shown = { 0 };
	char answer[64] = "";

	if (tty == NULL)
		return false;
	const char *text = strbuf_text(&run->out->messages);
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		text_sanitize(text, len, &shown);
		strbuf_add_char(&shown, '\n');
		text += len + (text[len] == '\n');
	}
	fprintf(tty, "%s%s ", strbuf_text(&shown),
		tr(N_("Compare it with what you were told by another way. Trust it? (yes/no)")));
	fflush(tty);
	strbuf_release(&shown);
	bool yes = fgets(answer, sizeof answer, tty) != NULL &&
		   (strcmp(answer, "yes\n") == 0 || strcmp(answer, "はい\n") == 0);
	fclose(tty);
	return yes;
}

/* 0 when the person vouches for the key that was shown. */
static int confirm(struct run *run, const struct host *h, const struct net_result *r, struct err *err)
{
	const char *told = run_text(run, "fingerprint");

	if (told[0] != '\0' && strcmp(told, r->key_fingerprint) != 0)
		return ERR(err, HS_ERR_TRUST, N_("host '{1}' shows {2}, not {3}: nothing was trusted"), h->id,
			   r->key_fingerprint, told);
	if (told[0] != '\0')
		return 0;
	if (run->app == NULL && isatty(0) && ask_on_terminal(run))
		return 0;
	return ERR(err, HS_ERR_TRUST,
		   N_("nothing was trusted; when the fingerprint is right: host trust {1} --fingerprint {2}"),
		   h->id, r->key_fingerprint);
}

static int record(struct run *run, const struct host *h, const struct net_result *r, const struct rows *old,
		  struct err *err)
{
	struct host_key draft;
	char id[UUID_SIZE];
	struct tx tx;
	int rc = run_begin(run, &tx, err);

	if (rc != 0)
		return rc;
	table_row_init(TABLE_host_key, &draft);
	draft.host = h->id;
	draft.type = r->key_type;
	draft.key = r->key_base64;
	draft.fingerprint = r->key_fingerprint;
	draft.who = run->actor;
	draft.channel = run_text(run, "channel");
	draft.at = run->now;
	host_key_put(&tx, &draft, old, id);
	rc = run_commit(run, &tx, err);
	if (rc == 0)
		SAY(run->out, N_("host '{1}': the key {2} is trusted"), h->id, r->key_fingerprint);
	return rc;
}

static bool known(const struct rows *keys, const struct net_result *r)
{
	for (size_t i = 0; i < keys->len; i++)
		if (strcmp(ROWS(host_key, keys)[i].type, r->key_type) == 0 &&
		    strcmp(ROWS(host_key, keys)[i].key, r->key_base64) == 0)
			return true;
	return false;
}

static int failed(const struct host *h, const struct net_result *r, struct err *err)
{
	enum hs_err code = r->outcome == NET_KEY_CHANGED || r->outcome == NET_KEY_UNTRUSTED ? HS_ERR_TRUST
			   : r->outcome == NET_TIMED_OUT                                    ? HS_ERR_TIMEOUT
											    : HS_ERR_NET;

	return ERR(err, code, N_("host '{1}': {2}: {3}"), h->id, tr(net_outcome_text(r->outcome)),
		   tr(r->text));
}

static int trust_exec(struct run *run, struct err *err)
{
	const struct host *h = host_of(run);
	const char *const no_pins[] = { NULL };
	struct net_result r;
	struct rows old;

	if (h == NULL)
		return ERR(err, HS_ERR_NOT_FOUND, N_("the contract has no host '{1}'"),
			   run_text(run, "host"));
	struct net_job job = job_of(run, h, NET_KEYSCAN);
	job.pins = no_pins;
	int rc = ask_server(run, &job, &r, err);
	if (rc == 0 && r.outcome != NET_OK)
		rc = failed(h, &r, err);
	if (rc == 0)
		rc = host_keys_load(run->store, h->id, true, &old, err);
	if (rc != 0)
		return rc;
	if (known(&old, &r)) {
		SAY(run->out, N_("host '{1}': the key {2} is trusted already"), h->id, r.key_fingerprint);
	} else {
		say_keys(run, h, &r, &old);
		rc = confirm(run, h, &r, err);
		if (rc == 0)
			rc = record(run, h, &r, &old, err);
	}
	rows_release(&old);
	return rc;
}

const struct command cmd_host_trust = {
	.name = "host trust",
	.summary = N_("fetch a host's key, compare its fingerprint, trust it"),
	.args = args_trust,
	.flags = CMD_WRITES | CMD_SERVERS,
	.topics = TOPIC_OTHER | TOPIC_STATUS,
	.exec = trust_exec,
};

/* ---- host untrust ---- */

static const struct arg args_host[] = {
	{ "host", ARG_HOST, ARG_POSITIONAL | ARG_REQUIRED, N_("host") },
	{ 0 },
};

static int untrust_exec(struct run *run, struct err *err)
{
	struct rows keys;
	struct tx tx;
	int rc = host_keys_load(run->store, run_text(run, "host"), true, &keys, err);

	if (rc != 0)
		return rc;
	if (keys.len == 0)
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("host '{1}' has no trusted key"), run_text(run, "host"));
	if (rc == 0)
		rc = run_begin(run, &tx, err);
	if (rc == 0) {
		host_key_revoke(&tx, &keys, run->now);
		rc = run_commit(run, &tx, err);
	}
	if (rc == 0)
		SAY(run->out, N_("host '{1}': no key is trusted any more ({2})"), run_text(run, "host"),
		    MSG_INT((int64_t)keys.len));
	rows_release(&keys);
	return rc;
}

const struct command cmd_host_untrust = {
	.name = "host untrust",
	.summary = N_("trust a host's key no longer"),
	.args = args_host,
	.flags = CMD_WRITES | CMD_CONFIRM,
	.topics = TOPIC_OTHER | TOPIC_STATUS,
	.exec = untrust_exec,
};

/* ---- host test ---- */

static const struct table_column test_columns[] = {
	{ "stage", N_("stage"), CELL_TEXT, -1 },
	{ "ms", N_("ms"), CELL_INT, 1 },
	{ "result", N_("result"), CELL_TEXT, -1 },
};

static const char *const stage_titles[NET_STAGES] = {
	[NET_RESOLVE] = N_("name and key"), [NET_CONNECT] = N_("TCP"), [NET_KEX] = N_("handshake"),
	[NET_HOSTKEY] = N_("host key"),     [NET_AUTH] = N_("login"),  [NET_OPEN] = N_("channel"),
	[NET_EXEC] = N_("command"),         [NET_FEED] = N_("script"), [NET_RUNNING] = N_("answer"),
};

/* The stages up to where it ended. */
static void stages_table(struct run *run, const struct net_result *r)
{
	struct table t;

	table_init(&t, "stages", test_columns, sizeof test_columns / sizeof *test_columns);
	for (int i = 0; i < NET_STAGES && i <= (int)r->stage; i++) {
		bool last = i == (int)r->stage && r->outcome != NET_OK;
		table_text(&t, run->out->format == OUTPUT_TEXT ? tr(stage_titles[i])
							       : net_stage_name((enum net_stage)i));
		table_number(&t, r->stage_ms[i]);
		table_text(&t, last ? tr(net_outcome_text(r->outcome)) : "OK");
	}
	output_table(run->out, &t);
}

static int test_exec(struct run *run, struct err *err)
{
	const struct host *h = host_of(run);
	struct net_result r;
	struct rows keys;

	if (h == NULL)
		return ERR(err, HS_ERR_NOT_FOUND, N_("the contract has no host '{1}'"),
			   run_text(run, "host"));
	int rc = host_keys_load(run->store, h->id, true, &keys, err);
	if (rc != 0)
		return rc;
	struct net_job job = job_of(run, h, NET_RUN);
	job.pins = host_key_pins(&keys, &run->mem);
	job.script = "echo hoshu\n";
	job.script_len = strlen(job.script);
	rc = ask_server(run, &job, &r, err);
	if (rc == 0) {
		stages_table(run, &r);
		if (r.outcome == NET_KEY_CHANGED || r.outcome == NET_KEY_UNTRUSTED)
			say_keys(run, h, &r, &keys);
		if (r.outcome != NET_OK)
			rc = failed(h, &r, err);
		else if (r.exit_status != 0 || strcmp(r.out, "hoshu\n") != 0)
			rc = ERR(err, HS_ERR_NET,
				 N_("host '{1}': the shell there answers something else than it should"),
				 h->id);
		else
			SAY(run->out, N_("host '{1}': connected in {2} ms, answered after {3} ms"), h->id,
			    MSG_INT(r.connect_ms), MSG_INT(r.total_ms));
	}
	rows_release(&keys);
	return rc;
}

const struct command cmd_host_test = {
	.name = "host test",
	.summary = N_("connect to a host and show each stage with its time"),
	.args = args_host,
	.exec = test_exec,
	.flags = CMD_SERVERS,
};
