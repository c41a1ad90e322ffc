/* Watching: the recorder, what it found, a host asked now, the newest raw answer. */
#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "data/collect/client.h"
#include "data/collect/run.h"
#include "data/collect/view.h"
#include "data/contract/config.h"
#include "data/contract/load.h"
#include "tui/command/command.h"
#include "tui/command/output.h"
#include "tui/widget/tr.h"

enum { PROBE_WAIT_MS = 120000 };

static void contract_folder(const struct run *run, struct strbuf *out)
{
	config_contract_folder(run->config, run->contract->id, out);
}

/* Machines get the name, people the word. */
static const char *condition_cell(const struct run *run, enum condition c)
{
	return run->out->format == OUTPUT_TEXT ? c == COND_NONE ? "--" : tr_in("condition", condition_title(c)) : condition_name(c);
}

static const char *reason_cell(const struct run *run, enum probe_reason r)
{
	return run->out->format == OUTPUT_TEXT ? tr(probe_reason_title(r)) : probe_reason_name(r);
}

static int64_t age_of(const struct run *run, int64_t at)
{
	return at != TIME_NONE ? run->now - at : TIME_NONE;
}

/* ---- tables ---- */

static const struct table_column check_columns[] = {
	{ "host", N_("host"), CELL_TEXT, -1 },   { "check", N_("check"), CELL_TEXT, -1 },
	{ "state", N_("state"), CELL_TEXT, -1 }, { "reason", N_("reason"), CELL_TEXT, -1 },
	{ "response_ms", N_("ms"), CELL_INT, 1 }, { "value", N_("value"), CELL_INT, 1 },
	{ "unit", N_("unit"), CELL_TEXT, -1 },   { "failures", N_("failures"), CELL_INT, 1 },
	{ "age_s", N_("age (s)"), CELL_INT, 1 }, { "since", N_("since"), CELL_TIME, -1 },
	{ "text", N_("details"), CELL_TEXT, -1 },
};

static void check_row(const struct run *run, struct table *t, const struct check_now *k)
{
	const struct probe_kind *kind = probe_kind_find(k->check->kind);

	table_text(t, k->check->host);
	table_text(t, k->check->id);
	table_text(t, condition_cell(run, k->condition));
	table_text(t, reason_cell(run, k->reason));
	table_number(t, k->response_ms);
	table_number(t, k->value);
	table_text(t, kind != NULL ? kind->unit : "");
	table_number(t, k->failures);
	table_number(t, age_of(run, k->at));
	table_number(t, k->since);
	table_text(t, k->text);
}

static const struct table_column status_columns[] = {
	{ "kind", N_("kind"), CELL_TEXT, -1 },       { "id", N_("id"), CELL_TEXT, -1 },
	{ "name", N_("name"), CELL_TEXT, -1 },       { "state", N_("state"), CELL_TEXT, -1 },
	{ "availability", N_("availability"), CELL_TEXT, -1 }, { "latency", N_("latency"), CELL_TEXT, -1 },
	{ "integrity", N_("integrity"), CELL_TEXT, -1 },       { "response_ms", N_("ms"), CELL_INT, 1 },
	{ "age_s", N_("age (s)"), CELL_INT, 1 },     { "cause", N_("cause"), CELL_TEXT, -1 },
};

/* The worst cause, in a few words; nothing when all is well. */
static void cause_cell(const struct run *run, struct table *t, const struct light *l)
{
	struct strbuf text = { 0 };

	if (l->cause_count > 0 && l->causes[0].condition > COND_OK)
		strbuf_addf(&text, "%s%s%s", l->causes[0].id, l->causes[0].reason != REASON_NONE ? ": " : "",
			    reason_cell(run, l->causes[0].reason));
	table_text(t, strbuf_text(&text));
	strbuf_release(&text);
}

static void service_row(const struct run *run, struct table *t, const struct service_now *v)
{
	table_text(t, "service");
	table_text(t, v->service->id);
	table_text(t, tr_label(&v->service->name));
	table_text(t, condition_cell(run, v->condition));
	table_text(t, condition_cell(run, v->availability.condition));
	table_text(t, condition_cell(run, v->latency.condition));
	table_text(t, condition_cell(run, v->integrity.condition));
	table_number(t, v->response_ms);
	table_number(t, age_of(run, v->at));
	cause_cell(run, t, v->availability.condition > COND_OK ? &v->availability : &v->integrity);
}

static void site_row(const struct run *run, struct table *t, const struct site_now *s)
{
	table_text(t, "site");
	table_text(t, s->site->id);
	table_text(t, tr_label(&s->site->name));
	table_text(t, condition_cell(run, s->condition));
	table_text(t, condition_cell(run, s->condition));
	table_text(t, condition_cell(run, s->latency.condition));
	table_text(t, condition_cell(run, s->integrity.condition));
	table_number(t, TIME_NONE);
	table_number(t, age_of(run, s->at));
	cause_cell(run, t, &s->light);
}

