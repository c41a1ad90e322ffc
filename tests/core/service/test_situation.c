/* What services and sites are, from what their checks were seen to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/service/situation.h"
#include "core/service/window.h"

#define NOW 1791936122 /* 2026-10-14 09:42:02 +09:00, a Wednesday */
#define NONE TIME_NONE
#define CHECK(i, k, h) { .id = i, .kind = k, .host = h, .site = "", .interval_s = 60, .failures = 3, .path = "/b", \
			 .service = "", .process = "", .warn = NONE, .fail = NONE, .min_size = NONE, .opens_ticket = true }
#define HOST(i, s) { .id = i, .site = s, .address = "127.0.0.1", .probe = true }

static const char *const opac_checks[] = { "web-tcp", "web-httpd", NULL }, *const opac_needs[] = { "web", "db-service", NULL };
static const char *const db_checks[] = { "db-tcp", NULL }, *const db_needs[] = { "db", NULL };
static const char *const backup_checks[] = { "db-backup", NULL };
static const char *const central_uses[] = { "opac", NULL }, *const branch_uses[] = { "opac", "backup", NULL };
static const struct host hosts[] = { HOST("web", ""), HOST("db", ""), HOST("pc1", "branch"), HOST("pc2", "branch") };
static const struct check checks[] = {
	CHECK("web-ssh", "ssh", "web"), CHECK("web-tcp", "tcp", "web"), CHECK("web-httpd", "service", "web"),
	CHECK("db-ssh", "ssh", "db"),   CHECK("db-tcp", "tcp", "db"),   CHECK("db-backup", "backup", "db"),
	CHECK("pc1-ssh", "ssh", "pc1"), CHECK("pc2-ssh", "ssh", "pc2"), CHECK("pc2-disk", "disk", "pc2"),
};
enum { WEB_SSH, WEB_TCP, WEB_HTTPD, DB_SSH, DB_TCP, DB_BACKUP, PC1_SSH, PC2_SSH, PC2_DISK, CHECKS };
static const struct service services[] = {
	{ .id = "opac", .window = { .kind = OPEN_24X7 }, .slow_ms = 1000, .needs = opac_needs, .checks = opac_checks },
	{ .id = "db-service", .window = { .kind = OPEN_DAILY, .from_s = 27000, .to_s = 72000 }, .needs = db_needs,
	  .checks = db_checks },
	{ .id = "backup", .window = { .kind = OPEN_24X7 }, .checks = backup_checks },
};
enum { OPAC, DB, BACKUP };
static const struct site sites[] = { { .id = "central", .uses = central_uses }, { .id = "branch", .uses = branch_uses } };
static const struct contract contract = { .offset_s = 32400, .sites = sites, .site_count = 2, .services = services,
					  .service_count = 3, .hosts = hosts, .host_count = 4, .checks = checks,
					  .check_count = CHECKS, .interval_s = 60 };

struct fixture {
	struct check_seen seen[CHECKS];
	struct situation s;
};

static void all_up(struct fixture *f)
{
	situation_release(&f->s);
	memset(f, 0, sizeof *f);
	for (size_t i = 0; i < CHECKS; i++)
		f->seen[i] = (struct check_seen){ checks[i].id, PROBE_UP, REASON_NONE, NOW - 3600, NOW - 8, NOW - 8,
						  strcmp(checks[i].kind, "tcp") == 0 ? 300 : NONE, NONE, 0, true, false, "" };
}

static void set(struct fixture *f, size_t i, enum probe_state state, enum probe_reason reason, bool confirmed)
{
	f->seen[i].state = state;
	f->seen[i].reason = reason;
	f->seen[i].confirmed = confirmed;
	f->seen[i].since = NOW - 300;
}

static void judge(struct fixture *f)
{
	situation_release(&f->s);
	situation_build(&f->s, &contract, f->seen, CHECKS, NULL, 0, NOW);
}

