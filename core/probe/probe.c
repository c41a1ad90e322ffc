/* The list of kinds, their names, the script of a host and the way back from its output. */
#include "core/probe/probe.h"

#include <string.h>

#include "core/base/text.h"
#include "core/probe/kind.h"

static const char *const state_names[] = {
	[PROBE_NEVER] = "never",   [PROBE_UP] = "up",           [PROBE_WARN] = "warn",   [PROBE_DOWN] = "down",
	[PROBE_UNREACH] = "unreach", [PROBE_UNKNOWN] = "unknown", [PROBE_STALE] = "stale",
};
static const char *const state_titles[] = {
	[PROBE_NEVER] = NC_("state", "Never probed"),
	[PROBE_UP] = NC_("state", "Normal"),
	[PROBE_WARN] = NC_("state", "Warning"),
	[PROBE_DOWN] = NC_("state", "Down"),
	[PROBE_UNREACH] = NC_("state", "Unreachable"),
	[PROBE_UNKNOWN] = NC_("state", "Unknown"),
	[PROBE_STALE] = NC_("state", "Stale"),
};
static const char *const reason_names[] = {
	[REASON_NONE] = "",
	[REASON_NO_ANSWER] = "no-answer",
	[REASON_TIMEOUT] = "timeout",
	[REASON_AUTH] = "auth",
	[REASON_KEY_CHANGED] = "key-changed",
	[REASON_KEY_UNTRUSTED] = "key-untrusted",
	[REASON_RESOLVE] = "resolve",
	[REASON_PROTOCOL] = "protocol",
	[REASON_OUTPUT] = "output",
	[REASON_THRESHOLD] = "threshold",
	[REASON_MISSING] = "missing",
	[REASON_OWN_NETWORK] = "own-network",
	[REASON_HOST] = "host",
};
static const char *const reason_titles[] = {
	[REASON_NONE] = "",
	[REASON_NO_ANSWER] = N_("no answer"),
	[REASON_TIMEOUT] = N_("time ran out"),
	[REASON_AUTH] = N_("log-in refused"),
	[REASON_KEY_CHANGED] = N_("host key changed"),
	[REASON_KEY_UNTRUSTED] = N_("host key not confirmed"),
	[REASON_RESOLVE] = N_("name not found"),
	[REASON_PROTOCOL] = N_("no common protocol"),
	[REASON_OUTPUT] = N_("answer not understood"),
	[REASON_THRESHOLD] = N_("over the limit"),
	[REASON_MISSING] = N_("not there"),
	[REASON_OWN_NETWORK] = N_("this PC is offline"),
	[REASON_HOST] = N_("the host cannot be asked"),
};

const struct probe_kind *const probe_kinds[] = {
#define PROBE(name) &probe_##name,
#include "core/probe/probe.def"
#undef PROBE
	NULL,
};

const struct probe_kind *probe_kind_find(const char *name)
{
	for (size_t i = 0; probe_kinds[i] != NULL; i++) {
		if (strcmp(probe_kinds[i]->name, name) == 0)
			return probe_kinds[i];
	}
	return NULL;
}

const char *probe_state_name(enum probe_state state)
{
	return state_names[state];
}

const char *probe_state_title(enum probe_state state)
{
	return state_titles[state];
}

bool probe_state_parse(const char *name, enum probe_state *out)
{
	for (size_t i = 0; i < sizeof state_names / sizeof *state_names; i++) {
		if (strcmp(state_names[i], name) == 0) {
			*out = (enum probe_state)i;
			return true;
		}
	}
	return false;
}

enum probe_state probe_state_now(enum probe_state state, int64_t at, int interval_s, int64_t now)
{
	if (at == TIME_NONE || state == PROBE_NEVER)
		return PROBE_NEVER;
	return now - at > 3 * (int64_t)interval_s ? PROBE_STALE : state;
}

const char *probe_reason_name(enum probe_reason reason)
{
	return reason_names[reason];
}

const char *probe_reason_title(enum probe_reason reason)
{
	return reason_titles[reason];
}

bool probe_reason_parse(const char *name, enum probe_reason *out)
{
	for (size_t i = 0; i < sizeof reason_names / sizeof *reason_names; i++) {
		if (strcmp(reason_names[i], name) == 0) {
			*out = (enum probe_reason)i;
			return true;
		}
	}
	return false;
}

