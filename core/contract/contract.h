/* The maintenance contract as read-only data: everything of a city's contract that the program computes with.
 *
 * Filled by data/contract from a libconfig file (hoshu.conf(5)), checked by contract_check. All text is owned by
 * the contract's arena and never NULL. Lists keep the file's order. ids are [a-z][a-z0-9_-]{0,30}; records refer to them. */
#ifndef CORE_CONTRACT_CONTRACT_H
#define CORE_CONTRACT_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/civil.h"
#include "core/base/err.h"
#include "core/base/mem.h"

/* A name in both languages, with a short form for narrow columns (the full one when none is given). */
struct label {
	const char *ja, *en, *short_ja, *short_en;
};

/* Where a thing stands in the file, for complaints. */
struct place {
	const char *file;
	int line;
};

enum window_kind { OPEN_24X7, OPEN_DAILY };

/* 稼働時間 of a service (S2.2(1)). */
struct window {
	enum window_kind kind;
	int from_s, to_s;         /* seconds of the day, OPEN_DAILY; to_s <= 86400 */
	const char *const *except; /* "MM-DD", NULL-terminated: days without service */
	bool library_closed_days; /* the library's closed days close it too; default false */
};

struct site {
	const char *id;
	struct label name;
	const char *address;
	int number;                 /* as the contract numbers it */
	const char *const *uses;    /* ids of the services it depends on */
	struct place place;
};

struct service {
	const char *id;
	struct label name;
	const char *kind;           /* online, backup, security, log */
	struct window window;
	int slow_ms;                /* latency limit; 0: none stated */
	const char *const *needs;   /* ids of services or hosts it depends on */
	const char *const *checks;  /* ids of checks that show whether it is up */
	bool consult;               /* 要協議: a reading not yet agreed */
	struct place place;
};

struct host {
	const char *id;
	struct label name;
	const char *kind;           /* server, pc, router */
	const char *site;           /* "" for the cloud */
	const char *address;        /* name or address */
	int port;                   /* of ssh */
	const char *user;
	const char *key_file;       /* "" uses the agent */
	const char *via;            /* id of a jump host, "" */
	bool probe;                 /* false: placeholder not filled in; shown as never probed */
	const char *const *groups;
	struct place place;
};

struct check {
	const char *id;             /* unique in the contract */
	struct label name;
	const char *kind;           /* probe_kind name */
	const char *host;
	const char *site;           /* where it counts: the host's site when not said */
	int interval_s, failures;   /* N in a row (default 3) */
	/* arguments of the kinds; what a kind does not use must not be given */
	int port;
	const char *path, *service, *process;
	int64_t warn, fail;         /* thresholds in the kind's unit; TIME_NONE: not given */
	int64_t min_size;
	bool opens_ticket;
	struct place place;
};

/* 障害対応フロー: a ticket kind, its stages and their check lists (S2.3(1)①, domain-rules §7). */
struct flow_item {
	const char *id;
	struct label name;
};
struct flow_stage {
	const char *id;
	struct label name;
	bool closes, started, recovered, confirmed; /* entering it stamps 完了, 着手, 復旧, 確認 */
	const struct flow_item *items;
	size_t item_count;
};
struct flow {
	const char *id;             /* incident, issue, inquiry, request, change, security, work */
	struct label name;
	bool clock;                 /* the recovery clock runs */
	const char *clause;
	const struct flow_stage *stages;
	size_t stage_count;
	const struct flow_item *examples; /* past cases, as a reference (S2.3(3)①) */
	size_t example_count;
	struct place place;
};

/* Phases of an inventory check, with check lists (S2.4). */
struct phase {
	const char *id;
	struct label name;
	const struct flow_item *items;
	size_t item_count;
	struct place place;
};

struct deliverable_rule {
	const char *id;
	struct label name;
	const char *rule;           /* yearly, at-meeting, after-meeting */
	int month, day;             /* yearly: due */
	int business_days;          /* after-meeting */
	struct label form;          /* 書面／電子データ */
	const char *clause;
	struct place place;
};

struct era {
	const char *id, *letter;
	struct label name;
	int32_t from_day;
	struct place place;
};

/* A reading that the contract leaves open (要協議, S4.4). */
struct reading {
	const char *id, *clause, *value;
	struct label text;
	struct place place;
};

/* 業務の範囲 (S1.3(1)–(11)): the kinds of work a record can belong to. */
struct work {
	const char *id;
	int number;
	struct label name;
	struct place place;
};

