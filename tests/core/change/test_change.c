/* Values, hybrid time, digest, and what applying a change does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/change/change.h"

static struct change example(void)
{
	return (struct change){
		.device = "0011223344556677", .hlc = 99, .tx = "aaaaaaaa-0000-4000-8000-000000000001", .at = 1790000000,
		.actor = "ann", .verb = "ticket open", .table = "ticket", .row = "bbbbbbbb-0000-4000-8000-000000000002",
		.column = "title", .before = value_null(), .after = value_text("起動しない"),
	};
}

static void test_values(void **state)
{
	struct value null = value_null(), none = value_text(""), text = value_text("5"), number = value_int(5);

	(void)state;
	assert_true(value_equal(&null, &none));
	assert_false(value_equal(&text, &number));
	assert_int_equal(value_int(TIME_NONE).type, VALUE_NULL);
	assert_int_equal(value_text(NULL).type, VALUE_NULL);
	assert_true(value_fits(&null, COLUMN_TEXT) && value_fits(&null, COLUMN_INT));
	assert_true(value_fits(&text, COLUMN_TEXT) && !value_fits(&text, COLUMN_INT));
	assert_true(value_fits(&number, COLUMN_INT) && !value_fits(&number, COLUMN_TEXT));
	static const char *const broken[] = { "\xff", "a\xe6\x97", "\xed\xa0\x80", "\xc0\x80", "\xf5\x80\x80\x80" };
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct value v = value_text(broken[i]);
		assert_false(value_fits(&v, COLUMN_TEXT));
	}
	char *big = malloc(VALUE_TEXT_MAX + 2);
	memset(big, 'x', VALUE_TEXT_MAX + 1);
	big[VALUE_TEXT_MAX + 1] = '\0';
	struct value v = value_text(big);
	assert_false(value_fits(&v, COLUMN_TEXT));
	big[VALUE_TEXT_MAX] = '\0';
	assert_true(value_fits(&v, COLUMN_TEXT));
	free(big);
}

static void test_hybrid_time(void **state)
{
	static const int64_t walls[] = { 5, 1000, 1000, 999, 0, -7, INT64_MIN, 2000, INT64_MAX, 3000, 1000 };
	uint64_t last = 0;

	(void)state;
	for (size_t i = 0; i < sizeof walls / sizeof *walls; i++) {
		uint64_t next = hlc_next(last, walls[i]);
		assert_true(next > last);
		if (walls[i] > 0 && walls[i] < INT64_MAX)
			assert_true(hlc_ms(next) >= walls[i]);
		last = next;
	}
	assert_int_equal(hlc_ms(hlc_next(0, 1790000000123)), 1790000000123);
	/* The counter carries into the milliseconds. */
	uint64_t full = (UINT64_C(1000) << 16) | 0xffff;
	assert_int_equal(hlc_ms(hlc_next(full, 1)), 1001);
	assert_true((int64_t)last > 0);
}

/* Every field is in the digest, and no two neighbours can lend each other letters. */
static void test_digest(void **state)
{
	char first[CHANGE_DIGEST_SIZE], other[CHANGE_DIGEST_SIZE];
	struct change c = example();

	(void)state;
	change_digest(&c, first);
	change_digest(&c, other);
	assert_string_equal(first, other);
	assert_int_equal(strlen(first), 64);
	for (int i = 0; i < 17; i++) {
		struct change d = example();
		switch (i) {
		case 0: d.device[0] = '1'; break;
		case 1: d.hlc++; break;
		case 2: d.tx[0] = 'b'; break;
		case 3: memcpy(d.undoes, d.tx, sizeof d.undoes); break;
		case 4: d.at++; break;
		case 5: d.actor = "bob"; break;
		case 6: d.verb = "ticket close"; break;
		case 7: d.table = "patch"; break;
		case 8: d.row = "c"; break;
		case 9: d.column = "owner"; break;
		case 10: d.before = value_text("x"); break;
		case 11: d.after = value_null(); break;
		case 12: d.previous[0] = '0'; break;
		case 13: d.actor = "annticket", d.verb = " open"; break;
		case 14: d.actor = "ann11:ticket", d.verb = "open"; break;
		case 15: d.after = value_text("4:null"); break;
		case 16: d.after = value_int(0); break;
		}
		change_digest(&d, other);
		assert_string_not_equal(first, other);
	}
	struct change a = example(), b = example();
	a.after = value_int(5);
	b.after = value_text("5");
	change_digest(&a, first);
	change_digest(&b, other);
	assert_string_not_equal(first, other);
}

