/* See list.h. Rows are shown through order[], an array of source indices that exists only while a filter or a sort does. */
#include "tui/widget/list.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/civil.h"
#include "core/base/text.h"
#include "tui/widget/tr.h"

#define GUTTER 2        /* the cursor's mark and the selection's */
#define MORE_PAGES 4000 /* G stops loading pages after so many */

void list_init(struct list *l, const struct list_column *columns, size_t count, const struct list_source *source,
	       void *ctx)
{
	*l = (struct list){ .columns = columns, .column_count = count < LIST_COLUMNS ? count : LIST_COLUMNS,
			    .source = source, .ctx = ctx, .sort = -1, .anchor = SIZE_MAX };
}

static void forget_words(struct list *l)
{
	free(l->words);
	l->words = NULL;
	arena_release(&l->words_mem);
}

void list_release(struct list *l)
{
	list_clear_marks(l);
	forget_words(l);
	vec_release(&l->marks);
	free(l->order);
	free(l->selected_id);
	free(l->filter);
	free(l->search);
	l->order = NULL;
	l->selected_id = l->filter = l->search = NULL;
	l->shown = l->count = 0;
}

static size_t source_index(const struct list *l, size_t shown)
{
	return l->order != NULL ? l->order[shown] : shown;
}

static void read_row(const struct list *l, size_t index, struct list_cell cells[LIST_COLUMNS])
{
	for (size_t c = 0; c < LIST_COLUMNS; c++)
		cells[c] = (struct list_cell){ .text = "", .role = ROLE_text, .number = TIME_NONE };
	l->source->row(l->ctx, index, cells);
}

static void remember(struct list *l)
{
	const char *id = list_selected_id(l);

	if (id == l->selected_id)
		return;
	free(l->selected_id);
	l->selected_id = mem_text(id);
}

/* ---- filter, search ---- */

/* The folded text of a row. Folding costs far more than looking, so that it is kept: each further letter of a filter is cheap. */
static const char *row_words(struct list *l, size_t index)
{
	struct list_cell cells[LIST_COLUMNS];
	struct strbuf raw = { 0 }, out = { 0 };

	if (l->words == NULL)
		l->words = mem_alloc(l->count > 0 ? l->count : 1, sizeof *l->words);
	if (l->words[index] != NULL)
		return l->words[index];
	if (l->source->words != NULL) {
		l->source->words(l->ctx, index, &raw);
	} else {
		read_row(l, index, cells);
		for (size_t c = 0; c < l->column_count; c++) {
			strbuf_add_text(&raw, cells[c].text != NULL ? cells[c].text : "");
			strbuf_add_char(&raw, ' ');
		}
	}
	text_fold(strbuf_text(&raw), raw.len, &out);
	l->words[index] = arena_text(&l->words_mem, strbuf_text(&out));
	strbuf_release(&raw);
	strbuf_release(&out);
	return l->words[index];
}

/* Every word of needle (folded, cut at blanks) stands somewhere in text. */
static bool holds_words(const char *text, const char *needle)
{
	char word[256];

	while (*(needle += strspn(needle, " ")) != '\0') {
		size_t len = strcspn(needle, " ");
		size_t kept = len < sizeof word ? len : sizeof word - 1;
		memcpy(word, needle, kept);
		word[kept] = '\0';
		if (strstr(text, word) == NULL)
			return false;
		needle += len;
	}
	return true;
}

static char *folded(const char *text)
{
	struct strbuf out = { 0 };

	text_fold(text, strlen(text), &out);
	return strbuf_detach(&out);
}

static void apply_filter(struct list *l)
{
	char *needle = folded(l->filter);
	size_t kept = 0;

	l->order = mem_alloc(l->count > 0 ? l->count : 1, sizeof *l->order);
	for (size_t i = 0; i < l->count; i++)
		if (holds_words(row_words(l, i), needle))
			l->order[kept++] = (uint32_t)i;
	l->shown = kept;
	free(needle);
}

/* ---- sorting ---- */

struct sort_key {
	int64_t number;
	const char *text;
	uint32_t index;
};

