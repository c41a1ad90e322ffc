/* The screens over machines.h: hosts (7機器), a host's checks, a check's past. Enter goes one level down; v shows the raw answer. */
#include <stdlib.h>
#include <string.h>

#include "tui/app/app.h"
#include "tui/screen/machines.h"
#include "tui/screen/screen.h"

static void open_kind(struct screen *s, enum machines_kind kind, const char *subject)
{
	s->state = mem_alloc(1, sizeof(struct machines));
	machines_init(s->state, kind, subject);
}

static int hosts_open(struct screen *s, const char *subject, struct err *err)
{
	(void)err;
	open_kind(s, MACHINES_HOSTS, subject);
	return 0;
}

static int host_open(struct screen *s, const char *subject, struct err *err)
{
	if (contract_host(app_contract(s->app), subject) == NULL)
		return ERR(err, HS_ERR_NOT_FOUND, N_("the contract knows no host '{1}'"), subject);
	open_kind(s, MACHINES_CHECKS, subject);
	return 0;
}

static int past_open(struct screen *s, const char *subject, struct err *err)
{
	if (contract_check_by_id(app_contract(s->app), subject) == NULL)
		return ERR(err, HS_ERR_NOT_FOUND, N_("the contract knows no check '{1}'"), subject);
	open_kind(s, MACHINES_PAST, subject);
	return 0;
}

static void machines_close(struct screen *s)
{
	machines_release(s->state);
	free(s->state);
}

static int machines_refill(struct screen *s, struct err *err)
{
	struct app *a = s->app;

	return machines_fill(s->state, app_store(a), app_status(a), app_contract(a), app_now(a), err);
}

static void machines_show(struct screen *s, struct surface *out, struct rect area)
{
	machines_draw(s->state, app_now(s->app), out, area);
}

static struct list *machines_list(struct screen *s)
{
	return &((struct machines *)s->state)->list;
}

static size_t machines_targets(struct screen *s, enum arg_kind kind, const char **ids, size_t max)
{
	struct machines *m = s->state;

	if ((m->kind == MACHINES_HOSTS && kind == ARG_HOST) || (m->kind == MACHINES_CHECKS && kind == ARG_CHECK))
		return list_targets(&m->list, ids, max);
	if (max == 0 || m->kind == MACHINES_HOSTS || m->contract == NULL)
		return 0;
	if (m->kind == MACHINES_CHECKS && kind == ARG_HOST) {
		ids[0] = m->subject;
		return 1;
	}
	const struct check *check = contract_check_by_id(m->contract, m->subject);
	if (check == NULL || (kind != ARG_HOST && kind != ARG_CHECK))
		return 0;
	ids[0] = kind == ARG_HOST ? check->host : check->id;
	return 1;
}

static void machines_enter(struct screen *s)
{
	const struct machines *m = s->state;
	const char *id = machines_selected(m);

	if (id != NULL)
		app_open(s->app, m->kind == MACHINES_HOSTS ? "host" : "check", id);
}

const struct screen_ops screen_hosts = {
	.name = "hosts",
	.title = N_("machines"),
	.tab = 7,
	.topics = TOPIC_STATUS | TOPIC_CONTRACT | TOPIC_OTHER,
	.open = hosts_open,
	.close = machines_close,
	.refill = machines_refill,
	.draw = machines_show,
	.list = machines_list,
	.targets = machines_targets,
	.enter = machines_enter,
};

/* The hosts below a service or a site: the same list, put on top of the screen it was opened from. */
const struct screen_ops screen_below = {
	.name = "below",
	.title = N_("machines"),
	.topics = TOPIC_STATUS | TOPIC_CONTRACT | TOPIC_OTHER,
	.open = hosts_open,
	.close = machines_close,
	.refill = machines_refill,
	.draw = machines_show,
	.list = machines_list,
	.targets = machines_targets,
	.enter = machines_enter,
};

const struct screen_ops screen_host = {
	.name = "host",
	.title = N_("host"),
	.topics = TOPIC_STATUS | TOPIC_CONTRACT,
	.open = host_open,
	.close = machines_close,
	.refill = machines_refill,
	.draw = machines_show,
	.list = machines_list,
	.targets = machines_targets,
	.enter = machines_enter,
};

const struct screen_ops screen_check = {
	.name = "check",
	.title = N_("check"),
	.topics = TOPIC_STATUS | TOPIC_CONTRACT,
	.open = past_open,
	.close = machines_close,
	.refill = machines_refill,
	.draw = machines_show,
	.list = machines_list,
	.targets = machines_targets,
};
