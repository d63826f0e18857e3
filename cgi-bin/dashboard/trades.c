/*
 * GET /api/accounts/{server}/{login}/trades: newest first, or ?order=oldest;
 * ?limit=, ?after= the "next" of the page before.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cgi-bin/dashboard/history.h"
#include "lib/ledger/trade_fields.h"
#include "lib/trading/json_amount.h"

static void
put_field(
    struct json *j, const struct trade_field *f, const struct ledger_trade *t)
{
	const struct trade_value v = trade_field_value(f, t);

	if (!v.known) {
		json_null(j, f->name);
		return;
	}
	switch (f->type) {
	case TRADE_FIELD_ID:
		json_id(j, f->name, v.n);
		break;
	case TRADE_FIELD_TEXT:
	case TRADE_FIELD_SYMBOL:
	case TRADE_FIELD_STATE:
		json_string(j, f->name, v.text);
		break;
	case TRADE_FIELD_COUNT:
	case TRADE_FIELD_SIDE:
	case TRADE_FIELD_REASON:
	case TRADE_FIELD_TIME:
		json_int(j, f->name, v.n);
		break;
	case TRADE_FIELD_UTC:
		json_utc(j, f->name, v.n);
		break;
	case TRADE_FIELD_FLAG:
		json_bool(j, f->name, v.n != 0);
		break;
	case TRADE_FIELD_LOTS:
	case TRADE_FIELD_MONEY:
		json_money(j, f->name, v.money);
		break;
	case TRADE_FIELD_PRICE:
		json_number(j, f->name, v.price);
		break;
	}
}

static int
put_trade(const struct ledger_trade *lt, void *arg)
{
	const struct trade *t = &lt->trade;
	struct history *h = arg;
	struct json *j = h->j;

	if (!history_row(h, t->first_broker_ms, t->position_id, t->part)) {
		snprintf(h->next, sizeof(h->next), "%" PRId64 ".%" PRId64 ".%d",
		    h->page.after_broker_ms, h->page.after_id,
		    h->page.after_part);
		return 1;
	}
	json_object(j, NULL);
	for (size_t i = 0; i < trade_fields_len; i++)
		if ((trade_fields[i].flags & TRADE_FIELD_NOT_JSON) == 0)
			put_field(j, &trade_fields[i], lt);
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
