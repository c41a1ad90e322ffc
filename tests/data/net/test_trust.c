/* S6: which host keys are believed. Before one is, the server is told nothing: it never sees a user's name or
 * a key. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/data/net/lab.h"

static struct lab lab;

/* What the server holds, what we pinned (a letter a key), and what must come of it.
 * e ed25519, r rsa, c ecdsa, o another ed25519; E R C: that key with one digit changed; x y z w: no keys at
 * all. */
static const struct trust_case {
	const char *server, *pins;
	enum net_outcome outcome;
} cases[] = {
	{ "e", "e", NET_OK },
	{ "r", "r", NET_OK },
	{ "c", "c", NET_OK },
	{ "e", "", NET_KEY_UNTRUSTED },
	{ "r", "", NET_KEY_UNTRUSTED },
	{ "erc", "", NET_KEY_UNTRUSTED },
	{ "o", "e", NET_KEY_CHANGED },
	{ "e", "o", NET_KEY_CHANGED },
	{ "e", "E", NET_KEY_CHANGED },
	{ "r", "R", NET_KEY_CHANGED },
	{ "c", "C", NET_KEY_CHANGED },
	{ "e", "r", NET_KEY_CHANGED }, /* the pinned type is no longer there */
	{ "e", "c", NET_KEY_CHANGED },
	{ "r", "e", NET_KEY_CHANGED },
	{ "r", "c", NET_KEY_CHANGED },
	{ "c", "e", NET_KEY_CHANGED },
	{ "c", "r", NET_KEY_CHANGED },
	{ "erc", "e", NET_OK }, /* of several it shows the pinned one */
	{ "erc", "r", NET_OK },
	{ "erc", "c", NET_OK },
	{ "orc", "e", NET_KEY_CHANGED }, /* the pinned type changed, others do not help */
	{ "orc", "r", NET_OK },
	{ "e", "oe", NET_OK }, /* one of several pins */
	{ "e", "eo", NET_OK },
	{ "e", "rce", NET_OK },
	{ "o", "ec", NET_KEY_CHANGED },
	{ "rc", "eo", NET_KEY_CHANGED },
	{ "e", "x", NET_KEY_UNTRUSTED }, /* a pin that is no key opens nothing */
	{ "e", "y", NET_KEY_UNTRUSTED },
	{ "e", "z", NET_KEY_UNTRUSTED },
	{ "e", "w", NET_KEY_UNTRUSTED },
	{ "e", "xe", NET_OK },
	{ "o", "xe", NET_KEY_CHANGED },
};

/* The same key but for one digit in its last third, where it stays well-formed. */
static const char *altered(const char *pin)
{
	char *copy = arena_text(&lab.mem, pin);
	size_t at = strlen(copy) - strlen(copy) / 4;

	copy[at] = copy[at] == 'A' ? 'B' : 'A';
	return copy;
}

static const char *pin_of(char letter)
{
	switch (letter) {
	case 'e': return lab.pin;
	case 'r': return lab.rsa_pin;
	case 'c': return lab.ecdsa_pin;
	case 'o': return lab.other_pin;
	case 'E': return altered(lab.pin);
	case 'R': return altered(lab.rsa_pin);
	case 'C':
		return altered(
			lab.other_pin); /* a point that is not on the curve is no key: another type then */
	case 'x': return "ssh-ed25519 not-base64!";
	case 'y': return "ssh-ed25519";
	case 'z': return "ssh-ed25519 ";
	default: return "no-such-type AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	}
}

static struct lab_server start_server(const char *letters)
{
	struct strbuf more = { 0 };

	for (; *letters != '\0'; letters++)
		strbuf_addf(&more, "HostKey %s/host_%s\n", lab.folder,
			    *letters == 'e'   ? "ed25519"
			    : *letters == 'r' ? "rsa"
			    : *letters == 'c' ? "ecdsa"
					      : "other");
	struct lab_server s = lab_sshd(&lab, strbuf_text(&more));
	strbuf_release(&more);
	return s;
}

static void only_pinned_keys_are_believed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *pins[8] = { NULL };
		struct lab_server s = start_server(cases[i].server);
		for (size_t k = 0; cases[i].pins[k] != '\0'; k++)
			pins[k] = pin_of(cases[i].pins[k]);
		struct net_job job = lab_job(&lab, s.port, pins, "echo in\n");
		const struct net_result *r = lab_do(&lab, &job);
		if (r->outcome != cases[i].outcome)
			fail_msg("server %s, pins %s: %s in %s: %s", cases[i].server, cases[i].pins,
				 net_outcome_name(r->outcome), net_stage_name(r->stage), r->text);
		bool in = r->outcome == NET_OK;
		assert_string_equal(r->out, in ? "in\n" : "");
		assert_int_equal(lab_log_count(&s, "Accepted publickey"), in);
		if (!in) {
			assert_int_equal(r->stage, NET_HOSTKEY);
			assert_true(r->key_fingerprint[0] != '\0');
			assert_int_equal(lab_log_count(&s, "authenticating user"), 0);
			assert_int_equal(lab_log_count(&s, lab.user), 0);
		}
		lab_stop(&lab, &s);
	}
}

/* A kept session serves no job that pins something else. */
static void kept_session_is_not_a_way_round(void **state)
{
	struct lab_server s = start_server("e");
	const char *const right[] = { lab.pin, NULL }, *const wrong[] = { lab.other_pin, NULL },
			  *const none[] = { NULL };
	struct net_job job = lab_job(&lab, s.port, right, "true\n");

	(void)state;
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_OK);
	job.pins = wrong;
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_KEY_CHANGED);
	job.pins = none;
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_KEY_UNTRUSTED);
	job.pins = NULL;
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_KEY_UNTRUSTED);
	lab_stop(&lab, &s);
}

/* Neither the system's nor the user's ssh configuration and known_hosts have a say. */
static void configurations_have_no_say(void **state)
{
	struct lab_server s = start_server("e");
	struct strbuf known = { 0 };
	const char *const none[] = { NULL };

	(void)state;
	lab_run((const char *const[]){ "mkdir", "-p", lab_path(&lab, "home/.ssh"), NULL });
	lab_write(&lab, "home/.ssh/config",
		  "Host *\n\tStrictHostKeyChecking no\n\tProxyCommand touch /tmp/hoshu-proxied\n");
	strbuf_addf(&known, "[127.0.0.1]:%d %s\n", s.port, lab.pin);
	lab_write(&lab, "home/.ssh/known_hosts", strbuf_text(&known));
	strbuf_release(&known);
	setenv("HOME", lab_path(&lab, "home"), 1);
	lab_restart(&lab);
	struct net_job job = lab_job(&lab, s.port, none, "true\n");
	assert_int_equal(lab_do(&lab, &job)->outcome, NET_KEY_UNTRUSTED);
	lab_stop(&lab, &s);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_pinned_keys_are_believed),
		cmocka_unit_test(kept_session_is_not_a_way_round),
		cmocka_unit_test(configurations_have_no_say),
	};
	return cmocka_run_group_tests_name("trust", tests, open_lab, close_lab);
}
