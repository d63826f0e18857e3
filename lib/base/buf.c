/* buf.c: a growing byte buffer with a fixed cap. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"

void
buf_init(struct buf *b, size_t cap)
{
	memset(b, 0, sizeof(*b));
	b->cap = cap;
	b->size = 64;
	b->data = mem_new(b->size, 1);
}

void
buf_done(struct buf *b)
{
	if (b == NULL)
		return;
	free(b->data);
	memset(b, 0, sizeof(*b));
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->overflow = false;
	b->data[0] = '\0';
}

static int
reserve(struct buf *b, size_t more)
{
	if (b->overflow || more > b->cap - b->len) {
		b->overflow = true;
		return -1;
	}
	if (b->len + more + 1 > b->size) {
		while (b->len + more + 1 > b->size)
			b->size *= 2;
		b->data = mem_grow(b->data, b->size, 1);
	}
	return 0;
}

void
buf_reserve(struct buf *b, size_t more)
{
	if (b->overflow || more > b->cap - b->len || b->len + more < b->size)
		return;
	b->size = b->len + more + 1;
	b->data = mem_grow(b->data, b->size, 1);
}

int
buf_add(struct buf *b, const void *data, size_t len)
{
	if (reserve(b, len) == -1)
		return -1;
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
	return 0;
}

int
buf_puts(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_putc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char small[256], *s = small;
	int n, rc;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->overflow = true;
		return -1;
	}
	if ((size_t)n >= sizeof(small)) {
		s = mem_new((size_t)n + 1, 1);
		va_start(ap, fmt);
		vsnprintf(s, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	rc = buf_add(b, s, (size_t)n);
	if (s != small)
		free(s);
	return rc;
}

char *
buf_take(struct buf *b)
{
	char *data = b->data;
	size_t cap = b->cap;

	buf_init(b, cap);
	return data;
}
