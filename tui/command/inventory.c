/* Inventory checks (S2.4): the campaign, its sites, phases and check lists, the city's agreement, closing. */
#include <string.h>

#include "core/base/strbuf.h"
#include "core/calendar/calendar.h"
#include "data/store/inventory.h"
#include "data/store/note.h"
#include "data/store/talk.h"
#include "tui/command/client.h"
#include "tui/widget/tr.h"

#define ARG_THE_CAMPAIGN { "campaign", ARG_CAMPAIGN, 0, N_("inventory check (default: the open one)") }
#define ARG_SITES { "site", ARG_SITE, ARG_REQUIRED | ARG_POSITIONAL | ARG_MANY, N_("site") }

/* The campaign of the run, or the open one. HS_ERR_NOT_FOUND when there is none. */
static int view_load(struct run *run, struct inventory_view *v, struct err *err)
{
	const char *text = run_text(run, "campaign");
	struct rows row = { 0 };
	int rc = 0;

	if (*text != '\0')
		rc = record_find(run, TABLE_campaign, text, &row, err);
	if (rc == 0)
		rc = inventory_load(run->store, run->contract, *text != '\0' ? ROWS(campaign, &row)->id : "", v, err);
	rows_release(&row);
	if (rc == 0 && v->facts.campaign == NULL) {
		inventory_view_release(v);
		rc = ERR(err, HS_ERR_NOT_FOUND, N_("there is no inventory check yet: begin with 'inventory new'"));
	}
	return rc;
}

/* The same, where something is to be changed: a closed one stays as it is. */
static int view_open(struct run *run, struct inventory_view *v, struct err *err)
{
	int rc = view_load(run, v, err);

	if (rc == 0 && v->facts.campaign->closed_at != TIME_NONE) {
		rc = ERR(err, HS_ERR_STATE, N_("inventory check {1} is closed"), v->facts.campaign->number);
		inventory_view_release(v);
	}
	return rc;
}

/* Does write to each site of the run in one transaction: all or nothing. */
static int each_site(struct run *run, const char *said,
		     int (*write)(struct run *, struct tx *, const struct inventory_view *,
				  const struct campaign_site *, struct err *),
		     struct err *err)
{
	struct inventory_view v;
	struct strbuf names = { 0 };
	struct tx tx;
	int rc = run_begin(run, &tx, err);

	if (rc != 0)
		return rc;
	if ((rc = view_open(run, &v, err)) != 0) {
		tx_rollback(&tx);
		return rc;
	}
	for (size_t i = 0; rc == 0 && run_nth(run, "site", i) != NULL; i++) {
		const char *id = run_nth(run, "site", i);
		const struct campaign_site *site = inventory_site(&v, id);
		const struct site *known = contract_site(run->contract, id);
		if (site == NULL)
			rc = ERR(err, HS_ERR_NOT_FOUND, N_("site '{1}' is not part of {2}"), id, v.facts.campaign->number);
		else
			rc = write(run, &tx, &v, site, err);
		strbuf_addf(&names, "%s%s", i > 0 ? " " : "", known != NULL ? tr_label_short(&known->name) : id);
	}
	inventory_view_release(&v);
	if (rc != 0)
		tx_rollback(&tx);
	else if ((rc = run_commit(run, &tx, err)) == 0)
		SAY(run->out, said, strbuf_text(&names));
	strbuf_release(&names);
	return rc;
}

/* ---- inventory new ---- */

static const struct arg args_new[] = {
	{ "from", ARG_DAY, ARG_REQUIRED, N_("first day") },
	{ "to", ARG_DAY, ARG_REQUIRED, N_("last day") },
	{ "return", ARG_DAY, ARG_ASK, N_("terminals back by") },
	{ "title", ARG_TEXT, ARG_ASK, N_("title") },
	ARG_END,
};

/* One campaign a year (S2.4). */
static int year_is_free(struct run *run, int year, struct err *err)
{
	struct rows rows;
	int rc = store_rows(run->store, TABLE_campaign, NULL, NULL, &rows, err);

	for (size_t i = 0; rc == 0 && i < rows.len; i++) {
		if (ROWS(campaign, &rows)[i].fiscal_year == year)
			rc = ERR(err, HS_ERR_EXISTS, N_("fiscal year {1} has its inventory check already: {2}"),
				 MSG_INT(year), ROWS(campaign, &rows)[i].number);
	}
	rows_release(&rows);
	return rc;
}

