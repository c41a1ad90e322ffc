/* See aide_key.h. The agent protocol: draft-ietf-sshm-ssh-agent; a message is its length in four bytes and
 * its bytes. */
#include "data/net/aide_key.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/libssh.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/strbuf.h"

enum {
	KEY_FILE_MAX = 32 * 1024,
	AGENT_MESSAGE_MAX = 256 * 1024,
	AGENT_MS = 2000,
	AGENT_FAILURE = 5,
	AGENT_LIST = 11,
	AGENT_LIST_ANSWER = 12,
	AGENT_SIGN = 13,
};

/* Opens path, ~/ being HOME; NULL, or why not. */
static const char *open_file(const char *path, bool secret, int *fd)
{
	struct strbuf whole = { 0 };
	const char *home = getenv("HOME");
	struct stat st;

	if (strncmp(path, "~/", 2) == 0 && home != NULL)
		strbuf_addf(&whole, "%s%s", home, path + 1);
	else
		strbuf_add_text(&whole, path);
	*fd = open(strbuf_text(&whole), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int number = errno;
	strbuf_release(&whole);
	if (*fd < 0)
		return number == ENOENT ? N_("the key file is not there")
					: N_("the key file cannot be opened");
	const char *why = NULL;
	if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > KEY_FILE_MAX)
		why = N_("the key file is no private key");
	else if (secret && st.st_uid != geteuid() && st.st_uid != 0)
		why = N_("the key file belongs to someone else");
	else if (secret && (st.st_mode & 077) != 0)
		why = N_("the key file can be read by others: chmod 600 it");
	if (why != NULL)
		close(*fd);
	return why;
}

static const char *read_file(const char *path, bool secret, struct strbuf *out)
{
	int fd;
	const char *why = open_file(path, secret, &fd);
	ssize_t got = 0;

	if (why != NULL)
		return why;
	strbuf_reserve(out, KEY_FILE_MAX + 1);
	while (out->len <= KEY_FILE_MAX &&
	       (got = read(fd, out->buf + out->len, KEY_FILE_MAX + 1 - out->len)) > 0)
		out->len += (size_t)got;
	out->buf[out->len] = '\0';
	close(fd);
	if (got < 0 || out->len > KEY_FILE_MAX || memchr(out->buf, '\0', out->len) != NULL)
		return N_("the key file is no private key");
	return NULL;
}

/* An OpenSSH key names its cipher in the first bytes; the others say it in words. */
static bool encrypted(const char *text)
{
	static const char head[] = "-----BEGIN OPENSSH PRIVATE KEY-----";
	static const char plain[] = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";
	const char *at = strstr(text, head);

	if (at == NULL)
		return strstr(text, "ENCRYPTED") != NULL;
	at += strlen(head);
	at += strspn(at, "\r\n");
	return strncmp(at, plain, strlen(plain)) != 0;
}

const char *aide_key_read(const char *path, struct strbuf *out)
{
	ssh_key key = NULL;
	const char *why = read_file(path, true, out);

	if (why != NULL)
		return why;
	if (strstr(out->buf, "PRIVATE KEY-----") == NULL)
		return N_("the key file is no private key");
	if (encrypted(out->buf))
		return N_("the key file is locked with a passphrase: load it into ssh-agent and leave "
			  "key_file empty");
	if (ssh_pki_import_privkey_base64(out->buf, "", NULL, NULL, &key) != SSH_OK)
		return N_("the key file cannot be understood");
	ssh_key_free(key);
	return NULL;
}

/* ---- the agent ---- */

