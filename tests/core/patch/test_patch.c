/* The rules of the patch backlog (domain-rules §8): each by itself, and random walks that try to get round them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/strbuf.h"
#include "core/patch/patch.h"

enum { MAX_STEPS = 64, HOSTS = 2, TALKS = 6, STOPS = 2, DAY = DAY_SECONDS, ZONE = 9 * 3600 };
#define T0 INT64_C(1791936000) /* 2026-10-14 09:00 +09:00 */

/* A patch and all that belongs to it, in memory. */
struct world {
	struct patch patch;
	struct patch_step steps[MAX_STEPS];
	struct patch_host hosts[HOSTS];
	struct talk talks[TALKS];
	struct stop stops[STOPS];
	struct patch_facts facts;
	int64_t now;
};

static void world_init(struct world *w)
{
	static const char *const host_ids[HOSTS] = { "ap01", "ap02" };

	memset(w, 0, sizeof *w);
	table_row_init(TABLE_patch, &w->patch);
	w->patch.id = "P";
	w->patch.number = "S-P1";
	w->patch.hosts = "ap";
	w->patch.package = "openssl";
	w->patch.target = "3.0.7-27";
	w->patch.significance = "yes";
	w->patch.reboot = "stop";
	w->now = T0;
	w->facts = (struct patch_facts){ .patch = &w->patch, .steps = w->steps, .hosts = w->hosts, .talks = w->talks,
					 .group = { "ap01", "ap02" }, .group_count = HOSTS };
	for (int i = 0; i < HOSTS; i++) {
		table_row_init(TABLE_patch_host, &w->hosts[i]);
		w->hosts[i].host = host_ids[i];
	}
	for (int i = 0; i < STOPS; i++) {
		table_row_init(TABLE_stop, &w->stops[i]);
		w->stops[i].id = i == 0 ? "stop0" : "stop1";
		w->stops[i].kind = i == 0 ? "planned" : "emergency";
		w->stops[i].from_at = T0 + 6 * DAY;
		w->stops[i].to_at = T0 + 6 * DAY + 7200;
	}
}

static struct talk *add_talk(struct world *w, const char *id, int64_t at)
{
	struct talk *t = &w->talks[w->facts.talk_count++];

	table_row_init(TABLE_talk, t);
	t->id = t->number = id;
	t->act = "agreement";
	t->about = "patch";
	t->subject = "P";
	t->result = "agreed";
	t->person = "田中";
	t->at = at;
	return t;
}

static void look_at_hosts(struct world *w, const char *version, const char *pending)
{
	w->facts.host_count = HOSTS;
	for (int i = 0; i < HOSTS; i++) {
		w->hosts[i].version = version;
		w->hosts[i].reboot_pending = pending;
		w->hosts[i].verified_at = w->now;
	}
}

static struct patch_request request(const struct world *w, enum patch_stage stage)
{
	return (struct patch_request){ .stage = stage, .at = w->now, .now = w->now, .body = "", .reason = "", .action = "",
				       .review_day = TIME_NONE, .offset_s = ZONE };
}

/* What the store does: checks, writes the row, appends the step. */
static int take(struct world *w, const struct patch_request *r, struct patch_outcome *out)
{
	int rc = patch_step_check(&w->facts, r, out, NULL);

	if (rc != 0)
		return rc;
	patch_outcome_apply(out, &w->patch);
	struct patch_step *s = &w->steps[w->facts.step_count++];
	table_row_init(TABLE_patch_step, s);
	s->stage = patch_stage_info(r->stage)->id;
	s->at = r->at;
	s->body = r->body;
	w->facts.stop = NULL;
	for (int i = 0; i < STOPS; i++) {
		if (strcmp(w->patch.stop, w->stops[i].id) == 0)
			w->facts.stop = &w->stops[i];
	}
	return 0;
}

static int step(struct world *w, enum patch_stage stage)
{
	struct patch_request r = request(w, stage);
	struct patch_outcome out;

	if (stage == PATCH_DONE)
		r.action = "applied";
	return take(w, &r, &out);
}

static int step_reason(struct world *w, enum patch_stage stage, const char *reason, bool emergency)
{
	struct patch_request r = request(w, stage);
	struct patch_outcome out;

	r.reason = reason;
	r.emergency = emergency;
	if (stage == PATCH_DONE)
		r.action = "applied";
	return take(w, &r, &out);
}

