/* What a contract file may say and what it may not: traps of the library below, values, and mistakes of meaning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/contract/load.h"
#include "tests/data/contract/files.h"

static struct strbuf base; /* other-city.conf */

static int read_base(void **state)
{
	(void)state;
	read_whole("tests/data/contract/other-city.conf", &base);
	return base.len == 0;
}

static int release_base(void **state)
{
	(void)state;
	strbuf_release(&base);
	return 0;
}

/* Every complaint about the text, one a line; "" when it is a contract. */
static void complaints_of(const char *bytes, size_t len, struct strbuf *out)
{
	struct complaints complaints = { 0 };
	struct contract *c;
	struct err err = { 0 };

	int rc = contract_parse("f", bytes, len, &c, &complaints, &err);
	assert_int_equal(rc == 0, complaints.list.len == 0);
	assert_int_equal(rc == 0, c != NULL);
	if (rc != 0) {
		assert_int_equal(rc, HS_ERR_INVALID);
		assert_non_null(err.msg.id);
	}
	format_complaints(&complaints, out);
	contract_free(c);
	complaints_release(&complaints);
}

static void expect_complaint(const char *what, const char *with, size_t len, const char *text, bool same_line)
{
	struct strbuf changed = { 0 }, got = { 0 }, want = { 0 };

	int line = replace_once(strbuf_text(&base), what, with, len, &changed);
	if (line == 0)
		fail_msg("'%s' is not in the file", what);
	complaints_of(changed.buf, changed.len, &got);
	if (same_line)
		strbuf_addf(&want, "f:%d: ", line);
	strbuf_add_text(&want, text);
	if (strstr(strbuf_text(&got), strbuf_text(&want)) == NULL)
		fail_msg("'%s' -> '%s': wanted '%s', got '%s'", what, with, strbuf_text(&want), strbuf_text(&got));
	strbuf_release(&changed);
	strbuf_release(&got);
	strbuf_release(&want);
}

/* ---- what is right ---- */

static void another_city_loads(void **state)
{
	struct complaints complaints = { 0 };
	struct contract *c;

	(void)state;
	assert_int_equal(contract_parse("f", base.buf, base.len, &c, &complaints, NULL), 0);
	assert_string_equal(c->id, "kaede-2");
	assert_int_equal(c->offset_s, -(3 * 3600 + 30 * 60));
	assert_int_equal(c->from_day, day_from_civil(2027, 1, 1));
	assert_int_equal(c->go_live_day, day_from_civil(2027, 2, 15));
	assert_int_equal(c->business_from_s, 9 * 3600);
	assert_int_equal(c->business_to_s, 86400);
	assert_int_equal(c->reception_closed_from_md, 810);
	assert_int_equal(c->reception_closed_to_md, 820);
	assert_int_equal(c->extra_holiday_count, 2);
	assert_int_equal(c->extra_holidays[1], day_from_civil(2028, 2, 29));
	assert_int_equal(c->library_closed_weekdays, 1 | 64);
	assert_int_equal(c->recovery_target_s, 8 * 3600);
	assert_true(c->self_detected_counts);
	assert_false(c->sudden_stop_counts);
	assert_int_equal(c->meeting_months, 3);
	assert_string_equal(c->meeting_roles[0], "pm");
	assert_null(c->meeting_roles[1]);
	assert_int_equal(c->staff_managers, 2);
	assert_int_equal(c->warranty_months, 24);
	assert_string_equal(contract_phase(c, "all")->items[0].name.en, "Done");
	const struct service *desk = contract_service(c, "desk");
	assert_int_equal(desk->window.kind, OPEN_DAILY);
	assert_int_equal(desk->window.to_s, 17 * 3600 + 1800);
	assert_string_equal(desk->window.except[1], "12-31");
	assert_true(desk->window.library_closed_days);
	const struct host *box = contract_host(c, "box");
	assert_string_equal(box->kind, "server");
	assert_true(box->probe);
	assert_int_equal(box->port, 2222);
	assert_string_equal(box->key_file + strlen(box->key_file) - 10, "/.ssh/care");
	assert_int_equal(box->key_file[0], '/');
	assert_true(host_in_group(box, "all"));
	const struct check *disk = contract_check_by_id(c, "box-disk"), *ssh = contract_check_by_id(c, "box-ssh");
	assert_int_equal(disk->interval_s, 3600);
	assert_int_equal(ssh->interval_s, 30);
	assert_int_equal(ssh->failures, 5);
	assert_string_equal(disk->site, "main");
	assert_int_equal(disk->warn, 70);
	assert_true(ssh->warn == TIME_NONE);
	assert_false(disk->opens_ticket);
	assert_true(flow_stage(contract_flow(c, "incident"), "shut")->closes);
	assert_string_equal(contract_counterpart(c, "stop")->body.ja, "町長");
	assert_int_equal(c->eras[0].from_day, day_from_civil(2060, 1, 1));
	contract_free(c);
	complaints_release(&complaints);
}

