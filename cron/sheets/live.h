/* live.h: what Redis knows of each account now, or knew last. */
#ifndef SHEETS_LIVE_H
#define SHEETS_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/amount.h"
#include "lib/cache.h"
#include "lib/status.h"

struct live_account {
	char *server;
	int64_t login;
	bool fresh; /* from a snapshot that is still there */
	enum status status;
	int64_t at_msc; /* when the values were true, UTC */
	struct amount balance, credit, equity, profit;
};

struct live {
	struct live_account *list; /* each account once */
	int len, size;
};

/* The nodes' ids, each once or more. -1: Redis cannot say (cache_error). */
int live_read(
    struct live *live, struct cache *cache, char *const *nodes, int n);
void live_done(struct live *live);
const struct live_account *live_find(
    const struct live *live, const char *server, int64_t login);

/* One node's head line (docs/redis.md). fresh: from snapshot:, else last:,
 * and then node says what node:<id> holds. */
void live_take(struct live *live, const char *head, size_t len, bool fresh,
    const char *node, size_t node_len);

#endif
