/* Whose silence is it? A host that was silent is held until witness.h can say; then its verdicts are ready to be written. */
#include <stdlib.h>
#include <string.h>

#include "data/collect/recorder_internal.h"

enum {
	HOLD_MAX_S = 90,     /* witnesses answer within their own deadlines; this is for a helper that never does */
	DEATHS_MAX = 3,      /* of hoshu-net under one host's jobs before the host itself is shown as unknown */
	READY_MAX = 20000,   /* verdicts kept while status.db cannot be written */
};

static void say_text(struct recorder *r, const char *msgid, char *out, size_t size)
{
	const char *text = r->o.tr != NULL ? r->o.tr(msgid) : msgid;
	size_t len = strlen(text) < size ? strlen(text) : size - 1;

	while (len < strlen(text) && len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memcpy(out, text, len);
	out[len] = '\0';
}

/* ---- settling ---- */

static void set_network(struct recorder *r, bool up)
{
	if (r->network_up == up)
		return;
	r->network_up = up;
	r->network_since = r->now;
	r->network_told = false;
}

/* Hands the run's verdicts over to be written, and lets the host wait for its next turn. */
static void settle(struct recorder *r, size_t host, bool ours)
{
	struct run *run = &r->runs[host];

	for (size_t i = 0; i < run->verdicts.len; i++) {
		struct ready *item = &run->verdicts.v[i];
		if (ours && item->verdict.state != PROBE_UP && item->verdict.state != PROBE_WARN) {
			verdict_unknown(&item->verdict, REASON_OWN_NETWORK);
			item->verdict.state = PROBE_UNREACH;
			say_text(r, probe_reason_title(REASON_OWN_NETWORK), item->verdict.text, sizeof item->verdict.text);
		}
		if (r->ready.len == 0)
			r->ready_since = r->now;
		if (r->ready.len < READY_MAX)
			vec_push(&r->ready, *item);
	}
	if (run->alive)
		set_network(r, true);
	else if (ours)
		set_network(r, false);
	run->held = false;
	run->asked_once = true;
	vec_clear(&run->verdicts);
	schedule_finish(&r->schedule, host, run->alive, run->known_down, r->now);
}

void recorder_host_done(struct recorder *r, size_t host)
{
	struct run *run = &r->runs[host];

	if (run->died && run->deaths < DEATHS_MAX) {
		/* Our helper's end is not the server's: ask again, with a new helper. */
		run->deaths++;
		vec_clear(&run->verdicts);
		schedule_finish(&r->schedule, host, true, false, r->now);
		r->schedule.list.v[host].next_at = r->now + run->deaths;
		return;
	}
	run->deaths = 0;
	if (run->alive || run->silent)
		run->witness = (struct witness){ run->alive ? EVIDENCE_ALIVE : EVIDENCE_SILENT, r->now, run->known_down };
	if (run->alive || !run->silent) {
		settle(r, host, false);
		return;
	}
	run->held = true;
	run->held_at = r->now;
}

/* Decides about the silent ones as far as it can be decided now. */
void recorder_settle_held(struct recorder *r)
{
	size_t count = r->schedule.list.len;
	struct witness *all = mem_alloc(count + 1, sizeof *all);

	for (size_t i = 0; i < count; i++)
		all[i] = r->runs[i].witness;
	for (size_t i = 0; i < count; i++) {
		struct run *run = &r->runs[i];
		size_t ask[WITNESSES_ASKED], asked;
		if (!run->held)
			continue;
		if (run->route == ROUTE_UNASKED)
			recorder_ask_route(r, i);
		if (run->route == ROUTE_ASKED && r->now - run->held_at <= HOLD_MAX_S)
			continue;
		enum witness_verdict verdict = run->route == ROUTE_NONE
			? WITNESS_OURS : witness_judge(all, count, i, run->began, ask, &asked);
		if (verdict == WITNESS_WAIT && r->now - run->held_at <= HOLD_MAX_S) {
			for (size_t k = 0; k < asked; k++)
				schedule_force(&r->schedule, ask[k], r->now);
			continue;
		}
		settle(r, i, verdict == WITNESS_OURS);
	}
	free(all);
}
