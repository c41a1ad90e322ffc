/* What a contract must be beyond the form of each setting: ids that are known, no circles, hours that are possible,
 * flows that end. Every mistake is reported, none stops the others. */
#include <string.h>

#include "core/base/strbuf.h"
#include "core/contract/contract.h"

struct checking {
	const struct contract *c;
	struct complaints *out;
};

typedef const char *id_at(const struct contract *c, size_t i);

static const char *site_id(const struct contract *c, size_t i)
{
	return i < c->site_count ? c->sites[i].id : NULL;
}

static const char *service_id(const struct contract *c, size_t i)
{
	return i < c->service_count ? c->services[i].id : NULL;
}

static const char *host_id(const struct contract *c, size_t i)
{
	return i < c->host_count ? c->hosts[i].id : NULL;
}

static const char *check_id(const struct contract *c, size_t i)
{
	return i < c->check_count ? c->checks[i].id : NULL;
}

static const char *group_id(const struct contract *c, size_t i)
{
	return i < c->group_count ? c->groups[i].id : NULL;
}

/* "a, b, c": what is allowed where an id is not known. */
static void list_ids(const struct contract *c, id_at *at, struct strbuf *out)
{
	for (size_t i = 0; at(c, i) != NULL; i++)
		strbuf_addf(out, "%s%s", out->len > 0 ? ", " : "", at(c, i));
}

static bool knows(const struct contract *c, id_at *at, const char *id)
{
	for (size_t i = 0; at(c, i) != NULL; i++)
		if (strcmp(at(c, i), id) == 0)
			return true;
	return false;
}

/* owner refers to id by the setting named; also may be a second list where ids may stand. */
static void need_id(struct checking *k, struct place place, const char *owner, const char *setting, const char *id,
		    id_at *at, id_at *also)
{
	if (knows(k->c, at, id) || (also != NULL && knows(k->c, also, id)))
		return;
	struct strbuf known = { 0 };
	list_ids(k->c, at, &known);
	if (also != NULL)
		list_ids(k->c, also, &known);
	COMPLAIN(k->out, place, N_("'{1}': {2} names '{3}', which is not defined; known are: {4}"), owner, setting, id,
		 strbuf_text(&known));
	strbuf_release(&known);
}

static void need_ids(struct checking *k, struct place place, const char *owner, const char *setting,
		     const char *const *ids, id_at *at, id_at *also)
{
	for (; *ids != NULL; ids++)
		need_id(k, place, owner, setting, *ids, at, also);
}

static void check_site(struct checking *k, size_t i)
{
	const struct site *s = &k->c->sites[i];

	need_ids(k, s->place, s->id, "uses", s->uses, service_id, NULL);
	for (size_t j = 0; j < i; j++)
		if (k->c->sites[j].number == s->number)
			COMPLAIN(k->out, s->place, N_("site '{1}': number {2} is taken by '{3}'; each site needs its own"),
				 s->id, MSG_INT(s->number), k->c->sites[j].id);
}

static void check_hours(struct checking *k, struct place place, const char *owner, int from_s, int to_s)
{
	if (from_s >= to_s)
		COMPLAIN(k->out, place, N_("'{1}': the hours end before they begin; 'from' must be earlier than 'to'"),
			 owner);
}

static void check_service(struct checking *k, const struct service *s)
{
	if (s->window.kind == OPEN_DAILY)
		check_hours(k, s->place, s->id, s->window.from_s, s->window.to_s);
	need_ids(k, s->place, s->id, "needs", s->needs, service_id, host_id);
	need_ids(k, s->place, s->id, "checks", s->checks, check_id, NULL);
	if (contract_host(k->c, s->id) != NULL)
		COMPLAIN(k->out, s->place, N_("service '{1}' has the id of a host; give one of them another"), s->id);
}

/* Circles among services, without walking any path twice: a service whose needs are all settled is settled;
 * what never settles stands on a circle or above one. */
static void check_circles(struct checking *k)
{
	const struct contract *c = k->c;
	struct arena mem = { 0 };
	bool *settled = arena_alloc(&mem, c->service_count + 1);
	bool moved = true;

	while (moved) {
		moved = false;
		for (size_t i = 0; i < c->service_count; i++) {
			bool open = false;
			for (const char *const *need = c->services[i].needs; *need != NULL && !open; need++) {
				const struct service *next = contract_service(c, *need);
				open = next != NULL && !settled[next - c->services];
			}
			if (!settled[i] && !open)
				settled[i] = moved = true;
		}
	}
	for (size_t i = 0; i < c->service_count; i++)
		if (!settled[i])
			COMPLAIN(k->out, c->services[i].place,
				 N_("service '{1}' needs itself, or something that goes in a circle; remove one of its 'needs'"),
				 c->services[i].id);
	arena_release(&mem);
}

