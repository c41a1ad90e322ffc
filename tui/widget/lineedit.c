/* See lineedit.h. */
#include "tui/widget/lineedit.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

#define UNDO_STEPS 100

enum { DID_OTHER, DID_TYPE, DID_ERASE, DID_KILL_BACK, DID_KILL_ON, DID_YANK };

void lineedit_init(struct lineedit *e)
{
	*e = (struct lineedit){ 0 };
}

static void forget_steps(struct lineedit *e)
{
	for (size_t i = 0; i < e->undo.len; i++)
		free(e->undo.v[i].text);
	vec_clear(&e->undo);
}

void lineedit_release(struct lineedit *e)
{
	forget_steps(e);
	vec_release(&e->undo);
	for (size_t i = 0; i < LINEEDIT_KILLS; i++)
		free(e->kills[i]);
	strbuf_release(&e->text);
	*e = (struct lineedit){ 0 };
}

const char *lineedit_text(const struct lineedit *e)
{
	return strbuf_text(&e->text);
}

/* ---- places in the text ---- */

static size_t next_place(const struct lineedit *e, size_t at)
{
	return at + text_grapheme(lineedit_text(e) + at);
}

static size_t previous_place(const struct lineedit *e, size_t at)
{
	size_t place = 0;

	for (size_t next; (next = next_place(e, place)) < at && next > place;)
		place = next;
	return at > 0 ? place : 0;
}

/* Words end at spaces and where the script changes, for Japanese has no spaces. */
static int word_class(const char *text)
{
	int32_t cp;

	text_decode(text, strnlen(text, 4) + (*text == '\0'), &cp);
	if (cp == ' ' || cp == 0x3000 || cp <= 0)
		return 0;
	if (cp >= 0x3041 && cp <= 0x309f)
		return 2;
	if ((cp >= 0x30a0 && cp <= 0x30ff) || (cp >= 0xff66 && cp <= 0xff9f))
		return 3;
	if ((cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff) || cp >= 0x20000 || cp == 0x3005)
		return 4;
	return cp >= 0x3001 && cp <= 0x303f ? 5 : 1;
}

static size_t word_end(const struct lineedit *e, size_t at)
{
	const char *text = lineedit_text(e);

	while (text[at] != '\0' && word_class(text + at) == 0)
		at = next_place(e, at);
	for (int class = word_class(text + at); text[at] != '\0' && word_class(text + at) == class;)
		at = next_place(e, at);
	return at;
}

static size_t word_start(const struct lineedit *e, size_t at)
{
	size_t start = 0;
	int before = 0;

	for (size_t place = 0; place < at; place = next_place(e, place)) {
		int class = word_class(lineedit_text(e) + place);
		if (class != 0 && class != before)
			start = place;
		before = class;
	}
	return start;
}

/* ---- changes ---- */

/* Keeps the text for undo, unless this change goes on with what the last one did. */
static void keep(struct lineedit *e, int doing)
{
	bool goes_on = doing == e->last && (doing == DID_TYPE || doing == DID_ERASE);
	struct lineedit_step step = { .caret = e->caret };

	e->last = doing;
	if (goes_on)
		return;
	if (e->undo.len == UNDO_STEPS) {
		free(e->undo.v[0].text);
		memmove(e->undo.v, e->undo.v + 1, (UNDO_STEPS - 1) * sizeof *e->undo.v);
		e->undo.len--;
	}
	step.text = mem_text(lineedit_text(e));
	vec_push(&e->undo, step);
}

static void undo(struct lineedit *e)
{
	e->last = DID_OTHER;
	if (e->undo.len == 0)
		return;
	struct lineedit_step step = e->undo.v[--e->undo.len];
	strbuf_clear(&e->text);
	strbuf_add_text(&e->text, step.text);
	e->caret = step.caret;
	free(step.text);
}

static void cut(struct lineedit *e, size_t from, size_t to)
{
	if (to <= from)
		return;
	memmove(e->text.buf + from, e->text.buf + to, e->text.len - to);
	strbuf_cut(&e->text, e->text.len - (to - from));
	e->caret = from;
}

/* The start of text that fits into what is left of the limit, on a grapheme's border. */
static size_t room_for(const struct lineedit *e, const char *text)
{
	size_t max = e->max > 0 ? e->max : LINEEDIT_MAX, len = 0;

	for (size_t n; (n = text_grapheme(text + len)) > 0 && e->text.len + len + n <= max;)
		len += n;
	return len;
}