static void host_down(struct fixture *f, size_t ssh, size_t first, size_t last)
{
	set(f, ssh, PROBE_DOWN, REASON_TIMEOUT, true);
	for (size_t i = first; i <= last; i++)
		set(f, i, PROBE_UNKNOWN, REASON_HOST, false);
}

static void check_normal(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	all_up(&f);
	judge(&f);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(f.s.services[i].condition, COND_OK);
	assert_int_equal(f.s.sites[0].condition, COND_OK);
	assert_int_equal(f.s.sites[1].condition, COND_OK);
	assert_int_equal(f.s.sites[1].hosts_up, 2);
	assert_int_equal(f.s.services[OPAC].latency.condition, COND_OK);
	assert_int_equal(f.s.services[OPAC].integrity.condition, COND_OK);
	assert_int_equal(f.s.services[DB].latency.condition, COND_NONE);
	assert_int_equal(f.s.services[OPAC].at, NOW - 8);
	assert_int_equal(condition_exit(situation_worst(&f.s)), 0);
	situation_release(&f.s);
}

/* The five things that are not "up" stay five things, and none is ever shown as normal. */
static void check_five_states(void **state)
{
	static const struct {
		enum probe_state seen;
		int64_t age;
		enum condition expected;
		int exit;
	} rows[] = {
		{ PROBE_DOWN, 8, COND_DOWN, 2 },       { PROBE_UNREACH, 8, COND_UNREACH, 3 }, { PROBE_UNKNOWN, 8, COND_UNKNOWN, 3 },
		{ PROBE_UP, 181, COND_STALE, 3 },      { PROBE_DOWN, 181, COND_STALE, 3 },    { PROBE_NEVER, 8, COND_NEVER, 3 },
		{ PROBE_WARN, 8, COND_WARN, 1 },
	};
	struct fixture f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		all_up(&f);
		set(&f, DB_TCP, rows[i].seen, REASON_NONE, true);
		f.seen[DB_TCP].at = NOW - rows[i].age;
		judge(&f);
		assert_int_equal(f.s.services[DB].condition, rows[i].expected);
		assert_int_equal(condition_exit(f.s.services[DB].condition), rows[i].exit);
		situation_release(&f.s);
	}
	memset(&f, 0, sizeof f);
	situation_build(&f.s, &contract, NULL, 0, NULL, 0, NOW);
	assert_int_equal(f.s.services[OPAC].condition, COND_NEVER);
	assert_int_equal(f.s.services[OPAC].integrity.condition, COND_NEVER);
	assert_int_equal(f.s.sites[1].condition, COND_NEVER);
	situation_release(&f.s);
}

static void check_unconfirmed(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	all_up(&f);
	set(&f, DB_TCP, PROBE_DOWN, REASON_NO_ANSWER, false);
	judge(&f);
	assert_int_equal(f.s.services[DB].condition, COND_WARN);
	assert_null(situation_root(&f.s, DB_TCP));
	situation_release(&f.s);
}

static void check_dependencies(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	/* a service below is down: affected, and so are the sites */
	all_up(&f);
	set(&f, DB_TCP, PROBE_DOWN, REASON_NO_ANSWER, true);
	judge(&f);
	assert_int_equal(f.s.services[OPAC].condition, COND_AFFECTED);
	assert_string_equal(f.s.services[OPAC].availability.causes[0].id, "db-service");
	assert_int_equal(f.s.sites[0].condition, COND_AFFECTED);
	/* its host is down: so is what only the host could have told */
	all_up(&f);
	host_down(&f, WEB_SSH, WEB_HTTPD, WEB_HTTPD);
	judge(&f);
	assert_int_equal(f.s.services[OPAC].condition, COND_DOWN);
	assert_int_equal(f.s.services[OPAC].integrity.condition, COND_UNKNOWN);
	/* only sshd is gone: the service itself answers */
	all_up(&f);
	host_down(&f, DB_SSH, DB_BACKUP, DB_BACKUP);
	judge(&f);
	assert_int_equal(f.s.services[DB].condition, COND_AFFECTED);
	assert_int_equal(f.s.services[BACKUP].condition, COND_UNKNOWN);
	situation_release(&f.s);
}

