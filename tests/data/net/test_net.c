/* hoshu-net against a real sshd: what comes back, what is kept, what is refused. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/data/net/lab.h"

static struct lab lab;

static int open_lab(void **state)
{
	(void)state;
	lab_open(&lab);
	return 0;
}

static int close_lab(void **state)
{
	(void)state;
	lab_close(&lab);
	return 0;
}

static void runs_a_script(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "echo out; echo err >&2; exit 7\n");

	(void)state;
	const struct net_result *r = lab_do(&lab, &job);
	assert_string_equal(r->text, "");
	assert_int_equal(r->outcome, NET_OK);
	assert_int_equal(r->exit_status, 7);
	assert_string_equal(r->out, "out\n");
	assert_string_equal(r->errors, "err\n");
	assert_false(r->reused);
	lab_stop(&lab, &s);
}

static void keeps_the_session(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "echo $PPID\n");

	(void)state;
	for (int i = 0; i < 20; i++) {
		const struct net_result *r = lab_do(&lab, &job);
		assert_int_equal(r->outcome, NET_OK);
		assert_int_equal(r->exit_status, 0);
		assert_int_equal(r->reused, i > 0);
	}
	assert_int_equal(lab_log_count(&s, "Accepted publickey"), 1);
	lab_stop(&lab, &s);
}

static void connects_by_tcp(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	struct net_job job = { .kind = NET_TCP, .host_id = "h", .address = "localhost", .port = s.port };

	(void)state;
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
	lab_stop(&lab, &s);
	r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_REFUSED);
	assert_int_equal(r->stage, NET_CONNECT);
	job.address = "no-such-name.invalid";
	r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_NO_NAME);
	job = (struct net_job){ .kind = NET_ROUTE, .host_id = "h", .address = "127.0.0.1" };
	r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
}

static void scans_the_key(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	struct net_job job = { .kind = NET_KEYSCAN, .host_id = "h", .address = "127.0.0.1", .port = s.port };

	(void)state;
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
	assert_string_equal(r->key_type, "ssh-ed25519");
	assert_string_equal(r->key_base64, strchr(lab.pin, ' ') + 1);
	assert_memory_equal(r->key_fingerprint, "SHA256:", 7);
	lab_stop(&lab, &s);
}

/* ---- the login ---- */

static void denies_a_strange_key(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "true\n");

	(void)state;
	job.key_file = lab_path(&lab, "stranger");
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_AUTH_DENIED);
	assert_int_equal(r->stage, NET_AUTH);
	lab_stop(&lab, &s);
}

static void wants_a_second_factor(void **state)
{
	struct lab_server s = lab_sshd(&lab, "AuthenticationMethods publickey,publickey");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "true\n");

	(void)state;
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_AUTH_PARTIAL);
	lab_stop(&lab, &s);
}

static void says_what_is_wrong_with_a_key_file(void **state)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
		{ "locked", "the key file is locked with a passphrase: load it into ssh-agent and leave "
			    "key_file empty" },
		{ "missing", "the key file is not there" },
		{ "garbage", "the key file is no private key" },
		{ "half", "the key file cannot be understood" },
		{ "open", "the key file can be read by others: chmod 600 it" },
		{ ".", "the key file is no private key" },
	};
	const char *const pins[] = { lab.pin, NULL };

	(void)state;
	umask(077);
	lab_write(&lab, "garbage", "no key at all\n");
	lab_write(&lab, "half",
		  "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n");
	lab_write(&lab, "open", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
	chmod(lab_path(&lab, "open"), 0644);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct net_job job = lab_job(&lab, 1, pins, "true\n");
		job.key_file = lab_path(&lab, cases[i].name);
		const struct net_result *r = lab_do(&lab, &job);
		assert_int_equal(r->outcome, NET_KEY_FILE);
		assert_string_equal(r->text, cases[i].text);
	}
}

static struct lab_server start_agent(const char *name)
{
	setenv("SSH_AUTH_SOCK", lab_path(&lab, name), 1);
	struct lab_server agent = lab_program(
		&lab, (const char *const[]){ "ssh-agent", "-D", "-a", lab_path(&lab, name), NULL }, NULL);
	int64_t until = lab_clock() + LAB_LIMIT_MS;
	while (access(lab_path(&lab, name), F_OK) != 0 && lab_clock() < until)
		sched_yield();
	lab_restart(&lab);
	return agent;
}

