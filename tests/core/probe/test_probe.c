/* What real systems print, and what hostile ones could: every kind's judge, the script in every shell that is here, quoting. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "core/probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define NONCE "0123456789abcdef"
#define NOW 1791936122

static struct check make(const char *id, const char *kind)
{
	return (struct check){ .id = id, .kind = kind, .host = "h", .path = "", .service = "", .process = "",
			       .warn = TIME_NONE, .fail = TIME_NONE, .min_size = TIME_NONE };
}

struct row {
	const char *kind, *out;
	enum probe_state state;
	enum probe_reason reason;
	int64_t value;
	const char *text;
};

static const struct row rows[] = {
	/* Debian 12 */
	{ "uptime", "load 0.42 0.30 0.20 1/210 4211\nup 3542400.12 7000000.00\ncpus 2\n", PROBE_UP, REASON_NONE, 21,
	  "load 0.42/2 up 41d" },
	/* Alpine on a board with one processor, uptime in its first minutes */
	{ "uptime", "load 3.10 1.00 0.50 4/80 900\nup 61.02 40.00\ncpus 1\n", PROBE_UP, REASON_NONE, 310, "load 3.10/1 up 61s" },
	/* FreeBSD and macOS have no /proc; a comma stands behind each number on Linux */
	{ "uptime", " 9:41AM  up 41 days,  3:02, 2 users, load averages: 1.42 0.30 0.20\ncpus 4\n", PROBE_UP, REASON_NONE,
	  35, "load 1.42/4" },
	{ "uptime", " 09:41:02 up 41 days,  3:02,  2 users,  load average: 1.42, 0.30, 0.20\ncpus \n", PROBE_UP, REASON_NONE,
	  TIME_NONE, "load 1.42" },
	{ "uptime", "load nan 0 0\n", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, "" },
	{ "uptime", "load -1.00\n", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, "" },
	{ "uptime", "", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, "" },
	{ "memory", "MemTotal:        2035228 kB\nMemFree:  90000 kB\nMemAvailable:   1017614 kB\nBuffers: 1 kB\nCached: 1 kB\n"
		    "SwapTotal:       1048572 kB\nSwapFree:        1048572 kB\n",
	  PROBE_UP, REASON_NONE, 50, "50% 993M/1.9G" },
	/* CentOS 6: no MemAvailable */
	{ "memory", "MemTotal:        1000000 kB\nMemFree:  30000 kB\nBuffers: 10000 kB\nCached: 50000 kB\nSwapTotal: 1000 kB\n"
		    "SwapFree: 0 kB\n",
	  PROBE_WARN, REASON_THRESHOLD, 91, "91% 888M/976M swap 1000K" },
	{ "memory", "             total       used       free     shared    buffers     cached\n"
		    "Mem:       1000000     900000     500000          0     100000     300000\n-/+ buffers/cache: 1 2\n",
	  PROBE_UP, REASON_NONE, 10, "10% 97.6M/976M" },
	{ "memory", "               total        used        free      shared  buff/cache   available\n"
		    "Mem:         1000000      900000       10000           0      100000       10000\nSwap: 0 0 0\n",
	  PROBE_DOWN, REASON_THRESHOLD, 99, "99% 966M/976M" },
	{ "memory", "MemTotal: 0 kB\nMemAvailable: 0 kB\n", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, "" },
	{ "memory", "MemTotal: 99999999999999999999 kB\n", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, "" },
	{ "disk", "Filesystem     1024-blocks     Used Available Capacity Mounted on\n"
		  "/dev/sda1         20509264 12000000   7442140      62% /\ninodes\n"
		  "Filesystem      Inodes  IUsed   IFree IUse% Mounted on\n/dev/sda1      1310720 120000 1190720   10% /\n",
	  PROBE_UP, REASON_NONE, 62, "/ 62% free 7.0G" },
	/* Blanks in the device's name and in the mount point; a share that counts no inodes */
	{ "disk", "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
		  "//nas/My Files 1000 960 40 96% /mnt/my files\ninodes\n"
		  "Filesystem Inodes Used Available Capacity Mounted on\n//nas/My Files 0 0 0 - /mnt/my files\n",
	  PROBE_DOWN, REASON_THRESHOLD, 96, "/ 96% free 40.0K" },
	/* inodes run out first */
	{ "disk", "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 1000 100 900 10% /\ninodes\n"
		  "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/vda 100 90 10 90% /\n",
	  PROBE_WARN, REASON_THRESHOLD, 90, "/ 10% free 900K inodes 90%" },
	/* reserved blocks used up: available is negative there */
	{ "disk", "F 1024-blocks Used Available Capacity Mounted on\n/dev/a 1000 990 -10 101% /\n", PROBE_DOWN, REASON_THRESHOLD,
	  100, "/ 100% free 0B" },
	{ "disk", "missing\n", PROBE_DOWN, REASON_MISSING, TIME_NONE, "" },
	{ "disk", "df: /: Stale file handle\n", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, "" },
	{ "service", "LoadState=loaded\nActiveState=active\nSubState=running\nprocesses 0\n", PROBE_UP, REASON_NONE, 1,
	  "systemd active/running" },
	{ "service", "LoadState=loaded\nActiveState=failed\nSubState=failed\nprocesses 0\n", PROBE_DOWN, REASON_MISSING, 0,
	  "systemd failed/failed" },
	{ "service", "LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nprocesses 1\n", PROBE_WARN,
	  REASON_THRESHOLD, 0, "systemd activating/auto-restart" },
	/* a unit that systemd does not know, and systems without it: the processes speak */
	{ "service", "LoadState=not-found\nActiveState=inactive\nSubState=dead\nprocesses 3\n", PROBE_UP, REASON_NONE, 3,
	  "processes 3" },
	{ "service", "processes 0\n", PROBE_DOWN, REASON_MISSING, 0, "processes 0" },
	{ "service", "LoadState=loaded\nActiveState=\x1b[31mfine\nSubState=x\n", PROBE_UNKNOWN, REASON_OUTPUT, 0,
	  "systemd ^[[31mfine/x" },
	{ "process", "processes 2\n", PROBE_UP, REASON_NONE, 2, "processes 2" },
	{ "process", "hidden\nprocesses 0\n", PROBE_UNKNOWN, REASON_OUTPUT, 0, "processes 0 (others hidden)" },
	{ "process", "processes many\n", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, "" },
	{ "backup", "files 3\nnewest 1791900000 5368709120\nnow 1791936000\nname full-1013.tar\n", PROBE_UP, REASON_NONE, 36000,
	  "10h 5.0G full-1013.tar" },
	{ "backup", "files 3\nnewest 1791800000 5368709120\nnow 1791936000\nname a b\x1b]52;c;eA==\x07.tar\n", PROBE_WARN,
	  REASON_THRESHOLD, 136000, "37h 5.0G a b^[]52;c;eA==^G.tar" },
	{ "backup", "files 1\nnewest 1791936100 12\nnow 1791936000\nname later\n", PROBE_UP, REASON_NONE, 0, "-100s 12B later" },
	{ "backup", "files 0\n", PROBE_DOWN, REASON_MISSING, TIME_NONE, "" },
	{ "backup", "missing\n", PROBE_DOWN, REASON_MISSING, TIME_NONE, "" },
	{ "backup", "denied\n", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, " (no permission)" },
	{ "backup", "files 1\nnewest -9223372036854775808 1\n", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, "" },
	{ "clock", "clock 1791936125\n", PROBE_UP, REASON_NONE, 3, "+3 s" },
	{ "clock", "clock 1791936082\n", PROBE_WARN, REASON_THRESHOLD, 40, "-40 s" },
	{ "clock", "clock 0\n", PROBE_DOWN, REASON_THRESHOLD, NOW, "-1791936122 s" },
	{ "clock", "clock %s\n", PROBE_UNKNOWN, REASON_OUTPUT, TIME_NONE, "" },
};

