/* The recovery clock beyond its case file: properties over many random facts, and readings the file leaves out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/civil.h"
#include "core/change/tables.h"
#include "core/contract/contract.h"
#include "core/ticket/recovery.h"

enum { ZONE = 32400, H = 3600, TARGET = 48 * H };

static const struct calendar city = { .offset_s = ZONE, .office = { 1229, 103 }, .reception = { 1229, 103 } };

static int64_t at(const char *text)
{
	int64_t t;

	assert_true(time_parse(text, 0, ZONE, &t));
	return t;
}

static struct recovery_facts major(const char *contact)
{
	return (struct recovery_facts){
		.severity = SEVERITY_MAJOR, .cause = CAUSE_DELIVERED, .detected_at = TIME_NONE,
		.contact_at = contact != NULL ? at(contact) : TIME_NONE, .accepted_at = TIME_NONE,
		.recovered_at = TIME_NONE, .deferral_agreed_at = TIME_NONE, .deferral_due = TIME_NONE,
		.target_s = TARGET, .clock = true,
	};
}

static void the_last_closed_second_waits_for_the_reopening(void **state)
{
	struct recovery_facts f = major("2027-01-03 23:59:59");
	struct recovery r;

	(void)state;
	recovery_judge(&f, &city, at("2027-01-04 00:00"), &r);
	assert_int_equal(r.start, at("2027-01-04 00:00"));
	assert_int_equal(r.due, at("2027-01-06 00:00"));
	f.contact_at++;
	recovery_judge(&f, &city, at("2027-01-04 00:00"), &r);
	assert_int_equal(r.start, at("2027-01-04 00:00"));
	assert_int_equal(r.state, RECOVERY_RUNNING);
}

static void a_call_accepted_in_the_closure_starts_the_clock(void **state)
{
	struct recovery_facts f = major("2026-12-30 09:00");
	struct recovery r;

	(void)state;
	f.accepted_at = at("2026-12-30 09:20");
	recovery_judge(&f, &city, at("2026-12-30 10:00"), &r);
	assert_int_equal(r.start, f.accepted_at);
	f.accepted_at = at("2026-12-30 08:00"); /* an acceptance before the contact is none */
	recovery_judge(&f, &city, at("2026-12-30 10:00"), &r);
	assert_int_equal(r.start, f.contact_at);
	f.accepted_at = at("2027-01-04 09:00"); /* after the reopening it is too late to matter */
	recovery_judge(&f, &city, at("2026-12-30 10:00"), &r);
	assert_int_equal(r.start, at("2027-01-04 00:00"));
	assert_int_equal(r.state, RECOVERY_NOT_STARTED);
	assert_int_equal(r.elapsed_s, 0);
}

static void self_detection_ignores_the_closure_and_the_earlier_start_wins(void **state)
{
	struct recovery_facts f = major("2026-12-30 09:00");
	struct recovery r;

	(void)state;
	f.self_detected_counts = true;
	f.detected_at = at("2026-12-30 08:00");
	recovery_judge(&f, &city, at("2026-12-31 08:00"), &r);
	assert_int_equal(r.start, f.detected_at);
	f.detected_at = at("2027-01-05 08:00");
	recovery_judge(&f, &city, at("2026-12-31 08:00"), &r);
	assert_int_equal(r.start, at("2027-01-04 00:00"));
	f.contact_at = TIME_NONE;
	recovery_judge(&f, &city, at("2027-01-05 09:00"), &r);
	assert_int_equal(r.start, f.detected_at);
}

static void detection_alone_starts_nothing(void **state)
{
	struct recovery_facts f = major(NULL);
	struct recovery r;

	(void)state;
	f.detected_at = at("2026-10-06 08:00");
	recovery_judge(&f, &city, at("2026-10-20 08:00"), &r);
	assert_int_equal(r.state, RECOVERY_NOT_STARTED);
	assert_int_equal(r.start, TIME_NONE);
	assert_int_equal(r.due, TIME_NONE);
	assert_int_equal(r.remaining_s, TIME_NONE);
}

static void a_deferral_in_the_due_second_is_in_time(void **state)
{
	struct recovery_facts f = major("2026-10-06 10:00");
	struct recovery r;

	(void)state;
	f.severity = SEVERITY_MINOR;
	f.deferral_due = at("2026-10-30 17:00");
	f.deferral_agreed_at = at("2026-10-08 10:00");
	recovery_judge(&f, &city, at("2026-10-20 10:00"), &r);
	assert_true(r.deferred);
	assert_int_equal(r.due, f.deferral_due);
	assert_int_equal(r.state, RECOVERY_RUNNING);
	f.deferral_agreed_at++;
	recovery_judge(&f, &city, at("2026-10-20 10:00"), &r);
	assert_false(r.deferred);
	assert_int_equal(r.state, RECOVERY_OVERDUE);
	f.deferral_agreed_at--;
	f.severity = SEVERITY_NORMAL; /* only a minor fault can be put off */
	recovery_judge(&f, &city, at("2026-10-20 10:00"), &r);
	assert_false(r.deferred);
}

