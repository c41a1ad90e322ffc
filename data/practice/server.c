/* See server.h. The process is the subreaper of all it starts, so that no session of a stopped sshd outlives it. */
#include "data/practice/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"

/* Far above what the keeper has open, so that neither covers the other. */
enum { OWN_SOCKET = 100, OWN_MAPPED };
enum { ANSWER_MS = 10000, LISTEN_TRIES = 200, DISK_BYTES = 24 * 1024 * 1024, BACKUP_BYTES = 3 * 1024 * 1024 };

/* What the process itself knows. */
struct self {
	const struct world *world;
	size_t index;
	char *dir;      /* its folder */
	bool has_disk;  /* the tmpfs is mounted */
	pid_t sshd, programs[WORLD_PROGRAMS];
	int fd;
};

static char *path_of(const struct self *s, const char *name)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "%s/%s", s->dir, name);
	return strbuf_detach(&sb);
}

static bool write_text(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	size_t len = strlen(text);
	bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* ---- namespaces ---- */

/* Outside: root maps every id to itself, so that sshd can still drop privileges; anyone else only their own. */
static bool map_ids(pid_t pid)
{
	char path[64], text[64];
	bool root = getuid() == 0;

	snprintf(path, sizeof path, "/proc/%d/setgroups", (int)pid);
	if (!root && !write_text(path, "deny", 0))
		return false;
	snprintf(path, sizeof path, "/proc/%d/uid_map", (int)pid);
	snprintf(text, sizeof text, root ? "0 0 65536" : "%u %u 1", getuid(), getuid());
	if (!write_text(path, text, 0))
		return false;
	snprintf(path, sizeof path, "/proc/%d/gid_map", (int)pid);
	snprintf(text, sizeof text, root ? "0 0 65536" : "%u %u 1", getgid(), getgid());
	return write_text(path, text, 0);
}

/* Inside: the disk, and for root an empty /run with the folder that sshd wants, seen by nobody else. */
static bool mount_disk(const struct self *s)
{
	char options[64];
	char *disk = path_of(s, "disk");

	snprintf(options, sizeof options, "size=%d,mode=0700", DISK_BYTES);
	bool ok = mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		  mount("practice", disk, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
	if (ok && getuid() == 0)
		ok = mount("practice", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "size=64k,mode=0755") == 0 &&
		     mkdir("/run/sshd", 0755) == 0;
	free(disk);
	return ok;
}

/* ---- the disk's content ---- */

static bool make_backup(const struct self *s, int days_ago, size_t size)
{
	time_t now = time(NULL), at = now - now % 86400 + 17 * 3600; /* 02:00 of the contract's zone */
	char name[64];
	struct tm tm;

	if (at > now)
		at -= 86400;
	at -= (time_t)days_ago * 86400;
	gmtime_r(&(time_t){ at + 32400 }, &tm);
	strftime(name, sizeof name, "disk/backup/db-%Y%m%d.dump", &tm);
	char *path = path_of(s, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	const struct timespec times[2] = { { .tv_sec = at }, { .tv_sec = at } };
	bool ok = fd >= 0 && posix_fallocate(fd, 0, (off_t)size) == 0 && futimens(fd, times) == 0;
	if (fd >= 0)
		close(fd);
	free(path);
	return ok;
}

static void remove_backups(const struct self *s, int days)
{
	time_t now = time(NULL);

	for (int i = -1; i < days; i++) {
		char name[64];
		struct tm tm;
		gmtime_r(&(time_t){ now + 32400 - (time_t)i * 86400 }, &tm);
		strftime(name, sizeof name, "disk/backup/db-%Y%m%d.dump", &tm);
		char *path = path_of(s, name);
		unlink(path);
		free(path);
	}
}

static void fill_backups(const struct self *s)
{
	char *dir = path_of(s, "disk/backup");
	bool ok = mkdir(dir, 0700) == 0 || errno == EEXIST;

	free(dir);
	for (int i = 0; i < 3 && ok; i++)
		ok = make_backup(s, i, BACKUP_BYTES);
}

/* Fills what is left of the disk; only ever the small tmpfs. */
static bool fill_disk(const struct self *s)
{
	static const char block[64 * 1024];
	char *path = path_of(s, "disk/journal.tmp");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	ssize_t n = 0;
	size_t total = 0;

	while (fd >= 0 && total < DISK_BYTES && (n = write(fd, block, sizeof block)) > 0)
		total += (size_t)n;
	if (fd >= 0)
		close(fd);
	free(path);
	return fd >= 0;
}

/* ---- processes ---- */

/* Ends one level of descendants of ours; the subreaper brings the next level up until none is left. */
static void kill_children(void)
{
	char path[64], line[4096];

	snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	for (;;) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n = fd >= 0 ? read(fd, line, sizeof line - 1) : 0;
		if (fd >= 0)
			close(fd);
		if (n <= 0)
			break;
		line[n] = '\0';
		for (char *p = line, *end; *p != '\0'; p = end) {
			long pid = strtol(p, &end, 10);
			if (end == p)
				break;
			kill((pid_t)pid, SIGKILL);
		}
		while (waitpid(-1, NULL, 0) < 0 && errno == EINTR)
			;
	}
}

/* The server's programs: processes of those names that do nothing. */
static void start_programs(struct self *s)
{
	for (size_t i = 0; i < WORLD_PROGRAMS; i++) {
		s->programs[i] = fork();
		if (s->programs[i] != 0)
			continue;
		char name[WORLD_PROGRAM_SIZE];
		close(s->fd);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		world_program_name(s->world, s->index, i, name);
		prctl(PR_SET_NAME, name);
		for (;;)
			pause();
	}
}

static bool write_config(const struct self *s, bool other_key)
{
	const struct world *w = s->world;
	struct strbuf sb = { 0 };

	/* SHLVL: a bash that sshd starts would otherwise read the person's .bashrc, and wait for whatever that does. */
	strbuf_addf(&sb,
		    "SetEnv SHLVL=1\nPort %d\nListenAddress 127.0.0.1\nHostKey %s/%s\nAuthorizedKeysFile %s/id_ed25519.pub\n"
		    "AllowUsers %s\nPidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n"
		    "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nMaxStartups 64\n"
		    "ForceCommand /bin/sh %s/enter\nLogLevel ERROR\n",
		    w->hosts[s->index].port, s->dir, other_key ? "other_key" : "host_key", w->folder, w->user, s->dir);
	char *path = path_of(s, "sshd_config");
	bool ok = write_text(path, strbuf_text(&sb), 0600);
	free(path);
	strbuf_clear(&sb);
	strbuf_addf(&sb, "[ -e '%s/slow' ] && sleep 4\nexec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"\n", s->dir);
	path = path_of(s, "enter");
	ok = ok && write_text(path, strbuf_text(&sb), 0600);
	free(path);
	strbuf_release(&sb);
	return ok;
}

static bool listens(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_port = htons((uint16_t)port);
	bool ok = fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool start_sshd(struct self *s, bool other_key)
{
	if (!write_config(s, other_key))
		return false;
	s->sshd = fork();
	if (s->sshd == 0) {
		char *config = path_of(s, "sshd_config"), *log = path_of(s, "sshd.log");
		char *const argv[] = { (char[]){ "/usr/sbin/sshd" }, (char[]){ "-D" }, (char[]){ "-f" }, config,
				       (char[]){ "-E" }, log, NULL };
		char *const env[] = { (char[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin" }, NULL };
		close(s->fd);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execve("/usr/sbin/sshd", argv, env);
		_exit(127);
	}
	/* It is up when it accepts; it has failed when it is gone. */
	for (int i = 0; i < LISTEN_TRIES && s->sshd > 0; i++) {
		if (listens(s->world->hosts[s->index].port))
			return true;
		if (waitpid(s->sshd, NULL, WNOHANG) == s->sshd)
			return false;
		poll(NULL, 0, 25);
	}
	return false;
}

static bool restart(struct self *s, bool other_key)
{
	kill_children();
	start_programs(s);
	return start_sshd(s, other_key);
}

static const char *heal(struct self *s)
{
	char *slow = path_of(s, "slow"), *full = path_of(s, "disk/journal.tmp");

	unlink(slow);
	unlink(full);
	free(slow);
	free(full);
	remove_backups(s, 8);
	fill_backups(s);
	return restart(s, false) ? "ok" : "sshd does not start again; see sshd.log";
}

static const char *obey(struct self *s, enum world_break b)
{
	char *slow;
	bool ok;

	if (b == BREAK_DISK && !s->has_disk)
		return "this kernel allows no user namespace, so the server has no disk of its own";
	switch (b) {
	case BREAK_STOP:
		kill_children();
		return "ok";
	case BREAK_DISK:
		return fill_disk(s) ? "ok" : strerror(errno);
	case BREAK_BACKUP:
		remove_backups(s, 4);
		return make_backup(s, 5, BACKUP_BYTES) ? "ok" : strerror(errno);
	case BREAK_SLOW:
		slow = path_of(s, "slow");
		ok = write_text(slow, "", 0600);
		free(slow);
		return ok ? "ok" : strerror(errno);
	case BREAK_KEY:
		return restart(s, true) ? "ok" : "sshd does not start with another key; see sshd.log";
	case BREAK_PROCESS:
		if (s->programs[0] > 0) {
			kill(s->programs[0], SIGKILL);
			waitpid(s->programs[0], NULL, 0);
			s->programs[0] = 0;
		}
		return "ok";
	case BREAK_COUNT:
	default:
		return heal(s);
	}
}

static void child_ended(int signal_number)
{
	(void)signal_number; /* it only has to end the wait */
}

/* Takes the dead in, waits for orders, ends when nobody can give any. */
static void serve(struct self *s)
{
	const struct sigaction act = { .sa_handler = child_ended };
	char order;

	sigaction(SIGCHLD, &act, NULL);
	for (;;) {
		struct pollfd p = { .fd = s->fd, .events = POLLIN };
		int n = poll(&p, 1, -1);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (n <= 0)
			continue;
		if (read(s->fd, &order, 1) != 1)
			break;
		dprintf(s->fd, "%s\n", obey(s, (enum world_break)order));
	}
	kill_children();
}

static _Noreturn void server_main(const struct world *w, size_t index, int fd, int mapped)
{
	struct self s = { .world = w, .index = index, .fd = fd };
	struct strbuf dir = { 0 };
	char go = 0;

	prctl(PR_SET_NAME, "hoshu-practice");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	strbuf_addf(&dir, "%s/%s", w->folder, w->hosts[index].id);
	s.dir = strbuf_detach(&dir);
	bool apart = unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
	dprintf(fd, "%s\n", apart ? "apart" : "together");
	if (apart && read(mapped, &go, 1) == 1 && go == 'y')
		s.has_disk = mount_disk(&s);
	close(mapped);
	char *slow = path_of(&s, "slow");
	unlink(slow);
	free(slow);
	fill_backups(&s);
	start_programs(&s);
	dprintf(fd, "%s\n", start_sshd(&s, false) ? "ok" : "sshd does not listen; see sshd.log");
	serve(&s);
	_exit(0);
}

/* ---- the keeper's side ---- */

int server_start(const struct world *w, size_t index, struct server *out, struct err *err)
{
	int pair[2], mapped[2];
	char line[200] = "";

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0 || pipe2(mapped, O_CLOEXEC) != 0)
		return ERR(err, HS_ERR_IO, N_("cannot make a pipe: {1}"), strerror(errno));
	out->pid = fork();
	if (out->pid == 0) {
		/* Nothing of the keeper's stays open here: another server would not see its socket close. */
		dup3(pair[1], OWN_SOCKET, O_CLOEXEC);
		dup3(mapped[0], OWN_MAPPED, O_CLOEXEC);
		close_range(3, OWN_SOCKET - 1, 0);
		close_range(OWN_MAPPED + 1, ~0U, 0);
		server_main(w, index, OWN_SOCKET, OWN_MAPPED);
	}
	close(pair[1]);
	close(mapped[0]);
	out->fd = pair[0];
	bool ok = out->pid > 0 && world_read_line(out->fd, line, sizeof line, ANSWER_MS);
	if (ok && strcmp(line, "apart") == 0)
		ok = write(mapped[1], map_ids(out->pid) ? "y" : "n", 1) == 1;
	close(mapped[1]);
	if (ok && world_read_line(out->fd, line, sizeof line, ANSWER_MS) && strcmp(line, "ok") == 0)
		return 0;
	server_stop(out);
	return ERR(err, HS_ERR_STATE, N_("practice server {1} did not start: {2}"), w->hosts[index].id, line);
}

void server_order(struct server *s, enum world_break b, char *answer, size_t size)
{
	char order = (char)b;

	if (write(s->fd, &order, 1) != 1 || !world_read_line(s->fd, answer, size, ANSWER_MS))
		snprintf(answer, size, "the server process is gone");
}

void server_stop(struct server *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	if (s->pid > 0)
		while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
			;
	s->pid = 0;
}
