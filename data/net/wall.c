/* See wall.h. The numbers in comments are those of the list of traps this is built against. */
#include "data/net/wall.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "data/net/net.h"

enum { PUMP_MAX = 8 };

/* NULL when a pin is no key. */
static ssh_key pin_key(const char *pin)
{
	size_t type_len = strcspn(pin, " ");
	char type[64];
	ssh_key key = NULL;

	if (type_len >= sizeof type || pin[type_len] == '\0')
		return NULL;
	memcpy(type, pin, type_len);
	type[type_len] = '\0';
	if (ssh_pki_import_pubkey_base64(pin + type_len + 1, ssh_key_type_from_name(type), &key) != SSH_OK)
		return NULL;
	return key;
}

/* The algorithms for HOSTKEYS that make the server show a key of a pinned type. */
static void add_types(const char *const *pins, struct strbuf *out)
{
	for (size_t i = 0; pins[i] != NULL; i++) {
		ssh_key key = pin_key(pins[i]);
		if (key == NULL)
			continue;
		strbuf_addf(out, "%s%s", out->len > 0 ? "," : "",
			    ssh_key_type(key) == SSH_KEYTYPE_RSA ? "rsa-sha2-512,rsa-sha2-256"
								 : ssh_key_type_to_char(ssh_key_type(key)));
		ssh_key_free(key);
	}
}

static bool set_options(ssh_session s, int fd, const struct net_job *job, bool any_type)
{
	static const char nowhere[] = "/dev/null";
	const bool no_config = false;
	bool ok = ssh_options_set(s, SSH_OPTIONS_PROCESS_CONFIG, &no_config) ==
		  SSH_OK; /* 1, before anything else */
	struct strbuf types = { 0 };

	ok = ok && ssh_options_set(s, SSH_OPTIONS_SSH_DIR, "/nonexistent") == SSH_OK;
	ok = ok && ssh_options_set(s, SSH_OPTIONS_HOST, job->address) == SSH_OK;
	ok = ok && ssh_options_set(s, SSH_OPTIONS_PORT, &(unsigned){ (unsigned)job->port }) == SSH_OK;
	ok = ok &&
	     ssh_options_set(s, SSH_OPTIONS_USER, job->user[0] != '\0' ? job->user : "nobody") == SSH_OK;
	ok = ok && ssh_options_set(s, SSH_OPTIONS_KNOWNHOSTS, nowhere) == SSH_OK;
	ok = ok && ssh_options_set(s, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, nowhere) == SSH_OK;
	ok = ok && ssh_options_set(s, SSH_OPTIONS_GSSAPI_AUTH, &(int){ 0 }) == SSH_OK;
	if (!any_type)
		add_types(job->pins, &types);
	if (types.len > 0)
		ok = ok && ssh_options_set(s, SSH_OPTIONS_HOSTKEYS, strbuf_text(&types)) == SSH_OK;
	strbuf_release(&types);
	return ok && ssh_options_set(s, SSH_OPTIONS_FD, &fd) == SSH_OK;
}

int wall_open(struct wall *w, int owned_fd, const struct net_job *job, bool any_type)
{
	*w = (struct wall){ .fd = owned_fd, .ssh = ssh_new() };
	if (w->ssh != NULL && set_options(w->ssh, owned_fd, job, any_type)) {
		ssh_set_blocking(w->ssh, 0);
		ssh_set_counters(w->ssh, &w->raw, NULL);
		return 0;
	}
	ssh_free(w->ssh);
	close(owned_fd);
	*w = (struct wall){ .fd = -1 };
	return -1;
}

int wall_connect(struct wall *w)
{
	int rc = ssh_connect(w->ssh);

	if (w->event == NULL) { /* only now is there something to add */
		w->event = ssh_event_new();
		ssh_event_add_session(w->event, w->ssh);
	}
	if (ssh_get_fd(w->ssh) == w->fd)
		fcntl(w->fd, F_SETFL, O_NONBLOCK); /* 6: libssh clears it */
	return rc;
}

void wall_pump(struct wall *w)
{
	for (int i = 0; i < PUMP_MAX && w->event != NULL; i++)
		if (ssh_event_dopoll(w->event, 0) != SSH_OK)
			break;
}

bool wall_dead(const struct wall *w)
{
	return w->ssh == NULL || ssh_get_fd(w->ssh) < 0 || !ssh_is_connected(w->ssh); /* 4 */
}

const char *wall_error(const struct wall *w)
{
	const char *text = w->ssh != NULL ? ssh_get_error(w->ssh) : NULL;

	return text != NULL ? text : "";
}

void wall_close(struct wall *w)
{
	if (w == NULL || w->ssh == NULL)
		return;
	bool mine = ssh_get_fd(w->ssh) ==
		    w->fd; /* 5: else libssh closed it, and the number may be another's */
	if (w->event != NULL) {
		ssh_event_remove_session(w->event, w->ssh);
		ssh_event_free(w->event);
	}
	ssh_disconnect(w->ssh);
	ssh_free(w->ssh);
	if (mine)
		close(w->fd);
	*w = (struct wall){ .fd = -1 };
}

short wall_events(const struct wall *w)
{
	return ssh_get_poll_flags(w->ssh) & SSH_WRITE_PENDING ? POLLIN | POLLOUT : POLLIN; /* 23 */
}

static bool copy(char *to, size_t size, const char *from)
{
	size_t len = from != NULL ? strlen(from) : size;

	if (len >= size)
		return false;
	memcpy(to, from, len + 1);
	return true;
}

bool wall_host_key(const struct wall *w, struct wall_key *out)
{
	ssh_key key = NULL;
	unsigned char *hash = NULL;
	size_t hash_len = 0;
	char *base64 = NULL, *fingerprint = NULL;

	*out = (struct wall_key){ 0 };
	bool ok = ssh_get_server_publickey(w->ssh, &key) == SSH_OK &&
		  ssh_pki_export_pubkey_base64(key, &base64) == SSH_OK &&
		  ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &hash_len) == SSH_OK;
	if (ok)
		fingerprint = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, hash_len);
	ok = ok && copy(out->type, sizeof out->type, ssh_key_type_to_char(ssh_key_type(key))) &&
	     copy(out->base64, sizeof out->base64, base64) &&
	     copy(out->fingerprint, sizeof out->fingerprint, fingerprint);
	ssh_string_free_char(fingerprint);
	ssh_string_free_char(base64);
	ssh_clean_pubkey_hash(&hash);
	ssh_key_free(key);
	return ok;
}

enum wall_match wall_key_matches(const struct wall *w, const char *const *pins)
{
	enum wall_match match = WALL_NO_PIN;
	ssh_key shown = NULL;

	if (ssh_get_server_publickey(w->ssh, &shown) != SSH_OK)
		return WALL_OTHER;
	for (size_t i = 0; pins[i] != NULL && match != WALL_MATCH; i++) {
		ssh_key key = pin_key(pins[i]);
		if (key == NULL)
			continue;
		match = ssh_key_cmp(shown, key, SSH_KEY_CMP_PUBLIC) == 0 ? WALL_MATCH : WALL_OTHER;
		ssh_key_free(key);
	}
	ssh_key_free(shown);
	return match;
}
