/* The words of a ticket as enums: what is stored, and what a person reads. An unknown word of the
 * database reads as the first entry (undecided, unknown), never as a judgement. */
#ifndef CORE_TICKET_WORDS_H
#define CORE_TICKET_WORDS_H

#include <stddef.h>

enum severity { SEVERITY_UNDECIDED, SEVERITY_MAJOR, SEVERITY_NORMAL, SEVERITY_MINOR };
enum cause { CAUSE_UNDECIDED, CAUSE_DELIVERED, CAUSE_OTHER };
/* S4.3 瑕疵担保, S2.3(3)① 保守費用の範囲内 */
enum verdict { VERDICT_UNDECIDED, VERDICT_YES, VERDICT_NO };

struct word {
	const char *id;    /* stored and typed */
	const char *label; /* NC_() */
};

/* Lists end with an id of NULL; the index is the enum's value. */
extern const struct word severity_words[], cause_words[], warranty_words[], fee_words[], mode_words[], means_words[];

/* The index of id in words, 0 when it is not there. */
int word_index(const struct word *words, const char *id);
/* -1 when it is not there. */
int word_find(const struct word *words, const char *id);
/* The label of id; id itself when it is unknown (a word of a newer hoshu). */
const char *word_label(const struct word *words, const char *id);

static inline enum severity severity_of(const char *id)
{
	return (enum severity)word_index(severity_words, id);
}
static inline enum cause cause_of(const char *id)
{
	return (enum cause)word_index(cause_words, id);
}
/* "X", "!", "-", "?": the queue's first column, beside word and colour. */
const char *severity_mark(enum severity s);
/* Order of urgency: 0 重度 … 3 軽微; 判定待ち stands right after 重度. */
int severity_rank(enum severity s);

#endif
