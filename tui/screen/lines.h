/* Lines of a detail: text with a role and, where a key can act on it, an id; drawn as far as there is room, or in a list. */
#ifndef TUI_SCREEN_LINES_H
#define TUI_SCREEN_LINES_H

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/strbuf.h"
#include "tui/widget/list.h"

struct line {
	enum role role;
	const char *text, *id; /* in the arena; id "" */
};
struct lines {
	struct arena mem;
	VEC(struct line) list;
	struct strbuf text; /* being built */
};
void lines_release(struct lines *l);
/* Ends the line that stands in l->text. id may be NULL. */
void lines_end(struct lines *l, enum role role, const char *id);
/* As many as fit, from the first; the last row says so when there are more. */
void lines_draw(const struct lines *l, struct surface *out, struct rect area);
/* One column, no title; ctx is the struct lines. */
void lines_list_init(struct list *list, struct lines *l);

/* "10/14", "10/14-10/16" of days that may be unknown. */
void add_day(struct strbuf *out, int64_t day);
void add_days(struct strbuf *out, int64_t from, int64_t to);
/* "[####------] 40%": rounded down, so that 100% is never said below the total; nothing without a total. */
void add_bar(struct strbuf *out, int cells, int64_t done, int64_t total);
/* A translated message. */
void add_msg(struct strbuf *out, const struct msg *m);
#define ADD_MSG(out, ...) \
	do { \
		struct msg add_; \
		MSG(&add_, __VA_ARGS__); \
		add_msg((out), &add_); \
	} while (0)

#endif