/* Rows that say nothing come last; equal ones keep the source's order. */
static int compare_keys(const void *va, const void *vb)
{
	const struct sort_key *a = va, *b = vb;
	bool a_none = a->number == TIME_NONE && *a->text == '\0', b_none = b->number == TIME_NONE && *b->text == '\0';

	if (a_none != b_none)
		return a_none ? 1 : -1;
	if (a->number != b->number)
		return a->number == TIME_NONE ? 1 : b->number == TIME_NONE ? -1 : a->number < b->number ? -1 : 1;
	int rc = a->number == TIME_NONE ? strcmp(a->text, b->text) : 0;
	return rc != 0 ? rc : a->index < b->index ? -1 : a->index > b->index;
}

static void apply_sort(struct list *l)
{
	struct sort_key *keys = mem_alloc(l->shown > 0 ? l->shown : 1, sizeof *keys);
	struct list_cell cells[LIST_COLUMNS];
	struct arena mem = { 0 };
	uint32_t *order = mem_alloc(l->shown > 0 ? l->shown : 1, sizeof *order);

	for (size_t i = 0; i < l->shown; i++) {
		size_t index = source_index(l, i);
		read_row(l, index, cells);
		const struct list_cell *cell = &cells[l->sort];
		keys[i] = (struct sort_key){ .number = cell->number, .index = (uint32_t)index, .text = "" };
		if (cell->number == TIME_NONE && cell->text != NULL)
			keys[i].text = arena_text(&mem, cell->text);
	}
	qsort(keys, l->shown, sizeof *keys, compare_keys);
	for (size_t i = 0; i < l->shown; i++)
		order[i] = keys[l->descending ? l->shown - 1 - i : i].index;
	arena_release(&mem);
	free(keys);
	free(l->order);
	l->order = order;
}

/* ---- keeping up with the source ---- */

static void arrange(struct list *l)
{
	size_t before = l->selected;

	free(l->order);
	l->order = NULL;
	l->shown = l->count;
	if (l->filter != NULL)
		apply_filter(l);
	if (l->sort >= 0)
		apply_sort(l);
	if (l->selected_id == NULL || !list_select_id(l, l->selected_id)) {
		l->selected = before < l->shown ? before : l->shown > 0 ? l->shown - 1 : 0;
		remember(l);
	}
	l->anchor = SIZE_MAX;
}

void list_refill(struct list *l)
{
	forget_words(l);
	l->count = l->source->count(l->ctx);
	if (l->count > UINT32_MAX)
		l->count = UINT32_MAX;
	arrange(l);
}

void list_set_filter(struct list *l, const char *text)
{
	bool none = text == NULL || *text == '\0';

	if (none ? l->filter == NULL : l->filter != NULL && strcmp(l->filter, text) == 0)
		return;
	free(l->filter);
	l->filter = none ? NULL : mem_text(text);
	arrange(l);
}

void list_set_sort(struct list *l, const char *column_key, bool descending)
{
	l->sort = -1;
	for (size_t c = 0; column_key != NULL && c < l->column_count; c++)
		if (strcmp(l->columns[c].key, column_key) == 0)
			l->sort = (int)c;
	l->descending = descending;
	arrange(l);
}

/* The next column that sorts, after the last one the source's order. */
static void next_sort(struct list *l)
{
	int c = l->sort + 1;

	while (c < (int)l->column_count && !l->columns[c].sorts)
		c++;
	l->sort = c < (int)l->column_count ? c : -1;
	l->descending = false;
	arrange(l);
}

/* ---- the row under the cursor ---- */

size_t list_selected(const struct list *l)
{
	return l->selected < l->shown ? source_index(l, l->selected) : SIZE_MAX;
}

const char *list_selected_id(const struct list *l)
{
	size_t index = list_selected(l);

	return index != SIZE_MAX && index < l->count ? l->source->id(l->ctx, index) : NULL;
}

bool list_select_id(struct list *l, const char *id)
{
	/* most often it is where it was */
	for (size_t i = 0; i <= l->shown; i++) {
		size_t at = i == 0 ? l->selected : i - 1;
		if (at >= l->shown)
			continue;
		const char *other = l->source->id(l->ctx, source_index(l, at));
		if (other != NULL && strcmp(other, id) == 0) {
			l->selected = at;
			remember(l);
			return true;
		}
	}
	return false;
}

