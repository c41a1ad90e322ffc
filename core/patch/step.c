/* See patch.h: may a step be recorded, and what does the row hold after it? */
#include <string.h>

#include "core/patch/fold.h"
#include "core/patch/patch.h"

static bool given(const char *text)
{
	return text != NULL && *text != '\0';
}

static const struct talk *named_talk(const struct patch_facts *f, const struct patch_request *r)
{
	if (r->talk != NULL)
		return r->talk;
	for (size_t i = 0; i < f->talk_count; i++) {
		if (given(f->patch->agreement) && strcmp(f->talks[i].id, f->patch->agreement) == 0)
			return &f->talks[i];
	}
	return NULL;
}

static int need_agreement(const struct patch_facts *f, const struct patch_request *r, const struct patch_fold *fold,
			  struct patch_outcome *out, struct err *err)
{
	const struct talk *talk = named_talk(f, r);

	if (talk == NULL)
		return ERR(err, HS_ERR_OWED,
			   N_("no agreement with the client is recorded for {1}: record who agreed and when first"),
			   f->patch->number);
	if (!patch_agreement_valid(f, talk, r->at))
		return ERR(err, HS_ERR_OWED,
			   N_("the agreement {1} is not in force at that time: it is cancelled, expired, later, or about something else"),
			   talk->number);
	if (fold->declined_at != TIME_NONE && talk->at <= fold->declined_at && r->stage != PATCH_DECLINED)
		return ERR(err, HS_ERR_OWED,
			   N_("the agreement {1} is older than the decision not to apply: agree anew"), talk->number);
	out->agreement = talk->id;
	return 0;
}

/* 対応予定 names a planned stop where the service must stop; afterwards there is nothing left to plan. */
static int need_stop(const struct patch_facts *f, const struct patch_request *r, bool late, struct patch_outcome *out,
		     struct err *err)
{
	const struct stop *stop = r->stop != NULL ? r->stop : f->stop;

	if (late)
		return 0;
	if (!given(f->patch->reboot))
		return ERR(err, HS_ERR_OWED, N_("record first whether the service must stop for {1}"),
			   f->patch->number);
	if (strcmp(f->patch->reboot, "stop") != 0 && r->stop == NULL)
		return 0;
	if (stop == NULL || stop->deleted != TIME_NONE)
		return ERR(err, HS_ERR_OWED, N_("the service must stop for {1}: name the planned stop"),
			   f->patch->number);
	if (strcmp(stop->kind, "planned") != 0)
		return ERR(err, HS_ERR_INVALID, N_("stop {1} is not a planned one"), stop->number);
	if (stop->to_at <= r->at)
		return ERR(err, HS_ERR_INVALID, N_("stop {1} is over at that time: name one that is still ahead"),
			   stop->number);
	out->stop = stop->id;
	return 0;
}

static int need_action(const struct patch_request *r, struct patch_outcome *out, struct err *err)
{
	if (!given(r->action) || (strcmp(r->action, "applied") != 0 && strcmp(r->action, "workaround") != 0))
		return ERR(err, HS_ERR_INVALID, N_("say what was done: applied, or a workaround"));
	out->action = r->action;
	return 0;
}

static int need_proof(const struct patch_facts *f, const struct patch_request *r, struct err *err)
{
	const char *missing;

	if (strcmp(f->patch->action, "workaround") == 0) {
		if (!given(r->body))
			return ERR(err, HS_ERR_OWED, N_("say how the workaround was proved"));
		return 0;
	}
	if (!given(f->patch->target))
		return ERR(err, HS_ERR_OWED, N_("{1} has no target version to compare with"), f->patch->number);
	if (f->group_count == 0)
		return ERR(err, HS_ERR_OWED, N_("no host of the contract is in the group '{1}'"), f->patch->hosts);
	if (!patch_hosts_shown(f, &missing))
		return ERR(err, HS_ERR_OWED,
			   N_("host '{1}' does not show version {2} or later with no reboot pending, looked at after the work"),
			   missing, f->patch->target);
	return 0;
}

