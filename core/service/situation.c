/* See situation.h. Built in four passes, each from what stands before it: checks, hosts, services (whose needs may be
 * services, so the pass repeats until nothing changes), sites. */
#include "core/service/situation.h"

#include <string.h>

#include "core/service/window.h"

/* Hosts of a site that went down within this many seconds of each other share one cause: the line. */
enum { TOGETHER_S = 600 };

static const struct {
	const char *name, *title;
	char mark;
	int exit;
} conditions[COND_COUNT] = {
	[COND_NONE] = { "none", "--", ' ', 0 },
	[COND_OK] = { "ok", NC_("condition", "OK"), ' ', 0 },
	[COND_STOPPED] = { "stopped", NC_("condition", "Stopped"), '~', 0 },
	[COND_NEVER] = { "never", NC_("condition", "Never"), '-', 3 },
	[COND_STALE] = { "stale", NC_("condition", "Stale"), '=', 3 },
	[COND_UNKNOWN] = { "unknown", NC_("condition", "Unknown"), '?', 3 },
	[COND_UNREACH] = { "unreach", NC_("condition", "No path"), '?', 3 },
	[COND_WARN] = { "warn", NC_("condition", "Warning"), '!', 1 },
	[COND_EMERGENCY] = { "emergency", NC_("condition", "Emergency"), '!', 2 },
	[COND_AFFECTED] = { "affected", NC_("condition", "Affected"), '!', 2 },
	[COND_DOWN] = { "down", NC_("condition", "Down"), 'X', 2 },
};

const char *condition_name(enum condition c)
{
	return conditions[c].name;
}

const char *condition_title(enum condition c)
{
	return conditions[c].title;
}

char condition_mark(enum condition c)
{
	return conditions[c].mark;
}

int condition_exit(enum condition c)
{
	return conditions[c].exit;
}

enum condition condition_of(enum probe_state state)
{
	static const enum condition of[] = {
		[PROBE_NEVER] = COND_NEVER,     [PROBE_UP] = COND_OK,           [PROBE_WARN] = COND_WARN,
		[PROBE_DOWN] = COND_DOWN,       [PROBE_UNREACH] = COND_UNREACH, [PROBE_UNKNOWN] = COND_UNKNOWN,
		[PROBE_STALE] = COND_STALE,
	};
	return of[state];
}

/* ---- lights ---- */

static void light_add(struct light *l, const struct basis *cause)
{
	size_t at = 0;

	if (cause->condition > l->condition)
		l->condition = cause->condition;
	if (cause->at != TIME_NONE && (l->at == TIME_NONE || cause->at < l->at))
		l->at = cause->at;
	while (at < l->cause_count && l->causes[at].condition >= cause->condition)
		at++;
	if (at >= CAUSES_MAX)
		return;
	if (l->cause_count < CAUSES_MAX)
		l->cause_count++;
	memmove(&l->causes[at + 1], &l->causes[at], (l->cause_count - 1 - at) * sizeof *l->causes);
	l->causes[at] = *cause;
}

static void light_check(struct light *l, const struct check_now *k, enum condition condition)
{
	struct basis cause = { condition, k->reason, k->check->id, &k->check->name, k->at, k->text };

	light_add(l, &cause);
}

static void light_init(struct light *l)
{
	memset(l, 0, sizeof *l);
	l->at = TIME_NONE;
}

/* ---- checks ---- */

static const struct check_seen *seen_find(const struct check_seen *seen, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(seen[i].check, id) == 0)
			return &seen[i];
	}
	return NULL;
}

static void build_check(struct check_now *k, const struct contract *c, const struct check *check,
			const struct check_seen *seen, int64_t now)
{
	k->check = check;
	k->host = contract_host(c, check->host);
	k->since = k->at = k->last_good_at = k->response_ms = k->value = TIME_NONE;
	k->text = "";
	k->state = PROBE_NEVER;
	if (seen != NULL && seen->at != TIME_NONE) {
		k->state = seen->state;
		k->reason = seen->reason;
		k->since = seen->since;
		k->at = seen->at;
		k->last_good_at = seen->last_good_at;
		k->response_ms = seen->response_ms;
		k->value = seen->value;
		k->failures = seen->failures;
		k->confirmed = seen->confirmed;
		k->flapping = seen->flapping;
		k->text = seen->text != NULL ? seen->text : "";
	}
	int interval = check->interval_s > 0 ? check->interval_s : c->interval_s;
	k->condition = condition_of(probe_state_now(k->state, k->at, interval, now));
	if (k->condition == COND_DOWN && !k->confirmed)
		k->condition = COND_WARN;
}

