/* See sandbox.h. seccomp answers EPERM to all that is not listed; the list is what poll, libssh and libcrypto need. */
#include "config.h"

#include "data/net/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "data/net/net.h"

#if defined(__x86_64__)
#define SANDBOX_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SANDBOX_ARCH AUDIT_ARCH_AARCH64
#endif

enum { DESCRIPTORS = 4096, ALLOWED_MAX = 128 };

static const int allowed[] = {
	SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_close, SYS_fcntl, SYS_fstat, SYS_lseek, SYS_ppoll, SYS_recvfrom,
	SYS_recvmsg, SYS_sendto, SYS_sendmsg, SYS_getsockopt, SYS_setsockopt, SYS_getsockname, SYS_getpeername,
	SYS_socketpair, SYS_shutdown, SYS_munmap, SYS_mremap, SYS_madvise, SYS_brk, SYS_futex, SYS_clock_gettime,
	SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_getpid, SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid,
	SYS_getgid, SYS_getegid, SYS_getrandom, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack,
	SYS_restart_syscall, SYS_sched_yield, SYS_sched_getaffinity, SYS_set_robust_list, SYS_rseq, SYS_uname, SYS_exit,
	SYS_exit_group,
#ifdef SYS_poll
	SYS_poll, SYS_time,
#endif
#ifdef SANITIZED /* the sanitizers' own reports and leak search */
	SYS_openat, SYS_readlink, SYS_readlinkat, SYS_newfstatat, SYS_ptrace, SYS_clone, SYS_wait4, SYS_prctl, SYS_getdents64,
	SYS_prlimit64, SYS_access, SYS_arch_prctl,
#endif
};

void sandbox_limits(void)
{
	struct rlimit files;

	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < DESCRIPTORS) {
		files.rlim_cur = files.rlim_max < DESCRIPTORS ? files.rlim_max : DESCRIPTORS;
		setrlimit(RLIMIT_NOFILE, &files);
	}
#ifndef SANITIZED
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* No file at all: every right that this kernel knows is taken away, none is given back. Gives the ABI, 0: none. */
static int forbid_files(void)
{
	static const int rights_of_abi[] = { 13, 14, 15, 15, 16 }; /* bits of access_fs in ABI 1, 2, 3, 4, 5 and later */
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 1)
		return 0;
	struct landlock_ruleset_attr rules = { .handled_access_fs = (1ULL << rights_of_abi[abi > 5 ? 4 : abi - 1]) - 1 };
#ifdef SANITIZED
	rules.handled_access_fs &= ~(uint64_t)(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
#endif
	int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
	if (fd < 0)
		return 0;
	long rc = syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
	return rc == 0 ? abi : 0;
}

#ifdef SANDBOX_ARCH

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define LOAD_LOW(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, args[n]))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE (SECCOMP_RET_ERRNO | EPERM)

struct program {
	struct sock_filter code[ALLOWED_MAX * 2 + 32];
	unsigned short len;
};

static void add(struct program *p, struct sock_filter op)
{
	p->code[p->len++] = op;
}

/* Allows number where the low half of argument n equals value (the two programs run on little-endian only). */
static void allow_equal(struct program *p, int number, int n, uint32_t value)
{
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4));
	add(p, (struct sock_filter)LOAD_LOW(n));
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
	add(p, (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW));
	add(p, (struct sock_filter)ANSWER(REFUSE));
}

/* Allows number where argument 2 asks for no executable memory. */
static void allow_no_exec(struct program *p, int number)
{
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4));
	add(p, (struct sock_filter)LOAD_LOW(2));
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1));
	add(p, (struct sock_filter)ANSWER(REFUSE));
	add(p, (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW));
}

static bool forbid_calls(void)
{
	struct program p = { .len = 0 };

	_Static_assert(sizeof allowed / sizeof *allowed <= ALLOWED_MAX, "the filter has room");
	add(&p, (struct sock_filter)LOAD(arch));
	add(&p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCH, 1, 0));
	add(&p, (struct sock_filter)ANSWER(SECCOMP_RET_KILL_PROCESS));
	add(&p, (struct sock_filter)LOAD(nr));
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
		add(&p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)allowed[i], 0, 1));
		add(&p, (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW));
	}
	allow_no_exec(&p, SYS_mmap);
	allow_no_exec(&p, SYS_mprotect);
	allow_equal(&p, SYS_tgkill, 0, (uint32_t)getpid()); /* abort */
	add(&p, (struct sock_filter)ANSWER(REFUSE));
	struct sock_fprog program = { .len = p.len, .filter = p.code };
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

#else

static bool forbid_calls(void)
{
	return false;
}

#endif

void sandbox_enter(struct net_about *reached)
{
	reached->no_new_privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	reached->landlock_abi = reached->no_new_privs ? forbid_files() : 0;
	reached->seccomp = reached->no_new_privs && forbid_calls();
}
