/* app.h: the state of dashboard.fcgi, made in main and passed down. */
#ifndef DASHBOARD_APP_H
#define DASHBOARD_APP_H

#include "cgi-bin/dashboard/kept.h"
#include "lib/base/config.h"
#include "lib/fleet/facts.h"
#include "lib/fleet/view.h"
#include "lib/redis/cache.h"
#include "lib/web/web.h"

/* The answers to GET /api/equity, one for each range. */
#define FLEET_RANGES 2
struct fleet_kept {
	char *text; /* NULL: none yet */
	int64_t made_mono_ms;
};

struct app {
	struct config config;
	struct cache *cache;
	struct fleet fleet;
	struct facts_source source; /* the ledger */
	struct facts facts;
	struct kept kept; /* the answer to GET /api/accounts */
	struct fleet_kept fleet_kept[FLEET_RANGES];
	struct replica replica; /* what Redis held when it was asked last */
	int64_t started_utc_ms;
	const struct route *routes;
	size_t routes_len;
};

HANDLER(account_get);
HANDLER(accounts_csv_get);
HANDLER(accounts_get);
HANDLER(accounts_ndjson_get);
HANDLER(accounts_page_get);
HANDLER(agents_get);
HANDLER(api_get);
HANDLER(audit_get);
HANDLER(business_csv_get);
HANDLER(business_get);
HANDLER(cashflows_get);
HANDLER(connection_get);
HANDLER(deals_get);
HANDLER(equity_get);
HANDLER(export_get);
HANDLER(exposure_get);
HANDLER(fleet_equity_get);
HANDLER(phases_get);
HANDLER(proposal_get);
HANDLER(rules_get);
HANDLER(statistics_get);
HANDLER(summary_get);
HANDLER(trades_get);
HANDLER(docs_get);
HANDLER(health_get);
HANDLER(metrics_get);
HANDLER(mt5_status_get);
HANDLER(openapi_get);
HANDLER(orders_get);
HANDLER(positions_get);

/* The list of nodes and the ledger's facts brought up to date. -1: there is no
 * list, and the answer is made. */
int app_refresh(struct app *app, struct response *res);

/* health_accounts.c: "accounts", those that fail by themselves; how many. */
int health_put_accounts(struct json *j, const struct app *app,
    const struct request *req, const struct view *v, bool may_read);

/* The same of the targets of alerts; how many fail. */
int health_put_alerts(struct json *j, struct app *app, bool may_read);

/* Redis did not answer: 503. */
void app_cache_failed(struct app *app, struct response *res);

/*
 * What Redis holds of the accounts that who asks may see, read now. -1: it
 * cannot be, and the answer is made. view_done in both cases.
 */
int app_view(struct app *app, const struct request *req, struct view *v,
    struct response *res);

/* All that it holds, whoever asks, without an answer; -1: Redis does not say.
 * view_done in both. */
int app_renew(struct app *app, struct view *v);

/* May he see all accounts? Else what is made for him is kept for nobody. */
bool app_sees_all(const struct request *req);
/* May he see this one? */
bool app_may_see(const struct app *app, const struct request *req,
    const char *server, int64_t login);

/* An object of what Redis holds now, as_of_utc and what put adds. */
void app_answer(struct app *app, const struct request *req,
    struct response *res, void (*put)(struct json *j, const struct view *v));

/* Who asks: a viewer where no log-in is asked for. -1: Redis cannot say. */
int app_authenticate(struct app *app, struct request *req);

#endif
