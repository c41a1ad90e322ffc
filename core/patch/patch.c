/* See patch.h: what the rows of a patch say. Steps are judged in step.c, the next action in next.c. */
#include "core/patch/patch.h"

#include <string.h>

#include "core/patch/fold.h"

_Static_assert(PATCH_MAIN_STAGES == PATCH_VERIFIED + 1, "the main stages come first");

static const struct patch_stage_info stages[PATCH_STAGE_COUNT];

const struct patch_stage_info *patch_stage_info(enum patch_stage stage)
{
	return &stages[stage];
}

enum patch_stage patch_stage_find(const char *id)
{
	for (enum patch_stage s = 0; s < PATCH_STAGE_COUNT; s++) {
		if (strcmp(stages[s].id, id) == 0)
			return s;
	}
	return PATCH_STAGE_COUNT;
}

void patch_group(const struct contract *c, const char *hosts, struct patch_facts *facts)
{
	facts->group_count = 0;
	for (size_t i = 0; i < c->host_count && facts->group_count < PATCH_GROUP_HOSTS; i++) {
		const struct host *h = &c->hosts[i];
		bool in = strcmp(h->id, hosts) == 0;
		for (const char *const *g = h->groups; !in && g != NULL && *g != NULL; g++)
			in = strcmp(*g, hosts) == 0;
		if (in)
			facts->group[facts->group_count++] = h->id;
	}
}

enum patch_stage patch_stage(const struct patch *p)
{
	return patch_stage_find(p->stage);
}

bool patch_obliges(const struct patch *p)
{
	return strcmp(p->significance, "no") != 0;
}

static void fold_main(struct patch_fold *fold, enum patch_stage stage, int64_t at)
{
	unsigned bit = 1u << stage;

	if ((int)stage > fold->reached) {
		fold->reached = stage;
	} else if (fold->recorded & bit) {
		fold->recorded &= (bit << 1) - 1;
		fold->reached = stage;
	}
	fold->recorded |= bit;
	fold->at[stage] = at;
}

void patch_fold_add(struct patch_fold *fold, enum patch_stage stage, int64_t at)
{
	if (stage < PATCH_MAIN_STAGES) {
		fold_main(fold, stage, at);
		return;
	}
	if (stage == PATCH_RESUMED && (fold->aside == PATCH_DECLINED || fold->aside == PATCH_OUT_OF_SCOPE)) {
		fold->recorded &= (1u << PATCH_AGREED) - 1;
		if (fold->reached > PATCH_DISCUSSED)
			fold->reached = PATCH_DISCUSSED;
	}
	if (stage == PATCH_DECLINED)
		fold->declined_at = at;
	fold->aside = stage == PATCH_RESUMED ? PATCH_STAGE_COUNT : stage;
}

void patch_fold(const struct patch_facts *f, struct patch_fold *fold)
{
	*fold = (struct patch_fold){ .reached = -1, .aside = PATCH_STAGE_COUNT, .declined_at = TIME_NONE };
	for (size_t i = 0; i < f->step_count; i++) {
		enum patch_stage s = patch_stage_find(f->steps[i].stage);
		if (s < PATCH_STAGE_COUNT)
			patch_fold_add(fold, s, f->steps[i].at);
	}
}

unsigned patch_recorded(const struct patch_facts *f)
{
	struct patch_fold fold;

	patch_fold(f, &fold);
	return fold.recorded;
}

unsigned patch_fold_owed(const struct patch_facts *f, const struct patch_fold *fold)
{
	if (!patch_obliges(f->patch) || fold->aside == PATCH_OUT_OF_SCOPE || fold->reached <= 0)
		return 0;
	return ~fold->recorded & ((1u << fold->reached) - 1);
}

unsigned patch_owed(const struct patch_facts *f)
{
	struct patch_fold fold;

	patch_fold(f, &fold);
	return patch_fold_owed(f, &fold);
}

bool patch_closed(const struct patch_facts *f)
{
	enum patch_stage s = patch_stage(f->patch);

	return s == PATCH_OUT_OF_SCOPE || (s == PATCH_VERIFIED && patch_owed(f) == 0);
}

static bool cancelled(const struct patch_facts *f, const char *talk)
{
	for (size_t i = 0; i < f->talk_count; i++) {
		if (strcmp(f->talks[i].cancels, talk) == 0 && f->talks[i].deleted == TIME_NONE)
			return true;
	}
	return false;
}

