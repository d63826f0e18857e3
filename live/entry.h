/*
 * entry.h: an entry of the stream as clients get it. An account's message gets
 * what collect cannot know: "pl" and "rules", as /api/accounts has them.
 */
#ifndef LIVE_ENTRY_H
#define LIVE_ENTRY_H

#include "lib/fleet/row.h"
#include "live/high.h"
#include "live/id.h"

/* What is remembered of an account. */
struct entry_account {
	uint64_t account;           /* account_hash(); 0: this place is free */
	int64_t phase_mono_ms;      /* its phase was changed then; 0 */
	uint64_t newest;            /* number of its row in the ring; 0 */
	struct high high, day_high; /* of maximum and daily loss */
};

struct entries {
	struct json text;
	struct entry_account *accounts; /* a hash table */
	size_t len, size;
};

/* What the ledger knew, and when it was asked. */
struct entry_facts {
	const struct facts *facts;
	int64_t began_mono_ms;
};

struct entry {
	uint64_t account; /* 0: concerns everyone */
	bool is_phase;    /* a phase was changed: the ledger was */
	unsigned type;    /* 1 << its event_type; 0: none that we know */
	uint64_t *newest; /* of an account's row: ring_describe's; NULL */
	const char *text; /* holds until the next one */
	size_t len;
};

void entries_init(struct entries *e, size_t entry_max);
void entries_done(struct entries *e);

/* false: no JSON object, or too large. */
bool entry_make(struct entries *e, struct event_id id, const char *data,
    size_t len, const struct entry_facts *known, struct entry *out);

#endif
