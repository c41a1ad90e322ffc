/* See link.h. This file: from the name to the connection, and what moves a link. */
#include "data/net/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libssh/server.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/msg.h"

enum {
	RESOLVE_MS = 5000,
	TCP_MS = 5000,
	KEX_MS = 10000,
	AGENT_LIFE_MS = 30000,
	AGE_MS = 60 * 60 * 1000,
	REST_MS = 60 * 1000,
};

struct link *link_new(struct netd *d)
{
	struct link *l = mem_alloc(1, sizeof *l);

	l->d = d;
	l->fd = l->agent_fd = l->wall.fd = -1;
	return l;
}

void link_free(struct link *l)
{
	if (l == NULL)
		return;
	link_drop(l);
	free(l->identity);
	free(l->addresses);
	strbuf_release(&l->out);
	strbuf_release(&l->errors);
	free(l);
}

char *link_identity(const struct net_job *job)
{
	struct strbuf sb = { 0 };

	strbuf_addf(&sb, "%s\n%s\n%d\n%s\n%s", job->host_id, job->address, job->port, job->user,
		    job->key_file);
	for (size_t i = 0; job->pins[i] != NULL; i++)
		strbuf_addf(&sb, "\n%s", job->pins[i]);
	return strbuf_detach(&sb);
}

bool link_connecting(const struct link *l)
{
	return l->state > LINK_IDLE && l->state < LINK_READY;
}

void link_stage(struct link *l, enum net_stage stage)
{
	int64_t now = clock_now();

	if (l->stage < NET_DONE)
		l->stage_ms[l->stage] += (int)(now - l->stage_at);
	l->stage = stage;
	l->stage_at = now;
}

int64_t link_limit(const struct link *l, int64_t ms)
{
	int64_t at = clock_now() + ms;

	return l->limit_at != 0 && l->limit_at < at ? l->limit_at : at;
}

static void close_agent(struct link *l)
{
	if (l->agent_fd >= 0)
		close(l->agent_fd);
	l->agent_fd = -1;
	l->agent_ready = l->agent_given = false;
	l->agent_token = 0;
}

void link_drop(struct link *l)
{
	run_drop_channel(l);
	wall_close(&l->wall);
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	close_agent(l);
	ssh_key_free(l->key);
	l->key = NULL;
	l->name_token = l->key_token = l->connect_token = 0;
	l->state = LINK_IDLE;
	l->deadline = 0;
	l->d->stir = true;
}

void link_result(struct link *l, enum net_outcome outcome, const char *text)
{
	struct strbuf line = { 0 };
	enum net_stage stage = l->stage;
	bool told = outcome != NET_OK || l->work->message.job.kind == NET_KEYSCAN;

	link_stage(l, NET_DONE);
	add_foreign(&line, text[0] != '\0' || outcome == NET_OK ? text : net_outcome_text(outcome));
	struct net_result r = {
		.outcome = outcome,
		.stage = outcome == NET_OK ? NET_DONE : stage,
		.exit_status = l->exited ? l->exit_status : -1,
		.connect_ms = l->connect_ms,
		.total_ms = (int)(clock_now() - l->started_at),
		.reused = l->reused,
		.held = outcome == NET_OK && l->channel != NULL && !l->closed,
		.text = strbuf_text(&line),
		.out = strbuf_text(&l->out),
		.out_len = l->out.len,
		.errors = strbuf_text(&l->errors),
		.errors_len = l->errors.len,
		.key_type = told ? l->shown.type : "",
		.key_base64 = told ? l->shown.base64 : "",
		.key_fingerprint = told ? l->shown.fingerprint : "",
	};
	memcpy(r.stage_ms, l->stage_ms, sizeof r.stage_ms);
	struct work *work = l->work;
	l->work = NULL;
	netd_result(l->d, work, &r);
	strbuf_release(&line);
	strbuf_clear(&l->out);
	strbuf_clear(&l->errors);
}

