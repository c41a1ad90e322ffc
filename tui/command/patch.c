/* The patch backlog's records: entering, editing, judging, listing (S2.3(2)③). Its steps are in patch_step.c. */
#include "tui/command/patch.h"

#include <string.h>

#include "core/base/strbuf.h"
#include "tui/widget/tr.h"

int patch_named(struct run *run, const char *text, struct patch_backlog *out, struct err *err)
{
	struct rows row;
	int rc = record_find(run, TABLE_patch, text, &row, err);

	if (rc != 0)
		return rc;
	rc = patch_load(run->store, run->contract, ROWS(patch, &row)->id, run->now, out, err);
	rows_release(&row);
	return rc;
}

bool run_one_patch(struct run *run, struct patch_backlog *out)
{
	const char *text = run_nth(run, "patch", 0);

	return text != NULL && run_nth(run, "patch", 1) == NULL && patch_named(run, text, out, NULL) == 0;
}

/* ---- add, edit ---- */

#define ARGS_FIELDS \
	{ "title", ARG_TEXT, ARG_ASK, N_("title") }, \
	{ "version", ARG_TEXT, ARG_ASK, N_("version in use") }, \
	{ "source", ARG_TEXT, ARG_ASK, N_("where it was published") }, \
	{ "exploited", ARG_CHOICE, ARG_ASK, N_("exploited"), choices_exploited }, \
	{ "restart", ARG_CHOICE, ARG_ASK, N_("restart"), choices_restart }, \
	{ "due", ARG_TIME, ARG_ASK, N_("due") }, \
	{ "owner", ARG_STAFF, ARG_ASK, N_("who works on it") }

static const struct choice choices_exploited[] = {
	{ "yes", N_("exploited") }, { "poc", N_("proof of concept") }, { "no", N_("not known") }, { 0 },
};
static const struct arg args_add[] = {
	{ "package", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, N_("package") },
	{ "hosts", ARG_GROUP, ARG_REQUIRED, N_("group of hosts") },
	{ "target", ARG_TEXT, ARG_ASK, N_("target version") },
	{ "significance", ARG_CHOICE, ARG_ASK, N_("significance"), choices_significance, "undecided" },
	{ "published", ARG_TIME, ARG_ASK, N_("published"), .initial = "now" },
	{ "advisory", ARG_TEXT, ARG_MANY, N_("advisory") },
	ARGS_FIELDS,
	ARG_END,
};

static void patch_draft(const struct run *run, struct patch *p)
{
	table_row_init(TABLE_patch, p);
	p->package = run_text(run, "package");
	p->hosts = run_text(run, "hosts");
	p->target = run_text(run, "target");
	p->title = run_text(run, "title");
	p->version = run_text(run, "version");
	p->source = run_text(run, "source");
	p->exploited = run_text(run, "exploited");
	p->reboot = run_text(run, "restart");
	p->owner = run_text(run, "owner");
	p->due_at = run_number(run, "due");
	p->significance = run_given(run, "significance") ? run_text(run, "significance") : "undecided";
}

static int patch_add(struct run *run, struct err *err)
{
	struct patch draft;
	struct tx tx;
	char id[UUID_SIZE], number[24];
	int rc;

	patch_draft(run, &draft);
	rc = run_moment(run, "published", &draft.published_at, err);
	if (rc == 0)
		rc = run_begin(run, &tx, err);
	if (rc != 0)
		return rc;
	patch_put(&tx, &draft, id, number);
	for (size_t i = 0; run_nth(run, "advisory", i) != NULL; i++)
		patch_put_advisory(&tx, id, run_nth(run, "advisory", i));
	rc = run_commit(run, &tx, err);
	if (rc == 0)
		SAY(run->out, N_("patch #{1} recorded: {2}"), number, draft.package);
	return rc;
}

static const struct arg args_edit[] = {
	ARG_PATCHES,
	{ "target", ARG_TEXT, ARG_ASK, N_("target version") },
	ARGS_FIELDS,
	ARG_END,
};

static void edit_one(struct run *run, struct tx *tx, const char *id)
{
	static const struct {
		const char *arg, *column;
	} texts[] = { { "target", "target" }, { "title", "title" }, { "version", "version" }, { "source", "source" },
		      { "exploited", "exploited" }, { "restart", "reboot" }, { "owner", "owner" } };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (run_given(run, texts[i].arg))
			tx_text(tx, TABLE_patch, id, texts[i].column, run_text(run, texts[i].arg));
	}
	if (run_given(run, "due"))
		tx_int(tx, TABLE_patch, id, COLUMN(patch, due_at), run_number(run, "due"));
}