static int inventory_new(struct run *run, struct err *err)
{
	struct campaign draft;
	char id[UUID_SIZE], number[24];
	struct tx tx;
	int rc;

	table_row_init(TABLE_campaign, &draft);
	draft.from_day = run_number(run, "from");
	draft.to_day = run_number(run, "to");
	draft.return_day = run_number(run, "return");
	draft.title = run_text(run, "title");
	draft.fiscal_year = fiscal_year((int32_t)draft.from_day);
	if (draft.to_day < draft.from_day || (draft.return_day != TIME_NONE && draft.return_day < draft.from_day))
		return ERR(err, HS_ERR_INVALID, N_("the last day lies before the first"));
	rc = run_begin(run, &tx, err);
	if (rc != 0)
		return rc;
	rc = year_is_free(run, (int)draft.fiscal_year, err);
	if (rc != 0) {
		tx_rollback(&tx);
		return rc;
	}
	campaign_put(&tx, run->contract, &draft, id, number);
	rc = run_commit(run, &tx, err);
	if (rc == 0)
		SAY(run->out, N_("inventory check {1} begun with {2} site(s)"), number,
		    MSG_INT((int64_t)run->contract->site_count));
	return rc;
}

/* ---- inventory site, attend ---- */

static const struct arg args_site[] = {
	ARG_SITES,
	{ "from", ARG_DAY, ARG_ASK, N_("first day") },
	{ "to", ARG_DAY, ARG_ASK, N_("last day") },
	{ "closed-from", ARG_DAY, 0, N_("library closed from") },
	{ "closed-to", ARG_DAY, 0, N_("library closed to") },
	{ "books", ARG_NUMBER, ARG_ASK, N_("books to check") },
	{ "hours", ARG_NUMBER, ARG_ASK, N_("hours a day") },
	{ "scanned", ARG_NUMBER, ARG_ASK, N_("books scanned") },
	{ "missing", ARG_NUMBER, ARG_ASK, N_("books missing") },
	{ "areas", ARG_TEXT, ARG_ASK, N_("areas") },
	ARG_THE_CAMPAIGN,
	ARG_END,
};

static const struct {
	const char *arg, *column;
	bool figure; /* may not be below zero */
} site_numbers[] = {
	{ "from", "from_day", false }, { "to", "to_day", false }, { "closed-from", "closed_from_day", false },
	{ "closed-to", "closed_to_day", false }, { "books", "books", true }, { "hours", "hours_per_day", true },
	{ "scanned", "scanned", true }, { "missing", "missing", true },
};

static int64_t either(const struct run *run, const char *name, int64_t kept)
{
	return run_given(run, name) ? run_number(run, name) : kept;
}

static int write_site(struct run *run, struct tx *tx, const struct inventory_view *v,
		      const struct campaign_site *site, struct err *err)
{
	int64_t from = either(run, "from", site->from_day), to = either(run, "to", site->to_day);

	(void)v;
	if (from != TIME_NONE && to != TIME_NONE && to < from)
		return ERR(err, HS_ERR_INVALID, N_("the last day lies before the first"));
	if (run_given(run, "hours") && run_number(run, "hours") > 24)
		return ERR(err, HS_ERR_INVALID, N_("a day has 24 hours"));
	for (size_t i = 0; i < sizeof site_numbers / sizeof *site_numbers; i++) {
		if (!run_given(run, site_numbers[i].arg))
			continue;
		int64_t n = run_number(run, site_numbers[i].arg);
		if (site_numbers[i].figure && n < 0)
			return ERR(err, HS_ERR_INVALID, N_("--{1} cannot be below zero"), site_numbers[i].arg);
		tx_int(tx, TABLE_campaign_site, site->id, site_numbers[i].column, n);
	}
	if (run_given(run, "areas"))
		tx_text(tx, TABLE_campaign_site, site->id, COLUMN(campaign_site, areas), run_text(run, "areas"));
	/* Other days are not the ones that were agreed. */
	if (from != site->from_day || to != site->to_day)
		tx_text(tx, TABLE_campaign_site, site->id, COLUMN(campaign_site, agreement), "");
	return 0;
}