static void walk_to(struct world *w, enum patch_stage last)
{
	for (enum patch_stage s = PATCH_PUBLISHED; s <= last; s++) {
		struct patch_request r = request(w, s);
		struct patch_outcome out;

		if (s == PATCH_AGREED)
			r.talk = add_talk(w, "talk", w->now);
		if (s == PATCH_PLANNED)
			r.stop = &w->stops[0];
		if (s == PATCH_DONE)
			r.action = "applied";
		assert_int_equal(take(w, &r, &out), 0);
	}
}

static void assert_progress(const struct world *w, const char *expected)
{
	char marks[PATCH_MAIN_STAGES + 1];

	patch_progress(&w->facts, marks);
	assert_string_equal(marks, expected);
}

static void test_whole_way(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	walk_to(&w, PATCH_DONE);
	assert_progress(&w, "########>");
	assert_int_equal(step(&w, PATCH_VERIFIED), HS_ERR_OWED);
	look_at_hosts(&w, "3.0.7-27", "yes");
	assert_int_equal(step(&w, PATCH_VERIFIED), HS_ERR_OWED);
	look_at_hosts(&w, "3.0.7-26", "no");
	assert_int_equal(step(&w, PATCH_VERIFIED), HS_ERR_OWED);
	look_at_hosts(&w, "3.0.7-27", "no");
	w.hosts[1].verified_at = w.now - 1;
	assert_int_equal(patch_host_state(&w.facts, "ap02"), PATCH_HOST_STALE);
	assert_int_equal(step(&w, PATCH_VERIFIED), HS_ERR_OWED);
	look_at_hosts(&w, "3.0.7-27", "no");
	assert_int_equal(step(&w, PATCH_VERIFIED), 0);
	assert_progress(&w, "#########");
	assert_true(patch_closed(&w.facts));
	assert_int_equal(w.patch.closed_at, w.now);
}

static void test_every_host_counts(void **state)
{
	struct world w;
	const char *missing;

	(void)state;
	world_init(&w);
	walk_to(&w, PATCH_DONE);
	look_at_hosts(&w, "3.0.7-28", "no");
	w.facts.host_count = 1;
	assert_false(patch_hosts_shown(&w.facts, &missing));
	assert_string_equal(missing, "ap02");
	assert_int_equal(step(&w, PATCH_VERIFIED), HS_ERR_OWED);
	w.facts.host_count = 2;
	w.hosts[1].reboot_pending = "";
	assert_int_equal(patch_host_state(&w.facts, "ap02"), PATCH_HOST_REBOOT);
	w.facts.group_count = 0;
	assert_false(patch_hosts_shown(&w.facts, &missing));
	assert_int_equal(step(&w, PATCH_VERIFIED), HS_ERR_OWED);
}

static void test_one_stage_at_a_time(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	walk_to(&w, PATCH_ASSESSED);
	assert_int_equal(step(&w, PATCH_PROPOSED), HS_ERR_STATE);
	assert_int_equal(step(&w, PATCH_DONE), HS_ERR_STATE);
	assert_int_equal(step(&w, PATCH_ASSESSED), HS_ERR_STATE);
	assert_int_equal(step(&w, PATCH_PUBLISHED), HS_ERR_INVALID);
	assert_int_equal(step_reason(&w, PATCH_PUBLISHED, "another package", false), 0);
	assert_progress(&w, "#>-------");
	w.now -= 60;
	assert_int_equal(step(&w, PATCH_ASSESSED), HS_ERR_INVALID);
	struct patch_request future = request(&w, PATCH_ASSESSED);
	struct patch_outcome out;
	future.at = w.now + 61;
	assert_int_equal(take(&w, &future, &out), HS_ERR_INVALID);
}