static void asks_the_agent(void **state)
{
	struct lab_server s = lab_sshd(&lab, ""), agent = start_agent("agent");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "echo hello\n");

	(void)state;
	job.key_file = "";
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_KEY_FILE);
	assert_string_equal(r->text, "the ssh-agent holds no key");
	lab_run((const char *const[]){ "ssh-add", "-q", lab.key_file, NULL });
	r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
	assert_string_equal(r->out, "hello\n");
	lab_stop(&lab, &agent);
	lab_stop(&lab, &s);
}

/* Seven keys of nobody before ours: the server hangs up after six, unless we name the one to use. */
static void agent_with_many_keys(void **state)
{
	struct lab_server s = lab_sshd(&lab, "MaxAuthTries 6"), agent = start_agent("agent-many");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "echo hello\n");

	(void)state;
	for (int i = 0; i < 7; i++) {
		char name[16];
		snprintf(name, sizeof name, "many%d", i);
		lab_run((const char *const[]){ "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
					       lab_path(&lab, name), NULL });
		lab_run((const char *const[]){ "ssh-add", "-q", lab_path(&lab, name), NULL });
	}
	lab_run((const char *const[]){ "ssh-add", "-q", lab.key_file, NULL });
	job.key_file = "";
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_AUTH_DENIED);
	job.key_file = lab_path(&lab, "user.pub");
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
	job.key_file = lab_path(&lab, "stranger.pub");
	r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_KEY_FILE);
	assert_string_equal(r->text, "the ssh-agent does not hold that key");
	lab_stop(&lab, &agent);
	lab_stop(&lab, &s);
}

/* An agent that takes the connection and never answers; another host is served meanwhile. */
static void agent_is_mute(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const char *const pins[] = { lab.pin, NULL };
	struct net_job by_agent = lab_job(&lab, s.port, pins, "true\n"), by_key = by_agent;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	snprintf(at.sun_path, sizeof at.sun_path, "%s/mute", lab.folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 5), 0);
	setenv("SSH_AUTH_SOCK", at.sun_path, 1);
	lab_restart(&lab);
	by_agent.key_file = "";
	by_key.host_id = "other";
	uint64_t first = lab_submit(&lab, &by_agent), second = lab_submit(&lab, &by_key);
	assert_int_equal(lab_wait(&lab, second)->outcome, NET_OK);
	assert_int_equal(lab.results.len, 1); /* the mute one is still waited for */
	const struct net_result *r = lab_wait(&lab, first);
	assert_int_equal(r->outcome, NET_KEY_FILE);
	assert_string_equal(r->text, "the ssh-agent does not answer");
	close(fd);
	lab_stop(&lab, &s);
}

/* ---- commands that misbehave ---- */

/* sshd refuses to signal a command of root: there only the script's own watchdog helps. */
static void assert_command_gone(const char *name)
{
	int pid = lab_number(&lab, name);

	if (strcmp(lab.user, "root") == 0)
		kill(pid, SIGKILL);
	assert_true(lab_gone(pid));
}

static void command_does_not_end(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct strbuf script = { 0 };

	(void)state;
	strbuf_addf(&script, "echo begun; echo $$ >%s/pid; exec sleep 600\n", lab.folder);
	struct net_job job = lab_job(&lab, s.port, pins, strbuf_text(&script));
	job.run_ms = 1000;
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_TIMED_OUT);
	assert_int_equal(r->stage, NET_RUNNING);
	assert_string_equal(r->out, "begun\n");
	assert_command_gone("pid");
	/* and the session is as good as before */
	job.script = "echo again\n";
	job.script_len = strlen(job.script);
	r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
	assert_true(r->reused);
	strbuf_release(&script);
	lab_stop(&lab, &s);
}

static void cancelled_command_is_ended(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct strbuf script = { 0 };

	(void)state;
	assert_int_equal(mkfifo(lab_path(&lab, "fifo"), 0600), 0);
	chmod(lab_path(&lab, "fifo"), 0666);
	strbuf_addf(&script, "echo $$ >%s/pid2; echo >%s/fifo; exec sleep 600\n", lab.folder, lab.folder);
	struct net_job job = lab_job(&lab, s.port, pins, strbuf_text(&script));
	uint64_t id = lab_submit(&lab, &job);
	int fd = open(lab_path(&lab, "fifo"), O_RDONLY | O_NONBLOCK);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t until = lab_clock() + LAB_LIMIT_MS;
	while (poll(&p, 1, 0) == 0 && lab_clock() < until)
		lab_turn(&lab, 20);
	net_cancel(lab.net, id);
	assert_int_equal(lab_wait(&lab, id)->outcome, NET_CANCELLED);
	assert_command_gone("pid2");
	close(fd);
	strbuf_release(&script);
	lab_stop(&lab, &s);
}

