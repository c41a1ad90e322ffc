/* The keeper: owns the practice servers, listens on keeper.sock, ends when the last client has left.
 *
 * One thread, one poll loop. Orders are lines "BREAK SERVER" or "heal SERVER"; answers are "ok" or the reason. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "data/practice/server.h"
#include "data/practice/world.h"

enum { CLIENTS = 16, GRACE_MS = 5000 };

struct keeper {
	const struct world *world;
	struct server servers[WORLD_SERVERS];
	int lines[WORLD_LINES]; /* listening, or -1 while broken */
	int listener;
	int clients[CLIENTS];
	size_t count;
	bool had_client;
};

static int listen_here(const struct world *w, struct err *err)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int len = snprintf(a.sun_path, sizeof a.sun_path, "%s/keeper.sock", w->folder);

	if (len < 0 || (size_t)len >= sizeof a.sun_path)
		return ERR(err, HS_ERR_LIMIT, N_("the path '{1}' is too long for a socket"), w->folder);
	unlink(a.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || chmod(a.sun_path, 0600) != 0 ||
	    listen(fd, CLIENTS) != 0)
		return ERR(err, HS_ERR_IO, N_("cannot listen on '{1}': {2}"), a.sun_path, strerror(errno));
	return fd;
}

/* A router is a port that takes connections and lets them go. */
static int open_line(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	a.sin_port = htons((uint16_t)port);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, CLIENTS) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static const char *act_on_line(struct keeper *k, size_t i, enum world_break b)
{
	if (b != BREAK_STOP && b != BREAK_COUNT)
		return "a line can only be stopped";
	if (k->lines[i] >= 0)
		close(k->lines[i]);
	k->lines[i] = b == BREAK_COUNT ? open_line(k->world->hosts[WORLD_SERVERS + i].port) : -1;
	return b == BREAK_STOP || k->lines[i] >= 0 ? "ok" : "its port is taken";
}

static void act(struct keeper *k, int client, const char *line)
{
	char word[16], name[32], answer[200] = "there is no such host";
	enum world_break b = 0;

	if (sscanf(line, "%15s %31s", word, name) != 2) {
		dprintf(client, "an order is two words\n");
		return;
	}
	while (b < BREAK_COUNT && strcmp(word, world_break_name(b)) != 0)
		b++;
	if (b == BREAK_COUNT && strcmp(word, "heal") != 0) {
		dprintf(client, "there is no such break\n");
		return;
	}
	for (size_t i = 0; i < WORLD_HOSTS; i++) {
		if (strcmp(name, k->world->hosts[i].id) != 0)
			continue;
		if (i < WORLD_SERVERS)
			server_order(&k->servers[i], b, answer, sizeof answer);
		else
			snprintf(answer, sizeof answer, "%s", act_on_line(k, i - WORLD_SERVERS, b));
	}
	dprintf(client, "%s\n", answer);
}

static void drop(struct keeper *k, size_t i)
{
	close(k->clients[i]);
	k->clients[i] = k->clients[--k->count];
}

/* An order fits one small write; what does not is no client of ours. */
static void hear(struct keeper *k, size_t i)
{
	char line[128];
	ssize_t n = read(k->clients[i], line, sizeof line - 1);

	if (n <= 0 || line[n - 1] != '\n') {
		drop(k, i);
		return;
	}
	line[n - 1] = '\0';
	act(k, k->clients[i], line);
}

static void loop(struct keeper *k)
{
	while (k->count > 0 || !k->had_client) {
		struct pollfd p[CLIENTS + 1 + WORLD_LINES] = { { .fd = k->listener, .events = POLLIN } };
		size_t count = k->count;
		for (size_t i = 0; i < count; i++)
			p[i + 1] = (struct pollfd){ .fd = k->clients[i], .events = POLLIN };
		for (size_t i = 0; i < WORLD_LINES; i++)
			p[count + 1 + i] = (struct pollfd){ .fd = k->lines[i], .events = POLLIN };
		int n = poll(p, (nfds_t)(count + 1 + WORLD_LINES), k->had_client ? -1 : GRACE_MS);
		if (n == 0)
			return;
		for (size_t i = 0; n > 0 && i < WORLD_LINES; i++)
			if (p[count + 1 + i].revents != 0)
				close(accept4(k->lines[i], NULL, NULL, SOCK_CLOEXEC));
		for (size_t i = count; n > 0 && i-- > 0;)
			if (p[i + 1].revents != 0)
				hear(k, i);
		if (n > 0 && (p[0].revents & POLLIN) != 0 && k->count < CLIENTS) {
			int fd = accept4(k->listener, NULL, NULL, SOCK_CLOEXEC);
			if (fd >= 0) {
				k->clients[k->count++] = fd;
				k->had_client = true;
			}
		}
	}
}

int world_serve(const struct world *w, int ready, struct err *err)
{
	struct keeper k = { .world = w };
	size_t started = 0;
	int rc = 0;

	signal(SIGPIPE, SIG_IGN);
	for (; started < WORLD_SERVERS && rc == 0; started++)
		rc = server_start(w, started, &k.servers[started], err);
	if (rc != 0)
		started--;
	for (size_t i = 0; i < WORLD_LINES; i++)
		k.lines[i] = rc == 0 ? open_line(w->hosts[WORLD_SERVERS + i].port) : -1;
	k.listener = rc == 0 ? listen_here(w, err) : -1;
	if (rc == 0 && k.listener < 0)
		rc = k.listener;
	if (rc == 0) {
		dprintf(ready, "ready\n");
		close(ready);
		loop(&k);
	}
	if (k.listener >= 0)
		close(k.listener);
	for (size_t i = 0; i < WORLD_LINES; i++)
		if (k.lines[i] >= 0)
			close(k.lines[i]);
	for (size_t i = 0; i < k.count; i++)
		close(k.clients[i]);
	for (size_t i = 0; i < started; i++)
		server_stop(&k.servers[i]);
	return rc;
}
