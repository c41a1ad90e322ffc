/* Checking of arguments: text, numbers, times, and the ids that the contract and the store know. */
#include "tui/command/arg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"
#include "tui/widget/tr.h"

/* Full-width ASCII becomes ASCII, and outer blanks go: "１４：３０" is "14:30". */
static const char *to_ascii(struct arena *mem, const char *text)
{
	struct strbuf out = { 0 };

	while (*text != '\0') {
		const unsigned char *b = (const unsigned char *)text;
		if (b[0] == 0xef && (b[1] == 0xbc || b[1] == 0xbd) && b[2] >= 0x80) {
			int c = 0x20 + ((b[1] & 0x3) << 6 | (b[2] & 0x3f));
			if (c <= '~') {
				strbuf_add_char(&out, (char)c);
				text += 3;
				continue;
			}
		}
		if (strncmp(text, "\xe3\x80\x80", 3) == 0) {
			strbuf_add_char(&out, ' ');
			text += 3;
			continue;
		}
		strbuf_add_char(&out, *text++);
	}
	while (out.len > 0 && out.buf[out.len - 1] == ' ')
		strbuf_cut(&out, out.len - 1);
	const char *start = strbuf_text(&out);
	const char *kept = arena_text(mem, start + strspn(start, " "));
	strbuf_release(&out);
	return kept;
}

static int check_text(struct run *run, const struct arg *arg, const char *text, struct run_value *v, struct err *err)
{
	size_t len = strlen(text), max = arg->kind == ARG_LONG_TEXT ? ARG_LONG_TEXT_MAX : ARG_TEXT_MAX;
	struct strbuf kept = { 0 };

	if (len > max)
		return ERR(err, HS_ERR_LIMIT, N_("--{1}: {2} bytes are more than the {3} allowed"), arg->name,
			   MSG_INT((int64_t)len), MSG_INT((int64_t)max));
	if (!text_valid(text, len))
		return ERR(err, HS_ERR_INVALID, N_("--{1}: the text is not valid UTF-8"), arg->name);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		if ((c < 0x20 && c != '\t' && (c != '\n' || arg->kind != ARG_LONG_TEXT)) || c == 0x7f)
			return ERR(err, HS_ERR_INVALID, N_("--{1}: the text holds a control character"), arg->name);
	}
	text_normalize(text, len, &kept);
	v->text = arena_text(&run->mem, strbuf_text(&kept));
	strbuf_release(&kept);
	return 0;
}

static int check_number(struct run *run, const struct arg *arg, const char *text, struct run_value *v,
			struct err *err)
{
	const char *ascii = to_ascii(&run->mem, text);
	char *end;

	errno = 0;
	v->number = strtoll(ascii, &end, 10);
	if (end == ascii || *end != '\0' || errno != 0 || v->number == TIME_NONE)
		return ERR(err, HS_ERR_INVALID, N_("--{1}: '{2}' is not a whole number"), arg->name, text);
	v->text = ascii;
	return 0;
}

static int run_offset(const struct run *run)
{
	return run->contract != NULL ? run->contract->offset_s : 9 * 3600;
}

static int check_time(struct run *run, const struct arg *arg, const char *text, struct run_value *v, struct err *err)
{
	const char *ascii = to_ascii(&run->mem, text);
	int64_t t;

	if (!time_parse(ascii, run->now, run_offset(run), &t)) {
		const char *how = arg->kind == ARG_DAY
			? N_("--{1}: '{2}' is no day; write 2026-10-09, 10/9 or +3d")
			: N_("--{1}: '{2}' is no time; write 2026-10-09 14:30, 10/9 14:30, 14:30, now, -2h or +3d");
		return ERR(err, HS_ERR_INVALID, how, arg->name, text);
	}
	v->number = arg->kind == ARG_DAY ? day_of_time(t, run_offset(run)) : t;
	v->text = ascii;
	return 0;
}

