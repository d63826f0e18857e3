/* port_string.c: the string and time functions of POSIX that Windows does not
 * have. lib/base/mem.c needs them, so nothing here calls it. */
#include <stdint.h>

void *
memmem(const void *s, size_t n, const void *what, size_t len)
{
	const char *p = s;

	for (; n >= len; p++, n--)
		if (memcmp(p, what, len) == 0)
			return (void *)(uintptr_t)p;
	return NULL;
}

void *
memrchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	while (n-- > 0)
		if (p[n] == (unsigned char)c)
			return (void *)(uintptr_t)(p + n);
	return NULL;
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, bytes);
}

char *
strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = malloc(len + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *
strsep(char **rest, const char *separators)
{
	char *start = *rest;

	if (start == NULL)
		return NULL;
	*rest = start + strcspn(start, separators);
	if (**rest == '\0')
		*rest = NULL;
	else
		*(*rest)++ = '\0';
	return start;
}

struct tm *
gmtime_r(const time_t *t, struct tm *tm)
{
	return gmtime_s(tm, t) == 0 ? tm : NULL;
}
