/* Load and time since start. value: the 1-minute load in percent of the processors; warn and fail are such
 * percents, and none is judged by default: a busy server is no fault. */
#include "core/probe/kind.h"

#include <string.h>

static void script(const struct check *check, struct strbuf *out)
{
	(void)check;
	strbuf_add_text(out,
		"IFS= read -r l </proc/loadavg && echo \"load $l\" || uptime | head -n 1\n"
		"IFS= read -r l </proc/uptime && echo \"up $l\"\n"
		"echo \"cpus $(getconf _NPROCESSORS_ONLN || grep -c '^processor' /proc/cpuinfo)\"\n");
}

/* The number after "load average:" or "load averages:" of uptime(1), where there is no /proc. */
static bool uptime_load(struct span all, int64_t *milli)
{
	struct span line, word;

	while (scan_line(&all, &line)) {
		bool next = false;
		while (scan_word(&line, &word)) {
			if (next) {
				if (word.at[word.len - 1] == ',')
					word.len--;
				return span_milli(word, milli);
			}
			next = span_is(word, "average:") || span_is(word, "averages:");
		}
	}
	return false;
}

static void judge(const struct check *check, const char *out, size_t len, int64_t now, struct probe_verdict *v)
{
	struct span all = { out, len }, rest, word;
	int64_t load, cpus = 0, up;
	struct strbuf text = { 0 };

	(void)now;
	bool found = scan_value(all, "load", &rest) && scan_word(&rest, &word) ? span_milli(word, &load)
									       : uptime_load(all, &load);
	if (!found || load > 1000LL * 1000 * 1000)
		return;
	if (!scan_value(all, "cpus", &rest) || !scan_word(&rest, &word) || !span_int(word, &cpus) || cpus < 1 || cpus > 65536)
		cpus = 0;
	kind_rise(v, cpus > 0 ? load / (10 * cpus) : TIME_NONE, check->warn, check->fail);
	strbuf_addf(&text, "load %lld.%02lld", (long long)(load / 1000), (long long)(load % 1000 / 10));
	if (cpus > 0)
		strbuf_addf(&text, "/%lld", (long long)cpus);
	if (scan_value(all, "up", &rest) && scan_word(&rest, &word) && span_milli(word, &up)) {
		strbuf_add_text(&text, " up ");
		kind_span(up / 1000, &text);
	}
	kind_text(v, &text);
	strbuf_release(&text);
}

static int validate(const struct check *check, struct err *err)
{
	return kind_args(check, USES_WARN | USES_FAIL, 0, err);
}

const struct probe_kind probe_uptime = {
	.name = "uptime",
	.title = NC_("probe", "Load"),
	.unit = "%",
	.needs_shell = true,
	.script = script,
	.judge = judge,
	.validate = validate,
};
