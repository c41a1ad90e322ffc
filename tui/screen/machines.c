/* See machines.h. */
#include "tui/screen/machines.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/civil.h"
#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "tui/screen/overview.h"
#include "tui/widget/tr.h"

enum { PAST_DAYS = 400 };

static const char *put(struct machines *m, size_t column, const struct strbuf *text)
{
	struct strbuf clean = { 0 };
	size_t used;

	text_sanitize(strbuf_text(text), text->len, &clean);
	size_t len = text_fit(strbuf_text(&clean), sizeof m->cell[0] / 2, &used);
	len = len < sizeof m->cell[0] ? len : 0;
	memcpy(m->cell[column], strbuf_text(&clean), len);
	m->cell[column][len] = '\0';
	strbuf_release(&clean);
	return m->cell[column];
}

static void put_state(struct machines *m, struct list_cell *cells, enum condition c)
{
	struct strbuf text = { 0 };

	m->cell[0][0] = condition_mark(c);
	m->cell[0][1] = '\0';
	cells[0].text = m->cell[0];
	strbuf_addf(&text, "[%s]", condition_word(c));
	cells[2].text = put(m, 2, &text);
	cells[0].role = cells[2].role = condition_role(c);
	strbuf_release(&text);
}

static void put_age(struct machines *m, struct list_cell *cells, size_t column, int64_t at)
{
	struct strbuf text = { 0 };

	add_age(m->now, at, &text);
	cells[column].text = put(m, column, &text);
	cells[column].role = ROLE_dim;
	strbuf_release(&text);
}

static void put_time(struct machines *m, struct list_cell *cells, size_t column, int64_t at)
{
	struct strbuf text = { 0 };

	if (at != TIME_NONE)
		time_format(at, m->contract->offset_s, TIME_MINUTES, &text);
	cells[column].text = put(m, column, &text);
	strbuf_release(&text);
}

/* ---- hosts ---- */

/* The check that makes a host, which answers, worse than normal; NULL when none does. */
static const struct check_now *worst_check(const struct machines *m, const struct host_now *h)
{
	const struct check_now *worst = NULL;

	for (size_t i = 0; i < m->contract->check_count; i++) {
		const struct check_now *k = &m->view.s.checks[i];
		if (k->host == h->host && k->condition > COND_OK && (worst == NULL || k->condition > worst->condition))
			worst = k;
	}
	return worst;
}

static void host_row(struct machines *m, size_t i, struct list_cell *cells)
{
	const struct host_now *h = &m->view.s.hosts[i];
	const struct site *site = contract_site(m->contract, h->host->site);
	struct strbuf text = { 0 };

	put_state(m, cells, h->condition);
	cells[1].text = tr_label(&h->host->name);
	const struct check_now *worst = h->reach > COND_OK ? NULL : worst_check(m, h);
	if (worst != NULL)
		strbuf_addf(&text, "%s%s%s", tr_label_short(&worst->check->name), worst->reason != REASON_NONE ? " " : "",
			    worst->reason != REASON_NONE ? tr(probe_reason_title(worst->reason)) : "");
	else
		strbuf_add_text(&text, h->reason != REASON_NONE ? tr(probe_reason_title(h->reason)) : "");
	cells[3].text = put(m, 3, &text);
	cells[3].role = condition_role(worst != NULL ? worst->condition : h->reach);
	strbuf_clear(&text);
	cells[4].text = site != NULL ? tr_label_short(&site->name) : "--";
	if (h->response_ms != TIME_NONE)
		strbuf_addf(&text, "%lld ms", (long long)h->response_ms);
	cells[5].text = put(m, 5, &text);
	strbuf_clear(&text);
	strbuf_addf(&text, "%d/%d", h->checks_ok, h->checks);
	cells[6].text = put(m, 6, &text);
	put_age(m, cells, 7, h->at);
	strbuf_release(&text);
}

static bool service_uses(const struct service *v, const struct situation *s, const struct host *host)
{
	for (size_t i = 0; v->needs != NULL && v->needs[i] != NULL; i++) {
		if (strcmp(v->needs[i], host->id) == 0)
			return true;
	}
	for (size_t i = 0; v->checks != NULL && v->checks[i] != NULL; i++) {
		const struct check_now *k = situation_check(s, v->checks[i]);
		if (k != NULL && k->host == host)
			return true;
	}
	return false;
}

