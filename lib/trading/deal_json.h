/* deal_json.h: a deal in JSON, as the agent gave it. */
#ifndef LIB_TRADING_DEAL_JSON_H
#define LIB_TRADING_DEAL_JSON_H

#include "lib/json/json.h"
#include "lib/trading/deal.h"

/*
 * The members from ticket to external_id into an object that is open.
 * money writes an amount: json_money, or another form.
 */
void deal_json(struct json *j, const struct deal *d,
    void (*money)(struct json *j, const char *key, money_t v));

#endif
