/* ncurses, as little of it as possible: input bytes with terminfo's keys recognised, and output of whole rows by the wide
 * API (the byte API lets escapes through). The rest of the room does not see it.
 *
 * Each row is written as exactly as many cells as the screen has; ncurses sends what differs. */
/* curses has a function and a macro of names that are ours; its own macros need the latter's value */
#define key_name curses_key_name
#include <curses.h>
#undef key_name
#undef ERR
enum { ERR = -1 };

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"
#include "data/contract/theme.h"
#include "tui/term/internal.h"

struct key_code {
	int curses, ours;
};

struct screen_state {
	SCREEN *screen;
	WINDOW *keys; /* a pad: reading from it never draws */
	VEC(struct key_code) codes;
	cchar_t *row; /* room for one row */
	struct surface shown;
	bool all;     /* nothing of shown is on the terminal */
	int cursor;   /* the visibility that was set */
	attr_t attributes[ROLE_COUNT];
	short pairs[ROLE_COUNT];
	bool colors;
	int x10;      /* kmous is the old protocol's */
};

/* ---- keys ---- */

enum { CODE_FIRST = KEY_MAX + 1000 };

static const struct {
	const char *sequence;
	int ours;
} own_sequences[] = {
	{ "\033[<", INPUT_CODE_MOUSE },
	{ "\033[200~", INPUT_CODE_PASTE },
	{ "\033[201~", INPUT_CODE_PASTE_END },
	{ "\033[I", HK_FOCUS_IN },
	{ "\033[O", HK_FOCUS_OUT },
};

static const struct key_code plain_keys[] = {
	{ KEY_UP, HK_UP }, { KEY_DOWN, HK_DOWN }, { KEY_LEFT, HK_LEFT }, { KEY_RIGHT, HK_RIGHT },
	{ KEY_HOME, HK_HOME }, { KEY_END, HK_END }, { KEY_FIND, HK_HOME }, { KEY_SELECT, HK_END },
	{ KEY_PPAGE, HK_PAGE_UP }, { KEY_NPAGE, HK_PAGE_DOWN }, { KEY_IC, HK_INSERT }, { KEY_DC, HK_DELETE },
	{ KEY_A1, HK_HOME }, { KEY_A3, HK_PAGE_UP }, { KEY_C1, HK_END }, { KEY_C3, HK_PAGE_DOWN },
	{ KEY_BACKSPACE, HK_BACKSPACE }, { KEY_ENTER, HK_ENTER }, { KEY_BTAB, HK_BACKTAB },
	{ KEY_SR, HK_SHIFT | HK_UP }, { KEY_SF, HK_SHIFT | HK_DOWN },
	{ KEY_SLEFT, HK_SHIFT | HK_LEFT }, { KEY_SRIGHT, HK_SHIFT | HK_RIGHT },
	{ KEY_SHOME, HK_SHIFT | HK_HOME }, { KEY_SEND, HK_SHIFT | HK_END },
	{ KEY_SPREVIOUS, HK_SHIFT | HK_PAGE_UP }, { KEY_SNEXT, HK_SHIFT | HK_PAGE_DOWN },
	{ KEY_SDC, HK_SHIFT | HK_DELETE }, { KEY_SIC, HK_SHIFT | HK_INSERT },
	{ KEY_RESIZE, INPUT_CODE_NONE },
};

/* terminfo's extended names: this, then 2 to 8 for the modifiers. */
static const struct {
	const char *name;
	int ours;
} extended_keys[] = {
	{ "kUP", HK_UP }, { "kDN", HK_DOWN }, { "kLFT", HK_LEFT }, { "kRIT", HK_RIGHT }, { "kHOM", HK_HOME },
	{ "kEND", HK_END }, { "kPRV", HK_PAGE_UP }, { "kNXT", HK_PAGE_DOWN }, { "kDC", HK_DELETE }, { "kIC", HK_INSERT },
};

static void add_code(struct screen_state *c, int curses, int ours)
{
	struct key_code code = { curses, ours };

	vec_push(&c->codes, code);
}

static void add_extended(struct screen_state *c, const char *name, int ours)
{
	for (int modifier = 2; modifier <= 8; modifier++) {
		char full[16];
		int bits = modifier - 1;
		snprintf(full, sizeof full, "%s%d", name, modifier);
		char *sequence = tigetstr(full);
		int code = sequence == NULL || sequence == (char *)-1 ? 0 : key_defined(sequence);
		if (code > 0)
			add_code(c, code, ours | (bits & 1 ? HK_SHIFT : 0) | (bits & 2 ? HK_ALT : 0) | (bits & 4 ? HK_CTRL : 0));
	}
}

