/* See frame.h. Numbers are little-endian whatever the machine. */
#include "data/net/frame.h"

#include <limits.h>
#include <string.h>

#include "core/base/strbuf.h"

enum { HEAD = 5 };

static uint64_t load(const char *at, size_t bytes)
{
	uint64_t n = 0;

	for (size_t i = bytes; i-- > 0;)
		n = n << 8 | (unsigned char)at[i];
	return n;
}

static void store(char *at, uint64_t n, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++, n >>= 8)
		at[i] = (char)(n & 0xff);
}

long frame_next(const char *bytes, size_t len, struct frame *out)
{
	*out = (struct frame){ 0 };
	if (len < HEAD)
		return 0;
	uint64_t body = load(bytes, 4);
	unsigned kind = (unsigned char)bytes[4];
	if (body > FRAME_MAX || kind < FRAME_HELLO || kind > FRAME_BEAT)
		return -1;
	if (len - HEAD < body)
		return 0;
	*out = (struct frame){ .kind = (enum frame_kind)kind, .body = bytes + HEAD, .len = (size_t)body };
	return (long)(HEAD + body);
}

size_t frame_begin(struct strbuf *out, enum frame_kind kind)
{
	size_t begin = out->len;

	strbuf_pad(out, '\0', HEAD);
	out->buf[begin + 4] = (char)kind;
	return begin;
}

void frame_end(struct strbuf *out, size_t begin)
{
	store(out->buf + begin, out->len - begin - HEAD, 4);
}

void put_number(struct strbuf *out, uint64_t n)
{
	char bytes[8];

	store(bytes, n, sizeof bytes);
	strbuf_add(out, bytes, sizeof bytes);
}

void put_bytes(struct strbuf *out, const char *bytes, size_t len)
{
	put_number(out, len);
	strbuf_add(out, bytes, len);
	strbuf_add_char(out, '\0');
}

void put_text(struct strbuf *out, const char *text)
{
	put_bytes(out, text, text != NULL ? strlen(text) : 0);
}

uint64_t take_number(struct fields *f)
{
	if (f->bad || (size_t)(f->end - f->at) < 8) {
		f->bad = true;
		return 0;
	}
	uint64_t n = load(f->at, 8);
	f->at += 8;
	return n;
}

int take_int(struct fields *f, int low, int high)
{
	int64_t n = (int64_t)take_number(f);

	if (n < low || n > high) {
		f->bad = true;
		return low;
	}
	return (int)n;
}

const char *take_bytes(struct fields *f, size_t max, size_t *len)
{
	uint64_t n = take_number(f);

	*len = 0;
	if (f->bad || n > max || n >= (size_t)(f->end - f->at) || f->at[n] != '\0') {
		f->bad = true;
		return "";
	}
	const char *bytes = f->at;
	*len = (size_t)n;
	f->at += n + 1;
	return bytes;
}

const char *take_text(struct fields *f)
{
	size_t len;
	const char *text = take_bytes(f, FRAME_MAX, &len);

	if (memchr(text, '\0', len) != NULL) {
		f->bad = true;
		return "";
	}
	return text;
}

bool fields_done(const struct fields *f)
{
	return !f->bad && f->at == f->end;
}

static void put_int(struct strbuf *out, int n)
{
	put_number(out, (uint64_t)(int64_t)n);
}

static struct fields fields_of(const struct frame *frame)
{
	return (struct fields){ .at = frame->body, .end = frame->body + frame->len };
}

void job_encode(uint64_t id, const struct net_job *job, struct strbuf *out)
{
	size_t begin = frame_begin(out, FRAME_JOB), pins = 0;

	put_number(out, id);
	put_int(out, job->kind);
	put_text(out, job->host_id);
	put_text(out, job->address);
	put_int(out, job->port);
	put_text(out, job->user);
	put_text(out, job->key_file);
	put_text(out, job->via);
	put_bytes(out, job->script, job->script_len);
	put_int(out, job->connect_ms);
	put_int(out, job->run_ms);
	put_number(out, job->stdout_cap);
	put_number(out, job->stderr_cap);
	while (job->pins != NULL && pins < NET_PINS_MAX && job->pins[pins] != NULL)
		pins++;
	put_number(out, pins);
	for (size_t i = 0; i < pins; i++)
		put_text(out, job->pins[i]);
	frame_end(out, begin);
}

