/* Every setting of hoshu.conf: the one list behind the reader, the complaints, the written file and hoshu.conf(5). */
#include "data/contract/config_settings.h"

#include "data/contract/schema.h"

#define AT(member) .at = offsetof(struct config_file, member)

/* In the order of the enums of config.h. */
static const char *const roles[] = { "se", "pm", NULL };
static const char *const languages[] = { "auto", "ja", "en", NULL };
static const char *const widths[] = { "auto", "narrow", "wide", NULL };

static const struct setting ui_settings[] = {
	{ .name = "theme", .kind = SET_ID, AT(theme), .initial = "dark", .help = N_("name of a theme file, without .conf") },
	{ .name = "ambiguous", .kind = SET_CHOICE, AT(ambiguous), .choices = widths, .initial = "auto",
	  .help = N_("cells of characters of ambiguous width") },
	{ .name = "ascii", .kind = SET_BOOL, AT(ascii), .help = N_("frames of ASCII characters") },
	{ .name = "color", .kind = SET_BOOL, AT(color), .initial = "true", .help = N_("false: bold, underline and reverse only") },
	{ .name = NULL }
};

static const struct setting collect_settings[] = {
	{ .name = "start", .kind = SET_BOOL, AT(collect), .initial = "true",
	  .help = N_("the console starts a recorder when none runs") },
	{ .name = "auto_tickets", .kind = SET_BOOL, AT(auto_tickets), .initial = "true",
	  .help = N_("this device's recorder opens tickets") },
	{ .name = NULL }
};

const struct setting config_settings[] = {
	{ .name = "person", .kind = SET_TEXT, .flags = SETTING_REQUIRED, AT(person), .max = 60,
	  .help = N_("your short name, written beside all you do") },
	{ .name = "tag", .kind = SET_TAG, .flags = SETTING_REQUIRED, AT(tag),
	  .help = N_("letters of this device, in every number it gives") },
	{ .name = "contract", .kind = SET_TEXT, .flags = SETTING_REQUIRED, AT(contract), .max = 1000,
	  .help = N_("name of an installed contract, or the path of a contract file") },
	{ .name = "role", .kind = SET_CHOICE, AT(role), .choices = roles, .initial = "se",
	  .help = N_("se writes, pm reads") },
	{ .name = "language", .kind = SET_CHOICE, AT(language), .choices = languages, .initial = "auto",
	  .help = N_("language of the screens") },
	{ .name = "data", .kind = SET_PATH, AT(data), .help = N_("folder of the databases; nothing for the usual one") },
	{ .name = "ui", .kind = SET_GROUP, .fields = ui_settings, .help = N_("what the screens look like") },
	{ .name = "collect", .kind = SET_GROUP, .fields = collect_settings, .help = N_("probing from this device") },
	{ .name = NULL }
};
