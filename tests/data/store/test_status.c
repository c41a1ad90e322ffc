/* status.db: results become states, intervals, hours; a damaged file makes room. */
#include "tests/data/store/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/store/status.h"

static struct status *status_make(const char *folder)
{
	struct err err = { 0 };
	struct status *st;

	if (status_open(&st, folder, true, &err) != 0)
		fail_msg("status_open: %s", err_shown(&err));
	return st;
}

static void record(struct status *st, const char *check, enum probe_state state, int64_t at, int64_t ms)
{
	struct status_result r = { .check = check, .host = "web", .at = at, .failures_needed = 3, .interval_s = 60,
				   .verdict = { .state = state, .response_ms = ms, .value = 42, .text = "load 0.42" } };

	if (state == PROBE_DOWN)
		r.verdict.reason = REASON_TIMEOUT;
	assert_int_equal(status_begin(st, NULL), 0);
	assert_int_equal(status_record(st, &r, NULL), 0);
	assert_int_equal(status_commit(st, NULL), 0);
}

static void test_record_and_read(void **state)
{
	char *folder = folder_new();
	struct status *st = status_make(folder), *reader;
	struct check_statuses all;
	struct state_intervals spans;

	(void)state;
	assert_int_equal(status_open(&reader, folder, false, NULL), 0);
	int64_t version = status_version(reader);
	for (int i = 0; i < 10; i++)
		record(st, "web.http", i < 5 ? PROBE_UP : PROBE_DOWN, NOW + 60 * i, i < 5 ? 10 + i : TIME_NONE);
	record(st, "web.http", PROBE_UP, NOW + 540, 5);  /* again: the same moment */
	record(st, "web.http", PROBE_UP, NOW + 100, 77); /* late: counts in its hour alone */
	assert_true(status_version(reader) > version);

	assert_int_equal(status_checks(reader, &all, NULL), 0);
	assert_int_equal(all.list.len, 1);
	const struct check_status *c = &all.list.v[0];
	assert_string_equal(c->check, "web.http");
	assert_int_equal(c->state, PROBE_DOWN);
	assert_int_equal(c->since, NOW + 300);
	assert_int_equal(c->at, NOW + 540);
	assert_int_equal(c->last_good_at, NOW + 240);
	assert_int_equal(c->failing_since, NOW + 300);
	assert_int_equal(c->failures, 5);
	assert_true(c->confirmed);
	assert_string_equal(c->reason, "timeout");
	assert_string_equal(c->text, "load 0.42");
	assert_true(c->response_ms == TIME_NONE);
	check_statuses_release(&all);

	assert_int_equal(status_intervals(reader, "web.http", NOW, NOW + 10000, &spans, NULL), 0);
	assert_int_equal(spans.list.len, 2);
	assert_int_equal(spans.list.v[0].state, PROBE_UP);
	assert_int_equal(spans.list.v[0].last_at, NOW + 240);
	assert_int_equal(spans.list.v[0].to, NOW + 300);
	assert_int_equal(spans.list.v[1].state, PROBE_DOWN);
	assert_true(spans.list.v[1].to == TIME_NONE);
	vec_release(&spans.list);
	status_close(reader);
	status_close(st);
	folder_remove(folder);
}

static void test_gap_is_unknown(void **state)
{
	char *folder = folder_new();
	struct status *st = status_make(folder);
	struct state_intervals spans;

	(void)state;
	record(st, "a", PROBE_UP, NOW, 1);
	record(st, "a", PROBE_UP, NOW + 180, 1);  /* 3 intervals: still known */
	record(st, "a", PROBE_UP, NOW + 1000, 1);
	assert_int_equal(status_intervals(st, "a", NOW, TIME_NONE, &spans, NULL), 0);
	assert_int_equal(spans.list.len, 2);
	assert_int_equal(spans.list.v[0].to, NOW + 360);
	assert_int_equal(spans.list.v[1].from, NOW + 1000);
	vec_release(&spans.list);
	assert_int_equal(status_intervals(st, "a", NOW + 360, NOW + 1000, &spans, NULL), 0);
	assert_int_equal(spans.list.len, 0);
	vec_release(&spans.list);
	status_close(st);
	folder_remove(folder);
}

