/* A service: its systemd unit where systemd runs and knows it, otherwise the processes of that name. value: 1 when it runs, else 0. */
#include "core/probe/kind.h"

#include <string.h>

static void script(const struct check *check, struct strbuf *out)
{
	strbuf_add_text(out, "[ -d /run/systemd/system ] && $T systemctl show -p LoadState -p ActiveState -p SubState -- ");
	probe_quote(check->service, out);
	strbuf_add_text(out, " | head -n 5\n");
	kind_count_script(check->service, out);
}

static bool equals_value(struct span all, const char *key, struct span *value)
{
	struct span line;

	while (scan_line(&all, &line)) {
		if (span_starts(line, key)) {
			*value = (struct span){ line.at + strlen(key), line.len - strlen(key) };
			return true;
		}
	}
	return false;
}

static void judge_unit(struct span active, struct span sub, struct probe_verdict *v)
{
	struct strbuf text = { 0 };

	v->value = span_is(active, "active") || span_is(active, "reloading") || span_is(active, "refreshing");
	if (v->value == 1)
		kind_state(v, PROBE_UP, REASON_NONE);
	else if (span_is(active, "activating") || span_is(active, "deactivating") || span_is(active, "maintenance"))
		kind_state(v, PROBE_WARN, REASON_THRESHOLD);
	else if (span_is(active, "inactive") || span_is(active, "failed"))
		kind_state(v, PROBE_DOWN, REASON_MISSING);
	strbuf_add_text(&text, "systemd ");
	strbuf_add(&text, active.at, active.len);
	if (sub.len > 0) {
		strbuf_add_char(&text, '/');
		strbuf_add(&text, sub.at, sub.len);
	}
	kind_text(v, &text);
	strbuf_release(&text);
}

static void judge(const struct check *check, const char *out, size_t len, int64_t now, struct probe_verdict *v)
{
	struct span all = { out, len }, load, active, sub = { "", 0 };
	bool unit = equals_value(all, "LoadState=", &load) && !span_is(load, "not-found") &&
		    equals_value(all, "ActiveState=", &active);

	equals_value(all, "SubState=", &sub);
	if (unit) {
		judge_unit(active, sub, v);
		return;
	}
	struct check as_process = *check;
	as_process.warn = as_process.fail = TIME_NONE;
	probe_process.judge(&as_process, out, len, now, v);
}

static int validate(const struct check *check, struct err *err)
{
	return kind_args(check, USES_SERVICE, USES_SERVICE, err);
}

const struct probe_kind probe_service = {
	.name = "service",
	.title = NC_("probe", "Service"),
	.unit = "",
	.needs_shell = true,
	.script = script,
	.judge = judge,
	.validate = validate,
};
