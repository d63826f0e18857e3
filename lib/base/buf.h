/*
 * buf.h: a growing run of bytes with a cap given at birth.
 *
 * What would pass the cap is dropped and the buffer is marked `overflow`
 * (sticky); check it once where the content is used. data is always
 * terminated by a zero that len does not count.
 */
#ifndef LIB_BASE_BUF_H
#define LIB_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len;
	size_t size; /* allocated */
	size_t cap;  /* len never passes this */
	bool overflow;
};

void buf_init(struct buf *b, size_t cap);
void buf_done(struct buf *b);
void buf_reset(struct buf *b); /* empties it and clears overflow */

/* 0, or -1 when it did not fit (nothing is added then). */
int buf_add(struct buf *b, const void *data, size_t len);
int buf_puts(struct buf *b, const char *s);
int buf_putc(struct buf *b, char c);
int buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Gives the bytes to the caller, who frees them; the buffer is empty again. */
char *buf_take(struct buf *b);

#endif
