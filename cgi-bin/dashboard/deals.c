/*
 * GET /api/accounts/{server}/{login}/deals: oldest first, or ?order=newest;
 * ?limit=, ?after= the "next" of the page before; or ?position_id=: all of one
 * position, oldest first.
 * GET …/cashflows: those that are no trade: never P/L, but costs.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "cgi-bin/dashboard/history.h"
#include "lib/trading/deal_json.h"
#include "lib/trading/flow.h"
#include "lib/trading/json_amount.h"

static bool
put_row(struct history *h, const struct deal *d)
{
	if (history_row(h, d->time_msc, d->ticket, 0))
		return true;
	snprintf(h->next, sizeof(h->next), "%" PRId64 ".%" PRId64,
	    h->page.after_broker_ms, h->page.after_id);
	return false;
}

static void
put_utc(struct json *j, const struct deal *d)
{
	json_utc(j, "time_utc", d->utc_ms);
	json_bool(j, "time_utc_estimated", d->utc_estimated);
}

/* What it is for, why that is thought, and who said so; a trade has none. */
static void
put_meaning(struct json *j, const struct deal *d)
{
	json_string(j, "meaning", flow_word(d->meaning));
	json_string(j, "meaning_reason", d->meaning_why);
	json_string(j, "meaning_by", d->meaning_who);
	if (d->cancels != 0)
		json_id(j, "cancels", d->cancels);
	else
		json_null(j, "cancels");
}

static int
put_deal(const struct deal *d, void *arg)
{
	struct history *h = arg;
	struct json *j = h->j;

	if (!put_row(h, d))
		return 1;
	json_object(j, NULL);
	deal_json(j, d, false, json_money);
	put_utc(j, d);
	json_utc(j, "missing_since_utc", d->missing_utc_ms);
	json_string(j, "excluded", deal_excluded_word(d->excluded));
	put_meaning(j, d);
	json_string(j, "void_reason", d->void_reason);
	json_end(j);
	return 0;
}

static const char *
kind_word(enum deal_kind kind)
{
	switch (kind) {
	case DEAL_KIND_COST:
		return "cost";
	case DEAL_KIND_FLOW:
		return "flow";
	case DEAL_KIND_CREDIT:
		return "credit";
	case DEAL_KIND_TRADE:
		break;
	}
	return "trade";
}

static int
put_flow(const struct deal *d, void *arg)
{
	struct history *h = arg;
	struct json *j = h->j;
	money_t net;

	if (!put_row(h, d))
		return 1;
	json_object(j, NULL);
	json_id(j, "ticket", d->ticket);
	json_int(j, "time_msc", d->time_msc);
	put_utc(j, d);
	json_int(j, "type", d->type);
	json_string(j, "kind", kind_word(deal_kind(d)));
	if (deal_net(d, &net) == 0)
		json_money(j, "amount", net);
	else
		json_null(j, "amount");
	json_string(j, "comment", d->comment);
	json_string(j, "excluded", deal_excluded_word(d->excluded));
	put_meaning(j, d);
	json_string(j, "void_reason", d->void_reason);
	json_end(j);
	return 0;
}

typedef enum ledger_result list_fn(struct ledger *l, int64_t account,
    const struct ledger_page *page, ledger_deal_fn fn, void *arg);

static void
put_end(struct app *app, struct response *res, struct history *h,
    enum ledger_result r)
{
	history_end(h);
	if (r != LEDGER_OK)
		history_failed(app, r, res);
}

static void
put_list(struct app *app, const struct request *req, struct response *res,
    const char *key, list_fn *list, ledger_deal_fn put)
{
	enum ledger_result r = LEDGER_OK;
	struct history h;
	struct ledger_page page;

	if (!history_account(app, req, res, &h) ||
	    !history_page(req, res, &h, 2, list == ledger_cash_flows))
		return;
	history_begin(&h);
	if (h.account == 0)
		json_null(h.j, key);
	else {
		page = h.page;
		json_array(h.j, key);
		r = list(h.ledger, h.account, &page, put, &h);
		json_end(h.j);
	}
	put_end(app, res, &h, r);
}

static void
put_position(struct app *app, const struct request *req, struct response *res)
{
	enum ledger_result r = LEDGER_OK;
	struct history h;
	int64_t position;

	if (request_number(req, "position_id", 1, INT64_MAX, 0, &position) ==
	    -1) {
		response_error(res, 400, "bad_request",
		    "position_id: not a number: \"%.40s\"",
		    request_query(req, "position_id"));
		return;
	}
	if (!history_account(app, req, res, &h))
		return;
	h.page.limit = INT_MAX;
	history_begin(&h);
	if (h.account == 0)
		json_null(h.j, "deals");
	else {
		json_array(h.j, "deals");
		r = ledger_position_deals(
		    h.ledger, h.account, position, put_deal, &h);
		json_end(h.j);
	}
	put_end(app, res, &h, r);
}

void
deals_get(struct app *app, const struct request *req, struct response *res)
{
	if (request_query(req, "position_id") != NULL)
		put_position(app, req, res);
	else
		put_list(app, req, res, "deals", ledger_deals, put_deal);
}

void
cashflows_get(struct app *app, const struct request *req, struct response *res)
{
	put_list(app, req, res, "cashflows", ledger_cash_flows, put_flow);
}
