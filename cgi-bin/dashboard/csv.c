/* csv.c: a text as a cell of CSV. */
#include <string.h>

#include "cgi-bin/dashboard/csv.h"

void
csv_put_text(struct buf *b, const char *s)
{
	buf_putc(b, '"');
	if (*s != '\0' && strchr("=+-@\t\r", *s) != NULL)
		buf_putc(b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_putc(b, '"');
		buf_putc(b, *s);
	}
	buf_putc(b, '"');
}
