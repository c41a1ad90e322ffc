/* Many hosts through hoshu-net beside the usual tools, in one run: client CPU and peak memory of a first
 * cycle and of a repeated one.
 *
 * bench-net [HOSTS [true|probe]]: HOSTS names of one sshd on loopback, 64 wide. CPU is that of the whole
 * client tree: hoshu-net, its aide and this process as its client; xargs and every ssh under it; for the
 * repeat also the ControlMaster processes. Nothing is asserted; the ratios are what counts, for the machine
 * is shared. Ends by itself; all that was started is ended. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/probe/probe.h"
#include "tests/data/net/lab.h"

extern char **environ;

enum { HOSTS_MAX = 500, WIDE = 64, CYCLES = 3, SAMPLE_MS = 100, FIRST_LIMIT_MS = 600000 };

struct figure {
	double cpu_s, wall_s;
	long pss_kib;
};

static struct lab lab;
static int hosts = 250, failures;
static char names[HOSTS_MAX][16];
static struct strbuf script;

static double seconds(clockid_t id)
{
	struct timespec t = { 0 };

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* CPU of a living process; 0 when it is gone. */
static double cpu_of(pid_t pid)
{
	clockid_t id;

	return clock_getcpuclockid(pid, &id) == 0 ? seconds(id) : 0;
}

static double cpu_of_usage(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
	       (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

static long pss_of(pid_t pid)
{
	char path[64], line[256];
	long kib = 0;

	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
	FILE *f = fopen(path, "re");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "Pss:", 4) == 0)
			kib = strtol(line + 4, NULL, 10);
	if (f != NULL)
		fclose(f);
	return kib;
}

/* Calls each for pid and all below it. */
static double over_tree(pid_t pid, double (*each)(pid_t pid))
{
	char path[96];
	double sum = each(pid);
	int child;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
	FILE *f = fopen(path, "re");
	while (f != NULL && fscanf(f, "%d", &child) == 1)
		sum += over_tree(child, each);
	if (f != NULL)
		fclose(f);
	return sum;
}

static double pss_each(pid_t pid)
{
	return (double)pss_of(pid);
}

/* ---- hoshu-net ---- */

/* The first cycle also pays for the start of hoshu-net. */
static struct figure net_cycle(int port, bool first)
{
	const char *const pins[] = { lab.pin, NULL };
	uint64_t ids[HOSTS_MAX];
	double before = seconds(CLOCK_PROCESS_CPUTIME_ID),
	       tree = first ? 0 : over_tree(net_pid(lab.net), cpu_of), start = seconds(CLOCK_MONOTONIC);

	for (int i = 0; i < hosts; i++) {
		struct net_job job = lab_job(&lab, port, pins, strbuf_text(&script));
		job.host_id = names[i];
		ids[i] = lab_submit(&lab, &job);
	}
	while (net_open_jobs(lab.net) > 0)
		lab_turn(&lab, 1000);
	for (int i = 0; i < hosts; i++)
		failures += lab_wait(&lab, ids[i])->outcome != NET_OK;
	vec_clear(&lab.results);
	struct figure f = { .wall_s = seconds(CLOCK_MONOTONIC) - start };
	f.cpu_s = over_tree(net_pid(lab.net), cpu_of) - tree + seconds(CLOCK_PROCESS_CPUTIME_ID) - before;
	f.pss_kib = (long)over_tree(net_pid(lab.net), pss_each) + pss_of(getpid());
	return f;
}

/* ---- ssh ---- */

