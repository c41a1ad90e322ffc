/* hoshu check: is everything that hoshu stands on as it should be? Every complaint names the next step. */
#include "tui/command/check.h"

#include <string.h>
#include <sys/stat.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "core/probe/probe.h"
#include "data/contract/config.h"
#include "data/contract/load.h"
#include "data/contract/theme.h"
#include "tui/command/command.h"
#include "tui/command/output.h"
#include "tui/widget/tr.h"

static const char *const role_names[] = {
#define ROLE(name, note) #name,
#include "tui/widget/roles.def"
#undef ROLE
	NULL
};

struct finding *report_add(struct report *r, enum grade grade, const char *area)
{
	struct finding *f = vec_add(&r->list);

	f->grade = grade;
	f->area = area;
	return f;
}

/* ---- files ---- */

/* Every complaint about a file becomes a finding; err speaks where there is none. */
static void report_complaints(struct report *r, const char *area, const struct complaints *complaints, const struct err *err)
{
	for (size_t i = 0; i < complaints->list.len; i++) {
		struct strbuf text = { 0 };
		complaint_format(&complaints->list.v[i], tr, &text);
		FOUND(r, GRADE_BAD, area, "{1}", strbuf_text(&text));
		STEP(r, N_("mend the line and run 'hoshu check' again"));
		strbuf_release(&text);
	}
	if (complaints->dropped > 0)
		FOUND(r, GRADE_BAD, area, N_("{1} more mistakes are not shown"), MSG_INT((int64_t)complaints->dropped));
	if (complaints->list.len > 0)
		return;
	report_add(r, GRADE_BAD, area)->what = err->msg;
}

/* 0, or reported. */
static int check_config(struct report *r)
{
	const struct config *used = r->run->config;
	const struct config_options options = { used->config_folder, used->data_folder };
	struct complaints complaints = { 0 };
	struct err err = { 0 };
	struct config *c;

	int rc = config_load(&options, &c, &complaints, &err);
	if (rc != 0) {
		report_complaints(r, N_("configuration"), &complaints, &err);
	} else if (!c->exists) {
		FOUND(r, GRADE_WARN, N_("configuration"), N_("'{1}' is not there yet"), c->file);
		STEP(r, N_("run 'hoshu init'"));
	} else {
		FOUND(r, GRADE_OK, N_("configuration"), N_("'{1}': {2}, device {3}"), c->file, c->person, c->tag);
	}
	config_free(c);
	complaints_release(&complaints);
	return rc;
}

static void report_contract(struct report *r, const struct contract *c, const char *path)
{
	size_t waiting = 0;

	FOUND(r, GRADE_OK, N_("contract"), N_("'{1}': {2}, {3} sites, {4} services, {5} hosts"), path, tr_label(&c->name),
	      MSG_INT((int64_t)c->site_count), MSG_INT((int64_t)c->service_count), MSG_INT((int64_t)c->host_count));
	for (size_t i = 0; i < c->host_count; i++)
		waiting += !c->hosts[i].probe;
	if (waiting == 0)
		return;
	FOUND(r, GRADE_WARN, N_("contract"), N_("{1} hosts are placeholders and are never probed"), MSG_INT((int64_t)waiting));
	STEP(r, N_("copy the contract file, give them address, user and probe = true, and name the copy in hoshu.conf"));
}

static void check_contract(struct report *r)
{
	const struct contract *c = r->run->contract;
	const char *path = c != NULL ? c->place.file : r->run->config->contract_file;
	struct complaints complaints = { 0 };
	struct err err = { 0 };
	struct contract *fresh;

	if (path[0] == '\0') {
		FOUND(r, GRADE_WARN, N_("contract"), N_("no contract is configured"));
		STEP(r, N_("run 'hoshu init'"));
		return;
	}
	if (contract_load(path, &fresh, &complaints, &err) != 0)
		report_complaints(r, N_("contract"), &complaints, &err);
	else
		report_contract(r, fresh, path);
	contract_free(fresh);
	complaints_release(&complaints);
}

static void check_theme(struct report *r, const char *name)
{
	struct complaints complaints = { 0 };
	struct strbuf path = { 0 };
	struct err err = { 0 };
	struct theme *t = NULL;

	int rc = theme_find(r->run->config->config_folder, name, &path, &err);
	if (rc == 0)
		rc = theme_load(strbuf_text(&path), role_names, &t, &complaints, &err);
	if (rc == 0)
		FOUND(r, GRADE_OK, N_("theme"), N_("'{1}' ({2}) is complete"), name, tr_label(&t->title));
	else
		report_complaints(r, N_("theme"), &complaints, &err);
	theme_free(t);
	strbuf_release(&path);
	complaints_release(&complaints);
}

/* All that can be chosen, not only the one in use: a broken one is found before it is wanted. */
static void check_themes(struct report *r)
{
	struct strbuf names = { 0 };
	bool used = false;

	theme_names(r->run->config->config_folder, "\n", &names);
	for (char *name = names.buf, *end; name != NULL && *name != '\0'; name = end) {
		end = strchr(name, '\n');
		if (end != NULL)
			*end++ = '\0';
		used = used || strcmp(name, r->run->config->theme) == 0;
		check_theme(r, name);
	}
	if (!used)
		check_theme(r, r->run->config->theme);
	strbuf_release(&names);
}