static bool load_more(struct list *l)
{
	if (l->source->more == NULL || !l->source->more(l->ctx))
		return false;
	size_t anchor = l->anchor;
	list_refill(l);
	l->anchor = anchor;
	return true;
}

static void select_at(struct list *l, size_t at)
{
	if (l->shown == 0)
		return;
	l->selected = at < l->shown ? at : l->shown - 1;
	remember(l);
	if (l->selected + 2 * (size_t)(l->rows_area.rows > 0 ? l->rows_area.rows : 1) >= l->shown)
		load_more(l);
}

void list_move(struct list *l, long rows)
{
	size_t step = (size_t)(rows < 0 ? -rows : rows);

	if (rows < 0)
		select_at(l, step < l->selected ? l->selected - step : 0);
	else
		select_at(l, l->selected + step);
}

static void go_end(struct list *l)
{
	for (int i = 0; i < MORE_PAGES && load_more(l); i++)
		;
	select_at(l, l->shown > 0 ? l->shown - 1 : 0);
}

bool list_search(struct list *l, const char *text, bool backward)
{
	bool found = false;

	if (text != NULL && *text != '\0') {
		free(l->search);
		l->search = mem_text(text);
	}
	if (l->search == NULL)
		return false;
	char *needle = folded(l->search);
	for (size_t i = 1; i <= l->shown && !found; i++) {
		size_t at = backward ? (l->selected + l->shown - i) % l->shown : (l->selected + i) % l->shown;
		found = holds_words(row_words(l, source_index(l, at)), needle);
		if (found)
			select_at(l, at);
	}
	free(needle);
	return found;
}

/* ---- marks ---- */

