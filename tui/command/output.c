/* The sinks: text aligned in cells, JSON, CSV (RFC 4180), and plain lines for cut and awk. */
#include "tui/command/output.h"

#include <string.h>

#include "core/base/civil.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "tui/widget/tr.h"

void output_init(struct output *o, enum output_format format, int offset_s)
{
	*o = (struct output){ .format = format, .offset_s = offset_s };
}

void output_release(struct output *o)
{
	strbuf_release(&o->body);
	strbuf_release(&o->messages);
	strbuf_release(&o->json);
}

void output_say(struct output *o, const struct msg *m)
{
	struct strbuf text = { 0 };

	msg_format(m, tr, &text);
	text_sanitize(strbuf_text(&text), text.len, &o->messages);
	strbuf_add_char(&o->messages, '\n');
	strbuf_release(&text);
}

/* Each line sanitised by itself. */
static void add_lines(struct strbuf *out, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		text_sanitize(text, len, out);
		strbuf_add_char(out, '\n');
		text += len + (text[len] == '\n');
	}
}

/* ---- a cell as text ---- */

static void cell_text(const struct table_cell *c, int offset_s, enum time_style style, struct strbuf *out)
{
	int y, m, d;

	switch (c->kind) {
	case CELL_TEXT:
		strbuf_add_text(out, c->text);
		break;
	case CELL_INT:
		strbuf_addf(out, "%lld", (long long)c->number);
		break;
	case CELL_TIME:
		time_format(c->number, offset_s, style, out);
		break;
	case CELL_DAY:
		day_to_civil((int32_t)c->number, &y, &m, &d);
		strbuf_addf(out, "%04d-%02d-%02d", y, m, d);
		break;
	case CELL_NONE:
		break;
	}
}

static void cell_line(const struct table_cell *c, int offset_s, enum time_style style, struct strbuf *out)
{
	struct strbuf raw = { 0 };

	cell_text(c, offset_s, style, &raw);
	text_sanitize(strbuf_text(&raw), raw.len, out);
	strbuf_release(&raw);
}

/* ---- text for people ---- */

/* One cell of 10,000 characters must not widen every row: it alone runs over its column. */
enum { ALIGNED_CELLS = 100 };

static void table_as_text(struct output *o, const struct table *t)
{
	size_t columns = t->column_count, *width = mem_alloc(columns, sizeof *width);
	struct strbuf cell = { 0 };

	for (size_t c = 0; c < columns; c++)
		width[c] = text_cells(tr(t->columns[c].title));
	for (size_t i = 0; i < t->cells.len; i++) {
		strbuf_clear(&cell);
		cell_line(&t->cells.v[i], o->offset_s, TIME_MINUTES, &cell);
		size_t cells = text_cells(strbuf_text(&cell));
		if (cells > width[i % columns] && cells <= ALIGNED_CELLS)
			width[i % columns] = cells;
	}
	for (size_t row = 0; row <= table_rows(t); row++) {
		for (size_t c = 0; c < columns; c++) {
			strbuf_clear(&cell);
			if (row == 0)
				strbuf_add_text(&cell, tr(t->columns[c].title));
			else
				cell_line(&t->cells.v[(row - 1) * columns + c], o->offset_s, TIME_MINUTES, &cell);
			if (text_cells(strbuf_text(&cell)) > width[c])
				strbuf_add(&o->body, strbuf_text(&cell), cell.len);
			else
				text_pad(strbuf_text(&cell), width[c], t->columns[c].align, &o->body);
			strbuf_add_text(&o->body, c + 1 < columns ? "  " : "");
		}
		while (o->body.len > 0 && o->body.buf[o->body.len - 1] == ' ')
			strbuf_cut(&o->body, o->body.len - 1);
		strbuf_add_char(&o->body, '\n');
	}
	strbuf_release(&cell);
	vec_free_(width);
}

static void table_as_plain(struct output *o, const struct table *t)
{
	for (size_t i = 0; i < t->cells.len; i++) {
		cell_line(&t->cells.v[i], o->offset_s, TIME_SECONDS, &o->body);
		strbuf_add_char(&o->body, (i + 1) % t->column_count == 0 ? '\n' : '\t');
	}
}

/* ---- CSV ---- */

/* A spreadsheet would run what begins so (reliability.md §2.4), also in full width. */
static bool looks_like_formula(const char *text)
{
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };

	if (*text != '\0' && strchr("=+-@\t\r\n", *text) != NULL)
		return true;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strncmp(text, wide[i], 3) == 0)
			return true;
	return false;
}

static void csv_field(const char *text, size_t len, struct strbuf *out)
{
	bool quote = strpbrk(text, ",\"\r\n") != NULL || (len > 0 && (text[0] == ' ' || text[len - 1] == ' '));

	if (quote)
		strbuf_add_char(out, '"');
	for (size_t i = 0; i < len;) {
		int32_t cp;
		size_t n = text_decode(text + i, len - i, &cp);
		if (cp == '"')
			strbuf_add_char(out, '"');
		/* no control character but the line break and the tab gets into a file, nor a broken one */
		if (cp < 0)
			strbuf_add_text(out, "\xef\xbf\xbd");
		else if ((cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7f && cp < 0xa0))
			strbuf_add_char(out, ' ');
		else
			strbuf_add(out, text + i, n);
		i += n;
	}
	if (quote)
		strbuf_add_char(out, '"');
}