bool patch_agreement_valid(const struct patch_facts *f, const struct talk *talk, int64_t at)
{
	return talk != NULL && talk->deleted == TIME_NONE && strcmp(talk->act, "agreement") == 0 &&
	       strcmp(talk->subject, f->patch->id) == 0 && strcmp(talk->result, "agreed") == 0 &&
	       *talk->cancels == '\0' && *talk->person != '\0' && talk->at != TIME_NONE && talk->at <= at &&
	       (talk->valid_until == TIME_NONE || at <= talk->valid_until) && !cancelled(f, talk->id);
}

bool patch_rests_on(const struct patch_facts *f, const char *talk_id)
{
	struct patch_fold fold;

	if (*talk_id == '\0' || strcmp(f->patch->agreement, talk_id) != 0)
		return false;
	patch_fold(f, &fold);
	return patch_stage(f->patch) == PATCH_DECLINED ||
	       (fold.reached > PATCH_AGREED && (fold.recorded & 1u << PATCH_AGREED));
}

/* The newest look at a host: rows of two devices may stand side by side. */
static const struct patch_host *newest_look(const struct patch_facts *f, const char *host)
{
	const struct patch_host *best = NULL;

	for (size_t i = 0; i < f->host_count; i++) {
		const struct patch_host *h = &f->hosts[i];
		if (strcmp(h->host, host) == 0 && h->deleted == TIME_NONE &&
		    (best == NULL || h->verified_at >= best->verified_at))
			best = h;
	}
	return best;
}

enum patch_host_state patch_host_state(const struct patch_facts *f, const char *host)
{
	const struct patch_host *h = newest_look(f, host);
	struct patch_fold fold;

	if (h == NULL || *h->version == '\0' || h->verified_at == TIME_NONE)
		return PATCH_HOST_UNKNOWN;
	if (!version_at_least(f->family, h->version, f->patch->target))
		return PATCH_HOST_OLD;
	if (strcmp(h->reboot_pending, "no") != 0)
		return PATCH_HOST_REBOOT;
	patch_fold(f, &fold);
	bool done = fold.recorded & 1u << PATCH_DONE;
	return done && h->verified_at < fold.at[PATCH_DONE] ? PATCH_HOST_STALE : PATCH_HOST_SHOWN;
}

bool patch_hosts_shown(const struct patch_facts *f, const char **first_missing)
{
	if (first_missing != NULL)
		*first_missing = NULL;
	for (size_t i = 0; i < f->group_count; i++) {
		if (patch_host_state(f, f->group[i]) == PATCH_HOST_SHOWN)
			continue;
		if (first_missing != NULL)
			*first_missing = f->group[i];
		return false;
	}
	return f->group_count > 0;
}

void patch_progress(const struct patch_facts *f, char out[PATCH_MAIN_STAGES + 1])
{
	struct patch_fold fold;

	patch_fold(f, &fold);
	unsigned owed = patch_fold_owed(f, &fold);
	for (int s = 0; s < PATCH_MAIN_STAGES; s++) {
		bool next = s == fold.reached + 1 && fold.aside == PATCH_STAGE_COUNT;
		out[s] = fold.recorded & 1u << s ? '#' : owed & 1u << s ? '!' : next ? '>' : '-';
	}
	out[PATCH_MAIN_STAGES] = '\0';
}

static const struct patch_stage_info stages[PATCH_STAGE_COUNT] = {
	[PATCH_PUBLISHED] = { "published", NC_("patch stage", "published") },
	[PATCH_ASSESSED] = { "assessed", NC_("patch stage", "assessed") },
	[PATCH_REPORTED] = { "reported", NC_("patch stage", "reported") },
	[PATCH_PROPOSED] = { "proposed", NC_("patch stage", "proposed") },
	[PATCH_DISCUSSED] = { "discussed", NC_("patch stage", "discussed") },
	[PATCH_AGREED] = { "agreed", NC_("patch stage", "agreed") },
	[PATCH_PLANNED] = { "planned", NC_("patch stage", "planned") },
	[PATCH_DONE] = { "done", NC_("patch stage", "done") },
	[PATCH_VERIFIED] = { "verified", NC_("patch stage", "verified") },
	[PATCH_OUT_OF_SCOPE] = { "out-of-scope", NC_("patch stage", "out of scope") },
	[PATCH_DECLINED] = { "declined", NC_("patch stage", "declined") },
	[PATCH_HELD] = { "held", NC_("patch stage", "held") },
	[PATCH_RESUMED] = { "resumed", NC_("patch stage", "resumed") },
};
