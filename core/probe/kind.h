/* What the files of the kinds share with probe.c; nobody else includes it. */
#ifndef CORE_PROBE_KIND_H
#define CORE_PROBE_KIND_H

#include "core/base/strbuf.h"
#include "core/probe/probe.h"
#include "core/probe/scan.h"

#define PROBE(name) extern const struct probe_kind probe_##name;
#include "core/probe/probe.def"
#undef PROBE

/* Arguments that a check can have. */
enum {
	USES_PORT = 1,
	USES_PATH = 2,
	USES_SERVICE = 4,
	USES_PROCESS = 8,
	USES_WARN = 16,
	USES_FAIL = 32,
	USES_SIZE = 64,
};
/* Complains about arguments that are given and not used, or required and not given, and thresholds out of order. */
int kind_args(const struct check *check, unsigned uses, unsigned required, struct err *err);
/* A threshold, or its default when the contract gives none. */
int64_t kind_limit(int64_t given, int64_t otherwise);
/* Up, warning or down from a value where more is worse; TIME_NONE limits never apply. */
void kind_rise(struct probe_verdict *v, int64_t value, int64_t warn, int64_t fail);
void kind_state(struct probe_verdict *v, enum probe_state state, enum probe_reason reason);
/* Sets the line of facts, sanitised and cut to what v->text holds. */
void kind_text(struct probe_verdict *v, const struct strbuf *text);
/* Appends 12.3G and the like. */
void kind_bytes(int64_t bytes, struct strbuf *out);
/* Appends 41d, 3h, 12m, 8s: the largest unit, truncated. */
void kind_span(int64_t seconds, struct strbuf *out);
/* Adds commands that print "processes N" for the processes of that name, and "hidden" where others' are not shown. */
void kind_count_script(const char *name, struct strbuf *out);
/* Adds a command that runs body in a shell of its own under a time limit, with arg as its $1. */
void kind_bounded(const char *body, const char *arg, struct strbuf *out);

#endif
