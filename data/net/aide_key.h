/* What the aide's grandchildren do with secrets: read a private key, stand between libssh and the agent.
 *
 * Both may block (bcrypt, a confirm dialog), so they run under an alarm. Every failure is a sentence for
 * people (a msgid). */
#ifndef DATA_NET_AIDE_KEY_H
#define DATA_NET_AIDE_KEY_H

#include <stddef.h>

struct strbuf;

/* Appends the key file's text when it is a private key of ours that needs no passphrase. NULL, or why not. */
const char *aide_key_read(const char *path, struct strbuf *out);

struct agent {
	int fd;
	unsigned char *identities; /* the agent's answer, filtered */
	size_t len;
	unsigned char *wanted; /* the only key that may sign, NULL: any */
	size_t wanted_len;
};

/* Asks the agent of SSH_AUTH_SOCK what it has; pub: the .pub file of the one key to use, "" for all. NULL, or
 * why not. */
const char *aide_agent_open(struct agent *a, const char *pub);
/* Answers the requests that come from fd until it closes: what the agent has, and signatures. Hangs up after
 * 2 s of silence of the agent. */
void aide_agent_serve(struct agent *a, int fd);

#endif
