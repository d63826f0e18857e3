/* url.h: percent-encoding (RFC 3986). */
#ifndef LIB_BASE_URL_H
#define LIB_BASE_URL_H

#include "lib/base/buf.h"

/* Encodes every byte but letters, digits and -._~ as %XX. */
void url_escape(struct buf *b, const char *text);

/* The byte that "%XX" encodes (0 is possible); -1: not %XX. */
int url_byte(const char *text);

#endif
