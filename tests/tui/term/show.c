/* A program that shows what tui/term gives it, for the tests: its size and colours, the keys it got, each role, hostile text.
 *
 * q quits with 0; Ctrl-Z suspends; R runs the command line of its arguments; y copies; X crashes; O runs out of memory;
 * t changes the theme; c toggles the caret; C forgets the keys; L redraws. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "data/contract/theme.h"
#include "tui/term/term.h"

struct show {
	struct term *term;
	struct strbuf keys;
	const char *const *run;
	int status;
	bool quit, caret, bare;
	struct theme theme;
	struct theme_role roles[ROLE_COUNT];
};

static void make_theme(struct show *s)
{
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		s->roles[i] = (struct theme_role){
			.name = role_name(i),
			.full = { .fg = i > 0 ? 200 + (int)i : -1, .bg = THEME_DEFAULT },
			.basic = { .fg = i > 0 ? (int)i % 16 : -1, .bg = THEME_DEFAULT },
			.plain = { .fg = THEME_DEFAULT, .bg = THEME_DEFAULT, .attributes = (unsigned)i & 15u },
		};
	s->theme = (struct theme){ .name = "test", .roles = s->roles, .role_count = ROLE_COUNT };
}

static void draw(struct show *s)
{
	struct surface out;
	struct term_about about;
	char line[200];
	int rows, cols;

	term_size(s->term, &rows, &cols);
	term_about(s->term, &about);
	surface_init(&out, rows, cols);
	out.ascii = about.ascii;
	snprintf(line, sizeof line, "%dx%d %s colors=%d wide=%d probed=%d ascii=%d utf8=%d bg=%d run=%d", rows, cols,
		 about.name, about.colors, about.ambiguous_wide, about.ambiguous_probed, about.ascii, about.utf8,
		 about.background, s->status);
	surface_text(&out, 0, 0, cols, ROLE_text, line);
	surface_text(&out, 1, 0, cols, ROLE_text, strbuf_text(&s->keys));
	surface_frame(&out, (struct rect){ 2, 0, 3, 20 }, ROLE_frame);
	surface_text(&out, 3, 1, 18, ROLE_text, "障害ｶﾞ①髙か\u3099\x1b[2J\u202e");
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		surface_field(&out, 5 + (int)i / 8, (int)i % 8 * 10, 9, i, -1, role_name(i));
	if (s->caret) {
		out.cursor_row = 3;
		out.cursor_col = 5;
		out.cursor_visible = true;
	}
	term_flush(s->term, &out);
	surface_release(&out);
}

static void note(struct show *s, const struct key *key)
{
	char name[32];

	if (s->keys.len > 120)
		strbuf_clear(&s->keys);
	strbuf_addf(&s->keys, "%s ", key_name(key->code, name));
	if ((key->code & ~(HK_CTRL | HK_ALT | HK_SHIFT)) == HK_MOUSE)
		strbuf_addf(&s->keys, "%d@%d,%d%s ", key->button, key->row, key->col, key->pressed ? "" : " up");
	if (key->code == HK_PASTE)
		strbuf_addf(&s->keys, "'%s' ", key->paste);
}

static void act(struct show *s, const struct key *key)
{
	switch (key->code) {
	case 'q': s->quit = true; break;
	case HK_CTRL | 'z': term_suspend(s->term); break;
	case 'R': s->status = term_run(s->term, s->run, NULL); break;
	case 'y': term_copy(s->term, "障害 S1"); break;
	case 'X': abort();
	case 'O': mem_alloc(SIZE_MAX / 16, 16); break;
	case 't': term_set_theme(s->term, &s->theme); break;
	case 'c': s->caret = !s->caret; break;
	case 'C': strbuf_clear(&s->keys); break;
	case 'L': term_redraw(s->term); break;
	default: note(s, key); break;
	}
}

static void react(struct show *s, unsigned events)
{
	if (events & TERM_SUSPEND)
		term_suspend(s->term);
	if (events & TERM_INTERRUPT)
		strbuf_add_text(&s->keys, "SIGINT ");
	if (events & TERM_RELOAD)
		strbuf_add_text(&s->keys, "reload ");
}

/* Gives the signal to end with, 0 when a key ended it. */
static int loop(struct show *s)
{
	while (!s->quit) {
		struct key key;
		bool sync = false;
		while (!s->quit && !sync && term_key(s->term, &key))
			if (key.code == HK_SYNC)
				sync = true;
			else
				act(s, &key);
		unsigned events = term_events(s->term); /* what was sent before the keys has arrived now */
		if (events & TERM_QUIT)
			return term_quit_signal(s->term);
		if (term_lost(s->term))
			return SIGHUP;
		react(s, events);
		draw(s);
		if (sync)
			term_answer_sync(s->term);
		else if (!s->quit)
			ppoll(&(struct pollfd){ .fd = term_fd(s->term), .events = POLLIN }, 1, NULL, term_wait_mask(s->term));
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct show s = { .run = (const char *const *)(size_t)(argv + 1) };
	struct term_options options = { 0 };
	struct err err = { 0 };

	(void)argc;
	make_theme(&s);
	options.theme = getenv("SHOW_BARE") != NULL ? NULL : &s.theme;
	if (getenv("SHOW_WIDE") != NULL)
		options.ambiguous = AMBIGUOUS_WIDE;
	if (term_open(&s.term, &options, &err) != 0) {
		struct strbuf text = { 0 };
		err_format(&err, NULL, &text);
		fprintf(stderr, "show: %s\n", strbuf_text(&text));
		strbuf_release(&text);
		return 2;
	}
	int sig = loop(&s);
	term_close(s.term);
	strbuf_release(&s.keys);
	return sig > 0 ? 128 + sig : 0;
}
