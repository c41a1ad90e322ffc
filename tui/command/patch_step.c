/* The steps of patches (domain-rules §8): one verb a kind of step, all through core/patch's rules, many patches at once or none. */
#include <string.h>

#include "core/base/strbuf.h"
#include "data/store/talk.h"
#include "tui/command/patch.h"
#include "tui/widget/tr.h"

static const struct choice choices_stage[] = {
	{ "published", N_("published") }, { "assessed", N_("effects checked") }, { "reported", N_("reported") },
	{ "proposed", N_("proposed") }, { "discussed", N_("discussed") }, { "agreed", N_("agreed") },
	{ "planned", N_("planned") }, { "done", N_("work done") }, { "verified", N_("confirmed") }, { 0 },
};
static const struct choice choices_action[] = {
	{ "applied", N_("applied") }, { "workaround", N_("workaround") }, { 0 },
};
static const struct choice choices_answer[] = {
	{ "agreed", N_("agreed") }, { "pending", N_("in discussion") }, { "absent", N_("nobody there") },
	{ "refused", N_("refused") }, { 0 },
};

/* What a verb asks of each patch: a stage, and the act of the talk that goes with it. */
struct step_plan {
	enum patch_stage stage;
	const char *act;
	int64_t at;
	const struct stop *stop;
	struct strbuf *said; /* numbers, for the sentence after the commit */
};

static const char *text_if(const struct run *run, const char *name)
{
	return command_arg(run->command, name) != NULL ? run_text(run, name) : "";
}

static struct patch_request request_of(const struct run *run, const struct step_plan *plan)
{
	bool review = command_arg(run->command, "review") != NULL;

	return (struct patch_request){
		.stage = plan->stage, .at = plan->at, .now = run->now,
		.body = *text_if(run, "text") != '\0' ? text_if(run, "text") : text_if(run, "said"),
		.reason = text_if(run, "reason"), .action = text_if(run, "action"), .stop = plan->stop,
		.review_day = review ? run_number(run, "review") : TIME_NONE, .offset_s = run->contract->offset_s,
		.emergency = command_arg(run->command, "emergency") != NULL && run_given(run, "emergency"),
	};
}

/* A talk is recorded only where somebody on the client's side is named. */
static bool talks(const struct run *run, const struct step_plan *plan)
{
	return plan->act != NULL && *text_if(run, "person") != '\0';
}

static int step_item(struct run *run, struct tx *tx, const struct step_plan *plan, const struct patch_item *item,
		     struct err *err)
{
	struct patch_request r = request_of(run, plan);
	struct patch_outcome outcome;
	char id[UUID_SIZE], number[24];
	struct talk talk;
	int rc;

	if (talks(run, plan)) {
		rc = client_talk(run, "patch", item->row->id, plan->act, "agreed", plan->at, &talk, err);
		if (rc != 0)
			return rc;
		talk_put(tx, &talk, id, number);
		talk.id = id;
		talk.number = number;
		if (strcmp(plan->act, "agreement") == 0)
			r.talk = &talk;
	}
	rc = patch_step_check(&item->facts, &r, &outcome, err);
	if (rc != 0)
		return rc;
	patch_put_step(tx, item->row, &r, &outcome);
	strbuf_addf(plan->said, "%s#%s", plan->said->len > 0 ? " " : "", item->row->number);
	return 0;
}

static int step_all(struct run *run, struct tx *tx, const struct step_plan *plan, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && run_nth(run, "patch", i) != NULL; i++) {
		struct patch_backlog b;
		rc = patch_named(run, run_nth(run, "patch", i), &b, err);
		if (rc != 0)
			break;
		rc = step_item(run, tx, plan, &b.v[0], err);
		patch_backlog_release(&b);
	}
	return rc;
}

static int run_step(struct run *run, enum patch_stage stage, const char *act, struct err *err)
{
	struct strbuf said = { 0 };
	struct rows stop = { 0 };
	struct step_plan plan = { .stage = stage, .act = act, .said = &said };
	struct tx tx;
	int rc = run_moment(run, "at", &plan.at, err);

	if (rc == 0 && *text_if(run, "stop") != '\0' &&
	    (rc = record_find(run, TABLE_stop, run_text(run, "stop"), &stop, err)) == 0)
		plan.stop = ROWS(stop, &stop);
	if (rc == 0 && (rc = run_begin(run, &tx, err)) == 0) {
		rc = step_all(run, &tx, &plan, err);
		if (rc != 0)
			tx_rollback(&tx);
		else
			rc = run_commit(run, &tx, err);
	}
	if (rc == 0)
		SAY(run->out, N_("{1}: {2}"), strbuf_text(&said), patch_stage_word(patch_stage_info(stage)->id));
	rows_release(&stop);
	strbuf_release(&said);
	return rc;
}

/* ---- patch step ---- */

static const struct arg args_step[] = {
	{ "stage", ARG_CHOICE, ARG_REQUIRED | ARG_POSITIONAL, N_("stage"), choices_stage },
	ARG_PATCHES,
	ARGS_CLIENT(ARG_ASK),
	{ "text", ARG_LONG_TEXT, ARG_ASK, N_("what was done") },
	{ "action", ARG_CHOICE, ARG_ASK, N_("applied or workaround"), choices_action },
	{ "stop", ARG_STOP, ARG_ASK, N_("planned stop") },
	{ "reason", ARG_TEXT, ARG_ASK, N_("reason to go back or jump") },
	{ "emergency", ARG_FLAG, 0, N_("emergency: jump ahead, what is skipped stays owed") },
	ARG_END,
};

