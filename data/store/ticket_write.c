/* Writing tickets inside the caller's transaction; see ticket.h. */
#include "data/store/ticket.h"

#include <string.h>

#include "core/base/civil.h"
#include "core/ticket/flow.h"
#include "data/store/internal.h"
#include "data/store/put.h"

enum { ABSORBED_DEPTH = 16 };

bool ticket_put(struct tx *tx, const struct contract *c, const struct ticket *draft, char id[UUID_SIZE], char number[24])
{
	const struct flow *flow = contract_flow(c, draft->kind);
	struct ticket made = *draft;

	id[0] = number[0] = '\0';
	if (strlen(draft->id) < UUID_SIZE)
		memcpy(id, draft->id, strlen(draft->id) + 1);
	made.stage = "";
	made.closed_at = TIME_NONE;
	made.opened_at = tx->now;
	if (flow != NULL && flow->clock) {
		made.severity = made.severity[0] != '\0' ? made.severity : "undecided";
		made.cause = made.cause[0] != '\0' ? made.cause : "undecided";
	}
	if (!row_put(tx, TABLE_ticket, &made, id, number))
		return false;
	if (flow != NULL && flow->stage_count > 0) {
		made.id = id;
		int64_t at = made.contact_at != TIME_NONE ? made.contact_at : made.detected_at;
		ticket_enter(tx, c, &made, &flow->stages[0], at != TIME_NONE ? at : tx->now, "");
	}
	return true;
}

static void put_stamp(struct tx *tx, const char *id, const char *column, bool set, bool clear, int64_t at)
{
	if (set)
		tx_int(tx, TABLE_ticket, id, column, at);
	else if (clear)
		tx_int(tx, TABLE_ticket, id, column, TIME_NONE);
}

void ticket_enter(struct tx *tx, const struct contract *c, const struct ticket *t, const struct flow_stage *to, int64_t at,
		  const char *reason)
{
	const struct flow *flow = contract_flow(c, t->kind);
	char id[UUID_SIZE] = "";
	struct stage_step step;

	if (flow == NULL)
		return;
	stage_step(t, flow, to, &step);
	tx_insert(tx, TABLE_ticket_stage, id);
	tx_text(tx, TABLE_ticket_stage, id, COLUMN(ticket_stage, ticket), t->id);
	tx_text(tx, TABLE_ticket_stage, id, COLUMN(ticket_stage, stage), to->id);
	tx_text(tx, TABLE_ticket_stage, id, COLUMN(ticket_stage, who), tx->actor);
	tx_text(tx, TABLE_ticket_stage, id, COLUMN(ticket_stage, reason), reason);
	tx_int(tx, TABLE_ticket_stage, id, COLUMN(ticket_stage, at), at);
	tx_text(tx, TABLE_ticket, t->id, COLUMN(ticket, stage), to->id);
	put_stamp(tx, t->id, COLUMN(ticket, started_at), step.starts, false, at);
	put_stamp(tx, t->id, COLUMN(ticket, recovered_at), step.recovers, step.clears_recovered, at);
	put_stamp(tx, t->id, COLUMN(ticket, confirmed_at), step.confirms, step.clears_confirmed, at);
	put_stamp(tx, t->id, COLUMN(ticket, closed_at), step.closes, step.clears_closed, at);
}

/* ---- failing checks ---- */

void ticket_id_of_failure(const char *check, int64_t since, char id[UUID_SIZE])
{
	ROW_ID_OF(id, "failure", check, MSG_INT(since));
}

/* One ticket the query names, or "". */
static int find_id(struct store *s, const char *sql, const char *text, char id[UUID_SIZE], struct err *err)
{
	struct query q = { 0 };
	int rc = query_open(&q, &s->db, sql, err);

	if (rc == 0) {
		query_bind_text(&q, 1, text);
		rc = query_step(&q, err);
		const char *found = rc == 1 ? query_text(&q, 0) : "";
		id[0] = '\0';
		if (strlen(found) < UUID_SIZE)
			memcpy(id, found, strlen(found) + 1);
	}
	query_close(&q);
	return rc < 0 ? rc : 0;
}

int ticket_of_check(struct store *s, const char *check, char id[UUID_SIZE], struct err *err)
{
	/* The newest that the check opened or joined, open itself or absorbed by one that is followed below. */
	static const char newest[] =
		"SELECT t.id FROM ticket t WHERE t.deleted IS NULL AND (t.closed_at IS NULL OR t.parent IS NOT NULL) AND t.id IN"
		" (SELECT id FROM ticket WHERE check_id = ?1 UNION SELECT ticket FROM ticket_check WHERE check_id = ?1)"
		" ORDER BY t.closed_at IS NOT NULL, t.opened_at DESC LIMIT 1";
	static const char above[] = "SELECT parent FROM ticket WHERE id = ?1 AND closed_at IS NOT NULL";
	static const char open[] = "SELECT id FROM ticket WHERE id = ?1 AND closed_at IS NULL AND deleted IS NULL";
	char parent[UUID_SIZE] = "";
	int rc = find_id(s, newest, check, id, err);

	for (int depth = 0; rc == 0 && id[0] != '\0' && depth < ABSORBED_DEPTH; depth++) {
		rc = find_id(s, above, id, parent, err);
		if (rc != 0 || parent[0] == '\0')
			break;
		memcpy(id, parent, UUID_SIZE);
	}
	memcpy(parent, id, UUID_SIZE);
	return rc == 0 && id[0] != '\0' ? find_id(s, open, parent, id, err) : rc;
}

void ticket_join(struct tx *tx, const char *ticket, const char *check, int64_t at)
{
	char id[UUID_SIZE];

	ROW_ID_OF(id, "join", ticket, check);
	if (!tx_insert(tx, TABLE_ticket_check, id))
		return;
	tx_text(tx, TABLE_ticket_check, id, COLUMN(ticket_check, ticket), ticket);
	tx_text(tx, TABLE_ticket_check, id, COLUMN(ticket_check, check_id), check);
	tx_int(tx, TABLE_ticket_check, id, COLUMN(ticket_check, at), at);
}

void ticket_check_recovered(struct tx *tx, const char *ticket, const char *check, int64_t at)
{
	struct rows rows;
	char id[UUID_SIZE];

	ROW_ID_OF(id, "join", ticket, check);
	if (tx->error != 0 || store_row(tx->store, TABLE_ticket_check, id, &rows, NULL) != 0)
		return;
	if (ROWS(ticket_check, &rows)->recovered_at == TIME_NONE)
		tx_int(tx, TABLE_ticket_check, id, COLUMN(ticket_check, recovered_at), at);
	rows_release(&rows);
}
