/* See surface.h. A cell holds one spacing character and its marks; a grapheme of several spacing characters takes
 * several neighbouring cells, but is cut only as a whole. */
#include "tui/widget/surface.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "core/base/text.h"

void surface_init(struct surface *s, int rows, int cols)
{
	*s = (struct surface){ .rows = rows > 0 ? rows : 0, .cols = cols > 0 ? cols : 0, .cursor_row = -1, .cursor_col = -1 };
	s->cells = mem_alloc((size_t)s->rows * (size_t)s->cols + 1, sizeof *s->cells);
	surface_clear(s);
}

void surface_release(struct surface *s)
{
	vec_free_(s->cells);
	*s = (struct surface){ .cursor_row = -1, .cursor_col = -1 };
}

static struct cell *cell_at(const struct surface *s, int row, int col)
{
	return &s->cells[(size_t)row * (size_t)s->cols + (size_t)col];
}

static void set_blank(struct cell *c, enum role role)
{
	*c = (struct cell){ .glyph = " ", .cells = 1, .role = (uint8_t)role };
}

void surface_clear(struct surface *s)
{
	for (size_t i = 0; i < (size_t)s->rows * (size_t)s->cols; i++)
		set_blank(&s->cells[i], ROLE_text);
	s->cursor_row = s->cursor_col = -1;
	s->cursor_visible = false;
}

/* Blanks the other half of a wide glyph of which [col, col + cells) is about to be overwritten. */
static void detach_halves(struct surface *s, int row, int col, int cells)
{
	struct cell *first = cell_at(s, row, col), *last = cell_at(s, row, col + cells - 1);

	if (first->cells == 0 && col > 0)
		set_blank(first - 1, first->role);
	if (last->cells == 2 && col + cells < s->cols)
		set_blank(last + 1, last->role);
}

/* The area must lie on the surface. */
static void put_glyph(struct surface *s, int row, int col, enum role role, const char *glyph, size_t len, int cells)
{
	struct cell *c = cell_at(s, row, col);

	detach_halves(s, row, col, cells);
	*c = (struct cell){ .cells = (uint8_t)cells, .role = (uint8_t)role };
	memcpy(c->glyph, glyph, len);
	if (cells == 2)
		c[1] = (struct cell){ .role = (uint8_t)role };
}

/* Bytes of one spacing character and as many marks as a cell holds; the rest of the marks is skipped. */
static size_t glyph_at(const char *text, size_t len, size_t *kept, int *cells)
{
	int32_t cp;
	size_t n = text_decode(text, len, &cp);

	*cells = text_codepoint_cells(cp);
	*kept = n;
	while (n < len) {
		size_t more = text_decode(text + n, len - n, &cp);
		if (text_codepoint_cells(cp) != 0)
			break;
		if (*kept == n && n + more < sizeof ((struct cell *)0)->glyph)
			*kept += more;
		n += more;
	}
	return n;
}

static int grapheme_cells(const char *text, size_t len)
{
	int sum = 0;

	for (size_t i = 0; i < len;) {
		int32_t cp;
		i += text_decode(text + i, len - i, &cp);
		int cells = text_codepoint_cells(cp);
		sum += cells > 0 ? cells : 0;
	}
	return sum;
}

static void put_blanks(struct surface *s, int row, long from, long to, enum role role)
{
	for (long col = from > 0 ? from : 0; col < to && col < s->cols; col++)
		put_glyph(s, row, (int)col, role, " ", 1, 1);
}

static void put_grapheme(struct surface *s, int row, long col, enum role role, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t kept;
		int cells;
		size_t n = glyph_at(text + i, len - i, &kept, &cells);
		if (cells > 0) {
			put_glyph(s, row, (int)col, role, text + i, kept, cells);
			col += cells;
		}
		i += n;
	}
}

/* Sanitised text; gives the cells used, counted from col also where that lies outside. */
static int put_text(struct surface *s, int row, int col, int width, enum role role, const char *text)
{
	long x = col, limit = (long)col + width;

	if (row < 0 || row >= s->rows || width <= 0)
		return 0;
	if (limit > s->cols)
		limit = s->cols;
	while (*text != '\0' && x < limit) {
		size_t len = text_grapheme(text);
		int cells = grapheme_cells(text, len);
		if (x + cells > limit) {
			put_blanks(s, row, x, limit, role);
			x = limit;
		} else if (x < 0) {
			put_blanks(s, row, x, x + cells, role);
			x += cells;
		} else {
			put_grapheme(s, row, x, role, text, len);
			x += cells;
		}
		text += len;
	}
	return x > col ? (int)(x - col) : 0;
}

int surface_text(struct surface *s, int row, int col, int width, enum role role, const char *text)
{
	struct strbuf clean = { 0 };

	text_sanitize(text, strlen(text), &clean);
	int used = put_text(s, row, col, width, role, strbuf_text(&clean));
	strbuf_release(&clean);
	return used;
}

int surface_field(struct surface *s, int row, int col, int width, enum role role, int align, const char *text)
{
	struct strbuf clean = { 0 }, padded = { 0 };

	if (width <= 0)
		return 0;
	text_sanitize(text, strlen(text), &clean);
	text_pad(strbuf_text(&clean), (size_t)width, align, &padded);
	int used = put_text(s, row, col, width, role, strbuf_text(&padded));
	strbuf_release(&clean);
	strbuf_release(&padded);
	return used;
}

