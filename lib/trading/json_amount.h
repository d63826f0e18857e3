/* json_amount.h: money in JSON: a number with just the digits it needs, null
 * where it is unknown. */
#ifndef LIB_TRADING_JSON_AMOUNT_H
#define LIB_TRADING_JSON_AMOUNT_H

#include "lib/json/json.h"
#include "lib/trading/amount.h"

void json_money(struct json *j, const char *key, money_t v);
void json_amount(struct json *j, const char *key, const struct amount *a);

#endif
