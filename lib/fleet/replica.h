/*
 * replica.h: this process's copy of what Redis holds of the nodes, parsed,
 * brought up to date by what changed.
 *
 * collect says of each node that it wrote (cache_changes), so that a question
 * reads those alone. Where Redis was emptied or is another one all is read
 * again; and whatever Redis says, no node is older here than LOOK_AGAIN_MS
 * and the questions it takes to come round.
 */
#ifndef LIB_FLEET_REPLICA_H
#define LIB_FLEET_REPLICA_H

#include <sys/stat.h>

#include "lib/fleet/fleet.h"
#include "lib/fleet/snapshot.h"
#include "lib/redis/cache.h"

struct replica_node {
	bool known;
	bool present; /* snapshot:<id> is there; else text is last:<id>'s */
	struct cache_value text, state; /* copies; data NULL: no such key */
	struct snapshot snapshot;       /* of text */
	/* what a reader made of each account of it; freed with made_free */
	void **made;
	int64_t read_mono_ms;
};

struct replica {
	struct replica_node *nodes; /* one for each of the fleet */
	size_t len;
	struct stat stamp; /* of the list they are of */
	char live_id[CACHE_ID_SIZE];
	char *collector; /* NULL: no such key */
	size_t collector_len;
	char at[CACHE_ID_SIZE];        /* cache_changes */
	size_t look_at;                /* which node is looked at again next */
	void (*made_free)(void *made); /* set by who keeps something */
	/* rows of the view in the order they were sorted in last */
	size_t *order;
	size_t order_len;
};

/* 0, or -1 where Redis cannot say: what is here then is of before. */
int replica_refresh(
    struct replica *r, const struct fleet *f, struct cache *cache);
void replica_done(struct replica *r);

#endif
