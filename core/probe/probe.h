/* Probes: what is asked of a server, how the answer is read, how it is judged. One file a kind, one line in probe.def.
 *
 * One script per host and cycle holds a section for each of its checks; the nonce of the run marks the
 * sections, so that no output can pretend to be another's. Pure: scripts out, bytes in, verdicts out. */
#ifndef CORE_PROBE_PROBE_H
#define CORE_PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/contract/contract.h"

struct strbuf;

/* Six states, never mixed up (issue: down, unreachable because our own network is down, unknown, stale and never). Stale
 * is judged on reading, from the age: probe_state_now(). */
enum probe_state {
	PROBE_NEVER,   /* no result ever */
	PROBE_UP,
	PROBE_WARN,    /* works, but over a threshold */
	PROBE_DOWN,
	PROBE_UNREACH, /* our own path is down: nothing is known of the server */
	PROBE_UNKNOWN, /* asked and not understood, or the host behind it cannot be asked */
	PROBE_STALE,   /* the newest result is older than max_gap */
};
const char *probe_state_name(enum probe_state state); /* "up", "down" …: for --json and the database */
bool probe_state_parse(const char *name, enum probe_state *out);
/* What state is worth at now: a result older than 3 intervals is stale (domain-rules §2 max_gap). */
enum probe_state probe_state_now(enum probe_state state, int64_t at, int interval_s, int64_t now);

/* Why it is not up; the names of screens.md §0: 応答なし 認証失敗 ホスト鍵変更 時間切れ このPCの回線断 … */
enum probe_reason {
	REASON_NONE,
	REASON_NO_ANSWER,     /* refused, reset, no route */
	REASON_TIMEOUT,
	REASON_AUTH,
	REASON_KEY_CHANGED,
	REASON_KEY_UNTRUSTED, /* no pin yet */
	REASON_RESOLVE,
	REASON_PROTOCOL,      /* no common algorithm, garbage */
	REASON_OUTPUT,        /* the answer was not understood or was cut */
	REASON_THRESHOLD,
	REASON_MISSING,       /* the service, process or file is not there */
	REASON_OWN_NETWORK,
	REASON_HOST,          /* the host it runs on cannot be asked */
};
const char *probe_reason_name(enum probe_reason reason); /* "no-answer" …; "" for none */
bool probe_reason_parse(const char *name, enum probe_reason *out);
/* The words for people, as msgids: 正常 警告 障害 …, 応答なし 認証失敗 …. */
const char *probe_state_title(enum probe_state state);
const char *probe_reason_title(enum probe_reason reason);

struct probe_verdict {
	enum probe_state state;
	enum probe_reason reason;
	int64_t response_ms; /* TIME_NONE */
	int64_t value;       /* TIME_NONE */
	char text[200];      /* one line of facts, sanitised, no language: "load 0.42/2 up 41d", "/ 61%" */
};

struct probe_kind {
	const char *name;    /* "disk": as the contract file says it */
	const char *title;   /* N_() */
	const char *unit;    /* of value: "%", "s", "B", "ms", "" */
	bool needs_shell;    /* answered by the host's script; otherwise by the connection itself (ssh, tcp) */
	bool integrity;      /* speaks of the integrity light, not of availability (S1.1c) */
	/* Adds the section's commands; arguments are quoted for sh by probe_quote. NULL without shell. */
	void (*script)(const struct check *check, struct strbuf *out);
	/* out: the section's bytes. now: to tell ages. NULL without shell: probe_judge_link. */
	void (*judge)(const struct check *check, const char *out, size_t len, int64_t now, struct probe_verdict *v);
	/* Complains about what the contract file says of such a check (0 or HS_ERR_INVALID). */
	int (*validate)(const struct check *check, struct err *err);
};
extern const struct probe_kind *const probe_kinds[]; /* ends with NULL */
const struct probe_kind *probe_kind_find(const char *name);

/* The whole script for a host: prologue (LC_ALL=C, PATH, watchdog), a marked section a check, end mark; output gathered
 * and written once (research/ssh-collector.md §6). nonce: hex, at least 16 characters. */
void probe_script(const struct contract *c, const struct host *h, const char *nonce, struct strbuf *out);
/* Finds check's section in a run's output; false when it or the end mark is missing. */
bool probe_section(const char *bytes, size_t len, const char *nonce, const char *check_id, const char **section,
		   size_t *section_len);
/* Judges one check from the whole output of its host's run; an answer that is not there is unknown, never down. */
void probe_judge(const struct check *check, const char *bytes, size_t len, const char *nonce, int64_t now,
		 struct probe_verdict *v);
/* Judges a check whose answer is the connection itself. reason: why it failed, REASON_NONE when it did not; text: the
 * words of whoever tried, foreign. A slow answer is a warning at most: latency is not availability (domain-rules §3). */
void probe_judge_link(const struct check *check, enum probe_reason reason, int64_t response_ms, const char *text,
		      struct probe_verdict *v);
/* What a failed connection says about the server: down only where the server or its network is silent or refuses; a name that
 * does not resolve, a key nobody confirmed or a log-in that is refused leave it unknown. */
enum probe_state probe_link_state(enum probe_reason reason);
/* What kind validate functions share: 0, or HS_ERR_INVALID with what is unknown or missing. Unknown kinds too. */
int probe_validate(const struct check *check, struct err *err);
/* Appends text as one single-quoted word of sh. */
void probe_quote(const char *text, struct strbuf *out);

#endif
