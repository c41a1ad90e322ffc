/* R1: the program is killed at any moment, again and again; nothing that it confirmed is lost, nothing half-written is seen.
 *
 * A verb confirms by what it prints, the console by what it draws. HOSHU_KILLS sets how many (default 1,000: six of ten verbs, two
 * of ten consoles, two of ten recorders). The moments are spread evenly over the length of an undisturbed run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/vt.h"
#include "tests/whole/desk.h"

enum { KILLS = 1000 };

static struct desk desk;
static bool *confirmed; /* by the number in the title */

static int kills(void)
{
	const char *text = getenv("HOSHU_KILLS");

	return text != NULL && *text != '\0' ? (int)strtol(text, NULL, 10) : KILLS;
}

static int start(void **state)
{
	(void)state;
	desk_make(&desk, true);
	confirmed = calloc((size_t)kills() + 1, sizeof *confirmed);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	desk_remove(&desk);
	free(confirmed);
	return 0;
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Reads from fd until it ends or until us microseconds are over; true when something was read. */
static bool read_until(int fd, int64_t us)
{
	int64_t end = now_us() + us;
	bool any = false;
	char block[512];

	for (;;) {
		int64_t left = end - now_us();
		struct timespec wait = { .tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000 };
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (left <= 0 || ppoll(&p, 1, &wait, NULL) <= 0)
			return any;
		if (read(fd, block, sizeof block) <= 0)
			return any;
		any = true;
	}
}

/* One run of a verb, killed after us microseconds (or left alone: -1). Returns whether it confirmed. */
static bool run_verb(const char *const *words, int64_t us)
{
	int out;
	pid_t pid = desk_start(&desk, words, &out);
	bool said = read_until(out, us < 0 ? 60000000 : us);

	if (us >= 0)
		kill(pid, SIGKILL);
	/* What it printed before it died counts as well. */
	said = read_until(out, 60000000) || said;
	close(out);
	waitpid(pid, NULL, 0);
	return said;
}

static int64_t length_of(const char *const *words)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < 5; i++) {
		int64_t begun = now_us();
		run_verb(words, -1);
		int64_t took = now_us() - begun;
		best = took < best ? took : best;
	}
	return best;
}

/* Every confirmed title stands there once, every other at most once; and the log proves the tables. */
static void prove(int from, int to)
{
	struct store *s = desk_store(&desk);
	struct rows rows = { 0 };
	struct err err = { 0 };
	int *seen = calloc((size_t)to + 1, sizeof *seen);
	int lost = 0, twice = 0, sure = 0;

	assert_int_equal(store_rows(s, TABLE_ticket, NULL, NULL, &rows, &err), 0);
	for (size_t i = 0; i < rows.len; i++) {
		const struct ticket *t = &ROWS(ticket, &rows)[i];
		int n;
		if (sscanf(t->title, "kill %d", &n) == 1 && n >= from && n < to)
			seen[n]++;
		if (*t->number == '\0' || *t->stage == '\0')
			fail_msg("half a ticket: '%s'", t->title);
	}
	for (int n = from; n < to; n++) {
		lost += confirmed[n] && seen[n] == 0;
		twice += seen[n] > 1;
		sure += confirmed[n];
	}
	print_message("%d killed, %d of them had confirmed, %d lost, %d doubled\n", to - from, sure, lost, twice);
	assert_int_equal(lost, 0);
	assert_int_equal(twice, 0);
	assert_true(sure > 0 && sure < to - from);
	free(seen);
	rows_release(&rows);
	store_close(s);
	desk_prove(&desk);
}

static void verbs(void **state)
{
	int count = kills() * 6 / 10;
	char title[32] = "warm up";
	const char *words[] = { "ticket", "open", "--title", title, NULL };
	int64_t length = length_of(words);

	(void)state;
	for (int n = 0; n < count; n++) {
		snprintf(title, sizeof title, "kill %d", n);
		confirmed[n] = run_verb(words, length * 13 / 10 * n / count);
	}
	prove(0, count);
}

static void consoles(void **state)
{
	int from = kills() * 6 / 10, to = kills() * 8 / 10;

	(void)state;
	for (int n = from; n < to; n++) {
		char line[64], title[32];
		struct vt *vt = vt_spawn(desk_argv(&desk, NULL), &(struct vt_options){ 0 });
		snprintf(title, sizeof title, "kill %d", n);
		snprintf(line, sizeof line, ":ticket open --title '%s'\r", title);
		vt_sync(vt);
		vt_type(vt, line);
		/* One half is killed as soon as the keys are sent, the other half once the console has answered. */
		if (n % 2 == 1) {
			vt_sync(vt);
			confirmed[n] = vt_has(vt, "saved") || vt_has(vt, "#S");
		}
		kill(vt_pid(vt), SIGKILL);
		assert_int_equal(vt_exit_code(vt), 128 + SIGKILL);
		vt_free(vt);
	}
	prove(from, to);
}

static void recorders(void **state)
{
	int count = kills() * 2 / 10;
	const char *words[] = { "collect", "--once", NULL };
	int64_t length = length_of(words);

	(void)state;
	for (int n = 0; n < count; n++)
		run_verb(words, length * 13 / 10 * n / count);
	assert_true(run_verb(words, -1));
	desk_prove(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verbs),
		cmocka_unit_test(consoles),
		cmocka_unit_test(recorders),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
