/* See digest.h. */
#include "core/base/digest.h"

void digest_init(struct digest *d)
{
	SHA256Init(&d->own);
}

void digest_add(struct digest *d, const void *bytes, size_t len)
{
	SHA256Update(&d->own, bytes, len);
}

void digest_end(struct digest *d, char out[DIGEST_SIZE])
{
	SHA256End(&d->own, out);
}

void digest_of(const void *bytes, size_t len, char out[DIGEST_SIZE])
{
	struct digest d;

	digest_init(&d);
	digest_add(&d, bytes, len);
	digest_end(&d, out);
}
