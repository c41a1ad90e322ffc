/* See client.h. */
#include "data/collect/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "data/collect/server.h"

extern char **environ;

enum { ATTACHED_FD = 3 };

struct client_side {
	char *folder;
	int fd;
	pid_t pid; /* of the recorder that we started, 0 none */
	char line[COLLECT_LINE];
	size_t len;
	bool greeted; /* it said something: it is the recorder */
};

static int send_line(int fd, const char *line, struct err *err)
{
	char text[COLLECT_LINE + 2];
	int len = snprintf(text, sizeof text, "%s\n", line);

	if (len < 0 || (size_t)len >= sizeof text)
		return ERR(err, HS_ERR_LIMIT, N_("'{1}' is too long"), line);
	if (send(fd, text, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT) != len)
		return ERR(err, HS_ERR_IO, N_("cannot speak to the recorder: {1}"), strerror(errno));
	return 0;
}

static int spawn_recorder(pid_t *pid, const char *const *argv, int fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	VEC(char *) words = { 0 };

	for (size_t i = 0; argv[i] != NULL; i++)
		vec_push(&words, mem_text(argv[i]));
	vec_push(&words, mem_text("collect"));
	vec_push(&words, mem_text("--attached"));
	vec_push(&words, mem_text(MSG_INT(ATTACHED_FD)));
	vec_push(&words, (char *)NULL);
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, fd, ATTACHED_FD);
	posix_spawn_file_actions_addclosefrom_np(&actions, ATTACHED_FD + 1);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	int failed = posix_spawn(pid, words.v[0], &actions, &attributes, words.v, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	for (size_t i = 0; i < words.len; i++)
		free(words.v[i]);
	vec_release(&words);
	return failed;
}

static int start_own(struct client_side *c, const char *const *argv, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
		return ERR(err, HS_ERR_IO, N_("cannot start the recorder: {1}"), strerror(errno));
	/* The child's end must not be the number that it is moved to: dup2 onto itself would keep close-on-exec. */
	int end = pair[1] == ATTACHED_FD ? fcntl(pair[1], F_DUPFD_CLOEXEC, ATTACHED_FD + 1) : pair[1];
	int failed = spawn_recorder(&c->pid, argv, end);
	if (end != pair[1])
		close(end);
	close(pair[1]);
	if (failed != 0) {
		c->pid = 0;
		close(pair[0]);
		return ERR(err, HS_ERR_IO, N_("cannot start the recorder: {1}"), strerror(failed));
	}
	c->fd = pair[0];
	return 0;
}

int client_start(struct client_side **out, const char *folder, const char *const *argv, struct err *err)
{
	struct client_side *c = mem_alloc(1, sizeof *c);

	*out = NULL;
	c->folder = mem_text(folder);
	c->fd = server_connect(folder, err);
	int rc = c->fd >= 0 ? 0 : c->fd;
	if (c->fd < 0) {
		c->fd = -1;
		if (argv != NULL) {
			err_clear(err);
			rc = start_own(c, argv, err);
		}
	}
	if (rc == 0)
		rc = send_line(c->fd, "subscribe", err);
	if (rc != 0) {
		client_stop(c);
		return rc;
	}
	*out = c;
	return 0;
}

void client_reap(struct client_side *c)
{
	if (c != NULL && c->pid > 0 && waitpid(c->pid, NULL, WNOHANG) == c->pid)
		c->pid = 0;
}

void client_stop(struct client_side *c)
{
	if (c == NULL)
		return;
	if (c->fd >= 0)
		close(c->fd);
	client_reap(c);
	free(c->folder);
	free(c);
}

int client_fd(const struct client_side *c)
{
	return c != NULL ? c->fd : -1;
}

static unsigned heard(struct client_side *c, const char *line)
{
	c->greeted = true;
	if (strcmp(line, "!") == 0)
		return CLIENT_CHANGED;
	if (strncmp(line, "done ", 5) == 0)
		return CLIENT_PROBED;
	return strncmp(line, "error", 5) == 0 ? CLIENT_REFUSED : 0;
}

/* The recorder went. One that never spoke lost the race for the lock: then the winner listens. */
static unsigned gone(struct client_side *c)
{
	bool again = !c->greeted;

	close(c->fd);
	c->fd = -1;
	c->len = 0;
	c->greeted = true;
	client_reap(c);
	if (again)
		c->fd = server_connect(c->folder, NULL);
	if (c->fd < 0 || send_line(c->fd, "subscribe", NULL) != 0) {
		if (c->fd >= 0)
			close(c->fd);
		c->fd = -1;
		return CLIENT_GONE;
	}
	return 0;
}

unsigned client_dispatch(struct client_side *c)
{
	unsigned bits = 0;
	char *end;

	if (c == NULL || c->fd < 0)
		return 0;
	for (;;) {
		ssize_t n = recv(c->fd, c->line + c->len, sizeof c->line - 1 - c->len, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return bits;
		if (n <= 0)
			return bits | gone(c);
		c->len += (size_t)n;
		while ((end = memchr(c->line, '\n', c->len)) != NULL) {
			*end++ = '\0';
			bits |= heard(c, c->line);
			c->len -= (size_t)(end - c->line);
			memmove(c->line, end, c->len);
		}
		if (c->len >= sizeof c->line - 1)
			c->len = 0;
	}
}

static int send_probe(int fd, const char *host, struct err *err)
{
	char line[COLLECT_LINE];

	snprintf(line, sizeof line, "probe%s%s", host[0] != '\0' ? " " : "", host);
	return send_line(fd, line, err);
}

int client_probe(struct client_side *c, const char *host, struct err *err)
{
	if (client_fd(c) < 0)
		return ERR(err, HS_ERR_NOT_FOUND, N_("no recorder watches this contract"));
	return send_probe(c->fd, host, err);
}

int client_tell(const char *folder, const char *host, struct err *err)
{
	int fd = server_connect(folder, err);

	if (fd < 0)
		return fd;
	int rc = send_probe(fd, host, err);
	close(fd);
	return rc;
}

int client_reload(struct client_side *c, struct err *err)
{
	return client_fd(c) < 0 ? 0 : send_line(c->fd, "reload", err);
}

static int64_t monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The next line of fd, or an error. */
static int next_line(int fd, char line[COLLECT_LINE], size_t *len, int64_t deadline, struct err *err)
{
	for (;;) {
		char c;
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = deadline - monotonic_ms();
		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return ERR(err, HS_ERR_TIMEOUT, N_("the recorder did not answer in time"));
		ssize_t n = recv(fd, &c, 1, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return ERR(err, HS_ERR_IO, N_("the recorder hung up"));
		if (c == '\n') {
			line[*len] = '\0';
			*len = 0;
			return 0;
		}
		if (*len < COLLECT_LINE - 1)
			line[(*len)++] = c;
	}
}

int client_ask(const char *folder, const char *line, const char *wanted, int timeout_ms, struct err *err)
{
	char answer[COLLECT_LINE];
	size_t len = 0;
	int64_t deadline = monotonic_ms() + timeout_ms;
	int fd = server_connect(folder, err);

	if (fd < 0)
		return fd;
	int rc = send_line(fd, line, err);
	while (rc == 0) {
		rc = next_line(fd, answer, &len, deadline, err);
		if (rc == 0 && strncmp(answer, wanted, strlen(wanted)) == 0)
			break;
		if (rc == 0 && strncmp(answer, "error ", 6) == 0)
			rc = ERR(err, HS_ERR_STATE, N_("the recorder refused: {1}"), answer + 6);
	}
	close(fd);
	return rc;
}