/* ---- hosts ---- */

static void build_host(struct host_now *h, struct situation *s, const struct host *host)
{
	const struct contract *c = s->contract;

	h->host = host;
	h->since = h->at = h->response_ms = TIME_NONE;
	h->condition = h->reach = COND_NEVER;
	for (size_t i = 0; i < c->check_count; i++) {
		const struct check_now *k = &s->checks[i];
		if (k->host != host)
			continue;
		h->checks++;
		h->checks_ok += k->condition == COND_OK;
		h->key_changed = h->key_changed || (k->reason == REASON_KEY_CHANGED && k->condition != COND_STALE);
		h->key_untrusted = h->key_untrusted || k->reason == REASON_KEY_UNTRUSTED;
		bool ssh = strcmp(k->check->kind, "ssh") == 0;
		if (ssh || (h->speaker == NULL && strcmp(k->check->kind, "tcp") == 0))
			h->speaker = h->ssh ? h->speaker : k;
		h->ssh = h->ssh || ssh;
		if (h->checks == 1 || k->condition > h->condition)
			h->condition = k->condition;
		if (k->at != TIME_NONE && (h->at == TIME_NONE || k->at > h->at))
			h->at = k->at;
	}
	h->reach = h->condition;
	if (h->speaker != NULL) {
		h->reach = h->speaker->condition;
		h->reason = h->speaker->reason;
		h->since = h->speaker->since;
		h->at = h->speaker->at;
		h->response_ms = h->speaker->response_ms;
	}
	if (!host->probe)
		h->condition = h->reach = COND_NEVER;
}

const struct host_now *situation_host(const struct situation *s, const char *id)
{
	for (size_t i = 0; i < s->contract->host_count; i++) {
		if (strcmp(s->contract->hosts[i].id, id) == 0)
			return &s->hosts[i];
	}
	return NULL;
}

const struct check_now *situation_check(const struct situation *s, const char *id)
{
	for (size_t i = 0; i < s->contract->check_count; i++) {
		if (strcmp(s->contract->checks[i].id, id) == 0)
			return &s->checks[i];
	}
	return NULL;
}

const struct service_now *situation_service(const struct situation *s, const char *id)
{
	for (size_t i = 0; i < s->contract->service_count; i++) {
		if (strcmp(s->contract->services[i].id, id) == 0)
			return &s->services[i];
	}
	return NULL;
}

static bool is_integrity(const struct check *check)
{
	const struct probe_kind *kind = probe_kind_find(check->kind);

	return kind != NULL && kind->integrity;
}

/* ---- services ---- */

/* What service v's own checks show. A check whose host is down shares the host's fate: nobody could ask it. */
static void own_checks(const struct situation *s, struct service_now *v)
{
	for (size_t i = 0; v->service->checks != NULL && v->service->checks[i] != NULL; i++) {
		const struct check_now *k = situation_check(s, v->service->checks[i]);
		if (k == NULL || is_integrity(k->check))
			continue;
		const struct host_now *h = k->host != NULL ? situation_host(s, k->host->id) : NULL;
		enum condition condition = k->condition;
		if (condition == COND_UNKNOWN && k->reason == REASON_HOST && h != NULL && h->reach == COND_DOWN)
			condition = COND_DOWN;
		light_check(&v->availability, k, condition);
		if (k->response_ms != TIME_NONE && (k->condition == COND_OK || k->condition == COND_WARN) &&
		    (v->response_ms == TIME_NONE || k->response_ms > v->response_ms))
			v->response_ms = k->response_ms;
	}
}

