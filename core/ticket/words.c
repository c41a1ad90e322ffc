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

#define WORD(id, label) { id, label },

const struct word severity_words[] = {
#define WORDS_SEVERITY
#include "core/ticket/words.def"
#undef WORDS_SEVERITY
	{ 0 },
};

const struct word cause_words[] = {
#define WORDS_CAUSE
#include "core/ticket/words.def"
#undef WORDS_CAUSE
	{ 0 },
};

const struct word warranty_words[] = {
#define WORDS_WARRANTY
#include "core/ticket/words.def"
#undef WORDS_WARRANTY
	{ 0 },
};

const struct word fee_words[] = {
#define WORDS_FEE
#include "core/ticket/words.def"
#undef WORDS_FEE
	{ 0 },
};

const struct word mode_words[] = {
#define WORDS_MODE
#include "core/ticket/words.def"
#undef WORDS_MODE
	{ 0 },
};

const struct word means_words[] = {
#define WORDS_MEANS
#include "core/ticket/words.def"
#undef WORDS_MEANS
	{ 0 },
};
