/* See world.h. The folder: keys, ports, paths, and the client's side of the keeper's socket. */
#include "data/practice/world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"

enum { START_MS = 15000, ACT_MS = 15000 };

const char *const world_programs[WORLD_PROGRAMS] = { "app", "guard", "log" };

static const char *const host_ids[WORLD_HOSTS] = {
	"ap1", "db1", "web1", "honkan-rt", "kahinata-rt", "higashi-rt", "nishi-rt", "minami-rt", "kita-rt",
};

static const char *const break_names[BREAK_COUNT] = {
	[BREAK_STOP] = "stop", [BREAK_DISK] = "disk", [BREAK_BACKUP] = "backup",
	[BREAK_SLOW] = "slow", [BREAK_KEY] = "key",   [BREAK_PROCESS] = "process",
};

const char *world_break_name(enum world_break b)
{
	return b < BREAK_COUNT ? break_names[b] : "heal";
}

static char *join(const char *a, const char *b, const char *c)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "%s/%s%s%s", a, b, c != NULL ? "/" : "", c != NULL ? c : "");
	return strbuf_detach(&sb);
}

void world_program_name(const struct world *w, size_t server, size_t program, char out[WORLD_PROGRAM_SIZE])
{
	snprintf(out, WORLD_PROGRAM_SIZE, "%s-%s-%d", w->hosts[server].id, world_programs[program],
		 w->hosts[server].port % 1000);
}

char *world_client_key(const struct world *w)
{
	return join(w->folder, "id_ed25519", NULL);
}

char *world_disk(const struct world *w, size_t server)
{
	return join(w->folder, w->hosts[server].id, "disk");
}

static int make_folder(const char *path, struct err *err)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return ERR(err, HS_ERR_IO, N_("cannot make the folder '{1}': {2}"), path, strerror(errno));
	return 0;
}

/* exec's vectors are not const for reasons of history; nothing writes to them. */
static char *const *words(const char *const *list)
{
	union {
		const char *const *from;
		char *const *to;
	} u = { .from = list };

	return u.to;
}

/* Runs ssh-keygen for a key without a passphrase, unless the key is there. */
static int make_key(const char *path, struct err *err)
{
	const char *const argv[] = { "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "practice", "-f", path, NULL };
	const char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };
	pid_t pid;
	int status;

	if (access(path, F_OK) == 0)
		return 0;
	int rc = posix_spawn(&pid, "/usr/bin/ssh-keygen", NULL, NULL, words(argv), words(env));
	if (rc != 0)
		return ERR(err, HS_ERR_NOT_FOUND, N_("cannot start ssh-keygen: {1}; install openssh-client"), strerror(rc));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return ERR(err, HS_ERR_IO, N_("ssh-keygen was lost: {1}"), strerror(errno));
	if (status != 0)
		return ERR(err, HS_ERR_IO, N_("ssh-keygen could not make '{1}'"), path);
	return 0;
}

/* A port of loopback that is free now. */
static int free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof a;
	int port = 0;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&a, len) == 0 && getsockname(fd, (struct sockaddr *)&a, &len) == 0)
		port = ntohs(a.sin_port);
	if (fd >= 0)
		close(fd);
	return port;
}

static bool port_is_free(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_port = htons((uint16_t)port);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	bool is_free = fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
	if (fd >= 0)
		close(fd);
	return is_free;
}

static int connect_keeper(const struct world *w);

/* Ports are kept between starts, so that pins and contract stay the same; taken ones are chosen anew. */
static int choose_ports(struct world *w, struct err *err)
{
	char *path = join(w->folder, "ports", NULL);
	FILE *f = fopen(path, "re");
	int fd = connect_keeper(w), rc = 0;
	bool running = fd >= 0;

	if (fd >= 0)
		close(fd);
	for (size_t i = 0; i < WORLD_HOSTS; i++) {
		int port = 0;
		if (f == NULL || fscanf(f, "%d", &port) != 1 || port < 1024 || port > 65535)
			port = 0;
		if (port == 0 || (!running && !port_is_free(port)))
			port = free_port();
		w->hosts[i].port = port;
	}
	if (f != NULL)
		fclose(f);
	int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (out < 0)
		rc = ERR(err, HS_ERR_IO, N_("cannot write '{1}': {2}"), path, strerror(errno));
	else
		for (size_t i = 0; i < WORLD_HOSTS; i++)
			dprintf(out, "%d\n", w->hosts[i].port);
	if (out >= 0)
		close(out);
	free(path);
	return rc;
}