/* Where id stands, or would stand, among the marks. */
static size_t mark_place(const struct list *l, const char *id, bool *there)
{
	size_t low = 0, high = l->marks.len;

	*there = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int rc = strcmp(l->marks.v[middle], id);
		if (rc == 0) {
			*there = true;
			return middle;
		}
		if (rc < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool list_marked(const struct list *l, const char *id)
{
	bool there = false;

	if (id != NULL && l->marks.len > 0)
		mark_place(l, id, &there);
	return there;
}

static void set_mark(struct list *l, const char *id, bool on)
{
	bool there;

	if (id == NULL)
		return;
	size_t at = mark_place(l, id, &there);
	if (there == on)
		return;
	if (on) {
		vec_push(&l->marks, NULL);
		memmove(&l->marks.v[at + 1], &l->marks.v[at], (l->marks.len - 1 - at) * sizeof *l->marks.v);
		l->marks.v[at] = mem_text(id);
	} else {
		free(l->marks.v[at]);
		memmove(&l->marks.v[at], &l->marks.v[at + 1], (l->marks.len - 1 - at) * sizeof *l->marks.v);
		l->marks.len--;
	}
}

void list_clear_marks(struct list *l)
{
	for (size_t i = 0; i < l->marks.len; i++)
		free(l->marks.v[i]);
	vec_clear(&l->marks);
	l->anchor = SIZE_MAX;
}

static void toggle_mark(struct list *l)
{
	const char *id = list_selected_id(l);

	if (id == NULL)
		return;
	set_mark(l, id, !list_marked(l, id));
	l->anchor = l->selected;
	list_move(l, 1);
}

static int compare_marks(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Marks from where the last mark was set to the row under the cursor. Sorted once, so that 100,000 rows take a moment only. */
static void mark_range(struct list *l)
{
	if (l->shown == 0)
		return;
	size_t from = l->anchor < l->shown ? l->anchor : l->selected, to = l->selected;
	size_t low = from < to ? from : to, high = from < to ? to : from, before = l->marks.len;
	size_t kept = 0;

	for (size_t i = low; i <= high; i++) {
		const char *id = l->source->id(l->ctx, source_index(l, i));
		if (id != NULL)
			vec_push(&l->marks, mem_text(id));
	}
	if (l->marks.len > before)
		qsort(l->marks.v, l->marks.len, sizeof *l->marks.v, compare_marks);
	for (size_t i = 0; i < l->marks.len; i++) {
		if (kept > 0 && strcmp(l->marks.v[kept - 1], l->marks.v[i]) == 0)
			free(l->marks.v[i]);
		else
			l->marks.v[kept++] = l->marks.v[i];
	}
	l->marks.len = kept;
	l->anchor = l->selected;
}

size_t list_targets(const struct list *l, const char **ids, size_t max)
{
	const char *id = list_selected_id(l);
	size_t n = 0;

	if (l->marks.len == 0) {
		if (id == NULL || max == 0)
			return 0;
		ids[0] = id;
		return 1;
	}
	for (; n < l->marks.len && n < max; n++)
		ids[n] = l->marks.v[n];
	return n;
}

/* ---- keys ---- */

static bool mouse(struct list *l, const struct key *key)
{
	const struct rect *a = &l->rows_area;

	if (key->row < a->row || key->row >= a->row + a->rows || key->col < a->col || key->col >= a->col + a->cols)
		return false;
	if (key->button == 64 || key->button == 65) {
		list_move(l, key->button == 64 ? -3 : 3);
		return true;
	}
	if (key->button != 0 || !key->pressed)
		return false;
	select_at(l, l->top + (size_t)(key->row - a->row));
	return true;
}

bool list_key(struct list *l, const struct key *key)
{
	long page = l->rows_area.rows > 1 ? l->rows_area.rows - 1 : 1, half = page > 1 ? page / 2 : 1;

	switch (key->code) {
	case 'j': case HK_DOWN: list_move(l, 1); return true;
	case 'k': case HK_UP: list_move(l, -1); return true;
	case HK_CTRL | 'd': list_move(l, half); return true;
	case HK_CTRL | 'u': list_move(l, -half); return true;
	case HK_CTRL | 'f': case HK_PAGE_DOWN: list_move(l, page); return true;
	case HK_CTRL | 'b': case HK_PAGE_UP: list_move(l, -page); return true;
	case 'g': case HK_HOME: select_at(l, 0); return true;
	case 'G': case HK_END: go_end(l); return true;
	case ' ': toggle_mark(l); return true;
	case HK_CTRL | ' ': mark_range(l); return true;
	case 'o': next_sort(l); return true;
	case 'O':
		l->descending = !l->descending && l->sort >= 0;
		arrange(l);
		return true;
	case HK_MOUSE: return mouse(l, key);
	default: return false;
	}
}

/* ---- drawing ---- */

/* Chooses the columns that fit in width and how wide each is; 0 is left out. */
static void fit_columns(const struct list *l, int width, int cells[LIST_COLUMNS])
{
	int used = 0, left;

	for (size_t c = 0; c < l->column_count; c++) {
		cells[c] = l->columns[c].min > 0 ? l->columns[c].min : 1;
		used += cells[c] + 1;
	}
	while (used - 1 > width) {
		size_t worst = SIZE_MAX;
		for (size_t c = 0; c < l->column_count; c++)
			if (cells[c] > 0 && l->columns[c].priority > 1 &&
			    (worst == SIZE_MAX || l->columns[c].priority >= l->columns[worst].priority))
				worst = c;
		if (worst == SIZE_MAX)
			break;
		used -= cells[worst] + 1;
		cells[worst] = 0;
	}
	left = width - (used - 1);
	for (int p = 1; p <= 16 && left > 0; p++) {
		for (size_t c = 0; c < l->column_count; c++) {
			int want = l->columns[c].width - cells[c];
			if (cells[c] == 0 || l->columns[c].priority != p || want <= 0)
				continue;
			int grow = want < left ? want : left;
			cells[c] += grow;
			left -= grow;
		}
	}
	int sharing = 0;
	for (size_t c = 0; c < l->column_count; c++)
		sharing += cells[c] > 0 && l->columns[c].width == 0;
	for (size_t c = 0; c < l->column_count && sharing > 0; c++) {
		if (cells[c] == 0 || l->columns[c].width != 0)
			continue;
		cells[c] += left / sharing;
		left -= left / sharing--;
	}
}

static void draw_titles(const struct list *l, struct surface *out, struct rect a, const int cells[LIST_COLUMNS])
{
	struct strbuf title = { 0 };
	int col = a.col + GUTTER;

	surface_fill(out, (struct rect){ a.row, a.col, 1, a.cols }, ROLE_head);
	for (size_t c = 0; c < l->column_count; c++) {
		if (cells[c] == 0)
			continue;
		strbuf_clear(&title);
		strbuf_add_text(&title, tr(l->columns[c].title));
		if ((int)c == l->sort)
			strbuf_add_char(&title, l->descending ? 'v' : '^');
		surface_field(out, a.row, col, cells[c], ROLE_head, l->columns[c].align, strbuf_text(&title));
		col += cells[c] + 1;
	}
	strbuf_release(&title);
}

static void draw_row(const struct list *l, struct surface *out, struct rect a, int line, size_t at, bool focused,
		     const int widths[LIST_COLUMNS])
{
	struct list_cell cells[LIST_COLUMNS];
	size_t index = source_index(l, at);
	bool selected = at == l->selected, marked = list_marked(l, l->source->id(l->ctx, index));
	int row = a.row + line, col = a.col + GUTTER;

	read_row(l, index, cells);
	surface_fill(out, (struct rect){ row, a.col, 1, a.cols }, marked ? ROLE_mark : ROLE_text);
	surface_text(out, row, a.col, 1, ROLE_key, selected && focused ? ">" : " ");
	surface_text(out, row, a.col + 1, 1, ROLE_mark, marked ? "*" : " ");
	for (size_t c = 0; c < l->column_count; c++) {
		if (widths[c] == 0)
			continue;
		surface_field(out, row, col, widths[c], marked && cells[c].role == ROLE_text ? ROLE_mark : cells[c].role,
			      l->columns[c].align, cells[c].text != NULL ? cells[c].text : "");
		col += widths[c] + 1;
	}
	if (selected && focused)
		surface_role(out, (struct rect){ row, a.col, 1, a.cols }, ROLE_select, false);
	if (selected && focused && !out->cursor_visible) {
		out->cursor_row = row;
		out->cursor_col = a.col;
	}
}

static void keep_in_view(struct list *l, size_t rows)
{
	if (l->selected < l->top)
		l->top = l->selected;
	if (rows > 0 && l->selected >= l->top + rows)
		l->top = l->selected - rows + 1;
	if (l->top + rows > l->shown)
		l->top = l->shown > rows ? l->shown - rows : 0;
}

void list_draw(struct list *l, struct surface *out, struct rect area, bool focused)
{
	int widths[LIST_COLUMNS] = { 0 };

	if (area.rows <= 0 || area.cols <= GUTTER)
		return;
	fit_columns(l, area.cols - GUTTER, widths);
	if (!l->headless) {
		draw_titles(l, out, area, widths);
		area.row++;
		area.rows--;
	}
	l->rows_area = area;
	keep_in_view(l, (size_t)(area.rows > 0 ? area.rows : 0));
	for (int line = 0; line < area.rows && l->top + (size_t)line < l->shown; line++)
		draw_row(l, out, area, line, l->top + (size_t)line, focused, widths);
	if (l->shown == 0 && area.rows > 0) {
		const char *none = l->filter != NULL ? N_("nothing passes the filter; Esc takes it away")
						    : l->empty != NULL ? l->empty : N_("nothing here");
		surface_text(out, area.row, area.col + GUTTER, area.cols - GUTTER, ROLE_dim, tr(none));
	}
}

bool list_row_text(const struct list *l, struct strbuf *out)
{
	struct list_cell cells[LIST_COLUMNS];
	size_t index = list_selected(l);

	if (index == SIZE_MAX || index >= l->count)
		return false;
	read_row(l, index, cells);
	for (size_t c = 0; c < l->column_count; c++) {
		if (cells[c].text == NULL || *cells[c].text == '\0')
			continue;
		strbuf_addf(out, "%s%s", out->len > 0 ? "  " : "", cells[c].text);
	}
	return true;
}
