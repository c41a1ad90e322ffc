/* Walks what libconfig parsed along a table of settings. Only this file includes libconfig.h. */
#include "data/contract/schema.h"

#include <libconfig.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"

struct walk {
	const char *file;
	struct arena *mem;
	struct complaints *out;
};

static void *field(const struct setting *s, void *base)
{
	return (char *)base + s->at;
}

static struct place place_of(const struct walk *w, const config_setting_t *found)
{
	return (struct place){ w->file, (int)config_setting_source_line(found) };
}

/* What stands there, for a complaint: the value itself when it is short to say. */
static void say_found(const config_setting_t *found, struct strbuf *out)
{
	switch (config_setting_type(found)) {
	case CONFIG_TYPE_STRING:
		strbuf_addf(out, "\"%s\"", config_setting_get_string(found));
		break;
	case CONFIG_TYPE_INT:
		strbuf_addf(out, "%d", config_setting_get_int(found));
		break;
	case CONFIG_TYPE_BOOL:
		strbuf_add_text(out, config_setting_get_bool(found) ? "true" : "false");
		break;
	case CONFIG_TYPE_GROUP:
		strbuf_add_text(out, "{ .. }");
		break;
	case CONFIG_TYPE_LIST:
		strbuf_addf(out, "( .. ) * %d", config_setting_length(found));
		break;
	case CONFIG_TYPE_ARRAY:
		strbuf_addf(out, "[ .. ] * %d", config_setting_length(found));
		break;
	default:
		strbuf_addf(out, "%g", config_setting_get_float(found));
		break;
	}
}

static void refuse(const struct walk *w, const struct setting *s, const config_setting_t *found)
{
	struct strbuf text = { 0 };

	say_found(found, &text);
	value_refuse(s, place_of(w, found), strbuf_text(&text), w->out);
	strbuf_release(&text);
}

/* ---- arrays ---- */

/* The texts of an array, each allowed by the setting; NULL after a complaint. */
static const char **read_texts(const struct walk *w, const struct setting *s, const config_setting_t *found)
{
	int len = config_setting_length(found);
	const char **list = arena_alloc(w->mem, ((size_t)len + 1) * sizeof *list);

	for (int i = 0; i < len; i++) {
		const config_setting_t *element = config_setting_get_elem(found, (unsigned)i);
		const char *text = config_setting_get_string(element);
		if (text == NULL || !element_allowed(s, text)) {
			refuse(w, s, element);
			return NULL;
		}
		list[i] = arena_text(w->mem, text);
	}
	return list;
}

static void store_days(const struct walk *w, const struct setting *s, const char *const *texts, void *base)
{
	size_t n = 0;

	while (texts[n] != NULL)
		n++;
	int32_t *days = arena_alloc(w->mem, (n + 1) * sizeof *days);
	for (size_t i = 0; i < n; i++)
		day_parse(texts[i], &days[i]);
	*(const int32_t **)field(s, base) = days;
	*(size_t *)((char *)base + s->count_at) = n;
}

static void store_bits(const struct setting *s, const char *const *texts, void *base)
{
	int bits = 0;

	for (; *texts != NULL; texts++)
		for (int i = 0; s->choices[i] != NULL; i++)
			if (strcmp(s->choices[i], *texts) == 0)
				bits |= 1 << i;
	*(int *)field(s, base) = bits;
}

static void read_array(const struct walk *w, const struct setting *s, const config_setting_t *found, void *base)
{
	if (config_setting_type(found) != CONFIG_TYPE_ARRAY) {
		refuse(w, s, found);
		return;
	}
	const char **texts = read_texts(w, s, found);
	if (texts == NULL)
		return;
	if (s->kind == SET_DAYS)
		store_days(w, s, texts, base);
	else if (s->kind == SET_BITS)
		store_bits(s, texts, base);
	else
		*(const char *const **)field(s, base) = texts;
}

/* [ "ja", "en" ]: both, none empty, each as any text is. */
static void read_label(const struct walk *w, const struct setting *s, const config_setting_t *found, void *base)
{
	static const struct setting text = { .name = "", .kind = SET_TEXT, .flags = SETTING_REQUIRED, .max = 120 };
	struct label *label = field(s, base);
	const char *ja = NULL, *en = NULL;

	if (config_setting_type(found) == CONFIG_TYPE_ARRAY && config_setting_length(found) == 2) {
		const char *first = config_setting_get_string_elem(found, 0), *second = config_setting_get_string_elem(found, 1);
		struct value_to to_ja = { &text, &ja, w->mem }, to_en = { &text, &en, w->mem };
		if (first == NULL || second == NULL || !value_from_text(&to_ja, first) || !value_from_text(&to_en, second))
			ja = NULL;
	}
	if (ja == NULL) {
		refuse(w, s, found);
		return;
	}
	if (s->kind == SET_NAME) {
		label->ja = ja;
		label->en = en;
	}
	label->short_ja = ja;
	label->short_en = en;
}

