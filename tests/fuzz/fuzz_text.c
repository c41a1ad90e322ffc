/* Any bytes through text: what the sanitiser gives may all be drawn and stays the same when sanitised again, what is stored is
 * UTF-8, and every field is as wide as it was asked for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "core/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void check_clean(const struct strbuf *clean)
{
	struct strbuf again = { 0 }, field = { 0 };

	for (size_t i = 0; i < clean->len;) {
		int32_t cp;
		i += text_decode(clean->buf + i, clean->len - i, &cp);
		demand(text_codepoint_cells(cp) >= 0);
	}
	text_sanitize(strbuf_text(clean), clean->len, &again);
	demand(strcmp(strbuf_text(&again), strbuf_text(clean)) == 0);
	for (size_t cells = 0; cells < 12; cells++) {
		strbuf_clear(&field);
		text_pad(strbuf_text(clean), cells, (int)(cells % 3) - 1, &field);
		demand(text_cells(strbuf_text(&field)) == cells);
	}
	strbuf_release(&again);
	strbuf_release(&field);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf out = { 0 };
	char *copy = malloc(size + 1); /* exactly as long as it says: a read beyond it is seen */

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	text_set_ambiguous_wide(size % 2 != 0);
	text_sanitize(copy, size, &out);
	check_clean(&out);
	strbuf_clear(&out);
	text_normalize(copy, size, &out);
	demand(text_valid(strbuf_text(&out), out.len));
	strbuf_clear(&out);
	text_fold(copy, size, &out);
	demand(text_valid(strbuf_text(&out), out.len));
	strbuf_release(&out);
	free(copy);
	return 0;
}
