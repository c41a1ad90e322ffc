/* Servers that misbehave on purpose: each ends in a named state within its limits, what they said is
 * harmless, and nobody else waits. */
#include "config.h"

#include <locale.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/data/net/lab.h"

static struct lab lab;

/* What a connection gets. bytes, then: held open, closed, reset, or bytes again and again. */
enum after { HOLD, CLOSE, RESET, AGAIN, DRIP };

struct fault {
	const char *name, *bytes;
	size_t len; /* 0: strlen */
	enum after after;
	enum net_outcome outcome;
};

#define KEXINIT_GARBAGE "SSH-2.0-x\r\n\0\0\0\034\012\024ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define HUGE_PACKET "SSH-2.0-x\r\n\377\377\377\377\012\024zzzzzzzzzzzz"
#define RAW_DISCONNECT                                                                                       \
	"SSH-2.0-x\r\n\0\0\0\054\005\001\0\0\0\002\0\0\0\031\033[31m\033]52;c;ZXZpbA=="                      \
	"\007e\r\n\233\0\0\0\0zzzzz"

static const struct fault faults[] = {
	{ "silence", "", 0, HOLD, NET_TIMED_OUT },
	{ "banner, then silence", "SSH-2.0-OpenSSH_9.2\r\n", 0, HOLD, NET_TIMED_OUT },
	{ "banner byte by byte", "SSH-2.0-OpenSSH_9.2 which never comes to its end because it is long", 0,
	  DRIP, NET_TIMED_OUT },
	{ "HTTP", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", 0, HOLD, NET_TIMED_OUT },
	{ "HTTP, closed", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", 0, CLOSE, NET_RESET },
	{ "random bytes", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x88\x99\xaa\x00\x01\x02\xff\xfe", 19,
	  HOLD, NET_TIMED_OUT },
	{ "endless lines", "all work and no play\r\n", 0, AGAIN, NET_PROTOCOL },
	{ "a line without end", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 0, AGAIN,
	  NET_PROTOCOL },
	{ "closed at once", "", 0, CLOSE, NET_RESET },
	{ "reset at once", "", 0, RESET, NET_RESET },
	{ "closed after the banner", "SSH-2.0-OpenSSH_9.2\r\n", 0, CLOSE, NET_RESET },
	{ "half a packet", "SSH-2.0-x\r\n\0\0\1", 14, HOLD, NET_TIMED_OUT },
	{ "garbage for a key exchange", KEXINIT_GARBAGE, sizeof KEXINIT_GARBAGE - 1, HOLD, NET_PROTOCOL },
	{ "garbage for a key exchange, closed", KEXINIT_GARBAGE, sizeof KEXINIT_GARBAGE - 1, CLOSE,
	  NET_PROTOCOL },
	{ "a packet of 4 GB", HUGE_PACKET, sizeof HUGE_PACKET - 1, HOLD, NET_PROTOCOL },
	{ "protocol 1", "SSH-1.5-\033[31mold\x1b]0;title\x07\r\n", 0, HOLD, NET_PROTOCOL },
	{ "escapes in the banner", "SSH-2.0-\x1b[2J\x1b]0;x\007\377\376\r\n", 0, CLOSE, NET_RESET },
	{ "escapes when hanging up", RAW_DISCONNECT, sizeof RAW_DISCONNECT - 1, HOLD, NET_RESET },
};
enum { FAULTS = sizeof faults / sizeof *faults };

static int listen_on(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 128), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static size_t length(const struct fault *f)
{
	return f->len > 0 ? f->len : strlen(f->bytes);
}

/* One connection, in a process of its own, until the other side goes. */
static _Noreturn void serve_one(int fd, const struct fault *f)
{
	struct linger at_once = { 1, 0 };
	char dropped[4096];
	size_t at = 0;

	if (f->after == RESET)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	if (f->after != DRIP)
		(void)!send(fd, f->bytes, length(f), MSG_NOSIGNAL);
	if (f->after == CLOSE || f->after == RESET)
		_exit(0);
	for (;;) {
		short wanted = f->after == AGAIN ? POLLIN | POLLOUT : POLLIN;
		struct pollfd p = { .fd = fd, .events = wanted };
		if (poll(&p, 1, f->after == DRIP ? 100 : 20000) < 0)
			_exit(1);
		if ((p.revents & POLLIN) != 0 && recv(fd, dropped, sizeof dropped, 0) <= 0)
			_exit(0);
		if ((p.revents & (POLLERR | POLLHUP)) != 0)
			_exit(0);
		if ((p.revents & POLLOUT) != 0 && send(fd, f->bytes, length(f), MSG_NOSIGNAL) < 0)
			_exit(0);
		if (f->after == DRIP && at < length(f) && send(fd, f->bytes + at++, 1, MSG_NOSIGNAL) < 0)
			_exit(0);
	}
}

static pid_t start_fault(const struct fault *f, int *port)
{
	int fd = listen_on(port);
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGCHLD, SIG_IGN);
		for (;;) {
			int one = accept(fd, NULL, NULL);
			if (one < 0)
				_exit(1);
			if (fork() == 0)
				serve_one(one, f);
			close(one);
		}
	}
	close(fd);
	assert_true(pid > 0);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* No control byte, no broken UTF-8, one short line. */
static void assert_harmless(const char *text)
{
	assert_true(strlen(text) <= 200);
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
		assert_true(*c >= 0x20 && *c != 0x7f);
		assert_false(c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0);
	}
	assert_true(*text == '\0' || mbstowcs(NULL, text, 0) != (size_t)-1);
}

