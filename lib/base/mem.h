/*
 * mem.h: allocation that aborts when out of memory (or when n * size wraps).
 * Release with free().
 */
#ifndef LIB_BASE_MEM_H
#define LIB_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory for n elements of that size. Never NULL. */
void *mem_new(size_t n, size_t size);

/* realloc for n elements of that size. Never NULL. */
void *mem_grow(void *p, size_t n, size_t size);

/*
 * Room for one more thing behind the n that p has: p, or where it moved to.
 * *size is how many there is room for, 0 at first with p NULL; it doubles.
 */
void *mem_room(void *p, size_t n, size_t *size, size_t each);

char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t len);

/* Formatted text; the caller frees it. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
