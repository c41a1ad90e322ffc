/* See uuid.h. */
#include "core/base/uuid.h"

#include <sha1.h>
#include <string.h>

static const char hex[] = "0123456789abcdef";

static void uuid_print(const uint8_t b[16], char out[UUID_SIZE])
{
	char *p = out;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = hex[b[i] >> 4];
		*p++ = hex[b[i] & 15];
	}
	*p = '\0';
}

static void uuid_mark(uint8_t b[16], unsigned version)
{
	b[6] = (uint8_t)((b[6] & 0x0f) | (version << 4));
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
}

void uuid_from_random(const uint8_t random[16], char out[UUID_SIZE])
{
	uint8_t b[16];

	memcpy(b, random, sizeof b);
	uuid_mark(b, 4);
	uuid_print(b, out);
}

static int hex_value(char c)
{
	const char *p = c != '\0' ? strchr(hex, c) : NULL;
	return p != NULL ? (int)(p - hex) : -1;
}

bool uuid_valid(const char *text)
{
	for (int i = 0; i < UUID_SIZE - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? text[i] != '-' : hex_value(text[i]) < 0)
			return false;
	}
	return text[UUID_SIZE - 1] == '\0';
}

void uuid_from_name(const char *ns, const void *name, size_t len, char out[UUID_SIZE])
{
	uint8_t space[16] = { 0 }, digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX ctx;
	size_t n = 0;

	for (const char *p = ns; *p != '\0' && p[1] != '\0' && n < 16; p++) {
		if (*p == '-')
			continue;
		space[n++] = (uint8_t)(hex_value(p[0]) << 4 | hex_value(p[1]));
		p++;
	}
	SHA1Init(&ctx);
	SHA1Update(&ctx, space, sizeof space);
	SHA1Update(&ctx, name, len);
	SHA1Final(digest, &ctx);
	uuid_mark(digest, 5);
	uuid_print(digest, out);
}
