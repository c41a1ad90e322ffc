/* See patch.h: 次の対応, and when it is due. */
#include <string.h>

#include "core/patch/fold.h"
#include "core/patch/patch.h"

static const char *const owed_actions[PATCH_MAIN_STAGES];

static void next_after_agreement(const struct patch_facts *f, int64_t now, struct patch_next *out)
{
	const struct talk *talk = NULL;

	for (size_t i = 0; i < f->talk_count; i++) {
		if (strcmp(f->talks[i].id, f->patch->agreement) == 0)
			talk = &f->talks[i];
	}
	if (!patch_agreement_valid(f, talk, now))
		MSG(&out->action, N_("agree anew: the agreement is not in force"));
	else if (*f->patch->reboot == '\0')
		MSG(&out->action, N_("record whether the service must stop"));
	else if (strcmp(f->patch->reboot, "stop") == 0 && f->stop == NULL)
		MSG(&out->action, N_("register the planned stop"));
	else
		MSG(&out->action, N_("record the plan"));
}

static void next_of_done(const struct patch_facts *f, struct patch_next *out)
{
	int look = 0, reboot = 0;

	if (strcmp(f->patch->action, "workaround") == 0) {
		MSG(&out->action, N_("prove the workaround"));
		return;
	}
	for (size_t i = 0; i < f->group_count; i++) {
		enum patch_host_state s = patch_host_state(f, f->group[i]);
		reboot += s == PATCH_HOST_REBOOT;
		look += s != PATCH_HOST_REBOOT && s != PATCH_HOST_SHOWN;
	}
	if (look > 0)
		MSG(&out->action, N_("check the version on {1} host(s)"), MSG_INT(look));
	else if (reboot > 0)
		MSG(&out->action, N_("reboot {1} host(s)"), MSG_INT(reboot));
	else if (f->group_count == 0)
		MSG(&out->action, N_("name the hosts in the contract"));
	else
		MSG(&out->action, N_("record the confirmation"));
}

static void next_of_assessed(const struct patch_facts *f, struct patch_next *out)
{
	if (strcmp(f->patch->significance, "yes") == 0)
		MSG(&out->action, N_("report to the system manager"));
	else if (strcmp(f->patch->significance, "no") == 0)
		MSG(&out->action, N_("apply it or set it aside"));
	else
		MSG(&out->action, N_("judge whether it is significant"));
}

static void next_of_stage(const struct patch_facts *f, enum patch_stage stage, int64_t now, struct patch_next *out)
{
	switch (stage) {
	case PATCH_PUBLISHED: MSG(&out->action, N_("check what it affects")); break;
	case PATCH_ASSESSED: next_of_assessed(f, out); break;
	case PATCH_REPORTED: MSG(&out->action, N_("prepare the proposal")); break;
	case PATCH_PROPOSED: MSG(&out->action, N_("discuss with the client")); break;
	case PATCH_DISCUSSED: MSG(&out->action, N_("record the agreement")); break;
	case PATCH_AGREED: next_after_agreement(f, now, out); break;
	case PATCH_PLANNED:
		if (f->stop != NULL)
			out->due = f->stop->from_at;
		out->waiting = f->stop != NULL && now < f->stop->from_at;
		MSG(&out->action, N_("apply it"));
		break;
	case PATCH_DONE: next_of_done(f, out); break;
	case PATCH_HELD: MSG(&out->action, N_("decide: it is only held")); break;
	default: break;
	}
}

void patch_next(const struct patch_facts *f, int64_t now, int offset_s, struct patch_next *out)
{
	enum patch_stage stage = patch_stage(f->patch);
	unsigned owed = patch_owed(f);

	*out = (struct patch_next){ .due = f->patch->due_at };
	if (patch_closed(f) || stage == PATCH_STAGE_COUNT) {
		out->due = TIME_NONE;
		return;
	}
	if (stage == PATCH_DECLINED) {
		MSG(&out->action, N_("look at it again"));
		int64_t day = f->patch->review_day;
		out->due = day > INT32_MIN && day <= INT32_MAX ? day_start((int32_t)day, offset_s) : TIME_NONE;
		out->waiting = out->due != TIME_NONE && now < out->due;
	} else if (owed != 0 && stage != PATCH_HELD) {
		MSG(&out->action, owed_actions[__builtin_ctz(owed)]);
	} else {
		next_of_stage(f, stage, now, out);
	}
	out->overdue = strcmp(f->patch->significance, "yes") == 0 && out->due != TIME_NONE && now > out->due;
}

static const char *const owed_actions[PATCH_MAIN_STAGES] = {
	[PATCH_PUBLISHED] = N_("owed: the publication"),
	[PATCH_ASSESSED] = N_("owed: the check of what it affects"),
	[PATCH_REPORTED] = N_("owed: the report"),
	[PATCH_PROPOSED] = N_("owed: the proposal"),
	[PATCH_DISCUSSED] = N_("owed: the discussion"),
	[PATCH_AGREED] = N_("owed: the agreement"),
	[PATCH_PLANNED] = N_("owed: the plan"),
	[PATCH_DONE] = N_("owed: the work"),
	[PATCH_VERIFIED] = N_("owed: the confirmation"),
};
