/* See flood.h. */
#include "tests/whole/flood.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "core/base/text.h"
#include "data/contract/load.h"
#include "data/store/status.h"
#include "tests/tui/term/strings.h"

enum { LONG_EVERY = 1009, LONG_CHARACTERS = 10000, PER_TX = 3000, EVENTS = 2000, OUTPUT_LINES = 3000, CYCLES = 4, DAY = 86400 };

/* Rows of each table; what hangs below a row hangs below the first ones. */
static const unsigned rows_of[TABLE_COUNT] = {
	[TABLE_ticket] = 2000, [TABLE_ticket_stage] = 200, [TABLE_ticket_check] = 100, [TABLE_note] = 2000, [TABLE_tick] = 100,
	[TABLE_talk] = 1000, [TABLE_stop] = 300, [TABLE_stop_service] = 100, [TABLE_patch] = 1200, [TABLE_patch_step] = 200,
	[TABLE_patch_host] = 100, [TABLE_patch_advisory] = 100, [TABLE_campaign] = 20, [TABLE_campaign_site] = 60,
	[TABLE_campaign_phase] = 60, [TABLE_terminal] = 1200, [TABLE_loan] = 600, [TABLE_staff] = 300, [TABLE_deliverable] = 300,
	[TABLE_host_key] = 100,
};

/* What a column must hold for its row to be shown among others: words of the bundled contract. Odd rows are hostile in them too. */
static const struct {
	enum table_id table;
	const char *column, *words[3];
} coded[] = {
	{ TABLE_ticket, "kind", { "incident", "inquiry", "security" } },
	{ TABLE_ticket, "severity", { "major", "undecided", "minor" } },
	{ TABLE_ticket, "cause", { "delivered", "undecided", "other" } },
	{ TABLE_ticket, "stage", { "received", "diagnosis", "isolation" } },
	{ TABLE_ticket, "site", { "honkan", "nishi", "" } },
	{ TABLE_ticket, "service", { "business", "webopac", "" } },
	{ TABLE_ticket, "host", { "ap1", "db1", "web1" } },
	{ TABLE_ticket, "check_id", { "ap1-ssh", "db1-ssh", "web1-ssh" } },
	{ TABLE_patch, "hosts", { "ap", "db", "web" } },
	{ TABLE_patch, "stage", { "published", "judged", "published" } },
	{ TABLE_patch, "significance", { "yes", "undecided", "no" } },
	{ TABLE_campaign_site, "site", { "honkan", "nishi", "kita" } },
	{ TABLE_campaign_site, "phase", { "plan", "prepare", "lend" } },
	{ TABLE_loan, "site", { "honkan", "nishi", "kita" } },
	{ TABLE_terminal, "state", { "ready", "broken", "ready" } },
	{ TABLE_host_key, "host", { "ap1", "db1", "web1" } },
	{ TABLE_talk, "act", { "discussion", "agreement", "report" } },
	{ TABLE_stop, "kind", { "planned", "emergency", "planned" } },
	{ TABLE_staff, "role", { "engineer", "pm", "sales" } },
};

/* Columns that hold another row's id. */
static const struct {
	const char *column;
	enum table_id to;
} links[] = {
	{ "ticket", TABLE_ticket }, { "patch", TABLE_patch }, { "campaign", TABLE_campaign }, { "campaign_site", TABLE_campaign_site },
	{ "terminal", TABLE_terminal }, { "stop", TABLE_stop }, { "subject", TABLE_ticket },
};

struct flood {
	struct tx tx;
	struct store *store;
	unsigned long strings;
	unsigned part, in_tx;
	char first[TABLE_COUNT][UUID_SIZE];
};

