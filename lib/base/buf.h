/*
 * buf.h: a growing byte buffer with a cap fixed when it is made.
 *
 * Input beyond the cap is dropped and sets `overflow` (sticky); check it once
 * where the content is used. data is always zero-terminated; len does not
 * count the zero.
 */
#ifndef LIB_BASE_BUF_H
#define LIB_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len;
	size_t size; /* allocated */
	size_t cap;  /* len never exceeds this */
	bool overflow;
};

void buf_init(struct buf *b, size_t cap);
void buf_done(struct buf *b);
void buf_reset(struct buf *b); /* empties it and clears overflow */

/* Room for so much more at once; what does not fit is noticed when added. */
void buf_reserve(struct buf *b, size_t more);

/* 0, or -1 when it does not fit (then nothing is added). */
int buf_add(struct buf *b, const void *data, size_t len);
int buf_puts(struct buf *b, const char *s);
int buf_putc(struct buf *b, char c);
int buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Hands the bytes to the caller, who frees them, and empties the buffer. */
char *buf_take(struct buf *b);

#endif
