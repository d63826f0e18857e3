/* deal_json.h: a deal in JSON, as the agent gave it. */
#ifndef LIB_DEAL_JSON_H
#define LIB_DEAL_JSON_H

#include "lib/deal.h"
#include "lib/json.h"

/*
 * The members from ticket to external_id into an object that is open.
 * money writes an amount: json_money, or another form.
 */
void deal_json(struct json *j, const struct deal *d,
    void (*money)(struct json *j, const char *key, int64_t v));

#endif
