/*
 * GET /api/accounts/{server}/{login}: an account's row, and its positions and
 * orders as position_list and order_list. So do /api/accounts/{login}, where
 * the login is unique, and /account and /account/cached, as the legacy systems
 * had them: ?server=&login=, or the only account where there is one.
 */
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/rows.h"
#include "cgi-bin/dashboard/timed.h"

void
account_get(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	const struct view_row *row;
	struct view v;

	if (app_view(app, req, &v, res) == 0 &&
	    (row = row_find(&v, req, res)) != NULL) {
		json_object(j, NULL);
		row_json(j, row,
		    facts_find(&app->facts, row->server, row->login),
		    v.now_utc_ms);
		timed_list(
		    app, j, "position_list", row, &row->positions, false);
		timed_list(app, j, "order_list", row, &row->orders, true);
		json_end(j);
	}
	view_done(&v);
}
