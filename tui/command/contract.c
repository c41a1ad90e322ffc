/* hoshu contract show, check, settings: what the contract says, whether a file is one, what may stand in it. */
#include <string.h>

#include "core/base/strbuf.h"
#include "data/contract/config.h"
#include "data/contract/load.h"
#include "data/contract/settings.h"
#include "tui/command/command.h"
#include "tui/command/output.h"
#include "tui/widget/tr.h"

/* ---- show ---- */

static void add_joined(struct table *t, const char *const *words)
{
	struct strbuf text = { 0 };

	for (; *words != NULL; words++)
		strbuf_addf(&text, "%s%s", text.len > 0 ? " " : "", *words);
	table_text(t, strbuf_text(&text));
	strbuf_release(&text);
}

static void add_hours(struct table *t, const struct window *w)
{
	struct strbuf text = { 0 };

	if (w->kind == OPEN_24X7)
		strbuf_add_text(&text, tr(N_("24 h, 365 days")));
	else
		strbuf_addf(&text, "%02d:%02d-%02d:%02d", w->from_s / 3600, w->from_s / 60 % 60, w->to_s / 3600, w->to_s / 60 % 60);
	table_text(t, strbuf_text(&text));
	strbuf_release(&text);
}

static const struct table_column site_columns[] = {
	{ "number", N_("no."), CELL_INT, 1 },	   { "site", N_("id"), CELL_TEXT, -1 },
	{ "name", N_("name"), CELL_TEXT, -1 },	   { "short", N_("short"), CELL_TEXT, -1 },
	{ "address", N_("address"), CELL_TEXT, -1 }, { "uses", N_("uses"), CELL_TEXT, -1 },
};

static void show_sites(struct run *run)
{
	const struct contract *c = run->contract;
	struct table t;

	table_init(&t, "sites", site_columns, sizeof site_columns / sizeof *site_columns);
	for (size_t i = 0; i < c->site_count; i++) {
		table_number(&t, c->sites[i].number);
		table_text(&t, c->sites[i].id);
		table_text(&t, tr_label(&c->sites[i].name));
		table_text(&t, tr_label_short(&c->sites[i].name));
		table_text(&t, c->sites[i].address);
		add_joined(&t, c->sites[i].uses);
	}
	output_table(run->out, &t);
}

static const struct table_column service_columns[] = {
	{ "service", N_("id"), CELL_TEXT, -1 },	     { "name", N_("name"), CELL_TEXT, -1 },
	{ "hours", N_("service hours"), CELL_TEXT, -1 }, { "needs", N_("needs"), CELL_TEXT, -1 },
	{ "checks", N_("checks"), CELL_TEXT, -1 },
};

static void show_services(struct run *run)
{
	const struct contract *c = run->contract;
	struct table t;

	table_init(&t, "services", service_columns, sizeof service_columns / sizeof *service_columns);
	for (size_t i = 0; i < c->service_count; i++) {
		table_text(&t, c->services[i].id);
		table_text(&t, tr_label(&c->services[i].name));
		add_hours(&t, &c->services[i].window);
		add_joined(&t, c->services[i].needs);
		add_joined(&t, c->services[i].checks);
	}
	output_table(run->out, &t);
}

static const struct table_column flow_columns[] = {
	{ "flow", N_("id"), CELL_TEXT, -1 },
	{ "name", N_("name"), CELL_TEXT, -1 },
	{ "stages", N_("stages"), CELL_TEXT, -1 },
};

static void show_flows(struct run *run)
{
	const struct contract *c = run->contract;
	struct table t;

	table_init(&t, "flows", flow_columns, sizeof flow_columns / sizeof *flow_columns);
	for (size_t i = 0; i < c->flow_count; i++) {
		struct strbuf stages = { 0 };
		for (size_t k = 0; k < c->flows[i].stage_count; k++)
			strbuf_addf(&stages, "%s%s", k > 0 ? " > " : "", tr_label(&c->flows[i].stages[k].name));
		table_text(&t, c->flows[i].id);
		table_text(&t, tr_label(&c->flows[i].name));
		table_text(&t, strbuf_text(&stages));
		strbuf_release(&stages);
	}
	output_table(run->out, &t);
}

static const struct table_column deliverable_columns[] = {
	{ "deliverable", N_("id"), CELL_TEXT, -1 }, { "name", N_("name"), CELL_TEXT, -1 },
	{ "rule", N_("due"), CELL_TEXT, -1 },	    { "form", N_("form"), CELL_TEXT, -1 },
	{ "clause", N_("clause"), CELL_TEXT, -1 },
};

