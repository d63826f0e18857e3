/*
 * GET /api/accounts/{server}/{login}/trades: newest first, or ?order=oldest;
 * ?limit=, ?after= the "next" of the page before.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cgi-bin/dashboard/history.h"
#include "lib/trading/json_amount.h"

static void
put_moment(struct json *j, const char *key, int64_t msc)
{
	if (msc != 0)
		json_int(j, key, msc);
	else
		json_null(j, key);
}

static int
put_trade(const struct ledger_trade *lt, void *arg)
{
	const struct trade *t = &lt->trade;
	struct history *h = arg;
	struct json *j = h->j;

	if (!history_row(h, t->first_msc, t->position_id, t->part)) {
		snprintf(h->next, sizeof(h->next), "%" PRId64 ".%" PRId64 ".%d",
		    h->page.after_msc, h->page.after_id, h->page.after_part);
		return 1;
	}
	json_object(j, NULL);
	json_id(j, "position_id", t->position_id);
	json_int(j, "part", t->part);
	json_string(j, "symbol", t->symbol);
	json_int(j, "type", t->type);
	json_money(j, "volume", t->volume_in);
	json_money(j, "volume_closed", t->volume_out);
	put_moment(j, "time_open_msc", t->time_open_msc);
	put_moment(j, "time_close_msc", t->time_close_msc);
	json_number(j, "price_open", t->price_open);
	json_number(j, "price_close", t->price_close);
	json_money(j, "profit", t->profit);
	json_money(j, "commission", t->commission);
	/* the first system's file did not tell them */
	json_amount(j, "swap", &(struct amount){!lt->imported, t->swap});
	json_amount(j, "fee", &(struct amount){!lt->imported, t->fee});
	json_money(j, "net", t->net);
	json_string(j, "state", trade_state_word(t->state));
	if (t->reason >= 0)
		json_int(j, "reason", t->reason);
	else
		json_null(j, "reason");
	json_int(j, "deals", t->deals);
	json_bool(j, "imported", lt->imported);
	json_end(j);
	return 0;
}

void
trades_get(struct app *app, const struct request *req, struct response *res)
{
	struct ledger_trade_filter filter = {0};
	enum ledger_result r = LEDGER_OK;
	struct history h;
	struct ledger_page page;

	if (!history_account(app, req, res, &h) ||
	    !history_page(req, res, &h, 3, true))
		return;
	history_begin(&h);
	if (h.account == 0)
		json_null(h.j, "trades");
	else {
		filter.account = h.account;
		page = h.page;
		json_array(h.j, "trades");
		r = ledger_trades(h.ledger, &filter, &page, put_trade, &h);
		json_end(h.j);
	}
	history_end(&h);
	if (r != LEDGER_OK)
		history_failed(app, r, res);
}
