/*
 * dashboard.fcgi: what is known of the fleet, by HTTP. It reads and never
 * changes anything. FastCGI or plain CGI, whichever it is started as.
 */
#include <stdlib.h>

#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/routes.h"
#include "lib/base/clock.h"
#include "lib/program/program.h"
#include "lib/web/serve.h"

static int
prepare(struct app *app, const struct program *p)
{
	if (program_prepare(p, &app->config, &app->cache) == -1)
		return -1;
	app->source.path = config_ledger(&app->config);
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
	struct app app = {.started_utc_ms = clock_utc_ms(),
	    .routes = routes,
	    .routes_len = routes_len};
	struct web web = {.app = &app,
	    .routes = routes,
	    .routes_len = routes_len,
	    .authenticate = app_authenticate};
	int rc;

	if (!web_begin(&p, argc, argv, &rc))
		return rc;
	rc = 1;
	if (prepare(&app, &p) == 0) {
		web.cors_origins = app.config.cors_origins;
		rc = p.check ? app.fleet.error != NULL : web_serve(&web);
	}
	kept_done(&app.kept);
	for (size_t i = 0; i < FLEET_RANGES; i++)
		free(app.fleet_kept[i].text);
	replica_done(&app.replica);
	facts_done(&app.facts);
	facts_source_done(&app.source);
	fleet_done(&app.fleet);
	cache_close(app.cache);
	config_done(&app.config);
	return rc;
}
