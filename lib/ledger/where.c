/* where.c: a ledger's place: a file, or the URL of a server. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/ledger/file.h"

bool
ledger_is_url(const char *where)
{
	return strncmp(where, "postgresql://", 13) == 0 ||
	       strncmp(where, "postgres://", 11) == 0;
}

int64_t
ledger_disk_free(const char *where)
{
	struct statvfs disk;

	if (ledger_is_url(where) || statvfs(where, &disk) == -1)
		return -1;
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

int64_t
ledger_size(const char *where)
{
	char wal[4096];
	struct stat file;
	int64_t size;

	if (ledger_is_url(where) || stat(where, &file) == -1)
		return -1;
	size = file.st_size;
	if ((size_t)snprintf(wal, sizeof(wal), "%s-wal", where) < sizeof(wal) &&
	    stat(wal, &file) == 0)
		size += file.st_size;
	return size;
}

/* Up to any of the stops nothing is shown. */
static void
hide(struct buf *out, const char **s, const char *stops)
{
	buf_puts(out, "***");
	*s += strcspn(*s, stops);
}

char *
ledger_shown(const char *where)
{
	const char *s = where, *at;
	struct buf out;
	char *shown;

	if (!ledger_is_url(where))
		return mem_strdup(where);
	buf_init(&out, strlen(where) * 4 + 16);
	s = strstr(where, "://") + 3;
	buf_add(&out, where, (size_t)(s - where));
	at = s + strcspn(s, "@/?");
	if (*at == '@') {
		size_t user = strcspn(s, ":@");

		buf_add(&out, s, user);
		s += user;
		if (*s == ':') {
			buf_puts(&out, ":");
			hide(&out, &s, "@");
		}
	}
	while (*s != '\0') {
		size_t more = strcspn(s, "=");
		bool secret =
		    more >= 8 && strncmp(s + more - 8, "password", 8) == 0;

		buf_add(&out, s, more);
		s += more;
		if (secret && *s == '=') {
			buf_puts(&out, "=");
			hide(&out, &s, "&");
		} else if (*s != '\0') {
			buf_add(&out, s, 1);
			s++;
		}
	}
	shown = buf_take(&out);
	buf_done(&out);
	return shown;
}
