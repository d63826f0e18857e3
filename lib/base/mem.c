/* mem.c: allocation that aborts when out of memory. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

static void *
check(void *p)
{
	if (p == NULL) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return p;
}

void *
mem_new(size_t n, size_t size)
{
	return check(calloc(n > 0 ? n : 1, size));
}

void *
mem_grow(void *p, size_t n, size_t size)
{
	return check(reallocarray(p, n > 0 ? n : 1, size));
}

void *
mem_room(void *p, size_t n, size_t *size, size_t each)
{
	if (n < *size)
		return p;
	*size = *size > 0 ? 2 * *size : 16;
	return mem_grow(p, *size, each);
}

char *
mem_strdup(const char *s)
{
	return check(strdup(s));
}

char *
mem_strndup(const char *s, size_t len)
{
	return check(strndup(s, len));
}

char *
mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return check(n == -1 ? NULL : s);
}