static void show_deliverables(struct run *run)
{
	const struct contract *c = run->contract;
	struct table t;

	table_init(&t, "deliverables", deliverable_columns, sizeof deliverable_columns / sizeof *deliverable_columns);
	for (size_t i = 0; i < c->deliverable_count; i++) {
		table_text(&t, c->deliverables[i].id);
		table_text(&t, tr_label(&c->deliverables[i].name));
		table_text(&t, c->deliverables[i].rule);
		table_text(&t, tr_label(&c->deliverables[i].form));
		table_text(&t, c->deliverables[i].clause);
	}
	output_table(run->out, &t);
}

static const struct table_column reading_columns[] = {
	{ "reading", N_("id"), CELL_TEXT, -1 },
	{ "clause", N_("clause"), CELL_TEXT, -1 },
	{ "text", N_("reading to be agreed"), CELL_TEXT, -1 },
	{ "value", N_("setting"), CELL_TEXT, -1 },
};

static void show_readings(struct run *run)
{
	const struct contract *c = run->contract;
	struct table t;

	table_init(&t, "readings", reading_columns, sizeof reading_columns / sizeof *reading_columns);
	for (size_t i = 0; i < c->reading_count; i++) {
		table_text(&t, c->readings[i].id);
		table_text(&t, c->readings[i].clause);
		table_text(&t, tr_label(&c->readings[i].text));
		table_text(&t, c->readings[i].value);
	}
	output_table(run->out, &t);
}

static int show_exec(struct run *run, struct err *err)
{
	const struct contract *c = run->contract;
	struct strbuf term = { 0 };
	int year, month, day;

	if (c == NULL)
		return ERR(err, HS_ERR_NOT_FOUND, N_("no contract can be read; run 'hoshu check'"));
	day_to_civil(c->from_day, &year, &month, &day);
	strbuf_addf(&term, "%04d-%02d-%02d", year, month, day);
	day_to_civil(c->to_day, &year, &month, &day);
	strbuf_addf(&term, " - %04d-%02d-%02d", year, month, day);
	SAY(run->out, "{1}: {2} ({3})", c->id, tr_label(&c->name), strbuf_text(&term));
	strbuf_release(&term);
	show_sites(run);
	show_services(run);
	show_flows(run);
	show_deliverables(run);
	show_readings(run);
	return 0;
}

const struct command cmd_contract_show = {
	.name = "contract show",
	.summary = N_("show sites, services, flows, deliverables and open readings of the contract"),
	.flags = CMD_NO_CONTRACT,
	.exec = show_exec,
};

/* ---- check ---- */

static const struct arg check_args[] = {
	{ .name = "file", .kind = ARG_FILE, .flags = ARG_POSITIONAL, .help = N_("contract file; the configured one when not given") },
	{ .name = NULL },
};

static const struct table_column complaint_columns[] = {
	{ "file", N_("file"), CELL_TEXT, -1 },
	{ "line", N_("line"), CELL_INT, 1 },
	{ "complaint", N_("complaint"), CELL_TEXT, -1 },
};

static void show_complaints(struct run *run, const struct complaints *complaints)
{
	struct table t;

	table_init(&t, "complaints", complaint_columns, sizeof complaint_columns / sizeof *complaint_columns);
	for (size_t i = 0; i < complaints->list.len; i++) {
		const struct complaint *c = &complaints->list.v[i];
		struct strbuf text = { 0 };
		if (run->out->format == OUTPUT_TEXT) {
			complaint_format(c, tr, &text);
			strbuf_add_char(&text, '\n');
			output_text(run->out, strbuf_text(&text));
		} else {
			msg_format(&c->what, tr, &text);
			table_text(&t, c->place.file);
			table_number(&t, c->place.line);
			table_text(&t, strbuf_text(&text));
		}
		strbuf_release(&text);
	}
	if (run->out->format == OUTPUT_TEXT)
		table_release(&t);
	else
		output_table(run->out, &t);
}

static int contract_check_exec(struct run *run, struct err *err)
{
	const char *given = run_text(run, "file");
	const char *named = given[0] != '\0' ? given : run->contract != NULL ? run->contract->place.file : run->config->contract_file;
	struct complaints complaints = { 0 };
	struct strbuf path = { 0 };
	struct contract *c = NULL;
	int rc = 0;

	if (named[0] == '\0')
		return ERR(err, HS_ERR_USAGE, N_("which file? write: hoshu contract check FILE"));
	if (given[0] == '\0' || contract_find(named, &path, NULL) != 0) {
		strbuf_clear(&path);
		strbuf_add_text(&path, named);
	}
	rc = contract_load(strbuf_text(&path), &c, &complaints, err);
	show_complaints(run, &complaints);
	if (rc == 0)
		SAY(run->out, N_("'{1}' is a whole contract: {2}"), strbuf_text(&path), tr_label(&c->name));
	contract_free(c);
	complaints_release(&complaints);
	strbuf_release(&path);
	return rc;
}