/* ---- one of several ---- */

struct search {
	const char *wanted;
	const char *exact, *start; /* ids found */
	int starts;
	struct strbuf known;
	size_t count;
};

static bool named(const struct label *name, const char *wanted)
{
	const char *const names[] = { name->ja, name->en, name->short_ja, name->short_en };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i] != NULL && strcmp(names[i], wanted) == 0)
			return true;
	return false;
}

static void search_each(void *ctx, const char *id, const struct label *name)
{
	struct search *s = ctx;

	if (strcmp(id, s->wanted) == 0 || (s->exact == NULL && named(name, s->wanted)))
		s->exact = id;
	if (strncmp(id, s->wanted, strlen(s->wanted)) == 0) {
		s->start = id;
		s->starts++;
	}
	if (s->count++ < 12)
		strbuf_addf(&s->known, "%s%s", s->count > 1 ? ", " : "", id);
	else if (s->count == 13)
		strbuf_add_text(&s->known, ", ~");
}

static int check_candidate(struct run *run, const struct arg *arg, const char *text, struct run_value *v,
			   struct err *err)
{
	struct search s = { .wanted = to_ascii(&run->mem, text) };

	run_candidates(run, arg, search_each, &s);
	const char *found = s.exact != NULL ? s.exact : s.starts == 1 ? s.start : NULL;
	if (found != NULL) {
		v->text = arena_text(&run->mem, found);
		strbuf_release(&s.known);
		return 0;
	}
	if (s.count == 0)
		ERR(err, HS_ERR_INVALID, N_("--{1}: there is none to choose from; '{2}' cannot be found"), arg->name, text);
	else
		ERR(err, HS_ERR_INVALID, N_("--{1}: '{2}' is unknown; known are {3}"), arg->name, text,
		    strbuf_text(&s.known));
	strbuf_release(&s.known);
	return HS_ERR_INVALID;
}

int arg_check(struct run *run, const struct arg *arg, const char *text, struct run_value *v, struct err *err)
{
	*v = (struct run_value){ .arg = arg, .number = TIME_NONE };
	v->given = v->text = arena_text(&run->mem, text);
	switch (arg->kind) {
	case ARG_TEXT:
	case ARG_LONG_TEXT:
	case ARG_STAFF:
		return check_text(run, arg, text, v, err);
	case ARG_FILE:
		return 0;
	case ARG_NUMBER:
		return check_number(run, arg, text, v, err);
	case ARG_TIME:
	case ARG_DAY:
		return check_time(run, arg, text, v, err);
	case ARG_FLAG:
		v->number = 1;
		return 0;
	case ARG_CHOICE:
	case ARG_SITE:
	case ARG_SERVICE:
	case ARG_HOST:
	case ARG_CHECK:
	case ARG_FLOW:
	case ARG_STAGE:
	case ARG_PHASE:
	case ARG_GROUP:
	case ARG_VERB:
		return check_candidate(run, arg, text, v, err);
	default:
		return arg_record(run, arg, to_ascii(&run->mem, text), v, err);
	}
}

/* ---- what there is to choose ---- */

struct each {
	void (*call)(void *ctx, const char *id, const struct label *name);
	void *ctx;
};

static void each_verb(const struct each *each)
{
	size_t count;
	const struct command *const *list = command_list(&count);

	for (size_t i = 0; i < count; i++) {
		const char *summary = tr(list[i]->summary);
		each->call(each->ctx, list[i]->name, &(struct label){ .ja = summary, .en = summary });
	}
}

static void each_choice(const struct arg *arg, const struct each *each)
{
	for (const struct choice *c = arg->choices; c != NULL && c->id != NULL; c++) {
		const char *label = c->label != NULL ? tr(c->label) : c->id;
		each->call(each->ctx, c->id, &(struct label){ .ja = label, .en = c->label });
	}
}