static void write_ssh_config(int port)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "web %s\n", lab.pin);
	lab_write(&lab, "known_hosts", strbuf_text(&sb));
	strbuf_clear(&sb);
	strbuf_addf(&sb,
		    "Host *\nHostName 127.0.0.1\nHostKeyAlias web\nPort %d\nUser %s\nIdentityFile "
		    "%s\nIdentitiesOnly yes\n"
		    "UserKnownHostsFile %s/known_hosts\nGlobalKnownHostsFile "
		    "/dev/null\nStrictHostKeyChecking yes\nBatchMode yes\n"
		    "ControlPath %s/mux-%%n\nLogLevel ERROR\n",
		    port, lab.user, lab.key_file, lab.folder, lab.folder);
	lab_write(&lab, "ssh_config", strbuf_text(&sb));
	strbuf_clear(&sb);
	for (int i = 0; i < hosts; i++)
		strbuf_addf(&sb, "%s\n", names[i]);
	lab_write(&lab, "names", strbuf_text(&sb));
	strbuf_clear(&sb);
	strbuf_add_text(&sb, strbuf_text(&script));
	lab_write(&lab, "script", strbuf_text(&sb));
	strbuf_release(&sb);
}

static pid_t spawn(const char *const *arguments)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	assert_int_equal(posix_spawnp(&pid, arguments[0], &actions, NULL, (char *const *)(uintptr_t)arguments,
				      environ),
			 0);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

/* One command on every host, with or without a master; the memory is sampled while it runs. */
static struct figure ssh_cycle(const char *master, const pid_t *masters, int master_count)
{
	struct strbuf run = { 0 };
	struct rusage usage;
	struct figure f = { 0 };
	int status = 0;
	double start = seconds(CLOCK_MONOTONIC), before = 0;

	for (int i = 0; i < master_count; i++)
		before += cpu_of(masters[i]);
	strbuf_addf(&run, "sh %s/script", lab.folder);
	pid_t pid = spawn((const char *const[]){ "xargs", "-a", lab_path(&lab, "names"), "-P64", "-I{}",
						 "ssh", "-F", lab_path(&lab, "ssh_config"), "-o", master,
						 "{}", strbuf_text(&run), NULL });
	struct pollfd p = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	while (poll(&p, 1, SAMPLE_MS) == 0) {
		long now = (long)over_tree(pid, pss_each);
		f.pss_kib = now > f.pss_kib ? now : f.pss_kib;
	}
	close(p.fd);
	assert_int_equal(wait4(pid, &status, 0, &usage), pid);
	failures += status != 0;
	f.cpu_s = cpu_of_usage(&usage) - before;
	for (int i = 0; i < master_count; i++) {
		f.cpu_s += cpu_of(masters[i]);
		f.pss_kib += pss_of(masters[i]);
	}
	f.wall_s = seconds(CLOCK_MONOTONIC) - start;
	strbuf_release(&run);
	return f;
}

/* Masters are children of ours; each is there when its socket is. */
static void start_masters(pid_t *masters)
{
	char path[256];

	for (int i = 0; i < hosts; i++) {
		struct stat st;
		masters[i] = spawn((const char *const[]){ "ssh", "-F", lab_path(&lab, "ssh_config"), "-o",
							  "ControlMaster=yes", "-N", names[i], NULL });
		if (i < WIDE)
			continue;
		snprintf(path, sizeof path, "%s/mux-%.15s", lab.folder, names[i - WIDE]);
		for (int turns = 0; stat(path, &st) != 0 && turns < FIRST_LIMIT_MS / SAMPLE_MS; turns++)
			poll(NULL, 0, SAMPLE_MS);
	}
	for (int i = 0; i < hosts; i++) {
		struct stat st;
		snprintf(path, sizeof path, "%s/mux-%.15s", lab.folder, names[i]);
		for (int turns = 0; stat(path, &st) != 0 && turns < 300; turns++)
			poll(NULL, 0, SAMPLE_MS);
	}
}

static void end_masters(const pid_t *masters)
{
	for (int i = 0; i < hosts; i++)
		kill(masters[i], SIGTERM);
	for (int i = 0; i < hosts; i++)
		waitpid(masters[i], NULL, 0);
}

/* ---- the run ---- */