/* With whom a matter is talked over by default (domain-rules §6). */
struct counterpart {
	const char *id;             /* talk.about: stop, deferral, patch, visit … */
	const char *act;            /* coordination, discussion, agreement, consent, report */
	const char *clause;
	struct label body;          /* 市, システム管理者, 委託者, 図書館 */
	struct place place;
};

struct host_group {
	const char *id;
	struct label name;
	struct place place;
};

struct contract {
	struct arena mem;
	const char *id;             /* folder name; [a-z0-9-] */
	struct label name, client, contractor, short_name;
	int offset_s;               /* zone, default 32400 */
	int32_t go_live_day, from_day, to_day;
	bool practice;

	const struct site *sites;               size_t site_count;
	const struct service *services;         size_t service_count;
	const struct host *hosts;               size_t host_count;
	const struct check *checks;             size_t check_count;
	const struct flow *flows;               size_t flow_count;
	const struct phase *phases;             size_t phase_count;
	const struct deliverable_rule *deliverables; size_t deliverable_count;
	const struct era *eras;                 size_t era_count;
	const struct reading *readings;         size_t reading_count;
	const struct host_group *groups;        size_t group_count;
	const struct work *works;               size_t work_count;
	const struct counterpart *counterparts; size_t counterpart_count;

	/* business system hours, S2.2(1): a plan that touches them is flagged */
	int business_from_s, business_to_s;
	/* reception, S2.2(2): closed from month-day to month-day inclusive */
	int reception_closed_from_md, reception_closed_to_md; /* 1229, 103 */
	/* city office closure, for business days */
	int office_closed_from_md, office_closed_to_md;
	const int32_t *extra_holidays;          size_t extra_holiday_count;
	const int32_t *library_closed_days;     size_t library_closed_day_count;
	int library_closed_weekdays;            /* bit 0 Sunday */

	/* recovery, S2.3(1)② */
	int recovery_target_s;      /* 172800 */
	bool self_detected_counts;
	bool sudden_stop_counts;    /* 緊急停止 stays in the availability figure (S2.2(1)) */
	/* meetings, S2.5 */
	int meeting_months;
	const char *const *meeting_roles; /* who must attend: roles of staff */
	/* inventory check, S2.4 */
	int terminals, books_per_terminal_hour;
	int staff_managers;         /* S2.1: exactly so many, 1 */
	int staff_min_engineers;    /* S2.1: 2 */
	bool staff_dedicated;       /* S2.1: engineers work for library systems alone */
	int warranty_months;        /* S4.3: 12 from go_live_day */
	int interval_s;             /* default of checks */
	struct place place;
};

const struct site *contract_site(const struct contract *c, const char *id);
const struct service *contract_service(const struct contract *c, const char *id);
const struct host *contract_host(const struct contract *c, const char *id);
const struct check *contract_check_by_id(const struct contract *c, const char *id);
const struct flow *contract_flow(const struct contract *c, const char *id);
const struct flow_stage *flow_stage(const struct flow *f, const char *id);
const struct phase *contract_phase(const struct contract *c, const char *id);
const struct deliverable_rule *contract_deliverable(const struct contract *c, const char *id);
const struct host_group *contract_group(const struct contract *c, const char *id);
const struct work *contract_work(const struct contract *c, int number);
const struct reading *contract_reading(const struct contract *c, const char *id);
const struct counterpart *contract_counterpart(const struct contract *c, const char *about);
bool host_in_group(const struct host *h, const char *group);

/* The name in a language; short_form for narrow columns. */
const char *label_text(const struct label *l, bool japanese, bool short_form);

/* One complaint: where, what is wrong, what is allowed. */
struct complaint {
	struct place place; /* the file's name is in the complaints' arena */
	struct msg what;
};
/* Zeroed memory is an empty list. More than COMPLAINTS_MAX are counted, not kept. */
#define COMPLAINTS_MAX 200
struct complaints {
	struct arena mem;
	VEC(struct complaint) list;
	size_t dropped;
};
void complaints_release(struct complaints *out);
void complaints_add(struct complaints *out, struct place place, const char *const *parts);
void complaints_put(struct complaints *out, struct place place, const struct msg *what);
#define COMPLAIN(out, place, ...) complaints_add((out), (place), (const char *const[]){ __VA_ARGS__, NULL })
/* Appends "file:line: what is wrong"; a line of 0 is left out. */
void complaint_format(const struct complaint *c, msg_tr *tr, struct strbuf *out);

/* Every semantic mistake at once (unknown ids, cycles, impossible windows, doubles, empty names …). 0 or HS_ERR_INVALID. */
int contract_check(const struct contract *c, struct complaints *out);

#endif
