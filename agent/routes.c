/* routes.c: which handler answers which path, and who may ask at all. */
#include <stdio.h>

#include "agent/auth.h"
#include "agent/routes.h"

#define TOKEN WEB_ADMIN

const struct route routes[] = {
    {WEB_GET, "/ping", WEB_ANYONE, "", ping_get, "liveness: the agent answers",
	false},
    {WEB_GET, "/health", WEB_ANYONE, "", health_get, "does it run?", false},
    {WEB_GET, "/", TOKEN, "", service_get, "who this agent is", false},
    {WEB_GET, "/snapshot", TOKEN, "after wait", snapshot_get,
	"all terminals' snapshots, now or at the next change", false},
    {WEB_GET, "/accounts", TOKEN, "", accounts_get, "all accounts", false},
    {WEB_GET, "/account", TOKEN, "server login", account_get, "one account",
	false},
    {WEB_GET, "/positions", TOKEN, "server login", positions_get,
	"its open positions", false},
    {WEB_GET, "/orders", TOKEN, "server login", orders_get,
	"its pending orders", false},
    {WEB_GET, "/connection-status", TOKEN, "", connection_get,
	"how each terminal is", false},
    {WEB_GET, "/mt5/status", TOKEN, "", connection_get, "the same", false},
    {WEB_GET, "/deals", TOKEN,
	"server login from_msc to_msc after_msc after_ticket limit position_id",
	deals_get, "a page of an account's deals", false},
    {WEB_GET, "/events", TOKEN, "", events_get,
	"what happened to the supervised terminal", false},
    {WEB_POST, "/identity", TOKEN, "", identity_post,
	"another token and certificate, to be confirmed", false},
    {WEB_POST, "/identity/confirm", TOKEN, "", identity_confirm_post,
	"by the new token: they replace the old ones", false},
    {WEB_POST, "/mt5/connect", TOKEN, "", connect_post, "starts it", false},
    {WEB_POST, "/mt5/disconnect", TOKEN, "", disconnect_post, "ends it", false},
    {WEB_POST, "/reconnect", TOKEN, "", reconnect_post, "starts it again",
	false},
};
const size_t routes_len = sizeof(routes) / sizeof(routes[0]);

/*
 * No page of another site gets in, by its origin or by a name of its own that
 * it has rebound to loopback, where no token is needed.
 *
 * A client without the token does not even learn which paths there are, and
 * after many wrong ones the right one is refused, too: it would tell them
 * apart.
 */
bool
routes_admit(
    struct app *app, struct request *req, bool open, struct response *res)
{
	const char *token = app->config.agent_token;
	char seconds[16];
	int wait_s;

	if (!auth_origin_is_own(req->origin, req->host) ||
	    (*token == '\0' && !auth_host_is_local(req->host))) {
		response_error(res, 403, "forbidden",
		    "web pages of other sites may not ask: Host \"%.100s\", "
		    "Origin \"%.100s\"",
		    req->host, req->origin);
		return false;
	}
	req->user.role = TOKEN;
	req->user.bearer = true;
	if (*token == '\0' || open)
		return true;
	wait_s = auth_wait_s(&app->auth, req->remote, req->now_mono_ms);
	if (wait_s > 0) {
		snprintf(seconds, sizeof(seconds), "%d", wait_s);
		response_header(res, "Retry-After", seconds);
		response_error(res, 429, "too_many",
		    "too many wrong tokens from %s", req->remote);
		return false;
	}
	app->by_next = false;
	if (auth_is_token(req->authorization, token) ||
	    rotation_is_token(&app->rotation, req->authorization,
		req->now_mono_ms, &app->by_next))
		return true;
	auth_failed(&app->auth, req->remote, req->now_mono_ms);
	response_header(res, "WWW-Authenticate", "Bearer");
	response_error(res, 401, "unauthorized",
	    "Authorization: Bearer with this agent's token is needed");
	return false;
}
