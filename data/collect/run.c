/* See run.h. */
#include "data/collect/run.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "data/collect/server.h"

struct life {
	const struct collect_options *o;
	const struct contract *contract;
	struct status *status;
	struct recorder *recorder;
	struct server *server;
	int signals;
	bool stop, served; /* served: a client was there once */
};

static int64_t clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec;
}

static int reload(struct life *l, struct err *err)
{
	const struct contract *contract = l->contract;
	int rc = l->o->reload != NULL ? l->o->reload(l->o->ctx, &contract, err) : 0;

	if (rc == 0 && contract != l->contract) {
		recorder_reload(l->recorder, contract, clock_now());
		l->contract = contract;
	}
	return rc;
}

static int asked(void *ctx, enum server_word word, const char *host, struct err *err)
{
	struct life *l = ctx;

	switch (word) {
	case WORD_PROBE:
		return recorder_probe(l->recorder, host[0] != '\0' ? host : NULL, clock_now(), err);
	case WORD_RELOAD:
		return reload(l, err);
	case WORD_STOP:
		l->stop = true;
		return 0;
	case WORD_SUBSCRIBE:
		return 0;
	}
	return 0;
}

static void changed(void *ctx)
{
	struct life *l = ctx;

	server_changed(l->server);
}

static void probed(void *ctx, const char *host)
{
	struct life *l = ctx;

	server_probed(l->server, host);
}

/* Signals come as bytes of a descriptor, so that no handler and no global is needed. */
static int open_signals(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, before);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void take_signals(struct life *l)
{
	struct signalfd_siginfo info;

	while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGHUP && l->o->attached < 0)
			reload(l, NULL);
		else
			l->stop = true;
	}
}

static int open_all(struct life *l, struct err *err)
{
	struct server_ops ops = { .asked = asked, .ctx = l };
	struct recorder_options options = {
		.contract = l->contract, .store = l->o->store, .net_program = l->o->net_program,
		.auto_tickets = l->o->auto_tickets, .tr = l->o->tr, .changed = changed, .probed = probed, .ctx = l,
	};
	int rc = server_open(&l->server, l->o->folder, l->o->attached, &ops, err);

	if (rc == 0)
		rc = status_open(&l->status, l->o->folder, true, err);
	if (rc != 0)
		return rc;
	options.status = l->status;
	if (getrandom(&options.seed, sizeof options.seed, 0) != (ssize_t)sizeof options.seed)
		options.seed = (uint64_t)getpid();
	rc = recorder_new(&l->recorder, &options, clock_now(), err);
	if (rc == 0 && l->o->once && l->o->host != NULL)
		rc = recorder_only(l->recorder, l->o->host, clock_now(), err);
	return rc;
}

static bool goes_on(struct life *l)
{
	size_t clients = server_clients(l->server);

	l->served = l->served || clients > 0;
	if (l->stop || (l->o->attached >= 0 && l->served && clients == 0))
		return false;
	return !l->o->once || !recorder_idle(l->recorder);
}

static int loop(struct life *l, struct err *err)
{
	struct pollfd fds[SERVER_CLIENTS + 3];
	int rc = recorder_step(l->recorder, clock_now(), err);

	while (rc == 0 && goes_on(l)) {
		size_t count = server_poll(l->server, fds + 2);
		fds[0] = (struct pollfd){ .fd = l->signals, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = recorder_fd(l->recorder), .events = recorder_events(l->recorder) };
		if (poll(fds, (nfds_t)count + 2, recorder_wait_ms(l->recorder, clock_now())) < 0 && errno != EINTR)
			return ERR(err, HS_ERR_IO, N_("cannot wait: {1}"), strerror(errno));
		take_signals(l);
		server_dispatch(l->server, fds + 2, count);
		rc = recorder_step(l->recorder, clock_now(), err);
	}
	return rc;
}

int collect_run(const struct collect_options *options, struct err *err)
{
	struct life l = { .o = options, .contract = options->contract, .signals = -1 };
	sigset_t before;
	int rc;

	l.signals = open_signals(&before);
	rc = l.signals >= 0 ? open_all(&l, err) : ERR(err, HS_ERR_IO, N_("cannot wait: {1}"), strerror(errno));
	if (rc == 0) {
		rc = loop(&l, err);
		recorder_finish(l.recorder, clock_now());
	}
	recorder_free(l.recorder);
	status_close(l.status);
	server_close(l.server);
	if (l.signals >= 0)
		close(l.signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}
