/* journal.c: the terminal's own log, as a second source. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/journal.h"
#include "agent/platform.h"
#include "lib/base/mem.h"

#define LINE_MAX_BYTES 4096
#define PART_MAX 65536 /* read in one look */
#define REPLACEMENT 0xfffdu

void
journal_init(struct journal *j, const char *data_dir)
{
	memset(j, 0, sizeof(*j));
	j->dir = mem_printf("%s/logs", data_dir);
	buf_init(&j->line, LINE_MAX_BYTES);
}

void
journal_done(struct journal *j)
{
	free(j->dir);
	buf_done(&j->line);
}

enum journal_says
journal_judge(const char *line)
{
	if (strstr(line, "\tNetwork\t") == NULL)
		return JOURNAL_NOTHING;
	if (strstr(line, ": authorized on ") != NULL)
		return JOURNAL_AUTHORIZED;
	/* "failed (No connection)" says nothing about the account */
	if (strstr(line, ": authorization on ") != NULL &&
	    strstr(line, " failed") != NULL && strstr(line, "Invalid") != NULL)
		return JOURNAL_REFUSED;
	if (strstr(line, ": connection to ") != NULL &&
	    strstr(line, " lost") != NULL)
		return JOURNAL_LOST;
	return JOURNAL_NOTHING;
}

/* Whole or, where the line is full, not at all. */
static void
put_character(struct buf *b, uint32_t c)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	unsigned char bytes[4];

	for (size_t i = n - 1; i > 0; i--) {
		bytes[i] = (unsigned char)(0x80 | (c & 63));
		c >>= 6;
	}
	bytes[0] = (unsigned char)(lead[n] | c);
	buf_add(b, bytes, n);
}

static void
end_line(struct journal *j, journal_said *said, void *arg)
{
	enum journal_says says = JOURNAL_NOTHING;

	if (j->line.len > 0)
		says = journal_judge(j->line.data);
	if (says != JOURNAL_NOTHING)
		said(arg, says, j->line.data);
	buf_reset(&j->line);
}

static void
put_unit(struct journal *j, uint16_t unit, journal_said *said, void *arg)
{
	uint16_t high = j->high;
	bool is_low = unit >= 0xdc00 && unit <= 0xdfff;

	j->high = 0;
	if (high != 0 && is_low) {
		put_character(&j->line, 0x10000 +
					    ((uint32_t)(high - 0xd800) << 10) +
					    (uint32_t)(unit - 0xdc00));
		return;
	}
	if (high != 0)
		put_character(&j->line, REPLACEMENT);
	if (unit == '\n')
		end_line(j, said, arg);
	else if (unit >= 0xd800 && unit <= 0xdbff)
		j->high = unit;
	else if (is_low || unit == 0)
		put_character(&j->line, REPLACEMENT);
	else if (unit != '\r' && unit != 0xfeff)
		put_character(&j->line, unit);
}

void
journal_feed(struct journal *j, const unsigned char *data, size_t len,
    journal_said *said, void *arg)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		put_unit(j, (uint16_t)(data[i] | data[i + 1] << 8), said, arg);
}

static bool
is_journal(const char *name)
{
	return strlen(name) == 12 && strspn(name, "0123456789") == 8 &&
	       strcmp(name + 8, ".log") == 0;
}

struct newest {
	const char *after; /* skip names up to this one */
	char name[16];     /* the first one behind it, or the last of all */
	bool last;
};

static void
found(void *arg, const char *name)
{
	struct newest *n = arg;
	bool better;

	if (!is_journal(name) || strcmp(name, n->after) <= 0)
		return;
	better = *n->name == '\0' || (strcmp(name, n->name) > 0) == n->last;
	if (better)
		strcpy(n->name, name);
}

static void
ignore(void *arg, enum journal_says says, const char *line)
{
	(void)arg;
	(void)says;
	(void)line;
}

/* The bytes of the file behind those that were read; an odd one waits. */
static size_t
read_part(struct journal *j, journal_said *said, void *arg)
{
	unsigned char *part = mem_new(1, PART_MAX);
	char *path = mem_printf("%s/%s", j->dir, j->name);
	size_t len = platform_read_at(path, j->at, part, PART_MAX);

	len &= ~(size_t)1;
	journal_feed(j, part, len, said, arg);
	j->at += (int64_t)len;
	free(path);
	free(part);
	return len;
}

/* The day's file is done once there is a newer one. */
static bool
next_file(struct journal *j)
{
	struct newest n = {j->name, "", false};

	platform_list(j->dir, found, &n);
	if (*n.name == '\0')
		return false;
	strcpy(j->name, n.name);
	j->at = 0;
	j->high = 0;
	buf_reset(&j->line);
	return true;
}

void
journal_read(struct journal *j, journal_said *said, void *arg)
{
	if (*j->name != '\0')
		while (read_part(j, said, arg) > 0)
			;
	while (next_file(j))
		while (read_part(j, said, arg) > 0)
			;
}

void
journal_skip(struct journal *j)
{
	struct newest n = {"", "", true};

	platform_list(j->dir, found, &n);
	if (strcmp(j->name, n.name) != 0) {
		strcpy(j->name, n.name);
		j->at = 0;
	}
	buf_reset(&j->line);
	if (*j->name != '\0')
		while (read_part(j, ignore, NULL) > 0)
			;
}
