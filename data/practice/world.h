/* The practice world: three real sshd processes on loopback that stand for a library's servers, and six listening ports
 * that stand for the routers of its sites.
 *
 * Everything lives in one folder that holds no real contract. A keeper process owns the servers; it ends, with
 * all of them, when the last client has closed its connection. Each server has its own user and mount
 * namespace with a small tmpfs as its disk where the kernel allows it; where not, breaks that need one say so. */
#ifndef DATA_PRACTICE_WORLD_H
#define DATA_PRACTICE_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

enum { WORLD_SERVERS = 3, WORLD_LINES = 6, WORLD_HOSTS = WORLD_SERVERS + WORLD_LINES };
enum { WORLD_PROGRAMS = 3, WORLD_PROGRAM_SIZE = 16 };

struct world_host {
	const char *id; /* host id of the contract: "ap1" … "kita-rt"; servers come first */
	int port;
};

struct world {
	char *folder;     /* owned, absolute */
	char *user;       /* owned: who logs in */
	struct world_host hosts[WORLD_HOSTS];
};

/* What can be done to a server; each has its cure, and "heal" cures all. */
enum world_break { BREAK_STOP, BREAK_DISK, BREAK_BACKUP, BREAK_SLOW, BREAK_KEY, BREAK_PROCESS, BREAK_COUNT };
const char *world_break_name(enum world_break b);

/* Makes the folder's keys and scripts where they are missing (0700, with ssh-keygen) and reads the ports that are kept there. */
int world_prepare(struct world *w, const char *folder, struct err *err);
void world_release(struct world *w);
/* What runs on a server: "app", "guard", "log" as processes of the name "ap1-app-421"; the number is of the server's port, so that
 * two worlds on one machine do not take each other's for their own. */
extern const char *const world_programs[WORLD_PROGRAMS];
void world_program_name(const struct world *w, size_t server, size_t program, char out[WORLD_PROGRAM_SIZE]);
/* "type base64" of a server's own host key, from its public file; heap, NULL on failure. */
char *world_host_key(const struct world *w, size_t server, struct err *err);
/* Path of the private key that logs in; heap. */
char *world_client_key(const struct world *w);
/* The folder that a server's disk is mounted on; heap. */
char *world_disk(const struct world *w, size_t server);

/* Connects to the keeper, starting one (program: ourselves) when there is none, and waits until its servers listen.
 * The connection keeps the world alive: close it to let go. Returns the descriptor or HS_ERR_*. */
int world_join(const struct world *w, const char *program, struct err *err);
/* Breaks or heals (b = BREAK_COUNT) a host; waits for the keeper's word, which err carries when it refuses. A line can
 * only be stopped. */
int world_act(const struct world *w, const char *host, enum world_break b, struct err *err);

/* Reads one line of at most size - 1 bytes, without its end, waiting limit ms for each byte; false when the other side is
 * silent or gone. */
bool world_read_line(int fd, char *line, size_t size, int limit);

/* The keeper's whole life: called by the verb "practice serve". ready is written one byte when all servers listen. */
int world_serve(const struct world *w, int ready, struct err *err);

#endif
