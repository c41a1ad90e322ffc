/* See talk.h. */
#include "data/store/talk.h"

#include <stdio.h>
#include <string.h>

#include "core/base/civil.h"
#include "core/patch/patch.h"
#include "core/ticket/talk.h"
#include "data/store/internal.h"
#include "data/store/put.h"

void talk_put(struct tx *tx, const struct talk *draft, char id[UUID_SIZE], char number[24])
{
	id[0] = number[0] = '\0';
	row_put(tx, TABLE_talk, draft, id, number);
}

void talk_put_cancel(struct tx *tx, const struct talk *t, const char *reason, char number[24])
{
	struct talk cancel = *t;
	char id[UUID_SIZE];

	cancel.cancels = t->id;
	cancel.said = reason;
	cancel.who = tx->actor;
	cancel.conditions = "";
	cancel.at = tx->now;
	cancel.valid_until = cancel.new_due = TIME_NONE;
	talk_put(tx, &cancel, id, number);
}

int talks_load(struct store *s, const char *subject, size_t limit, struct rows *out, struct err *err)
{
	int64_t n = limit > 0 ? (int64_t)limit : -1;

	if (subject != NULL)
		return rows_select(s, TABLE_talk, "WHERE subject = ?1 AND deleted IS NULL ORDER BY at, rowid LIMIT ?2",
				   (struct value[]){ value_text(subject), value_int(n) }, 2, out, err);
	return rows_select(s, TABLE_talk,
			   "WHERE deleted IS NULL AND rowid IN (SELECT rowid FROM talk ORDER BY rowid DESC LIMIT ?) ORDER BY at, rowid",
			   (struct value[]){ value_int(n) }, 1, out, err);
}

bool talk_cancelled(const struct rows *talks, const char *id)
{
	for (size_t i = 0; i < talks->len; i++)
		if (strcmp(ROWS(talk, talks)[i].cancels, id) == 0 && ROWS(talk, talks)[i].deleted == TIME_NONE)
			return true;
	return false;
}

/* The patch that names the agreement and has gone on since: merely to have agreed rests on nothing. */
static int patch_rests(struct store *s, const struct talk *t, char number[24], struct err *err)
{
	struct rows patches, steps = { 0 };
	struct value id = value_text(t->id);
	int rc = rows_select(s, TABLE_patch, "WHERE agreement = ? AND deleted IS NULL LIMIT 1", &id, 1, &patches, err);

	if (rc != 0 || patches.len == 0)
		goto out;
	struct patch_facts f = { .patch = ROWS(patch, &patches) };
	id = value_text(f.patch->id);
	rc = rows_select(s, TABLE_patch_step, "WHERE patch = ? AND deleted IS NULL ORDER BY rowid", &id, 1, &steps, err);
	f.steps = steps.v;
	f.step_count = steps.len;
	if (rc == 0 && patch_rests_on(&f, t->id))
		snprintf(number, 24, "%s", *f.patch->number != '\0' ? f.patch->number : "?");
out:
	rows_release(&patches);
	rows_release(&steps);
	return rc;
}

int talk_rests(struct store *s, const struct talk *t, int64_t now, char number[24], struct err *err)
{
	static const char resting[] =
		"SELECT number FROM ticket WHERE id = ?2 AND deferral = ?1 AND deleted IS NULL"
		" UNION ALL SELECT c.number FROM campaign_site s JOIN campaign c ON c.id = s.campaign"
		" WHERE s.agreement = ?1 AND s.deleted IS NULL"
		" UNION ALL SELECT number FROM stop WHERE id = ?2 AND ?4 = 'stop' AND from_at <= ?3 AND deleted IS NULL LIMIT 1";
	struct query q = { 0 };
	int rc = query_open(&q, &s->db, resting, err);

	number[0] = '\0';
	if (rc == 0) {
		query_bind_text(&q, 1, t->id);
		query_bind_text(&q, 2, t->subject);
		query_bind_int(&q, 3, now);
		query_bind_text(&q, 4, t->about);
		rc = query_step(&q, err);
		const char *found = rc == 1 ? query_text(&q, 0) : "";
		if (rc == 1 && strlen(found) < 24)
			memcpy(number, *found != '\0' ? found : "?", strlen(*found != '\0' ? found : "?") + 1);
	}
	query_close(&q);
	return rc < 0 ? rc : number[0] != '\0' ? 0 : patch_rests(s, t, number, err);
}

int talk_holding(struct store *s, const char *subject, const char *about, int64_t at, struct rows *out, struct err *err)
{
	struct rows talks;
	const struct talk *found = NULL;
	int rc = talks_load(s, subject, 0, &talks, err);

	*out = (struct rows){ 0 };
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < talks.len; i++) {
		const struct talk *t = &ROWS(talk, &talks)[i];
		if (strcmp(t->about, about) == 0 && t->at <= at && (t->valid_until == TIME_NONE || at <= t->valid_until) &&
		    talk_settles(t, talk_cancelled(&talks, t->id)))
			found = t;
	}
	rc = found != NULL ? store_row(s, TABLE_talk, found->id, out, err)
			   : ERR(err, HS_ERR_NOT_FOUND, N_("no talk with the client settles this yet"));
	rows_release(&talks);
	return rc;
}