static void check_judges(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct check check = make("c", rows[i].kind);
		struct strbuf out = { 0 };
		struct probe_verdict v;
		strbuf_addf(&out, "=" NONCE ":other\nload 9 9 9\n=" NONCE ":c\n%s\n=" NONCE ".\n", rows[i].out);
		probe_judge(&check, out.buf, out.len, NONCE, NOW, &v);
		if (v.state != rows[i].state || v.reason != rows[i].reason || v.value != rows[i].value ||
		    strcmp(v.text, rows[i].text) != 0)
			fail_msg("row %zu %s: %s %s %lld '%s'", i, rows[i].kind, probe_state_name(v.state),
				 probe_reason_name(v.reason), (long long)v.value, v.text);
		strbuf_release(&out);
	}
}

static void check_limits(void **state)
{
	struct check check = make("c", "backup");
	struct probe_verdict v;
	static const char out[] = "=" NONCE ":c\nfiles 1\nnewest 1791936000 1000\nnow 1791936000\nname x\n=" NONCE ".\n";

	(void)state;
	check.min_size = 1001;
	probe_judge(&check, out, sizeof out - 1, NONCE, NOW, &v);
	assert_int_equal(v.state, PROBE_DOWN);
	check.min_size = 1000;
	probe_judge(&check, out, sizeof out - 1, NONCE, NOW, &v);
	assert_int_equal(v.state, PROBE_UP);

	static const char two[] = "=" NONCE ":c\nprocesses 2\n=" NONCE ".\n";
	check = make("c", "process");
	check.fail = 3;
	probe_judge(&check, two, sizeof two - 1, NONCE, NOW, &v);
	assert_int_equal(v.state, PROBE_DOWN);
	check.fail = 2;
	check.warn = 1;
	probe_judge(&check, two, sizeof two - 1, NONCE, NOW, &v);
	assert_int_equal(v.state, PROBE_WARN);
}

