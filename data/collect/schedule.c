/* See schedule.h. */
#include "data/collect/schedule.h"

#include <string.h>

enum { INTERVAL_DEFAULT = 60, SPREAD_HOSTS = 32 };

/* A number that looks random and is the same for the same host, turn and seed. */
static uint64_t mix(uint64_t seed, const char *id, uint32_t turn)
{
	uint64_t h = seed ^ 0xcbf29ce484222325u ^ ((uint64_t)turn << 32);

	for (; *id != '\0'; id++)
		h = (h ^ (unsigned char)*id) * 0x100000001b3u;
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdu;
	return h ^ h >> 33;
}

/* The shortest interval of host's checks; 0 when it has none. */
static int host_interval(const struct contract *c, const struct host *h)
{
	int shortest = 0;

	for (size_t i = 0; i < c->check_count; i++) {
		if (strcmp(c->checks[i].host, h->id) != 0)
			continue;
		int interval = c->checks[i].interval_s > 0 ? c->checks[i].interval_s : c->interval_s;
		interval = interval > 0 ? interval : INTERVAL_DEFAULT;
		if (shortest == 0 || interval < shortest)
			shortest = interval;
	}
	return shortest;
}

void schedule_init(struct schedule *s, const struct contract *c, uint64_t seed, size_t max_in_flight, int64_t now)
{
	*s = (struct schedule){ .seed = seed, .max_in_flight = max_in_flight };
	for (size_t i = 0; i < c->host_count; i++) {
		int interval = host_interval(c, &c->hosts[i]);
		if (!c->hosts[i].probe || interval == 0)
			continue;
		struct schedule_host *h = vec_add(&s->list);
		h->host = &c->hosts[i];
		h->interval_s = interval;
		h->started_at = TIME_NONE;
		/* A few are asked at once; a crowd is spread over part of its first interval. */
		int64_t spread = c->host_count / SPREAD_HOSTS;
		spread = spread < interval / 2 ? spread : interval / 2;
		h->next_at = now + (int64_t)(mix(seed, h->host->id, 0) % (uint64_t)(spread + 1));
	}
}

void schedule_release(struct schedule *s)
{
	vec_release(&s->list);
	*s = (struct schedule){ 0 };
}

size_t schedule_due(const struct schedule *s, int64_t now)
{
	size_t best = SIZE_MAX;

	if (s->in_flight >= s->max_in_flight)
		return SIZE_MAX;
	for (size_t i = 0; i < s->list.len; i++) {
		const struct schedule_host *h = &s->list.v[i];
		/* Later than any wait we ever set: the clock went back. */
		bool stepped = h->next_at > now + 4 * (int64_t)h->interval_s;
		if (h->started_at != TIME_NONE || (h->next_at > now && !stepped))
			continue;
		if (best == SIZE_MAX || h->next_at < s->list.v[best].next_at)
			best = i;
	}
	return best;
}

void schedule_start(struct schedule *s, size_t host, int64_t now)
{
	s->list.v[host].started_at = now;
	s->list.v[host].turn++;
	s->in_flight++;
}

void schedule_finish(struct schedule *s, size_t host, bool answered, bool confirmed, int64_t now)
{
	struct schedule_host *h = &s->list.v[host];
	int64_t wait = h->interval_s, jitter = h->interval_s / 5;
	int64_t from = h->started_at != TIME_NONE && h->started_at <= now ? h->started_at : now;

	if (h->started_at != TIME_NONE)
		s->in_flight--;
	h->started_at = TIME_NONE;
	h->misses = answered || !confirmed ? 0 : h->misses + 1;
	for (int i = 0; i < h->misses && wait < 4 * (int64_t)h->interval_s; i++)
		wait *= 2;
	/* The cap leaves room for the jitter and for the try itself. */
	if (wait > (int64_t)h->interval_s * 5 / 2 - jitter)
		wait = (int64_t)h->interval_s * 5 / 2 - jitter;
	wait += (int64_t)(mix(s->seed, h->host->id, h->turn) % (uint64_t)(jitter + 1)) - jitter / 2;
	h->next_at = from + wait > now ? from + wait : now + 1;
}

void schedule_force(struct schedule *s, size_t host, int64_t now)
{
	if (s->list.v[host].next_at > now)
		s->list.v[host].next_at = now;
}

size_t schedule_find(const struct schedule *s, const char *host_id)
{
	for (size_t i = 0; i < s->list.len; i++) {
		if (strcmp(s->list.v[i].host->id, host_id) == 0)
			return i;
	}
	return SIZE_MAX;
}

int64_t schedule_next_at(const struct schedule *s)
{
	int64_t next = TIME_NONE;

	if (s->in_flight >= s->max_in_flight)
		return TIME_NONE;
	for (size_t i = 0; i < s->list.len; i++) {
		const struct schedule_host *h = &s->list.v[i];
		if (h->started_at == TIME_NONE && (next == TIME_NONE || h->next_at < next))
			next = h->next_at;
	}
	return next;
}