static void line_ends_of_windows_and_a_mark_are_fine(void **state)
{
	struct strbuf text = { 0 }, got = { 0 };

	(void)state;
	strbuf_add_text(&text, "\xef\xbb\xbf");
	for (const char *p = base.buf; *p != '\0'; p++) {
		if (*p == '\n')
			strbuf_add_char(&text, '\r');
		strbuf_add_char(&text, *p);
	}
	complaints_of(text.buf, text.len, &got);
	assert_string_equal(strbuf_text(&got), "");
	strbuf_release(&text);
	strbuf_release(&got);
}

/* ---- traps below ---- */

static const struct trap {
	const char *what, *with;
	const char *complaint;
} traps[] = {
	{ "# An", "@include \".\"\n#", "@include is not allowed; put everything into one file" },
	{ "# An", "@include \"/dev/zero\"\n#", "@include is not allowed" },
	{ "# An", "  @include \"x\"\n#", "@include is not allowed" },
	{ "# An", "# @include \"x\"\n#", "@include is not allowed" },
	{ "# An", "/* @include \"x\" */\n#", "@include is not allowed" },
	{ "Test & Sons", "@include", "@include is not allowed" },
	{ "number = 7", "number = 99999999999", "99999999999 is not a number that can be used here" },
	{ "number = 7", "number = 18446744073709551623", "18446744073709551623 is not a number that can be used here" },
	{ "number = 7", "number = 4294967303", "4294967303 is not a number that can be used here" },
	{ "number = 7", "number = 2147483648", "2147483648 is not a number that can be used here" },
	{ "number = 7", "number = -2147483649", "-2147483649 is not a number that can be used here" },
	{ "number = 7", "number = 0xFFFFFFFFFF", "0xFFFFFFFFFF is not a number that can be used here" },
	{ "number = 7", "number = 0x7", "0x7 is not a number that can be used here" },
	{ "number = 7", "number = 7L", "7L is not a number that can be used here" },
	{ "number = 7", "number = 7.0", "7.0 is not a number that can be used here" },
	{ "number = 7", "number = 1e400", "1e400 is not a number that can be used here" },
	{ "number = 7", "number = .5", ".5 is not a number that can be used here" },
	{ "number = 7", "number = 07", "07 is not a number that can be used here" },
	{ "number = 7", "number = 7x", "7x is not a number that can be used here" },
	{ "number = 7", "number = --7", "--7 is not a number that can be used here" },
	{ "number = 7", "number = +", "+ is not a number that can be used here" },
	{ "Test & Sons", "Test\\x00Sons", "\\x is not allowed in a text; write \\\" for a quote and \\\\ for a backslash" },
	{ "Test & Sons", "Test\\x1b[2J", "\\x is not allowed in a text" },
	{ "Test & Sons", "Test\\n", "\\n is not allowed in a text" },
	{ "Test & Sons", "Test\\q", "\\q is not allowed in a text" },
	{ "Test & Sons", "Test\xff\xfeSons", "this line is not UTF-8; save the file as UTF-8" },
	{ "Test & Sons", "Test\xe3\x81", "this line is not UTF-8" },
	{ "Test & Sons", "\xc0\xaf", "this line is not UTF-8" },
	{ "Test & Sons", "\xed\xa0\x80", "this line is not UTF-8" },
	{ "Test & Sons", "\xf4\x90\x80\x80", "this line is not UTF-8" },
	{ "# An", "# \x83\x65\x83\x58\x83\x67\n#", "this line is not UTF-8" },
	{ "Test & Sons", "Test\x1b[2J", "the invisible character U+001B is not allowed; delete it" },
	{ "Test & Sons", "Test\x7f", "the invisible character U+007F is not allowed" },
	{ "Test & Sons", "Test\xc2\x9b", "the invisible character U+009B is not allowed" },
	{ "Test & Sons", "Test\xe2\x80\xae", "the invisible character U+202E is not allowed" },
	{ "Test & Sons", "Test\xe2\x81\xa6", "the invisible character U+2066 is not allowed" },
	{ "# An", "#\xe2\x80\xae\n#", "the invisible character U+202E is not allowed" },
	{ "# An", "\r#", "the invisible character U+000D is not allowed" },
	{ "# An", "\f#", "the invisible character U+000C is not allowed" },
	{ "# An", "/* never ends\n#", "the comment that begins here is never closed with */" },
	{ "\"Test & Sons\"", "\"Test & Sons", "the text that begins here is not closed with \" on its line" },
	{ "\"Test & Sons\"", "\"Test \\\"", "the text that begins here is not closed with \" on its line" },
	{ "[ \"sun\", \"sat\" ]", "[ \"sun\", ]", "a comma stands before ']'; delete it" },
	{ "( { id = \"all\"; name = [ \"全部\", \"All\" ]; } )", "( { id = \"all\"; name = [ \"全部\", \"All\" ]; }, )",
	  "a comma stands before ')'; delete it" },
	{ "# An", "a=((((((((((((1))))))))))));\n#", "there is no setting 'a' here" },
	{ "# An", "a=(((((((((((((1)))))))))))));\n#", "brackets are nested too deep; 12 levels are allowed" },
	{ "# An", "a={b={c={d={e={f={g={h={i={j={k={l={m={};};};};};};};};};};};};};\n#", "brackets are nested too deep" },
	{ "zone = ", "id = \"twice\"; zone = ", "this setting stands twice in its group; delete one of them" },
	{ "[ \"sun\", \"sat\" ]", "[ \"sun\", 6 ]", "square brackets hold values of one kind only; use round brackets for a list of groups" },
	{ "[ \"sun\", \"sat\" ]", "[ {}, {} ]", "this line is not understood" },
	{ "zone = ", "zone ", "this line is not understood" },
	{ "zone = ", "= ", "this line is not understood" },
	{ "zone = ", "\xe5\x9c\xb0 = ", "this line is not understood" },
	{ "zone = ", "} zone = ", "this line is not understood" },
	{ "zone = ", "zone.sub = ", "this line is not understood" },
};

