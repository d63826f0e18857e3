/*
 * GET /api/accounts/{server}/{login}/positions and …/orders: open positions
 * and orders of an account; null when it was never seen.
 */
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/rows.h"
#include "cgi-bin/dashboard/timed.h"

static void
put_lines(struct app *app, const struct request *req, struct response *res,
    bool orders)
{
	const char *key = orders ? "orders" : "positions";
	struct json *j = &res->json;
	const struct cache_value *line;
	const struct view_row *row;
	struct view v;

	if (app_view(app, req, &v, res) == 0 &&
	    (row = row_find(&v, req, res)) != NULL) {
		line = orders ? &row->orders : &row->positions;
		json_object(j, NULL);
		row_json_identity(j, row, v.now_utc_ms);
		timed_list(app, j, key, row, line, orders);
		json_end(j);
	}
	view_done(&v);
}

void
positions_get(struct app *app, const struct request *req, struct response *res)
{
	put_lines(app, req, res, false);
}

void
orders_get(struct app *app, const struct request *req, struct response *res)
{
	put_lines(app, req, res, true);
}