/* Sections: no end mark, another's mark, a mark that a file name imitates. */
static void check_sections(void **state)
{
	static const char whole[] = "=" NONCE ":a\none\n=ffff:b\ntwo\n=" NONCE ":b\nthree\n=" NONCE ".\n=" NONCE ":z\nlate\n";
	const char *at;
	size_t len;

	(void)state;
	assert_true(probe_section(whole, sizeof whole - 1, NONCE, "a", &at, &len));
	assert_int_equal(len, strlen("one\n=ffff:b\ntwo\n"));
	assert_true(probe_section(whole, sizeof whole - 1, NONCE, "b", &at, &len));
	assert_memory_equal(at, "three\n", len);
	assert_false(probe_section(whole, sizeof whole - 1, NONCE, "z", &at, &len));
	assert_false(probe_section(whole, sizeof whole - 1, "0000000000000000", "a", &at, &len));
	assert_false(probe_section(whole, strlen("=" NONCE ":a\none\n"), NONCE, "a", &at, &len));
	assert_false(probe_section("", 0, NONCE, "a", &at, &len));
}

static void check_links(void **state)
{
	static const struct {
		enum probe_reason reason;
		enum probe_state state;
	} links[] = {
		{ REASON_NONE, PROBE_UP },           { REASON_NO_ANSWER, PROBE_DOWN },  { REASON_TIMEOUT, PROBE_DOWN },
		{ REASON_KEY_CHANGED, PROBE_DOWN },  { REASON_AUTH, PROBE_UNKNOWN },    { REASON_KEY_UNTRUSTED, PROBE_UNKNOWN },
		{ REASON_RESOLVE, PROBE_UNKNOWN },   { REASON_PROTOCOL, PROBE_UNKNOWN }, { REASON_OWN_NETWORK, PROBE_UNREACH },
	};
	struct check check = make("c", "ssh");
	struct probe_verdict v;

	(void)state;
	for (size_t i = 0; i < COUNT(links); i++) {
		probe_judge_link(&check, links[i].reason, 40, "said \x1b[1m", &v);
		assert_int_equal(v.state, links[i].state);
		assert_int_equal(v.reason, links[i].reason);
		assert_null(strchr(v.text, '\x1b'));
	}
	check.warn = 40;
	probe_judge_link(&check, REASON_NONE, 40, "", &v);
	assert_int_equal(v.state, PROBE_WARN);
}

static void check_ages(void **state)
{
	(void)state;
	assert_int_equal(probe_state_now(PROBE_UP, TIME_NONE, 60, NOW), PROBE_NEVER);
	assert_int_equal(probe_state_now(PROBE_UP, NOW - 180, 60, NOW), PROBE_UP);
	assert_int_equal(probe_state_now(PROBE_UP, NOW - 181, 60, NOW), PROBE_STALE);
	assert_int_equal(probe_state_now(PROBE_DOWN, NOW - 181, 60, NOW), PROBE_STALE);
}

static void check_names(void **state)
{
	(void)state;
	for (int i = PROBE_NEVER; i <= PROBE_STALE; i++) {
		enum probe_state back;
		assert_true(probe_state_parse(probe_state_name((enum probe_state)i), &back));
		assert_int_equal(back, i);
	}
	for (int i = REASON_NONE; i <= REASON_HOST; i++) {
		enum probe_reason back;
		assert_true(probe_reason_parse(probe_reason_name((enum probe_reason)i), &back));
		assert_int_equal(back, i);
	}
}

