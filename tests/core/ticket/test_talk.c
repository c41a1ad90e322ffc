/* Talks: which body the clause names, what settles a matter, what may be written and cancelled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/civil.h"
#include "core/change/tables.h"
#include "core/contract/contract.h"
#include "core/ticket/talk.h"

static struct talk talk_of(const char *act, const char *about, const char *result)
{
	struct talk t;

	table_row_init(TABLE_talk, &t);
	t.number = "S-T1";
	t.act = act;
	t.about = about;
	t.result = result;
	t.person = "田中";
	t.at = 1000;
	return t;
}

static bool settles(const char *act, const char *about, const char *result)
{
	struct talk t = talk_of(act, about, result);

	return talk_settles(&t, false);
}

static void the_clause_names_the_body(void **state)
{
	static const struct reading readings[] = { { .id = "body-patch", .value = "city" },
						   { .id = "body-stop", .value = "nobody" } };
	struct contract c = { .readings = readings, .reading_count = 2 };
	struct talk_rule r;

	(void)state;
	talk_rule(NULL, ABOUT_DEFERRAL, &r);
	assert_string_equal(r.body, "manager");
	assert_true(r.blocks);
	talk_rule(&c, ABOUT_PATCH, &r);
	assert_string_equal(r.body, "city");
	talk_rule(&c, ABOUT_STOP, &r); /* a body that does not exist changes nothing */
	assert_string_equal(r.body, "city");
	for (int about = 0; about_words[about].id != NULL; about++) {
		talk_rule(NULL, (enum talk_about)about, &r);
		assert_true(r.clause[0] == 'S' && word_find(body_words, r.body) >= 0);
	}
}

static void only_a_strong_enough_act_settles(void **state)
{
	(void)state;
	assert_true(settles("discussion", "deferral", "agreed"));
	assert_true(settles("agreement", "deferral", "agreed"));
	assert_false(settles("report", "deferral", "agreed"));
	assert_false(settles("discussion", "deferral", "pending"));
	assert_false(settles("discussion", "deferral", "absent"));
	assert_false(settles("discussion", "patch", "agreed")); /* 対応予定 needs a 合意 */
	assert_true(settles("agreement", "patch", "agreed"));
	assert_true(settles("consent", "patch", "agreed"));
	assert_true(settles("coordination", "stop", "agreed"));
	assert_true(settles("report", "deliverable", "agreed"));
	assert_false(settles("shout", "stop", "agreed"));
	assert_false(settles("agreement", "weather", "agreed"));
	struct talk t = talk_of("agreement", "patch", "agreed");
	assert_false(talk_settles(&t, true));
	t.cancels = "another";
	assert_false(talk_settles(&t, false));
}

static int check(const struct talk *t)
{
	struct err err = { 0 };
	int code = talk_check(t, 2000, &err);

	assert_int_equal(code, err.code);
	return code;
}

static void nobody_is_invented(void **state)
{
	struct talk t = talk_of("coordination", "stop", "absent");

	(void)state;
	t.person = ""; /* 19:30, nobody answers: it is saved as it is */
	assert_int_equal(check(&t), 0);
	t.result = "agreed";
	assert_int_equal(check(&t), HS_ERR_OWED);
	t.person = "田中";
	assert_int_equal(check(&t), 0);
	t.at = 2001;
	assert_int_equal(check(&t), HS_ERR_INVALID);
	t.at = TIME_NONE;
	assert_int_equal(check(&t), HS_ERR_OWED);
	t = talk_of("?", "stop", "agreed");
	assert_int_equal(check(&t), HS_ERR_INVALID);
	t = talk_of("report", "?", "agreed");
	assert_int_equal(check(&t), HS_ERR_INVALID);
	t = talk_of("report", "stop", "?");
	assert_int_equal(check(&t), HS_ERR_INVALID);
}

static void what_something_rests_on_stands(void **state)
{
	struct talk t = talk_of("agreement", "patch", "agreed");
	struct err err;

	(void)state;
	assert_int_equal(talk_may_cancel(&t, false, "", &err), 0);
	assert_int_equal(talk_may_cancel(&t, true, "", &err), HS_ERR_STATE);
	assert_int_equal(talk_may_cancel(&t, false, "S-P7", &err), HS_ERR_STATE);
	assert_string_equal(err.msg.arg[1], "S-P7");
	t.cancels = "another";
	assert_int_equal(talk_may_cancel(&t, false, "", &err), HS_ERR_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_clause_names_the_body),
		cmocka_unit_test(only_a_strong_enough_act_settles),
		cmocka_unit_test(nobody_is_invented),
		cmocka_unit_test(what_something_rests_on_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
