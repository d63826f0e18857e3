/* url.c: percent-encoding. */
#include <string.h>

#include "lib/base/url.h"

void
url_escape(struct buf *b, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *text != '\0'; text++)
		if (strchr(plain, *text) != NULL)
			buf_putc(b, *text);
		else
			buf_printf(b, "%%%02X", (unsigned char)*text);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
url_byte(const char *text)
{
	if (text[0] != '%' || hex(text[1]) < 0 || hex(text[2]) < 0)
		return -1;
	return hex(text[1]) << 4 | hex(text[2]);
}
