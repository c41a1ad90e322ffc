/* Every judge on any bytes: no crash, and nothing but drawable text in the verdict. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/probe/probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char nonce[] = "0123456789abcdef";
	char *copy = malloc(size + 1); /* exactly as long as it says: a read beyond it is seen */

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	for (size_t i = 0; probe_kinds[i] != NULL; i++) {
		struct check check = { .id = "c", .kind = probe_kinds[i]->name, .host = "h", .path = "/p", .service = "s",
				       .process = "p", .warn = TIME_NONE, .fail = TIME_NONE, .min_size = TIME_NONE };
		struct probe_verdict v;
		probe_judge(&check, copy, size, nonce, 1791936122, &v);
		if (probe_kinds[i]->judge != NULL) {
			memset(&v, 0, sizeof v);
			probe_kinds[i]->judge(&check, copy, size, 1791936122, &v);
		}
		for (const char *p = v.text; *p != '\0'; p++) {
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				abort();
		}
	}
	free(copy);
	return 0;
}