static void test_plan_needs_agreement(void **state)
{
	struct world w;
	struct patch_outcome out;

	(void)state;
	world_init(&w);
	walk_to(&w, PATCH_DISCUSSED);
	assert_int_equal(step(&w, PATCH_AGREED), HS_ERR_OWED);
	struct talk *t = add_talk(&w, "talk", w.now);
	struct patch_request r = request(&w, PATCH_AGREED);
	r.talk = t;
	struct { const char **field; const char *bad; } const cases[] = {
		{ &t->act, "discussion" }, { &t->subject, "other" }, { &t->result, "pending" }, { &t->person, "" },
		{ &t->cancels, "talk0" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *good = *cases[i].field;
		*cases[i].field = cases[i].bad;
		assert_int_equal(take(&w, &r, &out), HS_ERR_OWED);
		*cases[i].field = good;
	}
	t->at = w.now + 1;
	assert_int_equal(take(&w, &r, &out), HS_ERR_OWED);
	t->at = w.now - DAY;
	t->valid_until = w.now - 1;
	assert_int_equal(take(&w, &r, &out), HS_ERR_OWED);
	t->valid_until = w.now;
	assert_int_equal(take(&w, &r, &out), 0);
	assert_false(patch_rests_on(&w.facts, "talk"));
	/* A 取消 takes the ground from under the plan. */
	struct talk *cancel = add_talk(&w, "cancel", w.now);
	cancel->cancels = "talk";
	r = request(&w, PATCH_PLANNED);
	r.stop = &w.stops[0];
	assert_int_equal(take(&w, &r, &out), HS_ERR_OWED);
	w.facts.talk_count--;
	assert_int_equal(take(&w, &r, &out), 0);
	assert_true(patch_rests_on(&w.facts, "talk"));
	assert_false(patch_rests_on(&w.facts, "cancel"));
}

static void test_plan_names_a_stop(void **state)
{
	struct world w;
	struct patch_outcome out;

	(void)state;
	world_init(&w);
	walk_to(&w, PATCH_AGREED);
	struct patch_request r = request(&w, PATCH_PLANNED);
	assert_int_equal(take(&w, &r, &out), HS_ERR_OWED);
	w.patch.reboot = "";
	assert_int_equal(take(&w, &r, &out), HS_ERR_OWED);
	w.patch.reboot = "stop";
	r.stop = &w.stops[1];
	assert_int_equal(take(&w, &r, &out), HS_ERR_INVALID);
	r.stop = &w.stops[0];
	w.stops[0].to_at = w.now;
	assert_int_equal(take(&w, &r, &out), HS_ERR_INVALID);
	w.stops[0].to_at = w.now + 1;
	w.stops[0].deleted = w.now;
	assert_int_equal(take(&w, &r, &out), HS_ERR_OWED);
	w.stops[0].deleted = TIME_NONE;
	assert_int_equal(take(&w, &r, &out), 0);
	assert_string_equal(w.patch.stop, "stop0");

	world_init(&w);
	w.patch.reboot = "no";
	walk_to(&w, PATCH_AGREED);
	assert_int_equal(step(&w, PATCH_PLANNED), 0);
}

static void test_emergency_leaves_steps_owed(void **state)
{
	struct world w;
	struct patch_outcome out;

	(void)state;
	world_init(&w);
	walk_to(&w, PATCH_ASSESSED);
	assert_int_equal(step_reason(&w, PATCH_DONE, "", true), HS_ERR_INVALID);
	assert_int_equal(step_reason(&w, PATCH_DONE, "exploited tonight", true), 0);
	assert_progress(&w, "##!!!!!#>");
	look_at_hosts(&w, "3.0.7-27", "no");
	assert_int_equal(step(&w, PATCH_VERIFIED), 0);
	assert_progress(&w, "##!!!!!##");
	assert_false(patch_closed(&w.facts));
	assert_int_equal(w.patch.closed_at, TIME_NONE);
	/* Made up under their real times; the agreement still asks for its talk. */
	assert_int_equal(step(&w, PATCH_AGREED), HS_ERR_OWED);
	for (enum patch_stage s = PATCH_REPORTED; s <= PATCH_PLANNED; s++) {
		struct patch_request r = request(&w, s);
		if (s == PATCH_AGREED)
			r.talk = add_talk(&w, "talk", w.now);
		r.body = "afterwards";
		assert_int_equal(take(&w, &r, &out), 0);
		assert_int_equal(out.move, PATCH_LATE);
		assert_string_equal(w.patch.stage, "verified");
	}
	assert_int_equal(patch_owed(&w.facts), 0);
	assert_true(patch_closed(&w.facts));
	assert_int_equal(w.patch.closed_at, w.now);
}

static void test_emergency_cannot_type_an_agreement_away(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	walk_to(&w, PATCH_ASSESSED);
	assert_int_equal(step_reason(&w, PATCH_AGREED, "at once", true), HS_ERR_OWED);
	assert_int_equal(step_reason(&w, PATCH_PLANNED, "at once", true), HS_ERR_OWED);
	assert_int_equal(step_reason(&w, PATCH_VERIFIED, "at once", true), HS_ERR_OWED);
	look_at_hosts(&w, "9", "no");
	assert_int_equal(step_reason(&w, PATCH_VERIFIED, "at once", true), HS_ERR_STATE);
}

static void test_only_significant_obliges(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	w.patch.significance = "no";
	walk_to(&w, PATCH_ASSESSED);
	assert_int_equal(step(&w, PATCH_PLANNED), HS_ERR_OWED);
	assert_int_equal(step(&w, PATCH_DONE), 0);
	assert_int_equal(patch_owed(&w.facts), 0);
	look_at_hosts(&w, "3.0.7-27", "no");
	assert_int_equal(step(&w, PATCH_VERIFIED), 0);
	assert_true(patch_closed(&w.facts));
	w.patch.significance = "yes";
	assert_false(patch_closed(&w.facts));

	world_init(&w);
	w.patch.significance = "undecided";
	walk_to(&w, PATCH_ASSESSED);
	assert_int_equal(step(&w, PATCH_DONE), HS_ERR_STATE);
}

static void test_aside(void **state)
{
	struct world w;
	struct patch_outcome out;

	(void)state;
	world_init(&w);
	walk_to(&w, PATCH_DISCUSSED);
	assert_int_equal(step(&w, PATCH_OUT_OF_SCOPE), HS_ERR_INVALID);
	assert_int_equal(step_reason(&w, PATCH_HELD, "waiting for the vendor", false), 0);
	assert_false(patch_closed(&w.facts));
	assert_int_equal(step(&w, PATCH_AGREED), HS_ERR_STATE);
	assert_int_equal(step_reason(&w, PATCH_RESUMED, "vendor answered", false), 0);
	assert_string_equal(w.patch.stage, "discussed");

	struct patch_request r = request(&w, PATCH_DECLINED);
	r.reason = "the function is off";
	r.review_day = day_of_time(w.now, ZONE) + 30;
	assert_int_equal(take(&w, &r, &out), HS_ERR_OWED);
	r.talk = add_talk(&w, "no", w.now);
	r.review_day = day_of_time(w.now, ZONE);
	assert_int_equal(take(&w, &r, &out), HS_ERR_INVALID);
	r.review_day++;
	assert_int_equal(take(&w, &r, &out), 0);
	assert_true(patch_rests_on(&w.facts, "no"));
	assert_false(patch_closed(&w.facts));
	/* The agreement not to apply is none to apply. */
	w.now += 31 * DAY;
	assert_int_equal(step_reason(&w, PATCH_RESUMED, "review", false), 0);
	assert_string_equal(w.patch.agreement, "");
	r = request(&w, PATCH_AGREED);
	r.talk = &w.talks[0];
	assert_int_equal(take(&w, &r, &out), HS_ERR_OWED);
	r.talk = add_talk(&w, "yes", w.now);
	assert_int_equal(take(&w, &r, &out), 0);
	assert_int_equal(step_reason(&w, PATCH_OUT_OF_SCOPE, "host retired", false), 0);
	assert_true(patch_closed(&w.facts));
	assert_int_equal(step_reason(&w, PATCH_RESUMED, "host is back", false), 0);
	assert_string_equal(w.patch.stage, "discussed");
	assert_false(patch_closed(&w.facts));
}

static void test_workaround_is_proved(void **state)
{
	struct world w;
	struct patch_outcome out;

	(void)state;
	world_init(&w);
	walk_to(&w, PATCH_PLANNED);
	struct patch_request r = request(&w, PATCH_DONE);
	assert_int_equal(take(&w, &r, &out), HS_ERR_INVALID);
	r.action = "workaround";
	assert_int_equal(take(&w, &r, &out), 0);
	assert_int_equal(step(&w, PATCH_VERIFIED), HS_ERR_OWED);
	r = request(&w, PATCH_VERIFIED);
	r.body = "port 443 refuses TLS 1.0: log attached";
	assert_int_equal(take(&w, &r, &out), 0);
	assert_true(patch_closed(&w.facts));
}

static void assert_next(const struct world *w, const char *expected, int64_t due, bool overdue)
{
	struct patch_next next;
	struct strbuf text = { 0 };

	patch_next(&w->facts, w->now, ZONE, &next);
	msg_format(&next.action, NULL, &text);
	assert_string_equal(strbuf_text(&text), expected);
	assert_int_equal(next.due, due);
	assert_int_equal(next.overdue, overdue);
	strbuf_release(&text);
}

static void test_next_action(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	w.patch.due_at = T0 - 1;
	walk_to(&w, PATCH_PUBLISHED);
	assert_next(&w, "check what it affects", T0 - 1, true);
	assert_int_equal(step(&w, PATCH_ASSESSED), 0);
	assert_next(&w, "report to the system manager", T0 - 1, true);
	w.patch.significance = "undecided";
	assert_next(&w, "judge whether it is significant", T0 - 1, false);
	w.patch.significance = "yes";
	world_init(&w);
	walk_to(&w, PATCH_PLANNED);
	assert_next(&w, "apply it", w.stops[0].from_at, false);
	assert_int_equal(step(&w, PATCH_DONE), 0);
	assert_next(&w, "check the version on 2 host(s)", TIME_NONE, false);
	look_at_hosts(&w, "3.0.7-27", "yes");
	assert_next(&w, "reboot 2 host(s)", TIME_NONE, false);
	look_at_hosts(&w, "3.0.7-27", "no");
	assert_next(&w, "record the confirmation", TIME_NONE, false);
	world_init(&w);
	walk_to(&w, PATCH_ASSESSED);
	assert_int_equal(step_reason(&w, PATCH_DONE, "exploited", true), 0);
	assert_next(&w, "owed: the report", TIME_NONE, false);
}

static void test_newer_stage_is_left_alone(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	w.patch.stage = "rolled-out";
	assert_int_equal(step(&w, PATCH_ASSESSED), HS_ERR_NEWER);
	assert_next(&w, "", TIME_NONE, false);
}

/* ---- random walks ---- */

static uint32_t random_next(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

/* Something happens to the world that is no step of the patch. */
static void random_event(struct world *w, uint32_t *seed)
{
	static const char *const versions[] = { "", "3.0.7-16", "3.0.7-27", "3.0.8-1" };
	static const char *const pending[] = { "", "yes", "no", "no" };
	static const char *const results[] = { "agreed", "agreed", "pending", "refused" };
	static const char *const judged[] = { "yes", "yes", "no", "undecided" };
	static const char *const stops[] = { "", "stop", "no", "rolling" };
	struct patch_host *h = &w->hosts[random_next(seed, HOSTS)];

	w->now += random_next(seed, 3) * 3600;
	w->facts.host_count = HOSTS;
	switch (random_next(seed, 5)) {
	case 0: w->patch.significance = judged[random_next(seed, 4)]; break;
	case 1: w->patch.reboot = stops[random_next(seed, 4)]; break;
	case 2:
		if (w->facts.talk_count < TALKS) {
			static const char *const ids[TALKS] = { "t0", "t1", "t2", "t3", "t4", "t5" };
			size_t n = w->facts.talk_count;
			struct talk *t = add_talk(w, ids[n], w->now);
			t->result = results[random_next(seed, 4)];
			if (n > 0 && random_next(seed, 4) == 0)
				t->cancels = ids[random_next(seed, (uint32_t)n)];
		}
		break;
	default:
		h->version = versions[random_next(seed, 4)];
		h->reboot_pending = pending[random_next(seed, 4)];
		h->verified_at = w->now;
	}
}

static struct patch_request random_request(const struct world *w, uint32_t *seed)
{
	static const char *const actions[] = { "", "applied", "applied", "workaround" };
	/* Often the next stage, so that walks get somewhere. */
	int reached = (int)patch_stage(&w->patch);
	enum patch_stage stage = random_next(seed, PATCH_STAGE_COUNT);
	if (random_next(seed, 3) != 0 && reached + 1 < PATCH_MAIN_STAGES)
		stage = (enum patch_stage)(reached + 1);
	struct patch_request r = request(w, stage);

	r.at -= random_next(seed, 8) == 0 ? 7200 : 0;
	r.reason = random_next(seed, 2) != 0 ? "reason" : "";
	r.body = random_next(seed, 2) != 0 ? "proof" : "";
	r.action = actions[random_next(seed, 4)];
	r.emergency = random_next(seed, 6) == 0;
	if (w->facts.talk_count > 0 && random_next(seed, 2) != 0)
		r.talk = &w->talks[random_next(seed, (uint32_t)w->facts.talk_count)];
	if (random_next(seed, 2) != 0)
		r.stop = &w->stops[random_next(seed, STOPS)];
	r.review_day = random_next(seed, 2) != 0 ? day_of_time(w->now, ZONE) + 10 : TIME_NONE;
	return r;
}

/* Said again from the rows alone, without the functions under test. */
static bool in_force(const struct world *w, const char *id)
{
	bool found = false;

	for (size_t i = 0; i < w->facts.talk_count; i++) {
		const struct talk *t = &w->talks[i];
		if (strcmp(t->cancels, id) == 0)
			return false;
		if (strcmp(t->id, id) == 0)
			found = strcmp(t->result, "agreed") == 0 && t->cancels[0] == '\0';
	}
	return found;
}

static int64_t last_at(const struct world *w, const char *stage)
{
	int64_t at = TIME_NONE;

	for (size_t i = 0; i < w->facts.step_count; i++) {
		if (strcmp(w->steps[i].stage, stage) == 0)
			at = w->steps[i].at;
	}
	return at;
}

static void check_verified(const struct world *w, const struct patch_request *r)
{
	assert_true(last_at(w, "done") != TIME_NONE);
	if (strcmp(w->patch.action, "workaround") == 0) {
		assert_true(r->body[0] != '\0');
		return;
	}
	assert_string_equal(w->patch.action, "applied");
	for (int i = 0; i < HOSTS; i++) {
		assert_true(strcmp(w->hosts[i].version, "3.0.7-27") == 0 || strcmp(w->hosts[i].version, "3.0.8-1") == 0);
		assert_string_equal(w->hosts[i].reboot_pending, "no");
		assert_true(w->hosts[i].verified_at >= last_at(w, "done"));
	}
}

static void check_step(const struct world *w, const struct patch_request *r, const struct patch_outcome *out,
		       const char *before)
{
	bool obliges = strcmp(w->patch.significance, "no") != 0;

	if (r->stage == PATCH_AGREED && out->move != PATCH_BACK)
		assert_true(in_force(w, w->patch.agreement));
	if (r->stage == PATCH_PLANNED && (out->move == PATCH_FORWARD || out->move == PATCH_JUMP)) {
		assert_true(in_force(w, w->patch.agreement));
		assert_true(w->patch.reboot[0] != '\0');
		if (strcmp(w->patch.reboot, "stop") == 0)
			assert_string_equal(w->patch.stop, "stop0");
	}
	if (r->stage == PATCH_VERIFIED) {
		assert_int_equal(out->move, PATCH_FORWARD);
		assert_string_equal(before, "done");
		check_verified(w, r);
	}
	if (r->stage == PATCH_DECLINED) {
		assert_true(in_force(w, w->patch.agreement));
		assert_true(w->patch.review_day > day_of_time(r->at, ZONE));
	}
	if (out->move == PATCH_JUMP && obliges) {
		assert_string_equal(w->patch.emergency, "yes");
		assert_true(r->reason[0] != '\0' && patch_owed(&w->facts) != 0);
	}
	if (out->move == PATCH_BACK || out->move == PATCH_ASIDE || out->move == PATCH_AGAIN)
		assert_true(r->reason[0] != '\0');
	if (w->patch.closed_at != TIME_NONE)
		assert_true(patch_closed(&w->facts));
}

static void test_random_walks(void **state)
{
	uint32_t seed = 20261014;
	int verified = 0, jumped = 0, refused = 0, declined = 0;

	(void)state;
	for (int walk = 0; walk < 4000; walk++) {
		struct world w;
		world_init(&w);
		walk_to(&w, PATCH_PUBLISHED);
		for (int i = 0; i < 160 && w.facts.step_count < MAX_STEPS; i++) {
			struct patch_outcome out;
			random_event(&w, &seed);
			struct patch_request r = random_request(&w, &seed);
			const char *before = w.patch.stage;
			if (take(&w, &r, &out) != 0) {
				refused++;
				continue;
			}
			check_step(&w, &r, &out, before);
			verified += r.stage == PATCH_VERIFIED;
			jumped += out.move == PATCH_JUMP;
			declined += r.stage == PATCH_DECLINED;
		}
	}
	assert_true(verified > 500 && jumped > 500 && refused > 500 && declined > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_way),
		cmocka_unit_test(test_every_host_counts),
		cmocka_unit_test(test_one_stage_at_a_time),
		cmocka_unit_test(test_plan_needs_agreement),
		cmocka_unit_test(test_plan_names_a_stop),
		cmocka_unit_test(test_emergency_leaves_steps_owed),
		cmocka_unit_test(test_emergency_cannot_type_an_agreement_away),
		cmocka_unit_test(test_only_significant_obliges),
		cmocka_unit_test(test_aside),
		cmocka_unit_test(test_workaround_is_proved),
		cmocka_unit_test(test_next_action),
		cmocka_unit_test(test_newer_stage_is_left_alone),
		cmocka_unit_test(test_random_walks),
	};
	return cmocka_run_group_tests_name("patch", tests, NULL, NULL);
}
