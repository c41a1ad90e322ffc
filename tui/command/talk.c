/* Verbs of talks with the client (domain-rules §6): record, cancel, list; and the readings that are still to be discussed (S4.4). */
#include <string.h>

#include "core/base/strbuf.h"
#include "core/ticket/talk.h"
#include "data/store/talk.h"
#include "tui/command/ticket.h"
#include "tui/widget/tr.h"

static const struct arg args_record[] = {
	{ "about", ARG_CHOICE, ARG_REQUIRED | ARG_POSITIONAL, N_("matter"), choices_about },
	{ "ticket", ARG_TICKET, ARG_ASK, N_("ticket") },
	{ "patch", ARG_PATCH, 0, N_("patch") },
	{ "stop", ARG_STOP, 0, N_("stop") },
	{ "campaign", ARG_CAMPAIGN, 0, N_("inventory check") },
	{ "reading", ARG_TEXT, 0, N_("reading of the contract") },
	{ "result", ARG_CHOICE, ARG_REQUIRED, N_("result"), choices_result },
	{ "person", ARG_TEXT, ARG_ASK, N_("with whom (needed when agreed)") },
	{ "act", ARG_CHOICE, ARG_ASK, N_("kind of talk"), choices_act },
	{ "body", ARG_CHOICE, ARG_ASK, N_("for whom"), choices_body },
	{ "means", ARG_CHOICE, ARG_ASK, N_("by which means"), choices_means, "phone" },
	{ "at", ARG_TIME, ARG_ASK, N_("time of the talk"), .initial = "now" },
	{ "said", ARG_LONG_TEXT, ARG_ASK, N_("what was said") },
	{ "conditions", ARG_TEXT, ARG_ASK, N_("conditions") },
	{ "valid-until", ARG_TIME, 0, N_("valid until") },
	ARG_END,
};

/* The id of the record it is about; "" when none is named. */
static int subject_of(struct run *run, const char **out, struct err *err)
{
	static const struct {
		const char *name;
		enum table_id table;
	} kinds[] = { { "ticket", TABLE_ticket }, { "patch", TABLE_patch }, { "stop", TABLE_stop }, { "campaign", TABLE_campaign } };
	struct rows rows;

	*out = run_text(run, "reading");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!run_given(run, kinds[i].name))
			continue;
		if (**out != '\0')
			return ERR(err, HS_ERR_USAGE, N_("a talk is about one record; --{1} is one too many"), kinds[i].name);
		int rc = record_find(run, kinds[i].table, run_text(run, kinds[i].name), &rows, err);
		if (rc != 0)
			return rc;
		*out = arena_text(&run->mem, *(const char *const *)rows.v);
		rows_release(&rows);
	}
	return 0;
}

static int draft_talk(struct run *run, struct talk *t, struct err *err)
{
	struct talk_rule rule;
	int about = word_find(about_words, run_text(run, "about"));

	table_row_init(TABLE_talk, t);
	talk_rule(run->contract, (enum talk_about)about, &rule);
	t->about = run_text(run, "about");
	t->act = run_given(run, "act") ? run_text(run, "act") : act_words[rule.act].id;
	t->body = run_given(run, "body") ? run_text(run, "body") : rule.body;
	t->means = run_given(run, "means") ? run_text(run, "means") : "phone";
	t->result = run_text(run, "result");
	t->person = run_text(run, "person");
	t->who = run->actor;
	t->said = run_text(run, "said");
	t->conditions = run_text(run, "conditions");
	t->at = run_given(run, "at") ? run_number(run, "at") : run->now;
	t->valid_until = run_number(run, "valid-until");
	int rc = subject_of(run, &t->subject, err);
	return rc != 0 ? rc : talk_check(t, run->now, err);
}

static int put_talk(struct run *run, const struct talk *t, struct err *err)
{
	struct tx tx;
	char id[UUID_SIZE], number[24];
	int rc = run_begin(run, &tx, err);

	if (rc != 0)
		return rc;
	talk_put(&tx, t, id, number);
	rc = run_commit(run, &tx, err);
	if (rc == 0)
		SAY(run->out, N_("talk #{1} recorded: {2}, {3}"), number, tr(word_label(act_words, t->act)),
		    tr(word_label(result_words, t->result)));
	return rc;
}

static int exec_record(struct run *run, struct err *err)
{
	struct talk t;
	int rc = draft_talk(run, &t, err);

	return rc != 0 ? rc : put_talk(run, &t, err);
}

static void prefill_record(struct run *run)
{
	struct talk_rule rule;
	int about = word_find(about_words, run_text(run, "about"));

	if (about < 0)
		return;
	talk_rule(run->contract, (enum talk_about)about, &rule);
	run_prefill(run, "act", act_words[rule.act].id);
	run_prefill(run, "body", rule.body);
}

const struct command cmd_talk_record = {
	.name = "talk record", .summary = N_("record a talk with the client"), .args = args_record,
	.flags = CMD_WRITES, .topics = TOPIC_ALL & ~TOPIC_CONTRACT, .exec = exec_record, .prefill = prefill_record,
};