static int make_keys(const struct world *w, struct err *err)
{
	char *key = world_client_key(w);
	int rc = make_key(key, err);

	free(key);
	for (size_t i = 0; i < WORLD_SERVERS && rc == 0; i++) {
		char *dir = join(w->folder, w->hosts[i].id, NULL);
		char *disk = join(dir, "disk", NULL), *host = join(dir, "host_key", NULL);
		char *other = join(dir, "other_key", NULL);
		if ((rc = make_folder(dir, err)) == 0 && (rc = make_folder(disk, err)) == 0 &&
		    (rc = make_key(host, err)) == 0)
			rc = make_key(other, err);
		free(dir);
		free(disk);
		free(host);
		free(other);
	}
	return rc;
}

int world_prepare(struct world *w, const char *folder, struct err *err)
{
	const struct passwd *pw = getpwuid(getuid());
	int rc;

	memset(w, 0, sizeof *w);
	if (pw == NULL)
		return ERR(err, HS_ERR_NOT_FOUND, N_("this user has no name; practice needs one to log in"));
	w->folder = mem_text(folder);
	w->user = mem_text(pw->pw_name);
	for (size_t i = 0; i < WORLD_HOSTS; i++)
		w->hosts[i].id = host_ids[i];
	if ((rc = make_folder(folder, err)) == 0 && (rc = make_keys(w, err)) == 0)
		rc = choose_ports(w, err);
	if (rc != 0)
		world_release(w);
	return rc;
}

void world_release(struct world *w)
{
	free(w->folder);
	free(w->user);
	*w = (struct world){ 0 };
}

char *world_host_key(const struct world *w, size_t server, struct err *err)
{
	char *path = join(w->folder, w->hosts[server].id, "host_key.pub");
	char line[512], *key = NULL;
	FILE *f = fopen(path, "re");

	if (f != NULL && fgets(line, sizeof line, f) != NULL) {
		char *end = strchr(line, ' ');
		end = end != NULL ? strpbrk(end + 1, " \n") : NULL;
		if (end != NULL)
			key = mem_text_n(line, (size_t)(end - line));
	}
	if (key == NULL)
		ERR(err, HS_ERR_IO, N_("cannot read the host key '{1}'"), path);
	if (f != NULL)
		fclose(f);
	free(path);
	return key;
}

/* ---- the client's side ---- */

static bool keeper_address(const struct world *w, struct sockaddr_un *a)
{
	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	int len = snprintf(a->sun_path, sizeof a->sun_path, "%s/keeper.sock", w->folder);
	return len > 0 && (size_t)len < sizeof a->sun_path;
}

static int connect_keeper(const struct world *w)
{
	struct sockaddr_un a;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && keeper_address(w, &a) && connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

bool world_read_line(int fd, char *line, size_t size, int limit)
{
	size_t len = 0;

	while (len + 1 < size) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int n = poll(&p, 1, limit);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || read(fd, line + len, 1) != 1)
			return false;
		if (line[len] == '\n')
			break;
		len++;
	}
	line[len] = '\0';
	return true;
}

static int start_keeper(const struct world *w, const char *program, struct err *err)
{
	const char *const argv[] = { program, "practice", "serve", "--folder", w->folder, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	extern char **environ;
	int ready[2];
	char word[200];
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) != 0)
		return ERR(err, HS_ERR_IO, N_("cannot make a pipe: {1}"), strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ready[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
	int rc = posix_spawn(&pid, program, &actions, &attributes, words(argv), environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(ready[1]);
	if (rc != 0)
		rc = ERR(err, HS_ERR_IO, N_("cannot start the practice servers: {1}"), strerror(rc));
	else if (!world_read_line(ready[0], word, sizeof word, START_MS))
		rc = ERR(err, HS_ERR_TIMEOUT, N_("the practice servers did not start; see '{1}'"), w->folder);
	else if (strcmp(word, "ready") != 0)
		rc = ERR(err, HS_ERR_STATE, N_("the practice servers did not start: {1}"), word);
	close(ready[0]);
	return rc;
}

int world_join(const struct world *w, const char *program, struct err *err)
{
	int fd = connect_keeper(w);

	if (fd >= 0)
		return fd;
	int rc = start_keeper(w, program, err);
	if (rc != 0)
		return rc;
	fd = connect_keeper(w);
	return fd >= 0 ? fd : ERR(err, HS_ERR_IO, N_("cannot reach the practice servers: {1}"), strerror(errno));
}

int world_act(const struct world *w, const char *host, enum world_break b, struct err *err)
{
	char word[200] = "";
	int rc = 0, fd = connect_keeper(w);

	if (fd < 0)
		return ERR(err, HS_ERR_STATE, N_("the practice servers are not running; start 'hoshu --practice' first"));
	dprintf(fd, "%s %s\n", world_break_name(b), host);
	if (!world_read_line(fd, word, sizeof word, ACT_MS))
		rc = ERR(err, HS_ERR_TIMEOUT, N_("the practice servers do not answer"));
	else if (strcmp(word, "ok") != 0)
		rc = ERR(err, HS_ERR_STATE, N_("'{1}' cannot be done to {2}: {3}"), world_break_name(b), host, word);
	close(fd);
	return rc;
}