static void traps_are_closed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof traps / sizeof *traps; i++)
		expect_complaint(traps[i].what, traps[i].with, strlen(traps[i].with), traps[i].complaint, false);
	expect_complaint("Test & Sons", "Te\0st", 5, "the invisible character U+0000 is not allowed", true);
	expect_complaint("# An", "a\0b", 3, "the invisible character U+0000 is not allowed", true);
}

static void the_line_is_named(void **state)
{
	(void)state;
	expect_complaint("number = 7", "number = 99999999999", 20, "99999999999 is", true);
	expect_complaint("Test & Sons", "\\x00", 4, "\\x is", true);
	expect_complaint("\"Test & Sons\"", "\"Test", 5, "the text that begins here", true);
}

static void many_settings_end_quickly(void **state)
{
	struct strbuf text = { 0 }, got = { 0 };

	(void)state;
	for (int i = 0; i < 60000; i++)
		strbuf_addf(&text, "a%d=1;", i);
	complaints_of(text.buf, text.len, &got);
	assert_string_equal(strbuf_text(&got), "f:1: there are too many settings; 1000 in a group and 20000 in a file are allowed\n");
	strbuf_release(&text);
	strbuf_release(&got);
}

static void a_mebibyte_is_the_most(void **state)
{
	struct strbuf text = { 0 };
	struct complaints complaints = { 0 };
	struct contract *c;

	(void)state;
	strbuf_add(&text, base.buf, base.len);
	strbuf_pad(&text, '\n', 1024 * 1024 - text.len);
	assert_int_equal(contract_parse("f", text.buf, text.len, &c, &complaints, NULL), 0);
	contract_free(c);
	strbuf_add_char(&text, '\n');
	assert_int_equal(contract_parse("f", text.buf, text.len, &c, &complaints, NULL), HS_ERR_LIMIT);
	assert_null(c);
	strbuf_release(&text);
	complaints_release(&complaints);
}

