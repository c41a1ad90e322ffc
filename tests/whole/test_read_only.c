/* With --read-only every verb that writes is refused, whatever it needs, and nothing is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/whole/desk.h"
#include "tui/command/command.h"

static struct desk desk;

static int start(void **state)
{
	(void)state;
	desk_make(&desk, false);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	desk_remove(&desk);
	return 0;
}

/* Runs a verb of the shell to its end; its exit code. */
static int verb(const char *const *words)
{
	int out, status;
	char block[512];
	pid_t pid = desk_start(&desk, words, &out);

	while (read(out, block, sizeof block) > 0)
		;
	close(out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void read_only_refuses_every_verb_that_writes(void **state)
{
	size_t count, refused = 0;
	const struct command *const *list = command_list(&count);

	(void)state;
	assert_int_equal(verb((const char *[]){ "ticket", "open", "--title", "before", NULL }), 0);
	struct store *s = desk_store(&desk);
	int64_t before = store_version(s);
	for (size_t i = 0; i < count; i++) {
		char words[2][40] = { "", "" };
		if ((list[i]->flags & CMD_WRITES) == 0)
			continue;
		sscanf(list[i]->name, "%39s %39s", words[0], words[1]);
		int code = verb((const char *[]){ "--read-only", words[0], words[1][0] != '\0' ? words[1] : NULL, NULL });
		if (code != 1)
			fail_msg("'%s' with --read-only ends with %d", list[i]->name, code);
		refused++;
	}
	assert_true(refused > 30);
	assert_int_equal(store_version(s), before);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_only_refuses_every_verb_that_writes),
	};

	return cmocka_run_group_tests_name("whole/read-only", tests, start, stop);
}