static bool wait_for(int fd, short events, int ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n;

	do
		n = poll(&p, 1, ms);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

static bool read_whole(int fd, unsigned char *bytes, size_t len, int ms)
{
	while (len > 0) {
		if (!wait_for(fd, POLLIN, ms))
			return false;
		ssize_t got = read(fd, bytes, len);
		if (got <= 0)
			return false;
		bytes += got;
		len -= (size_t)got;
	}
	return true;
}

static uint32_t load32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void add32(struct strbuf *out, uint32_t n)
{
	const unsigned char bytes[4] = { n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255 };

	strbuf_add(out, bytes, sizeof bytes);
}

/* One message with its length; NULL when none came in time. */
static unsigned char *read_message(int fd, int ms, size_t *len)
{
	unsigned char head[4];

	if (!read_whole(fd, head, sizeof head, ms))
		return NULL;
	*len = load32(head);
	if (*len < 1 || *len > AGENT_MESSAGE_MAX)
		return NULL;
	unsigned char *bytes = mem_alloc(*len, 1);
	if (read_whole(fd, bytes, *len, ms))
		return bytes;
	free(bytes);
	return NULL;
}

static bool write_message(int fd, const void *bytes, size_t len)
{
	struct strbuf out = { 0 };
	size_t sent = 0;

	add32(&out, (uint32_t)len);
	strbuf_add(&out, bytes, len);
	while (sent < out.len && wait_for(fd, POLLOUT, AGENT_MS)) {
		ssize_t put = send(fd, out.buf + sent, out.len - sent, MSG_NOSIGNAL);
		if (put <= 0)
			break;
		sent += (size_t)put;
	}
	bool whole = sent == out.len;
	strbuf_release(&out);
	return whole;
}

static int connect_agent(void)
{
	const char *path = getenv("SSH_AUTH_SOCK");
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (path == NULL || path[0] == '\0' || strlen(path) >= sizeof to.sun_path)
		return -1;
	memcpy(to.sun_path, path, strlen(path));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Base64 that was proved to be well-formed. */
static void decode(const char *at, unsigned char *out, size_t *len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *digit;
	uint32_t bits = 0;

	*len = 0;
	for (unsigned held = 0; *at != '\0' && (digit = strchr(digits, *at)) != NULL; at++) {
		bits = bits << 6 | (uint32_t)(digit - digits);
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[(*len)++] = bits >> held & 255;
		}
	}
}

/* The key of a .pub file as the agent writes it. */
static const char *read_wanted(struct agent *a, const char *pub)
{
	struct strbuf text = { 0 };
	ssh_key key = NULL;
	const char *why = read_file(pub, false, &text);
	char *base64 = why == NULL ? strchr(text.buf, ' ') : NULL;

	if (base64 != NULL) {
		*base64++ = '\0';
		base64[strcspn(base64, " \r\n")] = '\0';
		if (ssh_pki_import_pubkey_base64(base64, ssh_key_type_from_name(text.buf), &key) == SSH_OK) {
			a->wanted = mem_alloc(strlen(base64), 1);
			decode(base64, a->wanted, &a->wanted_len);
		}
		ssh_key_free(key);
	}
	strbuf_release(&text);
	return why != NULL ? why : a->wanted == NULL ? N_("the key file cannot be understood") : NULL;
}

/* Keeps only the wanted key of the agent's list. False when the list is broken. */
static bool filter_list(struct agent *a, size_t *count)
{
	struct strbuf kept = { 0 };
	size_t at = 5;
	uint32_t all = a->len >= 5 ? load32(a->identities + 1) : 0;

	*count = 0;
	if (a->len < 5 || a->identities[0] != AGENT_LIST_ANSWER)
		return false;
	strbuf_add_char(&kept, AGENT_LIST_ANSWER);
	add32(&kept, 0);
	for (uint32_t i = 0; i < all; i++) {
		size_t begin = at, blob = 0;
		for (int part = 0; part < 2; part++) { /* the key, its comment */
			if (a->len - at < 4 || a->len - at - 4 < load32(a->identities + at)) {
				strbuf_release(&kept);
				return false;
			}
			size_t len = load32(a->identities + at);
			blob = part == 0 ? len : blob;
			at += 4 + len;
		}
		if (a->wanted != NULL &&
		    (blob != a->wanted_len || memcmp(a->identities + begin + 4, a->wanted, blob) != 0))
			continue;
		strbuf_add(&kept, a->identities + begin, at - begin);
		++*count;
	}
	for (int i = 0; i < 4; i++)
		kept.buf[1 + i] = (char)(*count >> (24 - 8 * i) & 255);
	free(a->identities);
	a->len = kept.len;
	a->identities = (unsigned char *)strbuf_detach(&kept);
	return true;
}

const char *aide_agent_open(struct agent *a, const char *pub)
{
	static const unsigned char list[] = { AGENT_LIST };
	size_t count = 0;

	*a = (struct agent){ .fd = -1 };
	const char *why = pub[0] != '\0' ? read_wanted(a, pub) : NULL;
	if (why != NULL)
		return why;
	a->fd = connect_agent();
	if (a->fd < 0)
		return N_("no ssh-agent is running, and no key file is given");
	if (!write_message(a->fd, list, sizeof list) ||
	    (a->identities = read_message(a->fd, AGENT_MS, &a->len)) == NULL)
		return N_("the ssh-agent does not answer");
	if (!filter_list(a, &count))
		return N_("the ssh-agent answers what is not understood");
	if (count == 0)
		return pub[0] != '\0' ? N_("the ssh-agent does not hold that key")
				      : N_("the ssh-agent holds no key");
	return NULL;
}

static bool may_sign(const struct agent *a, const unsigned char *request, size_t len)
{
	return a->wanted == NULL || (len >= 5 + a->wanted_len && load32(request + 1) == a->wanted_len &&
				     memcmp(request + 5, a->wanted, a->wanted_len) == 0);
}

void aide_agent_serve(struct agent *a, int fd)
{
	static const unsigned char failure[] = { AGENT_FAILURE };
	unsigned char *request;
	size_t len;
	bool going = true;

	while (going && (request = read_message(fd, -1, &len)) != NULL) {
		if (request[0] == AGENT_LIST) {
			going = write_message(fd, a->identities, a->len);
		} else if (request[0] == AGENT_SIGN && may_sign(a, request, len)) {
			unsigned char *reply = NULL;
			size_t reply_len = 0;
			if (write_message(a->fd, request, len))
				reply = read_message(a->fd, AGENT_MS, &reply_len);
			going = reply != NULL && write_message(fd, reply, reply_len);
			free(reply);
		} else {
			going = write_message(fd, failure, sizeof failure);
		}
		free(request);
	}
}
