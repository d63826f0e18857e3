/*
 * GET /api/audit: who changed what, newest first; ?server=&login= for one
 * account, ?before= the previous page's "next", ?limit=.
 */
#include <string.h>

#include "cgi-bin/dashboard/history.h"
#include "lib/fleet/scope.h"
#include "lib/trading/json_amount.h"

struct listing {
	struct history h;
	const struct app *app;
	const struct request *req;
};

static int
put_audit(const struct ledger_audit *a, void *arg)
{
	struct listing *l = arg;
	struct history *h = &l->h;
	struct json *j = h->j;

	/* what is no account's is for who may see all of them */
	if (!scope_has_audit(l->req->user.accounts, &l->app->facts, a))
		return 0;
	if (++h->rows == h->page.limit)
		return 1;
	h->page.after_id = a->id;
	json_object(j, NULL);
	json_id(j, "id", a->id);
	json_utc(j, "at_utc", a->at_utc_ms);
	json_string(j, "who", a->who);
	json_string(j, "action", a->action);
	json_string(j, "server", a->server);
	if (a->server != NULL)
		json_id(j, "login", a->login);
	else
		json_null(j, "login");
	json_string(j, "field", a->field);
	json_string(j, "from", a->from);
	json_string(j, "to", a->to);
	json_amount(j, "balance", &a->balance);
	json_amount(j, "equity", &a->equity);
	json_bool(j, "undone", a->undone);
	json_end(j);
	return 0;
}

/* Without server and login: all accounts. */
static bool
read_account(struct app *app, const struct request *req, struct response *res,
    struct history *h)
{
	if (request_query(req, "server") != NULL ||
	    request_query(req, "login") != NULL)
		return history_account(app, req, res, h);
	memset(h, 0, sizeof(*h));
	h->j = &res->json;
	h->ledger = facts_ledger(&app->source);
	if (h->ledger == NULL)
		history_failed(app, LEDGER_ERROR, res);
	return h->ledger != NULL;
}

void
audit_get(struct app *app, const struct request *req, struct response *res)
{
	enum ledger_result r = LEDGER_OK;
	int64_t before, limit;
	struct listing l = {.app = app, .req = req};
	struct history *h = &l.h;

	if (request_number(req, "before", 1, INT64_MAX, 0, &before) == -1 ||
	    request_number(req, "limit", 1, HISTORY_PAGE_MAX, HISTORY_PAGE,
		&limit) == -1) {
		response_error(res, 400, "bad_request",
		    "before: a number; limit: 1 to %d", HISTORY_PAGE_MAX);
		return;
	}
	if (!read_account(app, req, res, h))
		return;
	h->page.limit = (int)limit + 1;
	json_object(h->j, NULL);
	json_array(h->j, "audit");
	if (h->server == NULL || h->account != 0)
		r = ledger_audits(h->ledger, h->account, before,
		    app_sees_all(req) ? h->page.limit : 0, put_audit, &l);
	json_end(h->j);
	if (h->rows == h->page.limit)
		json_id(h->j, "next", h->page.after_id);
	else
		json_null(h->j, "next");
	json_end(h->j);
	if (r != LEDGER_OK)
		history_failed(app, r, res);
}
