/* See lab.h. */
#include "config.h"

#include "tests/data/net/lab.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

int64_t lab_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *lab_path(struct lab *lab, const char *name)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "%s/%s", lab->folder, name);
	char *path = arena_text(&lab->mem, strbuf_text(&sb));
	strbuf_release(&sb);
	return path;
}

void lab_write(struct lab *lab, const char *name, const char *text)
{
	FILE *f = fopen(lab_path(lab, name), "we");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static char *read_line(struct lab *lab, const char *name)
{
	char line[4096] = "";
	FILE *f = fopen(lab_path(lab, name), "re");

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	fclose(f);
	line[strcspn(line, "\n")] = '\0';
	return arena_text(&lab->mem, line);
}

static int run_status(const char *const *arguments)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	assert_int_equal(posix_spawnp(&pid, arguments[0], &actions, NULL, (char *const *)(uintptr_t)arguments,
				      environ),
			 0);
	posix_spawn_file_actions_destroy(&actions);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

void lab_run(const char *const *arguments)
{
	assert_int_equal(run_status(arguments), 0);
}

/* The first two words of name.pub. */
static char *make_key(struct lab *lab, const char *name, const char *type, const char *passphrase)
{
	struct strbuf pub = { 0 };

	lab_run((const char *const[]){ "ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "", "-f",
				       lab_path(lab, name), NULL });
	strbuf_addf(&pub, "%s.pub", name);
	char *line = read_line(lab, strbuf_text(&pub));
	strbuf_release(&pub);
	char *end = strchr(strchr(line, ' ') + 1, ' ');
	if (end != NULL)
		*end = '\0';
	return line;
}

/* As root: a login user of our own, in a mount namespace where /etc/passwd knows him, for sshd treats root's
 * sessions in its own way. False where the kernel refuses. */
static bool make_user(struct lab *lab)
{
	const char *const try_it[] = { "unshare", "-m", "true", NULL };
	struct strbuf line = { 0 };

	if (getuid() != 0 || run_status(try_it) != 0)
		return false;
	strbuf_addf(&line,
		    "root:x:0:0::/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/usr/sbin/"
		    "nologin\nmise:x:65533:65534::%s:/bin/sh\n",
		    lab->folder);
	lab_write(lab, "passwd", strbuf_text(&line));
	lab_write(lab, "shadow", "root:*:1::::::\nmise:*:1::::::\n");
	lab_write(lab, "start",
		  "#!/bin/sh\ncd \"$(dirname \"$0\")\" && mount --bind passwd /etc/passwd && mount --bind "
		  "shadow /etc/shadow && "
		  "exec /usr/sbin/sshd \"$@\"\n");
	strbuf_release(&line);
	chmod(lab->folder, 0777);
	snprintf(lab->user, sizeof lab->user, "mise");
	return lab->own_user = true;
}

void lab_open(struct lab *lab)
{
	struct passwd *me = getpwuid(getuid());

	*lab = (struct lab){ 0 };
	signal(SIGPIPE, SIG_IGN);
	snprintf(lab->folder, sizeof lab->folder, "/tmp/hoshu-net-XXXXXX");
	assert_non_null(mkdtemp(lab->folder));
	assert_non_null(me);
	snprintf(lab->user, sizeof lab->user, "%s", me->pw_name);
	if (getuid() == 0)
		mkdir("/run/sshd", 0755);
	make_user(lab);
	lab->pin = make_key(lab, "host_ed25519", "ed25519", "");
	lab->rsa_pin = make_key(lab, "host_rsa", "rsa", "");
	lab->ecdsa_pin = make_key(lab, "host_ecdsa", "ecdsa", "");
	lab->other_pin = make_key(lab, "host_other", "ed25519", "");
	lab_write(lab, "authorized_keys", make_key(lab, "user", "ed25519", ""));
	make_key(lab, "stranger", "ed25519", "");
	make_key(lab, "locked", "ed25519", "secret");
	snprintf(lab->key_file, sizeof lab->key_file, "%s", lab_path(lab, "user"));
	lab_restart(lab);
}

void lab_restart(struct lab *lab)
{
	const char *build = getenv("HOSHU_BUILDDIR");
	struct strbuf program = { 0 };
	struct err err = { 0 };

	net_stop(lab->net);
	vec_clear(&lab->results);
	strbuf_addf(&program, "%s/hoshu-net", build != NULL ? build : ".");
	assert_int_equal(net_start(&lab->net, strbuf_text(&program), &err), 0);
	strbuf_release(&program);
}

static void end_server(pid_t pid)
{
	kill(pid, SIGCONT);
	kill(pid, SIGTERM);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

void lab_stop(struct lab *lab, struct lab_server *s)
{
	for (size_t i = 0; i < lab->servers.len; i++)
		if (lab->servers.v[i] == s->pid)
			lab->servers.v[i] = lab->servers.v[--lab->servers.len];
	end_server(s->pid);
	close(s->log);
	strbuf_release(&s->said);
}

void lab_close(struct lab *lab)
{
	net_stop(lab->net);
	while (lab->servers.len > 0)
		end_server(lab->servers.v[--lab->servers.len]);
	lab_run((const char *const[]){ "rm", "-rf", lab->folder, NULL });
	vec_release(&lab->servers);
	vec_release(&lab->results);
	arena_release(&lab->mem);
}

int lab_free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	close(fd);
	return ntohs(at.sin_port);
}

/* Reads more of the log; false at its end or when the time is over. */
static bool read_log(struct lab_server *s, int64_t until)
{
	struct pollfd p = { .fd = s->log, .events = POLLIN };
	int64_t left = until - lab_clock();

	if (poll(&p, 1, left > 0 ? (int)left : 0) <= 0)
		return false;
	strbuf_reserve(&s->said, 4096);
	ssize_t got = read(s->log, s->said.buf + s->said.len, 4096);
	if (got <= 0)
		return false;
	s->said.len += (size_t)got;
	s->said.buf[s->said.len] = '\0';
	return true;
}

static int count_in(const struct strbuf *said, const char *text)
{
	int count = 0;

	for (const char *at = strbuf_text(said); (at = strstr(at, text)) != NULL; at += strlen(text))
		count++;
	return count;
}

int lab_log_count(struct lab_server *s, const char *text)
{
	while (read_log(s, 0))
		;
	return count_in(&s->said, text);
}

int lab_log_wait(struct lab_server *s, const char *text)
{
	int64_t until = lab_clock() + LAB_LIMIT_MS;

	while (count_in(&s->said, text) == 0)
		if (!read_log(s, until))
			fail_msg("the server's log never said '%s' but: %s", text, strbuf_text(&s->said));
	return count_in(&s->said, text);
}

static pid_t spawn_logged(const char *const *arguments, int *log)
{
	posix_spawn_file_actions_t actions;
	int pipe_fds[2];
	pid_t pid;

	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	fcntl(pipe_fds[1], F_SETPIPE_SZ, 1 << 20); /* a server whose log is full stands still */
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 2);
	assert_int_equal(posix_spawnp(&pid, arguments[0], &actions, NULL, (char *const *)(uintptr_t)arguments,
				      environ),
			 0);
	posix_spawn_file_actions_destroy(&actions);
	close(pipe_fds[1]);
	*log = pipe_fds[0];
	return pid;
}