/* What is down below weighs as "affected"; the rest counts only where the service has no checks of its own. */
static void needs(const struct situation *s, struct service_now *v)
{
	bool own = v->availability.cause_count > 0;

	for (size_t i = 0; v->service->needs != NULL && v->service->needs[i] != NULL; i++) {
		const struct host_now *h = situation_host(s, v->service->needs[i]);
		const struct service_now *below = h == NULL ? situation_service(s, v->service->needs[i]) : NULL;
		struct basis cause = { COND_NONE, REASON_NONE, v->service->needs[i], NULL, TIME_NONE, "" };
		if (h != NULL) {
			cause.condition = h->reach == COND_DOWN ? own ? COND_AFFECTED : COND_DOWN : h->reach;
			cause.reason = h->reason;
			cause.name = &h->host->name;
			cause.at = h->at;
		} else if (below != NULL && below->service != NULL) {
			cause.condition = below->condition == COND_DOWN || below->condition == COND_EMERGENCY
						  ? COND_AFFECTED : below->condition;
			cause.name = &below->service->name;
			cause.at = below->at;
		} else {
			continue;
		}
		if (!own || cause.condition >= COND_AFFECTED)
			light_add(&v->availability, &cause);
	}
}

static void judge_latency(struct service_now *v)
{
	struct light *l = &v->latency;

	light_init(l);
	enum condition reach = v->availability.condition;
	/* What still answers of a service that is down says nothing of how fast it serves. */
	if (reach == COND_DOWN)
		v->response_ms = TIME_NONE;
	if (v->service->slow_ms <= 0)
		return;
	l->at = v->availability.at;
	bool answered = v->response_ms != TIME_NONE;
	if (answered)
		l->condition = v->response_ms > v->service->slow_ms ? COND_WARN : COND_OK;
	else
		l->condition = reach == COND_OK || reach >= COND_WARN ? COND_UNKNOWN : reach;
}

/* The host's key and its backups. A key is as expected only where the newest try under it succeeded. */
static void integrity_host(const struct situation *s, struct service_now *v, const struct host_now *h)
{
	struct basis key = { COND_UNKNOWN, REASON_NONE, h->host->id, &h->host->name, h->at, "" };

	if (h->key_changed) {
		key.condition = COND_DOWN;
		key.reason = REASON_KEY_CHANGED;
	} else if (h->key_untrusted) {
		key.reason = REASON_KEY_UNTRUSTED;
	} else if (h->ssh) {
		enum condition reach = h->reach;
		bool proved = reach == COND_OK || (reach == COND_WARN && h->speaker->state == PROBE_WARN);
		key.condition = proved ? COND_OK : reach >= COND_WARN ? COND_UNKNOWN : reach;
		key.reason = proved ? REASON_NONE : h->reason;
	} else {
		key.condition = COND_NONE;
	}
	if (key.condition != COND_NONE)
		light_add(&v->integrity, &key);
	for (size_t i = 0; i < s->contract->check_count; i++) {
		const struct check_now *k = &s->checks[i];
		if (k->host == h->host && is_integrity(k->check))
			light_check(&v->integrity, k, k->condition);
	}
}

static bool service_rests_on(const struct situation *s, const struct service *v, const struct host *host)
{
	for (size_t i = 0; v->needs != NULL && v->needs[i] != NULL; i++) {
		if (strcmp(v->needs[i], host->id) == 0)
			return true;
	}
	for (size_t i = 0; v->checks != NULL && v->checks[i] != NULL; i++) {
		const struct check_now *k = situation_check(s, v->checks[i]);
		if (k != NULL && k->host == host)
			return true;
	}
	return false;
}

static void apply_stop(struct service_now *v, const struct stop_on *stops, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(stops[i].service, v->service->id) == 0 &&
		    (v->stop == NULL || (stops[i].emergency && !v->stop->emergency)))
			v->stop = &stops[i];
	}
	if (v->stop != NULL)
		v->condition = v->stop->emergency ? COND_EMERGENCY : COND_STOPPED;
}