static void test_latency(void **state)
{
	char *folder = folder_new();
	struct status *st = status_make(folder);
	struct latency_hours h;

	(void)state;
	int64_t hour = NOW - NOW % 3600;
	for (int i = 0; i < 120; i++)
		record(st, "a", PROBE_UP, hour + 60 * i, i);
	assert_int_equal(status_latency(st, "a", hour, hour + 3600, &h, NULL), 0);
	assert_int_equal(h.count, 60);
	assert_int_equal(h.worst_ms, 59);
	assert_int_equal(h.samples[3], 1);
	assert_int_equal(status_latency(st, "a", hour, TIME_NONE, &h, NULL), 0);
	assert_int_equal(h.count, 120);
	assert_int_equal(status_latency(st, "b", hour, TIME_NONE, &h, NULL), 0);
	assert_true(h.count == 0 && h.worst_ms == TIME_NONE);
	status_close(st);
	folder_remove(folder);
}

static void test_output_events_recorder(void **state)
{
	static const char bytes[] = "a\0b\xff\x1b[2J";
	char *folder = folder_new();
	struct status *st = status_make(folder);
	struct recorder_status r;
	struct status_events events;
	struct strbuf out = { 0 };
	int64_t at;

	(void)state;
	assert_int_equal(status_recorder(st, &r, NULL), 0);
	assert_true(r.cycle_at == TIME_NONE);
	assert_int_equal(status_output(st, "web", &out, &at, NULL), HS_ERR_NOT_FOUND);

	assert_int_equal(status_begin(st, NULL), 0);
	assert_int_equal(status_put_output(st, "web", NOW, bytes, sizeof bytes, NULL), 0);
	for (int i = 0; i < 5; i++) {
		struct status_event e = { .at = NOW + i / 2, .check = "c", .kind = "down", .text = i == 4 ? "newest" : "x" };
		assert_int_equal(status_put_event(st, &e, NULL), 0);
	}
	r = (struct recorder_status){ NOW, NOW - 5, NOW + 60, true, NOW - 3 };
	assert_int_equal(status_put_recorder(st, &r, NULL), 0);
	assert_int_equal(status_commit(st, NULL), 0);

	assert_int_equal(status_output(st, "web", &out, &at, NULL), 0);
	assert_int_equal(out.len, sizeof bytes);
	assert_memory_equal(out.buf, bytes, sizeof bytes);
	assert_int_equal(at, NOW);
	assert_int_equal(status_events(st, TIME_NONE, 3, &events, NULL), 0);
	assert_int_equal(events.list.len, 3);
	assert_string_equal(events.list.v[0].text, "newest");
	status_events_release(&events);
	assert_int_equal(status_recorder(st, &r, NULL), 0);
	assert_true(r.network_up && r.next_at == NOW + 60);
	strbuf_release(&out);
	status_close(st);
	folder_remove(folder);
}

static void test_rolled_back(void **state)
{
	char *folder = folder_new();
	struct status *st = status_make(folder);
	struct status_event e = { .at = NOW, .check = "", .kind = "x", .text = "" };
	struct status_events events;

	(void)state;
	assert_int_equal(status_begin(st, NULL), 0);
	assert_int_equal(status_put_event(st, &e, NULL), 0);
	status_rollback(st);
	assert_int_equal(status_begin(st, NULL), 0);
	assert_int_equal(status_put_event(st, &e, NULL), 0);
	status_close(st); /* not committed */
	st = status_make(folder);
	assert_int_equal(status_events(st, TIME_NONE, 9, &events, NULL), 0);
	assert_int_equal(events.list.len, 0);
	status_events_release(&events);
	status_close(st);
	folder_remove(folder);
}

/* Each way to spoil the file: a reader says so; the recorder keeps it aside, begins anew and tells of it. */
static void test_damaged(void **state)
{
	(void)state;
	for (int way = 0; way < 4; way++) {
		char *folder = folder_new();
		struct status *st = status_make(folder);
		struct status_events events;
		record(st, "a", PROBE_UP, NOW, 1);
		status_close(st);

		int fd = open(path_of(folder, "status.db"), O_RDWR);
		off_t size = lseek(fd, 0, SEEK_END);
		if (way == 0)
			assert_int_equal(pwrite(fd, "not a database at all", 21, 0), 21);
		else if (way == 1)
			assert_int_equal(ftruncate(fd, 5000), 0);
		else if (way == 2)
			assert_int_equal(pwrite(fd, "\0\0\0\0", 4, 68), 4); /* application_id */
		else
			for (off_t at = 8192; at < size; at += 4096)
				assert_int_equal(pwrite(fd, "\xff\xff\xff\xff\xff\xff", 6, at), 6);
		close(fd);

		st = status_make(folder);
		assert_int_equal(status_events(st, TIME_NONE, 9, &events, NULL), 0);
		assert_int_equal(events.list.len, 1);
		assert_string_equal(events.list.v[0].kind, "status-damaged");
		assert_int_equal(access(path_of(folder, events.list.v[0].text), F_OK), 0);
		status_events_release(&events);
		record(st, "a", PROBE_UP, NOW + 60, 1);
		status_close(st);
		folder_remove(folder);
	}
}

