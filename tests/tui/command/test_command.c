/* From words to a checked run, and from a run to text, JSON and CSV. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "data/contract/load.h"
#include "tui/command/arg.h"
#include "tui/command/command.h"
#include "tui/command/output.h"

#define NOW INT64_C(1791938520) /* 2026-10-14 09:42 JST */

static struct contract *contract;

static const struct choice grades[] = { { "major", "heavy" }, { "minor", "light" }, { NULL, NULL } };
static const struct arg args[] = {
	{ "title", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, "title" },
	{ "grade", ARG_CHOICE, 0, "grade", grades },
	{ "site", ARG_SITE, ARG_MANY, "site" },
	{ "at", ARG_TIME, 0, "at" },
	{ "day", ARG_DAY, 0, "day" },
	{ "count", ARG_NUMBER, 0, "count" },
	{ "quiet", ARG_FLAG, 0, "quiet" },
	{ "body", ARG_LONG_TEXT, ARG_POSITIONAL | ARG_REST, "body" },
	{ NULL },
};

static int do_nothing(struct run *run, struct err *err)
{
	(void)run;
	(void)err;
	return 0;
}

static const struct command verb = { .name = "try it", .summary = "try", .args = args, .exec = do_nothing };

static int parse(struct run *run, const char *line, struct err *err)
{
	struct words w;

	run_init(run, &verb);
	run->contract = contract;
	run->now = NOW;
	int rc = words_split(&w, line, err);
	if (rc == 0)
		rc = run_parse(run, w.list.v, w.list.len, err);
	words_release(&w);
	return rc;
}

