/* The recovery clock in words, for verbs and screens. */
#include "core/base/strbuf.h"
#include "tui/command/ticket.h"
#include "tui/widget/tr.h"

static void add_days(bool over, int64_t days, struct strbuf *out)
{
	struct msg text;

	MSG(&text, over ? N_("+{1}d") : N_("{1}d"), MSG_INT(days));
	msg_format(&text, tr, out);
}

/* "目安まで 5h10m" and its like, as a word of the clock (screens.md §0). */
void recovery_text(const struct recovery *r, enum severity severity, struct strbuf *out)
{
	int64_t s = r->remaining_s >= 0 ? r->remaining_s : -r->remaining_s;
	bool running = r->state == RECOVERY_RUNNING || r->state == RECOVERY_OVERDUE;

	if (r->state == RECOVERY_OUT_OF_SCOPE)
		strbuf_add_text(out, tr(N_("out of scope")));
	else if (r->state == RECOVERY_MET)
		strbuf_add_text(out, tr(r->judged ? N_("within the guideline") : N_("recovered")));
	else if (r->state == RECOVERY_MISSED)
		strbuf_add_text(out, tr(r->judged ? N_("over the guideline") : N_("recovered")));
	else if (r->state == RECOVERY_NOT_STARTED)
		strbuf_add_text(out, tr(r->start == TIME_NONE ? N_("not started") : N_("waits for the reception")));
	else if (running && severity == SEVERITY_NORMAL)
		strbuf_add_text(out, tr(N_("promptly")));
	else if (running && s >= 72 * 3600)
		add_days(r->remaining_s < 0, s / DAY_SECONDS, out);
	else if (running)
		strbuf_addf(out, "%s%lldh%02lldm", r->remaining_s < 0 ? "+" : "", (long long)(s / 3600),
			    (long long)(s / 60 % 60));
	else
		strbuf_add_text(out, "--");
}
