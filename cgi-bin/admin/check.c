/*
 * GET /auth/check: 204 when the caller may read, else 401. nginx asks it
 * before it opens a WebSocket, and hands X-Caller on to the gateway, which
 * closes the socket when that session or token is over.
 */
#include "cgi-bin/admin/app.h"
#include "lib/auth/caller.h"

void
check_get(struct app *app, const struct request *req, struct response *res)
{
	char caller[CALLER_SIZE];

	if (!app->config.dashboard_auth || req->user.role >= WEB_VIEWER) {
		res->status = 204;
		if (req->user.role >= WEB_VIEWER &&
		    *caller_of(req, caller) != '\0')
			response_header(res, "X-Caller", caller);
	} else
		response_error(res, 401, "unauthorized", "log-in required");
}

/* GET /admin: to the forms, or to the log-in. */
void
admin_get(struct app *app, const struct request *req, struct response *res)
{
	(void)app;
	response_redirect(
	    res, *req->user.name != '\0' ? "/admin/phases" : "/admin/login");
}