static void define_keys(struct screen_state *c)
{
	const char *mouse = tigetstr("kmous"), *test = getenv("HOSHU_TEST");

	c->x10 = mouse != NULL && mouse != (char *)-1 && strcmp(mouse, "\033[M") == 0;
	for (size_t i = 0; i < sizeof own_sequences / sizeof own_sequences[0]; i++) {
		define_key(own_sequences[i].sequence, CODE_FIRST + (int)i);
		add_code(c, CODE_FIRST + (int)i, own_sequences[i].ours);
	}
	if (test != NULL && strcmp(test, "1") == 0) {
		define_key("\033[777~", CODE_FIRST + 100);
		add_code(c, CODE_FIRST + 100, HK_SYNC);
	}
	for (size_t i = 0; i < sizeof plain_keys / sizeof plain_keys[0]; i++)
		add_code(c, plain_keys[i].curses, plain_keys[i].ours);
	for (int i = 1; i <= 12; i++)
		add_code(c, KEY_F(i), HK_F1 + i - 1);
	for (size_t i = 0; i < sizeof extended_keys / sizeof extended_keys[0]; i++)
		add_extended(c, extended_keys[i].name, extended_keys[i].ours);
}

int curses_read(struct screen_state *c)
{
	int code = wgetch(c->keys);

	if (code <= 0xff) /* a byte, or -1 */
		return code;
	if (code == KEY_MOUSE)
		return c->x10 ? INPUT_CODE_X10 : INPUT_CODE_MOUSE;
	for (size_t i = 0; i < c->codes.len; i++)
		if (c->codes.v[i].curses == code)
			return c->codes.v[i].ours;
	return INPUT_CODE_NONE;
}

/* ---- life ---- */

static void set_modes(struct screen_state *c)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	typeahead(-1); /* a flush is whole, also while keys wait */
	idcok(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	keypad(c->keys, TRUE);
	nodelay(c->keys, TRUE);
	meta(c->keys, TRUE);
	c->cursor = -1;
}

struct screen_state *curses_open(const char *type)
{
	use_env(FALSE);
	use_tioctl(TRUE);
	SCREEN *screen = newterm(type, stdout, stdin);

	if (screen == NULL)
		return NULL;
	set_term(screen);
	set_escdelay(25);
	struct screen_state *c = mem_alloc(1, sizeof *c);
	c->screen = screen;
	c->keys = newpad(1, 1);
	set_modes(c);
	define_keys(c);
	curses_resize(c, LINES, COLS);
	return c;
}

void curses_close(struct screen_state *c)
{
	if (c == NULL)
		return;
	endwin();
	delwin(c->keys);
	delscreen(c->screen);
	vec_release(&c->codes);
	surface_release(&c->shown);
	vec_free_(c->row);
	free(c);
}

void curses_leave(struct screen_state *c)
{
	if (c->cursor == 0)
		curs_set(1);
	c->cursor = -1;
	endwin();
}

void curses_enter(struct screen_state *c)
{
	reset_prog_mode();
	curses_redraw(c);
	clearok(stdscr, TRUE);
	wnoutrefresh(stdscr);
	doupdate();
}

void curses_redraw(struct screen_state *c)
{
	c->all = true;
	clearok(curscr, TRUE);
}

void curses_resize(struct screen_state *c, int rows, int cols)
{
	if (rows != LINES || cols != COLS)
		resizeterm(rows, cols);
	surface_release(&c->shown);
	surface_init(&c->shown, rows, cols);
	c->row = mem_resize(c->row, (size_t)cols + 1, sizeof *c->row);
	c->all = true;
	clearok(curscr, TRUE);
}

int curses_colors(const struct screen_state *c)
{
	return c->colors ? COLORS : 0;
}

static void add_capability(const char *name, struct strbuf *out)
{
	const char *value = tigetstr(name);

	if (value == NULL || value == (const char *)-1)
		return;
	for (const char *at = value; *at != '\0'; at++) {
		if (at[0] == '$' && at[1] == '<' && strchr(at, '>') != NULL) /* padding, for paper terminals */
			at = strchr(at, '>');
		else
			strbuf_add_char(out, *at);
	}
}

void curses_reset_text(const struct screen_state *c, struct strbuf *out)
{
	(void)c;
	add_capability("sgr0", out);
	add_capability("cnorm", out);
	add_capability("rmkx", out);
	add_capability("rmcup", out);
}

