/* See obligation.h. */
#include "data/store/obligation.h"

#include "data/store/internal.h"
#include "data/store/put.h"

int staff_load(struct store *s, struct rows *out, struct err *err)
{
	return rows_select(s, TABLE_staff, "WHERE deleted IS NULL ORDER BY from_day, rowid", NULL, 0, out, err);
}

int staff_find(struct store *s, const char *text, struct rows *out, struct err *err)
{
	struct value v = value_text(text);
	int rc = rows_select(s, TABLE_staff,
			     "WHERE deleted IS NULL AND (short_name = ?1 OR name = ?1 OR id = ?1) ORDER BY rowid LIMIT 2", &v, 1,
			     out, err);

	if (rc == 0 && out->len != 1) {
		rc = out->len == 0 ? ERR(err, HS_ERR_NOT_FOUND, N_("nobody of the staff is called '{1}'"), text) :
				     ERR(err, HS_ERR_INVALID, N_("more than one of the staff is called '{1}'"), text);
		rows_release(out);
	}
	return rc;
}

void staff_put(struct tx *tx, const struct staff *draft, char id[UUID_SIZE])
{
	id[0] = '\0';
	row_put(tx, TABLE_staff, draft, id, NULL);
}

int obligations_load(struct store *s, const struct contract *c, int64_t now, struct obligation_view *out,
		     struct err *err)
{
	*out = (struct obligation_view){ 0 };
	int rc = store_rows(s, TABLE_deliverable, NULL, NULL, &out->rows, err);

	if (rc == 0)
		rc = store_rows(s, TABLE_campaign, NULL, NULL, &out->campaigns, err);
	if (rc != 0) {
		obligation_view_release(out);
		return rc;
	}
	struct obligation_facts facts = { .contract = c, .rows = out->rows.v, .row_count = out->rows.len,
					  .campaigns = out->campaigns.v, .campaign_count = out->campaigns.len };
	obligations_of(&facts, now, &out->due);
	return 0;
}

void obligation_view_release(struct obligation_view *v)
{
	obligations_release(&v->due);
	rows_release(&v->rows);
	rows_release(&v->campaigns);
	*v = (struct obligation_view){ 0 };
}

void deliverable_put(struct tx *tx, const struct deliverable *draft, char id[UUID_SIZE])
{
	id[0] = '\0';
	row_put(tx, TABLE_deliverable, draft, id, NULL);
}