/* The standard's own examples (FIPS 180-2, B.1, B.2), whole and in pieces. */
static void test_sha256(void **state)
{
	static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	struct digest d;
	char whole[DIGEST_SIZE], pieces[DIGEST_SIZE];

	(void)state;
	digest_of("abc", 3, whole);
	assert_string_equal(whole, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_of(text, sizeof text - 1, whole);
	assert_string_equal(whole, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	digest_init(&d);
	for (size_t i = 0; i < sizeof text - 1; i++)
		digest_add(&d, text + i, 1);
	digest_end(&d, pieces);
	assert_string_equal(pieces, whole);
}

/* The bytes of the digest never change: laptops of every version must agree. */
static void test_digest_stands(void **state)
{
	char digest[CHANGE_DIGEST_SIZE];
	struct change c = example();

	(void)state;
	change_digest(&c, digest);
	assert_string_equal(digest, "19504f117384a58c9747a4de1118feb2205d38f92952e637e31ae36dc91954d6");
}

static void test_outcome(void **state)
{
	static const struct {
		const char *before, *after, *current;
		uint64_t hlc, current_hlc;
		const char *device, *current_device;
		enum change_outcome outcome;
	} cases[] = {
		{ "a", "b", "a", 5, 9, "1", "2", CHANGE_SET },
		{ "a", "b", "b", 5, 9, "1", "2", CHANGE_SAME },
		{ "a", "b", "c", 9, 5, "1", "2", CHANGE_WON },
		{ "a", "b", "c", 5, 9, "1", "2", CHANGE_LOST },
		{ "a", "b", "c", 5, 5, "1", "2", CHANGE_LOST },
		{ "a", "b", "c", 5, 5, "2", "1", CHANGE_WON },
		{ "", "b", "", 5, 9, "1", "2", CHANGE_SET },
		{ "a", "", "c", 9, 5, "1", "2", CHANGE_WON },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct value current = value_text(cases[i].current);
		struct change c = { .hlc = cases[i].hlc, .before = value_text(cases[i].before), .after = value_text(cases[i].after) };
		memcpy(c.device, cases[i].device, 2);
		assert_int_equal(change_outcome(&c, &current, cases[i].current_hlc, cases[i].current_device), cases[i].outcome);
	}
}

/* Two changes of one cell give the same value whichever arrives first. */
static void test_converges(void **state)
{
	static const char *const texts[] = { "", "a", "b", "c" };

	(void)state;
	for (int n = 0; n < 4 * 4 * 4 * 2; n++) {
		const char *base = texts[n & 3], *one = texts[(n >> 2) & 3], *two = texts[(n >> 4) & 3];
		struct change c[2] = { { .hlc = 10, .before = value_text(base), .after = value_text(one), .device = "1" },
				       { .hlc = n & 64 ? 10 : 11, .before = value_text(base), .after = value_text(two), .device = "2" } };
		struct value end[2];
		if (strcmp(base, one) == 0 || strcmp(base, two) == 0)
			continue; /* equal values write nothing */
		for (int first = 0; first < 2; first++) {
			struct value current = value_text(base);
			uint64_t hlc = 0;
			const char *device = "";
			for (int k = 0; k < 2; k++) {
				const struct change *now = &c[first ^ k];
				enum change_outcome o = change_outcome(now, &current, hlc, device);
				if (o == CHANGE_SET || o == CHANGE_WON) {
					current = now->after;
					hlc = now->hlc;
					device = now->device;
				}
			}
			end[first] = current;
		}
		assert_true(value_equal(&end[0], &end[1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values), cmocka_unit_test(test_hybrid_time), cmocka_unit_test(test_digest), cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_digest_stands), cmocka_unit_test(test_outcome), cmocka_unit_test(test_converges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
