/* Processes by name (the kernel's, 15 bytes). value: how many. fail: fewer than this is down (1 when not
 * given); warn: more than this is a warning. Where other users' processes are hidden, none seen is unknown. */
#include "core/probe/kind.h"

static void script(const struct check *check, struct strbuf *out)
{
	kind_count_script(check->process, out);
}

static void judge(const struct check *check, const char *out, size_t len, int64_t now, struct probe_verdict *v)
{
	struct span all = { out, len }, rest = all, line, word;
	struct strbuf text = { 0 };
	bool hidden = false;
	int64_t count;

	(void)now;
	while (scan_line(&rest, &line))
		hidden = hidden || span_is(line, "hidden");
	if (!scan_value(all, "processes", &rest) || !scan_word(&rest, &word) || !span_int(word, &count) || count < 0)
		return;
	v->value = count;
	if (count >= kind_limit(check->fail, 1))
		kind_rise(v, count, check->warn != TIME_NONE ? check->warn + 1 : TIME_NONE, TIME_NONE);
	else if (!hidden)
		kind_state(v, PROBE_DOWN, REASON_MISSING);
	strbuf_addf(&text, "processes %lld%s", (long long)count, hidden ? " (others hidden)" : "");
	kind_text(v, &text);
	strbuf_release(&text);
}

static int validate(const struct check *check, struct err *err)
{
	return kind_args(check, USES_PROCESS | USES_WARN | USES_FAIL, USES_PROCESS, err);
}

const struct probe_kind probe_process = {
	.name = "process",
	.title = NC_("probe", "Process"),
	.unit = "",
	.needs_shell = true,
	.script = script,
	.judge = judge,
	.validate = validate,
};
