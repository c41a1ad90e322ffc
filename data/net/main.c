/* hoshu-net: see netd.h. Jobs come in on descriptor 3, results go out there; its end is ours. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/libssh.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"
#include "data/net/link.h"
#include "data/net/netd.h"
#include "data/net/sandbox.h"

enum { CONTROL = 3, BEAT_MS = 2000, OUT_MAX = 16 << 20 };

int64_t clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t random_below(int64_t below)
{
	uint32_t n = 0;

	if (getrandom(&n, sizeof n, 0) != (ssize_t)sizeof n)
		n = 0;
	return below > 0 ? n % below : 0;
}

void add_foreign(struct strbuf *out, const char *text)
{
	struct strbuf whole = { 0 };
	size_t at = 0, size;

	text_sanitize(text, strnlen(text, 4096), &whole);
	while (at < whole.len && (size = text_grapheme(whole.buf + at)) > 0 && at + size <= NET_TEXT_MAX)
		at += size;
	strbuf_add(out, strbuf_text(&whole), at);
	strbuf_release(&whole);
}

void work_free(struct work *work)
{
	if (work == NULL)
		return;
	free(work->body);
	free(work->identity);
	free(work);
}

static void send_some(struct netd *d)
{
	while (d->sent < d->out.len) {
		ssize_t put = send(d->control, d->out.buf + d->sent, d->out.len - d->sent,
				   MSG_NOSIGNAL | MSG_DONTWAIT);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return;
		d->sent += (size_t)put;
		d->said_at = clock_now();
	}
	strbuf_release(&d->out);
	d->sent = 0;
}

void netd_result(struct netd *d, struct work *owned_work, struct net_result *r)
{
	r->id = owned_work->message.id;
	result_encode(r, &d->out);
	work_free(owned_work);
	send_some(d);
}

/* ---- works ---- */

/* Keeps its own copy of the frame: the message points into it. */
static bool take_job(struct netd *d, const struct frame *frame)
{
	struct work *work = mem_alloc(1, sizeof *work);

	work->body = mem_text_n(frame->body, frame->len);
	struct frame own = { .kind = FRAME_JOB, .body = work->body, .len = frame->len };
	if (!job_decode(&own, &work->message)) {
		work_free(work);
		return false;
	}
	if (work->message.job.kind == NET_RUN)
		work->identity = link_identity(&work->message.job);
	vec_push(&d->waiting, work);
	d->stir = true;
	return true;
}

static bool cancel(struct netd *d, const struct frame *frame)
{
	struct fields f = { .at = frame->body, .end = frame->body + frame->len };
	uint64_t id = take_number(&f);

	if (!fields_done(&f))
		return false;
	for (size_t i = 0; i < d->waiting.len; i++)
		if (d->waiting.v[i]->message.id == id)
			d->waiting.v[i]->cancelled = d->stir = true;
	for (size_t i = 0; i < d->links.len; i++)
		if (d->links.v[i]->work != NULL && d->links.v[i]->work->message.id == id)
			link_cancel(d->links.v[i]);
	return true;
}

/* The link for a work: NULL when it has to wait. */
static struct link *link_for(struct netd *d, const struct work *work, bool may_connect)
{
	struct link *l = NULL;

	for (size_t i = 0; work->identity != NULL && l == NULL && i < d->links.len; i++)
		if (d->links.v[i]->identity != NULL && strcmp(d->links.v[i]->identity, work->identity) == 0)
			l = d->links.v[i];
	bool usable = l == NULL ? may_connect
				: l->state == LINK_READY || (l->state == LINK_IDLE && may_connect);
	if (l == NULL && usable) {
		l = link_new(d);
		l->identity = mem_text(work->identity);
		vec_push(&d->links, l);
	}
	return usable ? l : NULL;
}

