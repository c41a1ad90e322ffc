/* hoshu.conf and the folders: who sits here, which contract, how it shall look (hoshu.conf(5)).
 *
 * Read once at start and at every reload; read-only for everyone. All text is owned by the config and never NULL.
 * Folders follow the XDG base directories; HOSHU_CONFIG_DIR and --data come first. */
#ifndef DATA_CONTRACT_CONFIG_H
#define DATA_CONTRACT_CONFIG_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/contract/contract.h"

struct strbuf;

enum person_role { PERSON_SE, PERSON_PM }; /* a PM's console opens read-only */
enum config_ambiguous { CONFIG_AMBIGUOUS_AUTO, CONFIG_AMBIGUOUS_NARROW, CONFIG_AMBIGUOUS_WIDE };
enum config_language { CONFIG_LANGUAGE_AUTO, CONFIG_LANGUAGE_JA, CONFIG_LANGUAGE_EN };

struct config {
	struct arena mem;
	bool exists;               /* hoshu.conf was there; otherwise everything below is the default */

	const char *person;        /* short name, the actor of every change; "" without hoshu.conf */
	enum person_role role;
	const char *tag;           /* device tag, 1–3 capital letters */
	const char *contract_file; /* absolute path */
	enum config_language language;
	enum config_ambiguous ambiguous;
	const char *theme;         /* name; theme_find */
	bool ascii;                /* frames in ASCII */
	bool color;
	bool collect;              /* the console starts a recorder when none runs */
	bool auto_tickets;         /* this device's recorder opens tickets */

	const char *file;          /* …/hoshu/hoshu.conf */
	const char *config_folder; /* …/hoshu */
	const char *data_folder;   /* …/hoshu: a folder a contract in it */
	const char *state_folder;  /* prompt history and the like */
	const char *cache_folder;
	const char *runtime_folder; /* "" when there is none */
};

struct config_options {
	const char *config_folder; /* --config; NULL: HOSHU_CONFIG_DIR, else XDG */
	const char *data_folder;   /* --data; NULL: hoshu.conf, else XDG */
};

/* 0, also when there is no hoshu.conf yet (exists is false, folders are set). HS_ERR_INVALID with all complaints, HS_ERR_UNSAFE
 * when others may write the file; then *out still holds the defaults and the folders, so that `hoshu check` can go on. */
int config_load(const struct config_options *options, struct config **out, struct complaints *complaints,
		struct err *err);
void config_free(struct config *c); /* NULL is fine */

/* What init asks for; "" takes the default. */
struct config_answers {
	const char *person, *role, *tag, *contract_file, *language, *theme;
};
/* Checks the answers as if they stood in the file. 0 or HS_ERR_INVALID with complaints. */
int config_check_answers(const struct config_answers *a, struct complaints *complaints, struct err *err);
/* Writes hoshu.conf, commented, 0600, all or nothing; makes the folder 0700. HS_ERR_EXISTS when there is one and replace is
 * false; with replace the old file is kept beside it as hoshu.conf.old. */
int config_save(const struct config *c, const struct config_answers *a, bool replace, struct err *err);
/* Appends the text that config_save would write. */
void config_format(const struct config_answers *a, struct strbuf *out);

/* Appends the folder of a contract: data_folder/ID. */
void config_contract_folder(const struct config *c, const char *contract_id, struct strbuf *out);

#endif