/* ---- values ---- */

#define WRONG_TYPES "1", "true", "{ }", "( )", "[ 1 ]", "[ true ]"
static const struct values {
	const char *what;     /* stands in the file */
	const char *setting;  /* how it is written before the value */
	const char *complaint;
	const char *bad[16];
} values[] = {
	{ "zone = \"-03:30\"", "zone = ", "'zone' takes the difference to UTC, written \"+09:00\"; found ",
	  { "\"09:00\"", "\"+9:00\"", "\"+15:00\"", "\"+09:60\"", "\"JST\"", "\"\"", "\"+09:00 \"", WRONG_TYPES } },
	{ "business = { from = \"09:00\"", "business = { from = ", "'from' takes a time of day, \"00:00\" to \"24:00\"; found ",
	  { "\"9:00\"", "\"24:01\"", "\"25:00\"", "\"09:60\"", "\"0900\"", "\"09:00:00\"", "\"\"", "\"-9:00\"", "\"09:0a\"", WRONG_TYPES } },
	{ "term = { from = \"2027-01-01\"", "term = { from = ",
	  "'from' takes a day that exists, written \"2026-10-01\"; found ",
	  { "\"2027-02-29\"", "\"2027-1-1\"", "\"2027/01/01\"", "\"20270101\"", "\"0000-00-00\"", "\"2027-13-01\"", "\"2027-04-31\"",
	    "\"1899-12-31\"", "\"2200-01-01\"", WRONG_TYPES } },
	{ "closed_from = \"08-10\"", "closed_from = ",
	  "'closed_from' takes a month and a day that exist, written \"12-29\"; found ",
	  { "\"8-10\"", "\"13-01\"", "\"02-30\"", "\"00-10\"", "\"08-00\"", "\"0810\"", "\"08/10\"", WRONG_TYPES } },
	{ "target = \"8h\"", "target = ",
	  "'target' takes a span such as \"30s\", \"5m\", \"48h\" or \"7d\", from 60 to 31536000 seconds; found ",
	  { "\"8\"", "\"h\"", "\"8hours\"", "\"-8h\"", "\"59s\"", "\"366d\"", "\"9999999999h\"", "\"8 x\"", "\"\"", WRONG_TYPES } },
	{ "months = 3", "months = ", "'months' takes a whole number from 1 to 24; found ",
	  { "0", "-1", "25", "2147483647", "\"3\"", "true", "{ }", "( )", "[ 3 ]" } },
	{ "port = 2222", "port = ", "'port' takes a whole number from 1 to 65535; found ",
	  { "0", "-22", "65536", "\"ssh\"", "\"22\"", "false" } },
	{ "warn = 70", "warn = ", "'warn' takes a whole number from 0 to 2147483647; found ", { "-1", "\"70%\"", "true" } },
	{ "self_detected_counts = true", "self_detected_counts = ", "'self_detected_counts' takes true or false; found ",
	  { "1", "0", "\"true\"", "{ }", "[ true ]" } },
	{ "id = \"kaede-2\"", "id = ",
	  "'id' takes an id in double quotes: a small letter, then up to 30 small letters, digits, - or _; found ",
	  { "\"Kaede\"", "\"2kaede\"", "\"ka de\"", "\"../x\"", "\"a/b\"", "\"-a\"", "\"\"", "\"楓\"",
	    "\"abcdefghijklmnopqrstuvwxyzabcdef\"", WRONG_TYPES } },
	{ "address = \"192.0.2.7\"", "address = ", "'address' takes a host name or an address in double quotes; found ",
	  { "\"-oProxyCommand=x\"", "\"a b\"", "\"a;b\"", "\"a/b\"", "\"user@host\"", "\"ホスト\"", "\"$(x)\"", WRONG_TYPES } },
	{ "key_file = \"~/.ssh/care\"", "key_file = ", "'key_file' takes a path in double quotes that begins with / or ~/; found ",
	  { "\"id_rsa\"", "\"./id\"", "\"~care/id\"", "\"../id\"", WRONG_TYPES } },
	{ "name = [ \"窓口\", \"Desk\" ]", "name = ", "'name' takes a name in Japanese and in English: [ \"..\", \"..\" ]; found ",
	  { "\"Desk\"", "[ \"Desk\" ]", "[ \"a\", \"b\", \"c\" ]", "[ \"\", \"b\" ]", "[ \"a\", \"\" ]", "[ 1, 2 ]", "[ ]",
	    "( \"a\", \"b\" )", "{ }", "1" } },
	{ "attend = [ \"pm\" ]", "attend = ", "'attend' takes words in square brackets, each one of pm, engineer, sales; found ",
	  { "\"pm\"", "[ \"PM\" ]", "[ \"pm\", \"boss\" ]", "[ 1 ]", "( \"pm\" )", "{ }" } },
	{ "closed_weekdays = [ \"sun\", \"sat\" ]", "closed_weekdays = ",
	  "'closed_weekdays' takes words in square brackets, each one of sun, mon, tue, wed, thu, fri, sat; found ",
	  { "\"sun\"", "[ \"Sunday\" ]", "[ 0 ]", "[ \"日\" ]" } },
	{ "holidays = [ \"2027-05-10\", \"2028-02-29\" ]", "holidays = ",
	  "'holidays' takes days in square brackets: [ \"2026-10-01\", .. ]; found ",
	  { "[ \"2027-02-29\" ]", "[ \"05-10\" ]", "\"2027-05-10\"", "[ 20270510 ]", "( \"2027-05-10\" )" } },
	{ "except = [ \"02-29\", \"12-31\" ]", "except = ",
	  "'except' takes days of the year in square brackets: [ \"12-29\", .. ]; found ",
	  { "[ \"02-30\" ]", "[ \"12-32\" ]", "\"12-31\"", "[ 1231 ]" } },
	{ "uses = [ \"desk\" ]", "uses = ", "'uses' takes ids in square brackets: [ \"..\", \"..\" ]; found ",
	  { "\"desk\"", "[ \"Desk\" ]", "[ 1 ]", "{ }", "( )" } },
	{ "kind = \"online\"", "kind = ", "'kind' takes one of online, backup, security, log; found ",
	  { "\"Online\"", "\"web\"", "\"\"", WRONG_TYPES } },
	{ "window = { kind = \"24x7\"; }", "window = ", "'window' takes settings in braces: { .. }; found ",
	  { "\"24x7\"", "( { kind = \"24x7\"; } )", "[ \"24x7\" ]", "24" } },
	{ "sites = (", "sites = ", "'sites' takes a list of groups in round brackets: ( { .. }, { .. } ), at most 200; found ",
	  { "{ }; x = (", "\"main\"; x = (", "[ \"main\" ]; x = (", "1; x = (", "( 1 ); x = (" } },
	{ "letter = \"K\"", "letter = ", "'letter' takes one to three capital letters in double quotes; found ",
	  { "\"k\"", "\"ABCD\"", "\"\"", "\"1\"", WRONG_TYPES } },
	{ "address = \"楓町 1\"", "address = ", "'address' takes text in double quotes, 0 to 200 bytes; found ", { "1", "true", "[ \"a\" ]" } },
};

