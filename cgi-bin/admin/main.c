/*
 * admin.fcgi: what changes something: logging in, phases and what people
 * note of accounts, nodes, requests to agents and jobs. Every change is in
 * the audit. FastCGI or plain CGI, whichever it is started as.
 */
#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/routes.h"
#include "lib/base/log.h"
#include "lib/program/program.h"
#include "lib/web/serve.h"

static int
prepare(struct app *app, const struct program *p)
{
	if (program_prepare(p, &app->config, &app->cache) == -1)
		return -1;
	fleet_refresh(&app->fleet, &app->config);
	if (ledger_error(app_ledger(app)) != NULL)
		log_warnx("ledger: %s", ledger_error(app->ledger));
	return 0;
}

int
main(int argc, char **argv)
{
	struct program p = {.name = "admin",
	    .title = "admin.fcgi",
	    .usage = WEB_USAGE("admin.fcgi"),
	    .bad_option = 2};
	struct app app = {0};
	const struct web web = {.app = &app,
	    .routes = routes,
	    .routes_len = routes_len,
	    .login_page = "/admin/login",
	    .authenticate = app_authenticate};
	int rc;

	if (!web_begin(&p, argc, argv, &rc))
		return rc;
	rc = 1;
	if (prepare(&app, &p) == 0)
		rc = p.check ? ledger_state(app.ledger) != LEDGER_OK
			     : web_serve(&web);
	facts_done(&app.facts);
	facts_source_done(&app.source);
	ledger_close(app.ledger);
	fleet_done(&app.fleet);
	cache_close(app.cache);
	config_done(&app.config);
	return rc;
}
