/* The list of verbs, and how a line becomes one. */
#include "tui/command/command.h"

#include <string.h>

#include "core/base/strbuf.h"

static const struct command *const commands[] = {
#define COMMAND(symbol) &cmd_##symbol,
#include "tui/command/commands.def"
#undef COMMAND
};

const struct command *const *command_list(size_t *count)
{
	*count = sizeof commands / sizeof *commands;
	return commands;
}

/* How many of words the name "ticket open" takes; 0 when they do not begin with it. */
static size_t name_words(const char *name, const char *const *words, size_t count)
{
	size_t used = 0;

	while (*name != '\0') {
		size_t len = strcspn(name, " ");
		if (used == count || strlen(words[used]) != len || memcmp(words[used], name, len) != 0)
			return 0;
		used++;
		name += len;
		name += strspn(name, " ");
	}
	return used;
}

const struct command *command_find(const char *const *words, size_t count, size_t *used)
{
	const struct command *best = NULL;

	*used = 0;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		size_t n = name_words(commands[i]->name, words, count);
		if (n > *used) {
			*used = n;
			best = commands[i];
		}
	}
	return best;
}

const struct command *command_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

const struct arg *command_arg(const struct command *c, const char *name)
{
	for (const struct arg *a = c->args; a != NULL && a->name != NULL; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

/* Bytes of the blank at p: 1, 3 for the full-width one, 0. */
static size_t blank(const char *p)
{
	if (*p == ' ' || *p == '\t' || *p == '\n')
		return 1;
	return memcmp(p, "\xe3\x80\x80", strnlen(p, 3)) == 0 && strnlen(p, 3) == 3 ? 3 : 0;
}

/* Reads one word from p into word; returns where it ended. */
static const char *word_read(struct words *w, const char *p, struct strbuf *word)
{
	char quote = '\0';

	for (; *p != '\0' && (quote != '\0' || blank(p) == 0); p++) {
		if (*p == quote && quote != '\0')
			quote = '\0';
		else if (quote == '\0' && (*p == '\'' || *p == '"'))
			quote = *p;
		else if (*p == '\\' && quote != '\'' && p[1] != '\0')
			strbuf_add_char(word, *++p);
		else
			strbuf_add_char(word, *p);
	}
	w->open = quote != '\0';
	return p;
}

int words_split(struct words *w, const char *line, struct err *err)
{
	struct strbuf word = { 0 };

	*w = (struct words){ .blank = true };
	for (const char *p = line; *p != '\0';) {
		size_t skip = blank(p);
		w->blank = skip > 0;
		if (skip > 0) {
			p += skip;
			continue;
		}
		strbuf_clear(&word);
		p = word_read(w, p, &word);
		vec_push(&w->list, arena_text(&w->mem, strbuf_text(&word)));
	}
	strbuf_release(&word);
	if (w->open)
		return ERR(err, HS_ERR_USAGE, N_("a quotation mark is not closed"));
	return 0;
}

void words_release(struct words *w)
{
	arena_release(&w->mem);
	vec_release(&w->list);
	*w = (struct words){ 0 };
}

void words_quote(const char *word, struct strbuf *out)
{
	bool plain = *word != '\0' && strstr(word, "\xe3\x80\x80") == NULL &&
		     strpbrk(word, " \t\n'\"\\") == NULL;

	if (plain) {
		strbuf_add_text(out, word);
		return;
	}
	strbuf_add_char(out, '"');
	for (; *word != '\0'; word++) {
		if (*word == '"' || *word == '\\')
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, *word);
	}
	strbuf_add_char(out, '"');
}