static void end_cancelled(struct netd *d, struct work *work)
{
	struct net_result r = {
		.outcome = NET_CANCELLED, .exit_status = -1, .out = "", .errors = "", .text = ""
	};

	netd_result(d, work, &r);
}

/* Starts what can be started; the rest keeps its order. */
static void start_waiting(struct netd *d)
{
	size_t connecting = 0, kept = 0;

	if (!d->stir || d->out.len - d->sent >= OUT_MAX)
		return;
	d->stir = false;
	for (size_t i = 0; i < d->links.len; i++)
		connecting += link_connecting(d->links.v[i]);
	for (size_t i = 0; i < d->waiting.len; i++) {
		struct work *work = d->waiting.v[i];
		struct link *l = !work->cancelled ? link_for(d, work, connecting < CONNECTING_MAX) : NULL;
		if (l != NULL) {
			link_start(l, work);
			connecting += link_connecting(l);
		} else if (work->cancelled) {
			end_cancelled(d, work);
		} else {
			d->waiting.v[kept++] = work;
		}
	}
	d->waiting.len = kept;
}

/* ---- frames ---- */

static bool handle_frames(struct netd *d)
{
	struct frame frame;
	size_t used = 0;
	long size;

	while ((size = frame_next(strbuf_text(&d->in) + used, d->in.len - used, &frame)) > 0) {
		bool known = frame.kind == FRAME_JOB ? take_job(d, &frame)
						     : frame.kind == FRAME_CANCEL && cancel(d, &frame);
		if (!known)
			return false;
		used += (size_t)size;
	}
	if (used > 0) {
		memmove(d->in.buf, d->in.buf + used, d->in.len - used);
		strbuf_cut(&d->in, d->in.len - used);
	}
	return size == 0;
}

/* False at the end of the other side, or when it speaks nonsense. */
static bool receive(struct netd *d)
{
	strbuf_reserve(&d->in, 65536);
	ssize_t got = recv(d->control, d->in.buf + d->in.len, 65536, MSG_DONTWAIT);
	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR);
	d->in.len += (size_t)got;
	d->in.buf[d->in.len] = '\0';
	return handle_frames(d);
}

static bool hear_aide(struct netd *d)
{
	static char buffer[AIDE_MESSAGE];
	struct aide_answer a;
	int got;

	while ((got = aide_answer(d->aide, buffer, &a)) > 0) {
		lookup_answered(&d->lookups, &a, d->now);
		for (size_t i = 0; i < d->links.len; i++)
			link_answer(d->links.v[i], &a);
		if (a.fd >= 0)
			close(a.fd);
		explicit_bzero(buffer, sizeof buffer);
	}
	return got == 0;
}

/* ---- the loop ---- */

/* Links that served one work and are done go; of the kept sessions beyond the limit the one unused longest
 * goes. */
static void sweep(struct netd *d)
{
	size_t end = 0, kept = 0;
	struct link *oldest = NULL;

	for (size_t i = 0; i < d->links.len; i++) {
		struct link *l = d->links.v[i];
		if (l->state == LINK_IDLE && (l->identity == NULL || d->links.len > 2 * KEPT_MAX)) {
			link_free(l);
			continue;
		}
		d->links.v[end++] = l;
		if (l->state == LINK_READY) {
			kept++;
			oldest = oldest == NULL || l->used_at < oldest->used_at ? l : oldest;
		}
	}
	d->links.len = end;
	if (kept > KEPT_MAX)
		link_drop(oldest);
}

static bool busy(const struct netd *d)
{
	for (size_t i = 0; i < d->links.len; i++)
		if (d->links.v[i]->work != NULL)
			return true;
	return d->waiting.len > 0;
}

static int wait_ms(const struct netd *d)
{
	int64_t first = busy(d) ? d->said_at + BEAT_MS : INT64_MAX, now = clock_now();

	for (size_t i = 0; i < d->links.len; i++)
		if (d->links.v[i]->deadline != 0 && d->links.v[i]->deadline < first)
			first = d->links.v[i]->deadline;
	return first == INT64_MAX ? -1 : first <= now ? 0 : (int)(first - now);
}

