/* routes.c: which handler answers which path, and what it asks for first. */
#include <string.h>

#include "agent/auth.h"
#include "agent/routes.h"

enum access { OPEN, TOKEN };

struct route {
	const char *method, *path;
	enum access access;
	void (*handler)(struct app *, struct request *, struct response *);
	const char *params[12]; /* NULL ends them */
};

#define ACCOUNT "server", "login"

static const struct route routes[] = {
    {"GET", "/ping", OPEN, ping_get, {NULL}},
    {"GET", "/health", OPEN, health_get, {NULL}},
    {"GET", "/", TOKEN, service_get, {NULL}},
    {"GET", "/snapshot", TOKEN, snapshot_get, {"after", "wait", NULL}},
    {"GET", "/accounts", TOKEN, accounts_get, {NULL}},
    {"GET", "/account", TOKEN, account_get, {ACCOUNT, NULL}},
    {"GET", "/positions", TOKEN, positions_get, {ACCOUNT, NULL}},
    {"GET", "/orders", TOKEN, orders_get, {ACCOUNT, NULL}},
    {"GET", "/connection-status", TOKEN, connection_get, {NULL}},
    {"GET", "/mt5/status", TOKEN, connection_get, {NULL}},
    {"GET", "/deals", TOKEN, deals_get,
	{ACCOUNT, "from_msc", "to_msc", "after_msc", "after_ticket", "limit",
	    "position_id"}},
    {"GET", "/events", TOKEN, events_get, {NULL}},
    {"POST", "/mt5/connect", TOKEN, connect_post, {NULL}},
    {"POST", "/mt5/disconnect", TOKEN, disconnect_post, {NULL}},
    {"POST", "/reconnect", TOKEN, reconnect_post, {NULL}},
};
#define ROUTES (sizeof(routes) / sizeof(routes[0]))

static const struct route *
find(const char *path)
{
	for (size_t i = 0; i < ROUTES; i++)
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	return NULL;
}

/*
 * Who has no token does not even learn which paths there are, and who sent
 * many wrong ones is not listened to: a right one would tell them apart.
 */
static bool
may_enter(struct app *app, const struct route *r, const struct request *req,
    struct response *res)
{
	const char *token = app->config.agent_token;
	int wait_s;

	if (*token == '\0' || (r != NULL && r->access == OPEN))
		return true;
	wait_s = auth_wait_s(&app->auth, req->address, req->now_msc);
	if (wait_s > 0) {
		res->retry_after_s = wait_s;
		response_error(res, 429, "too_many",
		    "too many wrong tokens from %s", req->address);
		return false;
	}
	if (auth_is_token(req->authorization, token))
		return true;
	auth_failed(&app->auth, req->address, req->now_msc);
	res->authenticate = true;
	response_error(res, 401, "unauthorized",
	    "Authorization: Bearer with this agent's token is needed");
	return false;
}

static bool
is_method(const struct route *r, const char *method)
{
	return strcmp(r->method, method) == 0 ||
	       (strcmp(method, "HEAD") == 0 && strcmp(r->method, "GET") == 0);
}

void
routes_answer(struct app *app, struct request *req, struct response *res)
{
	const struct route *r = find(req->path);

	if (!req->entered && !may_enter(app, r, req, res))
		return;
	req->entered = true;
	if (r == NULL)
		return response_error(res, 404, "not_found",
		    "no such path: \"%.200s\"", req->path);
	if (!is_method(r, req->method)) {
		res->allow = r->method;
		return response_error(res, 405, "method_not_allowed",
		    "%s answers %s, not \"%.20s\"", r->path, r->method,
		    req->method);
	}
	if (req->body_too_large)
		return response_error(res, 413, "too_large",
		    "a body has at most %d bytes", REQUEST_BODY_MAX);
	if (request_params_known(req, res, r->params))
		r->handler(app, req, res);
}