static int inventory_site_verb(struct run *run, struct err *err)
{
	return each_site(run, N_("saved: {1}"), write_site, err);
}

static const struct arg args_attend[] = {
	{ "person", ARG_STAFF, ARG_REQUIRED | ARG_POSITIONAL, N_("who attends") },
	ARG_SITES,
	ARG_THE_CAMPAIGN,
	ARG_END,
};

static int write_attend(struct run *run, struct tx *tx, const struct inventory_view *v,
			const struct campaign_site *site, struct err *err)
{
	(void)v;
	(void)err;
	tx_text(tx, TABLE_campaign_site, site->id, COLUMN(campaign_site, attendant), run_text(run, "person"));
	return 0;
}

static int inventory_attend(struct run *run, struct err *err)
{
	return each_site(run, N_("attendance saved: {1}"), write_attend, err);
}

/* ---- inventory phase, tick ---- */

static const struct arg args_phase[] = {
	{ "phase", ARG_PHASE, ARG_REQUIRED | ARG_POSITIONAL, N_("phase") },
	ARG_SITES,
	{ "reason", ARG_TEXT, ARG_ASK, N_("reason to skip or go back") },
	{ "at", ARG_TIME, ARG_ASK, N_("when it happened"), .initial = "now" },
	ARG_THE_CAMPAIGN,
	ARG_END,
};

static int write_phase(struct run *run, struct tx *tx, const struct inventory_view *v,
		       const struct campaign_site *site, struct err *err)
{
	const char *phase = run_text(run, "phase"), *reason = run_text(run, "reason");
	int64_t at;
	int rc = run_moment(run, "at", &at, err);

	if (rc == 0)
		rc = inventory_phase_check(&v->facts, site, phase, reason, err);
	if (rc == 0)
		campaign_put_phase(tx, site, phase, reason, at);
	return rc;
}

static int inventory_phase(struct run *run, struct err *err)
{
	return each_site(run, N_("phase entered: {1}"), write_phase, err);
}

/* The phase that follows the site's, for a form about one site. */
static void prefill_phase(struct run *run)
{
	const char *site = run_nth(run, "site", 0);
	struct inventory_view v;

	if (site == NULL || view_load(run, &v, NULL) != 0)
		return;
	const struct campaign_site *row = inventory_site(&v, site);
	int next = row != NULL ? inventory_phase_index(run->contract, row->phase) + 1 : 0;
	if (row != NULL && next < (int)run->contract->phase_count)
		run_prefill(run, "phase", run->contract->phases[next].id);
	inventory_view_release(&v);
}

static const struct arg args_tick[] = {
	{ "item", ARG_TEXT, ARG_REQUIRED | ARG_POSITIONAL, N_("item of the check list") },
	ARG_SITES,
	{ "undo", ARG_FLAG, 0, N_("take the tick back") },
	{ "toggle", ARG_FLAG, 0, N_("tick, or take the tick back") },
	ARG_THE_CAMPAIGN,
	ARG_END,
};

/* "item" of the site's own phase, or "phase/item". */
static const struct flow_item *item_named(const struct run *run, const struct campaign_site *site, const char *text,
					  const struct phase **phase)
{
	const char *slash = strchr(text, '/'), *name = slash != NULL ? slash + 1 : text;

	for (size_t p = 0; p < run->contract->phase_count; p++) {
		*phase = &run->contract->phases[p];
		size_t len = slash != NULL ? (size_t)(slash - text) : strlen(site->phase);
		const char *wanted = slash != NULL ? text : site->phase;
		if (strlen((*phase)->id) != len || strncmp((*phase)->id, wanted, len) != 0)
			continue;
		for (size_t i = 0; i < (*phase)->item_count; i++) {
			const struct flow_item *item = &(*phase)->items[i];
			if (strcmp(item->id, name) == 0 || strcmp(item->name.ja, name) == 0 || strcmp(item->name.en, name) == 0)
				return item;
		}
	}
	return NULL;
}