/* Does write to each patch of the run in one transaction: all or nothing. */
static int each_patch(struct run *run, int (*write)(struct run *, struct tx *, const struct patch_item *, struct err *),
		      const char *said, struct err *err)
{
	struct strbuf numbers = { 0 };
	struct tx tx;
	int rc = run_begin(run, &tx, err);

	if (rc != 0)
		return rc;
	for (size_t i = 0; rc == 0 && run_nth(run, "patch", i) != NULL; i++) {
		struct patch_backlog b;
		rc = patch_named(run, run_nth(run, "patch", i), &b, err);
		if (rc != 0)
			break;
		rc = write(run, &tx, &b.v[0], err);
		strbuf_addf(&numbers, "%s#%s", i > 0 ? " " : "", b.v[0].row->number);
		patch_backlog_release(&b);
	}
	if (rc != 0)
		tx_rollback(&tx);
	else if ((rc = run_commit(run, &tx, err)) == 0)
		SAY(run->out, said, strbuf_text(&numbers));
	strbuf_release(&numbers);
	return rc;
}

static int write_edit(struct run *run, struct tx *tx, const struct patch_item *item, struct err *err)
{
	(void)err;
	edit_one(run, tx, item->row->id);
	return 0;
}

static int patch_edit(struct run *run, struct err *err)
{
	return each_patch(run, write_edit, N_("saved: {1}"), err);
}

static void prefill_edit(struct run *run)
{
	struct patch_backlog b;

	if (!run_one_patch(run, &b))
		return;
	const struct patch *p = b.v[0].row;
	run_prefill(run, "target", p->target);
	run_prefill(run, "title", p->title);
	run_prefill(run, "version", p->version);
	run_prefill(run, "source", p->source);
	run_prefill(run, "exploited", p->exploited);
	run_prefill(run, "restart", p->reboot);
	run_prefill(run, "owner", p->owner);
	patch_backlog_release(&b);
}

/* ---- judge ---- */

static const struct arg args_judge[] = {
	{ "significance", ARG_CHOICE, ARG_REQUIRED | ARG_POSITIONAL, N_("significance"), choices_significance },
	ARG_PATCHES,
	{ "reason", ARG_TEXT, ARG_REQUIRED, N_("reason") },
	ARG_END,
};

/* A judgement may close what is done, or open again what was closed: only 該当 obliges. */
static int write_judge(struct run *run, struct tx *tx, const struct patch_item *item, struct err *err)
{
	struct patch row = *item->row;
	struct patch_facts facts = item->facts;
	char id[UUID_SIZE] = "";

	(void)err;
	row.significance = run_text(run, "significance");
	facts.patch = &row;
	int64_t closed_at = !patch_closed(&facts) ? TIME_NONE : row.closed_at != TIME_NONE ? row.closed_at : run->now;
	tx_text(tx, TABLE_patch, row.id, COLUMN(patch, significance), row.significance);
	tx_int(tx, TABLE_patch, row.id, COLUMN(patch, closed_at), closed_at);
	tx_insert(tx, TABLE_patch_step, id);
	tx_text(tx, TABLE_patch_step, id, COLUMN(patch_step, patch), row.id);
	tx_text(tx, TABLE_patch_step, id, COLUMN(patch_step, stage), "judged");
	tx_text(tx, TABLE_patch_step, id, COLUMN(patch_step, who), run->actor);
	tx_text(tx, TABLE_patch_step, id, COLUMN(patch_step, body), row.significance);
	tx_text(tx, TABLE_patch_step, id, COLUMN(patch_step, reason), run_text(run, "reason"));
	tx_int(tx, TABLE_patch_step, id, COLUMN(patch_step, at), run->now);
	return 0;
}

static int patch_judge(struct run *run, struct err *err)
{
	return each_patch(run, write_judge, N_("judged: {1}"), err);
}

/* ---- hosts and advisories ---- */

static const struct arg args_host[] = {
	{ "patch", ARG_PATCH, ARG_REQUIRED | ARG_POSITIONAL, N_("patch") },
	{ "host", ARG_HOST, ARG_REQUIRED | ARG_POSITIONAL, N_("host") },
	{ "version", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, N_("version it shows") },
	{ "reboot-pending", ARG_CHOICE, ARG_REQUIRED, N_("reboot pending"), choices_yes_no },
	{ "at", ARG_TIME, ARG_ASK, N_("when it was looked at"), .initial = "now" },
	ARG_END,
};

static bool in_group(const struct patch_facts *f, const char *host)
{
	for (size_t i = 0; i < f->group_count; i++) {
		if (strcmp(f->group[i], host) == 0)
			return true;
	}
	return false;
}

