/* The line at the foot: ':' with completion and history, '/' that filters as one types, '\' that searches.
 *
 * Tab goes through what the word at the end may become: verbs, --options, and what an argument may hold. The two rows of
 * keys show the candidates, or what the verb does. The history lies in the state folder, 0600, the newest 500 lines. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "tui/app/internal.h"
#include "tui/command/arg.h"
#include "tui/widget/tr.h"

#define HISTORY_MAX 500
#define HISTORY_BYTES (1 << 20)

/* ---- history ---- */

static void history_path(const struct app *a, struct strbuf *out)
{
	strbuf_addf(out, "%s/prompt", a->session->config->state_folder);
}

static void history_read(struct app *a)
{
	struct prompt *p = &a->prompt;
	struct strbuf path = { 0 }, bytes = { 0 };
	char chunk[4096];
	ssize_t n;

	history_path(a, &path);
	int fd = open(strbuf_text(&path), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	while (fd >= 0 && bytes.len < HISTORY_BYTES && (n = read(fd, chunk, sizeof chunk)) > 0)
		strbuf_add(&bytes, chunk, (size_t)n);
	if (fd >= 0)
		close(fd);
	for (const char *line = strbuf_text(&bytes); *line != '\0';) {
		size_t len = strcspn(line, "\n");
		if (len > 0 && text_valid(line, len))
			vec_push(&p->history, mem_text_n(line, len));
		line += len + (line[len] == '\n');
	}
	strbuf_release(&path);
	strbuf_release(&bytes);
}

void make_folders(const char *path)
{
	char *copy = mem_text(path);

	for (char *p = copy + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(copy, 0700);
		*p = '/';
	}
	mkdir(copy, 0700);
	free(copy);
}

static void history_write(struct app *a)
{
	struct prompt *p = &a->prompt;
	struct strbuf path = { 0 }, bytes = { 0 };
	size_t from = p->history.len > HISTORY_MAX ? p->history.len - HISTORY_MAX : 0;

	make_folders(a->session->config->state_folder);
	history_path(a, &path);
	for (size_t i = from; i < p->history.len; i++)
		strbuf_addf(&bytes, "%s\n", p->history.v[i]);
	int fd = open(strbuf_text(&path), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	for (size_t done = 0; fd >= 0 && done < bytes.len;) {
		ssize_t n = write(fd, bytes.buf + done, bytes.len - done);
		if (n <= 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	strbuf_release(&path);
	strbuf_release(&bytes);
}

static void history_add(struct app *a, const char *line)
{
	struct prompt *p = &a->prompt;

	if (*line == '\0' || strchr(line, '\n') != NULL)
		return;
	if (p->history.len > 0 && strcmp(p->history.v[p->history.len - 1], line) == 0)
		return;
	vec_push(&p->history, mem_text(line));
	history_write(a);
}

static void history_go(struct prompt *p, int step)
{
	size_t to = p->at;

	if (step < 0 && to > 0)
		to--;
	if (step > 0 && to < p->history.len)
		to++;
	if (to == p->at)
		return;
	if (p->at == p->history.len) {
		free(p->typed);
		p->typed = mem_text(lineedit_text(&p->edit));
	}
	p->at = to;
	lineedit_set(&p->edit, to == p->history.len ? p->typed : p->history.v[to]);
}

/* ---- completion ---- */

static void candidates_clear(struct prompt *p)
{
	for (size_t i = 0; i < p->candidates.len; i++)
		free(p->candidates.v[i]);
	vec_clear(&p->candidates);
	p->candidate = SIZE_MAX;
}

static void candidate_add(struct prompt *p, const char *text, size_t len)
{
	for (size_t i = 0; i < p->candidates.len; i++)
		if (strlen(p->candidates.v[i]) == len && memcmp(p->candidates.v[i], text, len) == 0)
			return;
	vec_push(&p->candidates, mem_text_n(text, len));
}

struct completing {
	struct prompt *prompt;
	const char *start;
};

static void complete_each(void *ctx, const char *id, const struct label *name)
{
	struct completing *c = ctx;

	if (strncmp(id, c->start, strlen(c->start)) == 0 || strncmp(name->ja, c->start, strlen(c->start)) == 0)
		candidate_add(c->prompt, id, strlen(id));
}

/* The words of verbs that begin as typed; words[0..n) are whole, start is the one being typed. */
static void complete_verb(struct prompt *p, const char *const *words, size_t n, const char *start)
{
	size_t count;
	const struct command *const *list = command_list(&count);

	for (size_t i = 0; i < count; i++) {
		const char *name = list[i]->name;
		size_t k = 0;
		while (k < n && strncmp(name, words[k], strlen(words[k])) == 0 && name[strlen(words[k])] == ' ') {
			name += strlen(words[k]) + 1;
			k++;
		}
		if (k == n && (list[i]->flags & CMD_SHELL) == 0 && strncmp(name, start, strlen(start)) == 0)
			candidate_add(p, name, strcspn(name, " "));
	}
}

static void complete_record(void *ctx, const char *text)
{
	candidate_add(ctx, text, strlen(text));
}

static void complete_values(struct app *a, const struct command *c, const struct arg *arg, const char *start)
{
	struct run run;

	run_init(&run, c);
	run.contract = app_contract(a);
	run_candidates(&run, arg, complete_each, &(struct completing){ &a->prompt, start });
	offer_records(a, arg->kind, start, complete_record, &a->prompt);
	run_release(&run);
}

static void complete_args(struct app *a, const struct command *c, const struct words *w, size_t n, const char *start)
{
	const char *before = n > 0 ? w->list.v[n - 1] : "";
	const struct arg *named = strncmp(before, "--", 2) == 0 ? command_arg(c, before + 2) : NULL;
	char option[128];

	if (named != NULL && named->kind != ARG_FLAG) {
		complete_values(a, c, named, start);
		return;
	}
	for (const struct arg *arg = c->args; arg != NULL && arg->name != NULL; arg++) {
		int len = snprintf(option, sizeof option, "--%s", arg->name);
		if (*start != '-' && (arg->flags & ARG_POSITIONAL) != 0)
			complete_values(a, c, arg, start);
		if (len > 0 && (*start == '\0' || *start == '-') && strncmp(option, start, strlen(start)) == 0)
			candidate_add(&a->prompt, option, (size_t)len);
	}
}

/* What the word at the end of the line may become. */
static void find_candidates(struct app *a)
{
	struct prompt *p = &a->prompt;
	const char *line = lineedit_text(&p->edit);
	struct words w;
	size_t used;

	candidates_clear(p);
	words_split(&w, line, NULL);
	bool fresh = w.blank || w.list.len == 0;
	const char *start = fresh ? "" : w.list.v[w.list.len - 1];
	size_t whole = fresh ? w.list.len : w.list.len - 1;
	p->word_at = strlen(line) - (fresh ? 0 : strlen(start));
	const struct command *c = command_find(w.list.v, whole, &used);
	complete_verb(p, w.list.v, whole, start);
	if (c != NULL)
		complete_args(a, c, &w, whole, start);
	words_release(&w);
}

static void complete(struct app *a, int step)
{
	struct prompt *p = &a->prompt;
	struct strbuf line = { 0 };

	if (p->candidate == SIZE_MAX)
		find_candidates(a);
	size_t n = p->candidates.len;
	if (n == 0)
		return;
	p->candidate = p->candidate == SIZE_MAX ? (step > 0 ? 0 : n - 1) : (p->candidate + (step > 0 ? 1 : n - 1)) % n;
	strbuf_add(&line, lineedit_text(&p->edit), p->word_at);
	words_quote(p->candidates.v[p->candidate], &line);
	if (n == 1)
		strbuf_add_char(&line, ' ');
	lineedit_set(&p->edit, strbuf_text(&line));
	if (n == 1)
		find_candidates(a);
	strbuf_release(&line);
}

/* ---- keys ---- */

void prompt_init(struct app *a)
{
	lineedit_init(&a->prompt.edit);
	a->prompt.candidate = SIZE_MAX;
	history_read(a);
}

void prompt_release(struct app *a)
{
	struct prompt *p = &a->prompt;

	candidates_clear(p);
	vec_release(&p->candidates);
	for (size_t i = 0; i < p->history.len; i++)
		free(p->history.v[i]);
	vec_release(&p->history);
	lineedit_release(&p->edit);
	free(p->before);
	free(p->typed);
}

void prompt_open(struct app *a, enum prompt_kind kind, const char *text)
{
	struct prompt *p = &a->prompt;
	struct list *list = app_list(a);

	p->kind = kind;
	p->at = p->history.len;
	free(p->before);
	p->before = list != NULL ? mem_text(list->filter) : NULL;
	lineedit_set(&p->edit, text);
	candidates_clear(p);
	if (kind == PROMPT_COMMAND)
		find_candidates(a);
	a->mode = MODE_PROMPT;
	a->dirty = true;
}

static void prompt_take(struct app *a)
{
	struct prompt *p = &a->prompt;
	struct list *list = app_list(a);
	char *line = mem_text(lineedit_text(&p->edit));

	a->mode = MODE_SCREEN;
	strbuf_clear(&a->message);
	if (p->kind == PROMPT_COMMAND) {
		history_add(a, line);
		app_command(a, line);
	} else if (p->kind == PROMPT_SEARCH && list != NULL && *line != '\0' && !list_search(list, line, false)) {
		APP_SAY(a, N_("'{1}' is not found"), line);
	}
	free(line);
}

static void prompt_leave(struct app *a)
{
	struct list *list = app_list(a);

	if (a->prompt.kind == PROMPT_FILTER && list != NULL)
		list_set_filter(list, a->prompt.before);
	a->mode = MODE_SCREEN;
}

static void prompt_typed(struct app *a)
{
	struct prompt *p = &a->prompt;
	struct list *list = app_list(a);

	if (p->kind == PROMPT_FILTER && list != NULL)
		list_set_filter(list, lineedit_text(&p->edit));
	if (p->kind == PROMPT_COMMAND)
		find_candidates(a);
}

void prompt_key(struct app *a, const struct key *key)
{
	struct prompt *p = &a->prompt;
	bool command = p->kind == PROMPT_COMMAND;

	switch (key->code) {
	case HK_ENTER: prompt_take(a); return;
	case HK_ESCAPE: case HK_CTRL | 'c': case HK_CTRL | 'g': prompt_leave(a); return;
	case HK_TAB: case HK_BACKTAB:
		if (command)
			complete(a, key->code == HK_TAB ? 1 : -1);
		return;
	case HK_UP: case HK_DOWN: case HK_CTRL | 'p': case HK_CTRL | 'n':
		if (command)
			history_go(p, key->code == HK_UP || key->code == (HK_CTRL | 'p') ? -1 : 1);
		if (command)
			find_candidates(a);
		return;
	case HK_BACKSPACE:
		if (*lineedit_text(&p->edit) == '\0') {
			prompt_leave(a);
			return;
		}
		break;
	default: break;
	}
	if (lineedit_key(&p->edit, key))
		prompt_typed(a);
}

/* ---- drawing ---- */

static void draw_candidates(const struct prompt *p, struct surface *out, struct rect area)
{
	int row = area.row, col = area.col + 1;

	for (size_t i = 0; i < p->candidates.len; i++) {
		int cells = (int)text_cells(p->candidates.v[i]);
		if (col + cells > area.col + area.cols) {
			row++;
			col = area.col + 1;
		}
		if (row >= area.row + area.rows)
			return;
		surface_text(out, row, col, area.cols, i == p->candidate ? ROLE_select : ROLE_bar, p->candidates.v[i]);
		col += cells + 2;
	}
}

/* What the verb does, and how it is written. */
static void draw_verb(const struct command *c, struct surface *out, struct rect area)
{
	struct strbuf usage = { 0 };

	command_usage(c, &usage);
	surface_text(out, area.row, area.col + 1, area.cols - 1, ROLE_bar, tr(c->summary));
	surface_text(out, area.row + 1, area.col + 1, area.cols - 1, ROLE_dim, strbuf_text(&usage));
	strbuf_release(&usage);
}

void prompt_draw(struct app *a, struct surface *out, struct rect keys, int row)
{
	struct prompt *p = &a->prompt;
	static const char *const marks[] = { [PROMPT_COMMAND] = ":", [PROMPT_FILTER] = "/", [PROMPT_SEARCH] = "\\" };
	struct words w;
	size_t used;

	if (p->kind == PROMPT_COMMAND) {
		words_split(&w, lineedit_text(&p->edit), NULL);
		const struct command *c = command_find(w.list.v, w.list.len, &used);
		if (c != NULL && (p->candidates.len == 0 || p->candidate == SIZE_MAX))
			draw_verb(c, out, keys);
		else
			draw_candidates(p, out, keys);
		words_release(&w);
	}
	surface_fill(out, (struct rect){ row, 0, 1, out->cols }, ROLE_input);
	surface_text(out, row, 0, 1, ROLE_key, marks[p->kind]);
	lineedit_draw(&p->edit, out, row, 1, out->cols - 2, ROLE_input, true);
}