/* A chain of jump hosts longer than the number of hosts is a circle. */
static bool via_circle(const struct contract *c, const struct host *h)
{
	for (size_t steps = 0; h != NULL && h->via[0] != '\0'; steps++) {
		if (steps > c->host_count)
			return true;
		h = contract_host(c, h->via);
	}
	return false;
}

static void check_host(struct checking *k, const struct host *h)
{
	if (h->site[0] != '\0')
		need_id(k, h->place, h->id, "site", h->site, site_id, NULL);
	if (h->via[0] != '\0')
		need_id(k, h->place, h->id, "via", h->via, host_id, NULL);
	if (via_circle(k->c, h))
		COMPLAIN(k->out, h->place, N_("host '{1}' is reached through itself; change its 'via'"), h->id);
	need_ids(k, h->place, h->id, "groups", h->groups, group_id, NULL);
	if (h->probe && (h->address[0] == '\0' || h->user[0] == '\0'))
		COMPLAIN(k->out, h->place,
			 N_("host '{1}' is to be probed but has no address or no user; give both, or set probe = false"),
			 h->id);
}

static void check_check(struct checking *k, const struct check *c)
{
	need_id(k, c->place, c->id, "host", c->host, host_id, NULL);
	if (c->site[0] != '\0')
		need_id(k, c->place, c->id, "site", c->site, site_id, NULL);
}

static void check_flow(struct checking *k, const struct flow *f)
{
	bool closes = false;

	for (size_t i = 0; i < f->stage_count; i++)
		closes = closes || f->stages[i].closes;
	if (!closes)
		COMPLAIN(k->out, f->place, N_("flow '{1}' never ends; one of its stages needs closes = true"), f->id);
}

static void check_deliverable(struct checking *k, const struct deliverable_rule *d)
{
	bool yearly = strcmp(d->rule, "yearly") == 0, after = strcmp(d->rule, "after-meeting") == 0;

	if (yearly && (d->month == 0 || d->day == 0 || d->day > month_days(2024, d->month)))
		COMPLAIN(k->out, d->place, N_("'{1}' is due every year and needs a month and a day that exist"), d->id);
	if (after && d->business_days == 0)
		COMPLAIN(k->out, d->place, N_("'{1}' is due after a meeting and needs business_days, 1 or more"), d->id);
}

static void check_eras(struct checking *k)
{
	const struct contract *c = k->c;

	for (size_t i = 1; i < c->era_count; i++)
		if (c->eras[i].from_day <= c->eras[i - 1].from_day)
			COMPLAIN(k->out, c->eras[i].place, N_("era '{1}' begins before the one above it; the oldest comes first"),
				 c->eras[i].id);
}

static void check_whole(struct checking *k)
{
	const struct contract *c = k->c;

	if (c->to_day < c->from_day)
		COMPLAIN(k->out, c->place, N_("the contract's term ends before it begins; 'to' must not be before 'from'"));
	check_hours(k, c->place, "business", c->business_from_s, c->business_to_s);
	if (c->site_count == 0)
		COMPLAIN(k->out, c->place, N_("the contract names no site; at least one is needed in 'sites'"));
	if (c->service_count == 0)
		COMPLAIN(k->out, c->place, N_("the contract names no service; at least one is needed in 'services'"));
	if (contract_flow(c, "incident") == NULL)
		COMPLAIN(k->out, c->place, N_("the flow 'incident' is missing; faults need one in 'flows'"));
}

int contract_check(const struct contract *c, struct complaints *out)
{
	struct checking k = { c, out };
	size_t before = out->list.len + out->dropped;

	check_whole(&k);
	for (size_t i = 0; i < c->site_count; i++)
		check_site(&k, i);
	for (size_t i = 0; i < c->service_count; i++)
		check_service(&k, &c->services[i]);
	check_circles(&k);
	for (size_t i = 0; i < c->host_count; i++)
		check_host(&k, &c->hosts[i]);
	for (size_t i = 0; i < c->check_count; i++)
		check_check(&k, &c->checks[i]);
	for (size_t i = 0; i < c->flow_count; i++)
		check_flow(&k, &c->flows[i]);
	for (size_t i = 0; i < c->deliverable_count; i++)
		check_deliverable(&k, &c->deliverables[i]);
	check_eras(&k);
	return out->list.len + out->dropped > before ? HS_ERR_INVALID : 0;
}
