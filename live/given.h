/*
 * given.h: the accounts that were given to who opened a connection: he is told
 * of no others, nor of what concerns everyone but that all is to be fetched.
 * Until it is known which they are he is told of nothing.
 */
#ifndef LIVE_GIVEN_H
#define LIVE_GIVEN_H

#include "lib/fleet/facts.h"
#include "live/filter.h"

struct given {
	bool some;  /* not all */
	bool known; /* accounts holds what they are */
	char *text; /* lib/fleet/scope.h; NULL: not told yet */
	bool facts_seen;
	int64_t revision; /* of the ledger, when accounts was made */
	struct filter accounts;
};

void given_done(struct given *g);

/* What the ledger says that he was given. */
void given_told(struct given *g, const char *text);

/* Brings the accounts up to date. true: he is to fetch all once more, for what
 * he has may be of others, or lack some. */
bool given_refresh(struct given *g, const struct facts *facts);

/* Is he to be told of it now? */
bool given_has(const struct given *g, uint64_t account, unsigned type);

#endif
