/* See msg.h. */
#include "core/base/msg.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/strbuf.h"

/* Copies text, cut so that no UTF-8 sequence is left half. */
static void msg_copy(char to[MSG_ARG_SIZE], const char *text)
{
	size_t len = strlen(text);

	if (len >= MSG_ARG_SIZE) {
		len = MSG_ARG_SIZE - 2;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
		memcpy(to, text, len);
		to[len++] = '~';
	} else {
		memcpy(to, text, len);
	}
	to[len] = '\0';
}

void msg_set(struct msg *m, const char *const *parts)
{
	const char *const *next = parts + 1;

	m->id = parts[0];
	for (size_t i = 0; i < MSG_ARGS; i++) {
		if (*next != NULL)
			msg_copy(m->arg[i], *next++);
		else
			m->arg[i][0] = '\0';
	}
}

void msg_format(const struct msg *m, msg_tr *tr, struct strbuf *out)
{
	if (m->id == NULL)
		return;
	const char *text = tr != NULL ? tr(m->id) : m->id;

	for (const char *p = text; *p != '\0'; p++) {
		if (p[0] == '{' && p[1] >= '1' && p[1] < '1' + MSG_ARGS && p[2] == '}') {
			const char *arg = m->arg[p[1] - '1'];
			bool word = *arg == MSG_WORD_MARK;
			strbuf_add_text(out, word && tr != NULL ? tr(arg + 1) : arg + word);
			p += 2;
		} else {
			strbuf_add_char(out, *p);
		}
	}
}

const char *msg_int(char buf[24], int64_t n)
{
	snprintf(buf, 24, "%lld", (long long)n);
	return buf;
}
