/* The lists of verbs, keys and screens hold together: no clash, nothing that cannot be parsed, nothing without words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/app/internal.h"

static void every_verb_is_whole(void **state)
{
	size_t count, used;
	const struct command *const *list = command_list(&count);

	(void)state;
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		const struct command *c = list[i];
		struct words w;
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(list[k]->name, c->name);
		assert_non_null(c->exec);
		assert_non_null(c->summary);
		assert_true(strlen(c->summary) > 0 && c->summary[strlen(c->summary) - 1] != '.');
		assert_int_equal(words_split(&w, c->name, NULL), 0);
		assert_ptr_equal(command_find(w.list.v, w.list.len, &used), c);
		words_release(&w);
		assert_false((c->flags & CMD_CONSOLE) != 0 && (c->flags & CMD_SHELL) != 0);
	}
}

static void every_argument_is_whole(void **state)
{
	size_t count;
	const struct command *const *list = command_list(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		bool many = false;
		for (const struct arg *a = list[i]->args; a != NULL && a->name != NULL; a++) {
			for (const struct arg *b = list[i]->args; b != a; b++)
				assert_string_not_equal(b->name, a->name);
			if (a->help == NULL || *a->help == '\0')
				fail_msg("%s --%s says nothing of itself", list[i]->name, a->name);
			if ((a->kind == ARG_CHOICE) != (a->choices != NULL))
				fail_msg("%s --%s: choices and kind differ", list[i]->name, a->name);
			/* after one that takes all words, another would never get any */
			if (many && (a->flags & ARG_POSITIONAL) != 0)
				fail_msg("%s: --%s can never be given by its place", list[i]->name, a->name);
			many = many || ((a->flags & ARG_POSITIONAL) != 0 && (a->flags & (ARG_MANY | ARG_REST)) != 0);
		}
	}
}

static void every_screen_is_whole(void **state)
{
	size_t count;
	const struct screen_ops *const *list = screen_list(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_non_null(list[i]->name);
		assert_non_null(list[i]->title);
		assert_non_null(list[i]->draw);
		assert_in_range(list[i]->tab, 0, 8);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(list[k]->name, list[i]->name);
			assert_true(list[i]->tab == 0 || list[k]->tab != list[i]->tab);
		}
	}
}

static void no_two_keys_clash(void **state)
{
	size_t count;
	const struct key_binding *keys = key_bindings(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		if (key_parse(keys[i].key) == 0)
			fail_msg("%s: '%s' is no key", keys[i].screen, keys[i].key);
		if (*keys[i].screen != '\0' && strcmp(keys[i].screen, "list") != 0 && screen_by_name(keys[i].screen) == NULL)
			fail_msg("key %s: there is no screen '%s'", keys[i].key, keys[i].screen);
		for (size_t k = 0; k < i; k++)
			if (strcmp(keys[i].screen, keys[k].screen) == 0 && key_parse(keys[i].key) == key_parse(keys[k].key))
				fail_msg("%s: key %s stands for '%s' and '%s'", keys[i].screen, keys[i].key, keys[k].command, keys[i].command);
	}
}

/* A word of a key's command: the verb has that option, and an argument for what {this} stands for. */
static void check_word(const struct key_binding *key, const struct command *c, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(word, "--", 2) == 0 && command_arg(c, word + 2) == NULL)
		fail_msg("%s %s: '%s' has no option %s", key->screen, key->key, c->name, word);
	if (word[0] != '{')
		return;
	int kind = word[len - 1] == '}' ? placeholder_kind(word + 1, len - 2) : -1;
	bool found = false;
	for (const struct arg *a = c->args; a != NULL && a->name != NULL; a++)
		found = found || (int)a->kind == kind;
	if (!found)
		fail_msg("%s %s: '%s' has no use for %s", key->screen, key->key, c->name, word);
}

static void every_key_has_a_command(void **state)
{
	size_t count, used;
	const struct key_binding *keys = key_bindings(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct words w;
		if (keys[i].command[0] == '@') {
			if (*act_summary(keys[i].command) == '\0')
				fail_msg("%s: nothing is said of %s", keys[i].key, keys[i].command);
			continue;
		}
		assert_int_equal(words_split(&w, keys[i].command, NULL), 0);
		const struct command *c = command_find(w.list.v, w.list.len, &used);
		if (c == NULL)
			fail_msg("%s %s: '%s' is no command", keys[i].screen, keys[i].key, keys[i].command);
		assert_int_equal(c->flags & CMD_SHELL, 0);
		for (size_t k = used; k < w.list.len; k++)
			check_word(&keys[i], c, w.list.v[k]);
		words_release(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verb_is_whole),
		cmocka_unit_test(every_argument_is_whole),
		cmocka_unit_test(every_screen_is_whole),
		cmocka_unit_test(no_two_keys_clash),
		cmocka_unit_test(every_key_has_a_command),
	};

	return cmocka_run_group_tests_name("tui/command/lists", tests, NULL, NULL);
}
