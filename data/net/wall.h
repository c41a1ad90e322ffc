/* The wall round one libssh session: every trap of libssh that is not about channels is closed here.
 *
 * A wall owns its descriptor and its session; libssh 0.10 closes the descriptor itself in some failures, so
 * only wall_close may close it. No configuration is read, no file opened, no prompt made, no host key
 * believed but by wall_key_matches. */
#ifndef DATA_NET_WALL_H
#define DATA_NET_WALL_H

#include <libssh/libssh.h>
#include <stdbool.h>

struct net_job;
struct strbuf;

struct wall {
	ssh_session ssh; /* NULL: no session */
	ssh_event event;
	int fd; /* -1 when there is no session */
	struct ssh_counter_struct raw;
};

/* owned_fd is connected and non-blocking. any_type: also host keys of other types than the pins'. 0 or -1 (fd
 * closed). */
int wall_open(struct wall *w, int owned_fd, const struct net_job *job, bool any_type);
/* SSH_OK, SSH_AGAIN, SSH_ERROR. */
int wall_connect(struct wall *w);
/* Moves what the socket has, at most eight packets' worth. */
void wall_pump(struct wall *w);
/* True when the connection ended, whatever the last call returned. */
bool wall_dead(const struct wall *w);
/* What libssh says went wrong, as it came (hostile). */
const char *wall_error(const struct wall *w);
/* NULL and a wall that was never opened are allowed. */
void wall_close(struct wall *w);
short wall_events(const struct wall *w);

struct wall_key {
	char type[64];
	char base64[2048];
	char fingerprint[128]; /* SHA256:… */
};
/* The key that the server proved to hold. */
bool wall_host_key(const struct wall *w, struct wall_key *out);
enum wall_match { WALL_MATCH, WALL_OTHER, WALL_NO_PIN };
enum wall_match wall_key_matches(const struct wall *w, const char *const *pins);

#endif
