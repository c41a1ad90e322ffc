/* Looking things up in a contract, and the list of complaints. All lists are short (some hundred entries at most): a
 * linear search costs less than a table beside them. */
#include "core/contract/contract.h"

#include <string.h>

#include "core/base/strbuf.h"

/* The item of an array of structs whose first member is its id; NULL when there is none. */
static const void *by_id(const void *items, size_t count, size_t size, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		const char *item = (const char *)items + i * size;
		if (strcmp(*(const char *const *)item, id) == 0)
			return item;
	}
	return NULL;
}
#define BY_ID(list, count, id) by_id((list), (count), sizeof *(list), (id))

const struct site *contract_site(const struct contract *c, const char *id)
{
	return BY_ID(c->sites, c->site_count, id);
}

const struct service *contract_service(const struct contract *c, const char *id)
{
	return BY_ID(c->services, c->service_count, id);
}

const struct host *contract_host(const struct contract *c, const char *id)
{
	return BY_ID(c->hosts, c->host_count, id);
}

const struct check *contract_check_by_id(const struct contract *c, const char *id)
{
	return BY_ID(c->checks, c->check_count, id);
}

const struct flow *contract_flow(const struct contract *c, const char *id)
{
	return BY_ID(c->flows, c->flow_count, id);
}

const struct flow_stage *flow_stage(const struct flow *f, const char *id)
{
	return BY_ID(f->stages, f->stage_count, id);
}

const struct phase *contract_phase(const struct contract *c, const char *id)
{
	return BY_ID(c->phases, c->phase_count, id);
}

const struct deliverable_rule *contract_deliverable(const struct contract *c, const char *id)
{
	return BY_ID(c->deliverables, c->deliverable_count, id);
}

const struct host_group *contract_group(const struct contract *c, const char *id)
{
	return BY_ID(c->groups, c->group_count, id);
}

const struct reading *contract_reading(const struct contract *c, const char *id)
{
	return BY_ID(c->readings, c->reading_count, id);
}

const struct counterpart *contract_counterpart(const struct contract *c, const char *about)
{
	return BY_ID(c->counterparts, c->counterpart_count, about);
}

const struct work *contract_work(const struct contract *c, int number)
{
	for (size_t i = 0; i < c->work_count; i++)
		if (c->works[i].number == number)
			return &c->works[i];
	return NULL;
}

bool host_in_group(const struct host *h, const char *group)
{
	for (const char *const *g = h->groups; *g != NULL; g++)
		if (strcmp(*g, group) == 0)
			return true;
	return false;
}

const char *label_text(const struct label *l, bool japanese, bool short_form)
{
	if (short_form)
		return japanese ? l->short_ja : l->short_en;
	return japanese ? l->ja : l->en;
}

void complaints_release(struct complaints *out)
{
	vec_release(&out->list);
	arena_release(&out->mem);
	out->dropped = 0;
}

/* The file's name as an earlier complaint has it, so that two hundred share one copy. */
static const char *kept_name(struct complaints *out, const char *file)
{
	if (out->list.len > 0) {
		const char *last = out->list.v[out->list.len - 1].place.file;
		if (strcmp(last, file) == 0)
			return last;
	}
	return arena_text(&out->mem, file);
}

void complaints_put(struct complaints *out, struct place place, const struct msg *what)
{
	if (out->list.len >= COMPLAINTS_MAX) {
		out->dropped++;
		return;
	}
	struct complaint c = { { kept_name(out, place.file != NULL ? place.file : ""), place.line }, *what };
	vec_push(&out->list, c);
}

void complaints_add(struct complaints *out, struct place place, const char *const *parts)
{
	struct msg what;

	msg_set(&what, parts);
	complaints_put(out, place, &what);
}

void complaint_format(const struct complaint *c, msg_tr *tr, struct strbuf *out)
{
	if (c->place.file[0] != '\0') {
		strbuf_add_text(out, c->place.file);
		if (c->place.line > 0)
			strbuf_addf(out, ":%d", c->place.line);
		strbuf_add_text(out, ": ");
	}
	msg_format(&c->what, tr, out);
}
