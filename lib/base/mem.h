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

char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t len);

/* Formatted text; the caller frees it. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
