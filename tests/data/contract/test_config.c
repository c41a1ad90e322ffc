/* hoshu.conf, its folders and its writing; themes; what the PC says of its disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/contract/config.h"
#include "data/contract/load.h"
#include "data/contract/machine.h"
#include "data/contract/settings.h"
#include "data/contract/theme.h"
#include "tests/data/contract/files.h"

static char folder[64];

/* Nothing of the person who runs the test may be read. */
static int start(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/hoshu-config-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	static const char *const variables[] = { "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
						 "XDG_RUNTIME_DIR", "HOSHU_CONFIG_DIR" };
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		unsetenv(variables[i]);
	setenv("HOME", folder, 1);
	setenv("HOSHU_DATADIR", getenv("HOSHU_SRCDIR"), 1);
	return 0;
}

static void remove_in(const char *name)
{
	struct strbuf path = { 0 };

	strbuf_addf(&path, "%s/%s", folder, name);
	if (unlink(strbuf_text(&path)) != 0)
		rmdir(strbuf_text(&path));
	strbuf_release(&path);
}

static int stop(void **state)
{
	static const char *const names[] = { ".config/hoshu/hoshu.conf", ".config/hoshu/hoshu.conf.old", ".config/hoshu", ".config",
					     "own.conf", "sys/dev/block/254:0/dm/uuid", "sys/dev/block/254:0/dm",
					     "sys/dev/block/254:0/slaves/sda", "sys/dev/block/254:0/slaves/dm-1", "sys/dev/block/254:0/slaves",
					     "sys/dev/block/254:0", "sys/dev/block/8:1", "sys/dev/block/254:1/dm/uuid",
					     "sys/dev/block/254:1/dm", "sys/dev/block/254:1", "sys/dev/block", "sys/dev", "sys", "" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		remove_in(names[i]);
	return 0;
}

static void put(const char *name, const char *text, mode_t mode)
{
	struct strbuf path = { 0 };

	strbuf_addf(&path, "%s/%s", folder, name);
	for (char *p = strchr(path.buf + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		mkdir(path.buf, 0700);
		*p = '/';
	}
	FILE *f = fopen(strbuf_text(&path), "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(strbuf_text(&path), mode), 0);
	strbuf_release(&path);
}

static int load(struct config **c, struct strbuf *said)
{
	const struct config_options options = { 0 };
	struct complaints complaints = { 0 };
	struct err err = { 0 };
	int rc = config_load(&options, c, &complaints, &err);

	assert_non_null(*c);
	strbuf_clear(said);
	format_complaints(&complaints, said);
	complaints_release(&complaints);
	return rc;
}

static void without_a_file_all_is_the_default(void **state)
{
	struct strbuf said = { 0 }, path = { 0 };
	struct config *c;

	(void)state;
	assert_int_equal(load(&c, &said), 0);
	assert_false(c->exists);
	assert_string_equal(c->person, "");
	assert_string_equal(c->contract_file, "");
	assert_string_equal(c->theme, "dark");
	assert_true(c->color && c->collect && c->auto_tickets);
	strbuf_addf(&path, "%s/.config/hoshu/hoshu.conf", folder);
	assert_string_equal(c->file, strbuf_text(&path));
	strbuf_clear(&path);
	strbuf_addf(&path, "%s/.local/share/hoshu", folder);
	assert_string_equal(c->data_folder, strbuf_text(&path));
	assert_string_equal(c->runtime_folder, "");
	config_free(c);
	strbuf_release(&said);
	strbuf_release(&path);
}

static void folders_follow_the_environment(void **state)
{
	const struct config_options given = { "/somewhere/conf", "/somewhere/data" };
	struct complaints complaints = { 0 };
	struct strbuf said = { 0 };
	struct config *c;

	(void)state;
	setenv("XDG_DATA_HOME", "/srv/data", 1);
	setenv("XDG_STATE_HOME", "relative", 1);
	setenv("XDG_CONFIG_HOME", "/srv/conf", 1);
	setenv("XDG_RUNTIME_DIR", "/run/user/1", 1);
	assert_int_equal(load(&c, &said), 0);
	assert_string_equal(c->data_folder, "/srv/data/hoshu");
	assert_string_equal(c->config_folder, "/srv/conf/hoshu");
	assert_string_equal(c->runtime_folder, "/run/user/1/hoshu");
	assert_string_not_equal(c->state_folder, "relative/hoshu");
	config_free(c);
	setenv("HOSHU_CONFIG_DIR", "/etc/nowhere", 1);
	assert_int_equal(load(&c, &said), 0);
	assert_string_equal(c->config_folder, "/etc/nowhere");
	config_free(c);
	assert_int_equal(config_load(&given, &c, &complaints, NULL), 0);
	assert_string_equal(c->file, "/somewhere/conf/hoshu.conf");
	assert_string_equal(c->data_folder, "/somewhere/data");
	config_contract_folder(c, "satte", &said);
	assert_string_equal(strbuf_text(&said), "/somewhere/data/satte");
	config_free(c);
	strbuf_release(&said);
}

static void what_is_written_is_read_again(void **state)
{
	const struct config_answers answers = { "佐藤 \"S\"", "pm", "AB", "satte", "ja", "light" };
	struct strbuf said = { 0 };
	struct config *c;
	struct err err = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(load(&c, &said), 0);
	umask(0);
	assert_int_equal(config_save(c, &answers, false, &err), 0);
	umask(022);
	assert_int_equal(stat(c->file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(c->config_folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(config_save(c, &answers, false, &err), HS_ERR_EXISTS);
	config_free(c);
	assert_int_equal(load(&c, &said), 0);
	assert_true(c->exists);
	assert_string_equal(c->person, "佐藤 \"S\"");
	assert_int_equal(c->role, PERSON_PM);
	assert_string_equal(c->tag, "AB");
	assert_int_equal(c->language, CONFIG_LANGUAGE_JA);
	assert_string_equal(c->theme, "light");
	assert_non_null(strstr(c->contract_file, "/data/contract/satte.conf"));
	assert_int_equal(config_save(c, &answers, true, &err), 0);
	strbuf_clear(&said);
	strbuf_addf(&said, "%s.old", c->file);
	assert_int_equal(access(strbuf_text(&said), F_OK), 0);
	config_free(c);
	strbuf_release(&said);
}

static const struct {
	const char *text, *complaint;
} broken[] = {
	{ "tag = \"A\"; contract = \"satte\";", ": the setting 'person' is missing in this file\n" },
	{ "person = \"\"; tag = \"A\"; contract = \"satte\";", ":1: 'person' takes text in double quotes, 1 to 60 bytes; found \"\"\n" },
	{ "person = \"a\";\ntag = \"abc\"; contract = \"satte\";", ":2: 'tag' takes one to three capital letters in double quotes; found \"abc\"\n" },
	{ "person = \"a\"; tag = \"A\";\n\ncontract = \"sate\";", ": there is no contract 'sate'; give a path, or one of: satte\n" },
	{ "person = \"a\"; tag = \"A\"; contract = \"satte\"; colour = true;", ":1: there is no setting 'colour' here; known are person," },
	{ "person = \"a\"; tag = \"A\"; contract = \"satte\"; ui = { ascii = \"yes\"; };", ":1: 'ascii' takes true or false; found \"yes\"\n" },
	{ "person = \"a\"; tag = \"A\"; contract = \"satte\"; ui = { ambiguous = \"half\"; };",
	  ":1: 'ambiguous' takes one of auto, narrow, wide; found \"half\"\n" },
	{ "person = \"a\"; tag = \"A\"; contract = \"satte\"; role = \"boss\";", ":1: 'role' takes one of se, pm; found \"boss\"\n" },
	{ "person = \"a\"; tag = \"A\"; contract = \"satte\"; data = \"here\";", ":1: 'data' takes a path" },
	{ "person = \"a\"\ntag == \"A\";", ":2: this line is not understood" },
	{ "@include \"/etc/passwd\"", ":1: @include is not allowed" },
};

static void a_broken_file_leaves_the_defaults(void **state)
{
	struct strbuf said = { 0 };
	struct config *c;

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		put(".config/hoshu/hoshu.conf", broken[i].text, 0600);
		assert_int_equal(load(&c, &said), HS_ERR_INVALID);
		if (strstr(strbuf_text(&said), broken[i].complaint) == NULL)
			fail_msg("wanted '%s', got '%s'", broken[i].complaint, strbuf_text(&said));
		assert_false(c->exists);
		assert_string_equal(c->person, "");
		assert_string_equal(c->theme, "dark");
		config_free(c);
	}
	strbuf_release(&said);
}

static void a_file_others_may_write_is_refused(void **state)
{
	struct strbuf said = { 0 };
	struct config *c;

	(void)state;
	put(".config/hoshu/hoshu.conf", "person = \"a\"; tag = \"A\"; contract = \"satte\";", 0620);
	assert_int_equal(load(&c, &said), HS_ERR_UNSAFE);
	config_free(c);
	put(".config/hoshu/hoshu.conf", "person = \"a\"; tag = \"A\"; contract = \"satte\";", 0644);
	assert_int_equal(load(&c, &said), 0);
	config_free(c);
	strbuf_release(&said);
}

static void answers_are_checked_like_a_file(void **state)
{
	struct config_answers a = { "佐藤", "", "S", "", "", "" };
	struct complaints complaints = { 0 };

	(void)state;
	assert_int_equal(config_check_answers(&a, &complaints, NULL), 0);
	a.person = "a\nrole = \"pm";
	assert_int_equal(config_check_answers(&a, &complaints, NULL), HS_ERR_INVALID);
	a.person = "\x1b[2J";
	assert_int_equal(config_check_answers(&a, &complaints, NULL), HS_ERR_INVALID);
	a.person = "佐藤";
	a.tag = "s";
	assert_int_equal(config_check_answers(&a, &complaints, NULL), HS_ERR_INVALID);
	a.tag = "S";
	a.contract_file = "nowhere";
	assert_int_equal(config_check_answers(&a, &complaints, NULL), HS_ERR_NOT_FOUND);
	complaints_release(&complaints);
}

/* ---- themes ---- */

static const char *const role_names[] = {
#define ROLE(name, note) #name,
#include "tui/widget/roles.def"
#undef ROLE
	NULL
};

static void every_theme_describes_every_role(void **state)
{
	static const char *const names[] = { "color-deficient", "dark", "high-contrast", "light", "mono" };
	struct strbuf list = { 0 };

	(void)state;
	theme_names("", " ", &list);
	assert_string_equal(strbuf_text(&list), "color-deficient dark high-contrast light mono");
	for (size_t i = 0; i < 5; i++) {
		struct complaints complaints = { 0 };
		struct strbuf path = { 0 }, said = { 0 };
		struct theme *t;
		assert_int_equal(theme_find("", names[i], &path, NULL), 0);
		int rc = theme_load(strbuf_text(&path), role_names, &t, &complaints, NULL);
		format_complaints(&complaints, &said);
		if (rc != 0)
			fail_msg("%s", strbuf_text(&said));
		assert_string_equal(t->name, names[i]);
		assert_int_equal(t->role_count, sizeof role_names / sizeof *role_names - 1);
		for (size_t r = 0; r < t->role_count; r++) {
			const struct theme_role *role = &t->roles[r];
			assert_string_equal(role->name, role_names[r]);
			assert_true(role->full.fg >= -1 && role->full.fg <= 255 && role->basic.fg >= -1 && role->basic.fg <= 15);
			if (strcmp(names[i], "mono") == 0)
				assert_true(role->full.fg == THEME_DEFAULT && role->basic.bg == THEME_DEFAULT);
			/* what must be seen is seen without colour too */
			if (strcmp(role->name, "select") == 0 || strcmp(role->name, "bad") == 0)
				assert_true(role->plain.attributes != 0 && role->plain.fg == THEME_DEFAULT);
		}
		theme_free(t);
		strbuf_release(&path);
		strbuf_release(&said);
		complaints_release(&complaints);
	}
	strbuf_release(&list);
}

static void a_broken_theme_is_refused(void **state)
{
	static const char *const names[] = { "ok", "bad", NULL };
	static const struct {
		const char *text, *complaint;
	} cases[] = {
		{ "title = [ \"a\", \"b\" ]; roles = { ok = { full = { fg = 256; }; basic = { }; }; bad = { full = { }; basic = { }; }; };",
		  "'fg' takes a colour: 0 to 255, \"default\", or a name from \"black\" to \"bright-white\"; found 256" },
		{ "title = [ \"a\", \"b\" ]; roles = { ok = { full = { }; basic = { fg = 16; }; }; bad = { full = { }; basic = { }; }; };",
		  "'fg' takes a colour: 0 to 15" },
		{ "title = [ \"a\", \"b\" ]; roles = { ok = { full = { fg = \"pink\"; }; basic = { }; }; bad = { full = { }; basic = { }; }; };",
		  "found \"pink\"" },
		{ "title = [ \"a\", \"b\" ]; roles = { ok = { full = { }; basic = { }; }; };", "the setting 'bad' is missing in 'roles'" },
		{ "title = [ \"a\", \"b\" ]; roles = { ok = { full = { }; basic = { }; }; badd = { }; };",
		  "there is no setting 'badd' here; did you mean 'bad'?" },
		{ "title = [ \"a\", \"b\" ]; roles = { ok = { full = { attributes = [ \"blink\" ]; }; basic = { }; }; bad = { full = { }; basic = { }; }; };",
		  "each one of bold, dim, underline, reverse, italic; found \"blink\"" },
	};
	struct strbuf path = { 0 };

	(void)state;
	strbuf_addf(&path, "%s/own.conf", folder);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct complaints complaints = { 0 };
		struct strbuf said = { 0 };
		struct theme *t;
		put("own.conf", cases[i].text, 0600);
		assert_int_equal(theme_load(strbuf_text(&path), names, &t, &complaints, NULL), HS_ERR_INVALID);
		assert_null(t);
		format_complaints(&complaints, &said);
		if (strstr(strbuf_text(&said), cases[i].complaint) == NULL)
			fail_msg("wanted '%s', got '%s'", cases[i].complaint, strbuf_text(&said));
		strbuf_release(&said);
		complaints_release(&complaints);
	}
	strbuf_release(&path);
}

/* ---- this PC ---- */

static void link_slave(const char *from, const char *to)
{
	struct strbuf path = { 0 };

	strbuf_addf(&path, "%s/sys/dev/block/254:0/slaves/%s", folder, from);
	assert_int_equal(symlink(to, strbuf_text(&path)), 0);
	strbuf_release(&path);
}

static void encryption_is_found_below_volumes(void **state)
{
	struct strbuf sys = { 0 };

	(void)state;
	strbuf_addf(&sys, "%s/sys", folder);
	put("sys/dev/block/254:1/dm/uuid", "CRYPT-LUKS2-0123-root\n", 0600);
	put("sys/dev/block/254:0/dm/uuid", "LVM-abcdef\n", 0600);
	put("sys/dev/block/254:0/slaves/sda", "", 0600);
	remove_in("sys/dev/block/254:0/slaves/sda");
	assert_true(machine_device_encrypted(strbuf_text(&sys), 254, 1));
	assert_false(machine_device_encrypted(strbuf_text(&sys), 254, 0));
	link_slave("dm-1", "../../254:1");
	assert_true(machine_device_encrypted(strbuf_text(&sys), 254, 0));
	put("sys/dev/block/8:1/x", "", 0600);
	remove_in("sys/dev/block/8:1/x");
	link_slave("sda", "../../8:1");
	assert_false(machine_device_encrypted(strbuf_text(&sys), 254, 0));
	assert_false(machine_device_encrypted(strbuf_text(&sys), 9, 9));
	strbuf_release(&sys);
}

static void keys_are_for_one_alone(void **state)
{
	struct strbuf path = { 0 };

	(void)state;
	strbuf_addf(&path, "%s/own.conf", folder);
	put("own.conf", "key", 0600);
	assert_int_equal(machine_key_file(strbuf_text(&path)), KEY_FILE_FINE);
	put("own.conf", "key", 0640);
	assert_int_equal(machine_key_file(strbuf_text(&path)), KEY_FILE_OPEN);
	remove_in("own.conf");
	assert_int_equal(machine_key_file(strbuf_text(&path)), KEY_FILE_MISSING);
	assert_false(machine_folder_open(folder));
	strbuf_release(&path);
}

static void count_line(void *ctx, const struct setting_line *line)
{
	struct strbuf *names = ctx;

	assert_true(line->path[0] != '\0' && line->form.id != NULL && line->help[0] != '\0');
	strbuf_addf(names, "%s\n", line->path);
}

static void every_setting_is_described(void **state)
{
	struct strbuf names = { 0 };

	(void)state;
	settings_walk(SETTINGS_CONTRACT, count_line, &names);
	settings_walk(SETTINGS_CONFIG, count_line, &names);
	settings_walk(SETTINGS_THEME, count_line, &names);
	assert_non_null(strstr(strbuf_text(&names), "services.window.from\n"));
	assert_non_null(strstr(strbuf_text(&names), "ui.ambiguous\n"));
	assert_non_null(strstr(strbuf_text(&names), "roles.ROLE.full.fg\n"));
	strbuf_release(&names);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_file_all_is_the_default),
		TEST(folders_follow_the_environment),
		TEST(what_is_written_is_read_again),
		TEST(a_broken_file_leaves_the_defaults),
		TEST(a_file_others_may_write_is_refused),
		TEST(answers_are_checked_like_a_file),
		TEST(every_theme_describes_every_role),
		TEST(a_broken_theme_is_refused),
		TEST(encryption_is_found_below_volumes),
		TEST(keys_are_for_one_alone),
		TEST(every_setting_is_described),
	};

	return cmocka_run_group_tests_name("configuration and themes", tests, NULL, NULL);
}
