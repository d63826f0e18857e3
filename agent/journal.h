/*
 * journal.h: the terminal's own log, logs/YYYYMMDD.log, as a second source.
 *
 * UTF-16LE, a line each: two letters, severity, time, source, message, with
 * tabs between. The terminal appends to it and begins a new one each day.
 */
#ifndef AGENT_JOURNAL_H
#define AGENT_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

enum journal_says {
	JOURNAL_NOTHING,
	JOURNAL_AUTHORIZED,
	JOURNAL_REFUSED, /* wrong login, password or server */
	JOURNAL_LOST     /* the connection to the trade server */
};

typedef void journal_said(void *arg, enum journal_says says, const char *line);

struct journal {
	char *dir;       /* <data>/logs */
	char name[16];   /* of the file that is read, "" at first */
	int64_t at;      /* bytes of it that were read */
	struct buf line; /* the one that is being read, in UTF-8 */
	uint16_t high;   /* half of a pair, waiting for the other */
};

void journal_init(struct journal *j, const char *data_dir);
void journal_done(struct journal *j);

/* Skips what was written until now. */
void journal_skip(struct journal *j);

/* Calls said for each new line with an event. */
void journal_read(struct journal *j, journal_said *said, void *arg);

/* What one line says; its source must be Network. */
enum journal_says journal_judge(const char *line);

/* Adds bytes of the file as they come; calls said at each line's end. */
void journal_feed(struct journal *j, const unsigned char *data, size_t len,
    journal_said *said, void *arg);

#endif