static void table_as_csv(struct output *o, const struct table *t)
{
	size_t columns = t->column_count;
	bool *marked = mem_alloc(columns, sizeof *marked);
	struct strbuf cell = { 0 };

	for (size_t i = 0; i < t->cells.len; i++)
		if (t->cells.v[i].kind == CELL_TEXT && looks_like_formula(t->cells.v[i].text))
			marked[i % columns] = true;
	for (size_t c = 0; c < columns; c++)
		strbuf_addf(&o->body, "%s%s%s", t->columns[c].key, marked[c] ? "(')" : "", c + 1 < columns ? "," : "\r\n");
	for (size_t i = 0; i < t->cells.len; i++) {
		const struct table_cell *c = &t->cells.v[i];
		strbuf_clear(&cell);
		if (c->kind == CELL_TEXT && looks_like_formula(c->text))
			strbuf_add_char(&cell, '\'');
		cell_text(c, o->offset_s, TIME_SECONDS, &cell);
		csv_field(strbuf_text(&cell), cell.len, &o->body);
		strbuf_add_text(&o->body, (i + 1) % columns == 0 ? "\r\n" : ",");
	}
	strbuf_release(&cell);
	vec_free_(marked);
}

/* ---- JSON ---- */

static void table_as_json(struct output *o, const struct table *t)
{
	struct strbuf array = { 0 }, day = { 0 };
	struct json j;

	json_init(&j, &array);
	json_array(&j, NULL);
	for (size_t i = 0; i < t->cells.len; i++) {
		const struct table_cell *c = &t->cells.v[i];
		const char *key = t->columns[i % t->column_count].key;
		if (i % t->column_count == 0)
			json_object(&j, NULL);
		if (c->kind == CELL_TEXT) {
			json_text(&j, key, c->text);
		} else if (c->kind == CELL_INT) {
			json_int(&j, key, c->number);
		} else if (c->kind == CELL_TIME) {
			json_time(&j, key, c->number, o->offset_s);
		} else if (c->kind == CELL_DAY) {
			strbuf_clear(&day);
			cell_text(c, o->offset_s, TIME_DAY, &day);
			json_text(&j, key, strbuf_text(&day));
		} else {
			json_null(&j, key);
		}
		if ((i + 1) % t->column_count == 0)
			json_end(&j, '}');
	}
	json_end(&j, ']');
	strbuf_addf(&o->json, ",\"%s\":%s", t->name, strbuf_text(&array));
	strbuf_release(&array);
	strbuf_release(&day);
}

/* ---- the sink ---- */

void output_table(struct output *o, struct table *owned_table)
{
	const struct table *t = owned_table;

	if (o->format == OUTPUT_JSON)
		table_as_json(o, t);
	else if (o->format == OUTPUT_CSV)
		table_as_csv(o, t);
	else if (o->format == OUTPUT_PLAIN)
		table_as_plain(o, t);
	else
		table_as_text(o, t);
	table_release(owned_table);
}

void output_text(struct output *o, const char *text)
{
	struct strbuf line = { 0 };

	if (o->format != OUTPUT_JSON) {
		add_lines(&o->body, text);
		return;
	}
	struct json j;
	json_init(&j, &line);
	json_text(&j, NULL, text);
	strbuf_addf(&o->json, ",\"text\":%s", strbuf_text(&line));
	strbuf_release(&line);
}

void output_script(struct output *o, const char *text)
{
	if (o->format == OUTPUT_JSON)
		output_text(o, text);
	else
		strbuf_add_text(&o->body, text);
}

static void json_messages(struct json *j, const struct output *o)
{
	const char *line = strbuf_text(&o->messages);
	struct strbuf one = { 0 };

	json_array(j, "messages");
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		strbuf_clear(&one);
		strbuf_add(&one, line, len);
		json_text(j, NULL, strbuf_text(&one));
		line += len + 1;
	}
	json_end(j, ']');
	strbuf_release(&one);
}

void output_finish(struct output *o, const char *verb, const struct err *err)
{
	struct json j;

	if (o->format != OUTPUT_JSON)
		return;
	bool failed = err != NULL && err->code != 0;
	json_init(&j, &o->body);
	json_object(&j, NULL);
	json_int(&j, "hoshu", OUTPUT_JSON_VERSION);
	json_text(&j, "verb", verb);
	json_bool(&j, "ok", !failed);
	if (failed) {
		struct strbuf text = { 0 };
		err_format(err, tr, &text);
		json_object(&j, "error");
		json_text(&j, "code", err_name(err->code));
		json_text(&j, "message", strbuf_text(&text));
		json_end(&j, '}');
		strbuf_release(&text);
	}
	json_messages(&j, o);
	strbuf_add(&o->body, strbuf_text(&o->json), o->json.len);
	json_end(&j, '}');
	strbuf_add_char(&o->body, '\n');
}
