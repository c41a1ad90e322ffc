/* Signals become flags that term_events takes; they are blocked all the time and delivered in ppoll alone, so that no
 * wake-up is lost and no handler interrupts a write. A crash writes a text made beforehand, puts the terminal's mode back and
 * dies of its signal; programs built with sanitizers keep the sanitizers' own reports instead. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "tui/term/internal.h"

static const int caught[] = { SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1 };
#define CAUGHT (sizeof caught / sizeof caught[0])
static const int deadly[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
#define DEADLY (sizeof deadly / sizeof deadly[0])

/* Handlers have no argument, so what they touch is static. */
static struct {
	volatile sig_atomic_t flags, quit;
	struct sigaction before[CAUGHT], before_deadly[DEADLY];
	sigset_t start_mask, wait_mask;
	void *stack;
} signals;

static struct {
	int fd;
	struct termios mode;
	char text[512];
	volatile sig_atomic_t len;
} crash;

static void on_signal(int sig)
{
	switch (sig) {
	case SIGWINCH: signals.flags |= TERM_RESIZED; break;
	case SIGTSTP: signals.flags |= TERM_SUSPEND; break;
	case SIGCONT: signals.flags |= TERM_CONTINUED; break;
	case SIGINT: signals.flags |= TERM_INTERRUPT; break;
	case SIGUSR1: signals.flags |= TERM_RELOAD; break;
	case SIGHUP: signals.flags |= TERM_HANGUP; break;
	default:
		signals.flags |= TERM_QUIT;
		signals.quit = sig;
		break;
	}
}

void crash_arm(int fd, const struct termios *mode, const char *text, size_t len)
{
	crash.len = 0;
	if (len == 0 || len > sizeof crash.text)
		return;
	crash.fd = fd;
	crash.mode = *mode;
	memcpy(crash.text, text, len);
	crash.len = (sig_atomic_t)len;
}

/* Async-signal-safe. */
static void crash_restore(void)
{
	size_t len = (size_t)crash.len;

	crash.len = 0;
	if (len == 0)
		return;
	for (size_t done = 0; done < len;) {
		ssize_t n = write(crash.fd, crash.text + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	tcsetattr(crash.fd, TCSANOW, &crash.mode);
}

#ifndef SANITIZED
static void on_crash(int sig)
{
	crash_restore();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void deadly_open(void)
{
	struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER };
	size_t size = 65536;

	signals.stack = mem_alloc(size, 1);
	sigaltstack(&(stack_t){ .ss_sp = signals.stack, .ss_size = size }, NULL);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < DEADLY; i++)
		sigaction(deadly[i], &action, &signals.before_deadly[i]);
}

static void deadly_close(void)
{
	for (size_t i = 0; i < DEADLY; i++)
		sigaction(deadly[i], &signals.before_deadly[i], NULL);
	sigaltstack(&(stack_t){ .ss_flags = SS_DISABLE }, NULL);
	free(signals.stack);
	signals.stack = NULL;
}
#else
static void deadly_open(void)
{
	(void)deadly;
}

static void deadly_close(void)
{
}
#endif

void signals_open(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	sigset_t set;

	signals.flags = signals.quit = 0;
	sigemptyset(&set);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaddset(&set, caught[i]);
	action.sa_mask = set;
	sigprocmask(SIG_BLOCK, &set, &signals.start_mask);
	signals.wait_mask = signals.start_mask;
	for (size_t i = 0; i < CAUGHT; i++) {
		sigdelset(&signals.wait_mask, caught[i]);
		sigaction(caught[i], &action, &signals.before[i]);
	}
	deadly_open();
	mem_on_exhausted(crash_restore);
}

void signals_close(void)
{
	crash.len = 0;
	mem_on_exhausted(NULL);
	deadly_close();
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &signals.before[i], NULL);
	sigprocmask(SIG_SETMASK, &signals.start_mask, NULL);
}

const sigset_t *signals_wait_mask(void)
{
	return &signals.wait_mask;
}

const sigset_t *signals_start_mask(void)
{
	return &signals.start_mask;
}

unsigned signals_take(int *quit_signal)
{
	/* a signal that is pending reaches its handler here or in the loop's ppoll, one at a call */
	while (ppoll(NULL, 0, &(struct timespec){ 0 }, &signals.wait_mask) < 0 && errno == EINTR)
		;
	unsigned flags = (unsigned)signals.flags;
	signals.flags = 0;
	if (flags & TERM_QUIT)
		*quit_signal = signals.quit;
	return flags;
}

void signals_forget_keys(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTSTP);
	while (sigtimedwait(&set, NULL, &(struct timespec){ 0 }) > 0)
		;
}

void signals_stop(void)
{
	struct sigaction stop = { .sa_handler = SIG_DFL }, ours;
	sigset_t set, old;

	/* SIGTSTP and not SIGSTOP: the kernel ignores it where no shell is there to continue us */
	sigemptyset(&stop.sa_mask);
	sigaction(SIGTSTP, &stop, &ours);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	sigaction(SIGTSTP, &ours, NULL);
}
