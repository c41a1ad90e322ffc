/* A command on a session that is logged in: OPEN, EXEC, FEED, RUN, STOP, CLOSE (link.h).
 *
 * The script goes to the standard input of a fixed command line, so that it is in no list of processes, is
 * never run by half, and no command in it can eat the rest. Output is taken in the callback: nothing of it
 * can be lost when the server closes at once. */
#include <stdlib.h>
#include <string.h>

#include "core/base/msg.h"
#include "data/net/link.h"

static const char command[] = "exec /bin/sh -c 'p=$(cat) && eval \"$p\" </dev/null'";

enum {
	OPEN_MS = 5000,
	EXEC_MS = 5000,
	FEED_MS = 10000,
	RUN_MS = 60000,
	HELD_MS = 2000, /* for a process that holds the output after the command ended */
	CLOSE_MS = 2000,
	RAW_SLACK = 4 << 20, /* what the protocol may add to the output's caps, unread window included */
	FEED_PIECE = 32 * 1024,
};

static int on_data(ssh_session session, ssh_channel channel, void *data, uint32_t len, int is_stderr,
		   void *ctx)
{
	struct link *l = ctx;

	(void)session;
	(void)channel;
	if (l->work == NULL)
		return (int)len; /* the result is out */
	if (l->cut)
		return 0; /* the window closes */
	const struct net_job *job = &l->work->message.job;
	struct strbuf *to = is_stderr ? &l->errors : &l->out;
	size_t cap = is_stderr ? job->stderr_cap : job->stdout_cap, room = cap - to->len;
	strbuf_add(to, data, len < room ? len : room);
	l->cut = len > room;
	return (int)len;
}

static void on_status(ssh_session session, ssh_channel channel, int status, void *ctx)
{
	struct link *l = ctx;

	(void)session;
	(void)channel;
	l->exited = true;
	l->exit_status = status;
}

static void on_signal(ssh_session session, ssh_channel channel, const char *name, int core, const char *text,
		      const char *language, void *ctx)
{
	struct link *l = ctx;
	size_t len = name != NULL ? strlen(name) : 0;

	(void)session;
	(void)channel;
	(void)core;
	(void)text;
	(void)language;
	if (len >= sizeof l->exit_signal)
		len = sizeof l->exit_signal - 1;
	memcpy(l->exit_signal, name != NULL ? name : "", len);
	l->exit_signal[len] = '\0';
	l->killed = true;
}

static void on_close(ssh_session session, ssh_channel channel, void *ctx)
{
	struct link *l = ctx;

	(void)session;
	(void)channel;
	l->closed = true;
}

void run_begin(struct link *l)
{
	l->channel = ssh_channel_new(l->wall.ssh);
	l->fed = 0;
	l->closed = l->exited = l->killed = l->cut = false;
	l->exit_status = -1;
	l->exit_signal[0] = '\0';
	l->raw_before = l->wall.raw.in_bytes;
	l->callbacks = (struct ssh_channel_callbacks_struct){
		.userdata = l,
		.channel_data_function = on_data,
		.channel_exit_status_function = on_status,
		.channel_exit_signal_function = on_signal,
		.channel_close_function = on_close,
	};
	ssh_callbacks_init(&l->callbacks);
	ssh_set_channel_callbacks(l->channel, &l->callbacks);
	link_stage(l, NET_OPEN);
	l->limit_at = 0;
	l->state = LINK_OPEN;
	l->d->stir = true; /* another may connect now */
	l->deadline = clock_now() + OPEN_MS;
}

void run_drop_channel(struct link *l)
{
	if (l->channel == NULL)
		return;
	ssh_remove_channel_callbacks(l->channel, &l->callbacks);
	ssh_channel_free(l->channel);
	l->channel = NULL;
}

/* A kept session that no longer gives a channel: once more on a fresh one. A server that is alive and refuses
 * gives one a connection. */
static bool open_failed(struct link *l)
{
	bool dead = wall_dead(&l->wall);

	if (l->reused && !l->tried_again) {
		l->tried_again = true;
		l->no_reuse = l->no_reuse || !dead;
		link_reconnect(l);
	} else {
		link_fail_by_error(l, dead ? NET_RESET : NET_PROTOCOL);
	}
	return false;
}

static bool step_open(struct link *l)
{
	int rc = ssh_channel_open_session(l->channel);

	if (rc == SSH_ERROR || wall_dead(&l->wall))
		return open_failed(l);
	if (rc != SSH_OK)
		return false;
	link_stage(l, NET_EXEC);
	l->state = LINK_EXEC;
	l->deadline = clock_now() + EXEC_MS;
	return true;
}

static bool step_exec(struct link *l)
{
	int rc = ssh_channel_request_exec(l->channel, command);

	if (rc == SSH_ERROR || wall_dead(&l->wall)) {
		link_fail_by_error(l, wall_dead(&l->wall) ? NET_RESET : NET_PROTOCOL);
		return false;
	}
	if (rc != SSH_OK)
		return false;
	link_stage(l, NET_FEED);
	l->state = LINK_FEED;
	l->deadline = clock_now() + FEED_MS;
	return true;
}