static bool host_wanted(const struct machines *m, const struct host *host)
{
	if (strncmp(m->subject, "site:", 5) == 0) {
		const struct site *site = contract_site(m->contract, m->subject + 5);
		if (strcmp(host->site, m->subject + 5) == 0)
			return true;
		for (size_t i = 0; site != NULL && site->uses != NULL && site->uses[i] != NULL; i++) {
			const struct service_now *v = situation_service(&m->view.s, site->uses[i]);
			if (v != NULL && service_uses(v->service, &m->view.s, host))
				return true;
		}
		return false;
	}
	if (strncmp(m->subject, "service:", 8) == 0) {
		const struct service_now *v = situation_service(&m->view.s, m->subject + 8);
		return v != NULL && service_uses(v->service, &m->view.s, host);
	}
	return true;
}

/* ---- checks ---- */

static void check_row(struct machines *m, size_t i, struct list_cell *cells)
{
	const struct check_now *k = &m->view.s.checks[i];
	const struct probe_kind *kind = probe_kind_find(k->check->kind);
	struct strbuf text = { 0 };

	put_state(m, cells, k->condition);
	cells[1].text = tr_label(&k->check->name);
	cells[3].text = kind != NULL ? tr_in("probe", kind->title) : k->check->kind;
	strbuf_add_text(&text, k->reason != REASON_NONE ? tr(probe_reason_title(k->reason)) : "");
	if (k->failures > 0)
		strbuf_addf(&text, " %d/%d", k->failures, k->check->failures > 0 ? k->check->failures : 3);
	if (k->flapping)
		strbuf_addf(&text, " %s", tr(N_("flapping")));
	cells[4].text = put(m, 4, &text);
	cells[4].role = condition_role(k->condition);
	cells[5].text = k->text;
	put_time(m, cells, 6, k->since);
	put_age(m, cells, 7, k->at);
	strbuf_release(&text);
}

/* ---- a check's past ---- */

static void past_row(struct machines *m, size_t i, struct list_cell *cells)
{
	const struct state_interval *s = &m->past.list.v[m->past.list.len - 1 - i];
	int64_t to = s->to != TIME_NONE ? s->to : m->now;
	struct strbuf text = { 0 };

	put_state(m, cells, condition_of(s->state));
	put_time(m, cells, 1, s->from);
	put_time(m, cells, 3, s->to);
	add_age(to, s->from, &text);
	cells[4].text = put(m, 4, &text);
	strbuf_release(&text);
}

/* ---- the list ---- */

static size_t row_count(void *ctx)
{
	const struct machines *m = ctx;

	return m->kind == MACHINES_PAST ? m->past.list.len : m->rows.len;
}

static void row(void *ctx, size_t i, struct list_cell *cells)
{
	struct machines *m = ctx;

	if (m->kind == MACHINES_HOSTS)
		host_row(m, m->rows.v[i], cells);
	else if (m->kind == MACHINES_CHECKS)
		check_row(m, m->rows.v[i], cells);
	else
		past_row(m, i, cells);
}

static const char *row_id(void *ctx, size_t i)
{
	struct machines *m = ctx;

	if (m->kind == MACHINES_HOSTS)
		return m->contract->hosts[m->rows.v[i]].id;
	if (m->kind == MACHINES_CHECKS)
		return m->contract->checks[m->rows.v[i]].id;
	return msg_int(m->id, m->past.list.v[m->past.list.len - 1 - i].from);
}

void machines_init(struct machines *m, enum machines_kind kind, const char *subject)
{
	static const struct list_column hosts[] = {
		{ "mark", "", 1, 1, 1, -1, false },          { "name", N_("host"), 12, 24, 1, -1, true },
		{ "state", N_("state"), 10, 12, 1, -1, true }, { "reason", N_("reason"), 8, 0, 2, -1, false },
		{ "site", N_("site"), 6, 10, 3, -1, true },  { "response", N_("response"), 7, 9, 2, 1, false },
		{ "checks", N_("checks"), 5, 6, 3, 1, false }, { "age", N_("watched"), 7, 7, 1, 1, false },
	};
	static const struct list_column checks[] = {
		{ "mark", "", 1, 1, 1, -1, false },           { "name", N_("check"), 12, 20, 1, -1, true },
		{ "state", N_("state"), 10, 12, 1, -1, true }, { "kind", N_("kind"), 8, 12, 6, -1, true },
		{ "reason", N_("reason"), 12, 20, 2, -1, false }, { "text", N_("details"), 18, 0, 2, -1, false },
		{ "since", N_("since"), 16, 16, 5, -1, false }, { "age", N_("watched"), 7, 7, 1, 1, false },
	};
	static const struct list_column past[] = {
		{ "mark", "", 1, 1, 1, -1, false },           { "from", N_("from"), 16, 16, 1, -1, false },
		{ "state", N_("state"), 10, 12, 1, -1, true }, { "to", N_("to"), 16, 16, 1, -1, false },
		{ "length", N_("length"), 8, 10, 1, 1, false },
	};
	static const struct list_source source = { .count = row_count, .row = row, .id = row_id };
	size_t len = strlen(subject) < sizeof m->subject ? strlen(subject) : 0;

	memset(m, 0, sizeof *m);
	m->kind = kind;
	memcpy(m->subject, subject, len);
	if (kind == MACHINES_HOSTS)
		list_init(&m->list, hosts, sizeof hosts / sizeof *hosts, &source, m);
	else if (kind == MACHINES_CHECKS)
		list_init(&m->list, checks, sizeof checks / sizeof *checks, &source, m);
	else
		list_init(&m->list, past, sizeof past / sizeof *past, &source, m);
	m->list.empty = kind == MACHINES_PAST ? N_("nothing was recorded yet") : N_("the contract names none here");
}

