/* See talk.h. */
#include "core/ticket/talk.h"

#include <string.h>

#include "core/base/civil.h"
#include "core/base/strbuf.h"
#include "core/change/tables.h"
#include "core/contract/contract.h"

static const struct talk_rule rules[];

void talk_rule(const struct contract *c, enum talk_about about, struct talk_rule *out)
{
	struct strbuf id = { 0 };

	*out = rules[about];
	strbuf_addf(&id, "body-%s", about_words[about].id);
	for (size_t i = 0; c != NULL && i < c->reading_count; i++)
		if (strcmp(c->readings[i].id, strbuf_text(&id)) == 0 && word_find(body_words, c->readings[i].value) >= 0)
			out->body = c->readings[i].value;
	strbuf_release(&id);
}

bool talk_settles(const struct talk *t, bool cancelled)
{
	int act = word_find(act_words, t->act), about = word_find(about_words, t->about);

	if (cancelled || t->cancels[0] != '\0' || act < 0 || about < 0 ||
	    word_find(result_words, t->result) != RESULT_AGREED)
		return false;
	if (rules[about].act == ACT_AGREEMENT || rules[about].act == ACT_CONSENT)
		return act == ACT_AGREEMENT || act == ACT_CONSENT;
	return rules[about].act == ACT_REPORT || act != ACT_REPORT;
}

int talk_check(const struct talk *t, int64_t now, struct err *err)
{
	if (word_find(act_words, t->act) < 0)
		return ERR(err, HS_ERR_INVALID, N_("'{1}' is no act of a talk"), t->act);
	if (word_find(about_words, t->about) < 0)
		return ERR(err, HS_ERR_INVALID, N_("'{1}' is nothing that a talk can be about"), t->about);
	if (word_find(result_words, t->result) < 0)
		return ERR(err, HS_ERR_INVALID, N_("'{1}' is no result of a talk"), t->result);
	if (strcmp(t->result, result_words[RESULT_AGREED].id) == 0 && t->person[0] == '\0')
		return ERR(err, HS_ERR_OWED, N_("who agreed? a talk that agreed names the person"));
	if (t->at == TIME_NONE)
		return ERR(err, HS_ERR_OWED, N_("a talk needs the time at which it took place"));
	if (t->at > now)
		return ERR(err, HS_ERR_INVALID, N_("a talk cannot have taken place in the future"));
	return 0;
}

int talk_may_cancel(const struct talk *t, bool cancelled, const char *rests, struct err *err)
{
	if (t->cancels[0] != '\0')
		return ERR(err, HS_ERR_STATE, N_("talk #{1} is a cancellation itself"), t->number);
	if (cancelled)
		return ERR(err, HS_ERR_STATE, N_("talk #{1} is cancelled already"), t->number);
	if (rests[0] != '\0')
		return ERR(err, HS_ERR_STATE, N_("talk #{1} cannot be cancelled: #{2} rests on it; take that step back first"),
			   t->number, rests);
	return 0;
}

#define WORD(id, label) { id, label },

const struct word act_words[] = {
#define WORDS_ACT
#include "core/ticket/words.def"
#undef WORDS_ACT
	{ 0 },
};

const struct word result_words[] = {
#define WORDS_RESULT
#include "core/ticket/words.def"
#undef WORDS_RESULT
	{ 0 },
};

const struct word body_words[] = {
#define WORDS_BODY
#include "core/ticket/words.def"
#undef WORDS_BODY
	{ 0 },
};

const struct word about_words[] = {
#define WORDS_ABOUT
#include "core/ticket/words.def"
#undef WORDS_ABOUT
	{ 0 },
};

static const struct talk_rule rules[] = {
	[ABOUT_STOP] = { "S2.2(1)", ACT_COORDINATION, "city", true },
	[ABOUT_DEFERRAL] = { "S2.3(1)②", ACT_DISCUSSION, "manager", true },
	[ABOUT_PATCH] = { "S2.3(2)③", ACT_AGREEMENT, "client", true },
	[ABOUT_VISIT] = { "S2.2(2)", ACT_DISCUSSION, "manager", false },
	[ABOUT_CUSTOMISING] = { "S2.3(3)①", ACT_DISCUSSION, "manager", false },
	[ABOUT_INVENTORY] = { "S2.4", ACT_AGREEMENT, "library", true },
	[ABOUT_DELIVERABLE] = { "S3.1", ACT_REPORT, "city", false },
	[ABOUT_DISCLOSURE] = { "S4.1(3)", ACT_CONSENT, "city", false },
	[ABOUT_READING] = { "S4.4", ACT_DISCUSSION, "library", false },
	[ABOUT_SECURITY] = { "S2.3(1)④", ACT_DISCUSSION, "client", false },
};
