/* A message for people: an English msgid and its arguments, translated by whoever shows it.
 *
 * core/ and data/ know no locale, so they say what happened as a msgid with the places {1} {2} …
 * and the arguments as text. tui/ (or a test) gives a translator; without one the msgid is English.
 * Arguments may hold foreign bytes: whoever shows the result passes it through the sanitiser. */
#ifndef CORE_BASE_MSG_H
#define CORE_BASE_MSG_H

#include <stddef.h>
#include <stdint.h>

struct strbuf;

/* Marks a msgid for xgettext without translating it. */
#define N_(text) text
/* The same with a context, for words that translate differently in different places. */
#define NC_(context, text) text

#define MSG_ARGS 5
#define MSG_ARG_SIZE 240

struct msg {
	const char *id; /* static; NULL means "no message" */
	char arg[MSG_ARGS][MSG_ARG_SIZE];
};

/* As an argument: a msgid that is translated with the message. */
#define MSG_WORD_MARK '\001'
#define MSG_WORD(text) "\001" text

/* Translates a msgid; the result lives as long as the program. NULL stands for the identity. */
typedef const char *msg_tr(const char *msgid);

/* parts: the msgid (static), up to MSG_ARGS arguments, NULL. An argument is cut at MSG_ARG_SIZE on a
 * character's border, and copied. */
void msg_set(struct msg *m, const char *const *parts);
#define MSG(m, ...) msg_set((m), (const char *const[]){ __VA_ARGS__, NULL })

/* Appends the translated message with its arguments in place. */
void msg_format(const struct msg *m, msg_tr *tr, struct strbuf *out);

/* An integer as text in a buffer that lives to the end of the enclosing block. */
#define MSG_INT(n) msg_int((char[24]){ 0 }, (n))
const char *msg_int(char buf[24], int64_t n);

#endif