/* ---- groups ---- */

static void read_group(const struct walk *w, const struct setting *table, const config_setting_t *group, const char *owner,
		       void *base);

static const char *owner_name(const struct setting *s, const config_setting_t *group)
{
	const char *id = NULL;

	return config_setting_lookup_string(group, "id", &id) ? id : s->name;
}

static void check_double(const struct walk *w, const struct setting *s, const config_setting_t *list, const char *items,
			 unsigned i)
{
	const char *id = *(const char *const *)(const void *)(items + i * s->size);

	for (unsigned j = 0; j < i && id[0] != '\0'; j++) {
		if (strcmp(*(const char *const *)(const void *)(items + j * s->size), id) != 0)
			continue;
		COMPLAIN(w->out, place_of(w, config_setting_get_elem(list, i)),
			 N_("'{1}' is defined twice in '{2}'; the first stands in line {3}"), id, s->name,
			 MSG_INT(place_of(w, config_setting_get_elem(list, j)).line));
		return;
	}
}

static void read_list(const struct walk *w, const struct setting *s, const config_setting_t *found, void *base)
{
	int len = config_setting_length(found);

	if ((config_setting_type(found) != CONFIG_TYPE_LIST && !(config_setting_type(found) == CONFIG_TYPE_ARRAY && len == 0)) ||
	    len > s->max) {
		refuse(w, s, found);
		return;
	}
	char *items = arena_alloc(w->mem, ((size_t)len + 1) * s->size);
	for (int i = 0; i < len; i++) {
		const config_setting_t *group = config_setting_get_elem(found, (unsigned)i);
		void *item = items + (size_t)i * s->size;
		schema_defaults(s->fields, item, w->mem);
		if (s->place_at != NO_PLACE)
			*(struct place *)(void *)((char *)item + s->place_at) = place_of(w, group);
		if (config_setting_type(group) != CONFIG_TYPE_GROUP)
			refuse(w, s, group);
		else
			read_group(w, s->fields, group, owner_name(s, group), item);
		if (s->fields[0].kind == SET_ID || s->fields[0].kind == SET_WORD)
			check_double(w, s, found, items, (unsigned)i);
	}
	*(const void **)field(s, base) = items;
	*(size_t *)((char *)base + s->count_at) = (size_t)len;
}

static void read_scalar(const struct walk *w, const struct setting *s, const config_setting_t *found, void *base)
{
	struct value_to to = { s, base, w->mem };
	bool number = s->kind == SET_INT || s->kind == SET_INT64, fine = false;

	if (s->kind == SET_BOOL && config_setting_type(found) == CONFIG_TYPE_BOOL) {
		*(bool *)field(s, base) = config_setting_get_bool(found) != 0;
		fine = true;
	} else if ((number || s->kind == SET_COLOR) && config_setting_type(found) == CONFIG_TYPE_INT) {
		fine = value_from_int(&to, config_setting_get_int(found));
	} else if (!number && s->kind != SET_BOOL && config_setting_type(found) == CONFIG_TYPE_STRING) {
		fine = value_from_text(&to, config_setting_get_string(found));
	}
	if (!fine)
		refuse(w, s, found);
}

static void read_setting(const struct walk *w, const struct setting *s, const config_setting_t *found, void *base)
{
	switch (s->kind) {
	case SET_GROUP:
		if (config_setting_type(found) == CONFIG_TYPE_GROUP)
			read_group(w, s->fields, found, s->name, field(s, base));
		else
			refuse(w, s, found);
		break;
	case SET_LIST:
		read_list(w, s, found, base);
		break;
	case SET_NAME:
	case SET_SHORT:
		read_label(w, s, found, base);
		break;
	case SET_IDS:
	case SET_WORDS:
	case SET_MONTH_DAYS:
	case SET_DAYS:
	case SET_BITS:
		read_array(w, s, found, base);
		break;
	default:
		read_scalar(w, s, found, base);
		break;
	}
}

/* ---- names that the table does not have ---- */

/* Letters to change, add or drop until a is b; names are short, and longer ones are cut. */
static size_t distance(const char *a, const char *b)
{
	size_t row[48], len = strlen(b);

	if (len > 40 || strlen(a) > 40)
		return 40;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < len; j++) {
			size_t best = diagonal + (a[i] != b[j]);
			if (row[j] + 1 < best)
				best = row[j] + 1;
			diagonal = row[j + 1];
			if (diagonal + 1 < best)
				best = diagonal + 1;
			row[j + 1] = best;
		}
	}
	return row[len];
}