static void values_are_checked(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		for (const char *const *bad = values[i].bad; bad < values[i].bad + 16 && *bad != NULL; bad++, count++) {
			struct strbuf with = { 0 };
			strbuf_addf(&with, "%s%s", values[i].setting, *bad);
			expect_complaint(values[i].what, with.buf, with.len, values[i].complaint, true);
			strbuf_release(&with);
		}
	}
	assert_true(count > 150);
}

static void a_long_text_is_refused(void **state)
{
	struct strbuf with = { 0 };

	(void)state;
	strbuf_add_text(&with, "address = \"");
	strbuf_pad(&with, 'a', 201);
	strbuf_add_text(&with, "\"");
	expect_complaint("address = \"楓町 1\"", with.buf, with.len, "'address' takes text in double quotes, 0 to 200 bytes; found", true);
	strbuf_release(&with);
}

/* ---- names and meaning ---- */

static const struct trap mistakes[] = {
	{ "zone = ", "zoen = ", "there is no setting 'zoen' here; did you mean 'zone'?" },
	{ "uses = [", "use = [", "there is no setting 'use' here; did you mean 'uses'?" },
	{ "zone = ", "q = 1; zone = ", "there is no setting 'q' here; known are id, name, short, client" },
	{ "zone = ", "* = 1; zone = ", "there is no setting '*' here" },
	{ "months = 3; ", "month = 3; ", "the setting 'months' is missing in 'meetings'" },
	{ "id = \"kaede-2\";", "", "f: the setting 'id' is missing in this file" },
	{ "number = 7; ", "", "the setting 'number' is missing in 'main'" },
	{ "uses = [ \"desk\" ]", "uses = [ \"dsk\" ]", "'main': uses names 'dsk', which is not defined; known are: desk, store" },
	{ "needs = [ \"box\"", "needs = [ \"bax\"", "'desk': needs names 'bax', which is not defined; known are: desk, store, box, gate" },
	{ "checks = [ \"box-ssh\" ]", "checks = [ \"nix\" ]", "'desk': checks names 'nix', which is not defined; known are: box-ssh, box-disk" },
	{ "site = \"main\"", "site = \"mine\"", "'box': site names 'mine', which is not defined; known are: main" },
	{ "via = \"box\"", "via = \"gate\"", "host 'gate' is reached through itself; change its 'via'" },
	{ "via = \"box\"", "via = \"none\"", "'gate': via names 'none', which is not defined; known are: box, gate" },
	{ "groups = [ \"all\" ]", "groups = [ \"al\" ]", "'box': groups names 'al', which is not defined; known are: all" },
	{ "kind = \"24x7\"; }; }", "kind = \"24x7\"; }; needs = [ \"desk\" ]; }",
	  "service 'store' needs itself, or something that goes in a circle; remove one of its 'needs'" },
	{ "to = \"17:30\"", "to = \"08:30\"", "'desk': the hours end before they begin; 'from' must be earlier than 'to'" },
	{ "from = \"09:00\"; to = \"17:30\";", "", "'desk': the hours end before they begin" },
	{ "to = \"24:00\"", "to = \"09:00\"", "'business': the hours end before they begin" },
	{ "to = \"2028-12-31\"", "to = \"2026-12-31\"", "the contract's term ends before it begins; 'to' must not be before 'from'" },
	{ "id = \"store\"", "id = \"desk\"", "'desk' is defined twice in 'services'; the first stands in line 27" },
	{ "id = \"gate\"", "id = \"box\"", "'box' is defined twice in 'hosts'" },
	{ "id = \"shut\"", "id = \"open\"", "'open' is defined twice in 'stages'" },
	{ "id = \"store\"", "id = \"gate\"", "service 'gate' has the id of a host; give one of them another" },
	{ "closes = true;", "", "flow 'incident' never ends; one of its stages needs closes = true" },
	{ "id = \"incident\"", "id = \"issue\"", "the flow 'incident' is missing; faults need one in 'flows'" },
	{ "id = \"incident\"", "id = \"accident\"", "'id' takes one of incident, issue, inquiry, request, change, security, work; found \"accident\"" },
	{ "day = 29;", "day = 30;", "'paper' is due every year and needs a month and a day that exist" },
	{ "rule = \"yearly\"", "rule = \"after-meeting\"", "'paper' is due after a meeting and needs business_days, 1 or more" },
	{ "kind = \"disk\"", "kind = \"disc\"", "check 'box-disk': there is no kind 'disc'; known are ssh, tcp" },
	{ "host = \"box\"; path", "host = \"bx\"; path", "'box-disk': host names 'bx', which is not defined" },
	{ "user = \"care\"; key_file", "key_file", "host 'box' is to be probed but has no address or no user; give both, or set probe = false" },
	{ "from = \"2060-01-01\"; }", "from = \"2060-01-01\"; }, { id = \"b\"; letter = \"B\"; name = [ \"乙\", \"B\" ]; from = \"2059-01-01\"; }",
	  "era 'b' begins before the one above it; the oldest comes first" },
	{ "uses = [ \"desk\" ]; }", "uses = [ \"desk\" ]; }, { id = \"two\"; number = 7; name = [ \"二\", \"Two\" ]; }",
	  "site 'two': number 7 is taken by 'main'; each site needs its own" },
};

