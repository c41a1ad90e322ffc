/* Any bytes as a contract file: either a whole contract, or complaints that can be shown; never a crash, never an exit. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"
#include "data/contract/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1); /* exactly as long as it says: a read beyond it is seen */
	struct complaints complaints = { 0 };
	struct strbuf text = { 0 };
	struct contract *c;
	struct err err = { 0 };

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	int rc = contract_parse("fuzz", copy, size, &c, &complaints, &err);
	if ((rc == 0) != (c != NULL) || (rc == HS_ERR_INVALID) != (complaints.list.len > 0))
		abort();
	for (size_t i = 0; i < complaints.list.len; i++)
		complaint_format(&complaints.list.v[i], NULL, &text);
	contract_free(c);
	complaints_release(&complaints);
	strbuf_release(&text);
	free(copy);
	return 0;
}
