/* Frames of hoshu-net from any bytes: no crash, no text that runs past its frame, and what was understood is
 * written and read alike. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "data/net/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
	if (!holds)
		abort();
}

static void again_job(const struct job_message *m)
{
	struct strbuf sb = { 0 };
	struct frame frame;
	struct job_message back;

	job_encode(m->id, &m->job, &sb);
	require(frame_next(sb.buf, sb.len, &frame) == (long)sb.len && job_decode(&frame, &back));
	require(back.id == m->id && strcmp(back.job.address, m->job.address) == 0 &&
		back.job.script_len == m->job.script_len);
	strbuf_release(&sb);
}

static void again_result(const struct net_result *r)
{
	struct strbuf sb = { 0 };
	struct frame frame;
	struct net_result back;

	result_encode(r, &sb);
	require(frame_next(sb.buf, sb.len, &frame) == (long)sb.len && result_decode(&frame, &back));
	require(back.outcome == r->outcome && strcmp(back.text, r->text) == 0 && back.out_len == r->out_len);
	strbuf_release(&sb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);
	size_t used = 0;
	long taken;
	struct frame frame;

	require(copy != NULL);
	memcpy(copy, data, size);
	copy = realloc(copy, size > 0 ? size : 1); /* exactly as long as it says: a read beyond it is seen */
	while ((taken = frame_next(copy + used, size - used, &frame)) > 0) {
		struct job_message job;
		struct net_result result;
		struct net_about about;
		require((size_t)taken <= size - used);
		if (job_decode(&frame, &job))
			again_job(&job);
		if (result_decode(&frame, &result))
			again_result(&result);
		if (hello_decode(&frame, &about))
			require(memchr(about.library, '\0', sizeof about.library) != NULL);
		used += (size_t)taken;
	}
	free(copy);
	return 0;
}