static void meaning_is_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
		expect_complaint(mistakes[i].what, mistakes[i].with, strlen(mistakes[i].with), mistakes[i].complaint, false);
}

static void all_mistakes_come_at_once(void **state)
{
	static const char text[] = "id = \"Bad\";\nzone = 9;\nnmae = [ \"a\", \"b\" ];\nterm = { from = \"2027-02-30\"; };\n";
	struct strbuf got = { 0 };

	(void)state;
	complaints_of(text, sizeof text - 1, &got);
	const char *const wanted[] = {
		"f:1: 'id' takes an id in double quotes: a small letter, then up to 30 small letters, digits, - or _; found \"Bad\"\n",
		"f: the setting 'name' is missing in this file\n",
		"f:2: 'zone' takes the difference to UTC, written \"+09:00\"; found 9\n",
		"f:3: there is no setting 'nmae' here; did you mean 'name'?\n",
		"f:4: 'from' takes a day that exists, written \"2026-10-01\"; found \"2027-02-30\"\n",
		"f:4: the setting 'to' is missing in 'term'\n",
		"f: the setting 'flows' is missing in this file\n",
	};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (strstr(strbuf_text(&got), wanted[i]) == NULL)
			fail_msg("'%s' is missing in '%s'", wanted[i], strbuf_text(&got));
	strbuf_release(&got);
}

