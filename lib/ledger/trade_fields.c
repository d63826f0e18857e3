/* trade_fields.c: what the ledger says of a trade, each field described once.
 */
#include <math.h>

#include "lib/ledger/trade_fields.h"

#define OF(member) offsetof(struct ledger_trade, member)

const struct trade_field trade_fields[] = {
    {TRADE_FIELD_TEXT, OF(server), "server", "Server", 2,
	TRADE_FIELD_OF_ACCOUNT | TRADE_FIELD_NOT_JSON},
    {TRADE_FIELD_ID, OF(login), "login", "Account Number", 1,
	TRADE_FIELD_OF_ACCOUNT | TRADE_FIELD_NOT_JSON},
    {TRADE_FIELD_TEXT, OF(currency), "currency", "Currency", 17,
	TRADE_FIELD_OF_ACCOUNT | TRADE_FIELD_NOT_JSON},
    {TRADE_FIELD_ID, OF(trade.position_id), "position_id", "Position", 3, 0},
    {TRADE_FIELD_COUNT, OF(trade.part), "part", NULL, 0, 0},
    {TRADE_FIELD_SYMBOL, OF(trade.symbol), "symbol", "Symbol", 4, 0},
    {TRADE_FIELD_SIDE, OF(trade.type), "type", "Type", 5, 0},
    {TRADE_FIELD_LOTS, OF(trade.volume_in), "volume", "Volume", 6, 0},
    {TRADE_FIELD_LOTS, OF(trade.volume_out), "volume_closed", "Volume Closed",
	7, 0},
    {TRADE_FIELD_TIME, OF(trade.time_open_broker_ms), "time_open_msc",
	"Opened (broker)", 8, 0},
    {TRADE_FIELD_TIME, OF(trade.time_close_broker_ms), "time_close_msc",
	"Closed (broker)", 9, 0},
    {TRADE_FIELD_PRICE, OF(trade.price_open), "price_open", "Open Price", 10,
	0},
    {TRADE_FIELD_PRICE, OF(trade.price_close), "price_close", "Close Price", 11,
	0},
    {TRADE_FIELD_MONEY, OF(trade.profit), "profit", "Profit", 12, 0},
    {TRADE_FIELD_MONEY, OF(trade.commission), "commission", "Commission", 13,
	0},
    {TRADE_FIELD_MONEY, OF(trade.swap), "swap", "Swap", 14,
	TRADE_FIELD_NOT_IMPORTED},
    {TRADE_FIELD_MONEY, OF(trade.fee), "fee", "Fee", 15,
	TRADE_FIELD_NOT_IMPORTED},
    {TRADE_FIELD_MONEY, OF(trade.net), "net", "Net", 16, 0},
    {TRADE_FIELD_STATE, OF(trade.state), "state", "State", 18, 0},
    {TRADE_FIELD_REASON, OF(trade.reason), "reason", "Reason", 19, 0},
    {TRADE_FIELD_COUNT, OF(trade.deals), "deals", NULL, 0, TRADE_FIELD_NOT_CSV},
    {TRADE_FIELD_FLAG, OF(imported), "imported", NULL, 0, TRADE_FIELD_NOT_CSV},
    {TRADE_FIELD_TIME, OF(trade.first_broker_ms), "first_msc", NULL, 0,
	TRADE_FIELD_NOT_JSON | TRADE_FIELD_NOT_CSV},
    {TRADE_FIELD_FLAG, OF(trade.close_by), "close_by", NULL, 0,
	TRADE_FIELD_NOT_JSON | TRADE_FIELD_NOT_CSV},
    {TRADE_FIELD_TIME, OF(changed_utc_ms), "changed_msc", NULL, 0,
	TRADE_FIELD_NOT_JSON | TRADE_FIELD_NOT_CSV},
    {TRADE_FIELD_ID, OF(trade.ticket_close), "ticket_close", NULL, 0,
	TRADE_FIELD_NOT_CSV},
    {TRADE_FIELD_MONEY, OF(trade.costs), "costs", NULL, 0, TRADE_FIELD_NOT_CSV},
    {TRADE_FIELD_ID, OF(trade.ticket_open), "ticket_open", NULL, 0,
	TRADE_FIELD_NOT_JSON | TRADE_FIELD_NOT_CSV},
    {TRADE_FIELD_UTC, OF(open_utc_ms), "time_open_utc", "Opened (UTC)", 20,
	TRADE_FIELD_OF_DEALS},
    {TRADE_FIELD_UTC, OF(close_utc_ms), "time_close_utc", "Closed (UTC)", 21,
	TRADE_FIELD_OF_DEALS},
    {TRADE_FIELD_FLAG, OF(utc_estimated), "time_utc_estimated", NULL, 0,
	TRADE_FIELD_OF_DEALS},
};
const size_t trade_fields_len = sizeof(trade_fields) / sizeof(trade_fields[0]);

struct trade_value
trade_field_value(const struct trade_field *f, const struct ledger_trade *t)
{
	const void *at = (const char *)t + f->offset;
	struct trade_value v = {.known = true};

	switch (f->type) {
	case TRADE_FIELD_LOTS:
	case TRADE_FIELD_MONEY:
		v.money = *(const money_t *)at;
		break;
	case TRADE_FIELD_ID:
		v.n = *(const int64_t *)at;
		break;
	case TRADE_FIELD_TIME:
	case TRADE_FIELD_UTC:
		v.n = *(const int64_t *)at;
		v.known = v.n != 0;
		break;
	case TRADE_FIELD_COUNT:
	case TRADE_FIELD_SIDE:
		v.n = *(const int *)at;
		break;
	case TRADE_FIELD_REASON:
		v.n = *(const int *)at;
		v.known = v.n >= 0;
		break;
	case TRADE_FIELD_FLAG:
		v.n = *(const bool *)at;
		break;
	case TRADE_FIELD_STATE:
		v.n = *(const enum trade_state *)at;
		v.text = trade_state_word((enum trade_state)v.n);
		break;
	case TRADE_FIELD_TEXT:
		v.text = *(const char *const *)at;
		v.known = v.text != NULL;
		break;
	case TRADE_FIELD_SYMBOL:
		v.text = at;
		break;
	case TRADE_FIELD_PRICE:
		v.price = *(const double *)at;
		v.known = isfinite(v.price);
		break;
	}
	if (t->imported && (f->flags & TRADE_FIELD_NOT_IMPORTED) != 0)
		v = (struct trade_value){.known = false};
	return v;
}
