/* Stages: what may be entered, what it stamps, what closing asks for, what comes next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/civil.h"
#include "core/base/strbuf.h"
#include "core/change/tables.h"
#include "core/ticket/flow.h"

static const struct flow_item items[] = { { "call", { "電話", "call", "電話", "call" } },
					  { "tell", { "報告", "tell", "報告", "tell" } } };
static const struct flow_stage stages[] = {
	{ .id = "reception", .items = items, .item_count = 2 },
	{ .id = "diagnosis" },
	{ .id = "work", .started = true },
	{ .id = "check", .name = { "復旧確認", "check", "確認", "check" }, .recovered = true },
	{ .id = "cause", .confirmed = true },
	{ .id = "closed", .closes = true },
};
static const struct flow incident = { .id = "incident", .clock = true, .stages = stages, .stage_count = 6 };
static const struct flow request = { .id = "request", .stages = stages, .stage_count = 6 };

static struct ticket ticket_at(const char *stage)
{
	struct ticket t;

	table_row_init(TABLE_ticket, &t);
	t.number = "S1";
	t.kind = "incident";
	t.stage = stage;
	t.severity = "normal";
	return t;
}

static int enter(const struct ticket *t, const char *to, const char *reason)
{
	struct err err = { 0 };
	int code = ticket_may_enter(t, &incident, &stages[stage_index(&incident, to)], reason, &err);

	assert_int_equal(code, err.code);
	return code;
}

static void the_next_stage_needs_no_reason_a_jump_does(void **state)
{
	struct ticket t = ticket_at("reception");

	(void)state;
	assert_int_equal(enter(&t, "diagnosis", ""), 0);
	assert_int_equal(enter(&t, "work", ""), HS_ERR_OWED);
	assert_int_equal(enter(&t, "work", "known fault"), 0);
	assert_int_equal(enter(&t, "reception", "again"), HS_ERR_STATE);
	t.stage = "work";
	assert_int_equal(enter(&t, "diagnosis", ""), HS_ERR_OWED);
	assert_int_equal(enter(&t, "diagnosis", "wrong part"), 0);
	t.stage = "of-another-time"; /* a stage that the contract no longer has: any is next */
	assert_int_equal(enter(&t, "work", ""), 0);
}

static void entering_stamps_only_what_is_empty(void **state)
{
	struct ticket t = ticket_at("diagnosis");
	struct stage_step step;

	(void)state;
	stage_step(&t, &incident, &stages[2], &step);
	assert_true(step.starts && !step.recovers && !step.closes && !step.back);
	t.started_at = 5;
	stage_step(&t, &incident, &stages[2], &step);
	assert_false(step.starts);
	stage_step(&t, &incident, &stages[3], &step);
	assert_true(step.recovers && step.needs_reason);
}

static void going_back_over_the_recovery_withdraws_it(void **state)
{
	struct ticket t = ticket_at("closed");
	struct stage_step step;

	(void)state;
	t.started_at = 1;
	t.recovered_at = t.confirmed_at = t.closed_at = 9;
	stage_step(&t, &incident, stage_reopen(&incident), &step);
	assert_true(step.back && step.clears_recovered && step.clears_confirmed && step.clears_closed && !step.starts);
	stage_step(&t, &incident, &stages[3], &step);
	assert_true(!step.clears_recovered && step.clears_confirmed && step.clears_closed);
	t.stage = "diagnosis"; /* recovered by hand before the stage: stepping back keeps it */
	t.closed_at = TIME_NONE;
	stage_step(&t, &incident, &stages[0], &step);
	assert_false(step.clears_recovered);
}

static void severe_needs_cause_and_measure(void **state)
{
	struct ticket t = ticket_at("cause");

	(void)state;
	t.severity = "major";
	t.recovered_at = 5;
	assert_int_equal(enter(&t, "closed", ""), HS_ERR_OWED);
	t.cause_text = "a worn fan";
	assert_int_equal(enter(&t, "closed", ""), HS_ERR_OWED);
	t.measure_text = "a new fan";
	assert_int_equal(enter(&t, "closed", ""), 0);
	t.cause_text = "";
	assert_int_equal(enter(&t, "closed", ""), HS_ERR_OWED);
}

static void closing_asks_for_judgement_and_recovery(void **state)
{
	struct ticket t = ticket_at("cause");
	struct err err;

	(void)state;
	assert_int_equal(enter(&t, "closed", ""), HS_ERR_OWED);
	t.recovered_at = 5;
	assert_int_equal(enter(&t, "closed", ""), 0);
	t.severity = "undecided";
	assert_int_equal(enter(&t, "closed", ""), HS_ERR_OWED);
	assert_int_equal(ticket_may_close(&t, &request, &err), 0);
	t.parent = "another"; /* it recurs from another: that changes nothing */
	assert_int_equal(enter(&t, "closed", ""), HS_ERR_OWED);
	t.closed_at = 9;
	assert_int_equal(enter(&t, "closed", ""), HS_ERR_STATE);
}