/* The server's own process of the session stops: nothing but our deadline ends that. */
static void session_process_stops(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct strbuf script = { 0 };

	(void)state;
	strbuf_addf(&script, "echo $PPID >%s/session; kill -STOP $PPID\n", lab.folder);
	struct net_job job = lab_job(&lab, s.port, pins, strbuf_text(&script));
	job.run_ms = 1000;
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_TIMED_OUT);
	int session = lab_number(&lab, "session");
	assert_true(session > 1);
	kill(session, SIGKILL);
	strbuf_release(&script);
	lab_stop(&lab, &s);
}

/* The kernel still accepts connections for a listener that is stopped. */
static void listener_stops(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "true\n");

	(void)state;
	kill(s.pid, SIGSTOP);
	job.connect_ms = 500;
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_TIMED_OUT);
	assert_int_equal(r->stage, NET_KEX);
	lab_stop(&lab, &s);
}

static void command_is_killed(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "echo before; kill -9 $$\n");

	(void)state;
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_SIGNALLED);
	assert_string_equal(r->text, "KILL");
	assert_string_equal(r->out, "before\n");
	assert_int_equal(r->exit_status, -1);
	lab_stop(&lab, &s);
}

static void child_holds_the_output(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct strbuf script = { 0 };

	(void)state;
	strbuf_addf(&script, "sleep 600 & echo $! >%s/held; echo done; exit 3\n", lab.folder);
	struct net_job job = lab_job(&lab, s.port, pins, strbuf_text(&script));
	const struct net_result *r = lab_do(&lab, &job);
	kill(lab_number(&lab, "held"), SIGKILL);
	assert_int_equal(r->outcome, NET_OK);
	assert_int_equal(r->exit_status, 3);
	assert_true(r->held);
	assert_string_equal(r->out, "done\n");
	strbuf_release(&script);
	lab_stop(&lab, &s);
}

#ifdef SANITIZED
enum { MEMORY_KIB = 512 * 1024 };
#else
enum { MEMORY_KIB = 64 * 1024 };
#endif

/* R15: a hundred megabytes, one line, on either stream: cut at the cap, memory small. */
static void output_floods(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "head -c 100000000 /dev/zero\n");

	(void)state;
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_CUT);
	assert_int_equal(r->out_len, 256 * 1024);
	job.script = "head -c 100000000 /dev/zero >&2\n";
	job.script_len = strlen(job.script);
	r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_CUT);
	assert_int_equal(r->errors_len, 16 * 1024);
	job.script = "head -c 8388608 /dev/zero; head -c 1048576 /dev/zero >&2\n";
	job.script_len = strlen(job.script);
	job.stdout_cap = 8 << 20;
	job.stderr_cap = 1 << 20;
	r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
	assert_int_equal(r->out_len, 8 << 20);
	assert_int_equal(r->errors_len, 1 << 20);
	assert_in_range(lab_memory(net_pid(lab.net), "VmHWM:"), 1, MEMORY_KIB);
	lab_stop(&lab, &s);
}

static void script_is_long(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct strbuf script = { 0 };

	(void)state;
	strbuf_add_text(&script, ": ");
	strbuf_pad(&script, 'x', 900000);
	strbuf_add_text(&script, "\necho end; cat; echo '日本語 \"'\n");
	struct net_job job = lab_job(&lab, s.port, pins, strbuf_text(&script));
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
	assert_string_equal(r->out, "end\n日本語 \"\n");
	strbuf_release(&script);
	lab_stop(&lab, &s);
}

/* ---- sessions ---- */

static void kept_session_that_died_is_renewed(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct strbuf script = { 0 };

	(void)state;
	strbuf_addf(&script, "echo $PPID >%s/kept\n", lab.folder);
	struct net_job job = lab_job(&lab, s.port, pins, strbuf_text(&script));
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_OK);
	int session = lab_number(&lab, "kept");
	kill(session, SIGKILL);
	assert_true(lab_gone(session));
	const struct net_result *r = lab_do(&lab, &job);
	assert_int_equal(r->outcome, NET_OK);
	assert_false(r->reused);
	strbuf_release(&script);
	lab_stop(&lab, &s);
}

