/* hoshu-net against a real sshd: what comes back, what is kept, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_a_script),
		cmocka_unit_test(keeps_the_session),
		cmocka_unit_test(connects_by_tcp),
		cmocka_unit_test(scans_the_key),
	};
	return cmocka_run_group_tests_name("net", tests, open_lab, close_lab);
}