/* One line of it; a mark that is typed joins the character before the caret. */
static void insert(struct lineedit *e, const char *text)
{
	struct strbuf line = { 0 }, before = { 0 };

	strbuf_add_text(&line, text);
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.buf[i] < 0x20 || line.buf[i] == 0x7f)
			line.buf[i] = ' ';
	strbuf_cut(&line, room_for(e, strbuf_text(&line)));
	char *after = mem_text(lineedit_text(e) + e->caret);
	strbuf_cut(&e->text, e->caret);
	strbuf_add(&e->text, strbuf_text(&line), line.len);
	text_normalize(strbuf_text(&e->text), e->text.len, &before);
	strbuf_clear(&e->text);
	strbuf_add(&e->text, strbuf_text(&before), before.len);
	e->caret = e->text.len;
	strbuf_add_text(&e->text, after);
	free(after);
	strbuf_release(&line);
	strbuf_release(&before);
}

void lineedit_insert(struct lineedit *e, const char *text)
{
	keep(e, DID_OTHER);
	insert(e, text);
}

void lineedit_set(struct lineedit *e, const char *text)
{
	forget_steps(e);
	strbuf_clear(&e->text);
	e->caret = e->scroll = 0;
	e->last = DID_OTHER;
	insert(e, text);
}

static void erase(struct lineedit *e, size_t from, size_t to)
{
	if (to > from) {
		keep(e, DID_ERASE);
		cut(e, from, to);
	}
}

/* ---- kill and yank ---- */

/* Kills that follow one another make one text. */
static void remember_kill(struct lineedit *e, size_t from, size_t to, int doing)
{
	bool joins = (e->last == DID_KILL_BACK || e->last == DID_KILL_ON) && e->kills[e->kill_at] != NULL;
	struct strbuf all = { 0 };

	if (joins && doing == DID_KILL_ON)
		strbuf_add_text(&all, e->kills[e->kill_at]);
	strbuf_add(&all, e->text.buf + from, to - from);
	if (joins && doing == DID_KILL_BACK)
		strbuf_add_text(&all, e->kills[e->kill_at]);
	if (!joins)
		e->kill_at = (e->kill_at + 1) % LINEEDIT_KILLS;
	free(e->kills[e->kill_at]);
	e->kills[e->kill_at] = strbuf_detach(&all);
}

static void kill_text(struct lineedit *e, size_t from, size_t to, int doing)
{
	if (to <= from)
		return;
	remember_kill(e, from, to, doing);
	keep(e, doing);
	cut(e, from, to);
}

static void yank(struct lineedit *e)
{
	size_t before = e->caret;

	if (e->kills[e->kill_at] == NULL)
		return;
	keep(e, DID_YANK);
	insert(e, e->kills[e->kill_at]);
	e->yanked = e->caret - before;
}

/* Alt-Y: the kill before, in place of the one just yanked. */
static void yank_older(struct lineedit *e)
{
	if (e->last != DID_YANK)
		return;
	do
		e->kill_at = (e->kill_at + LINEEDIT_KILLS - 1) % LINEEDIT_KILLS;
	while (e->kills[e->kill_at] == NULL);
	undo(e);
	yank(e);
}

static void transpose(struct lineedit *e)
{
	size_t at = e->caret < e->text.len ? e->caret : previous_place(e, e->caret);
	size_t before = previous_place(e, at), after = next_place(e, at);

	if (at == 0 || after == at)
		return;
	keep(e, DID_OTHER);
	char *first = mem_text_n(e->text.buf + before, at - before);
	cut(e, before, at);
	e->caret = before + (after - at);
	insert(e, first);
	free(first);
}

/* ---- keys ---- */

static bool move(struct lineedit *e, size_t to)
{
	e->caret = to;
	e->last = DID_OTHER;
	return true;
}

static bool recall(struct lineedit *e, int direction)
{
	const char *line = e->history != NULL ? e->history(e->ctx, direction, lineedit_text(e)) : NULL;

	if (line != NULL)
		lineedit_set(e, line);
	return e->history != NULL;
}