/* A sign of life for a client that waits. */
static void beat(struct netd *d)
{
	if (clock_now() - d->said_at < BEAT_MS || !busy(d))
		return;
	frame_end(&d->out, frame_begin(&d->out, FRAME_BEAT));
	d->said_at = clock_now();
	send_some(d);
}

/* Moves the links whose descriptor is ready or whose time is over. polled[i] belongs to links[i]. */
static void move_links(struct netd *d, const struct pollfd *polled, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct link *l = d->links.v[i];
		if (polled[i].fd >= 0 && polled[i].revents != 0)
			link_wake(l);
		if (l->deadline != 0 && l->deadline <= clock_now())
			link_expire(l);
		beat(d); /* a signing agent may have held us */
	}
}

/* Time in which the loop could not look (a signing agent, a stopped process) is not the servers' fault. */
static void excuse(struct netd *d, int64_t away)
{
	for (size_t i = 0; i < d->links.len; i++)
		if (d->links.v[i]->deadline != 0)
			d->links.v[i]->deadline += away;
}

enum { LONG_ROUND_MS = 500, FIXED = 2 };

static bool round_once(struct netd *d, struct pollfd *polled)
{
	start_waiting(d);
	sweep(d);
	size_t count = d->links.len;
	polled[0] = (struct pollfd){ .fd = d->control,
				     .events = d->sent < d->out.len ? POLLIN | POLLOUT : POLLIN };
	polled[1] = (struct pollfd){ .fd = d->aide, .events = POLLIN };
	for (size_t i = 0; i < count; i++) {
		polled[FIXED + i] = (struct pollfd){ .fd = -1 };
		polled[FIXED + i].fd = link_fd(d->links.v[i], &polled[FIXED + i].events);
	}
	if (poll(polled, FIXED + count, wait_ms(d)) < 0 && errno != EINTR)
		return false;
	d->now = clock_now();
	send_some(d);
	move_links(d, polled + FIXED, count);
	bool alive = (polled[1].revents == 0 || hear_aide(d)) && (polled[0].revents == 0 || receive(d));
	beat(d);
	int64_t away = clock_now() - d->now;
	if (away > LONG_ROUND_MS)
		excuse(d, away);
	return alive;
}

static void serve(struct netd *d)
{
	struct pollfd *polled = NULL;
	bool going = true;

	while (going) {
		polled = mem_resize(polled, FIXED + d->links.len + d->waiting.len, sizeof *polled);
		going = round_once(d, polled);
	}
	free(polled);
}

static void netd_release(struct netd *d)
{
	for (size_t i = 0; i < d->links.len; i++) {
		work_free(d->links.v[i]->work);
		d->links.v[i]->work = NULL;
		link_free(d->links.v[i]);
	}
	for (size_t i = 0; i < d->waiting.len; i++)
		work_free(d->waiting.v[i]);
	vec_release(&d->links);
	vec_release(&d->waiting);
	lookups_release(&d->lookups);
	strbuf_release(&d->in);
	strbuf_release(&d->out);
	close(d->aide);
}

int main(void)
{
	struct netd d = { .control = CONTROL, .now = clock_now(), .said_at = clock_now() };
	struct net_about about = { 0 };

	if (fcntl(CONTROL, F_SETFD, FD_CLOEXEC) != 0) {
		fputs("hoshu-net is started by hoshu\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	sandbox_limits();
	if (aide_start(&d.aide) != 0 || ssh_init() != SSH_OK)
		return 1;
	snprintf(about.library, sizeof about.library, "libssh %s", ssh_version(0));
	sandbox_enter(&about);
	hello_encode(&about, &d.out);
	send_some(&d);
	serve(&d);
	netd_release(&d);
	return 0;
}