struct lab_server lab_program(struct lab *lab, const char *const *arguments, const char *ready)
{
	struct lab_server s = { .pid = 0 };

	s.pid = spawn_logged(arguments, &s.log);
	vec_push(&lab->servers, s.pid);
	if (ready != NULL)
		lab_log_wait(&s, ready);
	return s;
}

int lab_number(struct lab *lab, const char *name)
{
	return (int)strtol(read_line(lab, name), NULL, 10);
}

bool lab_gone(int pid)
{
	struct pollfd p = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };

	if (p.fd < 0)
		return errno == ESRCH;
	bool gone = poll(&p, 1, LAB_LIMIT_MS) > 0;
	close(p.fd);
	return gone;
}

struct lab_server lab_sshd(struct lab *lab, const char *more)
{
	struct lab_server s = { 0 };
	struct strbuf conf = { 0 };

	for (int attempt = 0; attempt < 10; attempt++) {
		s.port = lab_free_port();
		strbuf_clear(&conf);
		strbuf_addf(&conf,
			    "%s\nPort %d\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes "
			    "no\nLogLevel VERBOSE\n"
			    "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin "
			    "yes\nUseDNS no\n"
			    "SetEnv HOME=%s\nAuthorizedKeysFile %s/authorized_keys\nSubsystem sftp "
			    "internal-sftp\nMaxSessions 64\nPrintMotd no\n",
			    more, s.port, lab->folder, lab->folder);
		if (strstr(more, "HostKey ") == NULL)
			strbuf_addf(&conf, "HostKey %s/host_ed25519\n", lab->folder);
		lab_write(lab, "sshd_config", strbuf_text(&conf));
		const char *config = lab_path(lab, "sshd_config"), *start = lab_path(lab, "start");
		const char *const plain[] = { "/usr/sbin/sshd", "-D", "-e", "-f", config, NULL };
		const char *const apart[] = { "unshare", "-m", "/bin/sh", start, "-D",
					      "-e",      "-f", config,    NULL };
		s.pid = spawn_logged(lab->own_user ? apart : plain, &s.log);
		int64_t until = lab_clock() + LAB_LIMIT_MS;
		while (count_in(&s.said, "Server listening") == 0 && read_log(&s, until))
			;
		if (count_in(&s.said, "Server listening") > 0)
			break;
		print_message("# sshd did not start: %s\n", strbuf_text(&s.said));
		waitpid(s.pid, NULL, 0);
		close(s.log);
		strbuf_clear(&s.said);
		s.pid = 0;
	}
	strbuf_release(&conf);
	assert_true(s.pid > 0);
	vec_push(&lab->servers, s.pid);
	return s;
}

