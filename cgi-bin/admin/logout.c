/* POST /auth/logout: ends the session; 204, or 303 after a form. */
#include "cgi-bin/admin/app.h"
#include "lib/auth/session.h"

void
logout_post(struct app *app, const struct request *req, struct response *res)
{
	if (session_end(app->cache, &req->user) == -1) {
		app_cache_failed(app, res);
		return;
	}
	session_cookie(res, req, &app->config, "");
	if (req->form.len > 0)
		response_redirect(res, "/admin/login");
	else
		res->status = 204;
}
