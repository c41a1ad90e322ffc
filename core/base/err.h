/* Errors: a negative code from err.def, and a message that names the subject and what to do.
 * A function that can fail takes a struct err * last (may be NULL) and returns 0 or err->code. */
#ifndef CORE_BASE_ERR_H
#define CORE_BASE_ERR_H

#include "core/base/msg.h"

enum hs_err_index {
	HS_OK_INDEX,
#define HS_ERR(name, text) HS_ERR_INDEX_##name,
#include "core/base/err.def"
#undef HS_ERR
	HS_ERR_COUNT
};

enum hs_err {
#define HS_ERR(name, text) HS_ERR_##name = -HS_ERR_INDEX_##name,
#include "core/base/err.def"
#undef HS_ERR
};

struct err {
	int code; /* 0 or HS_ERR_* */
	struct msg msg;
};

/* Sets e (when not NULL) and returns code. A message that is set already is replaced.
 * return ERR(err, HS_ERR_NOT_FOUND, N_("no site '{1}'; known are {2}"), id, list); */
int err_set(struct err *e, int code, const char *const *parts);
#define ERR(e, code, ...) err_set((e), (code), (const char *const[]){ __VA_ARGS__, NULL })

void err_clear(struct err *e);
/* "busy", "not-found" …: the stable name of a code, for --json. */
const char *err_name(int code);
/* The msgid of the general sentence for a code. */
const char *err_text(int code);
/* Appends the message, or the code's general sentence when there is none. */
void err_format(const struct err *e, msg_tr *tr, struct strbuf *out);

#endif