/* A stage of any flow; which flow a record has is the verb's to check. */
static void each_stage(const struct contract *c, const struct each *each)
{
	for (size_t i = 0; i < c->flow_count; i++)
		for (size_t k = 0; k < c->flows[i].stage_count; k++)
			each->call(each->ctx, c->flows[i].stages[k].id, &c->flows[i].stages[k].name);
}

#define EACH(list, count) \
	for (size_t i = 0; i < c->count; i++) \
	each.call(each.ctx, c->list[i].id, &c->list[i].name)

void run_candidates(const struct run *run, const struct arg *arg,
		    void (*call)(void *ctx, const char *id, const struct label *name), void *ctx)
{
	const struct contract *c = run->contract;
	const struct each each = { call, ctx };

	if (arg->kind == ARG_CHOICE)
		each_choice(arg, &each);
	else if (arg->kind == ARG_VERB)
		each_verb(&each);
	if (c == NULL)
		return;
	if (arg->kind == ARG_SITE)
		EACH(sites, site_count);
	else if (arg->kind == ARG_SERVICE)
		EACH(services, service_count);
	else if (arg->kind == ARG_HOST)
		EACH(hosts, host_count);
	else if (arg->kind == ARG_CHECK)
		EACH(checks, check_count);
	else if (arg->kind == ARG_FLOW)
		EACH(flows, flow_count);
	else if (arg->kind == ARG_PHASE)
		EACH(phases, phase_count);
	else if (arg->kind == ARG_GROUP)
		EACH(groups, group_count);
	else if (arg->kind == ARG_STAGE)
		each_stage(c, &each);
}

static const char *const kind_words[] = {
	[ARG_TEXT] = N_("TEXT"), [ARG_LONG_TEXT] = N_("TEXT"), [ARG_NUMBER] = N_("NUMBER"), [ARG_TIME] = N_("TIME"),
	[ARG_DAY] = N_("DAY"), [ARG_CHOICE] = N_("WORD"), [ARG_TICKET] = N_("TICKET"), [ARG_PATCH] = N_("PATCH"),
	[ARG_TALK] = N_("TALK"), [ARG_STOP] = N_("STOP"), [ARG_CAMPAIGN] = N_("CAMPAIGN"),
	[ARG_TERMINAL] = N_("TERMINAL"), [ARG_STAFF] = N_("PERSON"), [ARG_SITE] = N_("SITE"),
	[ARG_SERVICE] = N_("SERVICE"), [ARG_HOST] = N_("HOST"), [ARG_CHECK] = N_("CHECK"), [ARG_FLOW] = N_("KIND"),
	[ARG_STAGE] = N_("STAGE"), [ARG_PHASE] = N_("PHASE"), [ARG_GROUP] = N_("GROUP"), [ARG_FILE] = N_("FILE"),
	[ARG_VERB] = N_("VERB"),
};

const char *arg_word(const struct arg *arg)
{
	const char *word = arg->kind < sizeof kind_words / sizeof *kind_words ? kind_words[arg->kind] : NULL;

	return word != NULL ? word : N_("TEXT");
}

void command_usage(const struct command *c, struct strbuf *out)
{
	strbuf_add_text(out, c->name);
	for (const struct arg *a = c->args; a != NULL && a->name != NULL; a++) {
		bool required = (a->flags & ARG_REQUIRED) != 0;
		strbuf_add_text(out, required ? " " : " [");
		if ((a->flags & ARG_POSITIONAL) == 0)
			strbuf_addf(out, "--%s", a->name);
		if (a->kind != ARG_FLAG)
			strbuf_addf(out, "%s%s", (a->flags & ARG_POSITIONAL) == 0 ? " " : "", tr(arg_word(a)));
		if ((a->flags & (ARG_MANY | ARG_REST)) != 0)
			strbuf_add_text(out, "...");
		strbuf_add_text(out, required ? "" : "]");
	}
}
