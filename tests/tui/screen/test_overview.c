/* Golden pictures of the overview and the machines below it: empty, full, stale and hostile data, both languages, ambiguous characters narrow
 * and wide, at 80x24, 120x40 and 160x48 (less the console's six rows). UPDATE=1 writes them anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "data/contract/load.h"
#include "data/practice/contract.h"
#include "data/practice/world.h"
#include "data/store/ticket.h"
#include "tests/support/golden.h"
#include "tui/screen/machines.h"
#include "tui/screen/overview.h"
#include "tui/widget/tr.h"

#define NOW 1791938522 /* 2026-10-14 09:42:02 +09:00 */

static char world_folder[] = "/srv", world_user[] = "hoshu";
static struct world world = { .folder = world_folder, .user = world_user };
static struct contract *contract;
static char folder[] = "/tmp/hoshu-overview-XXXXXX";
static struct store *store;
static struct status *status;

static const struct {
	int rows, cols;
} sizes[] = { { 24, 80 }, { 40, 120 }, { 48, 160 } };

static void must(int rc, const struct err *err)
{
	struct strbuf sb = { 0 };

	if (rc == 0)
		return;
	err_format(err, NULL, &sb);
	fail_msg("%s", strbuf_text(&sb));
}

static void read_contract(void)
{
	static const char *const ids[WORLD_HOSTS] = { "ap1", "db1", "web1", "honkan-rt", "kahinata-rt", "higashi-rt", "nishi-rt",
						      "minami-rt", "kita-rt" };
	struct strbuf bundled = { 0 }, text = { 0 }, path = { 0 };
	struct complaints complaints = { 0 };
	struct err err = { 0 };
	char block[4096];
	size_t n;

	for (int i = 0; i < WORLD_HOSTS; i++)
		world.hosts[i] = (struct world_host){ .id = ids[i], .port = 10022 + i };
	strbuf_addf(&path, "%s/data/contract/satte.conf", getenv("HOSHU_SRCDIR"));
	FILE *f = fopen(strbuf_text(&path), "r");
	assert_non_null(f);
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		strbuf_add(&bundled, block, n);
	fclose(f);
	must(practice_contract(&world, strbuf_text(&bundled), 20740, &text, &err), &err);
	must(contract_parse("practice.conf", text.buf, text.len, &contract, &complaints, &err), &err);
	complaints_release(&complaints);
	strbuf_release(&bundled);
	strbuf_release(&text);
	strbuf_release(&path);
}

static void record(const char *check, enum probe_state state, enum probe_reason reason, int64_t at, const char *text)
{
	const struct check *c = contract_check_by_id(contract, check);
	struct status_result r = { .check = check, .at = at, .failures_needed = 3, .interval_s = 60 };
	struct err err = { 0 };

	assert_non_null(c);
	r.host = c->host;
	r.verdict = (struct probe_verdict){ .state = state, .reason = reason, .value = TIME_NONE,
					    .response_ms = state == PROBE_UP && (strcmp(c->kind, "ssh") == 0 || strcmp(c->kind, "tcp") == 0) ? 312 : TIME_NONE };
	snprintf(r.verdict.text, sizeof r.verdict.text, "%s", text);
	must(status_record(status, &r, &err), &err);
}

/* Three rounds a minute apart, the last at at: a server down, a disk filling, a line of a site fallen, one host unreachable. */
static void measure(int64_t at, const char *text)
{
	struct err err = { 0 };
	struct status_event event = { .at = at, .check = "ap1-ssh", .kind = "state", .text = "up down timeout" };
	struct recorder_status word = { .cycle_at = at, .started_at = at - 3600, .next_at = at + 22, .network_up = true,
					.network_since = at - 3600 };

	must(status_begin(status, &err), &err);
	for (int64_t t = at - 120; t <= at; t += 60) {
		for (size_t i = 0; i < contract->check_count; i++) {
			const struct check *c = &contract->checks[i];
			if (strcmp(c->id, "ap1-ssh") == 0 || strcmp(c->id, "ap1-app") == 0)
				record(c->id, PROBE_DOWN, REASON_TIMEOUT, t, text);
			else if (strcmp(c->host, "ap1") == 0)
				record(c->id, PROBE_UNKNOWN, REASON_HOST, t, "");
			else if (strcmp(c->id, "db1-disk") == 0)
				record(c->id, PROBE_WARN, REASON_THRESHOLD, t, text);
			else if (strcmp(c->id, "higashi-line") == 0)
				record(c->id, PROBE_DOWN, REASON_NO_ANSWER, t, text);
			else if (strcmp(c->id, "kita-line") == 0)
				record(c->id, PROBE_UNREACH, REASON_OWN_NETWORK, t, "");
			else
				record(c->id, PROBE_UP, REASON_NONE, t, text);
		}
	}
	must(status_put_event(status, &event, &err), &err);
	event.kind = "network";
	event.check = "";
	event.text = "down";
	event.at = at - 600;
	must(status_put_event(status, &event, &err), &err);
	must(status_put_recorder(status, &word, &err), &err);
	must(status_commit(status, &err), &err);
}

static void open_ticket(const char *title, const char *site, int64_t contact)
{
	struct ticket draft;
	struct err err = { 0 };
	struct tx tx;
	char id[UUID_SIZE], number[24];

	table_row_init(TABLE_ticket, &draft);
	draft.kind = "incident";
	draft.title = title;
	draft.site = site;
	draft.severity = "major";
	draft.contact_at = contact;
	must(tx_begin(store, "test", "ticket open", contact, &tx, &err), &err);
	assert_true(ticket_put(&tx, contract, &draft, id, number));
	must(tx_commit(&tx, &err), &err);
}

