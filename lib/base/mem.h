/*
 * mem.h: allocation that ends the process when there is no memory left; a
 * product of n and size that wraps counts as that. Free it with free().
 */
#ifndef LIB_BASE_MEM_H
#define LIB_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory for n things of the given size. Never NULL. */
void *mem_new(size_t n, size_t size);

/* As realloc for n things of the given size; never NULL. */
void *mem_grow(void *p, size_t n, size_t size);

char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t len);

/* Formatted text in memory the caller frees. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
