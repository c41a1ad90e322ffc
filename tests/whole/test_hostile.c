/* Hostile data on every screen and in every output of the real program: 100,000 strings and more, no byte of theirs reaches the
 * terminal as a control, no cell of the frame moves, exports stay inert (reliability.md S1, S2, S7). */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "core/base/text.h"
#include "tests/support/grammar.h"
#include "tests/support/vt.h"
#include "tests/tui/term/strings.h"
#include "tests/whole/flood.h"

#ifdef SANITIZED
enum { PART = 10, PAGES = 6, LINES = 8, WANTED = 3000 };
#else
enum { PART = 2, PAGES = 40, LINES = 100, WANTED = 100000 };
#endif

enum { MAX_ROWS = 48, MAX_CELLS = 160, BODY = 3 };

static struct desk desk;
static struct strbuf contract;
static unsigned long seen, screens;

static int start(void **state)
{
	(void)state;
	desk_make(&desk, true);
	print_message("%lu strings in the databases\n", flood_fill(&desk, PART));
	flood_contract(&desk, &contract);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	strbuf_release(&contract);
	desk_remove(&desk);
	return 0;
}

/* ---- the console ---- */

struct walk {
	struct vt *vt;
	int rows, cols;
	char where[64];
	struct strbuf frame;             /* header, rules and key bar of the screen that is shown */
	bool upright[MAX_CELLS];         /* columns that a frame goes down in */
};

static bool is_frame(unsigned cp)
{
	return cp == '|' || cp == '-' || cp == '+' || (cp >= 0x2500 && cp <= 0x257f);
}

static void add_row(struct walk *w, int row, struct strbuf *out)
{
	const char *p = vt_screen(w->vt, false);

	for (; row > 0; row--)
		p += strcspn(p, "\n") + 1;
	strbuf_add(out, p, strcspn(p, "\n") + 1);
}

static void take_frame(struct walk *w, struct strbuf *out)
{
	strbuf_clear(out);
	for (int row = 0; row < BODY; row++)
		add_row(w, row, out);
	for (int row = w->rows - 4; row < w->rows - 1; row++)
		add_row(w, row, out);
}

/* In how many rows between the two rules a frame stands in this column. */
static int upright_rows(struct walk *w, int col)
{
	int n = 0, width;

	for (int row = BODY; row < w->rows - 4; row++)
		n += is_frame(vt_cell(w->vt, row, col, &width));
	return n;
}

/* All that was drawn since the last time keeps to the grammar. */
static void judge_bytes(struct walk *w)
{
	size_t len;

	vt_sync(w->vt);
	const char *bytes = vt_output(w->vt, &len);
	grammar_check(bytes, len, w->where);
	vt_forget_output(w->vt);
	seen += flood_count(vt_screen(w->vt, false));
	screens++;
}

/* A screen that has just come up: what must stay where it is from now on. */
static void arrive(struct walk *w, const char *where)
{
	int width, body = w->rows - 4 - BODY;

	snprintf(w->where, sizeof w->where, "%s, %dx%d", where, w->cols, w->rows);
	judge_bytes(w);
	take_frame(w, &w->frame);
	if (strncmp(strbuf_text(&w->frame), " hoshu ", 7) != 0 || vt_cell(w->vt, 0, w->cols - 2, &width) != '2' ||
	    vt_cell(w->vt, 0, w->cols - 4, &width) != ':')
		fail_msg("%s: the first row is '%s'", w->where, strbuf_text(&w->frame));
	for (int col = 0; col < w->cols; col++) {
		if (!is_frame(vt_cell(w->vt, 2, col, &width)) && width < 2)
			fail_msg("%s: the rule has a hole at %d:\n%s", w->where, col, vt_screen(w->vt, false));
		w->upright[col] = upright_rows(w, col) == body;
	}
}

static void stay(struct walk *w)
{
	struct strbuf now = { 0 };

	judge_bytes(w);
	take_frame(w, &now);
	if (strcmp(strbuf_text(&now), strbuf_text(&w->frame)) != 0)
		fail_msg("%s: the frame moved from\n%sto\n%s", w->where, strbuf_text(&w->frame), strbuf_text(&now));
	for (int col = 0; col < w->cols; col++)
		if (w->upright[col] && upright_rows(w, col) != w->rows - 4 - BODY)
			fail_msg("%s: column %d of the frame is broken:\n%s", w->where, col, vt_screen(w->vt, false));
	strbuf_release(&now);
}