static void open_databases(void)
{
	struct store_options so = { .folder = folder, .tag = "S", .busy_ms = 1000 };
	struct err err = { 0 };

	memcpy(folder, "/tmp/hoshu-overview-XXXXXX", sizeof folder);
	assert_non_null(mkdtemp(folder));
	must(store_open(&store, &so, &err), &err);
	must(status_open(&status, folder, true, &err), &err);
}

static void close_databases(void)
{
	status_close(status);
	store_close(store);
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/rm", "rm", "-rf", folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

/* No cell may hold a control character and every row must be exactly as wide as the screen. */
static void check_cells(const struct surface *s)
{
	for (int r = 0; r < s->rows; r++) {
		int cells = 0;
		for (int c = 0; c < s->cols; c++) {
			const struct cell *cell = &s->cells[r * s->cols + c];
			cells += cell->cells;
			for (const char *p = cell->glyph; *p != '\0'; p++)
				assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
		}
		assert_int_equal(cells, s->cols);
	}
}


static void draw_overview(void *model, int64_t now, struct surface *out, struct rect area)
{
	overview_draw(model, now, out, area);
}

static void draw_machines(void *model, int64_t now, struct surface *out, struct rect area)
{
	machines_draw(model, now, out, area);
}

static void picture(const char *name, const char *lang, bool wide, void (*draw)(void *, int64_t, struct surface *, struct rect), void *model)
{
	struct strbuf all = { 0 }, path = { 0 };

	text_set_ambiguous_wide(wide);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct surface s = { 0 };
		surface_init(&s, sizes[i].rows - 6, sizes[i].cols);
		s.ascii = wide;
		draw(model, NOW, &s, (struct rect){ 0, 0, s.rows, s.cols });
		check_cells(&s);
		strbuf_addf(&all, "== %dx%d\n", sizes[i].cols, sizes[i].rows);
		surface_dump(&s, i == 0, &all);
		surface_release(&s);
	}
	strbuf_addf(&path, "tests/tui/screen/%s.%s%s.golden", name, lang, wide ? ".wide" : "");
	golden_check(strbuf_text(&path), strbuf_text(&all));
	strbuf_release(&all);
	strbuf_release(&path);
	text_set_ambiguous_wide(false);
}

static void all_languages(const char *name, void (*draw)(void *, int64_t, struct surface *, struct rect), void *model, void (*fill)(void *model))
{
	static const char *const langs[] = { "ja", "en" };

	for (int l = 0; l < 2; l++) {
		assert_true(lang_set(langs[l]));
		fill(model);
		picture(name, langs[l], false, draw, model);
		picture(name, langs[l], true, draw, model);
	}
}

static void fill_overview(void *model)
{
	struct err err = { 0 };

	must(overview_fill(model, store, status, contract, NOW, &err), &err);
}

static void fill_machines(void *model)
{
	struct err err = { 0 };

	must(machines_fill(model, store, status, contract, NOW, &err), &err);
}

static void overview_pictures(const char *name)
{
	struct overview o;

	overview_init(&o);
	all_languages(name, draw_overview, &o, fill_overview);
	overview_release(&o);
}

static void machines_pictures(const char *name, enum machines_kind kind, const char *subject)
{
	struct machines m;

	machines_init(&m, kind, subject);
	all_languages(name, draw_machines, &m, fill_machines);
	machines_release(&m);
}

static void empty(void **state)
{
	(void)state;
	open_databases();
	overview_pictures("overview.empty");
	close_databases();
}

static void full(void **state)
{
	(void)state;
	open_databases();
	measure(NOW - 8, "40 ms");
	open_ticket("回線断 (ルータ応答なし)", "higashi", NOW - 42 * 3600 - 3000);
	open_ticket("業務システム応答なし", "", NOW - 15 * 3600);
	overview_pictures("overview.full");
	machines_pictures("hosts.full", MACHINES_HOSTS, "");
	machines_pictures("hosts.site", MACHINES_HOSTS, "site:higashi");
	machines_pictures("host.full", MACHINES_CHECKS, "ap1");
	machines_pictures("check.full", MACHINES_PAST, "ap1-ssh");
	close_databases();
}

static void stale(void **state)
{
	(void)state;
	open_databases();
	measure(NOW - 41 * 60, "40 ms");
	overview_pictures("overview.stale");
	close_databases();
}

static void hostile(void **state)
{
	static const char text[] = "\x1b[31m\x1b]52;c;eA==\x07 \xe2\x80\xae\xff\xfe \xe3\x81 \xef\xbd\xb6\xef\xbe\x9e e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
				   "\xcc\x81\xcc\x81 \xc2\x9b" "2J \xe2\x91\xa0\xe2\x86\x92\xc2\xb7 \xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\r\n\t|";
	struct strbuf long_title = { 0 };

	(void)state;
	for (int i = 0; i < 400; i++)
		text_normalize(text, strlen(text), &long_title);
	open_databases();
	measure(NOW - 8, text);
	open_ticket(strbuf_text(&long_title), "higashi", NOW - 3600);
	overview_pictures("overview.hostile");
	machines_pictures("host.hostile", MACHINES_CHECKS, "ap1");
	close_databases();
	strbuf_release(&long_title);
}

static int start(void **state)
{
	(void)state;
	lang_start("ja", NULL);
	read_contract();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	contract_free(contract);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(empty), cmocka_unit_test(full), cmocka_unit_test(stale),
					    cmocka_unit_test(hostile) };

	return cmocka_run_group_tests_name("overview", tests, start, stop);
}
