/* live.h: what Redis knows of each account now, or knew last. */
#ifndef SHEETS_LIVE_H
#define SHEETS_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/config.h"
#include "lib/redis/cache.h"
#include "lib/trading/money.h"
#include "lib/trading/status.h"

struct live_account {
	char *server;
	int64_t login;
	enum status status;
	int64_t at_utc_ms; /* when the values were true, UTC; 0: never known */
	bool known;        /* the values are: */
	money_t balance, credit, equity, profit;
	int64_t non_trade_deals; /* deals that are no trade; -1: not told */
};

struct live {
	struct live_account *list; /* each account once */
	size_t len;
};

/* Makes nothing of an old list. -1: nobody can say now; why is the caller's. */
int live_read(struct live *live, struct cache *cache,
    const struct config *config, char **why);
void live_done(struct live *live);
const struct live_account *live_find(
    const struct live *live, const char *server, int64_t login);

#endif