/* Drawn anew from nothing, the screen is the same: no cell was where curses did not think it was. */
static void redraw(struct walk *w)
{
	static const char clear[] = "\x1b[H\x1b[2J";
	char *before = strdup(vt_screen(w->vt, false));
	size_t len;

	vt_keys(w->vt, "Ctrl-L", NULL);
	vt_sync(w->vt);
	const char *bytes = vt_output(w->vt, &len), *from = strstr(bytes, clear);
	if (from != NULL) {
		grammar_check(bytes, (size_t)(from - bytes), w->where);
		bytes = from + sizeof clear - 1;
	}
	grammar_check(bytes, strlen(bytes), w->where);
	vt_forget_output(w->vt);
	if (strcmp(before, vt_screen(w->vt, false)) != 0)
		fail_msg("%s: drawn anew it is another screen: was\n%s\nis\n%s", w->where, before, vt_screen(w->vt, false));
	free(before);
}

static void page(struct walk *w, int pages)
{
	char *last = NULL;

	for (int i = 0; i < pages; i++) {
		vt_keys(w->vt, "PgDn", NULL);
		stay(w);
		if (last != NULL && strcmp(last, vt_screen(w->vt, false)) == 0)
			break;
		free(last);
		last = strdup(vt_screen(w->vt, false));
		if (i % 8 == 0)
			redraw(w);
	}
	free(last);
}

static void command(struct walk *w, const char *line)
{
	vt_keys(w->vt, ":", NULL);
	vt_type(w->vt, line);
	vt_keys(w->vt, "Enter", NULL);
}

static void visit(struct walk *w, const char *screen)
{
	char line[64];

	snprintf(line, sizeof line, "screen %s", screen);
	for (char *p = line; *p != '\0'; p++)
		*p = *p == '_' ? '-' : *p;
	command(w, line);
	arrive(w, screen);
	page(w, PAGES);
	vt_keys(w->vt, "\\", NULL);
	vt_paste(w->vt, FLOOD_MARK "ｶﾞ\x1b[2J\u202e");
	judge_bytes(w);
	vt_keys(w->vt, "Enter", "n", "g", "Enter", NULL);
	arrive(w, "what lies below");
	for (int pane = 0; pane < 3; pane++) {
		page(w, 4);
		vt_keys(w->vt, "Tab", NULL);
		judge_bytes(w);
		arrive(w, "another pane");
	}
	vt_keys(w->vt, "Enter", NULL);
	arrive(w, "two below");
	page(w, 4);
	vt_keys(w->vt, "?", NULL);
	arrive(w, "help");
	page(w, 3);
	vt_keys(w->vt, "Esc", "Esc", NULL);
	judge_bytes(w);
}

/* The newest raw output of a server, in the pager. */
static void read_raw(struct walk *w)
{
	command(w, "raw ap1");
	arrive(w, "raw");
	page(w, LINES);
	vt_keys(w->vt, "Esc", NULL);
}

/* Forms that start with what the row holds, and what is pasted into them. */
static void fill_forms(struct walk *w)
{
	static const char *const forms[][2] = { { "tickets", "w" }, { "tickets", "t" }, { "tickets", "c" }, { "patches", "e" },
						{ "patches", "c" }, { "inventory", "e" }, { "terminals", "S" }, { "terminals", "c" } };
	struct strbuf text = { 0 };

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		strbuf_clear(&text);
		strbuf_addf(&text, "screen %s", forms[i][0]);
		command(w, strbuf_text(&text));
		vt_keys(w->vt, forms[i][1], NULL);
		arrive(w, "form");
		for (unsigned long n = 0; n < 6; n++) {
			strbuf_clear(&text);
			flood_string(i * 6 + n, true, &text);
			strbuf_cut(&text, text.len > 2000 ? 2000 : text.len);
			vt_paste(w->vt, strbuf_text(&text));
			stay(w);
			vt_keys(w->vt, "Down", NULL);
			stay(w);
		}
		vt_keys(w->vt, "F2", NULL);
		arrive(w, "form sent");
		vt_keys(w->vt, "Esc", "Esc", NULL);
		judge_bytes(w);
	}
	strbuf_release(&text);
}

