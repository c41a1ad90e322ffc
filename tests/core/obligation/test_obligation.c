/* What is due and who must be there (S2.1, S2.5, S3.1, domain-rules §10). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "core/obligation/obligation.h"

static const struct deliverable_rule rules[] = {
	{ .id = "chart", .rule = "yearly", .month = 4, .day = 30, .clause = "S3.1-1" },
	{ .id = "issue-log", .rule = "at-meeting", .clause = "S3.1-2" },
	{ .id = "minutes", .rule = "after-meeting", .business_days = 5, .clause = "S3.1-3" },
};

static int32_t day(const char *text)
{
	int32_t d;

	assert_true(day_parse(text, &d));
	return d;
}

static int64_t noon(const char *text)
{
	return day_start(day(text), 32400) + 12 * 3600;
}

static struct contract contract(void)
{
	return (struct contract){ .offset_s = 32400, .go_live_day = day("2026-04-01"), .from_day = day("2026-04-01"),
				  .to_day = day("2031-03-31"), .deliverables = rules, .deliverable_count = 3,
				  .meeting_months = 6, .staff_managers = 1, .staff_min_engineers = 2,
				  .staff_dedicated = true, .office_closed_from_md = 1229, .office_closed_to_md = 103 };
}

static struct deliverable row(const char *id, const char *kind, const char *subject)
{
	struct deliverable d;

	table_row_init(TABLE_deliverable, &d);
	d.id = id;
	d.kind = kind;
	d.subject = subject;
	return d;
}

static const struct obligation *find(const struct obligations *o, const char *kind, const char *due)
{
	for (size_t i = 0; i < o->list.len; i++) {
		if (strcmp(o->list.v[i].kind, kind) == 0 && o->list.v[i].due_day == day(due))
			return &o->list.v[i];
	}
	return NULL;
}

static void test_due_days(void **state)
{
	struct contract c = contract();

	(void)state;
	assert_int_equal(obligation_due(&c, &rules[0], day("2026-04-01")), day("2026-04-30"));
	assert_int_equal(obligation_due(&c, &rules[0], day("2027-03-31")), day("2026-04-30"));
	assert_int_equal(obligation_due(&c, &rules[1], day("2026-10-09")), day("2026-10-09"));
	/* Friday; Monday 10-12 is a holiday: 13, 14, 15, 16, 19. */
	assert_int_equal(obligation_due(&c, &rules[2], day("2026-10-09")), day("2026-10-19"));
	/* Over New Year: 12-28, 01-04 … 01-07. */
	assert_int_equal(obligation_due(&c, &rules[2], day("2026-12-25")), day("2027-01-07"));
	const struct deliverable_rule february = { .rule = "yearly", .month = 2, .day = 30 };
	assert_int_equal(obligation_due(&c, &february, day("2026-04-01")), day("2027-02-28"));
	const struct deliverable_rule odd = { .rule = "sometimes" };
	assert_int_equal(obligation_due(&c, &odd, day("2026-04-01")), DAY_NONE);
	assert_int_equal(obligation_next_meeting(&c, DAY_NONE), day("2026-10-01"));
	assert_int_equal(obligation_next_meeting(&c, day("2026-08-31")), day("2027-02-28"));
}

static void test_states(void **state)
{
	(void)state;
	int32_t due = day("2026-10-19");
	assert_int_equal(obligation_state_on(due, TIME_NONE, due - 15), OBLIGATION_COMING);
	assert_int_equal(obligation_state_on(due, TIME_NONE, due - 14), OBLIGATION_NEAR);
	assert_int_equal(obligation_state_on(due, TIME_NONE, due), OBLIGATION_NEAR);
	assert_int_equal(obligation_state_on(due, TIME_NONE, due + 1), OBLIGATION_OVERDUE);
	assert_int_equal(obligation_state_on(due, 0, due + 1), OBLIGATION_DONE);
	assert_int_equal(obligation_state_on(DAY_NONE, TIME_NONE, due), OBLIGATION_COMING);
}

