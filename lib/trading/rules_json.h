/* rules_json.h: what the rules leave, in the ledger and in an account's row. */
#ifndef LIB_TRADING_RULES_JSON_H
#define LIB_TRADING_RULES_JSON_H

#include "lib/json/json.h"
#include "lib/trading/rules.h"

/* The limits as the ledger keeps them; the text is the caller's. */
char *rules_limits_json(const struct rule_limits *limits);
/* -1: it cannot be read, *out is empty. */
int rules_limits_parse(const char *json, struct rule_limits *out);

/*
 * Of a row: "rules", and "rule_lines": [{kind, unit, level, size, value, left,
 * used, test, mode, high, room, rise, broken, estimated}], a line for each
 * rule there is. left NULL: nothing is known, both are null.
 */
void rules_json(struct json *j, const struct rule_limits *limits,
    const struct rule_left *left);

#endif
