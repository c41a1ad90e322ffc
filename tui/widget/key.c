/* See key.h. */
#include "tui/widget/key.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/text.h"

static const struct {
	int code;
	const char *name;
} names[] = { /* the first name of a code is the one shown */
	{ HK_UP, "Up" }, { HK_DOWN, "Down" }, { HK_LEFT, "Left" }, { HK_RIGHT, "Right" },
	{ HK_HOME, "Home" }, { HK_END, "End" }, { HK_PAGE_UP, "PgUp" }, { HK_PAGE_DOWN, "PgDn" },
	{ HK_INSERT, "Ins" }, { HK_DELETE, "Del" }, { HK_BACKSPACE, "Backspace" }, { HK_ENTER, "Enter" },
	{ HK_TAB, "Tab" }, { HK_BACKTAB, "Shift-Tab" }, { HK_ESCAPE, "Esc" },
	{ HK_F1, "F1" }, { HK_F2, "F2" }, { HK_F3, "F3" }, { HK_F4, "F4" }, { HK_F5, "F5" }, { HK_F6, "F6" },
	{ HK_F7, "F7" }, { HK_F8, "F8" }, { HK_F9, "F9" }, { HK_F10, "F10" }, { HK_F11, "F11" }, { HK_F12, "F12" },
	{ HK_MOUSE, "Mouse" }, { HK_PASTE, "Paste" }, { HK_FOCUS_IN, "FocusIn" }, { HK_FOCUS_OUT, "FocusOut" },
	{ HK_SYNC, "Sync" }, { ' ', "Space" },
	{ HK_PAGE_UP, "PageUp" }, { HK_PAGE_DOWN, "PageDown" }, { HK_INSERT, "Insert" }, { HK_DELETE, "Delete" },
	{ HK_ENTER, "Return" }, { HK_BACKTAB, "BackTab" }, { HK_ESCAPE, "Escape" },
};

static const struct {
	int bit;
	const char *prefix;
} modifiers[] = { { HK_CTRL, "Ctrl-" }, { HK_ALT, "Alt-" }, { HK_SHIFT, "Shift-" } };

static int named(const char *name)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcasecmp(name, names[i].name) == 0)
			return names[i].code;
	return 0;
}

/* A key without its modifiers: a name, or one drawable character. */
static int parse_plain(const char *name)
{
	int32_t cp;
	int code = named(name);

	if (code != 0)
		return code;
	size_t len = strlen(name);
	if (len == 0 || text_decode(name, len, &cp) != len || text_codepoint_cells(cp) <= 0)
		return 0;
	return cp;
}

/* Ctrl-I, Ctrl-M and Ctrl-[ are Tab, Enter and Esc on every terminal; Shift of a character is the character. */
static int add_modifiers(int code, int bits)
{
	bool character = code < KEY_NONE_;

	if (code == HK_TAB && bits == HK_SHIFT)
		return HK_BACKTAB;
	if (character && (bits & HK_SHIFT))
		return 0;
	if (!character || !(bits & HK_CTRL))
		return code | bits;
	if (code >= 'A' && code <= 'Z')
		code = tolower(code);
	if (!(code >= 'a' && code <= 'z') && strchr(" \\]^_", code) == NULL)
		return 0;
	if (code == 'i' || code == 'm')
		return 0;
	return code | bits;
}

int key_parse(const char *name)
{
	int bits = 0;
	bool found;

	do {
		found = false;
		for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0]; i++) {
			size_t len = strlen(modifiers[i].prefix);
			if (strncasecmp(name, modifiers[i].prefix, len) != 0 || name[len] == '\0' || named(name) != 0)
				continue;
			bits |= modifiers[i].bit;
			name += len;
			found = true;
			break;
		}
	} while (found);
	int code = parse_plain(name);
	return code == 0 ? 0 : add_modifiers(code, bits);
}

const char *key_name(int code, char out[32])
{
	int plain = code & ~(HK_CTRL | HK_ALT | HK_SHIFT);
	const char *name = NULL;
	char utf8[8] = "";

	for (size_t i = 0; i < sizeof names / sizeof names[0] && name == NULL; i++)
		if (names[i].code == plain)
			name = names[i].name;
	if (name == NULL) {
		if (plain < KEY_NONE_ && text_codepoint_cells(plain) > 0)
			utf8[text_encode((code & HK_CTRL) ? toupper(plain) : plain, utf8)] = '\0';
		name = utf8;
	}
	snprintf(out, 32, "%s%s%s%s", code & HK_CTRL ? "Ctrl-" : "", code & HK_ALT ? "Alt-" : "",
		 code & HK_SHIFT ? "Shift-" : "", name);
	return out;
}