/* What a main stage asks for, however it is reached. */
static int need(const struct patch_facts *f, const struct patch_request *r, const struct patch_fold *fold, bool late,
		struct patch_outcome *out, struct err *err)
{
	int rc = 0;

	if (r->stage == PATCH_AGREED || r->stage == PATCH_PLANNED)
		rc = need_agreement(f, r, fold, out, err);
	if (rc == 0 && r->stage == PATCH_PLANNED)
		rc = need_stop(f, r, late, out, err);
	if (rc == 0 && r->stage == PATCH_DONE)
		rc = need_action(r, out, err);
	if (rc == 0 && r->stage == PATCH_VERIFIED)
		rc = need_proof(f, r, err);
	return rc;
}

static int step_back(const struct patch_request *r, struct patch_outcome *out, struct err *err)
{
	if (!given(r->reason))
		return ERR(err, HS_ERR_INVALID, N_("going back needs a reason"));
	out->move = PATCH_BACK;
	if (r->stage < PATCH_AGREED)
		out->agreement = "";
	if (r->stage < PATCH_PLANNED)
		out->stop = "";
	if (r->stage < PATCH_DONE)
		out->action = "";
	out->stage = patch_stage_info(r->stage)->id;
	out->reason = r->reason;
	return 0;
}

/* Only an emergency, or what does not oblige, may jump; 確認済 is never jumped to. */
static int may_jump(const struct patch_facts *f, const struct patch_request *r, struct patch_outcome *out,
		    struct err *err)
{
	bool emergency = r->emergency || strcmp(f->patch->emergency, "yes") == 0;

	if (r->stage == PATCH_VERIFIED)
		return ERR(err, HS_ERR_STATE, N_("{1} must be done before it can be confirmed"), f->patch->number);
	if (!patch_obliges(f->patch))
		return 0;
	if (!emergency)
		return ERR(err, HS_ERR_STATE,
			   N_("{1} is at '{2}': stages come one after another, only an emergency jumps ahead"),
			   f->patch->number, f->patch->stage);
	if (!given(r->reason))
		return ERR(err, HS_ERR_INVALID, N_("an emergency needs a reason"));
	out->emergency = "yes";
	out->reason = r->reason;
	return 0;
}

static int step_main(const struct patch_facts *f, const struct patch_request *r, const struct patch_fold *fold,
		     struct patch_outcome *out, struct err *err)
{
	bool recorded = fold->recorded & 1u << r->stage, ahead = (int)r->stage > fold->reached;
	int rc;

	if (fold->aside != PATCH_STAGE_COUNT)
		return ERR(err, HS_ERR_STATE, N_("{1} is set aside: take it up again first"), f->patch->number);
	if (recorded && (int)r->stage == fold->reached)
		return ERR(err, HS_ERR_STATE, N_("{1} is at '{2}' already"), f->patch->number, f->patch->stage);
	if (recorded)
		return step_back(r, out, err);
	if (ahead && fold->reached >= 0 && r->at < fold->at[fold->reached])
		return ERR(err, HS_ERR_INVALID, N_("that is before the stage that came first"));
	rc = need(f, r, fold, !ahead, out, err);
	if (rc != 0)
		return rc;
	if (!ahead) {
		out->move = PATCH_LATE;
		return 0;
	}
	out->move = (int)r->stage == fold->reached + 1 ? PATCH_FORWARD : PATCH_JUMP;
	if (out->move == PATCH_JUMP && (rc = may_jump(f, r, out, err)) != 0)
		return rc;
	out->stage = patch_stage_info(r->stage)->id;
	return 0;
}

static int step_aside(const struct patch_facts *f, const struct patch_request *r, const struct patch_fold *fold,
		      struct patch_outcome *out, struct err *err)
{
	int rc;

