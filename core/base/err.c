/* The table of errors and the messages that go with them. */
#include "core/base/err.h"

#include <string.h>

#include "core/base/strbuf.h"

static const char *const texts[HS_ERR_COUNT] = {
	[HS_OK_INDEX] = N_("done"),
#define HS_ERR(name, text) [HS_ERR_INDEX_##name] = text,
#include "core/base/err.def"
#undef HS_ERR
};

static const char *const names[HS_ERR_COUNT] = {
	[HS_OK_INDEX] = "ok",
	[HS_ERR_INDEX_USAGE] = "usage",
	[HS_ERR_INDEX_INVALID] = "invalid",
	[HS_ERR_INDEX_NOT_FOUND] = "not-found",
	[HS_ERR_INDEX_EXISTS] = "exists",
	[HS_ERR_INDEX_STATE] = "state",
	[HS_ERR_INDEX_OWED] = "owed",
	[HS_ERR_INDEX_READ_ONLY] = "read-only",
	[HS_ERR_INDEX_BUSY] = "busy",
	[HS_ERR_INDEX_FULL] = "full",
	[HS_ERR_INDEX_DAMAGED] = "damaged",
	[HS_ERR_INDEX_NEWER] = "newer",
	[HS_ERR_INDEX_UNSAFE] = "unsafe",
	[HS_ERR_INDEX_IO] = "io",
	[HS_ERR_INDEX_NET] = "net",
	[HS_ERR_INDEX_TRUST] = "trust",
	[HS_ERR_INDEX_TIMEOUT] = "timeout",
	[HS_ERR_INDEX_CANCELLED] = "cancelled",
	[HS_ERR_INDEX_LIMIT] = "limit",
	[HS_ERR_INDEX_CONFLICT] = "conflict",
	[HS_ERR_INDEX_INTERNAL] = "internal",
};

static int err_index(int code)
{
	return code <= 0 && -code < HS_ERR_COUNT ? -code : HS_ERR_INDEX_INTERNAL;
}

int err_set(struct err *e, int code, const char *const *parts)
{
	if (e != NULL) {
		e->code = code;
		msg_set(&e->msg, parts);
	}
	return code;
}

void err_clear(struct err *e)
{
	if (e != NULL)
		memset(e, 0, sizeof *e);
}

const char *err_name(int code)
{
	return names[err_index(code)];
}

const char *err_text(int code)
{
	return texts[err_index(code)];
}

void err_format(const struct err *e, msg_tr *tr, struct strbuf *out)
{
	if (e->msg.id != NULL) {
		msg_format(&e->msg, tr, out);
		return;
	}
	const char *text = err_text(e->code);
	strbuf_add_text(out, tr != NULL ? tr(text) : text);
}
