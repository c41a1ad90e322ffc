/* See tables.h. */
#include "core/change/tables.h"

#include <string.h>

#include "core/base/msg.h"

#define TABLE(name)
#include "core/change/tables.def"
#undef TABLE

#define ENTRY_TEXT(table, column) { #column, COLUMN_TEXT, offsetof(struct table, column) },
#define ENTRY_INT(table, column) { #column, COLUMN_INT, offsetof(struct table, column) },
#define TABLE(table) \
	static const struct column columns_##table[] = { \
		COLUMNS_##table(ENTRY_TEXT, ENTRY_INT, table) ENTRY_INT(table, deleted) \
	};
#include "core/change/tables.def"
#undef TABLE

static const struct table_info tables[TABLE_COUNT] = {
#define TABLE(table) \
	[TABLE_##table] = { #table, sizeof(struct table), columns_##table, \
			    sizeof columns_##table / sizeof *columns_##table },
#include "core/change/tables.def"
#undef TABLE
};

const struct table_info *table_info(enum table_id id)
{
	return &tables[id];
}

/* N_() wants the text itself; the mark stands before it in the same literal. */
static const struct {
	const char *title, *word;
} titles[TABLE_COUNT + 1] = {
#define TITLE(id, text) [id] = { N_(text), MSG_WORD(text) },
	TITLE(TABLE_ticket, N_("a ticket"))
	TITLE(TABLE_ticket_stage, N_("a stage"))
	TITLE(TABLE_ticket_check, N_("a check that joined"))
	TITLE(TABLE_note, N_("a note"))
	TITLE(TABLE_tick, N_("an item done"))
	TITLE(TABLE_talk, N_("a talk"))
	TITLE(TABLE_stop, N_("a stop"))
	TITLE(TABLE_stop_service, N_("a service of a stop"))
	TITLE(TABLE_patch, N_("a patch"))
	TITLE(TABLE_patch_step, N_("a step of a patch"))
	TITLE(TABLE_patch_host, N_("a version that a host shows"))
	TITLE(TABLE_patch_advisory, N_("an advisory"))
	TITLE(TABLE_campaign, N_("an inventory check"))
	TITLE(TABLE_campaign_site, N_("a site of an inventory check"))
	TITLE(TABLE_campaign_phase, N_("a phase"))
	TITLE(TABLE_terminal, N_("a handy terminal"))
	TITLE(TABLE_loan, N_("a loan"))
	TITLE(TABLE_staff, N_("a member of the staff"))
	TITLE(TABLE_deliverable, N_("a deliverable"))
	TITLE(TABLE_host_key, N_("a host key"))
	TITLE(TABLE_COUNT, N_("a record"))
#undef TITLE
};

const char *table_title(enum table_id id)
{
	return titles[id < TABLE_COUNT ? id : TABLE_COUNT].title;
}

const char *table_title_word(enum table_id id)
{
	return titles[id < TABLE_COUNT ? id : TABLE_COUNT].word;
}

enum table_id table_find(const char *name)
{
	enum table_id id = 0;

	while (id < TABLE_COUNT && strcmp(tables[id].name, name) != 0)
		id++;
	return id;
}

const struct column *table_column(enum table_id id, const char *name)
{
	const struct table_info *t = &tables[id];

	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return &t->columns[i];
	return NULL;
}

void table_row_init(enum table_id id, void *row)
{
	const struct table_info *t = &tables[id];

	memset(row, 0, t->size);
	*(const char **)row = "";
	for (size_t i = 0; i < t->count; i++) {
		void *field = (char *)row + t->columns[i].offset;
		if (t->columns[i].type == COLUMN_TEXT)
			*(const char **)field = "";
		else
			*(int64_t *)field = TIME_NONE;
	}
}
