/* S16: in the sandbox of hoshu-net nothing outside can be touched. Each attempt runs in a child that entered
 * it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/net/net.h"
#include "data/net/sandbox.h"

static pid_t parent;

/* Each gives 0 when it got through, which it must not. */
static long try_open_write(void)
{
	return open("/tmp/hoshu-sandbox", O_WRONLY | O_CREAT, 0600) < 0;
}
static long try_unlink(void)
{
	return unlink("/tmp/hoshu-sandbox-none") != 0 && errno != ENOENT;
}
static long try_mkdir(void)
{
	return mkdir("/tmp/hoshu-sandbox-dir", 0700) != 0 && errno != EEXIST;
}
static long try_rename(void)
{
	return rename("/tmp/hoshu-none", "/tmp/hoshu-none2") != 0 && errno != ENOENT;
}
static long try_symlink(void)
{
	return symlink("/etc/passwd", "/tmp/hoshu-sandbox-link") != 0 && errno != EEXIST;
}
static long try_chmod(void)
{
	return chmod("/tmp/hoshu-none", 0600) != 0 && errno != ENOENT;
}
static long try_truncate(void)
{
	return truncate("/tmp/hoshu-none", 0) != 0 && errno != ENOENT;
}
static long try_tcp_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0;
}
static long try_udp_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0) < 0;
}
static long try_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) < 0;
}
static long try_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0) < 0;
}
static long try_exec(void)
{
	char *const arguments[] = { NULL };

	return execve("/bin/true", arguments, arguments) != 0;
}
static long try_kill(void)
{
	return kill(parent, 0) != 0;
}
static long try_tgkill(void)
{
	return syscall(SYS_tgkill, parent, parent, 0) != 0;
}
static long try_vm_write(void)
{
	return syscall(SYS_process_vm_writev, parent, NULL, 0, NULL, 0, 0) != 0 && errno == EPERM;
}
static long try_unshare(void)
{
	return unshare(CLONE_NEWUSER) != 0;
}
static long try_mount(void)
{
	return mount("none", "/mnt", "tmpfs", 0, NULL) != 0;
}
static long try_chdir(void)
{
	return chdir("/") != 0;
}
static long try_setuid(void)
{
	return syscall(SYS_setresuid, -1, -1, -1) != 0;
}
static long try_bpf(void)
{
	return syscall(SYS_bpf, 0, NULL, 0) != 0 && errno == EPERM;
}
static long try_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL) != 0 && errno == EPERM;
}
static long try_memfd(void)
{
	return syscall(SYS_memfd_create, "x", 0) < 0;
}
static long try_exec_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	       MAP_FAILED;
}
#ifndef SANITIZED /* the sanitizers need these */
static long try_open_read(void)
{
	return open("/etc/passwd", O_RDONLY) < 0;
}
static long try_fork(void)
{
	return fork() < 0;
}
static long try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0;
}
#endif

static const struct attempt {
	const char *name;
	long (*refused)(void);
} attempts[] = {
	{ "open a file for writing", try_open_write },
	{ "remove a file", try_unlink },
	{ "make a folder", try_mkdir },
	{ "rename", try_rename },
	{ "make a link", try_symlink },
	{ "chmod", try_chmod },
	{ "truncate", try_truncate },
	{ "a TCP socket", try_tcp_socket },
	{ "a UDP socket", try_udp_socket },
	{ "a UNIX socket", try_unix_socket },
	{ "netlink", try_netlink },
	{ "start a program", try_exec },
	{ "signal the parent", try_kill },
	{ "signal another thread", try_tgkill },
	{ "write into the parent", try_vm_write },
	{ "a namespace", try_unshare },
	{ "mount", try_mount },
	{ "change folder", try_chdir },
	{ "change user", try_setuid },
	{ "bpf", try_bpf },
	{ "io_uring", try_io_uring },
	{ "a file in memory", try_memfd },
	{ "executable memory", try_exec_memory },
#ifndef SANITIZED
	{ "open a file for reading", try_open_read },
	{ "fork", try_fork },
	{ "ptrace", try_ptrace },
#endif
};

/* Runs one attempt in a sandboxed child: 0 refused, 1 it got through. */
static int attempt_in_child(const struct attempt *a)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct net_about about = { 0 };
		sandbox_enter(&about);
		errno = 0;
		_exit(a->refused() != 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

static void every_attempt_is_refused(void **state)
{
	(void)state;
	parent = getpid();
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
		if (attempt_in_child(&attempts[i]) != 0)
			fail_msg("not refused: %s", attempts[i].name);
}

/* What the loop needs still works: time, poll, a socketpair, memory, reading and writing what is open. */
static void what_is_needed_works(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct net_about about = { 0 };
		int pair[2];
		char c = 'x';
		sandbox_enter(&about);
		bool ok = socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && write(pair[0], &c, 1) == 1;
		struct pollfd p = { .fd = ok ? pair[1] : -1, .events = POLLIN };
		ok = ok && poll(&p, 1, 1000) == 1 && read(pair[1], &c, 1) == 1;
		ok = ok && mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
				   MAP_FAILED;
		_exit(ok && about.no_new_privs ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_attempt_is_refused),
		cmocka_unit_test(what_is_needed_works),
	};
	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
