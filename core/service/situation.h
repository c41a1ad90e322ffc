/* The situation at a moment: what the newest results say of hosts, services and sites (S1.1a–c, domain-rules §4).
 *
 * Pure: the contract, what was seen of its checks, the stops that are on and the time go in. The worst wins and every
 * cause is named. Five things are never mixed up: down, unreachable because our own network is down, unknown, stale
 * and never probed; none of the last four is ever shown as normal. */
#ifndef CORE_SERVICE_SITUATION_H
#define CORE_SERVICE_SITUATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/contract/contract.h"
#include "core/probe/probe.h"

/* In order of weight: what a person must know first comes last. */
enum condition {
	COND_NONE,      /* not judged: no limit stated, nothing to judge */
	COND_OK,        /* 正常 */
	COND_STOPPED,   /* 計画停止 */
	COND_NEVER,     /* 未監視 */
	COND_STALE,     /* 前回値 */
	COND_UNKNOWN,   /* 不明 */
	COND_UNREACH,   /* 監視不能: this PC is offline */
	COND_WARN,      /* 警告 */
	COND_EMERGENCY, /* 緊急停止 */
	COND_AFFECTED,  /* 影響: something it rests on is down */
	COND_DOWN,      /* 障害, confirmed */
	COND_COUNT
};
const char *condition_name(enum condition c);  /* "ok", "down" …: --json */
const char *condition_title(enum condition c); /* NC_("condition", …) */
char condition_mark(enum condition c);         /* X ! ~ ? = - or a space */
enum condition condition_of(enum probe_state state);
/* 0 ok, 1 warning, 2 critical, 3 unknown: what a monitoring plug-in would exit with. */
int condition_exit(enum condition c);

/* What was last seen of a check, as the recorder wrote it. */
struct check_seen {
	const char *check; /* id */
	enum probe_state state;
	enum probe_reason reason;
	int64_t since, at, last_good_at, response_ms, value;
	int failures;
	bool confirmed, flapping;
	const char *text;
};

/* A stop that is on now, of one service. */
struct stop_on {
	const char *service;
	bool emergency, agreed;
	int64_t to_at;
};

struct check_now {
	const struct check *check;
	const struct host *host; /* NULL when the contract knows none of that id */
	enum condition condition;
	enum probe_state state; /* as seen, before it grew stale */
	enum probe_reason reason;
	int64_t since, at, last_good_at, response_ms, value;
	int failures;
	bool confirmed, flapping;
	const char *text;
};

/* Why a light is not green (or, when it is, what it rests on): id is a check, host or service. */
struct basis {
	enum condition condition;
	enum probe_reason reason;
	const char *id;
	const struct label *name;
	int64_t at;
	const char *text;
};
#define CAUSES_MAX 6
struct light {
	enum condition condition;
	int64_t at;            /* the oldest result it rests on; TIME_NONE when there is none */
	struct basis causes[CAUSES_MAX]; /* worst first */
	size_t cause_count;
};

struct host_now {
	const struct host *host;
	enum condition condition;  /* worst of reach and its checks */
	enum condition reach;      /* of the host itself */
	enum probe_reason reason;
	int64_t since, at, response_ms;
	bool key_changed, key_untrusted;
	int checks, checks_ok;
	const struct check_now *speaker; /* the check that speaks for the host: ssh, else its first tcp, else NULL */
	bool ssh;                        /* the speaker is ssh */
};

struct service_now {
	const struct service *service;
	enum condition condition;  /* availability, with stops and what it rests on */
	struct light availability, latency, integrity;
	int64_t response_ms, at;
	bool in_window;
	int64_t window_changes_at; /* TIME_NONE */
	const struct stop_on *stop;
};

struct site_now {
	const struct site *site;
	enum condition condition;
	enum condition line;       /* 回線, its router's where it has one; COND_NONE when nothing stands there */
	int hosts, hosts_up;       /* without routers */
	struct light light;        /* causes of all kinds */
	struct light latency, integrity; /* the worst of the services it uses */
	int64_t at;
};

struct situation {
	const struct contract *contract;
	int64_t now;
	struct arena mem;
	struct check_now *checks;     /* in the contract's order, as the next three */
	struct host_now *hosts;
	struct service_now *services;
	struct site_now *sites;
};

/* seen and stops are borrowed for as long as s lives. Checks that the contract does not know are left out. */
void situation_build(struct situation *s, const struct contract *c, const struct check_seen *seen, size_t seen_count,
		     const struct stop_on *stops, size_t stop_count, int64_t now);
void situation_release(struct situation *s); /* zeroed is fine */
/* The worst of all services and sites, for an exit code. */
enum condition situation_worst(const struct situation *s);
const struct host_now *situation_host(const struct situation *s, const char *id);
const struct check_now *situation_check(const struct situation *s, const char *id);
const struct service_now *situation_service(const struct situation *s, const char *id);

/* Confirmed-down check i belongs to which fault? The check whose ticket it joins: itself, its host's, its site's router's, or
 * where all hosts of a site without router went down together, the first of them (domain-rules §7). NULL when it is not confirmed down or flaps. */
const struct check_now *situation_root(const struct situation *s, size_t i);

#endif
