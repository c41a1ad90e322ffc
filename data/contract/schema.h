/* The settings of a file as a table, and one reader for all of them: contract, hoshu.conf, themes (hoshu.conf(5)).
 *
 * A table says for each setting its name, kind, bounds and where its value goes in a struct. The reader fills the struct from
 * libconfig text, or complains about everything that the table does not allow. Inner header of data/contract. */
#ifndef DATA_CONTRACT_SCHEMA_H
#define DATA_CONTRACT_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/contract/contract.h"

enum setting_kind {
	SET_TEXT,       /* const char *; min..max bytes (max 0: 200) */
	SET_ID,         /* const char *: [a-z][a-z0-9_-]{0,30} */
	SET_WORD,       /* const char *: one of choices */
	SET_CHOICE,     /* int: index among choices */
	SET_TAG,        /* const char *: 1–3 capital letters */
	SET_ADDRESS,    /* const char *: host name or address */
	SET_PATH,       /* const char *: absolute, or from ~/ */
	SET_NAME,       /* struct label: [ "ja", "en" ]; fills the short forms too */
	SET_SHORT,      /* struct label: [ "ja", "en" ], the short forms; stands after SET_NAME */
	SET_BOOL,       /* bool */
	SET_INT,        /* int; min..max */
	SET_INT64,      /* int64_t; min..max; TIME_NONE when not given */
	SET_DURATION,   /* int seconds: "30s" "5m" "48h" "7d"; min..max seconds */
	SET_SIZE,       /* int64_t bytes: "500K" "20M" "2G"; TIME_NONE when not given */
	SET_CLOCK,      /* int seconds of the day: "07:30"; "24:00" is the end */
	SET_DAY,        /* int32_t: "2026-10-01" */
	SET_MONTH_DAY,  /* int: "12-29" gives 1229 */
	SET_ZONE,       /* int seconds: "+09:00" */
	SET_COLOR,      /* int: 0..max, a colour's name, or "default" */
	SET_IDS,        /* const char *const *, NULL-terminated */
	SET_WORDS,      /* the same, each one of choices */
	SET_MONTH_DAYS, /* the same, each "MM-DD" */
	SET_DAYS,       /* const int32_t *, and the count at count_at */
	SET_BITS,       /* int: bit i for the i-th of choices */
	SET_GROUP,      /* fields, in the same struct, their offsets counted from at */
	SET_LIST,       /* an array of structs of size, count at count_at; at most max */
};

enum { SETTING_REQUIRED = 1 };
#define NO_PLACE ((size_t)-1)

struct setting {
	const char *name;
	enum setting_kind kind;
	unsigned flags;
	size_t at;
	int64_t min, max;
	const char *initial;          /* as text; NULL: "", 0, false, TIME_NONE, an empty list */
	const char *const *choices;   /* NULL-terminated */
	const struct setting *fields; /* SET_GROUP, SET_LIST; ends with a name of NULL */
	size_t size, count_at, place_at;
	const char *help;             /* N_() */
};

/* A file's bytes after the checks that need no table. Zeroed is empty. */
struct source {
	char *bytes; /* NUL-terminated */
	size_t len;
	const char *name; /* for complaints; borrowed */
};

#define SOURCE_MAX (1024 * 1024)
/* A regular file of at most SOURCE_MAX bytes that nobody but its owner's group may write; with private_owner, only the
 * user or root may own it and nobody else may write it. HS_ERR_NOT_FOUND, HS_ERR_UNSAFE, HS_ERR_LIMIT, HS_ERR_IO. */
int source_read(const char *path, bool private_owner, struct source *out, struct err *err);
/* A copy of bytes, without a byte-order mark; name is borrowed. HS_ERR_LIMIT. */
int source_from_bytes(const char *name, const char *bytes, size_t len, struct source *out, struct err *err);
void source_release(struct source *s);

/* The traps of libconfig, closed before it sees the bytes: see scan.c. 0 or HS_ERR_INVALID. */
int source_scan(const struct source *s, struct complaints *out);

/* Fills base, whose struct the table describes, from s; text is copied into mem. place (may be NULL) becomes the file's.
 * 0, or HS_ERR_INVALID with complaints added; base is then filled as far as it went. */
int schema_read(const struct source *s, const struct setting *table, void *base, struct arena *mem,
		struct complaints *out);
/* Gives every setting of the table its default. */
void schema_defaults(const struct setting *table, void *base, struct arena *mem);

/* What the parsers of values know of their surroundings. */
struct value_to {
	const struct setting *setting;
	void *base;
	struct arena *mem;
};
/* Parses text as a scalar kind that is written in quotes; false when it is not one, or out of bounds. */
bool value_from_text(const struct value_to *to, const char *text);
bool value_from_int(const struct value_to *to, long long n);
/* One element of SET_IDS, SET_WORDS, SET_MONTH_DAYS. */
bool element_allowed(const struct setting *s, const char *text);
/* Adds the complaint that a value found is not what the setting takes. */
void value_refuse(const struct setting *s, struct place place, const char *found, struct complaints *out);
/* "a, b, c" */
void choices_list(const char *const *choices, struct strbuf *out);

extern const struct setting contract_settings[], config_settings[];
/* Table of a theme with the given roles, made in mem; its struct is struct theme. */
const struct setting *theme_settings(const char *const *role_names, struct arena *mem);

/* Sets err from the complaints added since `before`: how many there are, and where the first is. Returns HS_ERR_INVALID. */
int complaints_error(const struct complaints *out, size_t before, const char *name, struct err *err);

#endif
