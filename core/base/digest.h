/* SHA-256 in hex: the one place where bytes are hashed, so that nothing outside core knows the library that does it. */
#ifndef CORE_BASE_DIGEST_H
#define CORE_BASE_DIGEST_H

#include <sha2.h>
#include <stddef.h>

#define DIGEST_SIZE 65 /* 64 lower-case hex digits and the NUL */

/* Begun, added to, ended once; holds no resource. */
struct digest {
	SHA2_CTX own;
};

void digest_init(struct digest *d);
void digest_add(struct digest *d, const void *bytes, size_t len);
void digest_end(struct digest *d, char out[DIGEST_SIZE]);
/* All three, for bytes that lie together. */
void digest_of(const void *bytes, size_t len, char out[DIGEST_SIZE]);

#endif
