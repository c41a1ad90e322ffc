/* Room on the file system that holds path ("/" when none is given): value is the percent in use, of blocks or of inodes, whichever is
 * worse, rounded up as df does. */
#include "core/probe/kind.h"

enum { WARN = 85, FAIL = 95 };

static void script(const struct check *check, struct strbuf *out)
{
	kind_bounded("[ -e \"$1\" ] || { echo missing; exit; }\n"
		     "df -P -k \"$1\" | head -n 3; echo inodes; df -P -i \"$1\" | head -n 3",
		     check->path[0] != '\0' ? check->path : "/", out);
}

struct usage {
	int64_t used, available;
};

/* "name blocks used available 61% mount": the name may hold blanks, so the numbers are looked for. */
static bool df_line(struct span line, struct usage *u)
{
	struct span word;
	int64_t last[3] = { 0 };
	int numbers = 0;

	while (scan_word(&line, &word)) {
		int64_t n;
		if (numbers >= 3 && (word.at[word.len - 1] == '%' || span_is(word, "-"))) {
			u->used = last[1];
			u->available = last[2] > 0 ? last[2] : 0;
			return last[0] > 0 && last[1] >= 0 && last[1] < INT64_MAX / 4096 && last[2] < INT64_MAX / 4096;
		}
		if (!span_int(word, &n)) {
			numbers = 0;
			continue;
		}
		last[0] = last[1];
		last[1] = last[2];
		last[2] = n;
		numbers++;
	}
	return false;
}

static int64_t percent(const struct usage *u)
{
	int64_t all = u->used + u->available;

	return all > 0 ? (u->used * 100 + all - 1) / all : 100;
}

static void judge(const struct check *check, const char *out, size_t len, int64_t now, struct probe_verdict *v)
{
	struct span all = { out, len }, line;
	struct usage u, blocks = { -1, 0 }, inodes = { -1, 0 };
	bool in_inodes = false;
	struct strbuf text = { 0 };

	(void)now;
	while (scan_line(&all, &line)) {
		if (span_is(line, "missing")) {
			kind_state(v, PROBE_DOWN, REASON_MISSING);
			strbuf_add_text(&text, check->path);
			goto out;
		}
		if (span_is(line, "inodes"))
			in_inodes = true;
		else if (df_line(line, &u))
			*(in_inodes ? &inodes : &blocks) = u;
	}
	if (blocks.used < 0)
		return;
	int64_t of_blocks = percent(&blocks), of_inodes = inodes.used >= 0 ? percent(&inodes) : -1;
	kind_rise(v, of_blocks > of_inodes ? of_blocks : of_inodes, kind_limit(check->warn, WARN),
		  kind_limit(check->fail, FAIL));
	strbuf_addf(&text, "%s %lld%% free ", check->path[0] != '\0' ? check->path : "/", (long long)of_blocks);
	kind_bytes(blocks.available * 1024, &text);
	if (of_inodes > of_blocks)
		strbuf_addf(&text, " inodes %lld%%", (long long)of_inodes);
out:
	kind_text(v, &text);
	strbuf_release(&text);
}

static int validate(const struct check *check, struct err *err)
{
	return kind_args(check, USES_PATH | USES_WARN | USES_FAIL, 0, err);
}

const struct probe_kind probe_disk = {
	.name = "disk",
	.title = NC_("probe", "Disk"),
	.unit = "%",
	.needs_shell = true,
	.script = script,
	.judge = judge,
	.validate = validate,
};
