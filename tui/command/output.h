/* Where a command's results go: the shell prints them as text, JSON or CSV, the console shows a message or a pager. */
#ifndef TUI_COMMAND_OUTPUT_H
#define TUI_COMMAND_OUTPUT_H

#include "core/base/err.h"
#include "core/base/msg.h"
#include "core/base/strbuf.h"
#include "core/document/table.h"

enum output_format { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_CSV, OUTPUT_PLAIN };
#define OUTPUT_JSON_VERSION 1

/* What a run said. body is in the wanted format; messages are sentences, one a line. The shell writes both out, the
 * console shows messages in its message row and a body of more in the pager. */
struct output {
	enum output_format format;
	int offset_s;           /* zone of times */
	struct strbuf body, messages;
	struct strbuf json;     /* members of the JSON object after the messages */
};
void output_init(struct output *o, enum output_format format, int offset_s);
void output_release(struct output *o);
/* Ends the body: in JSON {"hoshu":1,"verb":…,"ok":…,"messages":[…],TABLES…,"error":{…}}; elsewhere nothing is added. */
void output_finish(struct output *o, const char *verb, const struct err *err);

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
/* The program's own text with tabs kept, for files and scripts. Never foreign bytes. */
void output_script(struct output *o, const char *text);

#endif