static void recovered_before_the_start_is_met_with_nothing_elapsed(void **state)
{
	struct recovery_facts f = major("2026-12-30 09:00");
	struct recovery r;

	(void)state;
	f.recovered_at = at("2026-12-31 09:00");
	recovery_judge(&f, &city, at("2027-01-20 09:00"), &r);
	assert_int_equal(r.state, RECOVERY_MET);
	assert_int_equal(r.elapsed_s, 0);
	assert_int_equal(r.remaining_s, TIME_NONE);
}

static void only_a_severe_fault_of_what_was_delivered_is_judged(void **state)
{
	struct recovery_facts f = major("2026-10-06 10:00");
	struct recovery r;

	(void)state;
	recovery_judge(&f, &city, f.contact_at, &r);
	assert_true(r.judged && !r.provisional);
	f.cause = CAUSE_UNDECIDED;
	recovery_judge(&f, &city, f.contact_at, &r);
	assert_true(!r.judged && r.provisional);
	assert_int_equal(r.state, RECOVERY_RUNNING);
	f.cause = CAUSE_OTHER;
	recovery_judge(&f, &city, f.contact_at, &r);
	assert_int_equal(r.state, RECOVERY_OUT_OF_SCOPE);
	f.cause = CAUSE_DELIVERED;
	f.severity = SEVERITY_NORMAL;
	recovery_judge(&f, &city, f.contact_at, &r);
	assert_true(!r.judged && !r.provisional);
	f.clock = false;
	recovery_judge(&f, &city, f.contact_at, &r);
	assert_int_equal(r.state, RECOVERY_NONE);
}

/* xorshift: the same facts in every run */
static uint64_t seed = 0x9e3779b97f4a7c15u;

static int64_t draw(int64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int64_t)(seed % (uint64_t)below);
}

static int64_t draw_time(int64_t from, int64_t span, int none_in)
{
	return draw(none_in) == 0 ? TIME_NONE : from + draw(span);
}

static void check_properties(const struct recovery_facts *f, int64_t now)
{
	struct recovery r, later;
	bool counts = f->self_detected_counts && f->detected_at != TIME_NONE;

	recovery_judge(f, &city, now, &r);
	assert_int_equal(r.start == TIME_NONE, f->contact_at == TIME_NONE && !counts);
	assert_int_equal(r.due == TIME_NONE, r.start == TIME_NONE);
	assert_true(r.elapsed_s >= 0 && r.over_s >= 0);
	if (r.start == TIME_NONE)
		return;
	if (!r.deferred)
		assert_int_equal(r.due, r.start + TARGET);
	if (!counts)
		assert_true(r.start >= f->contact_at);
	if (f->recovered_at == TIME_NONE) {
		assert_int_equal(r.remaining_s, r.due - now);
		assert_int_equal(r.over_s, r.remaining_s < 0 ? -r.remaining_s : 0);
	} else {
		recovery_judge(f, &city, now + draw(1000000), &later);
		assert_memory_equal(&r, &later, sizeof r); /* what is recovered does not age */
	}
	if (f->cause != CAUSE_OTHER && f->recovered_at != TIME_NONE)
		assert_int_equal(r.state, f->recovered_at <= r.due ? RECOVERY_MET : RECOVERY_MISSED);
}

static void properties_hold_for_any_facts(void **state)
{
	int64_t from = at("2026-12-20 00:00");

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct recovery_facts f = {
			.severity = (enum severity)draw(4), .cause = (enum cause)draw(3),
			.detected_at = draw_time(from, 30 * DAY_SECONDS, 3),
			.contact_at = draw_time(from, 30 * DAY_SECONDS, 6),
			.accepted_at = draw_time(from, 30 * DAY_SECONDS, 3),
			.recovered_at = draw_time(from, 40 * DAY_SECONDS, 2),
			.deferral_agreed_at = draw_time(from, 30 * DAY_SECONDS, 2),
			.deferral_due = draw_time(from, 60 * DAY_SECONDS, 4),
			.target_s = TARGET, .self_detected_counts = draw(2) == 0, .clock = true,
		};
		check_properties(&f, from + draw(40 * DAY_SECONDS));
	}
}

