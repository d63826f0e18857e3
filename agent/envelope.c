/* envelope.c: the last line of a mailbox file, checked and made. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "agent/envelope.h"

/* LF '#' 7 digits ' ' 8 digits LF */
#define LAST_LINE_MAX 19

static int
last_line(char line[32], const char *body, size_t len)
{
	unsigned long crc = crc32_z(0, (const unsigned char *)body, len);

	return snprintf(line, 32, "\n#%zu %08lx\n", len, crc);
}

/* Where the LF before '#' stands; the body itself has none. */
static bool
find_last_line(const char *file, size_t len, size_t *at)
{
	const char *lf;

	if (len < 2 || file[len - 1] != '\n')
		return false;
	lf = memrchr(file, '\n', len - 1);
	if (lf == NULL || lf[1] != '#' ||
	    (size_t)(file + len - lf) > LAST_LINE_MAX)
		return false;
	*at = (size_t)(lf - file);
	return true;
}

enum envelope
envelope_open(const char *file, size_t len, size_t *body_len)
{
	char expected[32];
	size_t at;
	int n;

	if (!find_last_line(file, len, &at))
		return ENVELOPE_TORN;
	if (at > ENVELOPE_BODY_MAX)
		return ENVELOPE_OVERSIZED;
	n = last_line(expected, file, at);
	if ((size_t)n != len - at || memcmp(expected, file + at, len - at) != 0)
		return ENVELOPE_TORN;
	*body_len = at;
	return ENVELOPE_OK;
}

void
envelope_seal(struct buf *file)
{
	char line[32];
	int n = last_line(line, file->data, file->len);

	buf_add(file, line, (size_t)n);
}