/* ---- databases ---- */

static void report_health(struct report *r, struct store *s)
{
	struct store_health h = { 0 };
	struct err err = { 0 };

	if (store_health(s, &h, &err) != 0) {
		report_add(r, GRADE_BAD, N_("records"))->what = err.msg;
		return;
	}
	FOUND(r, GRADE_OK, N_("records"), N_("records.db: {1} changes, {2} KiB, {3} backups"), MSG_INT(h.changes),
	      MSG_INT(h.size / 1024), MSG_INT(h.backups));
	if (!h.journal_ok || !h.sync_ok) {
		FOUND(r, GRADE_BAD, N_("records"), N_("records.db does not write as safely as it should"));
		STEP(r, N_("make a backup with 'hoshu backup' and report this"));
	}
	if (h.backups == 0 && h.changes > 0) {
		FOUND(r, GRADE_WARN, N_("records"), N_("there is no backup of records.db yet"));
		STEP(r, N_("run 'hoshu backup'"));
	}
	if (h.free_bytes < 100 * 1024 * 1024) {
		FOUND(r, GRADE_WARN, N_("records"), N_("only {1} MiB are free on its disk"), MSG_INT(h.free_bytes >> 20));
		STEP(r, N_("make room on the disk"));
	}
	if (store_check(s, &err) != 0)
		report_add(r, GRADE_BAD, N_("records"))->what = err.msg;
}

/* Only a host that is logged in to has a key to trust; a router whose port is tried has none. */
static bool is_logged_in_to(const struct contract *c, const struct host *host)
{
	for (size_t i = 0; i < c->check_count; i++) {
		const struct probe_kind *kind = probe_kind_find(c->checks[i].kind);
		if (strcmp(c->checks[i].host, host->id) == 0 && kind != NULL &&
		    (kind->needs_shell || strcmp(kind->name, "ssh") == 0))
			return host->probe;
	}
	return false;
}

static void report_pins(struct report *r, struct store *s)
{
	const struct contract *c = r->run->contract;

	for (size_t i = 0; i < c->host_count; i++) {
		const struct host *host = &c->hosts[i];
		struct rows rows = { 0 };
		struct err err = { 0 };
		size_t live = 0;
		if (!is_logged_in_to(c, host) || store_rows(s, TABLE_host_key, "host", host->id, &rows, &err) != 0)
			continue;
		for (size_t k = 0; k < rows.len; k++)
			live += ROWS(host_key, &rows)[k].revoked_at == TIME_NONE;
		rows_release(&rows);
		if (live > 0) {
			FOUND(r, GRADE_OK, N_("host keys"), N_("{1}: {2} keys are trusted"), host->id, MSG_INT((int64_t)live));
			continue;
		}
		FOUND(r, GRADE_WARN, N_("host keys"), N_("{1}: no key is trusted yet, so it cannot be probed"), host->id);
		STEP(r, N_("compare the fingerprint with the server's and run 'hoshu host trust {1}'"), host->id);
	}
}

/* A status.db that was damaged, and how old the newest copy of the evidence is. cycle_at: of the newest measurement. */
static void check_status_backups(struct report *r, const char *folder, int64_t cycle_at)
{
	struct strbuf text = { 0 };
	struct backups all;

	status_aside(folder, &text);
	if (text.len > 0) {
		FOUND(r, GRADE_WARN, N_("measurements"), N_("status.db was damaged and set aside as '{1}'; what its backup lacks shows as"
							    " unknown"), strbuf_text(&text));
		STEP(r, N_("write down the gap for the report, then delete the file"));
	}
	strbuf_clear(&text);
	if (status_backups(folder, &all, NULL) != 0 || all.list.len == 0) {
		FOUND(r, GRADE_WARN, N_("measurements"), N_("there is no backup of status.db yet"));
		STEP(r, N_("run 'hoshu collect --once'"));
	} else {
		bool old = cycle_at - all.list.v[0].at > 2 * DAY_SECONDS;
		time_format(all.list.v[0].at, r->run->contract->offset_s, TIME_MINUTES, &text);
		FOUND(r, old ? GRADE_WARN : GRADE_OK, N_("measurements"), N_("status.db: {1} backups, the newest of {2}"),
		      MSG_INT((int64_t)all.list.len), strbuf_text(&text));
		if (old)
			STEP(r, N_("see that its disk has room and its folder can be written"));
	}
	vec_release(&all.list);
	strbuf_release(&text);
}

