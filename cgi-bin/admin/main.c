/*
 * admin.fcgi: what changes something: logging in, phases and what people
 * note of accounts, nodes, words to agents and jobs. Every change is in the
 * audit. FastCGI or plain CGI, whichever it is started as.
 */

#include "cgi-bin/admin/app.h"
#include "lib/auth/session.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/program/program.h"

static const struct route routes[] = {
    {WEB_POST, "/auth/login", WEB_ANYONE, "", login_post,
	"begins a session: {user, password}, or a form"},
    {WEB_POST, "/auth/logout", WEB_VIEWER, "", logout_post, "ends the session"},
    {WEB_GET, "/auth/session", WEB_VIEWER, "", session_get,
	"who I am, and the token that a change needs"},
    {WEB_GET, "/auth/check", WEB_ANYONE, "", check_get,
	"204 or 401: may this one read? (for nginx)"},
    {WEB_PUT, "/api/accounts/{server}/{login}/phase", WEB_ADMIN, "", phase_put,
	"sets phase, status, initial balance"},
    {WEB_PUT, "/api/accounts/{server}/{login}/vs", WEB_ADMIN, "", vs_put,
	"sets the hedge group"},
    {WEB_PUT, "/api/accounts/{server}/{login}/meta", WEB_ADMIN, "", meta_put,
	"sets holder, firm, tags, note, rule set"},
    {WEB_POST, "/api/refresh", WEB_VIEWER, "", refresh_post,
	"polls every node now"},
    {WEB_POST, "/api/sync-to-sheets", WEB_ADMIN, "", sync_post,
	"fills the spreadsheet now"},
    {WEB_POST, "/reconnect", WEB_ADMIN, "node", agent_post,
	"passed to the node's agent"},
    {WEB_POST, "/mt5/connect", WEB_ADMIN, "node", agent_post,
	"passed to the node's agent"},
    {WEB_POST, "/mt5/disconnect", WEB_ADMIN, "node", agent_post,
	"passed to the node's agent"},
    {WEB_GET, "/admin", WEB_ANYONE, "", admin_get, "the forms"},
    {WEB_GET, "/admin/login", WEB_ANYONE, "", login_page, "log in"},
    {WEB_GET, "/admin/style.css", WEB_ANYONE, "", style_get, "their looks"},
    {WEB_GET, "/admin/phases", WEB_VIEWER, "", accounts_page,
	"all accounts' phases"},
    {WEB_GET, "/admin/phases/{server}/{login}", WEB_VIEWER, "", account_page,
	"the form of one account"},
    {WEB_POST, "/admin/phases", WEB_ADMIN, "", account_post, "that form"},
    {WEB_GET, "/admin/audit", WEB_VIEWER, "before", audit_page,
	"who changed what"},
    {WEB_POST, "/admin/undo", WEB_ADMIN, "", undo_post,
	"puts back what an audit row changed"},
    {WEB_GET, "/admin/rules", WEB_VIEWER, "", rules_page, "the rule sets"},
    {WEB_GET, "/admin/rules/{id}", WEB_VIEWER, "", rule_set_page,
	"the form of one; 0: of a new one"},
    {WEB_POST, "/admin/rules", WEB_ADMIN, "", rules_post, "that form"},
    {WEB_GET, "/admin/nodes", WEB_VIEWER, "", nodes_page, "the nodes"},
    {WEB_POST, "/admin/nodes", WEB_ADMIN, "", nodes_post,
	"adds, enables, disables a node, or maintenance"},
};
#define ROUTES (sizeof(routes) / sizeof(routes[0]))

struct ledger *
app_ledger(struct app *app)
{
	if (app->ledger == NULL || ledger_state(app->ledger) != LEDGER_OK) {
		ledger_close(app->ledger);
		app->ledger =
		    ledger_open(app->config.ledger_file, LEDGER_WRITE);
	}
	return app->ledger;
}

void
app_ledger_failed(struct app *app, enum ledger_result r, struct response *res)
{
	if (r == LEDGER_NOT_FOUND) {
		response_error(res, 404, "not_found", "there is no such thing");
		return;
	}
	if (r == LEDGER_CONFLICT) {
		response_error(res, 409, "conflict",
		    "somebody changed it meanwhile: look at it again");
		return;
	}
	log_warnx("ledger: %s", ledger_error(app->ledger) != NULL
				    ? ledger_error(app->ledger)
				    : ledger_result_word(r));
	response_error(res, 503, "ledger_unavailable",
	    "the ledger cannot be written now (%s); nothing was changed",
	    ledger_result_word(r));
}

void
app_cache_failed(struct app *app, struct response *res)
{
	log_warnx("redis: %s", cache_error(app->cache));
	response_error(res, 503, "cache_unavailable", "Redis does not answer");
}

int
app_audit(struct app *app, const struct request *req, struct response *res,
    const char *action, const char *field, const char *to)
{
	struct ledger_audit a = {.at_msc = clock_utc_msc(),
	    .who = req->user.name,
	    .action = action,
	    .field = field,
	    .to = to};
	enum ledger_result r = ledger_audit_add(app_ledger(app), &a);

	if (r == LEDGER_OK)
		return 0;
	app_ledger_failed(app, r, res);
	return -1;
}

static int
authenticate(struct app *app, struct request *req)
{
	if (session_find(app->cache, app_ledger(app), req, &req->user) == 0)
		return 0;
	log_warnx("redis: %s", cache_error(app->cache));
	return -1;
}

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
	    .routes_len = ROUTES,
	    .login_page = "/admin/login",
	    .authenticate = authenticate};
	int rc;

	if (!web_begin(&p, argc, argv, &rc))
		return rc;
	rc = 1;
	if (prepare(&app, &p) == 0)
		rc = p.check ? ledger_state(app.ledger) != LEDGER_OK
			     : web_serve(&web);
	ledger_close(app.ledger);
	fleet_done(&app.fleet);
	cache_close(app.cache);
	config_done(&app.config);
	return rc;
}
