/*
 * rule_floors.h: floors, allowances and the target, as the state of a phase
 * period stands; for the rules' own files.
 */
#ifndef LIB_TRADING_RULE_FLOORS_H
#define LIB_TRADING_RULE_FLOORS_H

#include "lib/trading/rules.h"

money_t rule_daily_allowance(
    const struct rules *r, const struct rule_state *st);
money_t rule_daily_floor(const struct rules *r, const struct rule_state *st);

/* The floor never rises above that. */
struct amount rule_total_top(
    const struct rules *r, const struct rule_state *st);
money_t rule_total_allowance(
    const struct rules *r, const struct rule_state *st);
bool rule_total_estimated(const struct rules *r, const struct rule_state *st);
money_t rule_total_floor(const struct rules *r, const struct rule_state *st);

money_t rule_target_level(const struct rules *r, const struct rule_state *st);

/* Is a value at the limit a breach: a rule's own word, else the one for all. */
bool rules_at_is_breach(const struct rules *r, enum rule_breach own);

#endif
