/* See inventory.h: terminals that are lent and come back. */
#include <string.h>

#include "core/inventory/inventory.h"

bool loan_out(const struct loan *l)
{
	return l->deleted == TIME_NONE && l->out_at != TIME_NONE && l->in_at == TIME_NONE;
}

unsigned loan_owes(const struct loan *l, const struct campaign *c, int32_t today)
{
	unsigned owes = 0;

	if (l->deleted != TIME_NONE)
		return 0;
	if (l->in_at == TIME_NONE)
		return c->return_day != TIME_NONE && today > c->return_day ? LOAN_OWES_RETURN : 0;
	if (l->imported_at == TIME_NONE)
		owes |= LOAN_OWES_IMPORT;
	if (l->wiped_at == TIME_NONE)
		owes |= LOAN_OWES_WIPE;
	return owes;
}

const struct loan *loan_open_of(const struct loan *loans, size_t count, const char *terminal)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(loans[i].terminal, terminal) == 0 && loan_out(&loans[i]))
			return &loans[i];
	}
	return NULL;
}

int loan_out_check(const struct terminal *t, const struct loan *loans, size_t count, struct err *err)
{
	if (strcmp(t->state, "broken") == 0)
		return ERR(err, HS_ERR_STATE, N_("terminal {1} is broken"), t->code);
	if (strcmp(t->state, "retired") == 0)
		return ERR(err, HS_ERR_STATE, N_("terminal {1} is retired"), t->code);
	if (loan_open_of(loans, count, t->id) != NULL)
		return ERR(err, HS_ERR_STATE, N_("terminal {1} is lent already"), t->code);
	return 0;
}

int loan_in_check(const struct terminal *t, const struct loan *open, int64_t at, struct err *err)
{
	if (open == NULL)
		return ERR(err, HS_ERR_STATE, N_("terminal {1} is not lent"), t->code);
	if (at < open->out_at)
		return ERR(err, HS_ERR_INVALID, N_("terminal {1} cannot come back before it went out"), t->code);
	return 0;
}

int terminal_retire_check(const struct terminal *t, const struct loan *loans, size_t count, struct err *err)
{
	if (strcmp(t->state, "retired") == 0)
		return ERR(err, HS_ERR_STATE, N_("terminal {1} is retired"), t->code);
	if (loan_open_of(loans, count, t->id) != NULL)
		return ERR(err, HS_ERR_STATE, N_("terminal {1} is lent: take it back first"), t->code);
	return 0;
}