/* Jobs for one host at once wait for each other; of two hosts they do not. */
static void many_jobs_at_once(void **state)
{
	enum { HOSTS = 40, EACH = 3 };
	struct lab_server s = lab_sshd(&lab, "MaxStartups 200");
	const char *const pins[] = { lab.pin, NULL };
	uint64_t ids[HOSTS * EACH];
	char names[HOSTS][16], addresses[HOSTS][16];

	(void)state;
	for (int i = 0; i < HOSTS * EACH; i++) {
		struct net_job job = lab_job(&lab, s.port, pins, "echo \"$SSH_CONNECTION\"\n");
		snprintf(names[i % HOSTS], sizeof *names, "many%d", i % HOSTS);
		snprintf(addresses[i % HOSTS], sizeof *addresses, "127.0.0.1");
		job.host_id = names[i % HOSTS];
		job.address = addresses[i % HOSTS];
		ids[i] = lab_submit(&lab, &job);
	}
	for (int i = 0; i < HOSTS * EACH; i++)
		assert_int_equal(lab_wait(&lab, ids[i])->outcome, NET_OK);
	assert_int_equal(lab_log_count(&s, "Accepted publickey"), HOSTS);
	lab_stop(&lab, &s);
}

/* A server that drops most of a burst: each connection comes through, a moment later. */
static void server_drops_a_burst(void **state)
{
	enum { HOSTS = 12 };
	struct lab_server s = lab_sshd(&lab, "MaxStartups 6:30:40");
	const char *const pins[] = { lab.pin, NULL };
	uint64_t ids[HOSTS];
	char names[HOSTS][16];
	int fine = 0;

	(void)state;
	for (int i = 0; i < HOSTS; i++) {
		struct net_job job = lab_job(&lab, s.port, pins, "true\n");
		snprintf(names[i], sizeof names[i], "burst%d", i);
		job.host_id = names[i];
		ids[i] = lab_submit(&lab, &job);
	}
	for (int i = 0; i < HOSTS; i++)
		fine += lab_wait(&lab, ids[i])->outcome == NET_OK;
	assert_int_equal(fine, HOSTS);
	lab_stop(&lab, &s);
}

/* Nine hundred commands on one session cost no descriptor and no memory. */
static void nothing_leaks(void **state)
{
	enum { CYCLES = 900, WARM = 100 };
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "echo x\n");
	int fds = 0;
	long memory = 0;

	(void)state;
	for (int i = 0; i < CYCLES; i++) {
		const struct net_result *r = lab_do(&lab, &job);
		if (r->outcome != NET_OK)
			fail_msg("cycle %d: %s in %s: %s (reused %d)", i, net_outcome_name(r->outcome),
				 net_stage_name(r->stage), r->text, r->reused);
		assert_string_equal(r->out, "x\n");
		vec_clear(&lab.results);
		if (i == WARM) {
			fds = lab_fds(net_pid(lab.net));
			memory = lab_memory(net_pid(lab.net), "VmRSS:");
		}
	}
	assert_int_equal(lab_fds(net_pid(lab.net)), fds);
#ifndef SANITIZED
	assert_in_range(lab_memory(net_pid(lab.net), "VmRSS:"), 1, memory + 512);
#endif
	(void)memory;
	lab_stop(&lab, &s);
}

/* ---- the helper itself ---- */

static void helper_is_killed(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job slow = lab_job(&lab, s.port, pins, "sleep 5\n"),
		       quick = lab_job(&lab, s.port, pins, "echo x\n");
	uint64_t ids[3];

	(void)state;
	quick.host_id = "another";
	assert_int_equal(lab_do(&lab, &quick)->outcome, NET_OK);
	for (int i = 0; i < 3; i++)
		ids[i] = lab_submit(&lab, &slow);
	int pid = net_pid(lab.net);
	kill(pid, SIGKILL);
	for (int i = 0; i < 3; i++)
		assert_int_equal(lab_wait(&lab, ids[i])->outcome, NET_HELPER_DIED);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), -1); /* reaped */
	assert_int_equal(net_pid(lab.net), 0);
	assert_int_equal(net_fd(lab.net), -1);
	assert_int_equal(lab_do(&lab, &quick)->outcome, NET_OK);
	assert_int_not_equal(net_pid(lab.net), pid);
	lab_stop(&lab, &s);
}

