/* The frames between hoshu and hoshu-net: what goes in comes out, and nothing broken is ever taken for whole.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/mem.h"
#include "core/base/strbuf.h"
#include "data/net/frame.h"

static const char *const pins[] = { "ssh-ed25519 AAAA", "ssh-rsa BBBB", NULL };

static struct net_job sample_job(void)
{
	return (struct net_job){
		.kind = NET_RUN,
		.host_id = "ap1",
		.address = "192.0.2.1",
		.port = 22,
		.user = "hoshu",
		.key_file = "~/.ssh/id",
		.pins = pins,
		.via = "",
		.script = "a\0b\n",
		.script_len = 4,
		.connect_ms = 10,
		.run_ms = 20,
		.stdout_cap = 1000,
	};
}

static struct net_result sample_result(void)
{
	return (struct net_result){
		.id = 77,
		.outcome = NET_CUT,
		.stage = NET_RUNNING,
		.exit_status = -1,
		.connect_ms = 5,
		.total_ms = 9,
		.reused = true,
		.stage_ms = { 1, 2, 3 },
		.text = "日本語",
		.out = "x\0y",
		.out_len = 3,
		.errors = "",
		.key_type = "ssh-rsa",
		.key_base64 = "",
		.key_fingerprint = NULL,
	};
}

static void job_comes_back(void **state)
{
	struct net_job job = sample_job();
	struct strbuf sb = { 0 };
	struct frame frame;
	struct job_message m;

	(void)state;
	job_encode(UINT64_MAX, &job, &sb);
	assert_int_equal(frame_next(sb.buf, sb.len, &frame), sb.len);
	assert_int_equal(frame.kind, FRAME_JOB);
	assert_true(job_decode(&frame, &m));
	assert_true(m.id == UINT64_MAX);
	assert_int_equal(m.job.kind, NET_RUN);
	assert_string_equal(m.job.host_id, "ap1");
	assert_string_equal(m.job.key_file, "~/.ssh/id");
	assert_int_equal(m.job.script_len, 4);
	assert_memory_equal(m.job.script, "a\0b\n", 4);
	assert_string_equal(m.job.pins[1], pins[1]);
	assert_null(m.job.pins[2]);
	assert_int_equal(m.job.stdout_cap, 1000);
	assert_int_equal(m.job.stderr_cap, 16 * 1024); /* the default */
	strbuf_release(&sb);
}

static void result_comes_back(void **state)
{
	struct net_result r = sample_result(), back;
	struct strbuf sb = { 0 };
	struct frame frame;

	(void)state;
	result_encode(&r, &sb);
	assert_int_equal(frame_next(sb.buf, sb.len, &frame), sb.len);
	assert_true(result_decode(&frame, &back));
	assert_int_equal(back.outcome, NET_CUT);
	assert_int_equal(back.exit_status, -1);
	assert_int_equal(back.stage_ms[2], 3);
	assert_true(back.reused);
	assert_string_equal(back.text, "日本語");
	assert_int_equal(back.out_len, 3);
	assert_memory_equal(back.out, "x\0y", 4);
	assert_string_equal(back.key_fingerprint, "");
	strbuf_release(&sb);
}

/* Tries all that could be done with these bytes. The bytes lie in memory of exactly their size, for the
 * sanitizers. */
static int try_all(const char *bytes, size_t len)
{
	char *own = mem_text_n(bytes, len);
	struct frame frame;
	struct job_message job;
	struct net_result result;
	struct net_about about;
	int taken = 0;
	long size = frame_next(own, len, &frame);

	assert_true(size <= (long)len);
	if (size > 0) {
		taken += job_decode(&frame, &job);
		taken += result_decode(&frame, &result);
		taken += hello_decode(&frame, &about);
	}
	free(own);
	return taken;
}

static void broken_frames_are_refused(void **state)
{
	struct net_job job = sample_job();
	struct net_result r = sample_result();
	struct strbuf whole[2] = { { 0 } };
	uint64_t seed = 88172645463325252ULL;

	(void)state;
	job_encode(1, &job, &whole[0]);
	result_encode(&r, &whole[1]);
	for (int w = 0; w < 2; w++) {
		struct strbuf *sb = &whole[w];
		struct frame frame;
		for (size_t len = 0; len < sb->len; len++)
			assert_int_equal(frame_next(sb->buf, len, &frame), 0); /* cut: more is needed */
		assert_int_equal(try_all(sb->buf, sb->len), 1);
		for (int i = 0; i < 20000; i++) {
			char *copy = mem_text_n(sb->buf, sb->len);
			for (int k = 0; k <= i % 3; k++) {
				seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
				copy[seed % sb->len] = (char)(seed >> 32);
			}
			try_all(copy, sb->len);
			free(copy);
		}
		/* a body that is one field short, with a head that says so */
		for (size_t cut = 1; cut < sb->len - 5; cut++) {
			char *copy = mem_text_n(sb->buf, sb->len - cut);
			size_t body = sb->len - cut - 5;
			for (int k = 0; k < 4; k++)
				copy[k] = (char)(body >> 8 * k & 255);
			assert_int_equal(try_all(copy, sb->len - cut), 0);
			free(copy);
		}
		strbuf_release(sb);
	}
}

static void huge_and_unknown_frames_are_refused(void **state)
{
	struct frame frame;

	(void)state;
	assert_int_equal(frame_next("\xff\xff\xff\xff\x02", 5, &frame), -1);
	assert_int_equal(frame_next("\x01\x00\xc0\x00\x02", 5, &frame), -1); /* one more than the limit */
	assert_int_equal(frame_next("\x00\x00\xc0\x00\x02", 5, &frame), 0);
	assert_int_equal(frame_next("\0\0\0\0\0", 5, &frame), -1);
	assert_int_equal(frame_next("\0\0\0\0\x06", 5, &frame), -1);
	assert_int_equal(frame_next("\0\0\0\0\x05", 5, &frame), 5);
}

static void numbers_keep_their_limits(void **state)
{
	struct strbuf sb = { 0 };

	(void)state;
	put_number(&sb, (uint64_t)-5);
	put_number(&sb, 1ULL << 40);
	struct fields f = { .at = sb.buf, .end = sb.buf + sb.len };
	assert_int_equal(take_int(&f, -10, 10), -5);
	assert_false(f.bad);
	assert_int_equal(take_int(&f, 0, 10), 0);
	assert_true(f.bad);
	assert_false(fields_done(&f));
	strbuf_release(&sb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(job_comes_back),
		cmocka_unit_test(result_comes_back),
		cmocka_unit_test(broken_frames_are_refused),
		cmocka_unit_test(huge_and_unknown_frames_are_refused),
		cmocka_unit_test(numbers_keep_their_limits),
	};
	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
