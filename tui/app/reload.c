/* The contract file is read again while the console runs: the new one is taken whole or not at all. */
#include "core/base/strbuf.h"
#include "data/collect/client.h"
#include "data/contract/load.h"
#include "tui/app/internal.h"
#include "tui/widget/tr.h"

static void show_complaints(struct app *a, const struct complaints *complaints)
{
	struct strbuf text = { 0 };

	for (size_t i = 0; i < complaints->list.len; i++) {
		complaint_format(&complaints->list.v[i], tr, &text);
		strbuf_add_char(&text, '\n');
	}
	app_view(a, ":reload", strbuf_text(&text));
	strbuf_release(&text);
}

/* The contract behind the screens is replaced: every screen begins anew, and the old one is kept until the next reload,
 * for what still runs. */
int app_reload(struct app *a, struct err *err)
{
	struct session *s = a->session;
	struct complaints complaints = { 0 };
	struct contract *old = NULL;
	int rc = contract_reload(strbuf_text(&s->contract_file), &s->contract, &old, &complaints, err);

	if (complaints.list.len > 0)
		show_complaints(a, &complaints);
	complaints_release(&complaints);
	if (rc != 0 || old == NULL)
		return rc;
	client_reload(a->collector, NULL);
	contract_free(a->retired);
	a->retired = old;
	a->reopen = true;
	a->dirty = true;
	return 0;
}
