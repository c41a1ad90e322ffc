/* See aide.h. One datagram is one question or one answer; the fields are those of frame.h. */
#include "data/net/aide.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/msg.h"
#include "core/base/strbuf.h"
#include "data/net/aide_key.h"
#include "data/net/frame.h"

enum { ADDRESSES_MAX = 8 };

static int send_message(int fd, const struct strbuf *message, int fd_to_pass)
{
	struct iovec part = { .iov_base = message->buf, .iov_len = message->len };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd_to_pass >= 0) {
		m.msg_control = control.room;
		m.msg_controllen = sizeof control.room;
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd_to_pass, sizeof(int));
	}
	ssize_t put;
	do
		put = sendmsg(fd, &m, MSG_NOSIGNAL);
	while (put < 0 && errno == EINTR);
	return put == (ssize_t)message->len ? 0 : -1;
}

/* Bytes of the datagram, 0 at the end, -1 when there is none now; *passed is -1 or a new descriptor. */
static ssize_t receive_message(int fd, char *buffer, int *passed)
{
	struct iovec part = { .iov_base = buffer, .iov_len = AIDE_MESSAGE };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr m = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof control.room,
	};
	ssize_t got;

	*passed = -1;
	do
		got = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	for (struct cmsghdr *c = got > 0 ? CMSG_FIRSTHDR(&m) : NULL; c != NULL; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
		    c->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(passed, CMSG_DATA(c), sizeof(int));
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return -1;
	return got < 0 ? 0 : got;
}

int aide_ask(int fd, enum aide_kind kind, uint64_t token, const char *text, int port, int limit_ms,
	     int fd_to_pass)
{
	struct strbuf message = { 0 };

	put_number(&message, kind);
	put_number(&message, token);
	put_text(&message, text);
	put_number(&message, (uint64_t)port);
	put_number(&message, (uint64_t)limit_ms);
	int rc = message.len <= AIDE_MESSAGE ? send_message(fd, &message, fd_to_pass) : -1;
	strbuf_release(&message);
	return rc;
}

int aide_answer(int fd, char *buffer, struct aide_answer *out)
{
	*out = (struct aide_answer){ .fd = -1 };
	ssize_t got = receive_message(fd, buffer, &out->fd);
	if (got <= 0)
		return got == 0 ? -1 : 0;
	struct fields f = { .at = buffer, .end = buffer + got };
	out->token = take_number(&f);
	out->outcome = take_int(&f, NET_OK, NET_CANCELLED);
	out->text = take_text(&f);
	out->bytes = take_bytes(&f, AIDE_MESSAGE, &out->len);
	if (fields_done(&f))
		return 1;
	if (out->fd >= 0)
		close(out->fd);
	return -1;
}

/* ---- in the aide ---- */

static void answer(int fd, uint64_t token, int outcome, const char *text, const struct strbuf *bytes,
		   int fd_to_pass)
{
	struct strbuf message = { 0 };

	put_number(&message, token);
	put_number(&message, (uint64_t)outcome);
	put_text(&message, text);
	put_bytes(&message, bytes != NULL ? strbuf_text(bytes) : "", bytes != NULL ? bytes->len : 0);
	send_message(fd, &message, fd_to_pass);
	if (message.buf != NULL)
		explicit_bzero(message.buf, message.cap);
	strbuf_release(&message);
}

static int outcome_of_errno(int number)
{
	switch (number) {
	case ECONNREFUSED: return NET_REFUSED;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EADDRNOTAVAIL: return NET_NO_ROUTE;
	case ETIMEDOUT: return NET_TIMED_OUT;
	case ECONNRESET: return NET_RESET;
	default: return NET_PROTOCOL;
	}
}

static int look_up(const char *name, int port, int flags, struct addrinfo **out)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
				  .ai_socktype = SOCK_STREAM,
				  .ai_flags = flags | AI_NUMERICSERV };

	*out = NULL;
	return getaddrinfo(name, MSG_INT(port), &hints, out);
}

static void set_options(int fd)
{
	const int on = 1, idle_s = 30, interval_s = 10, count = 3;
	const unsigned unanswered_ms = 30000;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
}