static void an_absorbed_ticket_is_closed_short_of_the_closing_stage(void **state)
{
	struct ticket t = ticket_at("diagnosis"), into = ticket_at("work");
	struct err err;

	(void)state;
	t.id = "1";
	into.id = "2";
	assert_int_equal(ticket_may_absorb(&t, &into, &err), 0);
	assert_int_equal(ticket_may_absorb(&t, &t, &err), HS_ERR_INVALID);
	into.closed_at = 3;
	assert_int_equal(ticket_may_absorb(&t, &into, &err), HS_ERR_STATE);
	t.parent = "2";
	assert_false(ticket_absorbed(&t, &incident)); /* it recurs */
	t.closed_at = 3;
	assert_true(ticket_absorbed(&t, &incident));
	assert_int_equal(ticket_may_absorb(&t, &into, &err), HS_ERR_STATE);
	t.stage = "closed";
	assert_false(ticket_absorbed(&t, &incident));
}

static void only_a_minor_fault_can_be_put_off(void **state)
{
	static const char *const severities[] = { "undecided", "major", "normal", "minor" };
	struct ticket t = ticket_at("diagnosis");
	struct err err;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		t.severity = severities[i];
		assert_int_equal(ticket_may_defer(&t, &incident, &err), i == 3 ? 0 : HS_ERR_STATE);
	}
	assert_int_equal(ticket_may_defer(&t, &request, &err), HS_ERR_STATE);
	t.recovered_at = 5;
	assert_int_equal(ticket_may_defer(&t, &incident, &err), HS_ERR_STATE);
}

static enum next_action next_of(const struct ticket *t, const struct tick *done, size_t count, bool consulted)
{
	struct msg what;
	enum next_action action = ticket_next(t, &incident, done, count, consulted, true, &what);

	assert_int_equal(action == NEXT_NOTHING, what.id == NULL);
	return action;
}

static void what_comes_next(void **state)
{
	struct ticket t = ticket_at("reception");
	struct tick done[] = { { .list = "reception", .item = "call", .at = 1 },
			       { .list = "reception", .item = "tell", .at = TIME_NONE } };

	(void)state;
	t.severity = "undecided";
	assert_int_equal(next_of(&t, NULL, 0, false), NEXT_TAKE);
	t.owner = "sato";
	assert_int_equal(next_of(&t, NULL, 0, false), NEXT_SEVERITY);
	t.severity = "major";
	assert_int_equal(next_of(&t, NULL, 0, false), NEXT_ITEM);
	assert_int_equal(next_of(&t, done, 2, false), NEXT_ITEM); /* a tick taken back is none */
	done[1].at = 2;
	assert_int_equal(next_of(&t, done, 2, false), NEXT_STAGE);
	t.kind = "security";
	assert_int_equal(next_of(&t, done, 2, false), NEXT_CONSULT);
	assert_int_equal(next_of(&t, done, 2, true), NEXT_STAGE);
	t.stage = "cause";
	assert_int_equal(next_of(&t, done, 2, true), NEXT_CAUSE_TEXT);
	t.cause_text = t.measure_text = "written";
	assert_int_equal(next_of(&t, done, 2, true), NEXT_RECOVER);
	t.recovered_at = 4;
	assert_int_equal(next_of(&t, done, 2, true), NEXT_CONFIRM);
	t.confirmed_at = 5;
	assert_int_equal(next_of(&t, done, 2, true), NEXT_CAUSE);
	t.cause = "delivered";
	assert_int_equal(next_of(&t, done, 2, true), NEXT_STAGE);
	t.closed_at = 6;
	assert_int_equal(next_of(&t, done, 2, true), NEXT_NOTHING);
}

static void stages_are_found(void **state)
{
	(void)state;
	assert_string_equal(stage_next(&incident, "reception")->id, "diagnosis");
	assert_string_equal(stage_next(&incident, "?")->id, "reception");
	assert_null(stage_next(&incident, "closed"));
	assert_string_equal(stage_closing(&incident)->id, "closed");
	assert_string_equal(stage_reopen(&incident)->id, "work");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_stage_needs_no_reason_a_jump_does),
		cmocka_unit_test(entering_stamps_only_what_is_empty),
		cmocka_unit_test(going_back_over_the_recovery_withdraws_it),
		cmocka_unit_test(severe_needs_cause_and_measure),
		cmocka_unit_test(closing_asks_for_judgement_and_recovery),
		cmocka_unit_test(an_absorbed_ticket_is_closed_short_of_the_closing_stage),
		cmocka_unit_test(only_a_minor_fault_can_be_put_off),
		cmocka_unit_test(what_comes_next),
		cmocka_unit_test(stages_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