static int write_tick(struct run *run, struct tx *tx, const struct inventory_view *v, const struct campaign_site *site,
		      struct err *err)
{
	const struct phase *phase;
	const struct flow_item *item = item_named(run, site, run_text(run, "item"), &phase);

	if (item == NULL)
		return ERR(err, HS_ERR_NOT_FOUND, N_("no item '{1}' in phase '{2}'; write PHASE/ITEM for another phase"),
			   run_text(run, "item"), site->phase);
	bool done = inventory_item_done(&v->facts, site->id, phase->id, item->id);
	tick_put(tx, site->id, phase->id, item->id, run_given(run, "toggle") ? !done : !run_given(run, "undo"), run->now);
	return 0;
}

static int inventory_tick(struct run *run, struct err *err)
{
	return each_site(run, N_("check list saved: {1}"), write_tick, err);
}

/* ---- the city's agreement, closing ---- */

static const struct choice choices_answer[] = {
	{ "agreed", N_("agreed") }, { "pending", N_("in discussion") }, { "absent", N_("nobody there") },
	{ "refused", N_("refused") }, { 0 },
};
static const struct arg args_agree[] = {
	{ "site", ARG_SITE, ARG_POSITIONAL | ARG_MANY, N_("site (default: all)") },
	ARGS_CLIENT(ARG_REQUIRED),
	{ "result", ARG_CHOICE, ARG_ASK, N_("result"), choices_answer, "agreed" },
	ARG_THE_CAMPAIGN,
	ARG_END,
};

static int put_talk(struct run *run, struct tx *tx, const char *subject, const char *result, char id[UUID_SIZE],
		    struct talk *talk, struct err *err)
{
	char number[24];
	int64_t at;
	int rc = run_moment(run, "at", &at, err);

	if (rc == 0)
		rc = client_talk(run, "inventory", subject, "agreement", result, at, talk, err);
	if (rc == 0) {
		talk_put(tx, talk, id, number);
		talk->id = id;
		talk->number = arena_text(&run->mem, number);
	}
	return rc;
}

/* One talk about the sites named, or about the whole campaign. */
static int agree_sites(struct run *run, struct tx *tx, const struct inventory_view *v, const char *result,
		       struct err *err)
{
	bool agreed = strcmp(result, "agreed") == 0, all = run_nth(run, "site", 0) == NULL;
	char id[UUID_SIZE];
	struct talk talk;
	int rc = all ? put_talk(run, tx, v->facts.campaign->id, result, id, &talk, err) : 0;

	for (size_t i = 0; rc == 0 && i < v->facts.site_count; i++) {
		const struct campaign_site *site = &v->facts.sites[i];
		bool named = all;
		for (size_t k = 0; !named && run_nth(run, "site", k) != NULL; k++)
			named = strcmp(run_nth(run, "site", k), site->site) == 0;
		if (!named)
			continue;
		if (!all)
			rc = put_talk(run, tx, site->id, result, id, &talk, err);
		if (rc == 0 && agreed)
			tx_text(tx, TABLE_campaign_site, site->id, COLUMN(campaign_site, agreement), id);
	}
	return rc;
}

static int inventory_agree(struct run *run, struct err *err)
{
	const char *result = run_given(run, "result") ? run_text(run, "result") : "agreed";
	struct inventory_view v;
	struct tx tx;
	int rc = run_begin(run, &tx, err);

	if (rc != 0)
		return rc;
	rc = view_open(run, &v, err);
	if (rc == 0) {
		rc = agree_sites(run, &tx, &v, result, err);
		inventory_view_release(&v);
	}
	if (rc != 0)
		tx_rollback(&tx);
	else if ((rc = run_commit(run, &tx, err)) == 0)
		SAY(run->out, strcmp(result, "agreed") == 0 ? N_("agreement recorded") :
							      N_("recorded; the agreement is still owed"));
	return rc;
}

static const struct arg args_close[] = {
	ARGS_CLIENT(ARG_REQUIRED),
	{ "reason", ARG_TEXT, ARG_ASK, N_("reason, when a site is not finished") },
	ARG_THE_CAMPAIGN,
	ARG_END,
};

