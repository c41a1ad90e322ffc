/* The language of the screen: English msgids, gettext underneath, switchable while running (research/terminal.md §2). */
#ifndef TUI_WIDGET_TR_H
#define TUI_WIDGET_TR_H

#include <stdbool.h>

#include "core/base/msg.h"
#include "core/contract/contract.h"

/* Locale and language at start; lang is "ja", "en" or NULL (then HOSHU_LANG, configured, the environment). configured may be NULL. */
void lang_start(const char *lang, const char *configured);
/* "ja" or "en"; anything else is refused (false). Also while running. */
bool lang_set(const char *lang);
const char *lang_get(void);
bool lang_japanese(void);

/* The msgid in the language of the screen; fits msg_tr. "" stays "". */
const char *tr(const char *msgid);
/* The same for NC_(context, msgid). */
const char *tr_in(const char *context, const char *msgid);
/* A name of the contract in the language of the screen, whole or short. */
const char *tr_label(const struct label *l);
const char *tr_label_short(const struct label *l);

#endif
