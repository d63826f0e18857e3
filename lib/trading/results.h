/*
 * results.h: what each deal that closed something brought in. Pure.
 *
 * The result of a closing deal is its own money and, by volume, its share of
 * what the opening deals cost (commission, fee, swap). It is of the moment of
 * that deal: a position closed in parts has as many results, one that is never
 * flat has them, too. Results and what is still pending add up to the money of
 * the deals, exactly.
 */
#ifndef LIB_TRADING_RESULTS_H
#define LIB_TRADING_RESULTS_H

#include <stdbool.h>

#include "lib/trading/deal.h"

/* One position's deals, in the order of their tickets. All zero: none yet. */
struct results_fold {
	money_t pending;   /* money of what is still open */
	money_t open;      /* lots, 1e-8 */
	money_t split_out; /* closed by a split, not reopened yet */
};

/* Adds a deal of kind TRADE; later as in trade_fold_add. True where it closed
 * something: its result, and the lots that it closed. */
bool results_add(struct results_fold *f, const struct deal *d, money_t later,
    money_t *result, money_t *lots);

#endif