/* The part of area that lies on the surface. */
static struct rect clip(const struct surface *s, struct rect area)
{
	long bottom = (long)area.row + area.rows, right = (long)area.col + area.cols;
	struct rect r = { .row = area.row > 0 ? area.row : 0, .col = area.col > 0 ? area.col : 0 };

	bottom = bottom < s->rows ? bottom : s->rows;
	right = right < s->cols ? right : s->cols;
	r.rows = bottom > r.row ? (int)(bottom - r.row) : 0;
	r.cols = right > r.col ? (int)(right - r.col) : 0;
	return r;
}

void surface_fill(struct surface *s, struct rect area, enum role role)
{
	struct rect r = clip(s, area);

	for (int row = r.row; row < r.row + r.rows; row++)
		put_blanks(s, row, r.col, (long)r.col + r.cols, role);
}

void surface_role(struct surface *s, struct rect area, enum role role, bool reverse)
{
	struct rect r = clip(s, area);

	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++) {
			cell_at(s, row, col)->role = (uint8_t)role;
			cell_at(s, row, col)->reverse = reverse;
		}
}

/* A frame's character; the box-drawing ones are 1 cell only where ambiguous characters are narrow. */
static const char *line_glyph(const struct surface *s, const char *ascii, const char *unicode)
{
	return s->ascii || text_ambiguous_wide() ? ascii : unicode;
}

static void put_line_glyph(struct surface *s, int row, int col, enum role role, const char *glyph)
{
	if (row >= 0 && row < s->rows && col >= 0 && col < s->cols)
		put_glyph(s, row, col, role, glyph, strlen(glyph), 1);
}

void surface_hline(struct surface *s, int row, int col, int width, enum role role)
{
	struct rect r = clip(s, (struct rect){ row, col, 1, width });

	for (int i = 0; r.rows > 0 && i < r.cols; i++)
		put_line_glyph(s, row, r.col + i, role, line_glyph(s, "-", "\u2500"));
}

void surface_vline(struct surface *s, int row, int col, int height, enum role role)
{
	struct rect r = clip(s, (struct rect){ row, col, height, 1 });

	for (int i = 0; r.cols > 0 && i < r.rows; i++)
		put_line_glyph(s, r.row + i, col, role, line_glyph(s, "|", "\u2502"));
}

void surface_frame(struct surface *s, struct rect area, enum role role)
{
	int bottom = area.row + area.rows - 1, right = area.col + area.cols - 1;

	if (area.rows < 2 || area.cols < 2)
		return;
	surface_hline(s, area.row, area.col, area.cols, role);
	surface_hline(s, bottom, area.col, area.cols, role);
	surface_vline(s, area.row, area.col, area.rows, role);
	surface_vline(s, area.row, right, area.rows, role);
	put_line_glyph(s, area.row, area.col, role, line_glyph(s, "+", "\u250c"));
	put_line_glyph(s, area.row, right, role, line_glyph(s, "+", "\u2510"));
	put_line_glyph(s, bottom, area.col, role, line_glyph(s, "+", "\u2514"));
	put_line_glyph(s, bottom, right, role, line_glyph(s, "+", "\u2518"));
}

int bar_cells(int cells, int64_t done, int64_t total)
{
	if (cells <= 0 || total <= 0 || done <= 0)
		return 0;
	if (done >= total)
		return cells;
	/* what would overflow is far finer than a cell */
	int64_t unit = total > INT64_MAX / 4096 ? 4096 : 1;
	int64_t whole = (done / unit * cells + total / unit - 1) / (total / unit);
	return whole < cells ? (int)whole : cells - 1;
}

int surface_bar(struct surface *s, int row, int col, int width, enum role role, int64_t done, int64_t total)
{
	struct strbuf bar = { 0 };

	if (width < 3)
		return 0;
	int inner = width - 2, full = bar_cells(inner, done, total);
	strbuf_add_char(&bar, '[');
	strbuf_pad(&bar, '#', (size_t)full);
	strbuf_pad(&bar, '-', (size_t)(inner - full));
	strbuf_add_char(&bar, ']');
	int used = put_text(s, row, col, width, role, bar.buf);
	strbuf_release(&bar);
	return used;
}

static void dump_row(const struct surface *s, int row, struct strbuf *out)
{
	size_t end = out->len;

	for (int col = 0; col < s->cols; col++) {
		const struct cell *c = cell_at(s, row, col);
		strbuf_add_text(out, c->glyph);
		if (c->cells > 0 && strcmp(c->glyph, " ") != 0)
			end = out->len;
	}
	strbuf_cut(out, end);
	strbuf_add_char(out, '\n');
}

static void dump_roles(const struct surface *s, int row, struct strbuf *out)
{
	for (int col = 0, len; col < s->cols; col += len) {
		const struct cell *c = cell_at(s, row, col);
		for (len = 1; col + len < s->cols; len++)
			if (c[len].role != c->role || c[len].reverse != c->reverse)
				break;
		if (c->role != ROLE_text || c->reverse)
			strbuf_addf(out, "%d@%d:%d %s%s\n", row, col, len, role_name(c->role), c->reverse ? " reverse" : "");
	}
}

void surface_dump(const struct surface *s, bool roles, struct strbuf *out)
{
	for (int row = 0; row < s->rows; row++)
		dump_row(s, row, out);
	for (int row = 0; roles && row < s->rows; row++)
		dump_roles(s, row, out);
}

const char *role_name(unsigned role)
{
	static const char *const names[] = {
#define ROLE(name, note) [ROLE_##name] = #name,
#include "tui/widget/roles.def"
#undef ROLE
	};

	return role < ROLE_COUNT ? names[role] : "";
}
