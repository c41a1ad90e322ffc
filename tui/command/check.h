/* The findings of `hoshu check`: gathered by its parts, shown at once. */
#ifndef TUI_COMMAND_CHECK_H
#define TUI_COMMAND_CHECK_H

#include "core/base/mem.h"
#include "core/base/msg.h"

struct run;

enum grade { GRADE_OK, GRADE_UNKNOWN, GRADE_WARN, GRADE_BAD };

struct finding {
	enum grade grade;
	const char *area;  /* a word of check_areas */
	struct msg what, step;
};

struct report {
	const struct run *run;
	VEC(struct finding) list;
};

struct finding *report_add(struct report *r, enum grade grade, const char *area);
#define FOUND(r, grade, area, ...) MSG(&report_add((r), (grade), (area))->what, __VA_ARGS__)
/* What to do about the finding just added. */
#define STEP(r, ...) MSG(&(r)->list.v[(r)->list.len - 1].step, __VA_ARGS__)

/* tui/command/check_machine.c */
void check_terminal(struct report *r);
void check_machine(struct report *r);
void check_keys(struct report *r);

#endif