static void words_are_cut_as_people_type_them(void **state)
{
	static const struct {
		const char *line, *words[5];
		int rc;
	} cases[] = {
		{ "a b", { "a", "b" }, 0 },
		{ "  a\t\"b c\"  ", { "a", "b c" }, 0 },
		{ "a\xe3\x80\x80" "b", { "a", "b" }, 0 },
		{ "'it is' \\\"x", { "it is", "\"x" }, 0 },
		{ "a\"b c\"d", { "ab cd" }, 0 },
		{ "''", { "" }, 0 },
		{ "\"open", { "open" }, HS_ERR_USAGE },
		{ "", { NULL }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct words w;
		struct strbuf line = { 0 };
		size_t n = 0;
		assert_int_equal(words_split(&w, cases[i].line, NULL), cases[i].rc);
		for (; cases[i].words[n] != NULL; n++) {
			assert_true(n < w.list.len);
			assert_string_equal(w.list.v[n], cases[i].words[n]);
			words_quote(w.list.v[n], &line);
			strbuf_add_char(&line, ' ');
		}
		assert_int_equal(w.list.len, n);
		words_release(&w);
		assert_int_equal(words_split(&w, strbuf_text(&line), NULL), 0);
		assert_int_equal(w.list.len, n);
		for (size_t k = 0; k < n; k++)
			assert_string_equal(w.list.v[k], cases[i].words[k]);
		words_release(&w);
		strbuf_release(&line);
	}
}

static void a_line_becomes_values(void **state)
{
	struct run run;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(parse(&run, "\"no answer\" --grade=maj --site honkan --site \xe9\xa6\x99\xe6\x97\xa5\xe5\x90\x91 "
				     "--at \xef\xbc\x91\xef\xbc\x94:30 --day 10/20 --count \xef\xbc\x97 --quiet and the rest", &err), 0);
	assert_string_equal(run_text(&run, "title"), "no answer");
	assert_string_equal(run_text(&run, "grade"), "major");
	assert_string_equal(run_nth(&run, "site", 0), "honkan");
	assert_string_equal(run_nth(&run, "site", 1), "kahinata");
	assert_null(run_nth(&run, "site", 2));
	assert_int_equal(run_number(&run, "at"), NOW + (14 - 9) * 3600 - 12 * 60);
	assert_int_equal(run_number(&run, "day"), day_from_civil(2026, 10, 20));
	assert_int_equal(run_number(&run, "count"), 7);
	assert_true(run_given(&run, "quiet"));
	assert_string_equal(run_text(&run, "body"), "and the rest");
	assert_null(run_missing(&run));
	assert_int_equal(run_exec(&run, &err), 0);
	run_release(&run);
}

static void what_is_wrong_is_said(void **state)
{
	static const struct {
		const char *line, *said;
		int rc;
	} cases[] = {
		{ "x --grade huge", "major, minor", HS_ERR_INVALID },
		{ "x --grade m", "major, minor", HS_ERR_INVALID },
		{ "x --site nowhere", "honkan", HS_ERR_INVALID },
		{ "x --at 25:00", "25:00", HS_ERR_INVALID },
		{ "x --day 2026-02-30", "2026-02-30", HS_ERR_INVALID },
		{ "x --count 1.5", "whole number", HS_ERR_INVALID },
		{ "x --count 99999999999999999999", "whole number", HS_ERR_INVALID },
		{ "x --quiet=1", "takes no value", HS_ERR_USAGE },
		{ "x --count", "wants a value", HS_ERR_USAGE },
		{ "x --nothing", "has no option", HS_ERR_USAGE },
		{ "\x1b[2J", "control character", HS_ERR_INVALID },
		{ "\xe3\x81", "UTF-8", HS_ERR_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct run run;
		struct err err = { 0 };
		struct strbuf text = { 0 };
		assert_int_equal(parse(&run, cases[i].line, &err), cases[i].rc);
		err_format(&err, NULL, &text);
		if (strstr(strbuf_text(&text), cases[i].said) == NULL)
			fail_msg("%s: %s", cases[i].line, strbuf_text(&text));
		strbuf_release(&text);
		run_release(&run);
	}
}

static void the_verb_is_not_run_without_what_it_needs(void **state)
{
	static const struct command console = { .name = "c", .summary = "c", .flags = CMD_CONSOLE, .exec = do_nothing };
	struct run run;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(parse(&run, "--count 1", &err), 0);
	assert_string_equal(run_missing(&run)->name, "title");
	assert_int_equal(run_exec(&run, &err), HS_ERR_USAGE);
	assert_int_equal(run_set(&run, run_missing(&run), "x", &err), 0);
	assert_int_equal(run_exec(&run, &err), 0);
	run.contract = NULL;
	assert_int_equal(run_exec(&run, &err), HS_ERR_STATE);
	run_release(&run);
	run_init(&run, &console);
	run.contract = contract;
	assert_int_equal(run_exec(&run, &err), HS_ERR_USAGE);
	run_release(&run);
}

/* ---- output ---- */

static const struct table_column columns[] = {
	{ "name", "Name", CELL_TEXT, -1 },
	{ "count", "Count", CELL_INT, 1 },
	{ "at", "At", CELL_TIME, -1 },
};

static void print(struct output *o, enum output_format format)
{
	struct table t;

	output_init(o, format, 32400);
	table_init(&t, "things", columns, 3);
	table_text(&t, "=HYPERLINK(\"x\")");
	table_number(&t, -5);
	table_number(&t, NOW);
	table_text(&t, "\xe6\x9c\xac\xe9\xa4\xa8\x1b[2J, \"two\"\nlines");
	table_number(&t, TIME_NONE);
	table_number(&t, TIME_NONE);
	output_table(o, &t);
	SAY(o, "done {1}", "x\x1b]0;");
	output_finish(o, "try it", NULL);
}

static void csv_is_inert_and_says_so(void **state)
{
	struct output o;

	(void)state;
	print(&o, OUTPUT_CSV);
	assert_string_equal(strbuf_text(&o.body),
			    "name('),count,at\r\n\"'=HYPERLINK(\"\"x\"\")\",-5,2026-10-14 09:42:00\r\n"
			    "\"\xe6\x9c\xac\xe9\xa4\xa8 [2J, \"\"two\"\"\nlines\",,\r\n");
	output_release(&o);
}

static void json_is_json(void **state)
{
	struct output o;

	(void)state;
	print(&o, OUTPUT_JSON);
	struct json_object *whole = json_tokener_parse(strbuf_text(&o.body)), *things, *at;
	assert_non_null(whole);
	assert_int_equal(json_object_get_int(json_object_object_get(whole, "hoshu")), OUTPUT_JSON_VERSION);
	assert_true(json_object_get_boolean(json_object_object_get(whole, "ok")));
	things = json_object_object_get(whole, "things");
	assert_int_equal(json_object_array_length(things), 2);
	at = json_object_object_get(json_object_array_get_idx(things, 0), "at");
	assert_string_equal(json_object_get_string(at), "2026-10-14T09:42:00+09:00");
	assert_string_equal(json_object_get_string(json_object_object_get(json_object_array_get_idx(things, 0), "name")),
			    "=HYPERLINK(\"x\")");
	assert_null(json_object_object_get(json_object_array_get_idx(things, 1), "at"));
	assert_int_equal(json_object_array_length(json_object_object_get(whole, "messages")), 1);
	json_object_put(whole);
	output_release(&o);
}

static void text_is_aligned_and_clean(void **state)
{
	struct output o;

	(void)state;
	print(&o, OUTPUT_TEXT);
	const char *line = strchr(strbuf_text(&o.body), '\n') + 1;
	assert_null(strchr(strbuf_text(&o.body), '\x1b'));
	assert_null(strchr(strbuf_text(&o.messages), '\x1b'));
	assert_memory_equal(line, "=HYPERLINK(\"x\")", 15);
	assert_non_null(strstr(line, "   -5  2026-10-14 09:42\n"));
	output_release(&o);
	print(&o, OUTPUT_PLAIN);
	assert_memory_equal(strbuf_text(&o.body), "=HYPERLINK(\"x\")\t-5\t2026-10-14 09:42:00\n", 39);
	output_release(&o);
}

static void an_error_is_in_the_json(void **state)
{
	struct output o;
	struct err err = { 0 };

	(void)state;
	ERR(&err, HS_ERR_NOT_FOUND, "there is no '{1}'", "S9");
	output_init(&o, OUTPUT_JSON, 0);
	output_finish(&o, "ticket show", &err);
	assert_string_equal(strbuf_text(&o.body),
			    "{\"hoshu\":1,\"verb\":\"ticket show\",\"ok\":false,\"error\":{\"code\":\"not-found\","
			    "\"message\":\"there is no 'S9'\"},\"messages\":[]}\n");
	output_release(&o);
}

static int load(void **state)
{
	struct complaints complaints = { 0 };
	struct strbuf path = { 0 };
	const char *dir = getenv("HOSHU_SRCDIR");

	(void)state;
	strbuf_addf(&path, "%s/data/contract/satte.conf", dir != NULL ? dir : ".");
	struct err err = { 0 };
	int rc = contract_load(strbuf_text(&path), &contract, &complaints, &err);
	if (rc != 0) {
		struct strbuf text = { 0 };
		err_format(&err, NULL, &text);
		print_error("%s\n", strbuf_text(&text));
		strbuf_release(&text);
	}
	complaints_release(&complaints);
	strbuf_release(&path);
	return rc;
}

static int unload(void **state)
{
	(void)state;
	contract_free(contract);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_cut_as_people_type_them),
		cmocka_unit_test(a_line_becomes_values),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(the_verb_is_not_run_without_what_it_needs),
		cmocka_unit_test(csv_is_inert_and_says_so),
		cmocka_unit_test(json_is_json),
		cmocka_unit_test(text_is_aligned_and_clean),
		cmocka_unit_test(an_error_is_in_the_json),
	};

	return cmocka_run_group_tests_name("tui/command", tests, load, unload);
}
