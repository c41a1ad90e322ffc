/* The newest file of a backup folder (S2.3(4)①): value is its age in seconds by the server's own clock, so that a wrong clock
 * there does not make a backup look old; min_size: a smaller one is no backup. */
#include "core/probe/kind.h"

enum { WARN = 26 * 3600, FAIL = 50 * 3600 };

static void script(const struct check *check, struct strbuf *out)
{
	kind_bounded("p=${1%/*}; [ -x \"${p:-/}\" ] || { echo denied; exit; }\n"
		     "[ -d \"$1\" ] || { echo missing; exit; }\n"
		     "cd \"$1\" >/dev/null && [ -r . ] || { echo denied; exit; }\n"
		     "n= c=0; for f in *; do [ -f \"$f\" ] || continue; c=$((c+1))\n"
		     "if [ -z \"$n\" ] || [ \"$f\" -nt \"$n\" ]; then n=$f; fi; done\n"
		     "echo \"files $c\"; [ -n \"$n\" ] || exit\n"
		     "stat -L -c 'newest %Y %s' \"./$n\" || stat -L -f 'newest %m %z' \"./$n\"\n"
		     "date '+now %s'; printf 'name %.300s\\n' \"$n\"",
		     check->path, out);
}

static void judge_file(const struct check *check, struct span all, int64_t made, int64_t size, int64_t now,
		       struct probe_verdict *v)
{
	struct span rest, word;
	struct strbuf text = { 0 };
	int64_t there, age;

	if (scan_value(all, "now", &rest) && scan_word(&rest, &word) && span_int(word, &there))
		now = there;
	if (made < 0 || size < 0 || __builtin_sub_overflow(now, made, &age))
		return;
	kind_rise(v, age > 0 ? age : 0, kind_limit(check->warn, WARN), kind_limit(check->fail, FAIL));
	if (check->min_size != TIME_NONE && size < check->min_size)
		kind_state(v, PROBE_DOWN, REASON_THRESHOLD);
	kind_span(age, &text);
	strbuf_add_char(&text, ' ');
	kind_bytes(size, &text);
	if (scan_value(all, "name", &rest)) {
		strbuf_add_char(&text, ' ');
		strbuf_add(&text, rest.at, rest.len);
	}
	kind_text(v, &text);
	strbuf_release(&text);
}

static void judge(const struct check *check, const char *out, size_t len, int64_t now, struct probe_verdict *v)
{
	struct span all = { out, len }, first, rest, word, second;
	struct strbuf text = { 0 };
	int64_t made, size, count;

	rest = all;
	bool any = scan_line(&rest, &first);
	if (scan_value(all, "newest", &rest) && scan_word(&rest, &word) && span_int(word, &made) &&
	    scan_word(&rest, &second) && span_int(second, &size)) {
		judge_file(check, all, made, size, now, v);
		return;
	}
	if (any && span_is(first, "missing"))
		kind_state(v, PROBE_DOWN, REASON_MISSING);
	else if (scan_value(all, "files", &rest) && scan_word(&rest, &word) && span_int(word, &count) && count == 0)
		kind_state(v, PROBE_DOWN, REASON_MISSING);
	strbuf_add_text(&text, check->path);
	if (any && span_is(first, "denied"))
		strbuf_add_text(&text, " (no permission)");
	kind_text(v, &text);
	strbuf_release(&text);
}

static int validate(const struct check *check, struct err *err)
{
	return kind_args(check, USES_PATH | USES_WARN | USES_FAIL | USES_SIZE, USES_PATH, err);
}

const struct probe_kind probe_backup = {
	.name = "backup",
	.title = NC_("probe", "Backup"),
	.unit = "s",
	.needs_shell = true,
	.integrity = true,
	.script = script,
	.judge = judge,
	.validate = validate,
};