static int patch_host_version(struct run *run, struct err *err)
{
	const char *host = run_text(run, "host");
	struct patch_backlog b;
	struct tx tx;
	int64_t at;
	int rc = run_moment(run, "at", &at, err);

	if (rc == 0)
		rc = patch_named(run, run_text(run, "patch"), &b, err);
	if (rc != 0)
		return rc;
	const struct patch_item *item = &b.v[0];
	if (!in_group(&item->facts, host))
		rc = ERR(err, HS_ERR_INVALID, N_("host '{1}' is not in the group '{2}' of {3}"), host, item->row->hosts,
			 item->row->number);
	if (rc == 0)
		rc = run_begin(run, &tx, err);
	if (rc == 0) {
		patch_put_host(&tx, item->row->id, host, run_text(run, "version"), run_text(run, "reboot-pending"), at);
		rc = run_commit(run, &tx, err);
	}
	if (rc == 0)
		SAY(run->out, N_("#{1}: {2} shows {3}"), item->row->number, host, run_text(run, "version"));
	patch_backlog_release(&b);
	return rc;
}

static const struct arg args_advisory[] = {
	{ "patch", ARG_PATCH, ARG_REQUIRED | ARG_POSITIONAL, N_("patch") },
	{ "advisory", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL | ARG_MANY, N_("advisory") },
	ARG_END,
};

static int patch_advisory(struct run *run, struct err *err)
{
	struct rows row;
	struct tx tx;
	int rc = record_find(run, TABLE_patch, run_text(run, "patch"), &row, err);

	if (rc != 0)
		return rc;
	rc = run_begin(run, &tx, err);
	if (rc == 0) {
		for (size_t i = 0; run_nth(run, "advisory", i) != NULL; i++)
			patch_put_advisory(&tx, ROWS(patch, &row)->id, run_nth(run, "advisory", i));
		rc = run_commit(run, &tx, err);
	}
	if (rc == 0)
		SAY(run->out, N_("saved: {1}"), ROWS(patch, &row)->number);
	rows_release(&row);
	return rc;
}

/* ---- list, show ---- */

static const struct table_column list_columns[] = {
	{ "number", N_("number"), CELL_TEXT, -1 },
	{ "hosts", N_("hosts"), CELL_TEXT, -1 },
	{ "package", N_("package"), CELL_TEXT, -1 },
	{ "target", N_("target version"), CELL_TEXT, -1 },
	{ "significance", N_("significance"), CELL_TEXT, -1 },
	{ "exploited", N_("exploited"), CELL_TEXT, -1 },
	{ "stage", N_("stage"), CELL_TEXT, -1 },
	{ "progress", N_("steps"), CELL_TEXT, -1 },
	{ "shown", N_("hosts shown"), CELL_TEXT, -1 },
	{ "advisories", N_("advisories"), CELL_INT, 1 },
	{ "next", N_("next action"), CELL_TEXT, -1 },
	{ "due_at", N_("due"), CELL_TIME, -1 },
	{ "owner", N_("owner"), CELL_TEXT, -1 },
};

static const char *choice_shown(const struct run *run, const struct choice *choices, const char *id)
{
	for (; choices->id != NULL; choices++) {
		if (strcmp(choices->id, id) == 0)
			return shown(run, id, tr(choices->label));
	}
	return id;
}

static void table_patch(struct run *run, struct table *t, const struct patch_item *item)
{
	const struct patch *p = item->row;
	struct strbuf next = { 0 };
	char marks[PATCH_MAIN_STAGES + 1];
	size_t ok = 0;

	for (size_t i = 0; i < item->facts.group_count; i++)
		ok += patch_host_state(&item->facts, item->facts.group[i]) == PATCH_HOST_SHOWN;
	patch_progress(&item->facts, marks);
	msg_format(&item->next.action, tr, &next);
	table_text(t, p->number);
	table_text(t, p->hosts);
	table_text(t, p->package);
	table_text(t, p->target);
	table_text(t, choice_shown(run, choices_significance, p->significance));
	table_text(t, choice_shown(run, choices_exploited, p->exploited));
	table_text(t, shown(run, p->stage, patch_stage_word(p->stage)));
	table_text(t, marks);
	table_text(t, run_format(run, "%zu/%zu", ok, item->facts.group_count));
	table_number(t, (int64_t)item->advisory_count);
	table_text(t, strbuf_text(&next));
	table_number(t, item->next.due);
	table_text(t, p->owner);
	strbuf_release(&next);
}

static const struct choice choices_scope[] = {
	{ "open", N_("open") }, { "closed", N_("closed") }, { "all", N_("all") }, { 0 },
};
static const struct arg args_list[] = {
	{ "scope", ARG_CHOICE, 0, N_("which ones"), choices_scope },
	{ "hosts", ARG_GROUP, 0, N_("group of hosts") },
	ARG_END,
};

