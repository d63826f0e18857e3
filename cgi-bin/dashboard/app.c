/* app.c: what the handlers of dashboard.fcgi have in common: what Redis holds
 * now, and who asks. */
#include <string.h>

#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/board.h"
#include "lib/auth/session.h"
#include "lib/auth/token.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/fleet/scope.h"

int
app_refresh(struct app *app, struct response *res)
{
	fleet_refresh(&app->fleet, &app->config);
	if (!app->fleet.listed) {
		response_error(res, 503, "nodes_unavailable",
		    "the list of nodes cannot be read; see /health");
		return -1;
	}
	facts_refresh(&app->facts, &app->source, FACTS_AGE_MS);
	return 0;
}

void
app_cache_failed(struct app *app, struct response *res)
{
	log_warnx("redis: %s", cache_error(app->cache));
	response_error(res, 503, "cache_unavailable",
	    "Redis does not answer: the state of the accounts is unknown");
}

int
app_renew(struct app *app, struct view *v)
{
	app->replica.made_free = row_made_free;
	return view_renew(
	    v, &app->fleet, app->cache, app->config.cache_ttl_s, &app->replica);
}

bool
app_sees_all(const struct request *req)
{
	return *req->user.accounts == '\0';
}

bool
app_may_see(const struct app *app, const struct request *req,
    const char *server, int64_t login)
{
	return scope_has(req->user.accounts, &app->facts, server, login);
}

int
app_view(struct app *app, const struct request *req, struct view *v,
    struct response *res)
{
	memset(v, 0, sizeof(*v));
	if (app_refresh(app, res) == -1)
		return -1;
	if (app_renew(app, v) == 0) {
		scope_view(v, req->user.accounts, &app->facts);
		return 0;
	}
	app_cache_failed(app, res);
	return -1;
}

void
app_answer(struct app *app, const struct request *req, struct response *res,
    void (*put)(struct json *j, const struct view *v))
{
	struct json *j = &res->json;
	struct view v;

	if (app_view(app, req, &v, res) == 0) {
		json_object(j, NULL);
		json_utc(j, "as_of_utc", v.now_utc_ms);
		put(j, &v);
		json_end(j);
	}
	view_done(&v);
}

int
app_authenticate(struct app *app, struct request *req)
{
	if (token_given(req) != NULL) {
		if (token_find(facts_ledger(&app->source), req, clock_utc_ms(),
			&req->user) == -1 &&
		    app->config.dashboard_auth)
			return -1;
	} else
		switch (session_find(
		    app->cache, facts_ledger(&app->source), req, &req->user)) {
		case SESSION_GOOD:
		case SESSION_NONE:
			break;
		case SESSION_UNKNOWN:
		case SESSION_NOBODY_SAYS:
			log_debug("a session cannot be looked up");
			if (app->config.dashboard_auth)
				return -1;
		}
	/* what was given to him is as the ledger has it now */
	if (!app_sees_all(req))
		facts_refresh(&app->facts, &app->source, 0);
	if (!app->config.dashboard_auth && req->user.role < WEB_VIEWER)
		req->user.role = WEB_VIEWER;
	return 0;
}
