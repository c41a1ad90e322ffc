/* Memory in use: value is the percent that programs cannot get any more, from MemAvailable, or on older
 * kernels free + buffers + cached, or free(1) by its column titles. */
#include "core/probe/kind.h"

#include <string.h>

enum { WARN = 90, FAIL = 98 };

static void script(const struct check *check, struct strbuf *out)
{
	(void)check;
	strbuf_add_text(out, "if [ -r /proc/meminfo ]; then\n"
		"grep -E '^(Mem(Total|Free|Available)|Buffers|Cached|Swap(Total|Free)):' /proc/meminfo | head -n 12\n"
		"else free -k | head -n 5; fi\n");
}

struct memory {
	int64_t total, available, free, buffers, cached, swap_total, swap_free;
};

/* "MemTotal:  2035228 kB" */
static void meminfo_line(struct span line, struct memory *m)
{
	static const struct {
		const char *key;
		size_t offset;
	} keys[] = {
		{ "MemTotal:", offsetof(struct memory, total) },
		{ "MemAvailable:", offsetof(struct memory, available) },
		{ "MemFree:", offsetof(struct memory, free) },
		{ "Buffers:", offsetof(struct memory, buffers) },
		{ "Cached:", offsetof(struct memory, cached) },
		{ "SwapTotal:", offsetof(struct memory, swap_total) },
		{ "SwapFree:", offsetof(struct memory, swap_free) },
	};
	struct span key, number;
	int64_t n;

	if (!scan_word(&line, &key) || !scan_word(&line, &number) || !span_int(number, &n) || n < 0 || n > INT64_MAX / 4096)
		return;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (span_is(key, keys[i].key))
			*(int64_t *)(void *)((char *)m + keys[i].offset) = n;
	}
}

/* free(1): the columns are found by their titles, for they moved between versions. */
static void free_lines(struct span all, struct memory *m)
{
	struct span head, line, word;

	if (!scan_line(&all, &head))
		return;
	while (scan_line(&all, &line)) {
		struct span titles = head, title;
		int64_t n;
		if (!scan_word(&line, &word) || !span_is(word, "Mem:"))
			continue;
		while (scan_word(&titles, &title) && scan_word(&line, &word)) {
			if (!span_int(word, &n) || n < 0 || n > INT64_MAX / 4096)
				continue;
			if (span_is(title, "total"))
				m->total = n;
			else if (span_is(title, "free"))
				m->free = n;
			else if (span_is(title, "available"))
				m->available = n;
			else if (span_is(title, "buffers"))
				m->buffers = n;
			else if (span_is(title, "cached") || span_is(title, "buff/cache"))
				m->cached = n;
		}
	}
}

static void judge(const struct check *check, const char *out, size_t len, int64_t now, struct probe_verdict *v)
{
	struct memory m = { -1, -1, -1, 0, 0, 0, 0 };
	struct span all = { out, len }, rest = all, line;
	struct strbuf text = { 0 };

	(void)now;
	while (scan_line(&rest, &line))
		meminfo_line(line, &m);
	if (m.total < 0)
		free_lines(all, &m);
	if (m.available < 0 && m.free >= 0)
		m.available = m.free + m.buffers + m.cached;
	if (m.total <= 0 || m.available < 0)
		return;
	int64_t available = m.available < m.total ? m.available : m.total;
	kind_rise(v, ((m.total - available) * 100 + m.total - 1) / m.total, kind_limit(check->warn, WARN),
		  kind_limit(check->fail, FAIL));
	strbuf_addf(&text, "%lld%% ", (long long)v->value);
	kind_bytes((m.total - available) * 1024, &text);
	strbuf_add_char(&text, '/');
	kind_bytes(m.total * 1024, &text);
	if (m.swap_total > m.swap_free) {
		strbuf_add_text(&text, " swap ");
		kind_bytes((m.swap_total - m.swap_free) * 1024, &text);
	}
	kind_text(v, &text);
	strbuf_release(&text);
}

static int validate(const struct check *check, struct err *err)
{
	return kind_args(check, USES_WARN | USES_FAIL, 0, err);
}

const struct probe_kind probe_memory = {
	.name = "memory",
	.title = NC_("probe", "Memory"),
	.unit = "%",
	.needs_shell = true,
	.script = script,
	.judge = judge,
	.validate = validate,
};
