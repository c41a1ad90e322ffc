/* Frames between hoshu and hoshu-net: four bytes of length, one of kind, then fields. Both sides share this
 * codec.
 *
 * Every length is checked against FRAME_MAX and against the bytes that are there; text holds no NUL inside
 * and ends with one, so that decoded pointers may be used where they lie. A frame that is not understood in
 * full is refused in full. */
#ifndef DATA_NET_FRAME_H
#define DATA_NET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/net/net.h"

struct strbuf;

enum {
	FRAME_MAX = 12 << 20, /* of one frame */
	NET_PINS_MAX = 16,
	NET_SCRIPT_MAX = 1 << 20,
	NET_STDOUT_MAX = 8 << 20,
	NET_STDERR_MAX = 1 << 20,
	NET_TEXT_MAX = 200, /* of a sanitised sentence */
};

enum frame_kind { FRAME_HELLO = 1, FRAME_JOB, FRAME_CANCEL, FRAME_RESULT, FRAME_BEAT };

struct frame {
	enum frame_kind kind;
	const char *body; /* within the bytes given */
	size_t len;
};

/* The next whole frame of bytes: its size with the head, 0 when more bytes are needed, -1 when this can never
 * be one. */
long frame_next(const char *bytes, size_t len, struct frame *out);

/* Writing: frame_begin, the fields, frame_end with what frame_begin gave. */
size_t frame_begin(struct strbuf *out, enum frame_kind kind);
void frame_end(struct strbuf *out, size_t begin);
void put_number(struct strbuf *out, uint64_t n);
void put_text(struct strbuf *out, const char *text); /* NULL is "" */
void put_bytes(struct strbuf *out, const char *bytes, size_t len);

/* Reading: after the last field, fields_done tells whether all of them and nothing else was there. */
struct fields {
	const char *at, *end;
	bool bad;
};
uint64_t take_number(struct fields *f);
int take_int(struct fields *f, int low, int high); /* outside of low…high is bad */
const char *take_text(struct fields *f);           /* "" when bad */
const char *take_bytes(struct fields *f, size_t max, size_t *len);
bool fields_done(const struct fields *f);

/* A job as it lies in a frame; text points into the frame's body, pins into itself: not to be copied. */
struct job_message {
	uint64_t id;
	struct net_job job;
	const char *pins[NET_PINS_MAX + 1];
};
void job_encode(uint64_t id, const struct net_job *job, struct strbuf *out);
bool job_decode(const struct frame *frame, struct job_message *out);
void result_encode(const struct net_result *r, struct strbuf *out);
bool result_decode(const struct frame *frame, struct net_result *out);
void hello_encode(const struct net_about *about, struct strbuf *out);
bool hello_decode(const struct frame *frame, struct net_about *out);

#endif
