/* See server.h. The socket is bound and reached through /proc/self/fd/N of its folder, for sun_path holds 108 bytes and folders
 * may be longer. */
#include "data/collect/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/mem.h"

static const char socket_name[] = "collect.sock", lock_name[] = "collect.lock";

struct client {
	int fd; /* -1: free */
	bool subscribed, waiting; /* waiting: wants to hear when host is done */
	char host[COLLECT_LINE];
	char line[COLLECT_LINE];
	size_t len;
};

struct server {
	struct server_ops ops;
	int folder, lock, listener;
	struct client clients[SERVER_CLIENTS];
};

/* ---- lock and socket ---- */

static int open_folder(const char *folder, struct err *err)
{
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0 ? fd : ERR(err, HS_ERR_IO, N_("cannot open folder '{1}': {2}"), folder, strerror(errno));
}

static int take_lock(struct server *s, const char *folder, struct err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	s->lock = openat(s->folder, lock_name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock < 0)
		return ERR(err, HS_ERR_IO, N_("cannot open '{1}' in '{2}': {3}"), lock_name, folder, strerror(errno));
	if (fcntl(s->lock, F_OFD_SETLK, &lock) == 0)
		return 0;
	if (errno == EAGAIN || errno == EACCES)
		return ERR(err, HS_ERR_BUSY, N_("another recorder watches this contract already"));
	return ERR(err, HS_ERR_IO, N_("cannot lock '{1}' in '{2}': {3}"), lock_name, folder, strerror(errno));
}

static void socket_address(int folder, struct sockaddr_un *address)
{
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", folder, socket_name);
}

