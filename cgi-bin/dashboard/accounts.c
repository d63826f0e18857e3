/*
 * GET /api/accounts: all accounts by P/L, their totals, counts by status; with
 * parameters those that fit, a page at a time (accounts_page.c).
 */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/sums.h"

static uint64_t
put_answer(const struct view *v, struct board *b, struct json *j)
{
	struct sums sums = {0};
	uint64_t hash = 1;

	for (size_t i = 0; i < b->len; i++)
		sums_add(&sums, &b->rows[i]);
	json_object(j, NULL);
	json_utc(j, "as_of_utc", v->now_utc_ms);
	json_string(j, "live_id", v->live_id);
	sums_json(j, &sums);
	sums_done(&sums);
	json_array(j, "accounts");
	for (size_t i = 0; i < b->len; i++) {
		board_json_row(b, &b->rows[i], NULL, j);
		hash = board_hash(b, &b->rows[i], hash);
	}
	json_end(j);
	json_end(j);
	return hash;
}

/*
 * nginx keeps an answer for a second under whatever the browser sends of who it
 * is. Made-up cookies, each another, would fill its disk. What is made for one
 * who may see some accounts is kept nowhere, nor is what is kept given to him.
 */
static bool
may_be_cached(const struct request *req)
{
	return app_sees_all(req) &&
	       (*req->user.name != '\0' ||
		   (!req->has_cookies && *req->authorization == '\0'));
}

void
accounts_get(struct app *app, const struct request *req, struct response *res)
{
	struct view v = {0};
	struct board b;
	char *changed = NULL;
	uint64_t hash;

	if (req->query.len > 0) {
		accounts_page_get(app, req, res);
		return;
	}
	if (app_refresh(app, res) == -1)
		return;
	/* before the view is read: it may be newer than this says, not older */
	if (kept_changed(app->cache, &changed) == -1) {
		app_cache_failed(app, res);
		return;
	}
	if (app_sees_all(req) &&
	    kept_answer(&app->kept, changed, &app->fleet, &app->facts, res)) {
		res->cacheable = may_be_cached(req);
		free(changed);
		return;
	}
	if (app_view(app, req, &v, res) == -1) {
		free(changed);
		goto out;
	}
	view_sort(&v);
	board_make(&b, &v, &app->facts);
	hash = put_answer(&v, &b, &res->json);
	board_done(&b);
	response_etag(res, app_sees_all(req)
			       ? hash
			       : web_hash(hash, req->user.accounts,
				     strlen(req->user.accounts)));
	res->cacheable = may_be_cached(req);
	if (app_sees_all(req))
		kept_take(&app->kept, changed, &app->fleet, &app->facts, &v,
		    res, hash);
	else
		free(changed);
out:
	view_done(&v);
}