static bool move_key(struct lineedit *e, int code)
{
	switch (code) {
	case HK_LEFT:
	case HK_CTRL | 'b': return move(e, previous_place(e, e->caret));
	case HK_RIGHT:
	case HK_CTRL | 'f': return move(e, next_place(e, e->caret));
	case HK_HOME:
	case HK_CTRL | 'a': return move(e, 0);
	case HK_END:
	case HK_CTRL | 'e': return move(e, e->text.len);
	case HK_CTRL | HK_LEFT:
	case HK_ALT | HK_LEFT:
	case HK_ALT | 'b': return move(e, word_start(e, e->caret));
	case HK_CTRL | HK_RIGHT:
	case HK_ALT | HK_RIGHT:
	case HK_ALT | 'f': return move(e, word_end(e, e->caret));
	case HK_UP:
	case HK_CTRL | 'p': return recall(e, -1);
	case HK_DOWN:
	case HK_CTRL | 'n': return recall(e, 1);
	default: return false;
	}
}

static bool change_key(struct lineedit *e, int code)
{
	switch (code) {
	case HK_BACKSPACE:
	case HK_CTRL | 'h': erase(e, previous_place(e, e->caret), e->caret); break;
	case HK_CTRL | 'd':
		if (e->text.len == 0)
			return false;
		/* fall through */
	case HK_DELETE: erase(e, e->caret, next_place(e, e->caret)); break;
	case HK_CTRL | 'u': kill_text(e, 0, e->caret, DID_KILL_BACK); break;
	case HK_CTRL | 'k': kill_text(e, e->caret, e->text.len, DID_KILL_ON); break;
	case HK_CTRL | 'w':
	case HK_ALT | HK_BACKSPACE: kill_text(e, word_start(e, e->caret), e->caret, DID_KILL_BACK); break;
	case HK_ALT | 'd': kill_text(e, e->caret, word_end(e, e->caret), DID_KILL_ON); break;
	case HK_CTRL | 'y': yank(e); break;
	case HK_ALT | 'y': yank_older(e); break;
	case HK_CTRL | 't': transpose(e); break;
	case HK_CTRL | '_': undo(e); break;
	default: return false;
	}
	return true;
}

bool lineedit_key(struct lineedit *e, const struct key *key)
{
	char utf8[5] = "";

	if (key->code == HK_PASTE) {
		lineedit_insert(e, key->paste);
		return true;
	}
	if (key->code >= 0x20 && key->code < KEY_NONE_ && key->code != 0x7f) {
		keep(e, DID_TYPE);
		text_encode(key->code, utf8);
		insert(e, utf8);
		return true;
	}
	return move_key(e, key->code) || change_key(e, key->code);
}

/* ---- drawing ---- */

/* What is shown of the scroll's cells on; a wide character that scrolls out by half leaves a space. */
static void draw_from(const char *text, size_t scroll, struct strbuf *out)
{
	size_t used;
	size_t len = text_fit(text, scroll, &used);

	if (used < scroll && text[len] != '\0') {
		size_t n = text_grapheme(text + len), cells;
		char *glyph = mem_text_n(text + len, n);
		cells = text_cells(glyph);
		free(glyph);
		strbuf_pad(out, ' ', used + cells - scroll);
		len += n;
	}
	strbuf_add_text(out, text + len);
}

void lineedit_draw(struct lineedit *e, struct surface *s, int row, int col, int width, enum role role, bool focus)
{
	struct strbuf clean = { 0 }, shown = { 0 };
	size_t next = next_place(e, e->caret);

	if (width <= 0)
		return;
	text_sanitize(lineedit_text(e), e->caret, &clean);
	size_t caret = text_cells(strbuf_text(&clean));
	text_sanitize(lineedit_text(e) + e->caret, next - e->caret, &clean);
	size_t end = text_cells(strbuf_text(&clean));
	end = end > caret ? end : caret + 1; /* at the end the caret takes a cell */
	text_sanitize(lineedit_text(e) + next, e->text.len - next, &clean);
	if (end > e->scroll + (size_t)width)
		e->scroll = end - (size_t)width;
	if (caret < e->scroll)
		e->scroll = caret;
	draw_from(strbuf_text(&clean), e->scroll, &shown);
	surface_fill(s, (struct rect){ row, col, 1, width }, role);
	surface_text(s, row, col, width, role, strbuf_text(&shown));
	if (focus) {
		s->cursor_row = row;
		s->cursor_col = col + (int)(caret - e->scroll);
		s->cursor_visible = true;
	}
	strbuf_release(&clean);
	strbuf_release(&shown);
}
