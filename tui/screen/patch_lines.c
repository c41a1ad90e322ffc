/* See patch_lines.h. */
#include "tui/screen/patch_lines.h"

#include <string.h>

#include "tui/command/patch.h"
#include "tui/widget/tr.h"

const char *significance_word(const char *significance)
{
	if (strcmp(significance, "yes") == 0)
		return tr(N_("X signif."));
	return strcmp(significance, "no") == 0 ? tr(N_("- other")) : tr(N_("? unjudged"));
}

enum role significance_role(const char *significance)
{
	if (strcmp(significance, "yes") == 0)
		return ROLE_bad;
	return strcmp(significance, "no") == 0 ? ROLE_dim : ROLE_unknown;
}

static const char *group_name(const struct contract *c, const char *hosts)
{
	for (size_t i = 0; i < c->group_count; i++) {
		if (strcmp(c->groups[i].id, hosts) == 0)
			return tr_label_short(&c->groups[i].name);
	}
	return hosts;
}

void add_patch_name(const struct contract *c, const struct patch_item *item, struct strbuf *out)
{
	strbuf_addf(out, "%s %s / %s", item->row->package, item->row->target, group_name(c, item->row->hosts));
	if (item->advisory_count > 0) {
		strbuf_add_char(out, ' ');
		ADD_MSG(out, N_("({1} advisories)"), MSG_INT((int64_t)item->advisory_count));
	}
}

/* A line of "name  value", left out when there is no value. */
static void add_field(struct lines *out, const char *name, const char *value)
{
	if (*value == '\0')
		return;
	strbuf_addf(&out->text, " %s  %s", name, value);
	lines_end(out, ROLE_text, NULL);
}

static void add_time_field(struct lines *out, const char *name, int64_t at, int offset_s)
{
	struct strbuf text = { 0 };

	if (at != TIME_NONE)
		time_format(at, offset_s, TIME_MINUTES, &text);
	add_field(out, name, strbuf_text(&text));
	strbuf_release(&text);
}

static void add_head(const struct contract *c, const struct patch_item *item, struct lines *out)
{
	char marks[PATCH_MAIN_STAGES + 1];

	patch_progress(&item->facts, marks);
	strbuf_addf(&out->text, " #%s ", item->row->number);
	add_patch_name(c, item, &out->text);
	lines_end(out, ROLE_head, NULL);
	strbuf_addf(&out->text, " %s  %s  %s", significance_word(item->row->significance), marks,
		    patch_stage_word(item->row->stage));
	if (strcmp(item->row->emergency, "yes") == 0)
		strbuf_addf(&out->text, "  %s", tr(N_("emergency")));
	lines_end(out, significance_role(item->row->significance), NULL);
	if (item->next.action.id != NULL) {
		strbuf_addf(&out->text, " %s  ", tr(N_("next action")));
		add_msg(&out->text, &item->next.action);
		if (item->next.due != TIME_NONE) {
			strbuf_addf(&out->text, "  %s ", tr(N_("due")));
			time_format(item->next.due, c->offset_s, TIME_MINUTES, &out->text);
		}
		lines_end(out, item->next.overdue ? ROLE_bad : item->owed != 0 ? ROLE_warn : ROLE_text, NULL);
	}
}

static void add_hosts(const struct contract *c, const struct patch_item *item, struct lines *out)
{
	static const char *const words[] = {
		[PATCH_HOST_UNKNOWN] = N_("? not looked at"), [PATCH_HOST_OLD] = N_("X old version"),
		[PATCH_HOST_REBOOT] = N_("! reboot pending"), [PATCH_HOST_STALE] = N_("= looked at before the work"),
		[PATCH_HOST_SHOWN] = N_("  shown"),
	};
	static const enum role roles[] = { ROLE_unknown, ROLE_bad, ROLE_warn, ROLE_unknown, ROLE_ok };

	strbuf_addf(&out->text, "-- %s (%zu)", tr(N_("hosts")), item->facts.group_count);
	lines_end(out, ROLE_frame, NULL);
	for (size_t i = 0; i < item->facts.group_count; i++) {
		const char *id = item->facts.group[i];
		const struct host *h = contract_host(c, id);
		enum patch_host_state s = patch_host_state(&item->facts, id);
		const char *version = "--";
		for (size_t k = 0; k < item->facts.host_count; k++) {
			if (strcmp(item->facts.hosts[k].host, id) == 0)
				version = item->facts.hosts[k].version;
		}
		strbuf_addf(&out->text, " %s  %s  %s", h != NULL ? tr_label_short(&h->name) : id, version, tr(words[s]));
		lines_end(out, roles[s], id);
	}
}

static void add_steps(const struct contract *c, const struct patch_item *item, struct lines *out)
{
	strbuf_addf(&out->text, "-- %s", tr(N_("course")));
	lines_end(out, ROLE_frame, NULL);
	for (size_t i = item->facts.step_count; i-- > 0;) {
		const struct patch_step *s = &item->facts.steps[i];
		time_format(s->at, c->offset_s, TIME_SHORT, &out->text);
		strbuf_addf(&out->text, " %s %s  %s%s%s", patch_stage_word(s->stage), s->who, s->body,
			    *s->body != '\0' && *s->reason != '\0' ? "  " : "", s->reason);
		lines_end(out, ROLE_text, NULL);
	}
}

static void add_talks(const struct contract *c, const struct patch_item *item, struct lines *out)
{
	for (size_t i = 0; i < item->facts.talk_count; i++) {
		const struct talk *t = &item->facts.talks[i];
		if (strcmp(t->id, item->row->agreement) != 0)
			continue;
		strbuf_addf(&out->text, " %s  #%s %s ", tr(N_("agreement")), t->number, t->person);
		time_format(t->at, c->offset_s, TIME_MINUTES, &out->text);
		strbuf_addf(&out->text, "  %s %s", t->said, t->conditions);
		lines_end(out, ROLE_text, NULL);
	}
}

void patch_lines(const struct contract *c, const struct patch_item *item, struct lines *out)
{
	const struct patch *p = item->row;

	add_head(c, item, out);
	add_field(out, tr(N_("title")), p->title);
	add_field(out, tr(N_("version in use")), p->version);
	add_field(out, tr(N_("where it was published")), p->source);
	add_time_field(out, tr(N_("published")), p->published_at, c->offset_s);
	for (size_t i = 0; i < item->advisory_count; i++)
		strbuf_addf(&out->text, " %s", item->advisories[i].advisory);
	if (item->advisory_count > 0)
		lines_end(out, ROLE_dim, NULL);
	for (const struct choice *r = choices_restart; r->id != NULL; r++) {
		if (strcmp(r->id, p->reboot) == 0)
			add_field(out, tr(N_("restart")), tr(r->label));
	}
	add_field(out, tr(N_("owner")), p->owner);
	add_field(out, tr(N_("reason")), p->reason);
	add_talks(c, item, out);
	if (item->facts.stop != NULL) {
		strbuf_addf(&out->text, " %s  #%s ", tr(N_("planned stop")), item->facts.stop->number);
		time_format(item->facts.stop->from_at, c->offset_s, TIME_MINUTES, &out->text);
		lines_end(out, ROLE_text, NULL);
	}
	add_hosts(c, item, out);
	add_steps(c, item, out);
}
