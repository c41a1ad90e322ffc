/* status.db: what was measured (architecture §2). One writer, the recorder that holds collect.lock; anyone reads.
 *
 * State intervals are kept for ever, hourly roll-ups for the contract's term, raw samples for some days. Losing the file
 * costs a gap that shows as unknown. TRUNCATE, FULL; one transaction a cycle. */
#ifndef DATA_STORE_STATUS_H
#define DATA_STORE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/probe/probe.h"

struct status;

/* write: for the holder of collect.lock: makes the file when missing; a damaged one is moved aside (status.db.damaged-TIME, also told
 * as an event), the newest good backup is put
 * in its place when there is one (an event too), else a new one begins. Reading: HS_ERR_NOT_FOUND, HS_ERR_DAMAGED, HS_ERR_NEWER. */
int status_open(struct status **out, const char *folder, bool write, struct err *err);
void status_close(struct status *st); /* takes NULL; what was not committed is lost */
/* Grows with every write of any program; cheap. */
int64_t status_version(struct status *st);

/* ---- reading ---- */

/* The newest result of a check, and the state it has been in. */
struct check_status {
	const char *check;       /* id of the contract */
	enum probe_state state;  /* confirmed or not, as last seen; staleness is judged by the reader */
	int64_t since;           /* start of the interval it is in */
	int64_t at;              /* of the newest result, TIME_NONE when never probed */
	int64_t last_good_at;
	int64_t response_ms;     /* TIME_NONE when there is none */
	int64_t value;           /* the check's own figure (percent, bytes, seconds): probe_kind says which */
	int failures;            /* in a row */
	int64_t failing_since;   /* first failed result of those, kept while we could not ask; TIME_NONE when it does not fail */
	bool confirmed;          /* failures reached the check's count */
	bool flapping;
	int flap_mpct;           /* thousandths of a percent of change (domain-rules §7) */
	const char *text;        /* one sanitised line */
	const char *reason;      /* probe_reason name, "" when fine */
};
struct check_statuses {
	struct arena mem;
	VEC(struct check_status) list;
};
int status_checks(struct status *st, struct check_statuses *out, struct err *err);
void check_statuses_release(struct check_statuses *s);

/* The newest raw output of a host's probe run, as it came. Appends to out. */
int status_output(struct status *st, const char *host, struct strbuf *out, int64_t *at, struct err *err);

struct state_interval {
	int64_t from, to; /* to is TIME_NONE while it lasts; the interval holds its first and last sample */
	int64_t first_at, last_at;
	enum probe_state state;
};
struct state_intervals {
	VEC(struct state_interval) list;
};
int status_intervals(struct status *st, const char *check, int64_t from, int64_t to, struct state_intervals *out,
		     struct err *err);

/* Response times of a check in [from, to), by hours: counts in the buckets of latency_bucket(). */
#define STATUS_BUCKETS 160
struct latency_hours {
	int64_t samples[STATUS_BUCKETS];
	int64_t count, worst_ms; /* TIME_NONE when there are none */
};
int status_latency(struct status *st, const char *check, int64_t from, int64_t to, struct latency_hours *out,
		   struct err *err);

/* What happened: state changes, tickets opened, our own network, recorder start and stop. Newest first. */
struct status_event {
	int64_t at;
	const char *check, *kind, *text;
};
struct status_events {
	struct arena mem;
	VEC(struct status_event) list;
};
int status_events(struct status *st, int64_t before, size_t limit, struct status_events *out, struct err *err);
void status_events_release(struct status_events *e);

/* The recorder's own word: when it last finished a cycle, the state of our own network, its pid and host. */
struct recorder_status {
	int64_t cycle_at, started_at, next_at;
	bool network_up;
	int64_t network_since;
};
int status_recorder(struct status *st, struct recorder_status *out, struct err *err);

/* ---- writing: only by the recorder ---- */

struct status_result {
	const char *check, *host;
	struct probe_verdict verdict;
	int64_t at;
	int failures_needed; /* N in a row to confirm */
	int interval_s;      /* of the check: a result holds for 3 intervals (domain-rules §2) */
};
/* One transaction a cycle; between begin and commit everything is written or nothing. */
int status_begin(struct status *st, struct err *err);
/* Counts, confirms, judges flapping (core/service/streak.h), extends or ends the interval, adds to the hour and to the samples.
 * A result that was recorded already (same check and moment) changes nothing; one older than the newest only counts
 * in its hour. */
int status_record(struct status *st, const struct status_result *r, struct err *err);
int status_put_output(struct status *st, const char *host, int64_t at, const void *bytes, size_t len, struct err *err);
int status_put_event(struct status *st, const struct status_event *e, struct err *err);
int status_put_recorder(struct status *st, const struct recorder_status *r, struct err *err);
/* Samples, roll-ups and intervals of the past, as the practice history and imports bring them. */
int status_put_interval(struct status *st, const char *check, const struct state_interval *i, struct err *err);
int status_commit(struct status *st, struct err *err);
void status_rollback(struct status *st);

/* ---- care ---- */

/* The evidence in it (states, intervals, roll-ups, events; no raw samples and outputs) into a verified file of backup/, once a day: does
 * nothing until now is a day after the newest. Rotated like backups of the records. name (may be NULL) receives the file's name
 * when one was made. Not within a transaction. */
int status_backup_when_due(struct status *st, int64_t now, struct strbuf *name, struct err *err);
struct backups;
/* Those of status.db, newest first; as store_backups. */
int status_backups(const char *folder, struct backups *out, struct err *err);
/* The newest damaged status.db that was moved aside and still lies there; "" when there is none. */
void status_aside(const char *folder, struct strbuf *name);

#endif
