/* See client.h. */
#include "tui/command/client.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/ticket/talk.h"
#include "tui/widget/tr.h"

/* The body that the contract names for this: a report goes to the system manager, the rest as its clause says. */
static const char *body_of(const struct contract *c, const char *about, const char *act)
{
	struct talk_rule rule;
	int index = word_find(about_words, about);

	if (strcmp(act, "report") == 0)
		return "manager";
	talk_rule(c, (enum talk_about)(index < 0 ? ABOUT_PATCH : index), &rule);
	return rule.body;
}

int client_talk(struct run *run, const char *about, const char *subject, const char *act, const char *result,
		int64_t at, struct talk *out, struct err *err)
{
	table_row_init(TABLE_talk, out);
	out->about = about;
	out->subject = subject;
	out->act = act;
	out->result = result;
	out->body = body_of(run->contract, about, act);
	out->person = run_text(run, "person");
	out->who = run->actor;
	out->means = run_text(run, "means");
	out->said = run_text(run, "said");
	out->conditions = run_text(run, "conditions");
	out->valid_until = run_number(run, "valid-until");
	out->at = at;
	return talk_check(out, run->now, err);
}

const char *shown(const struct run *run, const char *id, const char *label)
{
	return run->out->format == OUTPUT_TEXT && label != NULL ? label : id;
}

const char *run_format(struct run *run, const char *format, ...)
{
	char text[240];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return arena_text(&run->mem, text);
}
