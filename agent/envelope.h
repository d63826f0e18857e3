/*
 * envelope.h: the last line of a mailbox file: BODY LF '#' LENGTH ' ' CRC LF.
 */
#ifndef AGENT_ENVELOPE_H
#define AGENT_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

#define ENVELOPE_BODY_MAX ((size_t)8 * 1024 * 1024)
#define ENVELOPE_FILE_MAX (ENVELOPE_BODY_MAX + 32)

enum envelope {
	ENVELOPE_OK,
	ENVELOPE_TORN,      /* the last line does not fit: read it again */
	ENVELOPE_OVERSIZED, /* a body of more than 8 MiB */
};

/* What the files of a mailbox were. */
struct envelope_counts {
	uint64_t read, torn, bad, oversized;
};

/* The body is the first *body_len bytes of the file. */
enum envelope envelope_open(const char *file, size_t len, size_t *body_len);

/* Adds the last line to a body. */
void envelope_seal(struct buf *file);

#endif
