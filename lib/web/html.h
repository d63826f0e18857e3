/* html.h: text into HTML, escaped for text and for quoted attributes alike. */
#ifndef LIB_WEB_HTML_H
#define LIB_WEB_HTML_H

#include "lib/base/buf.h"

/* & < > " ' become entities; all else is as it was. */
void html_text(struct buf *b, const char *s);
void html_text_n(struct buf *b, const char *s, size_t len);

#endif
