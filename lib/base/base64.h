/* base64.h: base64 (RFC 4648) with padding. */
#ifndef LIB_BASE_BASE64_H
#define LIB_BASE_BASE64_H

#include <stddef.h>

#include "lib/base/buf.h"

void base64_encode(struct buf *b, const void *data, size_t len);

/* 0, or -1 where it is no base64: what was decoded until then is in b. */
int base64_decode(struct buf *b, const char *text);

#endif