void flood_string(unsigned long number, bool valid, struct strbuf *out)
{
	struct strbuf bytes = { 0 };

	strbuf_add_text(out, FLOOD_MARK);
	hostile_string(number, false, &bytes);
	for (unsigned long i = 1; number % LONG_EVERY == 0 && i < LONG_CHARACTERS / 2; i++) {
		strbuf_add_text(&bytes, "長");
		hostile_string(number + i, false, &bytes);
	}
	if (valid)
		text_normalize(strbuf_text(&bytes), bytes.len, out);
	else
		strbuf_add(out, strbuf_text(&bytes), bytes.len);
	strbuf_release(&bytes);
}

size_t flood_count(const char *text)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, FLOOD_MARK)) != NULL; p += sizeof FLOOD_MARK - 1)
		n++;
	return n;
}

static void begin(struct flood *f)
{
	struct err err = { 0 };

	assert_int_equal(tx_begin(f->store, FLOOD_MARK "佐\u202e\x1b[2J", FLOOD_MARK "\x1b]0;x\a", FLOOD_NOW - 3600, &f->tx, &err), 0);
	f->in_tx = 0;
}

static void commit(struct flood *f)
{
	struct err err = { 0 };
	struct strbuf text = { 0 };

	if (tx_commit(&f->tx, &err) != 0) {
		err_format(&err, NULL, &text);
		fail_msg("%s", strbuf_text(&text));
	}
}

static const char *linked(const struct flood *f, enum table_id table, const char *column)
{
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
		if (links[i].to != table && strcmp(links[i].column, column) == 0)
			return f->first[links[i].to];
	return strcmp(column, "parent") == 0 || strcmp(column, "deferral") == 0 || strcmp(column, "cancels") == 0 ? "" : NULL;
}

static const char *coded_word(enum table_id table, const char *column, unsigned row)
{
	for (size_t i = 0; i < sizeof coded / sizeof coded[0]; i++)
		if (coded[i].table == table && strcmp(coded[i].column, column) == 0)
			return row % 2 == 0 || row < 4 ? coded[i].words[row / 2 % 3] : NULL;
	return NULL;
}

static void set_text(struct flood *f, enum table_id table, const char *id, const char *column, unsigned row)
{
	const char *known = row % 8 == 7 ? NULL : linked(f, table, column);
	struct strbuf text = { 0 };

	if (known == NULL)
		known = coded_word(table, column, row);
	if (known == NULL) {
		flood_string(f->strings++, true, &text);
		known = strbuf_text(&text);
	}
	tx_text(&f->tx, table, id, column, known);
	strbuf_release(&text);
}

/* Moments lie in the last days, what ends a row stays empty: it is open and listed. */
static void set_int(struct flood *f, enum table_id table, const char *id, const char *column, unsigned row)
{
	static const char *const open[] = { "deleted", "closed_at", "ended_at", "revoked_at", "in_at", "recovered_at", "confirmed_at",
					    "permanent_at", "imported_at", "wiped_at", "submitted_at", "began_at" };
	int64_t days = FLOOD_NOW / DAY;
	size_t len = strlen(column);

	for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
		if (strcmp(open[i], column) == 0)
			return;
	if (strcmp(column, "fiscal_year") == 0)
		tx_int(&f->tx, table, id, column, 2026);
	else if (strcmp(column, "at") == 0 || (len > 3 && strcmp(column + len - 3, "_at") == 0))
		tx_int(&f->tx, table, id, column, FLOOD_NOW - (int64_t)row % 4000 * 60 - 60);
	else if (len > 4 && strcmp(column + len - 4, "_day") == 0)
		tx_int(&f->tx, table, id, column, days + (strstr(column, "to_") != NULL ? 9 : -1));
	else
		tx_int(&f->tx, table, id, column, row % 1000 + 1);
}

