/* How a full-screen program feels, measured from outside on a pty, the same way for hoshu and for its peers.
 *
 *     bench-console RUNS KEY NEEDLE -- PROGRAM [ARG ...]
 *
 * Prints medians over RUNS starts: exec to the first paint that holds NEEDLE, key to first and last byte, CPU and
 * memory of the whole run; and from one more start, wake-ups a minute when idle. Figures, never a verdict. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 20, QUIET_MS = 60, LIMIT_MS = 20000, IDLE_MS = 20000, OUTPUT_MAX = 1 << 20 };

struct figures {
	double paint_ms, first_ms, last_ms, cpu_ms, wakeups;
	long peak_kib, bytes_a_key;
};

struct program {
	pid_t pid;
	int fd;
	char *output;
	size_t len;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void start(struct program *p, char **argv)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	p->len = 0;
	p->output[0] = '\0';
	p->pid = forkpty(&p->fd, NULL, NULL, &size);
	if (p->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("HOSHU_PROBE", "0", 1);
		execvp(argv[0], argv);
		_exit(127);
	}
}

/* Reads once, waiting at most limit ms; false when nothing came or the program is gone. */
static bool take(struct program *p, int limit)
{
	struct pollfd f = { .fd = p->fd, .events = POLLIN };

	if (poll(&f, 1, limit) <= 0)
		return false;
	if (p->len + 65536 > OUTPUT_MAX)
		p->len = 0;
	ssize_t n = read(p->fd, p->output + p->len, 65535);
	if (n <= 0)
		return false;
	p->len += (size_t)n;
	p->output[p->len] = '\0';
	return true;
}

static bool seen(const struct program *p, const char *needle)
{
	return memmem(p->output, p->len, needle, strlen(needle)) != NULL;
}

static double settle(struct program *p)
{
	double last = now_ms();

	while (take(p, QUIET_MS))
		last = now_ms();
	return last;
}

static long status_field(pid_t pid, const char *field)
{
	char path[64], line[256];
	long value = -1;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "re");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, field, strlen(field)) == 0)
			value = strtol(line + strlen(field) + 1, NULL, 10);
	if (f != NULL)
		fclose(f);
	return value;
}

static void end(struct program *p, struct figures *out)
{
	struct rusage usage;
	int status;

	kill(p->pid, SIGTERM);
	while (take(p, 2000))
		;
	if (waitpid(p->pid, &status, WNOHANG) == 0)
		kill(p->pid, SIGKILL);
	wait4(p->pid, &status, 0, &usage);
	getrusage(RUSAGE_CHILDREN, &usage);
	close(p->fd);
	out->cpu_ms = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
		      (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static bool measure(char **argv, const char *key, const char *needle, struct figures *out, char *buffer)
{
	struct program p = { .output = buffer };
	struct figures before = { 0 };
	struct rusage usage;
	double begun = now_ms();

	getrusage(RUSAGE_CHILDREN, &usage);
	before.cpu_ms = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
			(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
	start(&p, argv);
	while (!seen(&p, needle)) {
		if (!take(&p, LIMIT_MS)) {
			fprintf(stderr, "bench-console: '%s' never showed '%s'\n", argv[0], needle);
			end(&p, out);
			return false;
		}
	}
	out->paint_ms = now_ms() - begun;
	settle(&p);
	out->first_ms = out->last_ms = 0;
	size_t bytes = 0;
	for (int i = 0; i < KEYS; i++) {
		p.len = 0;
		double pressed = now_ms();
		if (write(p.fd, key, strlen(key)) < 0 || !take(&p, 2000))
			continue;
		out->first_ms += (now_ms() - pressed) / KEYS;
		out->last_ms += (settle(&p) - pressed) / KEYS;
		bytes += p.len;
	}
	out->bytes_a_key = (long)(bytes / KEYS);
	out->peak_kib = status_field(p.pid, "VmHWM:");
	end(&p, out);
	out->cpu_ms -= before.cpu_ms;
	return true;
}

/* Times the process woke by itself in IDLE_MS, as a rate. */
static double idle_wakeups(char **argv, const char *needle, char *buffer)
{
	struct program p = { .output = buffer };
	struct figures unused;

	start(&p, argv);
	while (!seen(&p, needle))
		if (!take(&p, LIMIT_MS))
			break;
	settle(&p);
	long before = status_field(p.pid, "voluntary_ctxt_switches:");
	double until = now_ms() + IDLE_MS;
	while (now_ms() < until)
		take(&p, (int)(until - now_ms()) + 1);
	long after = status_field(p.pid, "voluntary_ctxt_switches:");
	end(&p, &unused);
	return (double)(after - before) * 60000.0 / IDLE_MS;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const struct figures *all, size_t count, size_t offset)
{
	double v[100];

	for (size_t i = 0; i < count; i++)
		memcpy(&v[i], (const char *)&all[i] + offset, sizeof v[i]);
	qsort(v, count, sizeof *v, by_value);
	return v[count / 2];
}

int main(int argc, char **argv)
{
	struct figures all[100];

	if (argc < 6 || strcmp(argv[4], "--") != 0) {
		fprintf(stderr, "usage: bench-console RUNS KEY NEEDLE -- PROGRAM [ARG ...]\n");
		return 2;
	}
	long runs = strtol(argv[1], NULL, 10);
	char *buffer = malloc(OUTPUT_MAX + 1);
	if (runs < 1 || runs > 100 || buffer == NULL)
		return 2;
	for (long i = 0; i < runs; i++)
		if (!measure(argv + 5, argv[2], argv[3], &all[i], buffer))
			return 1;
	all[0].wakeups = idle_wakeups(argv + 5, argv[3], buffer);
	const char *name = strrchr(argv[5], '/');
	printf("%-12s %8.1f %10.2f %10.2f %8ld %8.1f %10ld %10.0f\n", name != NULL ? name + 1 : argv[5],
	       median(all, (size_t)runs, offsetof(struct figures, paint_ms)),
	       median(all, (size_t)runs, offsetof(struct figures, first_ms)),
	       median(all, (size_t)runs, offsetof(struct figures, last_ms)), all[0].bytes_a_key,
	       median(all, (size_t)runs, offsetof(struct figures, cpu_ms)), all[0].peak_kib, all[0].wakeups);
	free(buffer);
	return 0;
}