/* ---- talk cancel ---- */

static const struct arg args_cancel[] = {
	{ "talk", ARG_TALK, ARG_REQUIRED | ARG_POSITIONAL, N_("talk") },
	{ "reason", ARG_TEXT, ARG_REQUIRED, N_("reason") },
	ARG_END,
};

static int may_cancel(struct run *run, const struct talk *t, struct err *err)
{
	struct rows about;
	char rests[24];
	int rc = talks_load(run->store, t->subject[0] != '\0' ? t->subject : NULL, 0, &about, err);

	if (rc != 0)
		return rc;
	bool cancelled = talk_cancelled(&about, t->id);
	rows_release(&about);
	rc = talk_rests(run->store, t, run->now, rests, err);
	return rc != 0 ? rc : talk_may_cancel(t, cancelled, rests, err);
}

static int exec_cancel(struct run *run, struct err *err)
{
	struct rows rows;
	struct tx tx;
	char number[24];
	int rc = record_find(run, TABLE_talk, run_text(run, "talk"), &rows, err);

	if (rc != 0)
		return rc;
	const struct talk *t = ROWS(talk, &rows);
	rc = may_cancel(run, t, err);
	if (rc == 0)
		rc = run_begin(run, &tx, err);
	if (rc == 0) {
		talk_put_cancel(&tx, t, run_text(run, "reason"), number);
		rc = run_commit(run, &tx, err);
	}
	if (rc == 0)
		SAY(run->out, N_("talk #{1} cancelled by #{2}"), t->number, number);
	rows_release(&rows);
	return rc;
}

const struct command cmd_talk_cancel = {
	.name = "talk cancel", .summary = N_("cancel a talk, when nothing rests on it"), .args = args_cancel,
	.flags = CMD_WRITES, .topics = TOPIC_ALL & ~TOPIC_CONTRACT, .exec = exec_cancel,
};

/* ---- talk list ---- */

static const struct arg args_list[] = {
	{ "ticket", ARG_TICKET, 0, N_("only about this ticket") },
	{ "patch", ARG_PATCH, 0, N_("only about this patch") },
	{ "stop", ARG_STOP, 0, N_("only about this stop") },
	{ "campaign", ARG_CAMPAIGN, 0, N_("only about this inventory check") },
	{ "reading", ARG_TEXT, 0, N_("only about this reading of the contract") },
	{ "about", ARG_CHOICE, 0, N_("only about such things"), choices_about },
	{ "limit", ARG_NUMBER, 0, N_("at most so many, the newest") },
	ARG_END,
};

static const struct table_column columns[] = {
	{ "number", N_("number"), CELL_TEXT, -1 },      { "at", N_("when"), CELL_TIME, -1 },
	{ "act", N_("kind of talk"), CELL_TEXT, -1 },   { "about", N_("matter"), CELL_TEXT, -1 },
	{ "result", N_("result"), CELL_TEXT, -1 },      { "body", N_("for whom"), CELL_TEXT, -1 },
	{ "person", N_("with whom"), CELL_TEXT, -1 },   { "who", N_("recorded by"), CELL_TEXT, -1 },
	{ "means", N_("means"), CELL_TEXT, -1 },        { "said", N_("what was said"), CELL_TEXT, -1 },
	{ "conditions", N_("conditions"), CELL_TEXT, -1 }, { "new_due", N_("until when"), CELL_TIME, -1 },
	{ "valid_until", N_("valid until"), CELL_TIME, -1 }, { "cancels", N_("cancels"), CELL_TEXT, -1 },
	{ "cancelled", N_("withdrawn"), CELL_TEXT, -1 },
};

static const char *number_of(const struct rows *talks, const char *id)
{
	for (size_t i = 0; id[0] != '\0' && i < talks->len; i++)
		if (strcmp(ROWS(talk, talks)[i].id, id) == 0)
			return ROWS(talk, talks)[i].number;
	return id;
}

static void add_talk(const struct run *run, struct table *table, const struct rows *talks, const struct talk *t)
{
	bool people = run->out->format == OUTPUT_TEXT;
	const struct {
		const struct word *words;
		const char *id;
	} words[] = { { act_words, t->act }, { about_words, t->about }, { result_words, t->result }, { body_words, t->body } };

	table_text(table, t->number);
	table_number(table, t->at);
	for (size_t i = 0; i < 4; i++)
		table_text(table, people ? tr(word_label(words[i].words, words[i].id)) : words[i].id);
	table_text(table, t->person);
	table_text(table, t->who);
	table_text(table, people ? tr(word_label(means_words, t->means)) : t->means);
	table_text(table, t->said);
	table_text(table, t->conditions);
	table_number(table, t->new_due);
	table_number(table, t->valid_until);
	table_text(table, number_of(talks, t->cancels));
	table_text(table, talk_cancelled(talks, t->id) ? (people ? tr(N_("withdrawn")) : "yes") : "");
}

