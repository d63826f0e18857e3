/* utf8.c: validates UTF-8. */
#include <string.h>

#include "lib/base/utf8.h"

size_t
utf8_length(const char *s, size_t len)
{
	static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c;
	unsigned long code;
	size_t n;

	if (len == 0)
		return 0;
	c = (unsigned char)s[0];
	if (c < 0x80)
		return 1;
	n = (c & 0xe0) == 0xc0   ? 2
	    : (c & 0xf0) == 0xe0 ? 3
	    : (c & 0xf8) == 0xf0 ? 4
				 : 0;
	if (n == 0 || n > len)
		return 0;
	code = c & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (code < least[n] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return n;
}

bool
utf8_valid(const char *s, size_t len)
{
	size_t n;

	for (; len > 0; s += n, len -= n)
		if ((n = utf8_length(s, len)) == 0)
			return false;
	return true;
}

bool
utf8_copy(char *to, size_t size, const char *s)
{
	size_t len = strlen(s), fits = len < size ? len : size - 1;

	while (
	    fits < len && fits > 0 && ((unsigned char)s[fits] & 0xc0) == 0x80)
		fits--;
	memcpy(to, s, fits);
	to[fits] = '\0';
	return fits == len;
}