static enum condition build_service(struct situation *s, struct service_now *v, const struct service *service,
				    const struct stop_on *stops, size_t stop_count)
{
	memset(v, 0, sizeof *v);
	v->service = service;
	v->response_ms = TIME_NONE;
	light_init(&v->availability);
	light_init(&v->integrity);
	v->in_window = window_open(s->contract, &service->window, s->now, &v->window_changes_at);
	own_checks(s, v);
	needs(s, v);
	for (size_t i = 0; i < s->contract->host_count; i++) {
		if (service_rests_on(s, service, s->hosts[i].host))
			integrity_host(s, v, &s->hosts[i]);
	}
	if (v->availability.cause_count == 0) {
		/* A service that is nothing but its backups is as well as they are. */
		v->availability = v->integrity;
		if (v->availability.cause_count == 0)
			v->availability.condition = COND_NEVER;
	}
	if (v->integrity.cause_count == 0)
		v->integrity.condition = COND_NEVER;
	judge_latency(v);
	v->at = v->availability.at;
	v->condition = v->availability.condition;
	apply_stop(v, stops, stop_count);
	return v->condition;
}

/* ---- sites ---- */

static bool is_router(const struct host_now *h)
{
	return h->host->kind != NULL && strcmp(h->host->kind, "router") == 0;
}

/* The check that speaks for the site's line: its router's, where it has one that is probed. */
static const struct host_now *site_router(const struct situation *s, const char *site)
{
	for (size_t i = 0; i < s->contract->host_count; i++) {
		const struct host_now *h = &s->hosts[i];
		if (is_router(h) && h->host->probe && h->speaker != NULL && strcmp(h->host->site, site) == 0)
			return h;
	}
	return NULL;
}

/* Whether all machines of a site fell silent at about the same time: then it is the line, router or not. */
static bool went_together(const struct situation *s, const char *site)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	int down = 0;

	for (size_t i = 0; i < s->contract->host_count; i++) {
		const struct host_now *h = &s->hosts[i];
		if (!h->host->probe || h->speaker == NULL || strcmp(h->host->site, site) != 0)
			continue;
		bool silent = h->reason == REASON_NO_ANSWER || h->reason == REASON_TIMEOUT;
		if (h->reach != COND_DOWN || !silent)
			return false;
		first = h->since < first ? h->since : first;
		last = h->since > last ? h->since : last;
		down++;
	}
	return down >= 2 && last - first <= TOGETHER_S;
}

static void site_line(const struct situation *s, struct site_now *t)
{
	const struct host_now *router = site_router(s, t->site->id);

	if (t->hosts_up > 0)
		t->line = COND_OK; /* some of its machines answer: the line stands, whatever the others do */
	else if (router != NULL)
		t->line = router->reach == COND_WARN ? COND_OK : router->reach;
	else if (t->line == COND_DOWN && t->hosts > 1 && !went_together(s, t->site->id))
		t->line = COND_UNKNOWN;
}

static void site_hosts(const struct situation *s, struct site_now *t)
{
	for (size_t i = 0; i < s->contract->host_count; i++) {
		const struct host_now *h = &s->hosts[i];
		if (strcmp(h->host->site, t->site->id) != 0 || is_router(h))
			continue;
		t->hosts++;
		t->hosts_up += h->reach == COND_OK || h->reach == COND_WARN;
		if (h->reach > t->line || t->hosts == 1)
			t->line = h->reach;
	}
	for (size_t i = 0; i < s->contract->host_count; i++) {
		const struct host_now *h = &s->hosts[i];
		struct basis cause = { h->condition, h->reason, h->host->id, &h->host->name, h->at, "" };
		/* One machine of several is no outage of the site. */
		if (cause.condition == COND_DOWN && t->hosts_up > 0)
			cause.condition = COND_WARN;
		if (strcmp(h->host->site, t->site->id) == 0)
			light_add(&t->light, &cause);
	}
	site_line(s, t);
}

static void worst_light(struct light *to, const struct light *from)
{
	for (size_t i = 0; i < from->cause_count; i++)
		light_add(to, &from->causes[i]);
	if (from->condition > to->condition)
		to->condition = from->condition;
}