static void helper_hangs(void **state)
{
	struct lab_server s = lab_sshd(&lab, "");
	const char *const pins[] = { lab.pin, NULL };
	struct net_job job = lab_job(&lab, s.port, pins, "echo x\n");

	(void)state;
	kill(net_pid(lab.net), SIGSTOP);
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_HELPER_DIED);
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_OK);
	kill(net_pid(lab.net), SIGSTOP);
	lab_restart(&lab); /* stopping a stopped one ends, too */
	lab_stop(&lab, &s);
}

/* Its end of the socketpair is all that keeps it alive: also the aide goes. */
static void helper_ends_with_its_client(void **state)
{
	struct net *n;
	struct err err = { 0 };
	struct strbuf program = { 0 };
	int status, pids[2];

	(void)state;
	strbuf_addf(&program, "%s/hoshu-net", getenv("HOSHU_BUILDDIR"));
	assert_int_equal(pipe(pids), 0);
	pid_t client = fork();
	if (client == 0) {
		int pid = net_start(&n, strbuf_text(&program), &err) == 0 ? net_pid(n) : 0;
		_exit(write(pids[1], &pid, sizeof pid) == sizeof pid ? 0 : 1); /* as a crash would end it */
	}
	assert_int_equal(waitpid(client, &status, 0), client);
	int helper = 0;
	assert_int_equal(read(pids[0], &helper, sizeof helper), sizeof helper);
	assert_true(helper > 0);
	assert_true(lab_gone(helper));
	close(pids[0]);
	close(pids[1]);
	strbuf_release(&program);
}

static void helper_says_what_it_is(void **state)
{
	(void)state;
	int64_t until = lab_clock() + LAB_LIMIT_MS;
	while (net_about(lab.net)->library[0] == '\0' && lab_clock() < until)
		lab_turn(&lab, 100);
	assert_memory_equal(net_about(lab.net)->library, "libssh 0.", 9);
	assert_true(net_about(lab.net)->no_new_privs);
}

static void refuses_what_cannot_be(void **state)
{
	static const char *const users[] = { "", "-oProxyCommand=x", "a b", "a;b", "a\n", "日本" };
	const char *const pins[] = { lab.pin, NULL };
	struct err err = { 0 };
	struct net *n;

	(void)state;
	for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
		struct net_job job = lab_job(&lab, 22, pins, "true\n");
		job.user = users[i];
		assert_int_equal(net_submit(lab.net, &job, &err), 0);
		assert_int_equal(err.code, HS_ERR_INVALID);
	}
	struct net_job job = lab_job(&lab, 0, pins, "true\n");
	assert_int_equal(net_submit(lab.net, &job, &err), 0);
	job = lab_job(&lab, 22, pins, "true\n");
	job.via = "bastion";
	assert_int_equal(net_submit(lab.net, &job, &err), 0);
	assert_int_equal(net_start(&n, "/nonexistent/hoshu-net", &err), HS_ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_a_script),
		cmocka_unit_test(keeps_the_session),
		cmocka_unit_test(connects_by_tcp),
		cmocka_unit_test(scans_the_key),
		cmocka_unit_test(denies_a_strange_key),
		cmocka_unit_test(wants_a_second_factor),
		cmocka_unit_test(says_what_is_wrong_with_a_key_file),
		cmocka_unit_test(asks_the_agent),
		cmocka_unit_test(agent_with_many_keys),
		cmocka_unit_test(agent_is_mute),
		cmocka_unit_test(command_does_not_end),
		cmocka_unit_test(cancelled_command_is_ended),
		cmocka_unit_test(session_process_stops),
		cmocka_unit_test(listener_stops),
		cmocka_unit_test(command_is_killed),
		cmocka_unit_test(child_holds_the_output),
		cmocka_unit_test(output_floods),
		cmocka_unit_test(script_is_long),
		cmocka_unit_test(kept_session_that_died_is_renewed),
		cmocka_unit_test(many_jobs_at_once),
		cmocka_unit_test(server_drops_a_burst),
		cmocka_unit_test(nothing_leaks),
		cmocka_unit_test(helper_is_killed),
		cmocka_unit_test(helper_hangs),
		cmocka_unit_test(helper_ends_with_its_client),
		cmocka_unit_test(helper_says_what_it_is),
		cmocka_unit_test(refuses_what_cannot_be),
	};
	return cmocka_run_group_tests_name("net", tests, open_lab, close_lab);
}
