/* The staff register (S2.1): who works in which role, how long, and whether the rule is kept on every day. */
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/obligation.h"
#include "tui/command/client.h"
#include "tui/widget/tr.h"

static const struct choice choices_role[] = {
	{ "pm", N_("project manager") }, { "engineer", N_("engineer") }, { "sales", N_("sales") }, { 0 },
};
static const struct choice choices_dedicated[] = { { "yes", N_("dedicated") }, { "no", N_("not dedicated") }, { 0 } };

static const struct arg args_add[] = {
	{ "name", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, N_("name") },
	{ "role", ARG_CHOICE, ARG_REQUIRED, N_("role"), choices_role },
	{ "short", ARG_TEXT, ARG_ASK, N_("short name") },
	{ "dedicated", ARG_CHOICE, ARG_ASK, N_("dedicated"), choices_dedicated },
	{ "from", ARG_DAY, ARG_ASK, N_("first day"), .initial = "now" },
	{ "to", ARG_DAY, ARG_ASK, N_("last day") },
	{ "scope", ARG_TEXT, ARG_ASK, N_("scope of work") },
	{ "authority", ARG_TEXT, ARG_ASK, N_("authority") },
	{ "duty", ARG_TEXT, ARG_ASK, N_("responsibility") },
	{ "phone", ARG_TEXT, ARG_ASK, N_("phone") },
	{ "mail", ARG_TEXT, ARG_ASK, N_("mail") },
	ARG_END,
};

/* What S2.1 says of the crew from today on, said after every change. */
static void say_breaches(struct run *run)
{
	struct staff_breaches found = { 0 };
	int32_t today = day_of_time(run->now, run->contract->offset_s);
	int32_t end = run->contract->to_day > today ? run->contract->to_day : today;
	struct rows rows;

	if (staff_load(run->store, &rows, NULL) != 0)
		return;
	staff_review(run->contract, rows.v, rows.len, today, end, &found);
	for (size_t i = 0; i < found.list.len; i++) {
		struct strbuf what = { 0 }, from = { 0 };
		msg_format(&found.list.v[i].what, tr, &what);
		time_format(day_start(found.list.v[i].from_day, 0), 0, TIME_DAY, &from);
		SAY(run->out, N_("S2.1, from {1}: {2}"), strbuf_text(&from), strbuf_text(&what));
		strbuf_release(&what);
		strbuf_release(&from);
	}
	staff_breaches_release(&found);
	rows_release(&rows);
}

static int staff_add(struct run *run, struct err *err)
{
	struct staff draft;
	char id[UUID_SIZE];
	struct tx tx;

	table_row_init(TABLE_staff, &draft);
	draft.name = run_text(run, "name");
	draft.short_name = run_given(run, "short") ? run_text(run, "short") : draft.name;
	draft.role = run_text(run, "role");
	draft.dedicated = run_text(run, "dedicated");
	draft.scope = run_text(run, "scope");
	draft.authority = run_text(run, "authority");
	draft.duty = run_text(run, "duty");
	draft.phone = run_text(run, "phone");
	draft.mail = run_text(run, "mail");
	draft.from_day = run_given(run, "from") ? run_number(run, "from") : day_of_time(run->now, run->contract->offset_s);
	draft.to_day = run_number(run, "to");
	if (draft.to_day != TIME_NONE && draft.to_day < draft.from_day)
		return ERR(err, HS_ERR_INVALID, N_("the last day lies before the first"));
	if (strcmp(draft.role, "engineer") == 0 && *draft.dedicated == '\0')
		return ERR(err, HS_ERR_INVALID, N_("say whether the engineer is dedicated (S2.1)"));
	int rc = run_begin(run, &tx, err);
	if (rc != 0)
		return rc;
	staff_put(&tx, &draft, id);
	rc = run_commit(run, &tx, err);
	if (rc == 0) {
		SAY(run->out, N_("{1} added to the staff"), draft.name);
		say_breaches(run);
	}
	return rc;
}

static const struct arg args_end[] = {
	{ "person", ARG_STAFF, ARG_REQUIRED | ARG_POSITIONAL, N_("person") },
	{ "on", ARG_DAY, ARG_REQUIRED, N_("last day") },
	ARG_END,
};

static int staff_end(struct run *run, struct err *err)
{
	int64_t day = run_number(run, "on");
	struct rows row;
	struct tx tx;
	int rc = staff_find(run->store, run_text(run, "person"), &row, err);

	if (rc != 0)
		return rc;
	const struct staff *s = ROWS(staff, &row);
	if (s->from_day != TIME_NONE && day < s->from_day)
		rc = ERR(err, HS_ERR_INVALID, N_("the last day lies before the first"));
	if (rc == 0)
		rc = run_begin(run, &tx, err);
	if (rc == 0) {
		tx_int(&tx, TABLE_staff, s->id, COLUMN(staff, to_day), day);
		rc = run_commit(run, &tx, err);
	}
	if (rc == 0) {
		SAY(run->out, N_("the last day of {1} is saved"), s->name);
		say_breaches(run);
	}
	rows_release(&row);
	return rc;
}

static const struct table_column staff_columns[] = {
	{ "name", N_("name"), CELL_TEXT, -1 },          { "short_name", N_("short name"), CELL_TEXT, -1 },
	{ "role", N_("role"), CELL_TEXT, -1 },          { "dedicated", N_("dedicated"), CELL_TEXT, -1 },
	{ "from_day", N_("first day"), CELL_DAY, -1 },  { "to_day", N_("last day"), CELL_DAY, -1 },
	{ "scope", N_("scope of work"), CELL_TEXT, -1 }, { "authority", N_("authority"), CELL_TEXT, -1 },
	{ "duty", N_("responsibility"), CELL_TEXT, -1 },
};

static const char *choice_word(const struct run *run, const struct choice *choices, const char *id)
{
	for (; choices->id != NULL; choices++) {
		if (strcmp(choices->id, id) == 0)
			return shown(run, id, tr(choices->label));
	}
	return id;
}

static int staff_list(struct run *run, struct err *err)
{
	struct rows rows;
	struct table t;
	int rc = staff_load(run->store, &rows, err);

	if (rc != 0)
		return rc;
	table_init(&t, "staff", staff_columns, sizeof staff_columns / sizeof *staff_columns);
	for (size_t i = 0; i < rows.len; i++) {
		const struct staff *s = &ROWS(staff, &rows)[i];
		table_text(&t, s->name);
		table_text(&t, s->short_name);
		table_text(&t, choice_word(run, choices_role, s->role));
		table_text(&t, choice_word(run, choices_dedicated, s->dedicated));
		table_number(&t, s->from_day);
		table_number(&t, s->to_day);
		table_text(&t, s->scope);
		table_text(&t, s->authority);
		table_text(&t, s->duty);
	}
	output_table(run->out, &t);
	rows_release(&rows);
	say_breaches(run);
	return 0;
}

const struct command cmd_staff_add = { "staff add", N_("enter a person of the staff"), args_add, CMD_WRITES, TOPIC_OTHER,
				       staff_add };
const struct command cmd_staff_end = { "staff end", N_("set the last day of a person"), args_end, CMD_WRITES, TOPIC_OTHER,
				       staff_end };
const struct command cmd_staff_list = { "staff list", N_("list the staff, and what S2.1 lacks"), NULL, 0, 0, staff_list };