static size_t take_cap(struct fields *f, size_t initial, size_t max)
{
	uint64_t n = take_number(f);

	return n == 0 ? initial : n > max ? max : (size_t)n;
}

bool job_decode(const struct frame *frame, struct job_message *out)
{
	struct fields f = fields_of(frame);
	struct net_job *job = &out->job;

	*out = (struct job_message){ .id = take_number(&f) };
	job->kind = (enum net_job_kind)take_int(&f, NET_RUN, NET_ROUTE);
	job->host_id = take_text(&f);
	job->address = take_text(&f);
	job->port = take_int(&f, 0, 65535);
	job->user = take_text(&f);
	job->key_file = take_text(&f);
	job->via = take_text(&f);
	job->script = take_bytes(&f, NET_SCRIPT_MAX, &job->script_len);
	job->connect_ms = take_int(&f, 0, INT_MAX);
	job->run_ms = take_int(&f, 0, INT_MAX);
	job->stdout_cap = take_cap(&f, 256 * 1024, NET_STDOUT_MAX);
	job->stderr_cap = take_cap(&f, 16 * 1024, NET_STDERR_MAX);
	int pins = take_int(&f, 0, NET_PINS_MAX);
	for (int i = 0; i < pins; i++)
		out->pins[i] = take_text(&f);
	job->pins = out->pins;
	return fields_done(&f);
}

void result_encode(const struct net_result *r, struct strbuf *out)
{
	size_t begin = frame_begin(out, FRAME_RESULT);

	put_number(out, r->id);
	put_int(out, r->outcome);
	put_int(out, r->stage);
	put_int(out, r->exit_status);
	put_int(out, r->connect_ms);
	put_int(out, r->total_ms);
	put_int(out, r->reused);
	put_int(out, r->held);
	for (size_t i = 0; i < NET_STAGES; i++)
		put_int(out, r->stage_ms[i]);
	put_text(out, r->text);
	put_bytes(out, r->out, r->out_len);
	put_bytes(out, r->errors, r->errors_len);
	put_text(out, r->key_type);
	put_text(out, r->key_base64);
	put_text(out, r->key_fingerprint);
	frame_end(out, begin);
}

bool result_decode(const struct frame *frame, struct net_result *out)
{
	struct fields f = fields_of(frame);

	*out = (struct net_result){ .id = take_number(&f) };
	out->outcome = (enum net_outcome)take_int(&f, NET_OK, NET_CANCELLED);
	out->stage = (enum net_stage)take_int(&f, NET_RESOLVE, NET_DONE);
	out->exit_status = take_int(&f, INT_MIN, INT_MAX);
	out->connect_ms = take_int(&f, 0, INT_MAX);
	out->total_ms = take_int(&f, 0, INT_MAX);
	out->reused = take_int(&f, 0, 1);
	out->held = take_int(&f, 0, 1);
	for (size_t i = 0; i < NET_STAGES; i++)
		out->stage_ms[i] = take_int(&f, 0, INT_MAX);
	out->text = take_text(&f);
	out->out = take_bytes(&f, NET_STDOUT_MAX, &out->out_len);
	out->errors = take_bytes(&f, NET_STDERR_MAX, &out->errors_len);
	out->key_type = take_text(&f);
	out->key_base64 = take_text(&f);
	out->key_fingerprint = take_text(&f);
	return fields_done(&f);
}

void hello_encode(const struct net_about *about, struct strbuf *out)
{
	size_t begin = frame_begin(out, FRAME_HELLO);

	put_int(out, about->landlock_abi);
	put_int(out, about->seccomp);
	put_int(out, about->no_new_privs);
	put_text(out, about->library);
	frame_end(out, begin);
}

bool hello_decode(const struct frame *frame, struct net_about *out)
{
	struct fields f = fields_of(frame);

	*out = (struct net_about){ .landlock_abi = take_int(&f, 0, 1000) };
	out->seccomp = take_int(&f, 0, 1);
	out->no_new_privs = take_int(&f, 0, 1);
	const char *library = take_text(&f);
	size_t len = strlen(library);
	if (len >= sizeof out->library)
		return false;
	memcpy(out->library, library, len);
	return fields_done(&f);
}