static bool step_feed(struct link *l)
{
	const struct net_job *job = &l->work->message.job;
	int put = 1;

	while (l->fed < job->script_len && put > 0 && !l->closed) {
		size_t left = job->script_len - l->fed;
		put = ssh_channel_write(l->channel, job->script + l->fed,
					(uint32_t)(left < FEED_PIECE ? left : FEED_PIECE));
		if (put > 0)
			l->fed += (size_t)put;
	}
	if (wall_dead(&l->wall)) {
		link_fail_by_error(l, NET_RESET);
		return false;
	}
	if (l->fed < job->script_len && put != SSH_ERROR && !l->closed)
		return false;
	ssh_channel_send_eof(l->channel);
	link_stage(l, NET_RUNNING);
	l->state = LINK_RUN;
	l->deadline = clock_now() + (job->run_ms > 0 ? job->run_ms : RUN_MS);
	return true;
}

/* The result goes out, the channel is closed and the session kept. */
static bool finish(struct link *l, enum net_outcome outcome, const char *text)
{
	link_result(l, outcome, text);
	l->state = LINK_CLOSE;
	l->deadline = clock_now() + CLOSE_MS;
	return true;
}

/* The result goes out while the command may still run: TERM, then, at the deadline, KILL. */
static bool stop(struct link *l, enum net_outcome outcome, const char *text)
{
	bool flood = outcome == NET_CUT;

	link_result(l, outcome, text);
	ssh_channel_request_send_signal(l->channel, flood ? "KILL" : "TERM");
	l->state = flood ? LINK_CLOSE : LINK_STOP;
	l->deadline = clock_now() + CLOSE_MS;
	return flood;
}

static bool step_run(struct link *l)
{
	const struct net_job *job = &l->work->message.job;
	uint64_t raw = l->wall.raw.in_bytes - l->raw_before;

	if (l->cut || raw > job->stdout_cap + job->stderr_cap + RAW_SLACK)
		return stop(l, NET_CUT, N_("the output was too long and was cut"));
	if (l->closed) {
		if (l->killed)
			return finish(l, NET_SIGNALLED, l->exit_signal);
		if (l->exited)
			return finish(l, NET_OK, "");
		return finish(l, NET_RESET, N_("the server ended the command without a status"));
	}
	if (wall_dead(&l->wall)) {
		link_fail_by_error(l, NET_RESET);
		return false;
	}
	int64_t held_at = clock_now() + HELD_MS;
	if ((l->exited || l->killed) && l->stage == NET_RUNNING) {
		link_stage(l, NET_DONE);
		if (held_at < l->deadline)
			l->deadline = held_at;
	}
	return false;
}

static bool step_close(struct link *l)
{
	if (wall_dead(&l->wall)) {
		link_drop(l);
		return false;
	}
	if (ssh_channel_close(l->channel) == SSH_AGAIN || !l->closed) /* 24: again, or CLOSE is never sent */
		return false;
	run_drop_channel(l);
	link_rest(l);
	return false;
}

static bool step_stop(struct link *l)
{
	if (!l->closed && !wall_dead(&l->wall))
		return false;
	l->state = LINK_CLOSE;
	return true;
}

bool run_step(struct link *l)
{
	switch (l->state) {
	case LINK_OPEN: return step_open(l);
	case LINK_EXEC: return step_exec(l);
	case LINK_FEED: return step_feed(l);
	case LINK_RUN: return step_run(l);
	case LINK_STOP: return step_stop(l);
	case LINK_CLOSE: return step_close(l);
	default: return false;
	}
}

void run_expire(struct link *l)
{
	switch (l->state) {
	case LINK_RUN:
		if (l->killed)
			finish(l, NET_SIGNALLED, l->exit_signal);
		else if (l->exited)
			finish(l, NET_OK, N_("a process left behind held the output open"));
		else
			stop(l, NET_TIMED_OUT, N_("the command did not end in time"));
		run_step(l);
		break;
	case LINK_STOP:
		ssh_channel_request_send_signal(l->channel, "KILL");
		l->state = LINK_CLOSE;
		l->deadline = clock_now() + CLOSE_MS;
		run_step(l);
		break;
	case LINK_CLOSE: link_drop(l); break;
	case LINK_OPEN:
		if (l->reused && !l->tried_again) {
			l->tried_again = true;
			link_reconnect(l);
			break;
		}
		/* fall through */
	default: link_fail(l, NET_TIMED_OUT, N_("the server does not start the command"));
	}
}

void run_cancel(struct link *l)
{
	if (l->state == LINK_RUN || l->state == LINK_FEED)
		stop(l, NET_CANCELLED, N_("cancelled"));
	else
		link_fail(l, NET_CANCELLED, N_("cancelled"));
}