void link_fail(struct link *l, enum net_outcome outcome, const char *text)
{
	link_result(l, outcome, text);
	link_drop(l);
}

void link_fail_by_error(struct link *l, enum net_outcome outcome)
{
	char *text = mem_text(wall_error(&l->wall)); /* outlives the session */

	link_fail(l, outcome, text);
	free(text);
}

void link_rest(struct link *l)
{
	int64_t now = clock_now();

	if (l->no_reuse || l->identity == NULL || wall_dead(&l->wall) || now - l->ready_at > AGE_MS) {
		link_drop(l);
		return;
	}
	l->state = LINK_READY;
	l->d->stir = true;
	l->used_at = l->heard_at = now;
	l->heard_bytes = l->wall.raw.in_bytes;
	l->deadline = now + REST_MS;
}

/* ---- what is needed before connecting ---- */

static bool numeric(const char *address)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, address, bytes) == 1 || inet_pton(AF_INET6, address, bytes) == 1 ||
	       (strchr(address, ':') != NULL && strchr(address, '%') != NULL);
}

static bool uses_agent(const struct net_job *job)
{
	size_t len = strlen(job->key_file);

	return len == 0 || (len > 4 && strcmp(job->key_file + len - 4, ".pub") == 0);
}

/* Asks the aide. False when that ended the work. */
static bool ask(struct link *l, enum aide_kind kind, const char *text, int pass, uint64_t *token)
{
	const struct net_job *job = &l->work->message.job;
	int limit_ms = kind == AIDE_AGENT ? AGENT_LIFE_MS : RESOLVE_MS;

	*token = ++l->d->last_token;
	if (aide_ask(l->d->aide, kind, *token, text, job->port, limit_ms, pass) == 0)
		return true;
	link_fail(l, NET_HELPER_DIED, N_("the network helper is too busy"));
	return false;
}

/* Asks unless the answer is known (then *found) or asked for already. False when that ended the work. */
static bool look(struct link *l, enum aide_kind kind, const char *subject, uint64_t *token,
		 const struct lookup **found)
{
	*found = lookup_find(&l->d->lookups, kind, subject, l->d->now, token);
	if (*found != NULL || *token != 0)
		return true;
	if (!ask(l, kind, subject, -1, token))
		return false;
	lookup_asked(&l->d->lookups, kind, subject, *token);
	return true;
}

static void set_addresses(struct link *l, const char *list)
{
	size_t len = 0;

	while (list[len] != '\0')
		len += strlen(list + len) + 1;
	free(l->addresses);
	l->addresses = mem_text_n(list, len);
	l->address = l->addresses;
}

static bool prepare_name(struct link *l)
{
	const char *address = l->work->message.job.address;
	const struct lookup *found;

	if (l->addresses != NULL) {
		free(l->addresses);
		l->addresses = NULL;
	}
	if (numeric(address)) {
		l->addresses = mem_text_n(address, strlen(address) + 1);
		l->address = l->addresses;
		return true;
	}
	if (!look(l, AIDE_RESOLVE, address, &l->name_token, &found))
		return false;
	if (found != NULL)
		set_addresses(l, found->addresses);
	return true;
}

static bool prepare_key(struct link *l)
{
	const struct net_job *job = &l->work->message.job;
	const struct lookup *found;

	if (job->kind != NET_RUN)
		return true;
	if (!uses_agent(job)) {
		if (!look(l, AIDE_KEY, job->key_file, &l->key_token, &found))
			return false;
		if (found != NULL)
			l->key = ssh_key_dup(found->key);
		return true;
	}
	if (l->d->now < l->d->agent_trusted_at) {
		link_stage(l, NET_AUTH);
		link_fail(l, NET_KEY_FILE, N_("the ssh-agent does not answer"));
		return false;
	}
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		link_fail(l, NET_KEY_FILE, strerror(errno));
		return false;
	}
	l->agent_fd = pair[0];
	bool asked = ask(l, AIDE_AGENT, job->key_file, pair[1], &l->agent_token);
	close(pair[1]);
	return asked;
}

