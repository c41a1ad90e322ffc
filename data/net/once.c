/* One job, waited for. See net.h. */
#include "data/net/net.h"

#include <poll.h>
#include <string.h>
#include <time.h>

struct waiter {
	struct arena *mem;
	struct net_result *out;
	bool done;
};

static void keep(void *ctx, const struct net_result *r)
{
	struct waiter *w = ctx;

	*w->out = *r;
	w->out->text = arena_text(w->mem, r->text);
	w->out->out = arena_text_n(w->mem, r->out, r->out_len);
	w->out->errors = arena_text_n(w->mem, r->errors, r->errors_len);
	w->out->key_type = arena_text(w->mem, r->key_type);
	w->out->key_base64 = arena_text(w->mem, r->key_base64);
	w->out->key_fingerprint = arena_text(w->mem, r->key_fingerprint);
	w->done = true;
}

static int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int turn(struct net *n, struct waiter *w, int64_t until, struct err *err)
{
	int64_t left = until - clock_ms();
	int helper = net_wait_ms(n);
	struct pollfd p = { .fd = net_fd(n), .events = net_events(n) };

	if (left <= 0)
		return ERR(err, HS_ERR_TIMEOUT, N_("the network helper gave no result in time"));
	poll(&p, 1, helper >= 0 && helper < left ? helper : (int)left);
	int rc = net_dispatch(n, keep, w, err);
	return w->done ? 0 : rc;
}

int net_once(const struct net_job *job, int limit_ms, struct arena *mem, struct net_result *out,
	     struct err *err)
{
	struct waiter w = { .mem = mem, .out = out };
	int64_t until = clock_ms() + limit_ms;
	struct net *n;

	*out = (struct net_result){ .outcome = NET_CANCELLED };
	int rc = net_start(&n, NULL, err);
	if (rc != 0)
		return rc;
	rc = net_submit(n, job, err) != 0 ? 0 : err != NULL ? err->code : HS_ERR_NET;
	while (rc == 0 && !w.done)
		rc = turn(n, &w, until, err);
	net_stop(n);
	return rc;
}
