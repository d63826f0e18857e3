/* POST /auth/logout: ends the session; 204, or 303 after a form. */
#include "cgi-bin/admin/app.h"
#include "lib/auth/session.h"

void
logout_post(struct app *app, const struct request *req, struct response *res)
{
	enum ledger_result r =
	    session_end(app->cache, app_ledger(app), &req->user);

	if (r != LEDGER_OK) {
		app_ledger_failed(app, r, res);
		return;
	}
	session_cookie(res, req, &app->config, "");
	if (req->form.len > 0)
		response_redirect(res, "/admin/login");
	else
		res->status = 204;
}