static size_t span_count(struct status *st, const char *check)
{
	struct state_intervals spans = { 0 };

	assert_int_equal(status_intervals(st, check, 0, NOW * 2, &spans, NULL), 0);
	size_t n = spans.list.len;
	vec_release(&spans.list);
	return n;
}

/* Once a day, without raw samples and outputs; put in the place of a damaged file, what came since is a gap. */
static void test_backup(void **state)
{
	char *folder = folder_new();
	struct status *st = status_make(folder);
	struct status_events events;
	struct strbuf name = { 0 };
	struct backups all;
	int64_t at;

	(void)state;
	for (int i = 0; i < 4; i++)
		record(st, "a", i < 2 ? PROBE_UP : PROBE_DOWN, NOW + 60 * i, 5);
	assert_int_equal(status_begin(st, NULL), 0);
	assert_int_equal(status_put_output(st, "web", NOW, "raw", 3, NULL), 0);
	assert_int_equal(status_commit(st, NULL), 0);
	struct err err = { 0 };
	if (status_backup_when_due(st, NOW + 300, &name, &err) != 0)
		fail_msg("%s", err_shown(&err));
	assert_true(name.len > 0);
	for (int day = 0; day < 40; day++) {
		strbuf_clear(&name);
		assert_int_equal(status_backup_when_due(st, NOW + 299 + 86400 * (day + 1), &name, NULL), 0);
		assert_int_equal(name.len, 0);
		assert_int_equal(status_backup_when_due(st, NOW + 300 + 86400 * (day + 1), &name, NULL), 0);
		assert_true(name.len > 0);
	}
	assert_int_equal(status_backups(folder, &all, NULL), 0);
	assert_in_range(all.list.len, 8, 10); /* seven days, and the last of two or three months */
	assert_string_equal(all.list.v[0].name, strbuf_text(&name));
	vec_release(&all.list);
	record(st, "a", PROBE_UP, NOW + 86400 * 41, 5); /* after the newest backup: lost */
	status_close(st);

	/* the newest is damaged, too: the one before is taken */
	int fd = open(path_of(folder, "status.db"), O_RDWR);
	assert_int_equal(pwrite(fd, "not a database at all", 21, 0), 21);
	close(fd);
	char copy[128];
	snprintf(copy, sizeof copy, "backup/%s", strbuf_text(&name));
	assert_int_equal(truncate(path_of(folder, copy), 700), 0);
	st = status_make(folder);
	assert_int_equal(status_events(st, TIME_NONE, 9, &events, NULL), 0);
	assert_int_equal(events.list.len, 2);
	assert_string_equal(events.list.v[0].kind, "status-restored");
	assert_string_not_equal(events.list.v[0].text, strbuf_text(&name));
	assert_string_equal(events.list.v[1].kind, "status-damaged");
	strbuf_clear(&name);
	status_aside(folder, &name);
	assert_string_equal(strbuf_text(&name), events.list.v[1].text);
	status_events_release(&events);

	/* the evidence is there, raw outputs are not; the time between is no state's */
	assert_int_equal(span_count(st, "a"), 2);
	struct strbuf raw = { 0 };
	assert_int_not_equal(status_output(st, "web", &raw, &at, NULL), 0);
	record(st, "a", PROBE_UP, NOW + 86400 * 42, 5);
	struct state_intervals spans = { 0 };
	assert_int_equal(status_intervals(st, "a", 0, NOW * 2, &spans, NULL), 0);
	assert_int_equal(spans.list.len, 3);
	assert_int_equal(spans.list.v[1].to, NOW + 180 + 180); /* its last sample and three intervals */
	assert_int_equal(spans.list.v[2].from, NOW + 86400 * 42);
	vec_release(&spans.list);
	strbuf_release(&raw);
	strbuf_release(&name);
	status_close(st);
	folder_remove(folder);
}

static void test_reader_without_file(void **state)
{
	char *folder = folder_new();
	struct status *st;

	(void)state;
	assert_int_equal(status_open(&st, folder, false, NULL), HS_ERR_NOT_FOUND);
	assert_null(st);
	assert_int_not_equal(access(path_of(folder, "status.db"), F_OK), 0);
	status_close(NULL);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record_and_read), cmocka_unit_test(test_gap_is_unknown), cmocka_unit_test(test_latency),
		cmocka_unit_test(test_output_events_recorder), cmocka_unit_test(test_rolled_back),
		cmocka_unit_test(test_damaged), cmocka_unit_test(test_backup), cmocka_unit_test(test_reader_without_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
