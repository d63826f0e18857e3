/* url.h: text inside a URL: what "%XX" stands for (RFC 3986). */
#ifndef LIB_BASE_URL_H
#define LIB_BASE_URL_H

#include "lib/base/buf.h"

/* Letters, digits and -._~ as they are, any other byte as %XX. */
void url_escape(struct buf *b, const char *text);

/* The byte "%XX" stands for, which may be 0; -1: that is not what is there. */
int url_byte(const char *text);

#endif
