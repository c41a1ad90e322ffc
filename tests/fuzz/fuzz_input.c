/* Any bytes as keys, with idle moments between them, and as a terminal's answer: every key is one, every paste is UTF-8. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "tui/term/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_keys(struct input *in)
{
	struct key key;

	while (input_take(in, &key)) {
		if (key.code <= 0)
			abort();
		if (key.code == HK_PASTE && !text_valid(key.paste, strlen(key.paste)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { 0 };
	struct probe probe = { 0 };

	for (size_t i = 0; i < size; i++) {
		input_feed(&in, data[i]);
		if (data[i] % 7 == 0)
			input_idle(&in);
		check_keys(&in);
	}
	input_idle(&in);
	check_keys(&in);
	input_release(&in);
	char *copy = malloc(size + 1);
	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	probe_parse(copy, size, &probe);
	if (probe.typed.len > size)
		abort();
	strbuf_release(&probe.typed);
	free(copy);
	return 0;
}
