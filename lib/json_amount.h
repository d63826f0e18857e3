/* json_amount.h: money in JSON: a number with just the digits it needs, null
 * where it is unknown. */
#ifndef LIB_JSON_AMOUNT_H
#define LIB_JSON_AMOUNT_H

#include "lib/amount.h"
#include "lib/json.h"

void json_money(struct json *j, const char *key, int64_t v);
void json_amount(struct json *j, const char *key, const struct amount *a);

#endif