static void complaints_are_counted_beyond_the_limit(void **state)
{
	struct complaints complaints = { 0 };
	struct strbuf text = { 0 };
	struct contract *c;
	struct err err = { 0 };

	(void)state;
	for (int i = 0; i < 500; i++)
		strbuf_addf(&text, "a%d=1;", i);
	assert_int_equal(contract_parse("f", text.buf, text.len, &c, &complaints, &err), HS_ERR_INVALID);
	assert_int_equal(complaints.list.len, COMPLAINTS_MAX);
	assert_true(complaints.dropped > 250);
	assert_true(atol(err.msg.arg[1]) > 450);
	complaints_release(&complaints);
	strbuf_release(&text);
}

/* ---- files ---- */

struct folder {
	char path[64], file[96];
};

static int make_folder(void **state)
{
	struct folder *f = calloc(1, sizeof *f);

	snprintf(f->path, sizeof f->path, "/tmp/hoshu-contract-XXXXXX");
	*state = f;
	if (mkdtemp(f->path) == NULL)
		return -1;
	snprintf(f->file, sizeof f->file, "%s/c.conf", f->path);
	return 0;
}

static int remove_folder(void **state)
{
	struct folder *f = *state;

	unlink(f->file);
	rmdir(f->path);
	free(f);
	return 0;
}

static void put(const struct folder *f, const char *text, mode_t mode)
{
	FILE *file = fopen(f->file, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(f->file, mode), 0);
}