static int listen_there(struct server *s, const char *folder, struct err *err)
{
	struct sockaddr_un address;

	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socket_address(s->folder, &address);
	/* We hold the lock, so a name that stands there is a dead recorder's. */
	unlinkat(s->folder, socket_name, 0);
	if (s->listener < 0 || fchmod(s->listener, 0600) != 0 ||
	    bind(s->listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
	    fchmodat(s->folder, socket_name, 0600, 0) != 0 || listen(s->listener, SERVER_CLIENTS) != 0)
		return ERR(err, HS_ERR_IO, N_("cannot listen on '{1}' in '{2}': {3}"), socket_name, folder, strerror(errno));
	return 0;
}

static bool same_user(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

static void add_client(struct server *s, int fd)
{
	for (size_t i = 0; i < SERVER_CLIENTS; i++) {
		if (s->clients[i].fd >= 0)
			continue;
		s->clients[i] = (struct client){ .fd = fd };
		return;
	}
	close(fd);
}

int server_open(struct server **out, const char *folder, int attached, const struct server_ops *ops, struct err *err)
{
	struct server *s = mem_alloc(1, sizeof *s);
	int rc = 0;

	*out = NULL;
	s->ops = *ops;
	s->lock = s->listener = -1;
	for (size_t i = 0; i < SERVER_CLIENTS; i++)
		s->clients[i].fd = -1;
	s->folder = open_folder(folder, err);
	rc = s->folder < 0 ? s->folder : take_lock(s, folder, err);
	if (rc == 0)
		rc = listen_there(s, folder, err);
	if (rc != 0) {
		/* The name in the folder may be the other recorder's. */
		if (s->listener >= 0)
			close(s->listener);
		s->listener = -1;
		server_close(s);
		return rc;
	}
	if (attached >= 0) {
		fcntl(attached, F_SETFD, FD_CLOEXEC);
		fcntl(attached, F_SETFL, O_NONBLOCK);
		add_client(s, attached);
	}
	*out = s;
	return 0;
}

static void drop(struct client *c)
{
	close(c->fd);
	c->fd = -1;
}

void server_close(struct server *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < SERVER_CLIENTS; i++) {
		if (s->clients[i].fd >= 0)
			drop(&s->clients[i]);
	}
	if (s->listener >= 0) {
		unlinkat(s->folder, socket_name, 0);
		close(s->listener);
	}
	if (s->lock >= 0)
		close(s->lock);
	if (s->folder >= 0)
		close(s->folder);
	free(s);
}

/* ---- clients ---- */

/* A whole line or nothing; a client that left is dropped, one that does not read misses it. */
static void say(struct client *c, const char *line)
{
	size_t len = strlen(line);

	if (send(c->fd, line, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		drop(c);
}

static bool parse_word(const char *line, enum server_word *word, const char **host)
{
	*host = "";
	if (strncmp(line, "probe ", 6) == 0 && line[6] != '\0') {
		*word = WORD_PROBE;
		*host = line + 6;
		return true;
	}
	static const struct {
		const char *name;
		enum server_word word;
	} words[] = { { "probe", WORD_PROBE }, { "reload", WORD_RELOAD }, { "stop", WORD_STOP }, { "subscribe", WORD_SUBSCRIBE } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(line, words[i].name) == 0) {
			*word = words[i].word;
			return true;
		}
	}
	return false;
}

static void obey(struct server *s, struct client *c, const char *line)
{
	enum server_word word;
	const char *host;
	struct err err = { 0 };
	char answer[COLLECT_LINE + 64];

	if (!parse_word(line, &word, &host)) {
		say(c, "error usage\n");
		return;
	}
	int rc = word == WORD_SUBSCRIBE ? 0 : s->ops.asked(s->ops.ctx, word, host, &err);
	if (rc == 0 && word == WORD_SUBSCRIBE)
		c->subscribed = true;
	if (rc == 0 && word == WORD_PROBE && host[0] != '\0') {
		c->waiting = true;
		memcpy(c->host, host, strlen(host) + 1);
	}
	if (rc == 0)
		snprintf(answer, sizeof answer, "ok %s\n", line);
	else
		snprintf(answer, sizeof answer, "error %s\n", err_name(rc));
	say(c, answer);
}

static void read_client(struct server *s, struct client *c)
{
	char *end;

	ssize_t n = recv(c->fd, c->line + c->len, sizeof c->line - 1 - c->len, MSG_DONTWAIT);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
		drop(c);
		return;
	}
	if (n < 0)
		return;
	c->len += (size_t)n;
	c->line[c->len] = '\0';
	while (c->fd >= 0 && (end = memchr(c->line, '\n', c->len)) != NULL) {
		*end++ = '\0';
		char line[COLLECT_LINE];
		memcpy(line, c->line, (size_t)(end - c->line));
		c->len -= (size_t)(end - c->line);
		memmove(c->line, end, c->len);
		obey(s, c, line);
	}
	if (c->fd >= 0 && c->len >= sizeof c->line - 1)
		drop(c);
}

size_t server_poll(const struct server *s, struct pollfd *fds)
{
	size_t used = 0;

	fds[used++] = (struct pollfd){ .fd = s->listener, .events = POLLIN };
	for (size_t i = 0; i < SERVER_CLIENTS; i++) {
		if (s->clients[i].fd >= 0)
			fds[used++] = (struct pollfd){ .fd = s->clients[i].fd, .events = POLLIN };
	}
	return used;
}

void server_dispatch(struct server *s, const struct pollfd *fds, size_t count)
{
	for (size_t k = 1; k < count; k++) {
		for (size_t i = 0; fds[k].revents != 0 && i < SERVER_CLIENTS; i++) {
			if (s->clients[i].fd == fds[k].fd) {
				read_client(s, &s->clients[i]);
				break;
			}
		}
	}
	if (count == 0 || (fds[0].revents & POLLIN) == 0)
		return;
	for (int fd; (fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;) {
		if (same_user(fd))
			add_client(s, fd);
		else
			close(fd);
	}
}

void server_changed(struct server *s)
{
	for (size_t i = 0; i < SERVER_CLIENTS; i++) {
		if (s->clients[i].fd >= 0 && s->clients[i].subscribed)
			say(&s->clients[i], "!\n");
	}
}

void server_probed(struct server *s, const char *host)
{
	char line[COLLECT_LINE + 16];

	snprintf(line, sizeof line, "done %s\n", host);
	for (size_t i = 0; i < SERVER_CLIENTS; i++) {
		struct client *c = &s->clients[i];
		if (c->fd < 0 || !c->waiting || strcmp(c->host, host) != 0)
			continue;
		c->waiting = false;
		say(c, line);
	}
}

size_t server_clients(const struct server *s)
{
	size_t count = 0;

	for (size_t i = 0; i < SERVER_CLIENTS; i++)
		count += s->clients[i].fd >= 0;
	return count;
}

int server_connect(const char *folder, struct err *err)
{
	struct sockaddr_un address;
	int at = open_folder(folder, err);

	if (at < 0)
		return at;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socket_address(at, &address);
	bool there = fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 && same_user(fd);
	close(at);
	if (there)
		return fd;
	if (fd >= 0)
		close(fd);
	return ERR(err, HS_ERR_NOT_FOUND, N_("no recorder watches this contract"));
}