static void check_lights(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	all_up(&f);
	f.seen[WEB_TCP].response_ms = 1001;
	set(&f, DB_BACKUP, PROBE_WARN, REASON_THRESHOLD, true);
	judge(&f);
	assert_int_equal(f.s.services[OPAC].availability.condition, COND_OK);
	assert_int_equal(f.s.services[OPAC].latency.condition, COND_WARN);
	assert_int_equal(f.s.services[DB].integrity.condition, COND_WARN);
	assert_string_equal(f.s.services[DB].integrity.causes[0].id, "db-backup");
	assert_int_equal(f.s.services[DB].availability.condition, COND_OK);
	/* a changed key is a fault of integrity */
	set(&f, WEB_SSH, PROBE_DOWN, REASON_KEY_CHANGED, true);
	judge(&f);
	assert_int_equal(f.s.services[OPAC].integrity.condition, COND_DOWN);
	/* an unconfirmed key is not green */
	set(&f, WEB_SSH, PROBE_UNKNOWN, REASON_KEY_UNTRUSTED, false);
	judge(&f);
	assert_int_equal(f.s.services[OPAC].integrity.condition, COND_UNKNOWN);
	situation_release(&f.s);
}

static void check_stops(void **state)
{
	struct stop_on stops[] = { { "db-service", false, true, NOW + 60 } };
	struct fixture f = { 0 };

	(void)state;
	all_up(&f);
	set(&f, DB_TCP, PROBE_DOWN, REASON_NO_ANSWER, true);
	situation_build(&f.s, &contract, f.seen, CHECKS, stops, 1, NOW);
	assert_int_equal(f.s.services[DB].condition, COND_STOPPED);
	situation_release(&f.s);
	stops[0].emergency = true;
	situation_build(&f.s, &contract, f.seen, CHECKS, stops, 1, NOW);
	assert_int_equal(f.s.services[DB].condition, COND_EMERGENCY);
	assert_int_equal(f.s.services[OPAC].condition, COND_AFFECTED);
	situation_release(&f.s);
}

static void check_sites(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	/* one machine of two: no outage of the site */
	all_up(&f);
	host_down(&f, PC2_SSH, PC2_DISK, PC2_DISK);
	judge(&f);
	assert_int_equal(f.s.sites[1].condition, COND_WARN);
	assert_int_equal(f.s.sites[1].line, COND_OK);
	assert_int_equal(f.s.sites[1].hosts_up, 1);
	/* both together: the line, and one cause for all */
	set(&f, PC1_SSH, PROBE_DOWN, REASON_TIMEOUT, true);
	f.seen[PC1_SSH].since = NOW - 320;
	judge(&f);
	assert_int_equal(f.s.sites[1].condition, COND_DOWN);
	assert_int_equal(f.s.sites[1].line, COND_DOWN);
	assert_string_equal(situation_root(&f.s, PC2_SSH)->check->id, "pc1-ssh");
	assert_string_equal(situation_root(&f.s, PC1_SSH)->check->id, "pc1-ssh");
	/* days apart: two faults */
	f.seen[PC1_SSH].since = NOW - 86400;
	judge(&f);
	assert_int_equal(f.s.sites[1].line, COND_UNKNOWN);
	assert_string_equal(situation_root(&f.s, PC2_SSH)->check->id, "pc2-ssh");
	situation_release(&f.s);
}