static void check_status(struct report *r, const char *folder)
{
	struct recorder_status rec = { 0 };
	struct status *st = NULL;
	struct err err = { 0 };

	if (status_open(&st, folder, false, &err) != 0) {
		FOUND(r, GRADE_UNKNOWN, N_("measurements"), N_("nothing was measured yet"));
		STEP(r, N_("run 'hoshu collect --once'"));
		return;
	}
	if (status_recorder(st, &rec, &err) != 0 || rec.cycle_at == TIME_NONE || rec.cycle_at == 0) {
		FOUND(r, GRADE_UNKNOWN, N_("measurements"), N_("status.db can be read, but no cycle was ever finished"));
	} else {
		struct strbuf when = { 0 };
		time_format(rec.cycle_at, r->run->contract->offset_s, TIME_MINUTES, &when);
		FOUND(r, GRADE_OK, N_("measurements"), N_("status.db: the newest cycle ended {1}"), strbuf_text(&when));
		strbuf_release(&when);
		check_status_backups(r, folder, rec.cycle_at);
	}
	status_close(st);
}

static void check_databases(struct report *r)
{
	struct strbuf folder = { 0 }, file = { 0 };
	struct store_options options = { .tag = "", .read_only = true };
	struct store *s = NULL;
	struct err err = { 0 };
	struct stat st;

	if (r->run->contract == NULL)
		return;
	config_contract_folder(r->run->config, r->run->contract->id, &folder);
	strbuf_addf(&file, "%s/records.db", strbuf_text(&folder));
	options.folder = strbuf_text(&folder);
	if (stat(strbuf_text(&file), &st) != 0) {
		FOUND(r, GRADE_UNKNOWN, N_("records"), N_("nothing was recorded yet; '{1}' will be made"), strbuf_text(&file));
	} else if (store_open(&s, &options, &err) != 0) {
		report_add(r, GRADE_BAD, N_("records"))->what = err.msg;
	} else {
		report_health(r, s);
		report_pins(r, s);
		store_close(s);
		check_status(r, strbuf_text(&folder));
	}
	strbuf_release(&folder);
	strbuf_release(&file);
}

/* ---- showing ---- */

static const char *const grade_ids[] = { "ok", "unknown", "warn", "bad" };
static const char *const grade_marks[] = { " ", "?", "!", "X" };
static const char *const grade_words[] = { NC_("check", "fine"), NC_("check", "unknown"), NC_("check", "look"),
					   NC_("check", "wrong") };

static void show_text(const struct report *r)
{
	struct strbuf text = { 0 }, part = { 0 };

	for (size_t i = 0; i < r->list.len; i++) {
		const struct finding *f = &r->list.v[i];
		strbuf_addf(&text, "%s ", grade_marks[f->grade]);
		text_pad(tr_in("check", grade_words[f->grade]), 8, -1, &text);
		text_pad(tr(f->area), 14, -1, &text);
		strbuf_add_char(&text, ' ');
		msg_format(&f->what, tr, &text);
		strbuf_add_char(&text, '\n');
		if (f->step.id == NULL)
			continue;
		strbuf_clear(&part);
		msg_format(&f->step, tr, &part);
		strbuf_addf(&text, "%25s-> %s\n", "", strbuf_text(&part));
	}
	output_text(r->run->out, strbuf_text(&text));
	strbuf_release(&text);
	strbuf_release(&part);
}

static const struct table_column columns[] = {
	{ "state", N_("state"), CELL_TEXT, -1 },
	{ "area", N_("area"), CELL_TEXT, -1 },
	{ "finding", N_("finding"), CELL_TEXT, -1 },
	{ "next", N_("next step"), CELL_TEXT, -1 },
};

static void show_table(const struct report *r)
{
	struct table table;
	struct strbuf text = { 0 };

	table_init(&table, "findings", columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < r->list.len; i++) {
		const struct finding *f = &r->list.v[i];
		table_text(&table, grade_ids[f->grade]);
		table_text(&table, f->area);
		strbuf_clear(&text);
		msg_format(&f->what, tr, &text);
		table_text(&table, strbuf_text(&text));
		strbuf_clear(&text);
		msg_format(&f->step, tr, &text);
		table_text(&table, strbuf_text(&text));
	}
	output_table(r->run->out, &table);
	strbuf_release(&text);
}

static int check_exec(struct run *run, struct err *err)
{
	struct report r = { .run = run };
	int64_t wrong = 0;

	(void)err;
	/* without a configuration that can be read nothing can be said of its contract */
	if (check_config(&r) == 0 || run->contract != NULL)
		check_contract(&r);
	check_themes(&r);
	check_terminal(&r);
	check_databases(&r);
	check_keys(&r);
	check_machine(&r);
	for (size_t i = 0; i < r.list.len; i++)
		wrong += r.list.v[i].grade >= GRADE_WARN;
	if (run->out->format == OUTPUT_TEXT)
		show_text(&r);
	else
		show_table(&r);
	if (wrong > 0)
		SAY(run->out, N_("{1} of {2} findings want something done"), MSG_INT(wrong), MSG_INT((int64_t)r.list.len));
	else
		SAY(run->out, N_("all is as it should be ({1} findings)"), MSG_INT((int64_t)r.list.len));
	run->exit_code = wrong > 0;
	vec_release(&r.list);
	return 0;
}

const struct command cmd_check = {
	.name = "check",
	.summary = N_("check configuration, contract, themes, terminal, databases, keys and this PC"),
	.flags = CMD_NO_CONTRACT | CMD_STATUS,
	.exec = check_exec,
};
