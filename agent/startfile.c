/* startfile.c: the file that logs a terminal in. */
#include <gnutls/gnutls.h>
#include <stdint.h>
#include <string.h>

#include "agent/startfile.h"
#include "lib/file.h"
#include "lib/utf8.h"

#define TEXT_MAX 4096
#define FILE_MAX 16384

static void
put_unit(struct buf *out, uint32_t unit)
{
	buf_putc(out, (char)(unit & 255));
	buf_putc(out, (char)(unit >> 8));
}

/* s is valid UTF-8 of n bytes. */
static uint32_t
decode(const char *s, size_t n)
{
	static const unsigned char mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t c = (unsigned char)*s & mask[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	return c;
}

static int
put_utf16(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;

		if ((n = utf8_length(s + i, len - i)) == 0)
			return -1;
		c = decode(s + i, n);
		if (c >= 0x10000) {
			put_unit(out, 0xd800 + ((c - 0x10000) >> 10));
			put_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
		} else {
			put_unit(out, c);
		}
	}
	return out->overflow ? -1 : 0;
}

int
startfile_make(const struct config *c, struct buf *out)
{
	struct buf text;
	int rc = -1;

	if (strpbrk(c->mt5_login, "\r\n") != NULL ||
	    strpbrk(c->mt5_password, "\r\n") != NULL ||
	    strpbrk(c->mt5_server, "\r\n") != NULL)
		return -1;
	buf_init(&text, TEXT_MAX);
	buf_printf(&text,
	    "[Common]\r\nLogin=%s\r\nPassword=%s\r\nServer=%s\r\n"
	    "KeepPrivate=1\r\n",
	    c->mt5_login, c->mt5_password, c->mt5_server);
	buf_puts(&text, "[Experts]\r\nAllowLiveTrading=0\r\n"
			"AllowDllImport=0\r\nEnabled=1\r\n");
	put_unit(out, 0xfeff);
	if (!text.overflow)
		rc = put_utf16(out, text.data, text.len);
	gnutls_memset(text.data, 0, text.len);
	buf_done(&text);
	return rc;
}

int
startfile_write(const struct config *c, const char *path)
{
	struct buf text;
	int rc;

	buf_init(&text, FILE_MAX);
	rc = startfile_make(c, &text);
	if (rc == 0)
		rc = file_write(path, text.data, text.len, 0600);
	gnutls_memset(text.data, 0, text.len);
	buf_done(&text);
	return rc;
}
