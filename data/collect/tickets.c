/* See tickets.h. */
#include "data/collect/tickets.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "data/collect/seen.h"
#include "data/store/ticket.h"

struct follow {
	struct tickets *memory;
	struct store *store;
	const struct contract *contract;
	const struct situation *situation;
	msg_tr *tr;
	int64_t now;
	struct tx tx;
	bool writing;
	int touched;
	struct err *err;
};

void tickets_release(struct tickets *t)
{
	vec_release(&t->seen);
	*t = (struct tickets){ 0 };
}

/* Whether this check was dealt with in this state already. */
static struct tickets_seen *memory_of(struct tickets *t, const char *check)
{
	for (size_t i = 0; i < t->seen.len; i++) {
		if (strcmp(t->seen.v[i].check, check) == 0)
			return &t->seen.v[i];
	}
	struct tickets_seen *s = vec_add(&t->seen);
	size_t len = strlen(check) < sizeof s->check ? strlen(check) : sizeof s->check - 1;
	memcpy(s->check, check, len);
	s->since = TIME_NONE;
	return s;
}

/* The transaction is begun by the first row there is to write, so that looking on never locks anything. */
static int begin(struct follow *f)
{
	int rc = f->writing ? 0 : tx_begin(f->store, "auto", "collect", f->now, &f->tx, f->err);

	f->writing = f->writing || rc == 0;
	return rc;
}

static const char *translate(const struct follow *f, const char *msgid)
{
	return f->tr != NULL ? f->tr(msgid) : msgid;
}

static const char *name_of(const struct label *l, const char *id)
{
	return l->ja != NULL && l->ja[0] != '\0' ? l->ja : l->en != NULL && l->en[0] != '\0' ? l->en : id;
}

/* The first service that the check speaks for. */
static const char *service_of(const struct contract *c, const char *check)
{
	for (size_t i = 0; i < c->service_count; i++) {
		for (size_t k = 0; c->services[i].checks != NULL && c->services[i].checks[k] != NULL; k++) {
			if (strcmp(c->services[i].checks[k], check) == 0)
				return c->services[i].id;
		}
	}
	return "";
}

static int open_ticket(struct follow *f, const struct check_now *root, char id[UUID_SIZE])
{
	struct strbuf title = { 0 };
	struct msg msg;
	struct ticket draft;
	char number[24], made[UUID_SIZE];
	int rc = begin(f);

	if (rc != 0)
		return rc;
	table_row_init(TABLE_ticket, &draft);
	MSG(&msg, strcmp(root->check->kind, "ssh") == 0 ? N_("{1}: {3}") : N_("{1} {2}: {3}"),
	    name_of(&root->host->name, root->host->id), name_of(&root->check->name, root->check->id),
	    translate(f, probe_reason_title(root->reason)));
	msg_format(&msg, f->tr, &title);
	draft.id = id;
	draft.kind = "incident";
	draft.title = strbuf_text(&title);
	draft.site = root->check->site != NULL && root->check->site[0] != '\0' ? root->check->site : root->host->site;
	draft.service = service_of(f->contract, root->check->id);
	draft.host = root->host->id;
	draft.check_id = root->check->id;
	draft.detected_at = root->since;
	memcpy(made, id, UUID_SIZE);
	if (ticket_put(&f->tx, f->contract, &draft, made, number)) {
		ticket_join(&f->tx, made, root->check->id, root->since);
		f->touched++;
	}
	strbuf_release(&title);
	return 0;
}

enum standing { STANDING_NONE, STANDING_OPEN, STANDING_CLOSED };

static int ticket_standing(struct follow *f, const char *id, enum standing *out)
{
	struct rows rows = { 0 };
	int rc = store_row(f->store, TABLE_ticket, id, &rows, f->err);

	*out = STANDING_NONE;
	if (rc == HS_ERR_NOT_FOUND) {
		err_clear(f->err);
		return 0;
	}
	if (rc == 0) {
		const struct ticket *t = ROWS(ticket, &rows);
		*out = t->closed_at == TIME_NONE && t->deleted == TIME_NONE ? STANDING_OPEN : STANDING_CLOSED;
	}
	rows_release(&rows);
	return rc;
}

static int join(struct follow *f, const char *ticket, const struct check_now *k)
{
	int rc = begin(f);

	if (rc == 0) {
		ticket_join(&f->tx, ticket, k->check->id, k->since);
		f->touched++;
	}
	return rc;
}

/* Check k is confirmed down because of root. */
static int follow_down(struct follow *f, const struct check_now *k, const struct check_now *root)
{
	char id[UUID_SIZE], older[UUID_SIZE] = "";
	enum standing standing;

	ticket_id_of_failure(root->check->id, root->since, id);
	int rc = ticket_standing(f, id, &standing);
	if (rc == 0 && standing == STANDING_NONE)
		rc = ticket_of_check(f->store, root->check->id, older, f->err);
	if (rc != 0 || standing == STANDING_CLOSED)
		return rc;
	/* It failed before and that ticket is still open: the same trouble goes on. */
	if (older[0] != '\0')
		return join(f, older, k);
	if (standing == STANDING_NONE)
		rc = open_ticket(f, root, id);
	return rc == 0 && k != root ? join(f, id, k) : rc;
}

static int follow_up(struct follow *f, const struct check_now *k)
{
	char id[UUID_SIZE] = "";
	int rc = ticket_of_check(f->store, k->check->id, id, f->err);

	if (rc != 0 || id[0] == '\0')
		return rc;
	rc = begin(f);
	if (rc == 0) {
		ticket_check_recovered(&f->tx, id, k->check->id, k->since);
		f->touched++;
	}
	return rc;
}

static int follow_check(struct follow *f, size_t i)
{
	const struct check_now *k = &f->situation->checks[i];
	struct tickets_seen *memory = memory_of(f->memory, k->check->id);
	const struct check_now *root = k->check->opens_ticket ? situation_root(f->situation, i) : NULL;
	bool up = k->condition == COND_OK || (k->condition == COND_WARN && k->state == PROBE_WARN);
	int rc = 0;

	if (memory->since == k->since && memory->down == (root != NULL))
		return 0;
	if (root != NULL && root->check->opens_ticket)
		rc = follow_down(f, k, root);
	else if (up)
		rc = follow_up(f, k);
	else
		return 0;
	if (rc == 0) {
		memory->since = k->since;
		memory->down = root != NULL;
	}
	return rc;
}

int tickets_follow(struct tickets *t, struct store *store, const struct contract *c, const struct check_statuses *statuses,
		   msg_tr *tr, int64_t now, struct err *err)
{
	struct situation situation;
	struct check_seen *seen = seen_from(statuses);
	struct follow f = { .memory = t, .store = store, .contract = c, .situation = &situation, .tr = tr, .now = now, .err = err };
	int rc = 0;

	situation_build(&situation, c, seen, statuses->list.len, NULL, 0, now);
	for (size_t i = 0; i < c->check_count && rc == 0; i++)
		rc = follow_check(&f, i);
	if (f.writing && rc == 0)
		rc = tx_commit(&f.tx, err);
	else if (f.writing)
		tx_rollback(&f.tx);
	/* Nothing was written: forget that it was dealt with. */
	if (rc != 0)
		vec_clear(&t->seen);
	situation_release(&situation);
	free(seen);
	return rc != 0 ? rc : f.touched;
}