static void do_connect(int fd, uint64_t token, const char *address, int port, bool datagram)
{
	struct addrinfo *a;

	if (look_up(address, port > 0 ? port : 9, AI_NUMERICHOST, &a) != 0) {
		answer(fd, token, NET_NO_NAME, "", NULL, -1);
		return;
	}
	int s = socket(a->ai_family, (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int failed = s < 0 ? errno : 0;
	if (s >= 0 && !datagram)
		set_options(s);
	if (s >= 0 && connect(s, a->ai_addr, a->ai_addrlen) != 0 && errno != EINPROGRESS)
		failed = errno;
	freeaddrinfo(a);
	if (failed != 0)
		answer(fd, token, outcome_of_errno(failed), strerror(failed), NULL, -1);
	else
		answer(fd, token, NET_OK, "", NULL, datagram ? -1 : s);
	if (s >= 0)
		close(s);
}

static void do_resolve(int fd, uint64_t token, const char *name)
{
	struct strbuf list = { 0 };
	struct addrinfo *all;
	char text[INET6_ADDRSTRLEN + 20];
	int failed = look_up(name, 0, AI_ADDRCONFIG, &all), count = 0;

	if (failed == EAI_NONAME || failed == EAI_ADDRFAMILY)
		failed = look_up(name, 0, 0,
				 &all); /* names of the loopback when nothing else is configured */
	if (failed != 0) {
		answer(fd, token, NET_NO_NAME, gai_strerror(failed), NULL, -1);
		return;
	}
	for (struct addrinfo *a = all; a != NULL && count < ADDRESSES_MAX; a = a->ai_next, count++)
		if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
			strbuf_add(&list, text, strlen(text) + 1);
	freeaddrinfo(all);
	answer(fd, token, NET_OK, "", &list, -1);
	strbuf_release(&list);
}

static void do_key(int fd, uint64_t token, const char *path)
{
	struct strbuf key = { 0 };
	const char *why = aide_key_read(path, &key);

	answer(fd, token, why == NULL ? NET_OK : NET_KEY_FILE, why != NULL ? why : "",
	       why == NULL ? &key : NULL, -1);
	if (key.buf != NULL)
		explicit_bzero(key.buf, key.cap);
	strbuf_release(&key);
}

static void do_agent(int fd, uint64_t token, const char *pub, int ours)
{
	struct agent agent;
	const char *why = aide_agent_open(&agent, pub);

	answer(fd, token, why == NULL ? NET_OK : NET_KEY_FILE, why != NULL ? why : "", NULL, -1);
	if (why == NULL)
		aide_agent_serve(&agent, ours);
}

/* Runs what may block in a child of its own, that an alarm ends. */
static void in_grandchild(int fd, enum aide_kind kind, uint64_t token, const char *text, int limit_ms,
			  int passed)
{
	pid_t pid = fork();

	if (pid < 0)
		answer(fd, token, NET_HELPER_DIED, strerror(errno), NULL, -1);
	if (pid != 0)
		return;
	signal(SIGCHLD, SIG_DFL);
	alarm((unsigned)limit_ms / 1000 + 1);
	if (kind == AIDE_RESOLVE)
		do_resolve(fd, token, text);
	else if (kind == AIDE_KEY)
		do_key(fd, token, text);
	else
		do_agent(fd, token, text, passed);
	_exit(0);
}

static _Noreturn void serve(int fd)
{
	static char buffer[AIDE_MESSAGE];
	int passed;
	ssize_t got;

	while ((got = receive_message(fd, buffer, &passed)) != 0) {
		if (got < 0)
			continue;
		struct fields f = { .at = buffer, .end = buffer + got };
		enum aide_kind kind = (enum aide_kind)take_int(&f, AIDE_RESOLVE, AIDE_AGENT);
		uint64_t token = take_number(&f);
		const char *text = take_text(&f);
		int port = take_int(&f, 0, 65535), limit_ms = take_int(&f, 0, 60000);
		if (!fields_done(&f))
			_exit(1);
		if (kind == AIDE_CONNECT || kind == AIDE_ROUTE)
			do_connect(fd, token, text, port, kind == AIDE_ROUTE);
		else
			in_grandchild(fd, kind, token, text, limit_ms, passed);
		if (passed >= 0)
			close(passed);
	}
	_exit(0);
}

int aide_start(int *fd)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		if (pair[1] > 3)
			close_range(3, (unsigned)pair[1] - 1, 0);
		close_range((unsigned)pair[1] + 1, ~0U, 0);
		signal(SIGCHLD, SIG_IGN); /* grandchildren leave no zombies */
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		serve(pair[1]);
	}
	close(pair[1]);
	if (pid < 0 || fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0) {
		close(pair[0]);
		return -1;
	}
	*fd = pair[0];
	return 0;
}