static void connect_next(struct link *l)
{
	bool datagram = l->work->message.job.kind == NET_ROUTE;

	link_stage(l, NET_CONNECT);
	l->state = LINK_TCP;
	l->deadline = link_limit(l, TCP_MS);
	ask(l, datagram ? AIDE_ROUTE : AIDE_CONNECT, l->address, -1, &l->connect_token);
}

static void prepared(struct link *l)
{
	bool need_key = l->work->message.job.kind == NET_RUN;

	if (l->addresses != NULL && (!need_key || l->key != NULL || l->agent_ready))
		connect_next(l);
}

static void prepare(struct link *l)
{
	l->state = LINK_PREPARE;
	link_stage(l, NET_RESOLVE);
	l->deadline = link_limit(l, RESOLVE_MS);
	if (prepare_name(l) && prepare_key(l))
		prepared(l);
}

void link_reconnect(struct link *l)
{
	struct work *work = l->work;

	l->work = NULL;
	link_drop(l);
	l->work = work;
	l->reused = false;
	prepare(l);
}

/* ---- what moves a link ---- */

static void step(struct link *l)
{
	bool going = true;

	while (going) {
		if (l->state == LINK_KEX)
			going = login_kex(l);
		else if (l->state == LINK_AUTH)
			going = login_auth(l);
		else
			going = l->state > LINK_READY && run_step(l);
	}
}

void link_start(struct link *l, struct work *owned_work)
{
	const struct net_job *job = &owned_work->message.job;

	l->work = owned_work;
	l->started_at = l->stage_at = clock_now();
	l->limit_at = job->connect_ms > 0 ? l->started_at + job->connect_ms : 0;
	l->stage = NET_RESOLVE;
	memset(l->stage_ms, 0, sizeof l->stage_ms);
	l->shown = (struct wall_key){ 0 };
	l->connect_ms = l->resets = 0;
	l->tried_again = l->any_type = l->exited = l->killed = l->cut = false;
	l->exit_status = -1;
	l->reused = l->state == LINK_READY;
	if (l->reused) {
		run_begin(l);
		step(l);
	} else {
		prepare(l);
	}
}

static enum net_outcome outcome_of_errno(int number)
{
	return number == ECONNREFUSED ? NET_REFUSED
	       : number == ETIMEDOUT  ? NET_TIMED_OUT
	       : number == ECONNRESET ? NET_RESET
				      : NET_NO_ROUTE;
}

static void connect_failed(struct link *l, enum net_outcome outcome, const char *text)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	l->address += strlen(l->address) + 1;
	if (*l->address != '\0')
		connect_next(l);
	else
		link_fail(l, outcome, text);
}

static void connected(struct link *l)
{
	int failed = 0;
	socklen_t len = sizeof failed;

	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &failed, &len) != 0 || failed != 0) {
		connect_failed(l, outcome_of_errno(failed), strerror(failed));
		return;
	}
	if (l->work->message.job.kind == NET_TCP) {
		l->connect_ms = (int)(clock_now() - l->started_at);
		link_fail(l, NET_OK, "");
		return;
	}
	int fd = l->fd;
	l->fd = -1; /* the wall's, also when that fails */
	link_stage(l, NET_KEX);
	if (wall_open(&l->wall, fd, &l->work->message.job, l->any_type) != 0) {
		link_fail(l, NET_PROTOCOL, N_("libssh cannot start a session"));
		return;
	}
	l->state = LINK_KEX;
	l->deadline = link_limit(l, KEX_MS);
	step(l);
}

static void answered_connect(struct link *l, struct aide_answer *a)
{
	l->connect_token = 0;
	if (a->outcome != NET_OK)
		connect_failed(l, (enum net_outcome)a->outcome, a->text);
	else if (l->work->message.job.kind == NET_ROUTE)
		link_fail(l, NET_OK, "");
	else
		l->fd = a->fd;
	if (l->fd == a->fd)
		a->fd = -1;
}