/* ---- script ---- */

void probe_quote(const char *text, struct strbuf *out)
{
	strbuf_add_char(out, '\'');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\'')
			strbuf_add_text(out, "'\\''");
		else
			strbuf_add_char(out, *p);
	}
	strbuf_add_char(out, '\'');
}

/* T limits one command where the system can; the watchdog ends the whole session's group, and takes its own sleep with it when
 * it is not needed. */
static const char prologue[] =
	"LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
	"export LC_ALL PATH\n"
	"umask 077\n"
	"T= P=\n"
	"if timeout -s KILL 5 true; then T='timeout -s KILL 10'\n"
	"elif timeout -t 5 -s KILL true; then T='timeout -t 10 -s KILL'\n"
	"fi >/dev/null 2>&1\n"
	"( trap 'kill \"$s\"; exit' TERM; sleep 45 & s=$!; wait \"$s\" && kill -s KILL -- \"-$$\" ) </dev/null >/dev/null 2>&1 &\n"
	"w=$!\n"
	"o=$(exec 2>/dev/null\n";

void probe_script(const struct contract *c, const struct host *h, const char *nonce, struct strbuf *out)
{
	strbuf_add_text(out, prologue);
	for (size_t i = 0; i < c->check_count; i++) {
		const struct check *check = &c->checks[i];
		const struct probe_kind *kind = probe_kind_find(check->kind);

		if (strcmp(check->host, h->id) != 0 || kind == NULL || kind->script == NULL)
			continue;
		strbuf_addf(out, "echo '=%s:%s'\n", nonce, check->id);
		kind->script(check, out);
		strbuf_add_text(out, "echo\n");
	}
	strbuf_addf(out, "echo '=%s.'\n", nonce);
	strbuf_add_text(out, ")\nprintf '%s\\n' \"$o\"\nkill \"$w\" 2>/dev/null\n:\n");
}

/* The line that is exactly mark, within [at, end). */
static const char *find_mark(const char *at, const char *end, const struct strbuf *mark)
{
	struct span rest = { at, (size_t)(end - at) }, line;

	while (scan_line(&rest, &line)) {
		if (line.len == mark->len && memcmp(line.at, mark->buf, mark->len) == 0)
			return line.at;
	}
	return NULL;
}

bool probe_section(const char *bytes, size_t len, const char *nonce, const char *check_id, const char **section,
		   size_t *section_len)
{
	struct strbuf mark = { 0 };
	const char *end = bytes + len;
	bool found = false;

	strbuf_addf(&mark, "=%s.", nonce);
	const char *stop = find_mark(bytes, end, &mark);
	strbuf_clear(&mark);
	strbuf_addf(&mark, "=%s:%s", nonce, check_id);
	const char *start = stop != NULL ? find_mark(bytes, stop, &mark) : NULL;
	if (start != NULL) {
		struct span rest = { start, (size_t)(stop - start) }, line;
		scan_line(&rest, &line);
		*section = rest.at;
		strbuf_clear(&mark);
		strbuf_addf(&mark, "=%s:", nonce);
		*section_len = rest.len;
		while (scan_line(&rest, &line)) {
			if (line.len >= mark.len && memcmp(line.at, mark.buf, mark.len) == 0) {
				*section_len = (size_t)(line.at - *section);
				break;
			}
		}
		found = true;
	}
	strbuf_release(&mark);
	return found;
}

/* ---- verdicts ---- */

static void verdict_init(struct probe_verdict *v)
{
	memset(v, 0, sizeof *v);
	v->state = PROBE_UNKNOWN;
	v->reason = REASON_OUTPUT;
	v->response_ms = v->value = TIME_NONE;
}

void probe_judge(const struct check *check, const char *bytes, size_t len, const char *nonce, int64_t now,
		 struct probe_verdict *v)
{
	const struct probe_kind *kind = probe_kind_find(check->kind);
	const char *section;
	size_t section_len;

	verdict_init(v);
	if (kind != NULL && kind->judge != NULL &&
	    probe_section(bytes, len, nonce, check->id, &section, &section_len))
		kind->judge(check, section, section_len, now, v);
}

