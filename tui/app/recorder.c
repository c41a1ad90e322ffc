/* The console's recorder: joined when one runs, started when none does and this console may write (architecture §2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/collect/client.h"
#include "tui/app/internal.h"
#include "tui/widget/tr.h"

/* Ourselves, with the options that say which data and contract; NULL-terminated, texts borrowed. */
static void own_command(const struct app *a, char *self, size_t size, const char *argv[16])
{
	static const struct {
		size_t option;
		const char *name;
	} carried[] = { { OPTION_config, "--config" }, { OPTION_data, "--data" }, { OPTION_contract, "--contract" } };
	const struct options *o = a->session->options;
	size_t used = 0;
	ssize_t len = readlink("/proc/self/exe", self, size - 1);

	self[len > 0 ? len : 0] = '\0';
	argv[used++] = self;
	if (o->value[OPTION_practice] != NULL)
		argv[used++] = "--practice";
	for (size_t i = 0; i < sizeof carried / sizeof *carried; i++) {
		if (o->value[carried[i].option] == NULL)
			continue;
		argv[used++] = carried[i].name;
		argv[used++] = o->value[carried[i].option];
	}
	argv[used++] = "--lang";
	argv[used++] = lang_get();
	argv[used] = NULL;
}

void recorder_start(struct app *a)
{
	const struct session *s = a->session;
	const char *argv[16];
	char self[4096];
	struct err err = { 0 };

	/* a clock that was set shows what is there, and asks nobody */
	if (s->fixed_now != TIME_NONE)
		return;
	bool may = s->config->collect && !s->read_only && !store_device(s->store)->machine_changed;

	own_command(a, self, sizeof self, argv);
	if (client_start(&a->collector, strbuf_text(&s->folder), may && self[0] != '\0' ? argv : NULL, &err) != 0 && may)
		app_error(a, &err);
}

/* Once at once; one that ends again within the minute waits for recorder_tend's turn. */
static void recorder_gone(struct app *a)
{
	int64_t now = monotonic_ms();

	if (a->recorder_gone_ms == 0 || now - a->recorder_gone_ms >= 60000)
		recorder_tend(a);
	a->recorder_gone_ms = now;
	if (client_fd(a->collector) >= 0)
		APP_SAY(a, N_("the recorder ended; a new one was started"));
	else
		APP_SAY(a, N_("the recorder ended; another is looked for every minute"));
}

void recorder_heard(struct app *a)
{
	unsigned said = client_dispatch(a->collector);

	if ((said & CLIENT_PROBED) != 0)
		APP_SAY(a, N_("probed again"));
	if ((said & CLIENT_REFUSED) != 0)
		APP_SAY(a, N_("the recorder refused; 'hoshu check' says more"));
	if ((said & CLIENT_GONE) != 0)
		recorder_gone(a);
	a->dirty = true;
}

/* Once a minute: a recorder that ended is joined or started again. */
void recorder_tend(struct app *a)
{
	if (a->collector != NULL) {
		client_reap(a->collector);
		if (client_fd(a->collector) >= 0)
			return;
	}
	recorder_stop(a);
	recorder_start(a);
}

void recorder_stop(struct app *a)
{
	client_stop(a->collector);
	a->collector = NULL;
}
