/* The client: one child, a buffer each way, the ids of the open jobs.
 *
 * The child is its own session without terminal, with /dev/null for stdin and a cleaned environment, and
 * holds no descriptor of ours but its end of the socketpair: when we end, however we end, it sees the end of
 * file and ends too. */
#include "data/net/net.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "data/net/frame.h"

enum {
	SILENCE_MS = 8000,    /* a child with open jobs says something every 2 s */
	STOP_MS = 1000,       /* time to say goodbye to servers */
	QUEUE_MAX = 64 << 20, /* bytes not yet taken by the child */
	JOBS_MAX = 4096,
	CHILD_FD = 3,
};

struct net {
	char *program;
	pid_t pid; /* 0: none */
	int fd;
	struct strbuf in, out;
	size_t sent; /* of out */
	VEC(uint64_t) open;
	uint64_t last_id;
	int64_t heard_ms;
	struct net_about about;
};

static int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *net_program(void)
{
	const char *program = getenv("HOSHU_NET");

	return program != NULL && program[0] == '/' ? program : HOSHU_LIBEXECDIR "/hoshu-net";
}

/* The few names of the environment that the child may see. */
static void clean_environment(char *environment[], size_t count)
{
	static const char *const names[] = { "HOME", "SSH_AUTH_SOCK", "ASAN_OPTIONS", "UBSAN_OPTIONS",
					     "LSAN_OPTIONS" };
	size_t used = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names && used + 2 < count; i++) {
		const char *value = getenv(names[i]);
		if (value == NULL)
			continue;
		struct strbuf sb = { 0 };
		strbuf_addf(&sb, "%s=%s", names[i], value);
		environment[used++] = strbuf_detach(&sb);
	}
	environment[used++] = mem_text("PATH=/usr/bin:/bin");
	environment[used] = NULL;
}