static void the_queue_is_ordered_by_due_then_severity(void **state)
{
	struct recovery_facts f = major("2026-10-06 10:00");
	struct recovery early, late, none, met;

	(void)state;
	recovery_judge(&f, &city, at("2026-10-06 11:00"), &early);
	f.contact_at += H;
	recovery_judge(&f, &city, at("2026-10-06 11:00"), &late);
	f.recovered_at = f.contact_at;
	recovery_judge(&f, &city, at("2026-10-06 11:00"), &met);
	f = major(NULL);
	recovery_judge(&f, &city, at("2026-10-06 11:00"), &none);
	assert_true(recovery_compare(&early, SEVERITY_MAJOR, &late, SEVERITY_MAJOR) < 0);
	assert_true(recovery_compare(&late, SEVERITY_MAJOR, &none, SEVERITY_MAJOR) < 0);
	assert_true(recovery_compare(&early, SEVERITY_MINOR, &late, SEVERITY_NORMAL) < 0);
	/* a reminder stands above no severe fault, not even above one whose clock has yet to start */
	assert_true(recovery_compare(&early, SEVERITY_MINOR, &late, SEVERITY_MAJOR) > 0);
	assert_true(recovery_compare(&early, SEVERITY_NORMAL, &late, SEVERITY_UNDECIDED) > 0);
	assert_true(recovery_compare(&early, SEVERITY_NORMAL, &none, SEVERITY_MAJOR) > 0);
	early.deferred = true; /* but a day agreed with the client binds */
	assert_true(recovery_compare(&early, SEVERITY_MINOR, &late, SEVERITY_MAJOR) < 0);
	early.deferred = false;
	assert_true(recovery_compare(&late, SEVERITY_MINOR, &met, SEVERITY_MAJOR) < 0);
	assert_true(recovery_compare(&early, SEVERITY_MAJOR, &early, SEVERITY_UNDECIDED) < 0);
	assert_true(recovery_compare(&early, SEVERITY_UNDECIDED, &early, SEVERITY_NORMAL) < 0);
	assert_int_equal(recovery_compare(&early, SEVERITY_MINOR, &early, SEVERITY_MINOR), 0);
}

static void a_ticket_row_gives_the_same_clock(void **state)
{
	static const struct flow flows[] = { { .id = "incident", .clock = true }, { .id = "request" } };
	struct contract c = { .flows = flows, .flow_count = 2, .offset_s = ZONE, .recovery_target_s = TARGET,
			      .reception_closed_from_md = 1229, .reception_closed_to_md = 103 };
	struct ticket t;
	struct talk talk;
	struct recovery r;

	(void)state;
	table_row_init(TABLE_ticket, &t);
	table_row_init(TABLE_talk, &talk);
	t.kind = "incident";
	t.severity = "minor";
	t.cause = "delivered";
	t.contact_at = at("2026-10-06 10:00");
	t.started_at = at("2026-10-06 10:25");
	talk.at = at("2026-10-07 10:00");
	talk.new_due = at("2026-10-20 17:00");
	ticket_recovery(&t, &talk, &c, at("2026-10-08 12:00"), &r);
	assert_int_equal(r.due, talk.new_due);
	assert_int_equal(r.to_work_s, 25 * 60);
	ticket_recovery(&t, NULL, &c, at("2026-10-08 12:00"), &r);
	assert_int_equal(r.state, RECOVERY_OVERDUE);
	t.severity = "catastrophic"; /* an unknown word judges nothing */
	ticket_recovery(&t, NULL, &c, at("2026-10-08 12:00"), &r);
	assert_true(r.provisional);
	t.kind = "request";
	ticket_recovery(&t, NULL, &c, at("2026-10-08 12:00"), &r);
	assert_int_equal(r.state, RECOVERY_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_closed_second_waits_for_the_reopening),
		cmocka_unit_test(a_call_accepted_in_the_closure_starts_the_clock),
		cmocka_unit_test(self_detection_ignores_the_closure_and_the_earlier_start_wins),
		cmocka_unit_test(detection_alone_starts_nothing),
		cmocka_unit_test(a_deferral_in_the_due_second_is_in_time),
		cmocka_unit_test(recovered_before_the_start_is_met_with_nothing_elapsed),
		cmocka_unit_test(only_a_severe_fault_of_what_was_delivered_is_judged),
		cmocka_unit_test(properties_hold_for_any_facts),
		cmocka_unit_test(the_queue_is_ordered_by_due_then_severity),
		cmocka_unit_test(a_ticket_row_gives_the_same_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