/* The router speaks for its site's line and takes the site's machines with it; alone it is no machine of the site. */
static void check_router(void **state)
{
	static const struct host with[] = { HOST("web", ""), HOST("db", ""), HOST("pc1", "branch"),
					    { .id = "pc2", .site = "branch", .kind = "router", .probe = true } };
	struct contract c = contract;
	struct fixture f = { 0 };

	(void)state;
	c.hosts = with;
	all_up(&f);
	set(&f, PC1_SSH, PROBE_DOWN, REASON_TIMEOUT, true);
	host_down(&f, PC2_SSH, PC2_DISK, PC2_DISK);
	f.seen[PC1_SSH].since = NOW - 86400;
	situation_build(&f.s, &c, f.seen, CHECKS, NULL, 0, NOW);
	assert_int_equal(f.s.sites[1].line, COND_DOWN);
	assert_int_equal(f.s.sites[1].hosts, 1);
	assert_string_equal(situation_root(&f.s, PC1_SSH)->check->id, "pc2-ssh");
	situation_release(&f.s);
	set(&f, PC1_SSH, PROBE_UP, REASON_NONE, true);
	situation_build(&f.s, &c, f.seen, CHECKS, NULL, 0, NOW);
	assert_int_equal(f.s.sites[1].line, COND_OK);
	assert_int_equal(f.s.sites[1].condition, COND_WARN);
	situation_release(&f.s);
}

static void check_roots(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	all_up(&f);
	set(&f, WEB_SSH, PROBE_DOWN, REASON_NO_ANSWER, true);
	set(&f, WEB_TCP, PROBE_DOWN, REASON_NO_ANSWER, true);
	judge(&f);
	assert_string_equal(situation_root(&f.s, WEB_TCP)->check->id, "web-ssh");
	assert_string_equal(situation_root(&f.s, WEB_SSH)->check->id, "web-ssh");
	assert_null(situation_root(&f.s, DB_SSH));
	f.seen[WEB_TCP].flapping = true;
	judge(&f);
	assert_null(situation_root(&f.s, WEB_TCP));
	situation_release(&f.s);
}

static void check_window(void **state)
{
	static const char *const except[] = { "10-15", NULL };
	static const int32_t closed[] = { 20740 }; /* 2026-10-14 */
	struct contract c = { .offset_s = 32400, .library_closed_days = closed, .library_closed_day_count = 1 };
	struct window daily = { .kind = OPEN_DAILY, .from_s = 27000, .to_s = 72000 }, always = { .kind = OPEN_24X7 };
	int64_t midnight = day_start(20740, 32400), at;

	(void)state;
	assert_int_equal(day_of_time(NOW, 32400), 20740);
	assert_true(window_open(&c, &always, NOW, &at));
	assert_int_equal(at, TIME_NONE);
	assert_true(window_open(&c, &daily, NOW, &at));
	assert_int_equal(at, midnight + 72000);
	assert_false(window_open(&c, &daily, midnight + 72000, &at));
	assert_int_equal(at, midnight + 86400 + 27000);
	assert_true(window_open(&c, &daily, midnight + 27000, &at));
	assert_false(window_open(&c, &daily, midnight + 26999, &at));
	assert_int_equal(at, midnight + 27000);
	daily.except = always.except = except;
	assert_false(window_open(&c, &daily, midnight + 72000, &at));
	assert_int_equal(at, midnight + 2 * 86400 + 27000);
	assert_true(window_open(&c, &always, NOW, &at));
	assert_int_equal(at, midnight + 86400);
	assert_false(window_open(&c, &always, midnight + 86400, &at));
	assert_int_equal(at, midnight + 2 * 86400);
	daily.library_closed_days = true;
	assert_false(window_open(&c, &daily, NOW, &at));
	assert_int_equal(at, midnight + 2 * 86400 + 27000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_normal),       cmocka_unit_test(check_five_states), cmocka_unit_test(check_unconfirmed),
		cmocka_unit_test(check_dependencies), cmocka_unit_test(check_lights),      cmocka_unit_test(check_stops),
		cmocka_unit_test(check_sites),        cmocka_unit_test(check_router),
		      cmocka_unit_test(check_roots),       cmocka_unit_test(check_window),
	};
	return cmocka_run_group_tests_name("situation", tests, NULL, NULL);
}
