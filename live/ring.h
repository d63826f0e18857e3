/*
 * ring.h: the newest entries of the stream, each rendered once.
 *
 * Entries are numbered from 1 in the order they came; a client is no more
 * than the number it wants next, so one that is slow costs nothing. The ring
 * is bounded by entries and by bytes: what is too much drops the oldest.
 * Numbers go on over ring_clear.
 */
#ifndef LIVE_RING_H
#define LIVE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live/id.h"

struct ring_entry {
	struct event_id id;
	uint64_t account;    /* account_hash(); 0: concerns everyone */
	unsigned type;       /* a bit; ring_describe */
	bool replaced;       /* a newer one says all that this one says */
	size_t len;          /* of the text */
	unsigned char *text; /* behind `headroom` bytes that are the sender's */
};

struct ring {
	struct ring_entry *entries;
	size_t entries_max, bytes_max, headroom;
	size_t bytes;
	uint64_t first, next; /* held: first <= n < next */
	struct event_id before_first;
	bool before_known; /* false: what came before first is not known */
};

/* Headroom: room in front of each text for what goes before it on the wire. */
void ring_init(
    struct ring *r, size_t entries_max, size_t bytes_max, size_t headroom);
void ring_done(struct ring *r);

/*
 * Empties it. before NULL: what comes next has an unknown past, and none can
 * say that they missed nothing.
 */
void ring_clear(struct ring *r, const struct event_id *before);

/*
 * {"id":"…",<data without its opening brace>; data is a JSON object as text.
 * Ids must rise: false, and nothing added, where this one does not.
 */
bool ring_add(struct ring *r, struct event_id id, uint64_t account,
    const char *data, size_t len);

/*
 * What the newest entry is, a bit of the caller's. newest not NULL: it says all
 * that entry *newest says (0: none before), and *newest is its number then.
 */
void ring_describe(struct ring *r, unsigned type, uint64_t *newest);

/* NULL: not held. */
const struct ring_entry *ring_get(const struct ring *r, uint64_t n);

/* The id of the newest entry ever held, or of what was before: or false. */
bool ring_last_id(const struct ring *r, struct event_id *id);

/* The id of what stands just before n. */
bool ring_id_before(const struct ring *r, uint64_t n, struct event_id *id);

enum ring_answer {
	RING_FOUND, /* *n is what comes after that id */
	RING_GONE,  /* not everything since that id is held */
	RING_AHEAD  /* newer than all that is held */
};
enum ring_answer ring_find(
    const struct ring *r, struct event_id id, uint64_t *n);

#endif
