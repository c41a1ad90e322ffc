/* A program as a job on a pty: the part of a shell that a terminal needs. See job.c. */
#ifndef TESTS_SUPPORT_JOB_H
#define TESTS_SUPPORT_JOB_H

#include <stdbool.h>
#include <sys/types.h>

struct job {
	pid_t leader, pid; /* the session's leader, and the program */
	int report, command; /* pipes from and to the leader */
	bool stopped, ended;
	int status;        /* as of waitpid, when ended */
};

/* Starts argv with env on the terminal slave. The pty's master is closed in the children. */
void job_start(struct job *job, int master, int slave, const char *const *argv, char *const *env);
/* Reads one report when there is one; false when there was none. */
bool job_report(struct job *job);
void job_continue(struct job *job);
/* Ends what still runs, and reaps. */
void job_end(struct job *job);

#endif
