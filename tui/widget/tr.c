/* See tr.h. gettext works under C.UTF-8 without any Japanese locale when LANGUAGE names exactly one language. */
#include "tui/widget/tr.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"

/* glibc's counter of catalogue changes: what it remembers of translations is forgotten when it grows. */
extern int _nl_msg_cat_cntr;

static bool japanese;

static bool starts_ja(const char *value)
{
	return value != NULL && strncmp(value, "ja", 2) == 0;
}

static bool known(const char *lang)
{
	return lang != NULL && (strcmp(lang, "ja") == 0 || strcmp(lang, "en") == 0);
}

/* What LC_ALL, LC_MESSAGES or LANG ask for, whether that locale is installed or not. */
static const char *environment(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return starts_ja(value) ? "ja" : "en";
	}
	return "en";
}

void lang_start(const char *lang, const char *configured)
{
	const char *from_env = getenv("HOSHU_LANG"), *dir = getenv("HOSHU_LOCALEDIR");

	if (setlocale(LC_ALL, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_ALL, "C.UTF-8");
	setlocale(LC_NUMERIC, "C");
	/* plain "C" for messages would ignore LANGUAGE */
	setlocale(LC_MESSAGES, "C.UTF-8");
	bindtextdomain("hoshu", dir != NULL && *dir != '\0' ? dir : HOSHU_LOCALEDIR);
	bind_textdomain_codeset("hoshu", "UTF-8");
	textdomain("hoshu");
	lang_set(known(lang) ? lang : known(from_env) ? from_env : known(configured) ? configured : environment());
}

bool lang_set(const char *lang)
{
	if (!known(lang))
		return false;
	japanese = strcmp(lang, "ja") == 0;
	setenv("LANGUAGE", lang, 1);
	_nl_msg_cat_cntr++;
	return true;
}

const char *lang_get(void)
{
	return japanese ? "ja" : "en";
}

bool lang_japanese(void)
{
	return japanese;
}

const char *tr(const char *msgid)
{
	return *msgid != '\0' ? gettext(msgid) : msgid;
}

const char *tr_in(const char *context, const char *msgid)
{
	char key[256];
	int len = snprintf(key, sizeof key, "%s\004%s", context, msgid);

	if (len < 0 || (size_t)len >= sizeof key)
		return tr(msgid);
	const char *text = gettext(key);
	return text == key ? tr(msgid) : text;
}

const char *tr_label(const struct label *l)
{
	return label_text(l, japanese, false);
}

const char *tr_label_short(const struct label *l)
{
	return label_text(l, japanese, true);
}
