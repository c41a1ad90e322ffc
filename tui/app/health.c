/* The records are checked after the first paint, by a child, for reading them all may take seconds: ourselves with 'fsck --quick'. What
 * it says on its standard error is a finding; silence and exit 0 are not worth a word. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/contract/config.h"
#include "tui/app/internal.h"
#include "tui/widget/tr.h"

enum { SAID_MAX = 4096 };
extern char **environ;

static int spawn_check(pid_t *pid, const char *const *argv, int out)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 2);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	int failed = posix_spawn(pid, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

void health_start(struct app *a)
{
	const struct session *s = a->session;
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	int ends[2];

	if (len <= 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return;
	self[len] = '\0';
	const char *const argv[] = { self, "--config", s->config->config_folder, "--data", s->config->data_folder, "--contract",
				     strbuf_text(&s->contract_file), "--lang", lang_get(), "--read-only", "fsck", "--quick", NULL };
	if (spawn_check(&a->health.pid, argv, ends[1]) == 0)
		a->health.fd = ends[0];
	else
		a->health.pid = 0;
	close(ends[1]);
	if (a->health.pid == 0)
		close(ends[0]);
}

/* Waits for a child that has closed its end or was killed: no longer than it takes to die. */
static int health_end(struct app *a)
{
	int status = 0;

	close(a->health.fd);
	while (waitpid(a->health.pid, &status, 0) < 0 && errno == EINTR)
		;
	a->health.fd = -1;
	a->health.pid = 0;
	return status;
}

/* The last line, without the program's name before it. */
static void say(struct app *a)
{
	struct strbuf *said = &a->health.said;

	while (said->len > 0 && said->buf[said->len - 1] == '\n')
		strbuf_cut(said, said->len - 1);
	const char *line = strrchr(strbuf_text(said), '\n');
	line = line != NULL ? line + 1 : strbuf_text(said);
	if (strncmp(line, "hoshu: ", 7) == 0)
		line += 7;
	if (*line != '\0')
		app_message(a, ROLE_error, line);
	else
		app_message(a, ROLE_error, tr(N_("the records could not be checked; 'hoshu fsck' says more")));
}

void health_heard(struct app *a)
{
	char bytes[512];
	ssize_t n;

	while ((n = read(a->health.fd, bytes, sizeof bytes)) > 0)
		if (a->health.said.len < SAID_MAX)
			strbuf_add(&a->health.said, bytes, (size_t)n);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (health_end(a) != 0)
		say(a);
}

void health_stop(struct app *a)
{
	if (a->health.pid > 0) {
		kill(a->health.pid, SIGKILL);
		health_end(a);
	}
	strbuf_release(&a->health.said);
}