void machines_release(struct machines *m)
{
	list_release(&m->list);
	situation_view_release(&m->view);
	vec_release(&m->past.list);
	vec_release(&m->rows);
}

/* What failed stands first; within that the contract's order. */
static void choose_rows(struct machines *m)
{
	bool hosts = m->kind == MACHINES_HOSTS;
	size_t count = hosts ? m->contract->host_count : m->contract->check_count;

	vec_clear(&m->rows);
	for (int want = COND_COUNT - 1; want >= 0; want--) {
		for (size_t i = 0; i < count; i++) {
			enum condition c = hosts ? m->view.s.hosts[i].condition : m->view.s.checks[i].condition;
			bool mine = hosts ? host_wanted(m, &m->contract->hosts[i])
					  : strcmp(m->contract->checks[i].host, m->subject) == 0;
			c = c < COND_WARN && c != COND_NONE ? COND_OK : c;
			if (mine && (int)c == want)
				vec_push(&m->rows, i);
		}
	}
}

int machines_fill(struct machines *m, struct store *store, struct status *status, const struct contract *c, int64_t now,
		  struct err *err)
{
	struct state_intervals past = { 0 };
	int rc = situation_view_load(&m->view, store, status, c, now, err);

	if (rc == 0 && m->kind == MACHINES_PAST && status != NULL)
		rc = status_intervals(status, m->subject, now - (int64_t)PAST_DAYS * DAY_SECONDS, now + 1, &past, err);
	if (rc != 0)
		return rc;
	m->contract = c;
	m->now = now;
	vec_release(&m->past.list);
	m->past = past;
	if (m->kind != MACHINES_PAST)
		choose_rows(m);
	list_refill(&m->list);
	return 0;
}

const char *machines_selected(const struct machines *m)
{
	return m->kind == MACHINES_PAST ? NULL : list_selected_id(&m->list);
}

static void add_title(const struct machines *m, struct strbuf *out)
{
	const struct host *host = contract_host(m->contract, m->subject);
	const struct check *check = contract_check_by_id(m->contract, m->subject);
	const char *colon = strchr(m->subject, ':');

	if (m->kind == MACHINES_CHECKS && host != NULL)
		strbuf_addf(out, "%s  %s@%s:%d", tr_label(&host->name), host->user, host->address, host->port);
	else if (m->kind == MACHINES_PAST && check != NULL)
		strbuf_addf(out, "%s  %s", tr_label(&check->name), check->host);
	else if (m->kind == MACHINES_HOSTS && colon != NULL) {
		const struct site *site = contract_site(m->contract, colon + 1);
		const struct service *service = contract_service(m->contract, colon + 1);
		strbuf_add_text(out, site != NULL && m->subject[1] == 'i' ? tr_label(&site->name)
				     : service != NULL ? tr_label(&service->name) : colon + 1);
	} else {
		strbuf_add_text(out, m->kind == MACHINES_HOSTS ? tr(N_("all hosts")) : m->subject);
	}
}

void machines_draw(struct machines *m, int64_t now, struct surface *out, struct rect area)
{
	struct strbuf title = { 0 };

	if (m->contract == NULL)
		return;
	m->now = now;
	situation_view_age(&m->view, now);
	add_title(m, &title);
	surface_field(out, area.row, area.col + 1, area.cols - 1, ROLE_head, -1, strbuf_text(&title));
	surface_hline(out, area.row + 1, area.col, area.cols, ROLE_frame);
	list_draw(&m->list, out, (struct rect){ area.row + 2, area.col, area.rows - 2, area.cols }, true);
	strbuf_release(&title);
}