static void check_arguments(void **state)
{
	struct check check = make("c", "tcp");
	struct err err = { 0 };

	(void)state;
	assert_int_equal(probe_validate(&check, &err), HS_ERR_INVALID);
	check.port = 443;
	assert_int_equal(probe_validate(&check, &err), 0);
	check.path = "/x";
	assert_int_equal(probe_validate(&check, &err), HS_ERR_INVALID);
	check = make("c", "disk");
	check.path = "-x";
	assert_int_equal(probe_validate(&check, &err), HS_ERR_INVALID);
	check = make("c", "backup");
	assert_int_equal(probe_validate(&check, &err), HS_ERR_INVALID);
	check = make("c", "telepathy");
	assert_int_equal(probe_validate(&check, &err), HS_ERR_INVALID);
}

/* Runs shell with the script on its standard input as hoshu-net does, and reads what it prints. */
static void run_script(const char *shell, const struct strbuf *script, struct strbuf *out)
{
	int in[2], from[2];
	char buf[4096];
	ssize_t n;

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(from), 0);
	pid_t pid = fork();
	if (pid == 0) {
		setsid();
		dup2(in[0], 0);
		dup2(from[1], 1);
		close(in[0]), close(in[1]), close(from[0]), close(from[1]);
		execl(shell, "sh", "-c", "p=$(cat) && eval \"$p\" </dev/null", (char *)NULL);
		_exit(127);
	}
	close(in[0]), close(from[1]);
	assert_int_equal(write(in[1], script->buf, script->len), (ssize_t)script->len);
	close(in[1]);
	while ((n = read(from[0], buf, sizeof buf)) > 0)
		strbuf_add(out, buf, (size_t)n);
	close(from[0]);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* The script as a real shell runs it, in each shell of this machine, with arguments that try to get out of their quotes. */
static void check_script(void **state)
{
	static const char *const shells[] = { "/bin/sh", "/bin/dash", "/bin/bash", "/bin/busybox" };
	char folder[] = "/tmp/hoshu-probe-XXXXXX", name[128];
	struct check checks[] = { make("up", "uptime"), make("mem", "memory"),  make("root", "disk"), make("evil", "disk"),
				  make("me", "process"), make("none", "service"), make("bak", "backup"), make("clk", "clock") };
	struct contract c = { .checks = checks, .check_count = COUNT(checks) };
	struct host h = { .id = "h" };
	struct strbuf script = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(name, sizeof name, "%s/=" NONCE ":up\nload 99", folder);
	FILE *f = fopen(name, "w");
	assert_non_null(f);
	fputs("backup", f);
	fclose(f);
	checks[3].path = "/x'; touch /tmp/hoshu-probe-escaped; echo '$(touch /tmp/hoshu-probe-escaped)";
	checks[4].process = "test_probe";
	checks[5].service = "no such '\" unit; exit";
	checks[6].path = folder;
	probe_script(&c, &h, NONCE, &script);
	for (size_t i = 0; i < COUNT(shells); i++) {
		struct probe_verdict v;
		struct strbuf out = { 0 };
		if (access(shells[i], X_OK) != 0)
			continue;
		run_script(shells[i], &script, &out);
		enum probe_state expected[] = { PROBE_UP, PROBE_UP, PROBE_UP, PROBE_DOWN, PROBE_UP, PROBE_DOWN, PROBE_UP,
						PROBE_UP };
		for (size_t k = 0; k < COUNT(checks); k++) {
			checks[k].warn = checks[k].fail = strcmp(checks[k].kind, "disk") == 0 ||
								  strcmp(checks[k].kind, "memory") == 0 ? 1000 : TIME_NONE;
			probe_judge(&checks[k], out.buf, out.len, NONCE, (int64_t)time(NULL), &v);
			if (v.state != expected[k])
				fail_msg("%s %s: %s '%s'", shells[i], checks[k].id, probe_state_name(v.state), v.text);
		}
		assert_int_not_equal(access("/tmp/hoshu-probe-escaped", F_OK), 0);
		strbuf_release(&out);
	}
	unlink(name);
	rmdir(folder);
	strbuf_release(&script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_judges),  cmocka_unit_test(check_limits), cmocka_unit_test(check_sections),
		cmocka_unit_test(check_links),   cmocka_unit_test(check_ages),   cmocka_unit_test(check_names),
		cmocka_unit_test(check_arguments), cmocka_unit_test(check_script),
	};
	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
