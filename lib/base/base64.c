/* base64.c: base64 (RFC 4648) with padding. */
#include <stdint.h>
#include <string.h>

#include "lib/base/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(struct buf *b, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (; len > 0; p += 3, len -= len < 3 ? len : 3) {
		uint32_t v = (uint32_t)p[0] << 16;

		if (len > 1)
			v |= (uint32_t)p[1] << 8;
		if (len > 2)
			v |= p[2];
		buf_putc(b, digits[v >> 18]);
		buf_putc(b, digits[v >> 12 & 63]);
		buf_putc(b, len > 1 ? digits[v >> 6 & 63] : '=');
		buf_putc(b, len > 2 ? digits[v & 63] : '=');
	}
}

int
base64_decode(struct buf *b, const char *text)
{
	size_t len = strlen(text), pad = 0;
	uint32_t v = 0;

	if (len % 4 != 0)
		return -1;
	while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < len; i++) {
		const char *at = strchr(digits, text[i]);

		if (i >= len - pad)
			v <<= 6;
		else if (at == NULL)
			return -1;
		else
			v = v << 6 | (uint32_t)(at - digits);
		if (i % 4 != 3)
			continue;
		buf_putc(b, (char)(v >> 16));
		if (i + 1 < len || pad < 2)
			buf_putc(b, (char)(v >> 8 & 255));
		if (i + 1 < len || pad < 1)
			buf_putc(b, (char)(v & 255));
		v = 0;
	}
	return 0;
}