/* ---- status ---- */

static void worse(enum condition *worst, enum condition c)
{
	static const int weight[] = { 0, 2, 3, 1 };
	int a = weight[condition_exit(c)], b = weight[condition_exit(*worst)];

	if (a > b || (a == b && c > *worst))
		*worst = c;
}

static enum condition status_of_host(struct run *run, const struct situation *s, const char *id)
{
	enum condition worst = COND_NONE;
	struct table t;

	table_init(&t, "checks", check_columns, sizeof check_columns / sizeof *check_columns);
	for (size_t i = 0; i < s->contract->check_count; i++) {
		if (strcmp(s->checks[i].check->host, id) != 0)
			continue;
		check_row(run, &t, &s->checks[i]);
		worse(&worst, s->checks[i].condition);
	}
	output_table(run->out, &t);
	return worst == COND_NONE ? COND_NEVER : worst;
}

static enum condition status_of_all(struct run *run, const struct situation *s, const char *service, const char *site)
{
	bool all = service[0] == '\0' && site[0] == '\0';
	enum condition worst = COND_NONE;
	struct table t;

	table_init(&t, "status", status_columns, sizeof status_columns / sizeof *status_columns);
	for (size_t i = 0; i < s->contract->service_count; i++) {
		if (!all && strcmp(s->services[i].service->id, service) != 0)
			continue;
		service_row(run, &t, &s->services[i]);
		worse(&worst, s->services[i].condition);
	}
	for (size_t i = 0; i < s->contract->site_count; i++) {
		if (!all && strcmp(s->sites[i].site->id, site) != 0)
			continue;
		site_row(run, &t, &s->sites[i]);
		worse(&worst, s->sites[i].condition);
	}
	output_table(run->out, &t);
	return worst;
}

static int run_status(struct run *run, struct err *err)
{
	struct situation_view v = { 0 };
	const char *host = run_text(run, "host");
	int rc = situation_view_load(&v, run->store, run->status, run->contract, run->now, err);

	if (rc != 0)
		return rc;
	enum condition worst = host[0] != '\0' ? status_of_host(run, &v.s, host)
					       : status_of_all(run, &v.s, run_text(run, "service"), run_text(run, "site"));
	run->exit_code = condition_exit(worst);
	if (!v.recorder.network_up)
		SAY(run->out, N_("this PC is offline: what is shown is older"));
	situation_view_release(&v);
	return 0;
}

static const struct arg status_args[] = {
	{ "service", ARG_SERVICE, 0, N_("only this service") },
	{ "site", ARG_SITE, 0, N_("only this site") },
	{ "host", ARG_HOST, 0, N_("the checks of this host") },
	{ NULL },
};

const struct command cmd_status = {
	.name = "status",
	.summary = N_("services and sites: availability, latency, integrity"),
	.args = status_args,
	.flags = CMD_STATUS,
	.exec = run_status,
};

/* ---- collect ---- */

/* The recorder's copy of the contract, read anew on reload; the one before stays until the next is whole. */
struct reloaded {
	struct run *run;
	struct contract *own;
};

static int reload_contract(void *ctx, const struct contract **contract, struct err *err)
{
	struct reloaded *r = ctx;
	struct complaints complaints = { 0 };
	struct contract *next = NULL;
	const char *file = r->run->contract->site_count > 0 ? r->run->contract->sites[0].place.file : NULL;
	int rc = file != NULL ? contract_load(file, &next, &complaints, err) : 0;

	complaints_release(&complaints);
	if (rc != 0 || next == NULL)
		return rc;
	if (strcmp(next->id, r->run->contract->id) != 0) {
		contract_free(next);
		return ERR(err, HS_ERR_CONFLICT, N_("the file now holds another contract"));
	}
	*contract = next;
	return 0;
}

/* Another recorder watches: its results are as good as ours. */
static int hand_over(struct run *run, const char *folder, const char *host, struct err *err)
{
	struct strbuf line = { 0 }, wanted = { 0 };

	strbuf_addf(&line, "probe%s%s", host[0] != '\0' ? " " : "", host);
	strbuf_addf(&wanted, "%s%s", host[0] != '\0' ? "done " : "ok", host);
	int rc = client_ask(folder, strbuf_text(&line), strbuf_text(&wanted), PROBE_WAIT_MS, err);
	if (rc == 0)
		SAY(run->out, N_("the recorder that runs already was asked"));
	strbuf_release(&line);
	strbuf_release(&wanted);
	return rc;
}

