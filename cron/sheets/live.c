/* live.c: what Redis knows of each account now, or knew last. */
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/live.h"
#include "lib/base/mem.h"
#include "lib/fleet/view.h"

/* The page's own rows, so that page and sheet say the same. */
static void
keep(struct live *live, const struct view_row *row)
{
	if (row->server == NULL)
		return; /* a node where no account can be told */
	live->list[live->len++] =
	    (struct live_account){.server = mem_strdup(row->server),
		.login = row->login,
		.status = row->status,
		.at_utc_ms = row->at_utc_ms,
		.known = row->money_known && row->at_utc_ms > 0,
		.balance = row->balance,
		.credit = row->credit,
		.equity = row->equity,
		.profit = row->profit,
		.non_trade_deals = row->cash};
}

int
live_read(struct live *live, struct cache *cache, const struct config *config,
    char **why)
{
	struct fleet fleet = {0};
	struct view view = {0};
	int rc = -1;

	memset(live, 0, sizeof(*live));
	fleet_refresh(&fleet, config);
	if (fleet.error != NULL) {
		*why = mem_printf("nodes: %s", fleet.error);
		goto out;
	}
	rc = view_read(&view, &fleet, cache, config->cache_ttl_s);
	if (rc == -1)
		*why = mem_printf("redis: %s", cache_error(cache));
	else
		live->list = mem_new(view.rows_len + 1, sizeof(*live->list));
	for (size_t i = 0; rc == 0 && i < view.rows_len; i++)
		keep(live, &view.rows[i]);
	view_done(&view);
out:
	fleet_done(&fleet);
	return rc;
}

void
live_done(struct live *live)
{
	for (size_t i = 0; i < live->len; i++)
		free(live->list[i].server);
	free(live->list);
	memset(live, 0, sizeof(*live));
}

const struct live_account *
live_find(const struct live *live, const char *server, int64_t login)
{
	for (size_t i = 0; i < live->len; i++)
		if (account_key_is(live->list[i].server, live->list[i].login,
			server, login))
			return &live->list[i];
	return NULL;
}
