/*
 * dashboard.fcgi: what is known of the fleet, by HTTP. It reads and never
 * changes anything. FastCGI or plain CGI, whichever it is started as.
 */
#include <string.h>

#include "cgi-bin/dashboard/app.h"
#include "lib/auth/session.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/program/program.h"

static const struct route routes[] = {
    {WEB_GET, "/api/accounts", WEB_VIEWER, "", accounts_get,
	"all accounts by P/L, totals, counts by status"},
    {WEB_GET, "/api/accounts/{server}/{login}", WEB_VIEWER, "", account_get,
	"one account with its positions and orders"},
    {WEB_GET, "/api/accounts/{login}", WEB_VIEWER, "", account_get,
	"the same, where the login is unique"},
    {WEB_GET, "/api/accounts/{server}/{login}/positions", WEB_VIEWER, "",
	positions_get, "an account's open positions"},
    {WEB_GET, "/api/accounts/{server}/{login}/orders", WEB_VIEWER, "",
	orders_get, "an account's pending orders"},
    {WEB_GET, "/api/accounts/{server}/{login}/trades", WEB_VIEWER,
	"limit after order", trades_get, "an account's trades"},
    {WEB_GET, "/api/accounts/{server}/{login}/deals", WEB_VIEWER,
	"limit after order position_id", deals_get, "an account's deals"},
    {WEB_GET, "/api/accounts/{server}/{login}/cashflows", WEB_VIEWER,
	"limit after order", cashflows_get,
	"deposits, withdrawals, credit, charges"},
    {WEB_GET, "/api/accounts/{server}/{login}/equity", WEB_VIEWER,
	"range points", equity_get, "equity and balance over time"},
    {WEB_GET, "/api/accounts/{server}/{login}/phases", WEB_VIEWER, "",
	phases_get, "an account's phases so far, and verdicts"},
    {WEB_GET, "/api/audit", WEB_VIEWER, "server login before limit", audit_get,
	"who changed what, newest first"},
    {WEB_GET, "/api/rules", WEB_VIEWER, "", rules_get,
	"the rule sets that there are"},
    {WEB_GET, "/api/export/trades.csv", WEB_VIEWER, "server login bom",
	export_get, "all trades as CSV"},
    {WEB_GET, "/api/agents/status", WEB_VIEWER, "", agents_get,
	"each node: its agent, status and since when"},
    {WEB_GET, "/account", WEB_VIEWER, "server login", account_get,
	"an account, the only one where there is one"},
    {WEB_GET, "/account/cached", WEB_VIEWER, "server login", account_get,
	"the same"},
    {WEB_GET, "/mt5/status", WEB_VIEWER, "", mt5_status_get,
	"each terminal: connected, trading allowed, build, ping"},
    {WEB_GET, "/connection-status", WEB_VIEWER, "", connection_get,
	"does each part reach the next one?"},
    {WEB_GET, "/health", WEB_ANYONE, "", health_get,
	"can this site tell the truth now? 503 where not"},
    {WEB_GET, "/metrics", WEB_ANYONE, "", metrics_get, "for Prometheus"},
    {WEB_GET, "/api", WEB_ANYONE, "", api_get, "this list"},
    {WEB_GET, "/docs", WEB_ANYONE, "", docs_get, "the API as a page"},
    {WEB_GET, "/docs/openapi.yaml", WEB_ANYONE, "", openapi_get,
	"the API as OpenAPI 3"},
};
#define ROUTES (sizeof(routes) / sizeof(routes[0]))

int
app_view(struct app *app, struct view *v, struct response *res)
{
	memset(v, 0, sizeof(*v));
	fleet_refresh(&app->fleet, &app->config);
	if (!app->fleet.listed) {
		response_error(res, 503, "nodes_unavailable",
		    "the list of nodes cannot be read; see /health");
		return -1;
	}
	facts_refresh(&app->facts, &app->source);
	if (view_read(v, &app->fleet, app->cache, app->config.cache_ttl_s) == 0)
		return 0;
	log_warnx("redis: %s", cache_error(app->cache));
	response_error(res, 503, "cache_unavailable",
	    "Redis does not answer: nothing can be said of the accounts");
	return -1;
}

void
app_answer(struct app *app, struct response *res,
    void (*put)(struct json *j, const struct view *v))
{
	struct json *j = &res->json;
	struct view v;

	if (app_view(app, &v, res) == 0) {
		json_object(j, NULL);
		json_utc(j, "as_of_utc", v.now_msc);
		put(j, &v);
		json_end(j);
	}
	view_done(&v);
}

static int
authenticate(struct app *app, struct request *req)
{
	if (session_find(app->cache, facts_ledger(&app->source), req,
		&req->user) == -1) {
		log_warnx("redis: %s", cache_error(app->cache));
		if (app->config.dashboard_auth)
			return -1;
	}
	if (!app->config.dashboard_auth && req->user.role == WEB_ANYONE)
		req->user.role = WEB_VIEWER;
	return 0;
}

static int
prepare(struct app *app, const struct program *p)
{
	if (program_prepare(p, &app->config, &app->cache) == -1)
		return -1;
	app->source.path = app->config.ledger_file;
	fleet_refresh(&app->fleet, &app->config);
	return 0;
}

int
main(int argc, char **argv)
{
	struct program p = {.name = "dashboard",
	    .title = "dashboard.fcgi",
	    .usage = WEB_USAGE("dashboard.fcgi"),
	    .bad_option = 2};
	struct app app = {.started_msc = clock_utc_msc(),
	    .routes = routes,
	    .routes_len = ROUTES};
	struct web web = {.app = &app,
	    .routes = routes,
	    .routes_len = ROUTES,
	    .authenticate = authenticate};
	int rc;

	if (!web_begin(&p, argc, argv, &rc))
		return rc;
	rc = 1;
	if (prepare(&app, &p) == 0) {
		web.cors_origins = app.config.cors_origins;
		rc = p.check ? app.fleet.error != NULL : web_serve(&web);
	}
	facts_done(&app.facts);
	facts_source_done(&app.source);
	fleet_done(&app.fleet);
	cache_close(app.cache);
	config_done(&app.config);
	return rc;
}
