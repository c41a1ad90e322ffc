/* The recorder against the real sshd processes of the practice world, a night of cycles in a moment: each break is seen, confirmed, opens
 * one ticket and no second one; keys, a dying helper, two recorders, the console's client. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/collect/client.h"
#include "data/collect/recorder.h"
#include "data/collect/run.h"
#include "data/collect/server.h"
#include "data/collect/view.h"
#include "data/contract/load.h"
#include "data/practice/contract.h"
#include "data/practice/world.h"
#include "data/store/ticket.h"

#define DAY 20740
enum { STEPS_MAX = 400 };

static struct world world;
static char folder[] = "/tmp/hoshu-recorder-XXXXXX";
static char records[64];
static struct strbuf program;
static pid_t keeper;
static int hold = -1;
static struct contract *contract;
static struct store *store;
static struct status *status;
static struct recorder *recorder;
static struct situation_view view;
static int64_t now;
static int wakes;

static void must(int rc, const struct err *err)
{
	struct strbuf sb = { 0 };

	if (rc == 0)
		return;
	err_format(err, NULL, &sb);
	fail_msg("%s: %s", err_name(rc), strbuf_text(&sb));
}

static void woken(void *ctx)
{
	(void)ctx;
	wakes++;
}

static void open_recorder(void)
{
	struct recorder_options o = { .contract = contract, .status = status, .store = store, .net_program = strbuf_text(&program),
				      .auto_tickets = true, .seed = 1, .changed = woken };
	struct err err = { 0 };

	must(recorder_new(&recorder, &o, now, &err), &err);
}

/* Everything is asked once and written, at one moment of the injected clock. */
static void settle_down(void)
{
	struct err err = { 0 };

	for (int i = 0; i < STEPS_MAX; i++) {
		must(recorder_step(recorder, now, &err), &err);
		if (recorder_idle(recorder)) {
			must(situation_view_load(&view, store, status, contract, now, &err), &err);
			return;
		}
		struct pollfd p = { .fd = recorder_fd(recorder), .events = recorder_events(recorder) };
		int wait = recorder_wait_ms(recorder, now);
		assert_true(poll(&p, 1, wait < 0 || wait > 1000 ? 1000 : wait > 0 ? wait : 1) >= 0);
	}
	fail_msg("the recorder does not come to rest");
}

static void cycle(int times)
{
	struct err err = { 0 };

	for (int i = 0; i < times; i++) {
		now += 60;
		must(recorder_probe(recorder, NULL, now, &err), &err);
		settle_down();
	}
}

static void act(const char *host, enum world_break b)
{
	struct err err = { 0 };

	must(world_act(&world, host, b, &err), &err);
}

static const struct check_now *seen(const char *check)
{
	const struct check_now *k = situation_check(&view.s, check);

	assert_non_null(k);
	return k;
}

static void expect(const char *check, enum condition condition, enum probe_reason reason)
{
	const struct check_now *k = seen(check);

	if (k->condition != condition || (reason != REASON_NONE && k->reason != reason))
		fail_msg("%s is %s (%s), '%s'", check, condition_name(k->condition), probe_reason_name(k->reason), k->text);
}

static size_t open_tickets(struct ticket_queue *q)
{
	struct ticket_filter filter = { .scope = TICKETS_OPEN, .due_before = TIME_NONE, .after_closed_at = TIME_NONE };
	struct err err = { 0 };

	must(tickets_load(store, contract, &filter, now, q, &err), &err);
	return q->list.len;
}

static size_t ticket_count(void)
{
	struct ticket_queue q = { 0 };
	size_t count = open_tickets(&q);

	ticket_queue_release(&q);
	return count;
}

static void trust(size_t server)
{
	char *key, id[UUID_SIZE] = "";
	struct err err = { 0 };
	struct tx tx;

	key = world_host_key(&world, server, &err);
	assert_non_null(key);
	char *space = strchr(key, ' ');
	assert_non_null(space);
	*space = '\0';
	must(tx_begin(store, "test", "host trust", now, &tx, &err), &err);
	tx_insert(&tx, TABLE_host_key, id);
	tx_text(&tx, TABLE_host_key, id, "host", world.hosts[server].id);
	tx_text(&tx, TABLE_host_key, id, "type", key);
	tx_text(&tx, TABLE_host_key, id, "key", space + 1);
	must(tx_commit(&tx, &err), &err);
	free(key);
}