/* The prompt, its history and completion; the message row with errors that quote what was typed. */
static void try_prompt(struct walk *w, unsigned long from)
{
	static const char *const starts[] = { "", "ticket show ", "note add ", "screen ", "patch show ", "theme ", "ticket owner #" };
	struct strbuf text = { 0 };

	command(w, "screen tickets");
	for (unsigned long n = 0; n < 21; n++) {
		strbuf_clear(&text);
		flood_string(from + n, true, &text);
		vt_keys(w->vt, ":", NULL);
		vt_type(w->vt, starts[n % 7]);
		vt_paste(w->vt, strbuf_text(&text));
		judge_bytes(w);
		vt_keys(w->vt, "Tab", "Tab", NULL);
		judge_bytes(w);
		vt_keys(w->vt, "Enter", NULL);
		judge_bytes(w);
		vt_keys(w->vt, "Esc", ":", "Up", "Up", NULL);
		judge_bytes(w);
		vt_keys(w->vt, "Esc", "Esc", NULL);
		judge_bytes(w);
	}
	strbuf_release(&text);
}

/* A question shows its fixed lines and the foreign words between them, escaped, on a line of their own. */
static void see_question(struct walk *w)
{
	int width, row = 0;

	command(w, "screen terminals");
	vt_sync(w->vt);
	vt_keys(w->vt, "Space", "j", "Space", "D", NULL);
	vt_sync(w->vt);
	if (!vt_has(w->vt, " Really do this?"))
		fail_msg("no question: ...%s", vt_screen(w->vt, false) + strlen(vt_screen(w->vt, false)) - 300);
	judge_bytes(w);
	int box = (w->cols - (w->cols < 70 ? w->cols - 4 : 66)) / 2;
	while (row < w->rows && !(vt_cell(w->vt, row, box + 1, &width) == 'R' && vt_cell(w->vt, row, box + 2, &width) == 'e'))
		row++;
	assert_true(row < w->rows);
	for (row += 2; vt_cell(w->vt, row, box + 3, &width) == '-'; row++)
		continue;
	while (row < w->rows && vt_cell(w->vt, row, box + 1, &width) != 'y') {
		assert_true(vt_cell(w->vt, row, box + 1, &width) == 0 || vt_cell(w->vt, row, box + 1, &width) == ' ');
		row++;
	}
	assert_true(row < w->rows - 4);
	vt_keys(w->vt, "n", "Esc", NULL);
	judge_bytes(w);
}

static void walk_all(int rows, int cols, const char *lang)
{
	static const char *const names[] = {
#define SCREEN(symbol) #symbol,
#include "tui/screen/screens.def"
#undef SCREEN
	};
	struct strbuf themes = { 0 };

	strbuf_addf(&themes, "HOSHU_DATADIR=%s/data", getenv("HOSHU_SRCDIR"));
	const char *const env[] = { FLOOD_CLOCK, strbuf_text(&themes), NULL };
	const char *const words[] = { "--contract", strbuf_text(&contract), "--lang", lang, NULL };
	struct walk w = { .rows = rows, .cols = cols,
			  .vt = vt_spawn(desk_argv(&desk, words), &(struct vt_options){ .rows = rows, .cols = cols, .env = env }) };
	vt_sync(w.vt);
	vt_forget_output(w.vt);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		visit(&w, names[i]);
	read_raw(&w);
	fill_forms(&w);
	try_prompt(&w, (unsigned long)cols * 1000);
	if (strcmp(lang, "en") == 0)
		see_question(&w);
	command(&w, "quit");
	assert_int_equal(vt_exit_code(w.vt), 0);
	assert_true(vt_tty_restored(w.vt));
	vt_free(w.vt);
	strbuf_release(&themes);
	strbuf_release(&w.frame);
}

static void every_screen_small(void **state)
{
	(void)state;
	walk_all(24, 80, "en");
}

static void every_screen_large(void **state)
{
	(void)state;
	walk_all(MAX_ROWS, MAX_CELLS, "ja");
}

/* ---- the verbs ---- */

static void run_verb(const char *line, const char *format, struct strbuf *out)
{
	const char *words[16] = { "--contract", strbuf_text(&contract) };
	char copy[128], bytes[65536];
	size_t count = 2;
	int fd, status;
	ssize_t n;

	snprintf(copy, sizeof copy, "%s %s", line, format);
	for (char *word = copy; *word != '\0';) {
		size_t len = strcspn(word, " ");
		if (len > 0)
			words[count++] = word;
		word += len + (word[len] != '\0');
		if (len > 0 && word[-1] == ' ')
			word[-1] = '\0';
	}
	strbuf_clear(out);
	pid_t pid = desk_start(&desk, words, &fd);
	while ((n = read(fd, bytes, sizeof bytes)) > 0)
		strbuf_add(out, bytes, (size_t)n);
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	seen += flood_count(strbuf_text(out));
}