static int exec_list(struct run *run, struct err *err)
{
	struct rows talks;
	struct table table;
	const char *subject, *about = run_text(run, "about");
	int64_t limit = run_given(run, "limit") ? run_number(run, "limit") : 0;
	int rc = subject_of(run, &subject, err);

	if (rc == 0 && limit < 0)
		rc = ERR(err, HS_ERR_INVALID, N_("--limit is a count"));
	if (rc == 0)
		rc = talks_load(run->store, *subject != '\0' ? subject : NULL, (size_t)limit, &talks, err);
	if (rc != 0)
		return rc;
	table_init(&table, "talks", columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < talks.len; i++)
		if (*about == '\0' || strcmp(ROWS(talk, &talks)[i].about, about) == 0)
			add_talk(run, &table, &talks, &ROWS(talk, &talks)[i]);
	output_table(run->out, &table);
	rows_release(&talks);
	return 0;
}

const struct command cmd_talk_list = {
	.name = "talk list", .summary = N_("talks with the client"), .args = args_list, .exec = exec_list,
};

/* ---- consult list: what the contract leaves open ---- */

static const struct table_column consult_columns[] = {
	{ "reading", N_("reading of the contract"), CELL_TEXT, -1 },
	{ "clause", N_("clause"), CELL_TEXT, -1 },
	{ "value", N_("taken as"), CELL_TEXT, -1 },
	{ "text", N_("text"), CELL_TEXT, -1 },
	{ "state", N_("state"), CELL_TEXT, -1 },
	{ "talk", N_("talk"), CELL_TEXT, -1 },
	{ "at", N_("when"), CELL_TIME, -1 },
};

static int add_reading(struct run *run, struct table *table, const struct reading *r, struct err *err)
{
	struct rows talks;
	int rc = talks_load(run->store, r->id, 0, &talks, err);
	const struct talk *last = NULL;
	bool decided = false;

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < talks.len; i++) {
		const struct talk *t = &ROWS(talk, &talks)[i];
		if (t->cancels[0] != '\0' || talk_cancelled(&talks, t->id))
			continue;
		last = t;
		decided = talk_settles(t, false);
	}
	table_text(table, r->id);
	table_text(table, r->clause);
	table_text(table, r->value);
	table_text(table, tr_label(&r->text));
	table_text(table, run->out->format != OUTPUT_TEXT ? (decided ? "decided" : "open")
			  : decided ? tr(N_("decided")) : tr(N_("to be discussed")));
	table_text(table, last != NULL ? last->number : "");
	table_number(table, last != NULL ? last->at : TIME_NONE);
	rows_release(&talks);
	return 0;
}

static int exec_consult(struct run *run, struct err *err)
{
	struct table table;
	int rc = 0;

	table_init(&table, "readings", consult_columns, sizeof consult_columns / sizeof *consult_columns);
	for (size_t i = 0; rc == 0 && i < run->contract->reading_count; i++)
		rc = add_reading(run, &table, &run->contract->readings[i], err);
	if (rc == 0)
		output_table(run->out, &table);
	else
		table_release(&table);
	return rc;
}

const struct command cmd_consult_list = {
	.name = "consult list", .summary = N_("what the contract leaves open, and what was decided (S4.4)"), .exec = exec_consult,
};

static const struct arg args_consult[] = {
	{ "reading", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, N_("reading of the contract") },
	{ "result", ARG_CHOICE, ARG_REQUIRED, N_("result"), choices_result },
	{ "person", ARG_TEXT, ARG_ASK, N_("with whom (needed when agreed)") },
	{ "said", ARG_LONG_TEXT, ARG_ASK, N_("what was said") },
	{ "means", ARG_CHOICE, ARG_ASK, N_("by which means"), choices_means, "meeting" },
	{ "at", ARG_TIME, ARG_ASK, N_("time of the talk"), .initial = "now" },
	ARG_END,
};

static int exec_consult_record(struct run *run, struct err *err)
{
	struct talk_rule rule;
	struct talk t;
	const char *id = run_text(run, "reading");
	bool known = false;

	for (size_t i = 0; i < run->contract->reading_count; i++)
		known |= strcmp(run->contract->readings[i].id, id) == 0;
	if (!known)
		return ERR(err, HS_ERR_NOT_FOUND, N_("the contract has no open reading '{1}'; 'consult list' shows them"), id);
	table_row_init(TABLE_talk, &t);
	talk_rule(run->contract, ABOUT_READING, &rule);
	t.about = about_words[ABOUT_READING].id;
	t.act = act_words[rule.act].id;
	t.body = rule.body;
	t.subject = id;
	t.result = run_text(run, "result");
	t.person = run_text(run, "person");
	t.said = run_text(run, "said");
	t.means = run_given(run, "means") ? run_text(run, "means") : "meeting";
	t.who = run->actor;
	t.at = run_given(run, "at") ? run_number(run, "at") : run->now;
	int rc = talk_check(&t, run->now, err);
	return rc != 0 ? rc : put_talk(run, &t, err);
}

const struct command cmd_consult_record = {
	.name = "consult record", .summary = N_("record what was said about an open reading"), .args = args_consult,
	.flags = CMD_WRITES, .topics = TOPIC_OTHER, .exec = exec_consult_record,
};