static int spawn(const char *program, int fd, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	char *environment[16];
	char *arguments[] = { mem_text("hoshu-net"), NULL };

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
#ifndef SANITIZED
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
#endif
	posix_spawn_file_actions_adddup2(&actions, fd, CHILD_FD);
	posix_spawn_file_actions_addclosefrom_np(&actions, CHILD_FD + 1);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
				 POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	clean_environment(environment, sizeof environment / sizeof *environment);
	int failed = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
	for (size_t i = 0; environment[i] != NULL; i++)
		free(environment[i]);
	free(arguments[0]);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

static int start_child(struct net *n, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
		return ERR(err, HS_ERR_IO, N_("cannot start the network helper: {1}"), strerror(errno));
	int failed = spawn(n->program, pair[1], &n->pid);
	close(pair[1]);
	if (failed != 0) {
		close(pair[0]);
		n->pid = 0;
		return ERR(err, HS_ERR_IO, N_("cannot start the network helper '{1}': {2}"), n->program,
			   strerror(failed));
	}
	n->fd = pair[0];
	n->heard_ms = clock_ms();
	n->about = (struct net_about){ 0 };
	return 0;
}

/* Gives the child ms to end by itself, then kills it; it is reaped in any case. */
static void end_child(struct net *n, int ms)
{
	if (n->pid == 0)
		return;
	close(n->fd);
	n->fd = -1;
	int pidfd = ms > 0 ? (int)syscall(SYS_pidfd_open, n->pid, 0) : -1;
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	if (pidfd < 0 || poll(&p, 1, ms) <= 0)
		kill(n->pid, SIGKILL);
	if (pidfd >= 0)
		close(pidfd);
	while (waitpid(n->pid, NULL, 0) < 0 && errno == EINTR)
		;
	n->pid = 0;
	strbuf_clear(&n->in);
	strbuf_clear(&n->out);
	n->sent = 0;
}

int net_start(struct net **out, const char *program, struct err *err)
{
	struct net *n = mem_alloc(1, sizeof *n);

	*out = NULL;
	n->fd = -1;
	n->program = mem_text(program != NULL ? program : net_program());
	int rc = start_child(n, err);
	if (rc != 0) {
		net_stop(n);
		return rc;
	}
	*out = n;
	return 0;
}

void net_stop(struct net *n)
{
	if (n == NULL)
		return;
	end_child(n, STOP_MS);
	strbuf_release(&n->in);
	strbuf_release(&n->out);
	vec_release(&n->open);
	free(n->program);
	free(n);
}

static bool user_valid(const char *user)
{
	return user[0] != '\0' && user[0] != '-' && strlen(user) <= 64 &&
	       strspn(user, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
		       strlen(user);
}

static int job_check(const struct net_job *job, struct err *err)
{
	size_t pins = 0;

	while (job->pins != NULL && job->pins[pins] != NULL)
		pins++;
	if (job->address == NULL || job->address[0] == '\0' || strlen(job->address) > 255)
		return ERR(err, HS_ERR_INVALID, N_("host '{1}' has no usable address"), job->host_id);
	if (job->kind != NET_ROUTE && (job->port < 1 || job->port > 65535))
		return ERR(err, HS_ERR_INVALID, N_("host '{1}' has no usable port"), job->host_id);
	if (job->via != NULL && job->via[0] != '\0')
		return ERR(err, HS_ERR_INVALID,
			   N_("host '{1}' lies behind a jump host; that is not supported yet"), job->host_id);
	if (job->kind != NET_RUN)
		return 0;
	if (job->user == NULL || !user_valid(job->user))
		return ERR(err, HS_ERR_INVALID,
			   N_("host '{1}': the user's name may hold letters, digits, '.', '_' and '-'"),
			   job->host_id);
	if (job->script_len > NET_SCRIPT_MAX || pins > NET_PINS_MAX)
		return ERR(err, HS_ERR_LIMIT, N_("the job for host '{1}' is too large"), job->host_id);
	return 0;
}

static void send_some(struct net *n)
{
	while (n->fd >= 0 && n->sent < n->out.len) {
		ssize_t put = send(n->fd, n->out.buf + n->sent, n->out.len - n->sent,
				   MSG_NOSIGNAL | MSG_DONTWAIT);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return; /* a dead child shows when reading */
		n->sent += (size_t)put;
	}
	strbuf_clear(&n->out);
	n->sent = 0;
}

uint64_t net_submit(struct net *n, const struct net_job *job, struct err *err)
{
	if (job_check(job, err) != 0)
		return 0;
	if (n->open.len >= JOBS_MAX || n->out.len - n->sent > QUEUE_MAX) {
		ERR(err, HS_ERR_LIMIT, N_("too many jobs wait for the network helper"));
		return 0;
	}
	if (n->pid == 0 && start_child(n, err) != 0)
		return 0;
	if (n->open.len == 0)
		n->heard_ms = clock_ms();
	vec_push(&n->open, ++n->last_id);
	job_encode(n->last_id, job, &n->out);
	send_some(n);
	return n->last_id;
}

void net_cancel(struct net *n, uint64_t id)
{
	if (n->pid == 0)
		return;
	size_t begin = frame_begin(&n->out, FRAME_CANCEL);
	put_number(&n->out, id);
	frame_end(&n->out, begin);
	send_some(n);
}

int net_fd(const struct net *n)
{
	return n->fd;
}

short net_events(const struct net *n)
{
	return n->fd < 0 ? 0 : n->sent < n->out.len ? POLLIN | POLLOUT : POLLIN;
}

int net_wait_ms(const struct net *n)
{
	if (n->pid == 0 || n->open.len == 0)
		return -1;
	int64_t left = n->heard_ms + SILENCE_MS - clock_ms();
	return left > 0 ? (int)left : 0;
}

size_t net_open_jobs(const struct net *n)
{
	return n->open.len;
}

const struct net_about *net_about(const struct net *n)
{
	return &n->about;
}

int net_pid(const struct net *n)
{
	return (int)n->pid;
}

/* False when id was not open: the child must not invent results. */
static bool close_job(struct net *n, uint64_t id)
{
	for (size_t i = 0; i < n->open.len; i++)
		if (n->open.v[i] == id) {
			memmove(n->open.v + i, n->open.v + i + 1, (n->open.len - i - 1) * sizeof *n->open.v);
			n->open.len--;
			return true;
		}
	return false;
}

/* Reads what is there. False at the end of the child. */
static bool receive_some(struct net *n)
{
	for (;;) {
		if (n->in.len > (size_t)FRAME_MAX + 65536)
			return true; /* handle these first */
		strbuf_reserve(&n->in, 65536);
		ssize_t got = recv(n->fd, n->in.buf + n->in.len, 65536, MSG_DONTWAIT);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
		n->in.len += (size_t)got;
		n->in.buf[n->in.len] = '\0';
		n->heard_ms = clock_ms();
	}
}

typedef void net_done(void *ctx, const struct net_result *r);

/* Handles every whole frame. False when the child speaks nonsense. */
static bool handle_frames(struct net *n, net_done *done, void *ctx)
{
	struct frame frame;
	size_t used = 0;
	long size;

	while ((size = frame_next(n->in.buf + used, n->in.len - used, &frame)) > 0) {
		struct net_result result;
		if (frame.kind == FRAME_HELLO) {
			if (!hello_decode(&frame, &n->about))
				return false;
		} else if (frame.kind == FRAME_RESULT) {
			if (!result_decode(&frame, &result) || !close_job(n, result.id))
				return false;
			done(ctx, &result);
		} else if (frame.kind != FRAME_BEAT) {
			return false;
		}
		used += (size_t)size;
	}
	memmove(n->in.buf, n->in.buf + used, n->in.len - used);
	strbuf_cut(&n->in, n->in.len - used);
	return size == 0;
}

static void fail_all(struct net *n, net_done *done, void *ctx)
{
	uint64_t *ids = n->open.v;
	size_t count = n->open.len;

	n->open.v = NULL; /* done may submit anew */
	n->open.len = n->open.cap = 0;
	for (size_t i = 0; i < count; i++) {
		struct net_result r = {
			.id = ids[i],
			.outcome = NET_HELPER_DIED,
			.stage = NET_RESOLVE,
			.exit_status = -1,
			.text = N_("the network helper ended unexpectedly"),
			.out = "",
			.errors = "",
			.key_type = "",
			.key_base64 = "",
			.key_fingerprint = "",
		};
		done(ctx, &r);
	}
	free(ids);
}

int net_dispatch(struct net *n, net_done *done, void *ctx, struct err *err)
{
	if (n->pid == 0)
		return 0;
	send_some(n);
	bool alive = receive_some(n);
	bool sane = n->in.len == 0 || handle_frames(n, done, ctx);
	bool hung = n->open.len > 0 && clock_ms() - n->heard_ms > SILENCE_MS;
	if (alive && sane && !hung)
		return 0;
	end_child(n, 0);
	fail_all(n, done, ctx);
	return ERR(err, HS_ERR_NET,
		   hung   ? N_("the network helper hung and was ended")
		   : sane ? N_("the network helper ended unexpectedly")
			  : N_("the network helper sent what is not understood and was ended"));
}
