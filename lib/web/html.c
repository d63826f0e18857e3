/* html.c: text into HTML, escaped for text and for quoted attributes alike. */
#include <string.h>

#include "lib/web/html.h"

static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
html_text_n(struct buf *b, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *name = entity(s[i]);

		if (name != NULL)
			buf_puts(b, name);
		else
			buf_putc(b, s[i]);
	}
}

void
html_text(struct buf *b, const char *s)
{
	html_text_n(b, s, strlen(s));
}
