/* See mem.h. */
#include "core/base/mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

enum { ARENA_BLOCK = 16 * 1024 };

static void (*exhausted_hook)(void);

void mem_on_exhausted(void (*hook)(void))
{
	exhausted_hook = hook;
}

static _Noreturn void mem_exhausted(void)
{
	void (*hook)(void) = exhausted_hook;

	exhausted_hook = NULL;
	if (hook != NULL)
		hook();
	abort();
}

static size_t mem_product(size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		mem_exhausted();
	return total;
}

size_t mem_sum(size_t a, size_t b)
{
	size_t total;

	if (__builtin_add_overflow(a, b, &total))
		mem_exhausted();
	return total;
}

void *mem_alloc(size_t count, size_t size)
{
	size_t total = mem_product(count, size);
	void *p = calloc(1, total > 0 ? total : 1);

	if (p == NULL)
		mem_exhausted();
	return p;
}

void *mem_resize(void *owned_old, size_t count, size_t size)
{
	size_t total = mem_product(count, size);
	void *p = realloc(owned_old, total > 0 ? total : 1);

	if (p == NULL)
		mem_exhausted();
	return p;
}

char *mem_text(const char *text)
{
	return text != NULL ? mem_text_n(text, strlen(text)) : NULL;
}

char *mem_text_n(const char *bytes, size_t len)
{
	char *copy = mem_alloc(mem_sum(len, 1), 1);

	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t align = alignof(max_align_t);
	size_t need = mem_sum(size, align - 1) & ~(align - 1);
	struct arena_block *b = a->head;

	if (b == NULL || b->size - b->used < need) {
		size_t room = need > ARENA_BLOCK ? need : ARENA_BLOCK;
		b = mem_alloc(1, mem_sum(sizeof *b, room));
		b->size = room;
		b->next = a->head;
		a->head = b;
	}
	void *p = b->bytes + b->used;
	b->used += need;
	return p;
}

char *arena_text(struct arena *a, const char *text)
{
	return text != NULL ? arena_text_n(a, text, strlen(text)) : NULL;
}

char *arena_text_n(struct arena *a, const char *bytes, size_t len)
{
	char *copy = arena_alloc(a, mem_sum(len, 1));

	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

void arena_release(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *b = a->head; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	a->head = NULL;
}

void *vec_grow_(void *v, size_t len, size_t *cap, size_t size)
{
	if (len == *cap) {
		*cap = len < 8 ? 8 : mem_sum(len, len);
		v = mem_resize(v, *cap, size);
	}
	memset((char *)v + len * size, 0, size);
	return v;
}

void vec_free_(void *v)
{
	free(v);
}
