/* See job.h. The leader of the session is a process of its own, as a shell is: it puts the program into the foreground,
 * sees it stop, continues it, passes a hang-up on, and reports: P pid, S stopped, E ended with a status. */
#include "tests/support/job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct report {
	char kind;
	int value;
};

static volatile pid_t program;

static void pass_hang_up(int sig)
{
	if (program > 0)
		kill(-program, sig);
}

static void send_report(int fd, char kind, int value)
{
	struct report report = { .kind = kind, .value = value };

	if (write(fd, &report, sizeof report) != (ssize_t)sizeof report)
		_exit(125);
}

static void become_program(int slave, const char *const *argv, char *const *env)
{
	sigset_t none;

	setpgid(0, 0);
	tcsetpgrp(slave, getpid());
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int fd = 0; fd <= 2; fd++)
		dup2(slave, fd);
	close_range(3, ~0U, 0);
	execvpe(argv[0], (char *const *)(size_t)argv, env);
	_exit(127);
}

static void lead(int slave, int report, int command, const char *const *argv, char *const *env)
{
	struct sigaction hang_up = { .sa_handler = pass_hang_up };
	int status;
	char order;

	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGHUP, &hang_up, NULL);
	program = fork();
	if (program == 0)
		become_program(slave, argv, env);
	if (program < 0)
		_exit(126);
	setpgid(program, program);
	tcsetpgrp(slave, program);
	send_report(report, 'P', program);
	for (;;) {
		if (waitpid(program, &status, WUNTRACED) < 0) {
			if (errno == EINTR)
				continue;
			_exit(124);
		}
		if (!WIFSTOPPED(status))
			break;
		tcsetpgrp(slave, getpid());
		send_report(report, 'S', 0);
		while (read(command, &order, 1) < 0 && errno == EINTR)
			;
		tcsetpgrp(slave, program);
		kill(-program, SIGCONT);
	}
	send_report(report, 'E', status);
	_exit(0);
}

void job_start(struct job *job, int master, int slave, const char *const *argv, char *const *env)
{
	int report[2], command[2];

	*job = (struct job){ .report = -1, .command = -1 };
	if (pipe2(report, O_CLOEXEC) != 0 || pipe2(command, O_CLOEXEC) != 0)
		abort();
	job->leader = fork();
	if (job->leader == 0) {
		close(master);
		close(report[0]);
		close(command[1]);
		lead(slave, report[1], command[0], argv, env);
	}
	close(report[1]);
	close(command[0]);
	job->report = report[0];
	job->command = command[1];
	while (job->leader > 0 && job->pid == 0 && !job->ended)
		job_report(job);
}

bool job_report(struct job *job)
{
	struct report report;
	ssize_t n = read(job->report, &report, sizeof report);

	if (n != (ssize_t)sizeof report) {
		job->ended = n == 0 || job->ended;
		return false;
	}
	if (report.kind == 'P')
		job->pid = report.value;
	job->stopped = report.kind == 'S';
	if (report.kind == 'E') {
		job->ended = true;
		job->status = report.value;
	}
	return true;
}

void job_continue(struct job *job)
{
	job->stopped = false;
	if (write(job->command, "C", 1) != 1)
		job->ended = true;
}

void job_end(struct job *job)
{
	if (job->leader <= 0)
		return;
	if (!job->ended && job->pid > 0)
		kill(job->pid, SIGKILL);
	if (job->stopped)
		job_continue(job);
	close(job->command);
	while (waitpid(job->leader, NULL, 0) < 0 && errno == EINTR)
		;
	close(job->report);
	job->leader = 0;
}