static void complain_unknown(const struct walk *w, const struct setting *table, const config_setting_t *found)
{
	const char *name = config_setting_name(found);
	const struct setting *nearest = NULL;
	size_t least = strlen(name) / 2 < 3 ? strlen(name) / 2 + 1 : 3;
	struct strbuf known = { 0 };

	for (const struct setting *s = table; s->name != NULL; s++) {
		strbuf_addf(&known, "%s%s", s > table ? ", " : "", s->name);
		if (distance(name, s->name) < least) {
			least = distance(name, s->name);
			nearest = s;
		}
	}
	if (nearest != NULL)
		COMPLAIN(w->out, place_of(w, found), N_("there is no setting '{1}' here; did you mean '{2}'?"), name,
			 nearest->name);
	else
		COMPLAIN(w->out, place_of(w, found), N_("there is no setting '{1}' here; known are {2}"), name,
			 strbuf_text(&known));
	strbuf_release(&known);
}

static void complain_missing(const struct walk *w, const struct setting *s, const config_setting_t *group, const char *owner)
{
	struct place place = place_of(w, group);

	if (config_setting_is_root(group))
		COMPLAIN(w->out, place, N_("the setting '{1}' is missing in this file"), s->name);
	else
		COMPLAIN(w->out, place, N_("the setting '{1}' is missing in '{2}'"), s->name, owner);
}

static void read_group(const struct walk *w, const struct setting *table, const config_setting_t *group, const char *owner,
		       void *base)
{
	for (const struct setting *s = table; s->name != NULL; s++) {
		const config_setting_t *found = config_setting_get_member(group, s->name);
		if (found != NULL)
			read_setting(w, s, found, base);
		else if (s->flags & SETTING_REQUIRED)
			complain_missing(w, s, group, owner);
	}
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *found = config_setting_get_elem(group, (unsigned)i);
		const struct setting *s = table;
		while (s->name != NULL && strcmp(s->name, config_setting_name(found)) != 0)
			s++;
		if (s->name == NULL)
			complain_unknown(w, table, found);
	}
}

static void default_of(const struct setting *s, void *base, struct arena *mem)
{
	static const char *const none[] = { NULL };
	struct value_to to = { s, base, mem };

	switch (s->kind) {
	case SET_GROUP:
		schema_defaults(s->fields, field(s, base), mem);
		break;
	case SET_NAME:
		*(struct label *)field(s, base) = (struct label){ "", "", "", "" };
		break;
	case SET_IDS:
	case SET_WORDS:
	case SET_MONTH_DAYS:
		*(const char *const **)field(s, base) = none;
		break;
	case SET_INT64:
	case SET_SIZE:
		*(int64_t *)field(s, base) = TIME_NONE;
		break;
	case SET_TEXT:
	case SET_ID:
	case SET_WORD:
	case SET_TAG:
	case SET_ADDRESS:
	case SET_PATH:
		*(const char **)field(s, base) = "";
		break;
	default:
		break;
	}
	if (s->initial != NULL)
		value_from_text(&to, s->initial);
}

void schema_defaults(const struct setting *table, void *base, struct arena *mem)
{
	for (const struct setting *s = table; s->name != NULL; s++)
		default_of(s, base, mem);
}

static void complain_syntax(const struct walk *w, const config_t *config)
{
	const char *text = config_error_text(config);
	struct place place = { w->file, config_error_line(config) };

	if (strcmp(text, "duplicate setting name") == 0)
		COMPLAIN(w->out, place, N_("this setting stands twice in its group; delete one of them"));
	else if (strcmp(text, "mismatched element type in array") == 0)
		COMPLAIN(w->out, place, N_("square brackets hold values of one kind only; use round brackets for a list of groups"));
	else
		COMPLAIN(w->out, place,
			 N_("this line is not understood; a setting is written name = value; and what was opened must be closed ({1})"),
			 text);
}

int schema_read(const struct source *s, const struct setting *table, void *base, struct arena *mem, struct complaints *out)
{
	struct walk w = { s->name, mem, out };
	size_t before = out->list.len + out->dropped;
	config_t config;

	schema_defaults(table, base, mem);
	if (source_scan(s, out) != 0)
		return HS_ERR_INVALID;
	config_init(&config);
	if (config_read_string(&config, s->bytes))
		read_group(&w, table, config_root_setting(&config), "", base);
	else
		complain_syntax(&w, &config);
	config_destroy(&config);
	return out->list.len + out->dropped > before ? HS_ERR_INVALID : 0;
}

int complaints_error(const struct complaints *out, size_t before, const char *name, struct err *err)
{
	size_t count = out->list.len + out->dropped - before;
	int line = before < out->list.len ? out->list.v[before].place.line : 0;

	return ERR(err, HS_ERR_INVALID, N_("'{1}' cannot be used: {2} mistakes, the first in line {3}; 'hoshu check' lists them"), name,
		   MSG_INT((int64_t)count), MSG_INT(line > 0 ? line : 1));
}