static int close_now(struct run *run, struct tx *tx, const struct inventory_view *v, struct err *err)
{
	const struct campaign *c = v->facts.campaign;
	char id[UUID_SIZE];
	struct talk talk;
	int rc = put_talk(run, tx, c->id, "agreed", id, &talk, err);

	if (rc == 0)
		rc = inventory_close_check(&v->facts, &talk, talk.at, run_text(run, "reason"), err);
	if (rc != 0)
		return rc;
	tx_int(tx, TABLE_campaign, c->id, COLUMN(campaign, closed_at), talk.at);
	if (run_given(run, "reason"))
		note_put(tx, c->id, run_text(run, "reason"), false, talk.at, id);
	return 0;
}

static int inventory_close(struct run *run, struct err *err)
{
	struct inventory_view v;
	struct tx tx;
	int rc = run_begin(run, &tx, err);

	if (rc != 0)
		return rc;
	rc = view_open(run, &v, err);
	if (rc == 0) {
		rc = close_now(run, &tx, &v, err);
		if (rc != 0)
			tx_rollback(&tx);
		else if ((rc = run_commit(run, &tx, err)) == 0)
			SAY(run->out, N_("inventory check {1} closed"), v.facts.campaign->number);
		inventory_view_release(&v);
	} else {
		tx_rollback(&tx);
	}
	return rc;
}

/* ---- list, show, review ---- */

static const struct table_column campaign_columns[] = {
	{ "number", N_("number"), CELL_TEXT, -1 },      { "title", N_("title"), CELL_TEXT, -1 },
	{ "fiscal_year", N_("fiscal year"), CELL_INT, 1 }, { "from_day", N_("first day"), CELL_DAY, -1 },
	{ "to_day", N_("last day"), CELL_DAY, -1 },     { "return_day", N_("terminals back by"), CELL_DAY, -1 },
	{ "closed_at", N_("closed"), CELL_TIME, -1 },
};

static int inventory_list(struct run *run, struct err *err)
{
	struct rows rows;
	struct table t;
	int rc = store_rows(run->store, TABLE_campaign, NULL, NULL, &rows, err);

	if (rc != 0)
		return rc;
	table_init(&t, "campaigns", campaign_columns, sizeof campaign_columns / sizeof *campaign_columns);
	for (size_t i = 0; i < rows.len; i++) {
		const struct campaign *c = &ROWS(campaign, &rows)[i];
		table_text(&t, c->number);
		table_text(&t, c->title);
		table_number(&t, c->fiscal_year);
		table_number(&t, c->from_day);
		table_number(&t, c->to_day);
		table_number(&t, c->return_day);
		table_number(&t, c->closed_at);
	}
	output_table(run->out, &t);
	rows_release(&rows);
	return 0;
}

static const struct table_column site_columns[] = {
	{ "site", N_("site"), CELL_TEXT, -1 },          { "phase", N_("phase"), CELL_TEXT, -1 },
	{ "from_day", N_("first day"), CELL_DAY, -1 },  { "to_day", N_("last day"), CELL_DAY, -1 },
	{ "agreed", N_("agreed"), CELL_TEXT, -1 },      { "attendant", N_("who attends"), CELL_TEXT, -1 },
	{ "books", N_("books to check"), CELL_INT, 1 }, { "scanned", N_("books scanned"), CELL_INT, 1 },
	{ "missing", N_("books missing"), CELL_INT, 1 }, { "terminals", N_("terminals needed"), CELL_INT, 1 },
	{ "ticked", N_("check list"), CELL_TEXT, -1 },
};

static void table_site(struct run *run, struct table *t, const struct inventory_view *v,
		       const struct campaign_site *s)
{
	const struct site *site = contract_site(run->contract, s->site);
	const struct phase *phase = contract_phase(run->contract, s->phase);
	bool agreed = inventory_site_agreed(&v->facts, s, run->now);

	table_text(t, shown(run, s->site, site != NULL ? tr_label(&site->name) : NULL));
	table_text(t, shown(run, s->phase, phase != NULL ? tr_label(&phase->name) : NULL));
	table_number(t, s->from_day);
	table_number(t, s->to_day);
	table_text(t, shown(run, agreed ? "yes" : "no", tr(agreed ? N_("yes") : N_("no"))));
	table_text(t, s->attendant);
	table_number(t, s->books);
	table_number(t, s->scanned);
	table_number(t, s->missing);
	table_number(t, inventory_site_terminals(run->contract, s));
	table_text(t, phase == NULL ? "" : run_format(run, "%zu/%zu", inventory_ticked(&v->facts, s->id, phase),
						      phase->item_count));
}

