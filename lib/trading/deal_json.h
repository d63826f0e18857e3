/* deal_json.h: a deal in JSON, as the agent gave it. */
#ifndef LIB_TRADING_DEAL_JSON_H
#define LIB_TRADING_DEAL_JSON_H

#include "lib/json/json.h"
#include "lib/trading/deal.h"

/* Writes an amount: json_money, or another form. */
typedef void deal_money_fn(struct json *j, const char *key, money_t v);

/*
 * The members of deal_fields.h into an object that is open; version: with
 * those that only an old version of a deal is kept with.
 */
void deal_json(
    struct json *j, const struct deal *d, bool version, deal_money_fn *money);

#endif