static void report(const char *what, const struct figure *f)
{
	printf("%-34s %8.3f s CPU %8.2f s wall %8.1f MB\n", what, f->cpu_s, f->wall_s,
	       (double)f->pss_kib / 1024);
	fflush(stdout);
}

static int by_cpu(const void *a, const void *b)
{
	const struct figure *x = a, *y = b;

	return x->cpu_s < y->cpu_s ? -1 : x->cpu_s > y->cpu_s;
}

/* A disk, memory, load and clock check, as a contract would ask for them. */
static void probe_all(void)
{
	static const struct check checks[] = {
		{ .id = "disk", .kind = "disk", .host = "h", .path = "/" },
		{ .id = "memory", .kind = "memory", .host = "h" },
		{ .id = "load", .kind = "uptime", .host = "h" },
		{ .id = "clock", .kind = "clock", .host = "h" },
	};
	static const struct host host = { .id = "h", .address = "127.0.0.1", .probe = true };
	struct contract c = { .hosts = &host,
			      .host_count = 1,
			      .checks = checks,
			      .check_count = sizeof checks / sizeof *checks };

	probe_script(&c, &host, "0123456789abcdef0123456789abcdef", &script);
}

static void compare(void)
{
	struct lab_server s = lab_sshd(&lab, "MaxStartups 1000\nLogLevel INFO");
	struct figure first, later[CYCLES], ssh_first, ssh_later[CYCLES];
	pid_t masters[HOSTS_MAX];

	write_ssh_config(s.port);
	first = net_cycle(s.port, true);
	report("hoshu-net, first cycle", &first);
	for (int i = 0; i < CYCLES; i++)
		later[i] = net_cycle(s.port, false);
	qsort(later, CYCLES, sizeof *later, by_cpu);
	report("hoshu-net, repeated (median)", &later[CYCLES / 2]);
	lab_restart(&lab);
	lab_log_count(&s, "Accepted");
	ssh_first = ssh_cycle("ControlPath=none", NULL, 0);
	report("xargs -P64 ssh, first cycle", &ssh_first);
	lab_log_count(&s, "Accepted");
	start_masters(masters);
	for (int i = 0; i < CYCLES; i++)
		ssh_later[i] = ssh_cycle("ControlMaster=no", masters, hosts);
	qsort(ssh_later, CYCLES, sizeof *ssh_later, by_cpu);
	report("ssh ControlMaster, repeated (median)", &ssh_later[CYCLES / 2]);
	end_masters(masters);
	lab_stop(&lab, &s);
	printf("first cycle:    %.1f times less CPU, %.1f times less memory\n", ssh_first.cpu_s / first.cpu_s,
	       (double)ssh_first.pss_kib / (double)first.pss_kib);
	printf("repeated cycle: %.1f times less CPU, %.1f times less memory\n",
	       ssh_later[CYCLES / 2].cpu_s / later[CYCLES / 2].cpu_s,
	       (double)ssh_later[CYCLES / 2].pss_kib / (double)later[CYCLES / 2].pss_kib);
}

int main(int argc, char **argv)
{
	bool probe = argc > 2 && strcmp(argv[2], "probe") == 0;

	if (argc > 1)
		hosts = (int)strtol(argv[1], NULL, 10);
	if (hosts < 1 || hosts > HOSTS_MAX) {
		fprintf(stderr, "bench-net [1-%d [true|probe]]\n", HOSTS_MAX);
		return 2;
	}
	for (int i = 0; i < hosts; i++)
		snprintf(names[i], sizeof names[i], "host%d", i);
	if (probe)
		probe_all();
	else
		strbuf_add_text(&script, "true\n");
	printf("%d hosts, %s\n", hosts, probe ? "the probe script with four checks" : "true");
	lab_open(&lab);
	compare();
	lab_close(&lab);
	strbuf_release(&script);
	if (failures > 0)
		printf("%d commands FAILED: the figures are worth nothing\n", failures);
	return failures > 0;
}
