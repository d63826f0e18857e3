/* startfile.c: the file that logs a terminal in. */
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/platform.h"
#include "agent/startfile.h"
#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/base/utf8.h"

#define TEXT_MAX 4096
#define FILE_MAX 16384
#define GUARD_MS 120000 /* longer than any start is given */

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

/* UTF-16LE with its mark and CRLF, as the terminal wants it. */
static int
make(const struct config *c, struct buf *out)
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

/* Under its own name at once, for that is what its guard removes; nobody
 * reads it before it is whole. */
static int
write_new(const char *path, const struct buf *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc;

	if (fd == -1)
		return -1;
	rc = write(fd, text->data, text->len) == (ssize_t)text->len ? 0 : -1;
	if (close(fd) == -1)
		rc = -1;
	return rc;
}

void
startfile_init(struct startfile *f, const char *dir)
{
	f->path = mem_printf("%s/mt5fleet-start.ini", dir);
	f->there = true;
	startfile_remove(f);
}

void
startfile_done(struct startfile *f)
{
	startfile_remove(f);
	free(f->path);
}

int
startfile_write(struct startfile *f, const struct config *c)
{
	struct buf text;
	int rc;

	startfile_remove(f);
	buf_init(&text, FILE_MAX);
	if ((rc = make(c, &text)) == 0 &&
	    (rc = platform_guard(f->path, GUARD_MS)) == 0) {
		f->there = true;
		rc = write_new(f->path, &text);
	}
	if (rc == -1)
		startfile_remove(f);
	gnutls_memset(text.data, 0, text.len);
	buf_done(&text);
	return rc;
}

/* The file first, then its guard. */
void
startfile_remove(struct startfile *f)
{
	if (!f->there || (platform_remove(f->path) == -1 && errno != ENOENT))
		return;
	platform_unguard();
	f->there = false;
}
