/* Difference between the server's clock and ours: value is its size in seconds. What the way there and back takes is part of
 * it, so a second or two say nothing. */
#include "core/probe/kind.h"

enum { WARN = 10, FAIL = 300 };

static void script(const struct check *check, struct strbuf *out)
{
	(void)check;
	strbuf_add_text(out, "date '+clock %s'\n");
}

static void judge(const struct check *check, const char *out, size_t len, int64_t now, struct probe_verdict *v)
{
	struct span all = { out, len }, rest, word;
	struct strbuf text = { 0 };
	int64_t there, ahead;

	if (!scan_value(all, "clock", &rest) || !scan_word(&rest, &word) || !span_int(word, &there) || there < 0 ||
	    __builtin_sub_overflow(there, now, &ahead))
		return;
	kind_rise(v, ahead < 0 ? -ahead : ahead, kind_limit(check->warn, WARN), kind_limit(check->fail, FAIL));
	strbuf_addf(&text, "%+lld s", (long long)ahead);
	kind_text(v, &text);
	strbuf_release(&text);
}

static int validate(const struct check *check, struct err *err)
{
	return kind_args(check, USES_WARN | USES_FAIL, 0, err);
}

const struct probe_kind probe_clock = {
	.name = "clock",
	.title = NC_("probe", "Clock"),
	.unit = "s",
	.needs_shell = true,
	.script = script,
	.judge = judge,
	.validate = validate,
};