	if (fold->reached >= PATCH_DONE)
		return ERR(err, HS_ERR_STATE, N_("{1} is done: go back before setting it aside"), f->patch->number);
	if (!given(r->reason))
		return ERR(err, HS_ERR_INVALID, N_("setting it aside needs a reason"));
	if (fold->aside == r->stage && r->stage != PATCH_DECLINED)
		return ERR(err, HS_ERR_STATE, N_("{1} is at '{2}' already"), f->patch->number, f->patch->stage);
	if (fold->aside == PATCH_DECLINED && r->stage == PATCH_HELD)
		return ERR(err, HS_ERR_STATE, N_("{1} is set aside: take it up again first"), f->patch->number);
	if (r->stage == PATCH_DECLINED) {
		if ((rc = need_agreement(f, r, fold, out, err)) != 0)
			return rc;
		if (r->review_day == TIME_NONE || r->review_day <= day_of_time(r->at, r->offset_s))
			return ERR(err, HS_ERR_INVALID, N_("not applying needs a later day on which to look again"));
	}
	out->move = PATCH_ASIDE;
	out->review_day = r->review_day;
	out->stage = patch_stage_info(r->stage)->id;
	out->reason = r->reason;
	return 0;
}

static int step_again(const struct patch_facts *f, const struct patch_request *r, const struct patch_fold *fold,
		      struct patch_outcome *out, struct err *err)
{
	struct patch_fold after = *fold;

	if (fold->aside == PATCH_STAGE_COUNT)
		return ERR(err, HS_ERR_STATE, N_("{1} is not set aside"), f->patch->number);
	if (!given(r->reason))
		return ERR(err, HS_ERR_INVALID, N_("taking it up again needs a reason"));
	patch_fold_add(&after, PATCH_RESUMED, r->at);
	out->move = PATCH_AGAIN;
	out->review_day = TIME_NONE;
	out->reason = r->reason;
	if (fold->aside != PATCH_HELD)
		out->agreement = out->stop = "";
	out->stage = patch_stage_info(after.reached < 0 ? PATCH_PUBLISHED : (enum patch_stage)after.reached)->id;
	return 0;
}

static void settle_closed(const struct patch_facts *f, const struct patch_request *r, const struct patch_fold *fold,
			  struct patch_outcome *out)
{
	struct patch_fold after = *fold;

	patch_fold_add(&after, r->stage, r->at);
	bool verified = after.reached == PATCH_VERIFIED && patch_fold_owed(f, &after) == 0;
	out->closed_at = TIME_NONE;
	if (verified || after.aside == PATCH_OUT_OF_SCOPE)
		out->closed_at = out->move == PATCH_LATE ? r->now : r->at;
}

int patch_step_check(const struct patch_facts *f, const struct patch_request *r, struct patch_outcome *out,
		     struct err *err)
{
	const struct patch *p = f->patch;
	struct patch_fold fold;
	int rc;

	*out = (struct patch_outcome){
		.stage = p->stage, .action = p->action, .agreement = p->agreement, .stop = p->stop, .reason = p->reason,
		.emergency = p->emergency, .review_day = p->review_day, .closed_at = p->closed_at,
	};
	if (patch_stage(p) == PATCH_STAGE_COUNT && given(p->stage))
		return ERR(err, HS_ERR_NEWER, N_("{1} is at a stage that this hoshu does not know: '{2}'"), p->number,
			   p->stage);
	if (r->at == TIME_NONE || r->at > r->now)
		return ERR(err, HS_ERR_INVALID, N_("a step cannot be recorded before it happened"));
	patch_fold(f, &fold);
	if (r->stage < PATCH_MAIN_STAGES)
		rc = step_main(f, r, &fold, out, err);
	else if (r->stage == PATCH_RESUMED)
		rc = step_again(f, r, &fold, out, err);
	else if (r->stage < PATCH_STAGE_COUNT)
		rc = step_aside(f, r, &fold, out, err);
	else
		return ERR(err, HS_ERR_INVALID, N_("there is no such stage"));
	if (rc == 0)
		settle_closed(f, r, &fold, out);
	return rc;
}

void patch_outcome_apply(const struct patch_outcome *o, struct patch *row)
{
	row->stage = o->stage;
	row->action = o->action;
	row->agreement = o->agreement;
	row->stop = o->stop;
	row->reason = o->reason;
	row->emergency = o->emergency;
	row->review_day = o->review_day;
	row->closed_at = o->closed_at;
}
