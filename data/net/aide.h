/* The aide: a child of hoshu-net that touches the outside for it, so that the process which speaks to servers
 * opens no file and no socket and never waits.
 *
 * It looks names up, opens connections and hands over their descriptors, reads private keys, and stands
 * between us and the agent. What may block is done by a grandchild with an alarm. It starts before the
 * sandbox and ends with the socketpair. */
#ifndef DATA_NET_AIDE_H
#define DATA_NET_AIDE_H

#include <stddef.h>
#include <stdint.h>

enum aide_kind {
	AIDE_RESOLVE, /* name -> addresses, each ended by NUL */
	AIDE_CONNECT, /* address, port -> a descriptor that is connecting */
	AIDE_ROUTE,   /* address -> is there a way there */
	AIDE_KEY,     /* path -> the private key's text, proved to be usable */
	AIDE_AGENT,   /* path of a .pub or "", and our end of a socketpair: an agent that answers in 2 s or is
			 hung up on */
};

enum { AIDE_MESSAGE = 48 * 1024 };

struct aide_answer {
	uint64_t token;
	int outcome;      /* enum net_outcome */
	const char *text; /* a sentence for people, "" */
	const char *bytes;
	size_t len;
	int fd; /* -1, or owned by the receiver */
};

/* Forks the aide; *fd is our end, non-blocking. 0 or -1. */
int aide_start(int *fd);
/* fd_to_pass may be -1; it stays the caller's. 0, or -1 when the aide does not take it now. */
int aide_ask(int fd, enum aide_kind kind, uint64_t token, const char *text, int port, int limit_ms,
	     int fd_to_pass);
/* The next answer, pointing into buffer (AIDE_MESSAGE bytes). 1, 0 when there is none, -1 when the aide is
 * gone. */
int aide_answer(int fd, char *buffer, struct aide_answer *out);

#endif