static int patch_step(struct run *run, struct err *err)
{
	static const char *const acts[PATCH_MAIN_STAGES] = {
		[PATCH_REPORTED] = "report", [PATCH_DISCUSSED] = "discussion", [PATCH_AGREED] = "agreement",
	};
	enum patch_stage stage = patch_stage_find(run_text(run, "stage"));

	return run_step(run, stage, acts[stage], err);
}

/* The stage that comes next for the one patch, or the first one that is owed. */
static void prefill_step(struct run *run)
{
	struct patch_backlog b;

	if (!run_one_patch(run, &b))
		return;
	unsigned recorded = patch_recorded(&b.v[0].facts);
	unsigned missing = ~recorded & ((1u << PATCH_MAIN_STAGES) - 1);
	if (missing != 0)
		run_prefill(run, "stage", patch_stage_info((enum patch_stage)__builtin_ctz(missing))->id);
	patch_backlog_release(&b);
}

/* ---- patch agree ---- */

static const struct arg args_agree[] = {
	ARG_PATCHES,
	ARGS_CLIENT(ARG_REQUIRED),
	{ "result", ARG_CHOICE, ARG_ASK, N_("result"), choices_answer, "agreed" },
	ARG_END,
};

/* Asked, but not agreed: the talk is kept, the stage stays, the agreement is still owed. */
static int record_answer(struct run *run, const char *result, struct err *err)
{
	struct tx tx;
	int64_t at;
	int rc = run_moment(run, "at", &at, err);

	if (rc == 0)
		rc = run_begin(run, &tx, err);
	if (rc != 0)
		return rc;
	for (size_t i = 0; rc == 0 && run_nth(run, "patch", i) != NULL; i++) {
		char id[UUID_SIZE], number[24];
		struct rows row;
		struct talk talk;
		rc = record_find(run, TABLE_patch, run_nth(run, "patch", i), &row, err);
		if (rc != 0)
			break;
		rc = client_talk(run, "patch", ROWS(patch, &row)->id, "agreement", result, at, &talk, err);
		if (rc == 0)
			talk_put(&tx, &talk, id, number);
		rows_release(&row);
	}
	if (rc != 0)
		tx_rollback(&tx);
	else if ((rc = run_commit(run, &tx, err)) == 0)
		SAY(run->out, N_("recorded; the agreement is still owed"));
	return rc;
}

static int patch_agree(struct run *run, struct err *err)
{
	const char *result = run_text(run, "result");

	if (*result != '\0' && strcmp(result, "agreed") != 0)
		return record_answer(run, result, err);
	return run_step(run, PATCH_AGREED, "agreement", err);
}

/* ---- aside ---- */

static const struct arg args_decline[] = {
	ARG_PATCHES,
	ARGS_CLIENT(ARG_REQUIRED),
	{ "reason", ARG_TEXT, ARG_REQUIRED, N_("reason") },
	{ "review", ARG_DAY, ARG_REQUIRED, N_("day to look again") },
	ARG_END,
};
static const struct arg args_aside[] = {
	ARG_PATCHES,
	{ "reason", ARG_TEXT, ARG_REQUIRED, N_("reason") },
	{ "at", ARG_TIME, ARG_ASK, N_("when it happened"), .initial = "now" },
	ARG_END,
};

static int patch_decline(struct run *run, struct err *err)
{
	return run_step(run, PATCH_DECLINED, "agreement", err);
}

static int patch_hold(struct run *run, struct err *err)
{
	return run_step(run, PATCH_HELD, NULL, err);
}

static int patch_out_of_scope(struct run *run, struct err *err)
{
	return run_step(run, PATCH_OUT_OF_SCOPE, NULL, err);
}

static int patch_resume(struct run *run, struct err *err)
{
	return run_step(run, PATCH_RESUMED, NULL, err);
}

const struct command cmd_patch_step = { "patch step", N_("record a step of patches"), args_step, CMD_WRITES,
					TOPIC_PATCHES, patch_step, prefill_step };
const struct command cmd_patch_agree = { "patch agree", N_("record the client's agreement to patches"), args_agree,
					 CMD_WRITES, TOPIC_PATCHES | TOPIC_OTHER, patch_agree };
const struct command cmd_patch_decline = { "patch decline", N_("record that patches are not applied, as agreed"),
					   args_decline, CMD_WRITES, TOPIC_PATCHES | TOPIC_OTHER, patch_decline };
const struct command cmd_patch_hold = { "patch hold", N_("hold patches without an agreement"), args_aside, CMD_WRITES,
					TOPIC_PATCHES, patch_hold };
const struct command cmd_patch_out_of_scope = { "patch out-of-scope", N_("set patches aside that do not concern us"),
						args_aside, CMD_WRITES, TOPIC_PATCHES, patch_out_of_scope };
const struct command cmd_patch_resume = { "patch resume", N_("take patches up again that were set aside"), args_aside,
					  CMD_WRITES, TOPIC_PATCHES, patch_resume };
