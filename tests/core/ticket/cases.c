/* The recovery clock's cases: the list recovery_clock of a service-levels file. */
#include "tests/cases.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/civil.h"
#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "core/ticket/recovery.h"

enum { ZONE = 32400, TARGET_S = 172800 };

static const struct calendar city = { .offset_s = ZONE, .office = { 1229, 103 }, .reception = { 1229, 103 } };

static const char *member(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) && v != NULL ? json_object_get_string(v) : NULL;
}

static bool flag(struct json_object *o, const char *key)
{
	const char *text = member(o, key);

	return text != NULL && strcmp(text, "true") == 0;
}

static int64_t moment(struct json_object *o, const char *key)
{
	const char *text = member(o, key);
	int64_t t;

	return text != NULL && time_parse(text, 0, ZONE, &t) ? t : TIME_NONE;
}

static void read_facts(struct json_object *o, struct recovery_facts *f)
{
	struct json_object *deferral = NULL;
	const char *severity = member(o, "severity"), *cause = member(o, "cause");

	json_object_object_get_ex(o, "deferral", &deferral);
	*f = (struct recovery_facts){
		.severity = severity_of(severity != NULL ? severity : ""),
		.cause = flag(o, "out_of_scope") ? CAUSE_OTHER : cause != NULL ? cause_of(cause) : CAUSE_DELIVERED,
		.detected_at = moment(o, "detected_at"),
		.contact_at = moment(o, "contact_at"),
		.accepted_at = moment(o, "accepted_at"),
		.recovered_at = moment(o, "recovered_at"),
		.deferral_agreed_at = deferral != NULL ? moment(deferral, "agreed_at") : TIME_NONE,
		.deferral_due = deferral != NULL ? moment(deferral, "new_due") : TIME_NONE,
		.target_s = TARGET_S,
		.self_detected_counts = flag(o, "self_detected_counts"),
		.clock = true,
	};
}

static void expect_number(struct json_object *expect, const char *key, int64_t is, bool time, struct strbuf *why)
{
	struct json_object *v;

	if (!json_object_object_get_ex(expect, key, &v))
		return;
	int64_t wanted = v == NULL ? TIME_NONE : time ? moment(expect, key) : json_object_get_int64(v);
	if (is != wanted)
		strbuf_addf(why, "%s%s: expected %s, is %lld", why->len > 0 ? "; " : "", key,
			    v != NULL ? json_object_get_string(v) : "none", (long long)is);
}

static void run_case(struct json_object *o)
{
	struct recovery_facts f;
	struct recovery r;
	struct strbuf why = { 0 }, name = { 0 };
	struct json_object *expect = NULL;

	read_facts(o, &f);
	int64_t now = moment(o, "now");
	recovery_judge(&f, &city, now != TIME_NONE ? now : f.recovered_at != TIME_NONE ? f.recovered_at : 0, &r);
	if (json_object_object_get_ex(o, "expect", &expect) && expect != NULL) {
		const char *state = member(expect, "state");
		if (state != NULL && strcmp(state, recovery_state_name(r.state)) != 0)
			strbuf_addf(&why, "state: expected %s, is %s", state, recovery_state_name(r.state));
		expect_number(expect, "start", r.start, true, &why);
		expect_number(expect, "due", r.due, true, &why);
		expect_number(expect, "over_s", r.over_s, false, &why);
		expect_number(expect, "elapsed_s", r.elapsed_s, false, &why);
		expect_number(expect, "remaining_s", r.remaining_s, false, &why);
	} else {
		strbuf_add_text(&why, "the case expects nothing");
	}
	const char *id = member(o, "id"), *title = member(o, "title");
	strbuf_addf(&name, "%s %s", id != NULL ? id : "?", title != NULL ? title : "");
	case_result(why.len == 0, strbuf_text(&name), strbuf_text(&why));
	strbuf_release(&why);
	strbuf_release(&name);
}

bool cases_recovery_clock(const char *path)
{
	char *file = case_file(path);
	struct json_object *root = json_tokener_parse(file), *list = NULL;
	bool any = root != NULL && json_object_object_get_ex(root, "recovery_clock", &list) &&
		   json_object_is_type(list, json_type_array) && json_object_array_length(list) > 0;

	for (size_t i = 0; any && i < json_object_array_length(list); i++)
		run_case(json_object_array_get_idx(list, i));
	json_object_put(root);
	free(file);
	return any;
}
