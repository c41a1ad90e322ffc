/* From the connection to the login: handshake, host key, authentication (link.h). No byte of a login is sent
 * before the host key was found among the pins. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/msg.h"
#include "data/net/link.h"

enum {
	AUTH_MS = 10000,
	PAUSE_MS = 200,
	PAUSE_SPREAD_MS = 1300,
	PAUSES = 2,
	AGENT_SLOW_MS = 1500,
	AGENT_PAUSE_MS = 30000,
	LOGIN_BYTES_MAX = 1 << 20, /* no honest server says more before the login */
};

static enum net_outcome outcome_of_error(const char *text)
{
	static const char *const hung_up[] = { "disconnected", "reset by peer", "Broken pipe",
					       "closed by",    "timed out",     "SSH_MSG_DISCONNECT" };

	for (size_t i = 0; i < sizeof hung_up / sizeof *hung_up; i++)
		if (strstr(text, hung_up[i]) != NULL)
			return NET_RESET;
	return NET_PROTOCOL;
}

static bool kex_failed(struct link *l)
{
	const char *text = wall_error(&l->wall);
	enum net_outcome outcome = outcome_of_error(text);
	int64_t wait = PAUSE_MS + random_below(PAUSE_SPREAD_MS);

	if (strstr(text, "server host key algo") != NULL && !l->any_type &&
	    l->work->message.job.kind == NET_RUN) {
		l->any_type = true; /* the pinned type is gone: fetch the key that is shown now */
		link_reconnect(l);
	} else if (outcome == NET_RESET && l->resets < PAUSES &&
		   (l->limit_at == 0 || clock_now() + wait < l->limit_at)) {
		l->resets++;
		wall_close(&l->wall);
		l->state = LINK_PAUSE;
		l->deadline = clock_now() + wait;
	} else {
		link_fail_by_error(l, outcome);
	}
	return false;
}

static bool host_key(struct link *l)
{
	const struct net_job *job = &l->work->message.job;

	link_stage(l, NET_HOSTKEY);
	if (!wall_host_key(&l->wall, &l->shown)) {
		link_fail(l, NET_PROTOCOL, N_("the server's host key cannot be read"));
		return false;
	}
	if (job->kind == NET_KEYSCAN) {
		l->connect_ms = (int)(clock_now() - l->started_at);
		link_fail(l, NET_OK, "");
		return false;
	}
	switch (wall_key_matches(&l->wall, job->pins)) {
	case WALL_MATCH:
		link_stage(l, NET_AUTH);
		l->state = LINK_AUTH;
		l->deadline = link_limit(l, AUTH_MS);
		return true;
	case WALL_NO_PIN:
		link_fail(l, NET_KEY_UNTRUSTED, N_("the host key was never confirmed"));
		return false;
	default:
		link_fail(l, NET_KEY_CHANGED, N_("the host key is another one than confirmed"));
		return false;
	}
}

bool login_kex(struct link *l)
{
	int rc = wall_connect(&l->wall);

	if (rc == SSH_OK && !wall_dead(&l->wall))
		return host_key(l);
	if (rc == SSH_ERROR || wall_dead(&l->wall))
		return kex_failed(l);
	if (l->wall.raw.in_bytes > LOGIN_BYTES_MAX)
		link_fail(l, NET_PROTOCOL, N_("the server talks on and on before the login"));
	return false;
}

static int authenticate(struct link *l)
{
	if (l->key != NULL)
		return ssh_userauth_publickey(l->wall.ssh, NULL, l->key);
	if (!l->agent_given) {
		l->agent_given = true;
		if (ssh_set_agent_socket(l->wall.ssh, l->agent_fd) != SSH_OK)
			return SSH_AUTH_ERROR;
		l->agent_fd = -1;
	}
	int64_t before = clock_now();
	int rc = ssh_userauth_agent(l->wall.ssh, NULL);
	if (clock_now() - before > AGENT_SLOW_MS)
		l->d->agent_trusted_at = clock_now() + AGENT_PAUSE_MS;
	return rc;
}

static bool auth_failed(struct link *l)
{
	const char *text = wall_error(&l->wall);
	bool denied = strstr(text, "uthentication") != NULL || strstr(text, "denied") != NULL;

	lookup_forget(&l->d->lookups, AIDE_KEY, l->work->message.job.key_file);
	link_fail_by_error(l, denied ? NET_AUTH_DENIED : outcome_of_error(text));
	return false;
}

bool login_auth(struct link *l)
{
	int rc = authenticate(l);

	if (rc == SSH_AUTH_SUCCESS && !wall_dead(&l->wall)) {
		ssh_key_free(l->key);
		l->key = NULL;
		l->ready_at = clock_now();
		l->connect_ms = (int)(l->ready_at - l->started_at);
		run_begin(l);
		return true;
	}
	if (rc == SSH_AUTH_AGAIN && !wall_dead(&l->wall)) {
		if (l->wall.raw.in_bytes > LOGIN_BYTES_MAX)
			link_fail(l, NET_PROTOCOL, N_("the server talks on and on before the login"));
		return false;
	}
	if (rc == SSH_AUTH_PARTIAL || rc == SSH_AUTH_INFO) {
		link_fail_by_error(l, NET_AUTH_PARTIAL);
		return false;
	}
	return auth_failed(l);
}
