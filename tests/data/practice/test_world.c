/* The practice world with its real sshd processes: every break shows and heals, and nothing is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/contract/load.h"
#include "data/practice/contract.h"
#include "data/practice/world.h"

static struct world world;
static char folder[] = "/tmp/hoshu-world-XXXXXX";
static pid_t keeper;
static int hold = -1; /* the connection that keeps the world alive */

/* Runs ssh on server index; out takes its output. Returns the exit status. */
static int ssh(size_t index, const char *command, struct strbuf *out)
{
	char port[16], key[200], target[100];
	int pipes[2], status;
	char block[512];
	ssize_t n;

	snprintf(port, sizeof port, "%d", world.hosts[index].port);
	snprintf(key, sizeof key, "%s/id_ed25519", folder);
	snprintf(target, sizeof target, "%s@127.0.0.1", world.user);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(pipes[1], 1);
		dup2(open("/dev/null", O_RDWR), 0);
		dup2(0, 2);
		execlp("ssh", "ssh", "-F", "none", "-i", key, "-p", port, "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o",
		       "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", target, command, (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	strbuf_clear(out);
	while ((n = read(pipes[0], block, sizeof block)) > 0)
		strbuf_add(out, block, (size_t)n);
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool accepts(size_t index)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_port = htons((uint16_t)world.hosts[index].port);
	bool ok = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
	close(fd);
	return ok;
}

static void act(const char *host, enum world_break b)
{
	struct err err = { 0 };
	struct strbuf sb = { 0 };

	if (world_act(&world, host, b, &err) != 0) {
		err_format(&err, NULL, &sb);
		fail_msg("%s %s: %s", world_break_name(b), host, strbuf_text(&sb));
	}
}

static int start(void **state)
{
	struct err err = { 0 };
	int ready[2];
	char word;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(world_prepare(&world, folder, &err), 0);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	keeper = fork();
	if (keeper == 0) {
		int log = open("/dev/null", O_RDWR);
		dup2(log, 1);
		_exit(world_serve(&world, ready[1], &err) == 0 ? 0 : 1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &word, 1), 1);
	close(ready[0]);
	hold = world_join(&world, "/nonexistent", &err);
	return hold >= 0 ? 0 : -1;
}

static int stop(void **state)
{
	int status;

	(void)state;
	if (hold >= 0)
		close(hold);
	if (keeper > 0)
		waitpid(keeper, &status, 0);
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/rm", "rm", "-rf", folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	world_release(&world);
	return 0;
}

static void servers_answer(void **state)
{
	struct strbuf out = { 0 };

	(void)state;
	for (size_t i = 0; i < WORLD_SERVERS; i++)
		assert_int_equal(ssh(i, "exit 7", &out), 7);
	for (size_t i = WORLD_SERVERS; i < WORLD_HOSTS; i++)
		assert_true(accepts(i));
	strbuf_release(&out);
}

static void stopped_server_refuses(void **state)
{
	(void)state;
	act("web1", BREAK_STOP);
	assert_false(accepts(2));
	assert_true(accepts(0));
	act("web1", BREAK_COUNT);
	assert_true(accepts(2));
}

static void stopped_line_refuses(void **state)
{
	struct err err = { 0 };

	(void)state;
	act("higashi-rt", BREAK_STOP);
	assert_false(accepts(5));
	assert_true(accepts(6));
	act("higashi-rt", BREAK_COUNT);
	assert_true(accepts(5));
	assert_int_equal(world_act(&world, "higashi-rt", BREAK_DISK, &err), HS_ERR_STATE);
	assert_int_equal(world_act(&world, "nowhere", BREAK_STOP, &err), HS_ERR_STATE);
}

/* Where the kernel gives no namespaces, the break must say so instead of pretending. */
static void disk_fills_and_empties(void **state)
{
	struct strbuf out = { 0 };
	struct err err = { 0 };

	(void)state;
	if (world_act(&world, "db1", BREAK_DISK, &err) != 0) {
		assert_non_null(strstr(err.msg.arg[2], "namespace"));
		return;
	}
	assert_int_equal(ssh(1, "df -P | grep db1/disk", &out), 0);
	assert_non_null(strstr(strbuf_text(&out), "100%"));
	act("db1", BREAK_COUNT);
	assert_int_equal(ssh(1, "df -P | grep db1/disk", &out), 0);
	assert_null(strstr(strbuf_text(&out), "100%"));
	strbuf_release(&out);
}

static void backup_ages(void **state)
{
	struct strbuf out = { 0 };
	char command[300];

	(void)state;
	act("ap1", BREAK_BACKUP);
	snprintf(command, sizeof command, "find %s/ap1/disk/backup -name '*.dump' -mtime -3 | wc -l", folder);
	assert_int_equal(ssh(0, command, &out), 0);
	assert_int_equal(strtol(strbuf_text(&out), NULL, 10), 0);
	act("ap1", BREAK_COUNT);
	assert_int_equal(ssh(0, command, &out), 0);
	assert_true(strtol(strbuf_text(&out), NULL, 10) >= 2);
	strbuf_release(&out);
}

/* The public part of the key that the port shows now, by ssh-keyscan. */
static void shown_key(size_t index, struct strbuf *out)
{
	char port[16], block[512];
	int pipes[2];
	ssize_t n;

	snprintf(port, sizeof port, "%d", world.hosts[index].port);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(pipes[1], 1);
		dup2(open("/dev/null", O_RDWR), 2);
		execlp("ssh-keyscan", "ssh-keyscan", "-t", "ed25519", "-p", port, "127.0.0.1", (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	strbuf_clear(out);
	while ((n = read(pipes[0], block, sizeof block)) > 0)
		strbuf_add(out, block, (size_t)n);
	close(pipes[0]);
	waitpid(pid, NULL, 0);
}

static void host_key_changes(void **state)
{
	struct strbuf out = { 0 };
	char *key = world_host_key(&world, 2, NULL);

	(void)state;
	shown_key(2, &out);
	assert_non_null(strstr(strbuf_text(&out), key));
	act("web1", BREAK_KEY);
	shown_key(2, &out);
	assert_true(out.len > 0);
	assert_null(strstr(strbuf_text(&out), key));
	act("web1", BREAK_COUNT);
	shown_key(2, &out);
	assert_non_null(strstr(strbuf_text(&out), key));
	free(key);
	strbuf_release(&out);
}

static bool runs(size_t program)
{
	struct strbuf out = { 0 };
	char name[WORLD_PROGRAM_SIZE], command[64];

	world_program_name(&world, 0, program, name);
	snprintf(command, sizeof command, "pgrep -x %s >/dev/null", name);
	int status = ssh(0, command, &out);
	strbuf_release(&out);
	assert_in_range(status, 0, 1);
	return status == 0;
}

static void program_ends(void **state)
{
	(void)state;
	assert_true(runs(0));
	act("ap1", BREAK_PROCESS);
	assert_false(runs(0));
	assert_true(runs(2));
	act("ap1", BREAK_COUNT);
	assert_true(runs(0));
}

static void contract_is_whole(void **state)
{
	struct strbuf path = { 0 }, out = { 0 };
	struct complaints complaints = { 0 };
	struct contract *c = NULL;
	struct err err = { 0 };

	(void)state;
	strbuf_addf(&path, "%s/contract.conf", folder);
	strbuf_addf(&out, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	assert_int_equal(practice_contract_write(&world, strbuf_text(&out), strbuf_text(&path), 20780, &err), 0);
	if (contract_load(strbuf_text(&path), &c, &complaints, &err) != 0) {
		strbuf_clear(&out);
		err_format(&err, NULL, &out);
		fail_msg("%s", strbuf_text(&out));
	}
	assert_true(c->practice);
	assert_string_equal(c->id, "practice");
	assert_int_equal(c->host_count, WORLD_HOSTS);
	assert_int_equal(c->site_count, 6);
	contract_free(c);
	vec_release(&complaints.list);
	strbuf_release(&path);
	strbuf_release(&out);
}

/* The keeper ends with its last client, and no server, session or program outlives it. */
static void nothing_is_left(void **state)
{
	int status;

	(void)state;
	close(hold);
	hold = -1;
	assert_int_equal(waitpid(keeper, &status, 0), keeper);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	for (size_t i = 0; i < WORLD_HOSTS; i++)
		assert_false(accepts(i));
	keeper = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_answer),    cmocka_unit_test(stopped_server_refuses),
		cmocka_unit_test(stopped_line_refuses), cmocka_unit_test(disk_fills_and_empties),
		cmocka_unit_test(backup_ages),       cmocka_unit_test(host_key_changes),
		cmocka_unit_test(program_ends),      cmocka_unit_test(contract_is_whole),
		cmocka_unit_test(nothing_is_left),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
