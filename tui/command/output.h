/* Where a command's results go: the shell prints them as text, JSON or CSV, the console shows a message or a pager. */
#ifndef TUI_COMMAND_OUTPUT_H
#define TUI_COMMAND_OUTPUT_H

#include "core/base/msg.h"
#include "core/document/table.h"

struct output;

/* One sentence for the person: "ticket #S39 opened". Also in --json, as "message". */
void output_say(struct output *o, const struct msg *m);
#define SAY(o, ...) \
	do { \
		struct msg say_; \
		MSG(&say_, __VA_ARGS__); \
		output_say((o), &say_); \
	} while (0)
/* A table of rows; takes it over and releases it. */
void output_table(struct output *o, struct table *owned_table);
/* Text as it is, several lines (sanitised by the sink). */
void output_text(struct output *o, const char *text);

#endif
