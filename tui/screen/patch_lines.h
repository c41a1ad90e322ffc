/* One patch as lines: where it stands, its hosts, its agreement and stop, its steps. */
#ifndef TUI_SCREEN_PATCH_LINES_H
#define TUI_SCREEN_PATCH_LINES_H

#include "data/store/patch.h"
#include "tui/screen/lines.h"

/* Mark, word and role of 重大な修正. */
const char *significance_word(const char *significance);
enum role significance_role(const char *significance);
void patch_lines(const struct contract *c, const struct patch_item *item, struct lines *out);
/* "openssl 3.0.7-27 / AP (2)" */
void add_patch_name(const struct contract *c, const struct patch_item *item, struct strbuf *out);

#endif
