/* Fills a records.db with plausible tickets for benchmarks, through the same functions as every verb, many to a transaction; then
 * measures opening, the first 50 open tickets, single commits and memory. Usage: make-tickets FOLDER [COUNT [COMMITS]] */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "core/base/strbuf.h"
#include "data/store/internal.h"
#include "data/store/store.h"

enum { PER_TX = 2000, MINUTE = 60 };

static const char *const sites[] = { "chuo", "higashi", "nishi", "minami", "kita", "eki" };
static const char *const titles[] = {
	"窓口端末が起動しない", "蔵書検索の応答が遅い", "返却処理で停止する", "バックアップが終わらない", "利用者カードが読めない",
	"帳票が文字化けする", "回線が不安定", "予約通知が届かない", "更新後に再起動を求められる", "ディスク使用率が高い",
};
static const char *const severities[] = { "major", "normal", "normal", "normal", "minor", "undecided" };
static const char *const owners[] = { "佐藤", "鈴木", "高橋", "田中" };

static uint64_t rng(uint64_t *s)
{
	uint64_t z = (*s += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}
#define PICK(list) (list)[rng(seed) % (sizeof(list) / sizeof *(list))]

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void ticket_add(struct tx *tx, int64_t at, bool open, uint64_t *seed)
{
	char id[UUID_SIZE] = "", number[24], title[160];

	tx_insert(tx, TABLE_ticket, id);
	tx_number(tx, TABLE_ticket, number);
	snprintf(title, sizeof title, "%s（%d番）", PICK(titles), (int)(rng(seed) % 40) + 1);
	tx_text(tx, TABLE_ticket, id, COLUMN(ticket, number), number);
	tx_text(tx, TABLE_ticket, id, COLUMN(ticket, kind), rng(seed) % 4 == 0 ? "inquiry" : "incident");
	tx_text(tx, TABLE_ticket, id, COLUMN(ticket, title), title);
	tx_text(tx, TABLE_ticket, id, COLUMN(ticket, site), PICK(sites));
	tx_text(tx, TABLE_ticket, id, COLUMN(ticket, service), "business");
	tx_text(tx, TABLE_ticket, id, COLUMN(ticket, severity), PICK(severities));
	tx_text(tx, TABLE_ticket, id, COLUMN(ticket, stage), open ? "diagnosis" : "done");
	tx_text(tx, TABLE_ticket, id, COLUMN(ticket, owner), PICK(owners));
	tx_int(tx, TABLE_ticket, id, COLUMN(ticket, detected_at), at);
	tx_int(tx, TABLE_ticket, id, COLUMN(ticket, contact_at), at + (int64_t)(rng(seed) % 30) * MINUTE);
	tx_int(tx, TABLE_ticket, id, COLUMN(ticket, opened_at), at);
	if (!open) {
		tx_int(tx, TABLE_ticket, id, COLUMN(ticket, recovered_at), at + (int64_t)(rng(seed) % 2880) * MINUTE);
		tx_int(tx, TABLE_ticket, id, COLUMN(ticket, closed_at), at + (int64_t)(2880 + rng(seed) % 2880) * MINUTE);
	}
}

static int fill(struct store *s, int64_t count, struct err *err)
{
	const int64_t begin = INT64_C(1700000000), step = 300;
	uint64_t seed = 100;
	int rc = 0;

	for (int64_t i = 0; rc == 0 && i < count; i += PER_TX) {
		struct tx tx;
		if ((rc = tx_begin(s, "佐藤", "ticket open", begin + i * step, &tx, err)) != 0)
			return rc;
		for (int64_t k = i; k < i + PER_TX && k < count; k++)
			ticket_add(&tx, begin + k * step, k > count - count / 100 - 1 || rng(&seed) % 500 == 0, &seed);
		rc = tx_commit(&tx, err);
	}
	return rc;
}

static int measure(const struct store_options *o, int64_t commits, struct err *err)
{
	struct value limit = value_int(50);
	struct rusage usage;
	struct store *s;
	struct rows rows;
	int rc = 0;

	double from = seconds();
	if ((rc = store_open(&s, o, err)) != 0)
		return rc;
	double opened = seconds();
	rc = rows_select(s, TABLE_ticket, "WHERE closed_at IS NULL AND deleted IS NULL ORDER BY detected_at LIMIT ?", &limit, 1, &rows, err);
	double read = seconds();
	size_t len = rows.len;
	rows_release(&rows);
	getrusage(RUSAGE_SELF, &usage);
	printf("open %.2f ms, first %zu rows %.2f ms, peak memory %ld kB\n", (opened - from) * 1e3, len, (read - opened) * 1e3,
	       usage.ru_maxrss);

	from = seconds();
	for (int64_t i = 0; rc == 0 && i < commits; i++) {
		uint64_t seed = (uint64_t)i;
		struct tx tx;
		if ((rc = tx_begin(s, "鈴木", "ticket open", INT64_C(1790000000) + i, &tx, err)) == 0) {
			ticket_add(&tx, INT64_C(1790000000) + i, true, &seed);
			rc = tx_commit(&tx, err);
		}
	}
	if (commits > 0)
		printf("%" PRId64 " tickets of 13 cells, a commit each: %.2f ms a commit\n", commits,
		       (seconds() - from) * 1e3 / (double)commits);
	store_close(s);
	return rc;
}

int main(int argc, char **argv)
{
	struct store_options o = { .folder = argc > 1 ? argv[1] : "", .tag = "B", .busy_ms = 5000 };
	int64_t count = argc > 2 ? strtoll(argv[2], NULL, 10) : 100000, commits = argc > 3 ? strtoll(argv[3], NULL, 10) : 0;
	struct err err = { 0 };
	struct store *s;

	if (argc < 2) {
		fprintf(stderr, "usage: make-tickets FOLDER [COUNT [COMMITS]]\n");
		return 2;
	}
	double from = seconds();
	int rc = store_open(&s, &o, &err);
	if (rc == 0) {
		rc = fill(s, count, &err);
		double took = seconds() - from;
		store_close(s);
		if (count > 0)
			printf("%" PRId64 " tickets in %.1f s, closed with a backup after %.1f s\n", count, took, seconds() - from);
	}
	if (rc == 0)
		rc = measure(&o, commits, &err);
	if (rc != 0) {
		struct strbuf text = { 0 };
		err_format(&err, NULL, &text);
		fprintf(stderr, "make-tickets: %s\n", strbuf_text(&text));
		strbuf_release(&text);
	}
	return rc != 0;
}