static void judge_json(const char *verb, const struct strbuf *out)
{
	struct json_tokener *reader = json_tokener_new();

	json_tokener_set_flags(reader, JSON_TOKENER_STRICT);
	struct json_object *whole = json_tokener_parse_ex(reader, strbuf_text(out), (int)out->len);
	if (whole == NULL || !json_object_is_type(whole, json_type_object))
		fail_msg("%s: no JSON: %s", verb, json_tokener_error_desc(json_tokener_get_error(reader)));
	for (size_t i = json_tokener_get_parse_end(reader); i < out->len; i++)
		assert_non_null(strchr(" \n", strbuf_text(out)[i]));
	json_object_put(whole);
	json_tokener_free(reader);
	grammar_check_text(strbuf_text(out), out->len, verb);
}

/* Every cell begins harmlessly; no control character is in it but line break and tab; every record has as many cells as the first. */
static void judge_csv(const char *verb, const struct strbuf *out)
{
	const char *p = strbuf_text(out), *end = p + out->len;
	size_t cells = 0, wanted = 0;
	bool quoted = false, begins = true;

	while (p < end) {
		int32_t cp;
		text_decode(p, (size_t)(end - p), &cp);
		if (cp < 0 || (cp >= 0x7f && cp < 0xa0) || (cp < 0x20 && strchr("\r\n\t", cp) == NULL))
			fail_msg("%s: U+%04X in CSV", verb, (unsigned)cp);
		if (begins && cp == '"') {
			quoted = true;
			p++;
			text_decode(p, (size_t)(end - p), &cp);
		}
		if (begins && (strchr("=@\t", cp < 0x80 ? cp : 'x') != NULL || cp == 0xff1d || cp == 0xff0b || cp == 0xff0d || cp == 0xff20 ||
			       ((cp == '+' || cp == '-') && (p[1] < '0' || p[1] > '9'))))
			fail_msg("%s: a cell of CSV begins '%.20s'", verb, p);
		begins = false;
		if (quoted && *p == '"') {
			quoted = p[1] == '"';
			p += quoted ? 2 : 1;
			continue;
		}
		if (!quoted && (*p == ',' || *p == '\n')) {
			cells++;
			begins = true;
			if (*p == '\n') {
				wanted = wanted == 0 ? cells : wanted;
				cells = 0;
			}
		}
		p += text_decode(p, (size_t)(end - p), &cp);
	}
	assert_false(quoted);
}

static void every_reading_verb(void **state)
{
	static const char *const verbs[] = { "status", "ticket list", "patch list", "stop list", "talk list", "consult list", "inventory list",
					     "inventory show", "inventory review", "terminal list", "loan list", "staff list",
					     "deliverable list", "host list", "host keys", "note list", "contract show", "raw ap1", "raw db1", "device", "fsck" };
	struct strbuf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		run_verb(verbs[i], "", &out);
		grammar_check_text(strbuf_text(&out), out.len, verbs[i]);
		run_verb(verbs[i], "--plain", &out);
		for (char *p = out.buf; p != NULL && (p = strchr(p, '\t')) != NULL;)
			*p = ' ';
		grammar_check_text(strbuf_text(&out), out.len, verbs[i]);
		run_verb(verbs[i], "--json", &out);
		judge_json(verbs[i], &out);
		run_verb(verbs[i], "--csv", &out);
		if (strncmp(verbs[i], "raw", 3) == 0) /* the bytes of a server are no table */
			grammar_check_text(strbuf_text(&out), out.len, verbs[i]);
		else
			judge_csv(verbs[i], &out);
	}
	run_verb("history", "--json", &out);
	judge_json("history", &out);
	strbuf_release(&out);
}

static void enough_was_seen(void **state)
{
	(void)state;
	print_message("%lu strings seen on %lu screens\n", seen, screens);
	assert_true(seen >= WANTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_screen_large),
		cmocka_unit_test(every_screen_small),
		cmocka_unit_test(every_reading_verb),
		cmocka_unit_test(enough_was_seen),
	};

	return cmocka_run_group_tests_name("hostile data", tests, start, stop);
}
