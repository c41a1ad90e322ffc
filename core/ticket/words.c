/* See words.h. */
#include "core/ticket/words.h"

#include <string.h>

#include "core/base/msg.h"

int word_find(const struct word *words, const char *id)
{
	for (int i = 0; words[i].id != NULL; i++)
		if (strcmp(words[i].id, id) == 0)
			return i;
	return -1;
}

int word_index(const struct word *words, const char *id)
{
	int i = word_find(words, id);

	return i >= 0 ? i : 0;
}

const char *word_label(const struct word *words, const char *id)
{
	int i = word_find(words, id);

	return i >= 0 ? words[i].label : id;
}

const char *severity_mark(enum severity s)
{
	static const char *const marks[] = { "?", "X", "!", "-" };

	return marks[s];
}

int severity_rank(enum severity s)
{
	static const int ranks[] = { 1, 0, 2, 3 };

	return ranks[s];
}

const struct word severity_words[] = {
	{ "undecided", N_("undecided") },
	{ "major", N_("severe") },
	{ "normal", N_("normal severity") },
	{ "minor", N_("minor") },
	{ 0 },
};

const struct word cause_words[] = {
	{ "undecided", N_("undecided") },
	{ "delivered", N_("what was delivered") },
	{ "other", N_("not what was delivered") },
	{ 0 },
};

const struct word warranty_words[] = {
	{ "undecided", N_("undecided") },
	{ "yes", N_("under warranty") },
	{ "no", N_("not under warranty") },
	{ 0 },
};

const struct word fee_words[] = {
	{ "undecided", N_("undecided") },
	{ "within", N_("within the maintenance fee") },
	{ "outside", N_("outside the maintenance fee") },
	{ 0 },
};

const struct word mode_words[] = {
	{ "onsite", N_("on site") },
	{ "remote", N_("remote") },
	{ 0 },
};

const struct word means_words[] = {
	{ "phone", N_("phone") },
	{ "mail", N_("mail") },
	{ "paper", N_("in writing") },
	{ "person", N_("in person") },
	{ "meeting", N_("regular meeting") },
	{ "web", N_("web meeting") },
	{ 0 },
};
