/* journal_fuzz.c: whatever stands in a terminal's journal. */
#include <stdbool.h>

#include "agent/journal.h"
#include "lib/base/utf8.h"
#include "tests/fuzz/fuzz.h"

struct seen {
	size_t lines;
	uint64_t hash;
};

static void
on_line(void *arg, enum journal_says says, const char *line)
{
	struct seen *seen = arg;

	if (says == JOURNAL_NOTHING || !utf8_valid(line, strlen(line)) ||
	    strchr(line, '\n') != NULL)
		abort();
	seen->lines++;
	for (; *line != '\0'; line++)
		seen->hash = seen->hash * 31 + (unsigned char)*line;
}

static struct seen
feed(const unsigned char *data, size_t len, size_t part)
{
	struct seen seen = {0, 0};
	struct journal j;

	journal_init(&j, "/nowhere");
	for (size_t at = 0; at < len; at += part)
		journal_feed(&j, data + at, len - at < part ? len - at : part,
		    on_line, &seen);
	journal_done(&j);
	return seen;
}

/* In one go or in parts it says the same. */
static void
fuzz_one(const char *text, size_t len)
{
	const unsigned char *data = (const unsigned char *)text;
	struct seen whole, parts;

	len &= ~(size_t)1;
	whole = feed(data, len, len > 0 ? len : 2);
	parts = feed(data, len, 6);
	if (whole.lines != parts.lines || whole.hash != parts.hash)
		abort();
}