enum probe_state probe_link_state(enum probe_reason reason)
{
	switch (reason) {
	case REASON_NONE:
		return PROBE_UP;
	case REASON_NO_ANSWER:
	case REASON_TIMEOUT:
	case REASON_KEY_CHANGED: /* the server we know is not the one that answers there */
		return PROBE_DOWN;
	case REASON_OWN_NETWORK:
		return PROBE_UNREACH;
	default:
		return PROBE_UNKNOWN;
	}
}

void probe_judge_link(const struct check *check, enum probe_reason reason, int64_t response_ms, const char *text,
		      struct probe_verdict *v)
{
	struct strbuf line = { 0 };

	verdict_init(v);
	kind_state(v, probe_link_state(reason), reason);
	if (reason == REASON_NONE) {
		v->response_ms = v->value = response_ms;
		kind_rise(v, response_ms, check->warn, TIME_NONE);
		if (response_ms != TIME_NONE)
			strbuf_addf(&line, "%lld ms", (long long)response_ms);
	} else {
		strbuf_add_text(&line, text);
	}
	kind_text(v, &line);
	strbuf_release(&line);
}

void kind_state(struct probe_verdict *v, enum probe_state state, enum probe_reason reason)
{
	v->state = state;
	v->reason = reason;
}

void kind_rise(struct probe_verdict *v, int64_t value, int64_t warn, int64_t fail)
{
	v->value = value;
	if (fail != TIME_NONE && value != TIME_NONE && value >= fail)
		kind_state(v, PROBE_DOWN, REASON_THRESHOLD);
	else if (warn != TIME_NONE && value != TIME_NONE && value >= warn)
		kind_state(v, PROBE_WARN, REASON_THRESHOLD);
	else
		kind_state(v, PROBE_UP, REASON_NONE);
}

int64_t kind_limit(int64_t given, int64_t otherwise)
{
	return given != TIME_NONE ? given : otherwise;
}

void kind_text(struct probe_verdict *v, const struct strbuf *text)
{
	struct strbuf clean = { 0 };

	text_sanitize(strbuf_text(text), text->len, &clean);
	size_t len = clean.len < sizeof v->text ? clean.len : sizeof v->text - 1;
	if (len < clean.len) {
		while (len > 0 && ((unsigned char)clean.buf[len] & 0xc0) == 0x80)
			len--;
	}
	if (len > 0)
		memcpy(v->text, clean.buf, len);
	v->text[len] = '\0';
	strbuf_release(&clean);
}

void kind_bytes(int64_t bytes, struct strbuf *out)
{
	static const char units[] = "BKMGTP";
	size_t unit = 0;
	int64_t tenths = bytes > INT64_MAX / 10 ? INT64_MAX / 10 * 10 : bytes * 10;

	while (tenths >= 10240 && units[unit + 1] != '\0') {
		tenths /= 1024;
		unit++;
	}
	if (unit == 0 || tenths >= 1000)
		strbuf_addf(out, "%lld%c", (long long)(tenths / 10), units[unit]);
	else
		strbuf_addf(out, "%lld.%lld%c", (long long)(tenths / 10), (long long)(tenths % 10), units[unit]);
}

void kind_span(int64_t seconds, struct strbuf *out)
{
	long long s = seconds < 0 ? -(seconds + (seconds == INT64_MIN)) : seconds;

	if (seconds < 0)
		strbuf_add_char(out, '-');
	if (s >= 2 * DAY_SECONDS)
		strbuf_addf(out, "%lldd", s / DAY_SECONDS);
	else if (s >= 2 * 3600)
		strbuf_addf(out, "%lldh", s / 3600);
	else if (s >= 2 * 60)
		strbuf_addf(out, "%lldm", s / 60);
	else
		strbuf_addf(out, "%llds", s);
}

/* ---- arguments ---- */

static const struct {
	unsigned bit;
	const char *name;
} arg_names[] = {
	{ USES_PORT, "port" }, { USES_PATH, "path" }, { USES_SERVICE, "service" }, { USES_PROCESS, "process" },
	{ USES_WARN, "warn" }, { USES_FAIL, "fail" }, { USES_SIZE, "min_size" },
};

