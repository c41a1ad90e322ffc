/* Memory that is always there: running out of it ends the program, after the hook that
 * restores the terminal. Sizes are checked for overflow. */
#ifndef CORE_BASE_MEM_H
#define CORE_BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t count, size_t size); /* zeroed */
void *mem_resize(void *owned_old, size_t count, size_t size);
char *mem_text(const char *text); /* a copy; NULL gives NULL */
char *mem_text_n(const char *bytes, size_t len);
/* a + b; an overflow ends the program. */
size_t mem_sum(size_t a, size_t b);
/* Called once, before the program ends for want of memory; must not allocate. */
void mem_on_exhausted(void (*hook)(void));

/* An arena: many small pieces freed at once. Zeroed memory is a valid empty arena. */
struct arena {
	struct arena_block *head;
};
void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
char *arena_text(struct arena *a, const char *text);
char *arena_text_n(struct arena *a, const char *bytes, size_t len);
void arena_release(struct arena *a);

/* A growing array of any type: VEC(struct ticket *) list = {0}; */
#define VEC(type) \
	struct { \
		type *v; \
		size_t len, cap; \
	}
#define vec_push(vec, item) \
	((vec)->v = vec_grow_((vec)->v, (vec)->len, &(vec)->cap, sizeof *(vec)->v), \
	 (void)((vec)->v[(vec)->len++] = (item)))
/* Appends a zeroed item and gives its address. */
#define vec_add(vec) \
	((vec)->v = vec_grow_((vec)->v, (vec)->len, &(vec)->cap, sizeof *(vec)->v), \
	 &(vec)->v[(vec)->len++])
#define vec_clear(vec) ((void)((vec)->len = 0))
#define vec_release(vec) (vec_free_((vec)->v), (vec)->v = NULL, (vec)->len = (vec)->cap = 0)

/* Room for one more; the new slot is zeroed. */
void *vec_grow_(void *v, size_t len, size_t *cap, size_t size);
void vec_free_(void *v);

#endif