void link_answer(struct link *l, struct aide_answer *a)
{
	const struct net_job *job = l->work != NULL ? &l->work->message.job : NULL;
	uint64_t unused;

	if (job == NULL || a->token == 0)
		return;
	if (a->token == l->connect_token) {
		answered_connect(l, a);
		return;
	}
	if (a->token != l->name_token && a->token != l->key_token && a->token != l->agent_token)
		return;
	bool name = a->token == l->name_token;
	const struct lookup *found = a->token == l->agent_token
					     ? NULL
					     : lookup_find(&l->d->lookups, name ? AIDE_RESOLVE : AIDE_KEY,
							   name ? job->address : job->key_file, l->d->now,
							   &unused);
	if (a->outcome != NET_OK || (found == NULL && a->token != l->agent_token)) {
		if (!name)
			link_stage(l, NET_AUTH);
		link_fail(l,
			  a->outcome != NET_OK ? (enum net_outcome)a->outcome
			  : name               ? NET_NO_NAME
					       : NET_KEY_FILE,
			  a->text);
		return;
	}
	if (a->token == l->agent_token)
		l->agent_ready = true;
	else if (name)
		set_addresses(l, found->addresses);
	else
		l->key = ssh_key_dup(found->key);
	prepared(l);
}

void link_wake(struct link *l)
{
	if (l->state == LINK_TCP) {
		connected(l);
		return;
	}
	wall_pump(&l->wall);
	if (l->state != LINK_READY)
		step(l);
	else if (wall_dead(&l->wall))
		link_drop(l);
}

/* A session that rests: let go of when old or mute, else asked for a sign of life (20: every second call
 * sends). */
static void rest_over(struct link *l)
{
	int64_t now = clock_now();
	bool mute = now - l->heard_at > 2 * REST_MS;

	if (l->wall.raw.in_bytes != l->heard_bytes) {
		l->heard_bytes = l->wall.raw.in_bytes;
		l->heard_at = now;
		mute = false;
	}
	if (mute || now - l->ready_at > AGE_MS) {
		link_drop(l);
		return;
	}
	uint64_t sent = l->wall.raw.out_bytes;
	for (int i = 0; i < 2 && l->wall.raw.out_bytes == sent && !wall_dead(&l->wall); i++)
		ssh_send_keepalive(l->wall.ssh);
	l->deadline = now + REST_MS;
}

void link_expire(struct link *l)
{
	static const char *const late[] = {
		[LINK_PREPARE] = N_("looking up the name or the key took too long"),
		[LINK_TCP] = N_("the server does not answer"),
		[LINK_KEX] = N_("the server does not finish the handshake"),
		[LINK_AUTH] = N_("the server does not finish the login"),
	};

	if (l->state == LINK_PAUSE) {
		l->address = l->addresses;
		connect_next(l);
	} else if (l->state == LINK_READY) {
		rest_over(l);
	} else if (l->state == LINK_TCP && l->address[strlen(l->address) + 1] != '\0' &&
		   (l->limit_at == 0 || clock_now() < l->limit_at)) {
		l->connect_token = 0;
		connect_failed(l, NET_TIMED_OUT, late[LINK_TCP]);
	} else if (link_connecting(l)) {
		link_fail(l, NET_TIMED_OUT, late[l->state]);
	} else {
		run_expire(l);
	}
}

void link_cancel(struct link *l)
{
	if (link_connecting(l))
		link_fail(l, NET_CANCELLED, N_("cancelled"));
	else
		run_cancel(l);
}

int link_fd(const struct link *l, short *events)
{
	if (l->state == LINK_TCP) {
		*events = POLLOUT;
		return l->fd;
	}
	if (l->wall.ssh == NULL)
		return -1;
	*events = wall_events(&l->wall);
	return l->wall.fd;
}