static unsigned given_args(const struct check *check)
{
	unsigned given = 0;

	given |= check->port != 0 ? USES_PORT : 0;
	given |= check->path != NULL && check->path[0] != '\0' ? USES_PATH : 0;
	given |= check->service != NULL && check->service[0] != '\0' ? USES_SERVICE : 0;
	given |= check->process != NULL && check->process[0] != '\0' ? USES_PROCESS : 0;
	given |= check->warn != TIME_NONE ? USES_WARN : 0;
	given |= check->fail != TIME_NONE ? USES_FAIL : 0;
	given |= check->min_size != TIME_NONE && check->min_size != 0 ? USES_SIZE : 0;
	return given;
}

int kind_args(const struct check *check, unsigned uses, unsigned required, struct err *err)
{
	unsigned given = given_args(check);

	for (size_t i = 0; i < sizeof arg_names / sizeof *arg_names; i++) {
		if ((given & ~uses & arg_names[i].bit) != 0)
			return ERR(err, HS_ERR_INVALID, N_("check '{1}' of kind '{2}' does not use '{3}'; take it out"),
				   check->id, check->kind, arg_names[i].name);
		if ((required & ~given & arg_names[i].bit) != 0)
			return ERR(err, HS_ERR_INVALID, N_("check '{1}' of kind '{2}' needs '{3}'"), check->id,
				   check->kind, arg_names[i].name);
	}
	if ((given & USES_PATH) != 0 && check->path[0] != '/')
		return ERR(err, HS_ERR_INVALID, N_("path '{2}' of check '{1}' must begin with '/'"), check->id,
			   check->path);
	if ((given & USES_PORT) != 0 && (check->port < 1 || check->port > 65535))
		return ERR(err, HS_ERR_INVALID, N_("port {2} of check '{1}' is not one of 1 to 65535"), check->id,
			   MSG_INT(check->port));
	if ((given & USES_WARN) != 0 && check->warn < 0)
		return ERR(err, HS_ERR_INVALID, N_("warn of check '{1}' is below 0"), check->id);
	if ((given & USES_FAIL) != 0 && check->fail < 0)
		return ERR(err, HS_ERR_INVALID, N_("fail of check '{1}' is below 0"), check->id);
	return 0;
}

int probe_validate(const struct check *check, struct err *err)
{
	const struct probe_kind *kind = probe_kind_find(check->kind);
	struct strbuf known = { 0 };

	if (kind != NULL)
		return kind->validate(check, err);
	for (size_t i = 0; probe_kinds[i] != NULL; i++)
		strbuf_addf(&known, "%s%s", i > 0 ? ", " : "", probe_kinds[i]->name);
	int code = ERR(err, HS_ERR_INVALID, N_("check '{1}' has the unknown kind '{2}'; known are {3}"), check->id,
		       check->kind, strbuf_text(&known));
	strbuf_release(&known);
	return code;
}

/* ---- pieces of script ---- */

void kind_bounded(const char *body, const char *arg, struct strbuf *out)
{
	strbuf_add_text(out, "$T sh -c ");
	probe_quote(body, out);
	strbuf_add_text(out, " sh ");
	probe_quote(arg, out);
	strbuf_add_char(out, '\n');
}

/* The kernel keeps the first 15 bytes of a name. All names are read once, for all the checks of a run. */
void kind_count_script(const char *name, struct strbuf *out)
{
	char comm[16] = "";

	for (size_t i = 0; i + 1 < sizeof comm && name[i] != '\0'; i++)
		comm[i] = name[i];
	strbuf_add_text(out,
		"if [ -z \"$P\" ]; then if [ -r /proc/self/comm ]; then P=$(cat /proc/[0-9]*/comm)\n"
		"else P=$(ps -A -o comm= | head -n 50000 | sed 's|.*/||; s/^\\(.\\{15\\}\\).*/\\1/'); fi; fi\n"
		"[ ! -r /proc/self/comm ] || [ -r /proc/1/comm ] || echo hidden\n"
		"echo processes $(printf '%s\\n' \"$P\" | grep -c -x -F -e ");
	probe_quote(comm, out);
	strbuf_add_text(out, ")\n");
}
