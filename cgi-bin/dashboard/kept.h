/*
 * kept.h: the last answer to GET /api/accounts, kept by a worker while nothing
 * in it changed but the ages.
 *
 * collect writes another value under KEY_CHANGED with each change of a node's
 * keys, in the same transaction. What follows from the clock alone (a row that
 * becomes stale, the end of a day) has a moment at which the answer is made
 * again, and so is what is older than a second.
 */
#ifndef DASHBOARD_KEPT_H
#define DASHBOARD_KEPT_H

#include "lib/base/buf.h"
#include "lib/fleet/facts.h"
#include "lib/fleet/view.h"
#include "lib/web/response.h"

struct kept_age {
	size_t at; /* in the text: it belongs before this byte */
	int64_t at_utc_ms;
};

struct kept {
	bool good;
	char *changed; /* what Redis said before the answer was made */
	bool facts_known;
	int64_t facts_revision;
	struct stat nodes_stamp;
	int64_t made_utc_ms, until_utc_ms, made_mono_ms;
	struct buf text; /* without as_of_utc and the ages */
	struct kept_age *ages;
	size_t len, size;
	uint64_t hash;
};

void kept_done(struct kept *k);

/* What KEY_CHANGED says now, the caller's; NULL: it is not there. -1: Redis. */
int kept_changed(struct cache *cache, char **changed);

/* Is it still the answer? Then it is made of what is kept. */
bool kept_answer(const struct kept *k, const char *changed,
    const struct fleet *fleet, const struct facts *facts, struct response *res);

/*
 * Takes the answer that was made of the view in res. changed is what Redis
 * said before; it is kept's then.
 */
void kept_take(struct kept *k, char *changed, const struct fleet *fleet,
    const struct facts *facts, const struct view *v, const struct response *res,
    uint64_t hash);

#endif