static void a_failing_file_never_replaces_the_one_in_use(void **state)
{
	const struct folder *f = *state;
	struct complaints complaints = { 0 };
	struct strbuf changed = { 0 };
	struct contract *c, *old;
	struct err err = { 0 };

	put(f, strbuf_text(&base), 0600);
	assert_int_equal(contract_load(f->file, &c, &complaints, &err), 0);
	struct contract *first = c;
	put(f, "id = 1;", 0600);
	assert_int_equal(contract_reload(f->file, &c, &old, &complaints, &err), HS_ERR_INVALID);
	assert_ptr_equal(c, first);
	assert_null(old);
	assert_true(complaints.list.len > 0);
	assert_string_equal(complaints.list.v[0].place.file, f->file);
	replace_once(strbuf_text(&base), "kaede-2", "momiji", 6, &changed);
	put(f, strbuf_text(&changed), 0600);
	assert_int_equal(contract_reload(f->file, &c, &old, &complaints, &err), HS_ERR_CONFLICT);
	assert_ptr_equal(c, first);
	strbuf_clear(&changed);
	replace_once(strbuf_text(&base), "months = 3", "months = 4", 10, &changed);
	put(f, strbuf_text(&changed), 0600);
	assert_int_equal(contract_reload(f->file, &c, &old, &complaints, &err), 0);
	assert_ptr_equal(old, first);
	assert_int_equal(c->meeting_months, 4);
	contract_free(old);
	contract_free(c);
	strbuf_release(&changed);
	complaints_release(&complaints);
}

static int load_code(const char *path)
{
	struct complaints complaints = { 0 };
	struct contract *c;
	int rc = contract_load(path, &c, &complaints, NULL);

	contract_free(c);
	complaints_release(&complaints);
	return rc;
}

static void unsafe_files_are_refused(void **state)
{
	const struct folder *f = *state;

	put(f, strbuf_text(&base), 0666);
	assert_int_equal(load_code(f->file), HS_ERR_UNSAFE);
	put(f, strbuf_text(&base), 0664);
	assert_int_equal(load_code(f->file), 0);
	assert_int_equal(load_code(f->path), HS_ERR_UNSAFE);
	assert_int_equal(load_code("/dev/zero"), HS_ERR_UNSAFE);
	unlink(f->file);
	assert_int_equal(load_code(f->file), HS_ERR_NOT_FOUND);
	assert_int_equal(mkfifo(f->file, 0600), 0);
	assert_int_equal(load_code(f->file), HS_ERR_UNSAFE);
}

static void installed_contracts_are_found(void **state)
{
	struct strbuf path = { 0 }, names = { 0 };
	struct err err = { 0 };

	(void)state;
	setenv("HOSHU_DATADIR", getenv("HOSHU_SRCDIR"), 1);
	assert_int_equal(contract_find("satte", &path, &err), 0);
	assert_int_equal(load_code(strbuf_text(&path)), 0);
	contract_names(", ", &names);
	assert_non_null(strstr(strbuf_text(&names), "satte"));
	strbuf_clear(&path);
	assert_int_equal(contract_find("nowhere", &path, &err), HS_ERR_NOT_FOUND);
	assert_int_equal(path.len, 0);
	assert_int_equal(contract_find("../contract/satte", &path, &err), 0);
	assert_string_equal(strbuf_text(&path), "../contract/satte");
	strbuf_release(&path);
	strbuf_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_city_loads),
		cmocka_unit_test(line_ends_of_windows_and_a_mark_are_fine),
		cmocka_unit_test(traps_are_closed),
		cmocka_unit_test(the_line_is_named),
		cmocka_unit_test(many_settings_end_quickly),
		cmocka_unit_test(a_mebibyte_is_the_most),
		cmocka_unit_test(values_are_checked),
		cmocka_unit_test(a_long_text_is_refused),
		cmocka_unit_test(meaning_is_checked),
		cmocka_unit_test(all_mistakes_come_at_once),
		cmocka_unit_test(complaints_are_counted_beyond_the_limit),
		cmocka_unit_test_setup_teardown(a_failing_file_never_replaces_the_one_in_use, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(unsafe_files_are_refused, make_folder, remove_folder),
		cmocka_unit_test(installed_contracts_are_found),
	};

	return cmocka_run_group_tests_name("contract files", tests, read_base, release_base);
}