static const struct arg args_show[] = { ARG_THE_CAMPAIGN, ARG_END };

static int inventory_show(struct run *run, struct err *err)
{
	struct inventory_view v;
	struct table t;
	int rc = view_load(run, &v, err);

	if (rc != 0)
		return rc;
	table_init(&t, "sites", site_columns, sizeof site_columns / sizeof *site_columns);
	for (size_t i = 0; i < v.facts.site_count; i++)
		table_site(run, &t, &v, &v.facts.sites[i]);
	output_table(run->out, &t);
	inventory_view_release(&v);
	return 0;
}

static const struct table_column finding_columns[] = {
	{ "level", N_("level"), CELL_TEXT, -1 }, { "site", N_("site"), CELL_TEXT, -1 },
	{ "what", N_("what"), CELL_TEXT, -1 },
};

static int inventory_review_verb(struct run *run, struct err *err)
{
	struct inventory_view v;
	struct findings found = { 0 };
	struct table t;
	int rc = view_load(run, &v, err);

	if (rc != 0)
		return rc;
	inventory_review(&v.facts, run->now, &found);
	table_init(&t, "findings", finding_columns, sizeof finding_columns / sizeof *finding_columns);
	for (size_t i = 0; i < found.list.len; i++) {
		const struct finding *f = &found.list.v[i];
		const struct site *site = contract_site(run->contract, f->site);
		struct strbuf text = { 0 };
		bool owed = f->level == FINDING_OWED;
		msg_format(&f->what, tr, &text);
		table_text(&t, shown(run, owed ? "owed" : "warning", tr(owed ? N_("owed") : N_("warning"))));
		table_text(&t, shown(run, f->site, site != NULL ? tr_label(&site->name) : NULL));
		table_text(&t, strbuf_text(&text));
		strbuf_release(&text);
	}
	output_table(run->out, &t);
	vec_release(&found.list);
	inventory_view_release(&v);
	return 0;
}

const struct command cmd_inventory_new = { "inventory new", N_("begin the year's inventory check"), args_new, CMD_WRITES,
					   TOPIC_INVENTORY, inventory_new };
const struct command cmd_inventory_site = { "inventory site", N_("dates and figures of sites"), args_site, CMD_WRITES,
					    TOPIC_INVENTORY, inventory_site_verb };
const struct command cmd_inventory_attend = { "inventory attend", N_("who attends at sites"), args_attend, CMD_WRITES,
					      TOPIC_INVENTORY, inventory_attend };
const struct command cmd_inventory_phase = { "inventory phase", N_("enter a phase at sites"), args_phase, CMD_WRITES,
					     TOPIC_INVENTORY, inventory_phase, prefill_phase };
const struct command cmd_inventory_tick = { "inventory tick", N_("tick an item of the check list"), args_tick, CMD_WRITES,
					    TOPIC_INVENTORY, inventory_tick };
const struct command cmd_inventory_agree = { "inventory agree", N_("record the city's agreement to the dates"), args_agree,
					     CMD_WRITES, TOPIC_INVENTORY | TOPIC_OTHER, inventory_agree };
const struct command cmd_inventory_close = { "inventory close", N_("close the inventory check, as the city agreed"),
					     args_close, CMD_WRITES | CMD_CONFIRM, TOPIC_INVENTORY | TOPIC_OTHER,
					     inventory_close };
const struct command cmd_inventory_list = { "inventory list", N_("list the inventory checks"), NULL, 0, 0,
					    inventory_list };
const struct command cmd_inventory_show = { "inventory show", N_("show the sites of an inventory check"), args_show, 0, 0,
					    inventory_show };
const struct command cmd_inventory_review = { "inventory review", N_("list what is missing or owed"), args_show, 0, 0,
					      inventory_review_verb };