enum { LIMIT_MS = 1000 };

/* Every fault by itself: outcome, stage, words. */
static void each_fault_has_a_name(void **state)
{
	const char *const pins[] = { lab.pin, NULL };

	(void)state;
	for (int i = 0; i < FAULTS; i++) {
		int port;
		pid_t pid = start_fault(&faults[i], &port);
		struct net_job job = lab_job(&lab, port, pins, "true\n");
		job.host_id = faults[i].name;
		job.connect_ms = faults[i].after == CLOSE || faults[i].after == RESET ? 0 : LIMIT_MS;
		const struct net_result *r = lab_do(&lab, &job);
		if (r->outcome != faults[i].outcome)
			fail_msg("%s: %s in %s: %s", faults[i].name, net_outcome_name(r->outcome),
				 net_stage_name(r->stage), r->text);
		assert_int_equal(r->stage, NET_KEX);
		assert_harmless(r->text);
		assert_true(r->text[0] != '\0');
		end(pid);
	}
}

#ifdef SANITIZED
enum { MEMORY_KIB = 512 * 1024 };
#else
enum { MEMORY_KIB = 64 * 1024 };
#endif

/* R14: all of them many times at once, and an honest server among them is served. */
static void faults_hold_up_nobody(void **state)
{
	enum { EACH = 6, HONEST = 10 };
	struct lab_server s = lab_sshd(&lab, "MaxStartups 200");
	const char *const pins[] = { lab.pin, NULL };
	pid_t pids[FAULTS];
	uint64_t bad[FAULTS * EACH], good[HONEST];
	char names[FAULTS * EACH + HONEST][16];

	(void)state;
	for (int i = 0; i < FAULTS; i++) {
		int port;
		pids[i] = start_fault(&faults[i], &port);
		for (int k = 0; k < EACH; k++) {
			struct net_job job = lab_job(&lab, port, pins, "true\n");
			snprintf(names[i * EACH + k], sizeof *names, "bad%d", i * EACH + k);
			job.host_id = names[i * EACH + k];
			job.connect_ms = LIMIT_MS;
			bad[i * EACH + k] = lab_submit(&lab, &job);
		}
	}
	for (int i = 0; i < HONEST; i++) {
		struct net_job job = lab_job(&lab, s.port, pins, "echo fine\n");
		snprintf(names[FAULTS * EACH + i], sizeof *names, "good%d", i);
		job.host_id = names[FAULTS * EACH + i];
		good[i] = lab_submit(&lab, &job);
	}
	for (int i = 0; i < HONEST; i++)
		assert_int_equal(lab_wait(&lab, good[i])->outcome, NET_OK);
	for (int i = 0; i < FAULTS * EACH; i++)
		assert_int_not_equal(lab_wait(&lab, bad[i])->outcome, NET_OK);
	assert_in_range(lab_memory(net_pid(lab.net), "VmHWM:"), 1, MEMORY_KIB);
	for (int i = 0; i < FAULTS; i++)
		end(pids[i]);
	lab_stop(&lab, &s);
}

/* Words of an honest protocol with hostile content: the banner before the login, the output. */
static void output_comes_as_it_is(void **state)
{
	struct lab_server s;
	const char *const pins[] = { lab.pin, NULL };
	static const char script[] =
		"printf '\\033[31m\\033]52;c;x\\007\\000\\377\\376tail'; printf '\\303' >&2\n";
	struct strbuf more = { 0 };

	(void)state;
	lab_write(&lab, "issue", "\x1b[2J\x1b]0;pwned\x07 welcome\r\n");
	strbuf_addf(&more, "Banner %s/issue", lab.folder);
	s = lab_sshd(&lab, strbuf_text(&more));
	strbuf_release(&more);
	struct net_job job = lab_job(&lab, s.port, pins, script);
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
	assert_int_equal(r->out_len, 21);
	assert_memory_equal(r->out, "\x1b[31m\x1b]52;c;x\x07\0\xff\xfetail", 21);
	assert_int_equal(r->errors_len, 1);
	assert_harmless(r->text);
	lab_stop(&lab, &s);
}

static int open_lab(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	lab_open(&lab);
	return 0;
}

static int close_lab(void **state)
{
	(void)state;
	lab_close(&lab);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_has_a_name),
		cmocka_unit_test(faults_hold_up_nobody),
		cmocka_unit_test(output_comes_as_it_is),
	};
	return cmocka_run_group_tests_name("faults", tests, open_lab, close_lab);
}
