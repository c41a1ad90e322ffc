/* One trouble, one ticket: what is confirmed down opens one, and neither our own network's outage in between, nor a recorder that began
 * anew, nor a ticket that a person closed opens a second one. */
#include <string.h>

#include "data/collect/tickets.h"
#include "data/contract/load.h"
#include "tests/data/store/support.h"

#define CHECK "ap1-ssh"
enum { EVERY = 300 };

struct room {
	char *folder;
	struct contract *loaded, contract;
	struct host hosts[32];
	struct store *store;
	struct status *status;
	struct tickets memory;
	int64_t now;
};

static void must(int rc, const struct err *err)
{
	if (rc < 0)
		fail_msg("%s", err_shown(err));
}

static void open_room(struct room *r)
{
	struct complaints complaints = { 0 };
	struct strbuf path = { 0 };
	struct err err = { 0 };

	*r = (struct room){ .folder = folder_new(), .now = NOW };
	r->store = store_make(r->folder);
	must(contract_find("satte", &path, &err), &err);
	must(contract_load(strbuf_text(&path), &r->loaded, &complaints, &err), &err);
	/* the bundled one names hosts that are not probed before they have an address */
	r->contract = *r->loaded;
	assert_in_range(r->contract.host_count, 1, 32);
	for (size_t i = 0; i < r->contract.host_count; i++) {
		r->hosts[i] = r->loaded->hosts[i];
		r->hosts[i].probe = true;
	}
	r->contract.hosts = r->hosts;
	must(status_open(&r->status, r->folder, true, &err), &err);
	complaints_release(&complaints);
	strbuf_release(&path);
}

static void close_room(struct room *r)
{
	tickets_release(&r->memory);
	status_close(r->status);
	store_close(r->store);
	contract_free(r->loaded);
	folder_remove(r->folder);
}

/* A result comes in, and tickets follow. */
static void comes(struct room *r, enum probe_state state)
{
	struct status_result result = { .check = CHECK, .host = "ap1", .at = r->now, .failures_needed = 3, .interval_s = EVERY,
					.verdict = { .state = state, .response_ms = TIME_NONE, .value = TIME_NONE, .text = "" } };
	struct check_statuses seen;
	struct err err = { 0 };

	if (state == PROBE_DOWN)
		result.verdict.reason = REASON_TIMEOUT;
	must(status_begin(r->status, &err), &err);
	must(status_record(r->status, &result, &err), &err);
	must(status_commit(r->status, &err), &err);
	must(status_checks(r->status, &seen, &err), &err);
	must(tickets_follow(&r->memory, r->store, &r->contract, &seen, NULL, r->now, &err), &err);
	check_statuses_release(&seen);
	r->now += EVERY;
}

static void expect_tickets(struct room *r, size_t count, int64_t detected_at)
{
	struct rows rows = { 0 };
	struct err err = { 0 };

	must(store_rows(r->store, TABLE_ticket, NULL, NULL, &rows, &err), &err);
	assert_int_equal(rows.len, count);
	if (count > 0)
		assert_int_equal(ROWS(ticket, &rows)[count - 1].detected_at, detected_at);
	rows_release(&rows);
}

static void close_tickets(struct room *r)
{
	struct rows rows = { 0 };
	struct err err = { 0 };
	struct tx tx;

	must(store_rows(r->store, TABLE_ticket, NULL, NULL, &rows, &err), &err);
	must(tx_begin(r->store, "test", "ticket close", r->now, &tx, &err), &err);
	for (size_t i = 0; i < rows.len; i++)
		tx_int(&tx, TABLE_ticket, ROWS(ticket, &rows)[i].id, "closed_at", r->now);
	must(tx_commit(&tx, &err), &err);
	rows_release(&rows);
}

static void our_own_outage_opens_no_second(void **state)
{
	struct room r;

	(void)state;
	open_room(&r);
	comes(&r, PROBE_UP);
	comes(&r, PROBE_DOWN);
	comes(&r, PROBE_DOWN);
	expect_tickets(&r, 0, 0);
	comes(&r, PROBE_DOWN);
	expect_tickets(&r, 1, NOW + EVERY);
	close_tickets(&r);
	for (int i = 0; i < 5; i++)
		comes(&r, PROBE_UNREACH);
	comes(&r, PROBE_DOWN);
	expect_tickets(&r, 1, NOW + EVERY);
	/* nor a recorder that began anew, nor one that slept over many intervals */
	tickets_release(&r.memory);
	r.now += 20 * EVERY;
	comes(&r, PROBE_DOWN);
	expect_tickets(&r, 1, NOW + EVERY);
	close_room(&r);
}

static void what_fails_again_opens_another(void **state)
{
	struct room r;

	(void)state;
	open_room(&r);
	for (int i = 0; i < 3; i++)
		comes(&r, PROBE_DOWN);
	expect_tickets(&r, 1, NOW);
	close_tickets(&r);
	comes(&r, PROBE_UP);
	int64_t again = r.now;
	for (int i = 0; i < 3; i++)
		comes(&r, PROBE_DOWN);
	expect_tickets(&r, 2, again);
	close_room(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_outage_opens_no_second),
		cmocka_unit_test(what_fails_again_opens_another),
	};

	return cmocka_run_group_tests_name("collect/tickets", tests, NULL, NULL);
}