static int patch_list(struct run *run, struct err *err)
{
	const char *scope = run_text(run, "scope"), *hosts = run_text(run, "hosts");
	enum patch_scope s = strcmp(scope, "closed") == 0 ? PATCHES_CLOSED : strcmp(scope, "all") == 0 ? PATCHES_ALL :
												       PATCHES_OPEN;
	struct patch_backlog b;
	struct table t;
	int rc = patches_load(run->store, run->contract, s, run->now, &b, err);

	if (rc != 0)
		return rc;
	table_init(&t, "patches", list_columns, sizeof list_columns / sizeof *list_columns);
	for (size_t i = 0; i < b.len; i++) {
		if (*hosts == '\0' || strcmp(b.v[i].row->hosts, hosts) == 0)
			table_patch(run, &t, &b.v[i]);
	}
	output_table(run->out, &t);
	if (b.more)
		SAY(run->out, N_("only the first {1} are shown"), MSG_INT(PATCHES_MAX));
	patch_backlog_release(&b);
	return 0;
}

static const struct table_column step_columns[] = {
	{ "at", N_("when"), CELL_TIME, -1 },       { "stage", N_("stage"), CELL_TEXT, -1 },
	{ "who", N_("who"), CELL_TEXT, -1 },       { "text", N_("text"), CELL_TEXT, -1 },
	{ "reason", N_("reason"), CELL_TEXT, -1 },
};
static const struct table_column host_columns[] = {
	{ "host", N_("host"), CELL_TEXT, -1 },   { "version", N_("version"), CELL_TEXT, -1 },
	{ "state", N_("state"), CELL_TEXT, -1 }, { "looked_at", N_("looked at"), CELL_TIME, -1 },
};
static const char *const host_state_ids[] = { "unknown", "old", "reboot-pending", "stale", "shown" };

static const struct patch_host *look_of(const struct patch_facts *f, const char *host)
{
	for (size_t i = 0; i < f->host_count; i++) {
		if (strcmp(f->hosts[i].host, host) == 0)
			return &f->hosts[i];
	}
	return NULL;
}

static void table_hosts(struct run *run, const struct patch_item *item)
{
	struct table t;

	table_init(&t, "hosts", host_columns, sizeof host_columns / sizeof *host_columns);
	for (size_t i = 0; i < item->facts.group_count; i++) {
		const char *host = item->facts.group[i];
		const struct patch_host *h = look_of(&item->facts, host);
		table_text(&t, host);
		table_text(&t, h != NULL ? h->version : "");
		table_text(&t, host_state_ids[patch_host_state(&item->facts, host)]);
		table_number(&t, h != NULL ? h->verified_at : TIME_NONE);
	}
	output_table(run->out, &t);
}

static const struct arg args_show[] = {
	{ "patch", ARG_PATCH, ARG_REQUIRED | ARG_POSITIONAL, N_("patch") },
	ARG_END,
};

static int patch_show(struct run *run, struct err *err)
{
	struct patch_backlog b;
	struct table t;
	int rc = patch_named(run, run_text(run, "patch"), &b, err);

	if (rc != 0)
		return rc;
	const struct patch_item *item = &b.v[0];
	table_init(&t, "patch", list_columns, sizeof list_columns / sizeof *list_columns);
	table_patch(run, &t, item);
	output_table(run->out, &t);
	/* A CSV file is one table. */
	if (run->out->format != OUTPUT_CSV) {
		table_hosts(run, item);
		table_init(&t, "steps", step_columns, sizeof step_columns / sizeof *step_columns);
		for (size_t i = 0; i < item->facts.step_count; i++) {
			const struct patch_step *s = &item->facts.steps[i];
			table_number(&t, s->at);
			table_text(&t, shown(run, s->stage, patch_stage_word(s->stage)));
			table_text(&t, s->who);
			table_text(&t, s->body);
			table_text(&t, s->reason);
		}
		output_table(run->out, &t);
	}
	patch_backlog_release(&b);
	return 0;
}

const struct command cmd_patch_add = { "patch add", N_("record a published fix"), args_add, CMD_WRITES, TOPIC_PATCHES,
				       patch_add };
const struct command cmd_patch_edit = { "patch edit", N_("change what is recorded of patches"), args_edit, CMD_WRITES,
					TOPIC_PATCHES, patch_edit, prefill_edit };
const struct command cmd_patch_judge = { "patch judge", N_("judge whether patches are significant"), args_judge,
					 CMD_WRITES, TOPIC_PATCHES, patch_judge };
const struct command cmd_patch_host_version = { "patch host-version", N_("record the version that a host shows"),
						args_host, CMD_WRITES, TOPIC_PATCHES, patch_host_version };
const struct command cmd_patch_advisory = { "patch advisory", N_("add advisories to a patch"), args_advisory, CMD_WRITES,
					    TOPIC_PATCHES, patch_advisory };
const struct command cmd_patch_list = { "patch list", N_("list the patch backlog"), args_list, 0, 0, patch_list };
const struct command cmd_patch_show = { "patch show", N_("show a patch with its hosts and steps"), args_show, 0, 0,
					patch_show };