const struct command cmd_contract_check = {
	.name = "contract check",
	.summary = N_("check a contract file and report every mistake with its line"),
	.args = check_args,
	.flags = CMD_NO_CONTRACT,
	.exec = contract_check_exec,
};

/* ---- settings ---- */

static const struct choice files[] = {
	{ "contract", N_("contract file") }, { "hoshu.conf", NULL }, { "theme", N_("theme file") }, { NULL, NULL }
};

static const struct choice languages[] = { { "ja", NULL }, { "en", NULL }, { NULL, NULL } };

static const struct arg settings_args[] = {
	{ .name = "of", .kind = ARG_CHOICE, .flags = ARG_POSITIONAL, .choices = files, .help = N_("which file's settings") },
	{ .name = "man-tables", .kind = ARG_CHOICE, .choices = languages, .help = N_("tables of the manual page, in roff") },
	{ .name = NULL },
};

static const struct table_column setting_columns[] = {
	{ "setting", N_("setting"), CELL_TEXT, -1 },	{ "needed", N_("needed"), CELL_TEXT, -1 },
	{ "takes", N_("takes"), CELL_TEXT, -1 },	{ "default", N_("default"), CELL_TEXT, -1 },
	{ "meaning", N_("meaning"), CELL_TEXT, -1 },
};

static void add_setting(void *ctx, const struct setting_line *line)
{
	struct table *t = ctx;
	struct strbuf form = { 0 };

	msg_format(&line->form, tr, &form);
	table_text(t, line->path);
	table_text(t, line->required ? tr(N_("yes")) : "");
	table_text(t, strbuf_text(&form));
	table_text(t, line->initial);
	table_text(t, tr(line->help));
	strbuf_release(&form);
}

/* Text inside a roff line: a backslash and what would begin a request are made plain. */
static void roff_text(const char *text, struct strbuf *out)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\\')
			strbuf_add_text(out, "\\e");
		else if ((*p == '.' || *p == '\'') && (p == text || p[-1] == '\n'))
			strbuf_addf(out, "\\&%c", *p);
		else
			strbuf_add_char(out, *p);
	}
}

static void roff_setting(void *ctx, const struct setting_line *line)
{
	struct strbuf *out = ctx, form = { 0 };

	msg_format(&line->form, tr, &form);
	strbuf_addf(out, ".TP\n\\fB%s\\fR%s%s%s\n", line->path, line->required ? " (" : "", line->required ? tr(N_("needed")) : "",
		    line->required ? ")" : "");
	roff_text(tr(line->help), out);
	strbuf_add_text(out, ".\n");
	roff_text(strbuf_text(&form), out);
	if (line->initial[0] != '\0')
		strbuf_addf(out, "; %s: %s", tr(N_("default")), line->initial);
	strbuf_add_text(out, ".\n");
	strbuf_release(&form);
}

static void roff_tables(struct run *run, const char *language)
{
	static const char *const titles[] = { N_("contract file"), "hoshu.conf", N_("theme file") };
	struct strbuf out = { 0 };
	const char *before = lang_get();

	lang_set(language);
	for (int file = SETTINGS_CONTRACT; file <= SETTINGS_THEME; file++) {
		strbuf_addf(&out, ".SS %s\n", tr(titles[file]));
		settings_walk((enum settings_file)file, roff_setting, &out);
	}
	lang_set(before);
	output_script(run->out, strbuf_text(&out));
	strbuf_release(&out);
}

static int settings_exec(struct run *run, struct err *err)
{
	const char *of = run_text(run, "of");
	enum settings_file file = strcmp(of, "hoshu.conf") == 0 ? SETTINGS_CONFIG :
				  strcmp(of, "theme") == 0	? SETTINGS_THEME :
								  SETTINGS_CONTRACT;
	struct table t;

	(void)err;
	if (run_given(run, "man-tables")) {
		roff_tables(run, run_text(run, "man-tables"));
		return 0;
	}
	table_init(&t, "settings", setting_columns, sizeof setting_columns / sizeof *setting_columns);
	settings_walk(file, add_setting, &t);
	output_table(run->out, &t);
	return 0;
}

const struct command cmd_contract_settings = {
	.name = "contract settings",
	.summary = N_("list what may stand in a contract file, hoshu.conf or a theme"),
	.args = settings_args,
	.flags = CMD_NO_CONTRACT,
	.exec = settings_exec,
};