static void test_list(void **state)
{
	struct contract c = contract();
	struct deliverable rows[] = { row("m1", "meeting", ""), row("d1", "minutes", "m1"), row("d2", "minutes", "m1"),
				      row("d3", "chart", "") };
	struct campaign campaign;
	struct obligations list = { 0 };

	(void)state;
	rows[0].made_at = noon("2026-10-09");
	rows[0].due_day = day("2026-10-01");
	rows[1].submitted_at = noon("2026-10-19");
	rows[2].submitted_at = noon("2026-10-30");
	rows[3].due_day = day("2026-04-30");
	rows[3].submitted_at = noon("2026-05-01");
	table_row_init(TABLE_campaign, &campaign);
	campaign.id = "c";
	campaign.fiscal_year = 2026;
	campaign.to_day = day("2026-11-13");
	struct obligation_facts f = { .contract = &c, .rows = rows, .row_count = 4, .campaigns = &campaign,
				      .campaign_count = 1 };
	obligations_of(&f, noon("2026-11-05"), &list);
	const struct obligation *minutes = find(&list, "minutes", "2026-10-19");
	assert_non_null(minutes);
	assert_int_equal(minutes->state, OBLIGATION_DONE);
	assert_false(minutes->late);
	assert_string_equal(minutes->row, "d2");
	const struct obligation *chart = find(&list, "chart", "2026-04-30");
	assert_non_null(chart);
	assert_true(chart->late);
	const struct obligation *meeting = find(&list, "meeting", "2026-10-01");
	assert_non_null(meeting);
	assert_true(meeting->late);
	assert_int_equal(find(&list, "meeting", "2027-04-09")->state, OBLIGATION_COMING);
	assert_int_equal(find(&list, "issue-log", "2026-10-09")->state, OBLIGATION_OVERDUE);
	assert_int_equal(find(&list, "issue-log", "2027-04-09")->state, OBLIGATION_COMING);
	assert_int_equal(find(&list, "inventory", "2027-03-31")->state, OBLIGATION_COMING);
	for (size_t i = 1; i < list.list.len; i++)
		assert_true(list.list.v[i - 1].due_day <= list.list.v[i].due_day);
	obligations_release(&list);
	/* Next fiscal year: what was settled is gone, what is open stays. */
	obligations_of(&f, noon("2027-05-01"), &list);
	assert_null(find(&list, "minutes", "2026-10-19"));
	assert_null(find(&list, "chart", "2026-04-30"));
	assert_int_equal(find(&list, "chart", "2027-04-30")->state, OBLIGATION_OVERDUE);
	assert_int_equal(find(&list, "issue-log", "2026-10-09")->state, OBLIGATION_OVERDUE);
	obligations_release(&list);
}

/* ---- staff ---- */

static struct staff person(const char *role, const char *from, const char *to)
{
	struct staff s;

	table_row_init(TABLE_staff, &s);
	s.role = role;
	s.dedicated = "yes";
	s.from_day = from != NULL ? day(from) : TIME_NONE;
	s.to_day = to != NULL ? day(to) : TIME_NONE;
	return s;
}

static void expect(const struct staff *rows, size_t count, const char *expected)
{
	struct contract c = contract();
	struct staff_breaches b = { 0 };
	struct strbuf text = { 0 };

	staff_review(&c, rows, count, day("2026-04-01"), day("2027-03-31"), &b);
	for (size_t i = 0; i < b.list.len; i++) {
		time_format(day_start(b.list.v[i].from_day, 0), 0, TIME_DAY, &text);
		strbuf_add_char(&text, ' ');
		if (b.list.v[i].to_day != DAY_NONE)
			time_format(day_start(b.list.v[i].to_day, 0), 0, TIME_DAY, &text);
		strbuf_add_char(&text, ' ');
		msg_format(&b.list.v[i].what, NULL, &text);
		strbuf_add_char(&text, '\n');
	}
	assert_string_equal(strbuf_text(&text), expected);
	strbuf_release(&text);
	staff_breaches_release(&b);
}

static void test_nothing_before_go_live(void **state)
{
	struct obligations list = { 0 };
	struct contract c = contract();
	struct obligation_facts f = { .contract = &c };

	(void)state;
	c.go_live_day = day("2026-05-23");
	obligations_of(&f, noon("2026-08-01"), &list);
	assert_null(find(&list, "chart", "2026-04-30"));
	assert_non_null(find(&list, "meeting", "2026-11-23"));
	assert_non_null(find(&list, "inventory", "2027-03-31"));
	vec_clear(&list.list);
	obligations_of(&f, noon("2027-04-02"), &list);
	assert_int_equal(find(&list, "chart", "2027-04-30")->state, OBLIGATION_COMING);
	vec_clear(&list.list);
	c.go_live_day = day("2027-04-01");
	obligations_of(&f, noon("2027-03-01"), &list);
	assert_null(find(&list, "inventory", "2027-03-31"));
	obligations_release(&list);
}

static void test_staff(void **state)
{
	struct staff rows[] = { person("pm", "2026-04-01", NULL), person("engineer", NULL, NULL),
				person("engineer", "2026-04-01", "2026-09-30"), person("sales", NULL, NULL) };

	(void)state;
	expect(rows, 4, "2026-10-01  1 engineer(s), 2 are needed\n");
	expect(rows, 0, "2026-04-01  no project manager\n2026-04-01  0 engineer(s), 2 are needed\n");
	rows[2].to_day = TIME_NONE;
	expect(rows, 4, "");
	rows[3] = person("pm", "2026-06-30", "2026-07-01");
	expect(rows, 4, "2026-06-30 2026-07-01 2 project managers at once\n");
	rows[0].to_day = day("2026-06-29");
	expect(rows, 4, "2026-07-02  no project manager\n");
	rows[3].to_day = TIME_NONE;
	rows[1].dedicated = "no";
	expect(rows, 4, "2026-04-01  1 engineer(s) not dedicated\n");
	rows[1].dedicated = "yes";
	rows[0].dedicated = "no";
	expect(rows, 4, "");
	rows[1].deleted = 0;
	expect(rows, 4, "2026-04-01  1 engineer(s), 2 are needed\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_due_days),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_nothing_before_go_live),
		cmocka_unit_test(test_staff),
	};
	return cmocka_run_group_tests_name("obligation", tests, NULL, NULL);
}
