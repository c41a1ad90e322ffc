/* Real SSH servers for tests: a temporary folder with keys and configurations, sshd processes on 127.0.0.1,
 * one client.
 *
 * Every wait has a limit and ends by an event, never by time alone. Everything that was started is ended and
 * reaped by lab_close. */
#ifndef TESTS_DATA_NET_LAB_H
#define TESTS_DATA_NET_LAB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "data/net/net.h"

enum { LAB_LIMIT_MS = 60000 };

struct lab_server {
	pid_t pid;
	int port, log; /* log: what the server writes to its standard error */
	struct strbuf said;
};

struct lab_result {
	uint64_t id;
	struct net_result r; /* its texts live in mem */
};

struct lab {
	char folder[64];
	char user[64];
	bool own_user;      /* not root: sshd passes signals on to his commands */
	char key_file[128]; /* of the user, in authorized_keys */
	char *pin, *rsa_pin, *ecdsa_pin,
		*other_pin; /* "type base64" of the host keys ed25519, rsa, ecdsa, and one of nobody */
	struct net *net;
	struct arena mem;
	VEC(struct lab_result) results;
	VEC(pid_t) servers;
};

void lab_open(struct lab *lab);
void lab_close(struct lab *lab);
/* Path of a file in the folder; lives until lab_close. */
const char *lab_path(struct lab *lab, const char *name);
void lab_write(struct lab *lab, const char *name, const char *text);
/* Runs a program to its end; asserts that it succeeds. */
void lab_run(const char *const *arguments);
/* Starts sshd with more lines for its configuration, HostKey lines among them ("" takes the ed25519 key). */
struct lab_server lab_sshd(struct lab *lab, const char *more);
/* Starts another program, to be ended with lab_stop; ready: what it says when it is, NULL: nothing. */
struct lab_server lab_program(struct lab *lab, const char *const *arguments, const char *ready);
int lab_free_port(void);
/* A new client and child, with the environment as it is now. */
void lab_restart(struct lab *lab);
/* The number in a file of the folder. */
int lab_number(struct lab *lab, const char *name);
/* Waits for the end of a process, whoever's child it is. */
bool lab_gone(int pid);
void lab_stop(struct lab *lab, struct lab_server *s);
/* Reads the server's log until it holds text; asserts that it comes. Returns how often it is in there. */
int lab_log_wait(struct lab_server *s, const char *text);
int lab_log_count(struct lab_server *s, const char *text);
/* A job for a server of the lab: user, key, pin filled in. pins must outlive the job: {pin, NULL}. */
struct net_job lab_job(struct lab *lab, int port, const char *const *pins, const char *script);
uint64_t lab_submit(struct lab *lab, const struct net_job *job);
/* Turns the client's loop until id has its result. */
const struct net_result *lab_wait(struct lab *lab, uint64_t id);
const struct net_result *lab_do(struct lab *lab, const struct net_job *job);
/* One turn of the client's loop, waiting for at most ms. */
void lab_turn(struct lab *lab, int ms);
int64_t lab_clock(void);
/* A figure of /proc/PID/status in KiB ("VmHWM:", "VmRSS:"); how many descriptors a process holds. */
long lab_memory(int pid, const char *name);
int lab_fds(int pid);

#endif
