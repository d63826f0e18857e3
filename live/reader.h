/*
 * reader.h: what the ledger knows, read by a thread of its own, so that a slow
 * or locked ledger never holds up the loop.
 *
 * The thread asks once a second, and at once when woken, whether the ledger
 * changed; only then it reads all of it. The loop takes the newest reading.
 */
#ifndef LIVE_READER_H
#define LIVE_READER_H

#include "lib/fleet/facts.h"

struct reader;

/*
 * path is borrowed. Waits for the first reading, two seconds at most. NULL: no
 * thread (logged).
 */
struct reader *reader_new(const char *path);
void reader_free(struct reader *r);

/* The ledger was just changed: look now. */
void reader_wake(struct reader *r);

/*
 * The newest reading; never waits for the ledger. Holds until the next call.
 * *began_mono_ms: it is no older than that; 0: there is none yet.
 */
const struct facts *reader_facts(struct reader *r, int64_t *began_mono_ms);

#endif