static void build_site(struct situation *s, struct site_now *t, const struct site *site)
{
	t->site = site;
	light_init(&t->light);
	light_init(&t->latency);
	light_init(&t->integrity);
	site_hosts(s, t);
	for (size_t i = 0; site->uses != NULL && site->uses[i] != NULL; i++) {
		const struct service_now *v = situation_service(s, site->uses[i]);
		struct basis cause = { COND_NONE, REASON_NONE, site->uses[i], NULL, TIME_NONE, "" };
		if (v == NULL)
			continue;
		bool off = v->condition == COND_DOWN || v->condition == COND_EMERGENCY || v->condition == COND_AFFECTED;
		cause.condition = off ? COND_AFFECTED : v->condition;
		cause.name = &v->service->name;
		cause.at = v->at;
		light_add(&t->light, &cause);
		worst_light(&t->latency, &v->latency);
		worst_light(&t->integrity, &v->integrity);
	}
	t->condition = t->light.cause_count > 0 ? t->light.condition : COND_NEVER;
	t->at = t->light.at;
}

/* ---- the whole ---- */

void situation_build(struct situation *s, const struct contract *c, const struct check_seen *seen, size_t seen_count,
		     const struct stop_on *stops, size_t stop_count, int64_t now)
{
	*s = (struct situation){ .contract = c, .now = now };
	s->checks = arena_alloc(&s->mem, (c->check_count + 1) * sizeof *s->checks);
	s->hosts = arena_alloc(&s->mem, (c->host_count + 1) * sizeof *s->hosts);
	s->services = arena_alloc(&s->mem, (c->service_count + 1) * sizeof *s->services);
	s->sites = arena_alloc(&s->mem, (c->site_count + 1) * sizeof *s->sites);
	for (size_t i = 0; i < c->check_count; i++)
		build_check(&s->checks[i], c, &c->checks[i], seen_find(seen, seen_count, c->checks[i].id), now);
	for (size_t i = 0; i < c->host_count; i++)
		build_host(&s->hosts[i], s, &c->hosts[i]);
	/* A service may need one that stands later in the file; the contract has no cycles, so this ends. */
	bool changed = true;
	for (size_t round = 0; changed && round <= c->service_count; round++) {
		changed = false;
		for (size_t i = 0; i < c->service_count; i++) {
			enum condition before = s->services[i].condition;
			bool first = s->services[i].service == NULL;
			changed = build_service(s, &s->services[i], &c->services[i], stops, stop_count) != before ||
				  first || changed;
		}
	}
	for (size_t i = 0; i < c->site_count; i++)
		build_site(s, &s->sites[i], &c->sites[i]);
}

void situation_release(struct situation *s)
{
	arena_release(&s->mem);
	memset(s, 0, sizeof *s);
}

enum condition situation_worst(const struct situation *s)
{
	static const int weight[] = { 0, 2, 3, 1 }; /* of exits 0 ok, 1 warning, 2 critical, 3 unknown */
	enum condition worst = COND_NONE;

	for (size_t i = 0; i < s->contract->service_count + s->contract->site_count; i++) {
		enum condition c = i < s->contract->service_count
					   ? s->services[i].condition
					   : s->sites[i - s->contract->service_count].condition;
		int a = weight[condition_exit(c)], b = weight[condition_exit(worst)];
		if (a > b || (a == b && c > worst))
			worst = c;
	}
	return worst;
}

const struct check_now *situation_root(const struct situation *s, size_t i)
{
	const struct check_now *k = &s->checks[i], *root = k;

	if (k->condition != COND_DOWN || k->flapping || k->host == NULL || !k->host->probe)
		return NULL;
	const struct host_now *h = situation_host(s, k->host->id), *router;
	if (h == NULL || h->speaker == NULL || h->speaker->condition != COND_DOWN || h->speaker->flapping)
		return root;
	root = h->speaker;
	const struct site *site = contract_site(s->contract, h->host->site);
	if (site == NULL)
		return root;
	router = site_router(s, site->id);
	if (router != NULL)
		return router->speaker->condition == COND_DOWN && !router->speaker->flapping ? router->speaker : root;
	for (size_t j = 0; j < s->contract->host_count && went_together(s, site->id); j++) {
		const struct host_now *other = &s->hosts[j];
		if (other->host->probe && other->speaker != NULL && strcmp(other->host->site, site->id) == 0 &&
		    other->speaker->since < root->since)
			root = other->speaker;
	}
	return root;
}