int curses_cells(const struct screen_state *c, int32_t cp)
{
	wchar_t text[] = { (wchar_t)cp, 0 };
	cchar_t cell;
	WINDOW *pad = newpad(1, 8);

	(void)c;
	if (pad == NULL || setcchar(&cell, text, A_NORMAL, 0, NULL) != OK)
		return 0;
	wadd_wch(pad, &cell);
	int cells = getcurx(pad);
	delwin(pad);
	return cells;
}

/* ---- looks ---- */

static attr_t curses_attributes(unsigned attributes)
{
	return (attributes & THEME_BOLD ? A_BOLD : 0) | (attributes & THEME_DIM ? A_DIM : 0) |
	       (attributes & THEME_UNDERLINE ? A_UNDERLINE : 0) | (attributes & THEME_REVERSE ? A_REVERSE : 0) |
	       (attributes & THEME_ITALIC ? A_ITALIC : 0);
}

void curses_theme(struct screen_state *c, const struct theme *theme, bool no_color)
{
	if (!no_color && !c->colors && has_colors()) {
		start_color();
		use_default_colors();
		c->colors = true;
	}
	int colors = c->colors && !no_color ? COLORS : 0;
	bool direct = tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || colors > 0x10000;
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		struct look look;
		look_of(theme, role, colors, direct, &look);
		int pair = colors > 0 && (look.fg >= 0 || look.bg >= 0) ? alloc_pair(look.fg, look.bg) : 0;
		c->pairs[role] = (short)(pair > 0 && pair < 32767 ? pair : 0);
		c->attributes[role] = curses_attributes(look.attributes);
	}
	curses_redraw(c);
}

/* ---- output ---- */

/* A cell as curses wants it; what has no wide form (no UTF-8 locale) becomes '?'. */
static void set_cell(const struct screen_state *c, cchar_t *out, const struct cell *cell, bool utf8)
{
	wchar_t text[CCHARW_MAX + 1];
	size_t n = 0, len = strnlen(cell->glyph, sizeof cell->glyph);
	attr_t attributes = c->attributes[cell->role] ^ (cell->reverse ? A_REVERSE : 0);
	short pair = c->pairs[cell->role];

	for (size_t i = 0; i < len && n < CCHARW_MAX;) {
		int32_t cp;
		i += text_decode(cell->glyph + i, len - i, &cp);
		text[n++] = (wchar_t)(cp < 0 || (!utf8 && cp > 0x7e) ? '?' : cp);
	}
	text[n] = 0;
	if (n > 0 && text_codepoint_cells((int32_t)text[0]) > 0 && setcchar(out, text, attributes, pair, NULL) == OK)
		return;
	setcchar(out, L"?", attributes, pair, NULL);
}

static void draw_row(struct screen_state *c, int row, const struct cell *cells, int cols, bool utf8)
{
	static const struct cell blank = { .glyph = " ", .cells = 1 };
	int n = 0;

	for (int col = 0; col < COLS;) {
		const struct cell *cell = col < cols && cells[col].cells > 0 && cells[col].role < ROLE_COUNT ? &cells[col] : &blank;
		int width = cell->cells;
		if (col + width > COLS || (width == 2 && (!utf8 || col + 2 > cols))) {
			cell = &blank;
			width = 1;
		}
		set_cell(c, &c->row[n++], cell, utf8);
		col += width;
	}
	mvwadd_wchnstr(stdscr, row, 0, c->row, n);
}

static void show_cursor(struct screen_state *c, const struct surface *s)
{
	int row = s->cursor_row, col = s->cursor_col;
	bool inside = row >= 0 && row < LINES && col >= 0 && col < COLS;

	wmove(stdscr, inside ? row : 0, inside ? col : 0);
	if (c->cursor != (inside && s->cursor_visible)) {
		c->cursor = inside && s->cursor_visible;
		curs_set(c->cursor);
	}
}

void curses_flush(struct screen_state *c, const struct surface *s, bool utf8)
{
	static const struct cell none[1];
	struct surface *shown = &c->shown;
	int cols = s->cols < shown->cols ? s->cols : shown->cols;
	size_t bytes = (size_t)cols * sizeof *s->cells;

	for (int row = 0; row < shown->rows; row++) {
		const struct cell *now = row < s->rows ? s->cells + (size_t)row * (size_t)s->cols : none;
		struct cell *before = shown->cells + (size_t)row * (size_t)shown->cols;
		int n = row < s->rows ? cols : 0;
		if (!c->all && n == shown->cols && memcmp(now, before, bytes) == 0)
			continue;
		draw_row(c, row, now, n, utf8);
		if (n > 0)
			memcpy(before, now, bytes);
	}
	c->all = false;
	show_cursor(c, s);
	wnoutrefresh(stdscr);
	doupdate();
}