static void fill_table(struct flood *f, enum table_id table)
{
	const struct table_info *info = table_info(table);
	unsigned rows = rows_of[table] / f->part + 10;

	for (unsigned row = 0; row < rows; row++) {
		char id[UUID_SIZE] = "";
		assert_true(tx_insert(&f->tx, table, id));
		if (row == 0 || table == TABLE_campaign) /* the newest campaign is the one that is shown */
			memcpy(f->first[table], id, sizeof id);
		for (size_t c = 0; c < info->count; c++) {
			if (info->columns[c].type == COLUMN_TEXT && strcmp(info->columns[c].name, "id") != 0)
				set_text(f, table, id, info->columns[c].name, row);
			else if (info->columns[c].type == COLUMN_INT)
				set_int(f, table, id, info->columns[c].name, row);
		}
		if (++f->in_tx >= PER_TX / 20) {
			commit(f);
			begin(f);
		}
	}
}

/* hostile(n): the n-th string with its broken bytes. */
static void sql_hostile(sqlite3_context *ctx, int count, sqlite3_value **values)
{
	struct strbuf text = { 0 };

	(void)count;
	flood_string((unsigned long)sqlite3_value_int64(values[0]), false, &text);
	sqlite3_result_text(ctx, strbuf_text(&text), (int)text.len, SQLITE_TRANSIENT);
	strbuf_release(&text);
}

/* The database asks every writer for this function. */
static void sql_guard(sqlite3_context *ctx, int count, sqlite3_value **values)
{
	(void)count;
	(void)values;
	sqlite3_result_int(ctx, 1);
}

