/* Row ids: UUIDs in text form. Random bytes are handed in, for core/ has none of its own. */
#ifndef CORE_BASE_UUID_H
#define CORE_BASE_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UUID_SIZE 37 /* 36 characters and the NUL */

/* Version 4 from 16 random bytes. */
void uuid_from_random(const uint8_t random[16], char out[UUID_SIZE]);
/* Version 5 (SHA-1, RFC 9562 §5.5) of name within the namespace uuid ns. */
void uuid_from_name(const char *ns, const void *name, size_t len, char out[UUID_SIZE]);
/* Lower-case 8-4-4-4-12 only. */
bool uuid_valid(const char *text);

#endif