static int show_results(struct run *run, const char *folder, const char *host, struct err *err)
{
	struct situation_view v = { 0 };
	struct status *status = NULL;
	struct table t;
	int rc = status_open(&status, folder, false, err);

	if (rc == 0)
		rc = situation_view_load(&v, run->store, status, run->contract, run->now, err);
	if (rc == 0) {
		/* The recorder worked since this run began. */
		if (v.recorder.cycle_at != TIME_NONE && v.recorder.cycle_at > run->now)
			run->now = v.recorder.cycle_at;
		situation_view_age(&v, run->now);
		table_init(&t, "checks", check_columns, sizeof check_columns / sizeof *check_columns);
		for (size_t i = 0; i < run->contract->check_count; i++) {
			if (host[0] == '\0' || strcmp(v.s.checks[i].check->host, host) == 0)
				check_row(run, &t, &v.s.checks[i]);
		}
		output_table(run->out, &t);
	}
	situation_view_release(&v);
	status_close(status);
	return rc;
}

static int run_collect(struct run *run, struct err *err)
{
	struct strbuf folder = { 0 };
	struct reloaded reloaded = { .run = run };
	const char *host = run_text(run, "host");
	struct collect_options options = {
		.contract = run->contract, .store = run->store, .auto_tickets = run->config->auto_tickets, .tr = tr,
		.attached = run_given(run, "attached") ? (int)run_number(run, "attached") : -1,
		.once = run_given(run, "once"), .host = host[0] != '\0' ? host : NULL,
		.reload = reload_contract, .ctx = &reloaded,
	};

	contract_folder(run, &folder);
	options.folder = strbuf_text(&folder);
	int rc = 0;
	if (run_given(run, "stop")) {
		rc = client_ask(options.folder, "stop", "ok", PROBE_WAIT_MS, err);
	} else {
		rc = collect_run(&options, err);
		if (rc == HS_ERR_BUSY && options.once) {
			err_clear(err);
			rc = hand_over(run, options.folder, host, err);
		}
		if (rc == 0 && options.once)
			rc = show_results(run, options.folder, host, err);
	}
	strbuf_release(&folder);
	return rc;
}

static const struct arg collect_args[] = {
	{ "once", ARG_FLAG, 0, N_("ask every host once, then end") },
	{ "host", ARG_HOST, 0, N_("with --once: only this host") },
	{ "stop", ARG_FLAG, 0, N_("end the recorder that runs") },
	{ "attached", ARG_NUMBER, 0, N_("descriptor of the console that started it") },
	{ NULL },
};

const struct command cmd_collect = {
	.name = "collect",
	.summary = N_("watch the servers until told to stop"),
	.args = collect_args,
	.flags = CMD_SHELL | CMD_WRITES | CMD_SERVERS,
	.exec = run_collect,
};

/* ---- probe now, raw ---- */

static int run_probe_now(struct run *run, struct err *err)
{
	struct strbuf folder = { 0 };
	const char *host = run_text(run, "host");

	contract_folder(run, &folder);
	/* The console does not wait: the recorder wakes it when the host is done. */
	int rc = run->app != NULL ? client_tell(strbuf_text(&folder), host, err) : hand_over(run, strbuf_text(&folder), host, err);
	if (rc == 0 && run->app == NULL)
		rc = show_results(run, strbuf_text(&folder), host, err);
	else if (rc == 0)
		SAY(run->out, N_("asking {1}"), host[0] != '\0' ? host : tr(N_("all hosts")));
	strbuf_release(&folder);
	return rc;
}

static const struct arg probe_args[] = {
	{ "host", ARG_HOST, ARG_POSITIONAL, N_("host; all when left out") },
	{ NULL },
};

const struct command cmd_probe_now = {
	.name = "probe now",
	.summary = N_("ask a host now"),
	.args = probe_args,
	.topics = TOPIC_STATUS,
	.exec = run_probe_now,
};

static int run_raw(struct run *run, struct err *err)
{
	struct strbuf bytes = { 0 };
	const char *host = run_text(run, "host");
	int64_t at = TIME_NONE;
	int rc = run->status != NULL ? status_output(run->status, host, &bytes, &at, err)
				     : ERR(err, HS_ERR_NOT_FOUND, N_("host '{1}' was never asked"), host);

	if (rc == 0 && at == TIME_NONE)
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("host '{1}' was never asked"), host);
	if (rc == 0) {
		struct strbuf head = { 0 };
		strbuf_addf(&head, "# %s ", host);
		time_format(at, run->contract->offset_s, TIME_SECONDS, &head);
		output_text(run->out, strbuf_text(&head));
		output_text(run->out, strbuf_text(&bytes));
		strbuf_release(&head);
	}
	strbuf_release(&bytes);
	return rc;
}

static const struct arg raw_args[] = {
	{ "host", ARG_HOST, ARG_POSITIONAL | ARG_REQUIRED, N_("host") },
	{ NULL },
};

const struct command cmd_raw = {
	.name = "raw",
	.summary = N_("the newest raw answer of a host"),
	.args = raw_args,
	.exec = run_raw,
};