/* What another program, a bad disk or a forger may leave in the file: bytes that no verb would store. */
static void break_bytes(const char *folder)
{
	char path[256];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/records.db", folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_create_function(db, "hostile", 1, SQLITE_UTF8, NULL, sql_hostile, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_create_function(db, "hoshu_guard", -1, SQLITE_UTF8, NULL, sql_guard, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous=OFF; BEGIN", NULL, NULL, NULL), SQLITE_OK);
	for (int t = 0; t < TABLE_COUNT; t++) {
		const struct table_info *info = table_info((enum table_id)t);
		for (size_t c = 0; c < info->count; c++) {
			const char *column = info->columns[c].name;
			char *sql = sqlite3_mprintf("UPDATE \"%w\" SET \"%w\" = hostile(rowid * 31 + %d) WHERE rowid %% 2 = 0 AND \"%w\" "
						    "LIKE '" FLOOD_MARK "%%'", info->name, column, (int)c, column);
			if (info->columns[c].type == COLUMN_TEXT && sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
				fail_msg("%s: %s", sql, sqlite3_errmsg(db));
			sqlite3_free(sql);
		}
	}
	assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void record_checks(struct flood *f, struct status *st, const struct contract *c)
{
	static const enum probe_state states[] = { PROBE_UP, PROBE_DOWN, PROBE_WARN, PROBE_UNKNOWN, PROBE_DOWN };
	struct err err = { 0 };
	struct strbuf text = { 0 };

	for (size_t i = 0; i < c->check_count * CYCLES; i++) {
		const struct check *check = &c->checks[i % c->check_count];
		struct status_result r = { .check = check->id, .host = check->host, .failures_needed = 1, .interval_s = 300,
					   .at = FLOOD_NOW - 300 * (int64_t)(CYCLES - i / c->check_count),
					   .verdict = { .state = states[i % 5], .reason = i % 5 == 0 ? REASON_NONE : REASON_OUTPUT,
							.response_ms = 10, .value = 42 } };
		strbuf_clear(&text);
		flood_string(f->strings++, i % 2 == 0, &text);
		snprintf(r.verdict.text, sizeof r.verdict.text, "%s", strbuf_text(&text));
		assert_int_equal(status_record(st, &r, &err), 0);
	}
	strbuf_release(&text);
}

static void fill_status(struct flood *f, const char *folder, const struct contract *c)
{
	struct strbuf text = { 0 };
	struct err err = { 0 };
	struct status *st;

	assert_int_equal(status_open(&st, folder, true, &err), 0);
	assert_int_equal(status_begin(st, &err), 0);
	record_checks(f, st, c);
	for (unsigned i = 0; i < EVENTS / f->part; i++) {
		strbuf_clear(&text);
		flood_string(f->strings++, i % 2 == 0, &text);
		const struct status_event e = { FLOOD_NOW - 60 * (int64_t)i - 60, i % 3 ? "ap1-ssh" : strbuf_text(&text),
						i % 5 ? "state" : strbuf_text(&text), strbuf_text(&text) };
		assert_int_equal(status_put_event(st, &e, &err), 0);
	}
	for (size_t h = 0; h < c->host_count; h++) {
		strbuf_clear(&text);
		for (unsigned i = 0; h < 3 && i < OUTPUT_LINES / f->part; i++) {
			flood_string(f->strings++, false, &text);
			strbuf_add_text(&text, "\n");
		}
		assert_int_equal(status_put_output(st, c->hosts[h].id, FLOOD_NOW - 60, strbuf_text(&text), text.len, &err), 0);
	}
	const struct recorder_status r = { FLOOD_NOW - 60, FLOOD_NOW - 9000, FLOOD_NOW + 200, true, FLOOD_NOW - 9000 };
	assert_int_equal(status_put_recorder(st, &r, &err), 0);
	assert_int_equal(status_commit(st, &err), 0);
	status_close(st);
	strbuf_release(&text);
}

unsigned long flood_fill(const struct desk *p, unsigned part)
{
	struct flood f = { .part = part };
	struct complaints complaints = { 0 };
	struct strbuf folder = { 0 }, path = { 0 };
	struct contract *c = NULL;
	struct err err = { 0 };

	flood_contract(p, &path);
	assert_int_equal(contract_load(strbuf_text(&path), &c, &complaints, &err), 0);
	strbuf_addf(&folder, "%s/satte", p->data);
	const struct store_options options = { .folder = strbuf_text(&folder), .tag = "S", .busy_ms = 5000 };
	assert_int_equal(store_open(&f.store, &options, &err), 0);
	begin(&f);
	for (int t = 0; t < TABLE_COUNT; t++)
		fill_table(&f, (enum table_id)t);
	commit(&f);
	store_close(f.store);
	break_bytes(strbuf_text(&folder));
	fill_status(&f, strbuf_text(&folder), c);
	contract_free(c);
	vec_release(&complaints.list);
	strbuf_release(&folder);
	strbuf_release(&path);
	return f.strings;
}

/* The bundled contract with its servers probed, and short names that are long, combining, half-width and private use. */
void flood_contract(const struct desk *p, struct strbuf *out)
{
	static const char from[] = "probe = false", to[] = "address = \"127.0.0.9\"; user = \"u\"; probe = true";
	static const char name[] = "name = [ \"", odd[] = FLOOD_MARK "ｶﾞｷﾞか\u3099e\u0301\u0302\u0303\u0304\u0305\u0306𠮷㈱";
	struct strbuf source = { 0 }, text = { 0 };
	char line[4096];

	strbuf_addf(&source, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	FILE *in = fopen(strbuf_text(&source), "re");
	assert_non_null(in);
	while (fgets(line, sizeof line, in) != NULL) {
		char *at = strstr(line, name);
		if (at != NULL) {
			strbuf_add(&text, line, (size_t)(at - line) + sizeof name - 1);
			strbuf_add(&text, odd, strlen(line) < 120 ? sizeof odd - 1 : sizeof FLOOD_MARK - 1);
			at += sizeof name - 1;
		} else {
			at = line;
		}
		char *probe = strstr(at, from);
		strbuf_add(&text, at, probe != NULL ? (size_t)(probe - at) : strlen(at));
		if (probe != NULL) {
			strbuf_add_text(&text, to);
			strbuf_add_text(&text, probe + sizeof from - 1);
		}
	}
	fclose(in);
	strbuf_addf(out, "%s/hostile.conf", p->folder);
	FILE *file = fopen(strbuf_text(out), "we");
	assert_non_null(file);
	assert_int_equal(fwrite(strbuf_text(&text), 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
	strbuf_release(&source);
	strbuf_release(&text);
}