static void start_world(void)
{
	struct err err = { 0 };
	int ready[2];
	char word;

	must(world_prepare(&world, folder, &err), &err);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	keeper = fork();
	if (keeper == 0) {
		dup2(open("/dev/null", O_RDWR), 1);
		_exit(world_serve(&world, ready[1], &err) == 0 ? 0 : 1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &word, 1), 1);
	close(ready[0]);
	hold = world_join(&world, "/nonexistent", &err);
	assert_true(hold >= 0);
}

static void read_contract(void)
{
	struct strbuf text = { 0 }, bundled = { 0 }, path = { 0 };
	struct complaints complaints = { 0 };
	struct err err = { 0 };
	char block[4096];
	size_t n;

	strbuf_addf(&path, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	FILE *f = fopen(strbuf_text(&path), "r");
	assert_non_null(f);
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		strbuf_add(&bundled, block, n);
	fclose(f);
	must(practice_contract(&world, strbuf_text(&bundled), DAY, &text, &err), &err);
	must(contract_parse("practice.conf", text.buf, text.len, &contract, &complaints, &err), &err);
	complaints_release(&complaints);
	strbuf_release(&text);
	strbuf_release(&bundled);
	strbuf_release(&path);
}

static int start(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(records, sizeof records, "%s/data", folder);
	strbuf_addf(&program, "%s/hoshu-net", getenv("HOSHU_BUILDDIR"));
	start_world();
	read_contract();
	now = time(NULL);
	struct store_options so = { .folder = records, .tag = "T", .busy_ms = 1000 };
	must(store_open(&store, &so, &err), &err);
	must(status_open(&status, records, true, &err), &err);
	open_recorder();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	situation_view_release(&view);
	recorder_free(recorder);
	status_close(status);
	store_close(store);
	contract_free(contract);
	if (hold >= 0)
		close(hold);
	if (keeper > 0)
		waitpid(keeper, NULL, 0);
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/rm", "rm", "-rf", folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	world_release(&world);
	strbuf_release(&program);
	return 0;
}

/* Before anybody confirmed the keys: not down, not up, and nobody is accused. */
static void unconfirmed_keys(void **state)
{
	(void)state;
	cycle(4);
	expect("ap1-ssh", COND_UNKNOWN, REASON_KEY_UNTRUSTED);
	expect("ap1-disk", COND_UNKNOWN, REASON_KEY_UNTRUSTED);
	assert_int_equal(ticket_count(), 0);
	for (size_t i = 0; i < WORLD_SERVERS; i++)
		trust(i);
}

static void all_is_well(void **state)
{
	struct strbuf raw = { 0 };
	struct err err = { 0 };
	int64_t at;

	(void)state;
	wakes = 0;
	cycle(1);
	assert_true(wakes > 0);
	for (size_t i = 0; i < contract->check_count; i++) {
		const struct check_now *k = &view.s.checks[i];
		if (strcmp(k->check->kind, "memory") != 0 && strcmp(k->check->kind, "uptime") != 0 &&
		    strcmp(k->check->kind, "clock") != 0) /* the injected clock runs ahead of the servers' */
			expect(k->check->id, COND_OK, REASON_NONE);
	}
	for (size_t i = 0; i < contract->site_count; i++)
		assert_int_equal(view.s.sites[i].line, COND_OK);
	assert_int_equal(ticket_count(), 0);
	must(status_output(status, "ap1", &raw, &at, &err), &err);
	assert_int_equal(at, now);
	assert_non_null(strstr(strbuf_text(&raw), "MemTotal"));
	strbuf_release(&raw);
	assert_true(view.recorder.network_up);
	assert_int_equal(view.recorder.cycle_at, now);
}

static void stopped_server(void **state)
{
	struct ticket_queue q = { 0 };

	(void)state;
	act("ap1", BREAK_STOP);
	cycle(1);
	expect("ap1-ssh", COND_WARN, REASON_NO_ANSWER); /* once is not confirmed */
	assert_int_equal(ticket_count(), 0);
	int64_t first = now;
	cycle(2);
	expect("ap1-ssh", COND_DOWN, REASON_NO_ANSWER);
	expect("ap1-disk", COND_UNKNOWN, REASON_HOST);
	assert_int_equal(open_tickets(&q), 1); /* its port is silent too: one cause, one ticket */
	assert_string_equal(q.list.v[0].row.check_id, "ap1-ssh");
	assert_string_equal(q.list.v[0].row.host, "ap1");
	assert_int_equal(q.list.v[0].row.detected_at, first);
	ticket_queue_release(&q);
	cycle(3);
	assert_int_equal(ticket_count(), 1);
	/* a recorder that was killed and started again opens nothing new */
	recorder_free(recorder);
	open_recorder();
	cycle(1);
	assert_int_equal(ticket_count(), 1);
	act("ap1", BREAK_COUNT);
	cycle(1);
	expect("ap1-ssh", COND_OK, REASON_NONE);
	assert_int_equal(open_tickets(&q), 1); /* recovery is noted and closes nothing */
	struct ticket_detail d;
	struct err err = { 0 };
	must(ticket_load(store, contract, q.list.v[0].row.id, now, &d, &err), &err);
	assert_true(d.checks.len >= 1);
	for (size_t i = 0; i < d.checks.len; i++)
		assert_int_equal(ROWS(ticket_check, &d.checks)[i].recovered_at, now);
	ticket_detail_release(&d);
	ticket_queue_release(&q);
}

static void closed_ticket_stays_closed(void **state)
{
	struct ticket_queue q = { 0 };
	struct err err = { 0 };
	struct tx tx;

	(void)state;
	act("web1", BREAK_PROCESS);
	cycle(3);
	expect("web1-process", COND_DOWN, REASON_MISSING);
	assert_int_equal(open_tickets(&q), 2);
	size_t mine = strcmp(q.list.v[0].row.check_id, "web1-process") == 0 ? 0 : 1;
	must(tx_begin(store, "test", "ticket close", now, &tx, &err), &err);
	tx_int(&tx, TABLE_ticket, q.list.v[mine].row.id, "closed_at", now);
	must(tx_commit(&tx, &err), &err);
	ticket_queue_release(&q);
	recorder_free(recorder);
	open_recorder();
	cycle(3);
	assert_int_equal(ticket_count(), 1);
	act("web1", BREAK_COUNT);
	cycle(1);
	expect("web1-process", COND_OK, REASON_NONE);
}

/* Where the kernel gives a server no disk of its own, filling it is refused, and said. */
static void disk_and_backup(void **state)
{
	struct err refused = { 0 };
	bool filled = world_act(&world, "db1", BREAK_DISK, &refused) == 0;

	(void)state;
	assert_true(filled || strstr(refused.msg.arg[2], "namespace") != NULL);
	act("web1", BREAK_BACKUP);
	cycle(1);
	if (filled) {
		assert_int_equal(seen("db1-disk")->reason, REASON_THRESHOLD);
		assert_true(seen("db1-disk")->value >= 80);
	}
	assert_int_equal(seen("web1-backup")->reason, REASON_THRESHOLD);
	act("db1", BREAK_COUNT);
	act("web1", BREAK_COUNT);
	cycle(1);
	if (filled)
		expect("db1-disk", COND_OK, REASON_NONE);
	expect("web1-backup", COND_OK, REASON_NONE);
}

static void changed_key(void **state)
{
	(void)state;
	act("db1", BREAK_KEY);
	cycle(3);
	expect("db1-ssh", COND_DOWN, REASON_KEY_CHANGED);
	expect("db1-disk", COND_UNKNOWN, REASON_KEY_CHANGED);
	act("db1", BREAK_COUNT);
	cycle(1);
	expect("db1-ssh", COND_OK, REASON_NONE);
}

/* A line that falls is one ticket, of the site. */
static void fallen_line(void **state)
{
	size_t before = ticket_count();

	(void)state;
	act("kita-rt", BREAK_STOP);
	cycle(3);
	expect("kita-line", COND_DOWN, REASON_NO_ANSWER);
	assert_int_equal(ticket_count(), before + 1);
	act("kita-rt", BREAK_COUNT);
	cycle(1);
	expect("kita-line", COND_OK, REASON_NONE);
}

static void helper_dies(void **state)
{
	int pid = recorder_net_pid(recorder);
	size_t before = ticket_count();
	struct err err = { 0 };

	(void)state;
	assert_true(pid > 0);
	now += 60;
	must(recorder_probe(recorder, NULL, now, &err), &err);
	must(recorder_step(recorder, now, &err), &err); /* jobs are out */
	kill(pid, SIGKILL);
	for (int i = 0; i < STEPS_MAX && recorder_net_pid(recorder) == pid; i++) {
		struct pollfd p = { .fd = recorder_fd(recorder), .events = recorder_events(recorder) };
		poll(&p, 1, 1000);
		must(recorder_step(recorder, now, &err), &err);
	}
	assert_int_not_equal(recorder_net_pid(recorder), pid);
	now += 5;
	settle_down();
	expect("ap1-ssh", COND_OK, REASON_NONE);
	assert_int_equal(ticket_count(), before);
}

/* One recorder a contract; the socket is ours alone; words in and out. */
static void lock_and_socket(void **state)
{
	struct err err = { 0 };
	int ready[2], exit_status;
	char word;

	(void)state;
	recorder_free(recorder);
	recorder = NULL;
	status_close(status);
	status = NULL;
	assert_int_equal(client_ask(records, "stop", "ok", 1000, &err), HS_ERR_NOT_FOUND);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct store *own = NULL;
		struct store_options so = { .folder = records, .tag = "T", .busy_ms = 1000 };
		struct collect_options o = { .folder = records, .contract = contract, .net_program = strbuf_text(&program),
					     .attached = -1 };
		int rc = store_open(&own, &so, &err);
		o.store = own;
		close(ready[0]);
		if (rc == 0 && write(ready[1], "r", 1) == 1)
			rc = collect_run(&o, &err);
		store_close(own);
		contract_free(contract);
		_exit(rc == 0 ? 0 : 1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &word, 1), 1);
	/* the socket appears: a connection that is refused is tried again, each a full system call away from the next */
	struct client_side *c = NULL;
	for (long i = 0; i < 50000000 && client_start(&c, records, NULL, &err) != 0; i++)
		assert_int_equal(waitpid(pid, &exit_status, WNOHANG), 0);
	assert_non_null(c);
	struct collect_options second = { .folder = records, .contract = contract, .net_program = strbuf_text(&program),
					  .attached = -1, .once = true };
	assert_int_equal(collect_run(&second, &err), HS_ERR_BUSY);
	assert_int_equal(client_ask(records, "nonsense", "ok", 10000, &err), HS_ERR_STATE);
	assert_int_equal(client_ask(records, "probe nowhere", "done", 10000, &err), HS_ERR_STATE);
	must(client_ask(records, "probe ap1", "done ap1", 60000, &err), &err);
	unsigned bits = 0;
	while ((bits & CLIENT_CHANGED) == 0) {
		struct pollfd p = { .fd = client_fd(c), .events = POLLIN };
		assert_int_equal(poll(&p, 1, 60000), 1);
		bits |= client_dispatch(c);
	}
	must(client_ask(records, "stop", "ok", 10000, &err), &err);
	assert_int_equal(waitpid(pid, &exit_status, 0), pid);
	assert_true(WIFEXITED(exit_status));
	assert_int_equal(WEXITSTATUS(exit_status), 0);
	while ((client_dispatch(c) & CLIENT_GONE) == 0) {
		struct pollfd p = { .fd = client_fd(c), .events = POLLIN };
		assert_int_equal(poll(&p, 1, 60000), 1);
	}
	assert_int_equal(client_fd(c), -1);
	client_stop(c);
	close(ready[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unconfirmed_keys), cmocka_unit_test(all_is_well),     cmocka_unit_test(stopped_server),
		cmocka_unit_test(closed_ticket_stays_closed), cmocka_unit_test(disk_and_backup), cmocka_unit_test(changed_key),
		cmocka_unit_test(fallen_line),      cmocka_unit_test(helper_dies),     cmocka_unit_test(lock_and_socket),
	};
	return cmocka_run_group_tests_name("recorder", tests, start, stop);
}