/* ---- jobs ---- */

struct net_job lab_job(struct lab *lab, int port, const char *const *pins, const char *script)
{
	return (struct net_job){
		.kind = NET_RUN,
		.host_id = "host",
		.address = "127.0.0.1",
		.port = port,
		.user = lab->user,
		.key_file = lab->key_file,
		.pins = pins,
		.via = "",
		.script = script,
		.script_len = strlen(script),
	};
}

static char *keep(struct lab *lab, const char *text)
{
	return arena_text(&lab->mem, text);
}

static void done(void *ctx, const struct net_result *r)
{
	struct lab *lab = ctx;
	struct lab_result *kept = vec_add(&lab->results);

	kept->id = r->id;
	kept->r = *r;
	kept->r.text = keep(lab, r->text);
	kept->r.out = arena_text_n(&lab->mem, r->out, r->out_len);
	kept->r.errors = arena_text_n(&lab->mem, r->errors, r->errors_len);
	kept->r.key_type = keep(lab, r->key_type);
	kept->r.key_base64 = keep(lab, r->key_base64);
	kept->r.key_fingerprint = keep(lab, r->key_fingerprint);
}

void lab_turn(struct lab *lab, int ms)
{
	struct pollfd p = { .fd = net_fd(lab->net), .events = net_events(lab->net) };
	int wait = net_wait_ms(lab->net);
	struct err err = { 0 };

	poll(&p, 1, wait >= 0 && wait < ms ? wait : ms);
	net_dispatch(lab->net, done, lab, &err);
}

uint64_t lab_submit(struct lab *lab, const struct net_job *job)
{
	struct err err = { 0 };
	uint64_t id = net_submit(lab->net, job, &err);

	if (id == 0)
		fail_msg("cannot submit: %s", err.msg.id);
	return id;
}

const struct net_result *lab_wait(struct lab *lab, uint64_t id)
{
	int64_t until = lab_clock() + LAB_LIMIT_MS;

	for (;;) {
		for (size_t i = 0; i < lab->results.len; i++)
			if (lab->results.v[i].id == id)
				return &lab->results.v[i].r;
		int64_t left = until - lab_clock();
		if (left <= 0)
			fail_msg("job %llu has no result", (unsigned long long)id);
		lab_turn(lab, (int)left);
	}
}

const struct net_result *lab_do(struct lab *lab, const struct net_job *job)
{
	return lab_wait(lab, lab_submit(lab, job));
}

/* ---- measures ---- */

long lab_memory(int pid, const char *name)
{
	char path[64], line[256];
	long kib = -1;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			kib = strtol(line + strlen(name), NULL, 10);
	fclose(f);
	return kib;
}

int lab_fds(int pid)
{
	char path[64];
	int count = 0;

	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	DIR *d = opendir(path);
	assert_non_null(d);
	while (readdir(d) != NULL)
		count++;
	closedir(d);
	return count;
}
