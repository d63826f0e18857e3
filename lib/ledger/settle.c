/*
 * settle.c: which deals count, where the balance has the last word.
 *
 * Of a deal that the broker gives no more, its money is either still in the
 * balance (old deals were archived) or has left it (the trade was annulled).
 * A cancelled deal may carry a commission that was paid, or was not. A
 * difference that equals the money of such deals to the last digit says which.
 */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/ledger/db.h"
#include "lib/ledger/flows.h"
#include "lib/ledger/samples.h"
#include "lib/ledger/trades.h"
#include "lib/trading/money.h"

/* A deal that may change sides, and what the sum would gain by it. */
struct doubt {
	struct deal deal;
	enum deal_excluded to;
	money_t gain;
};

struct doubts {
	struct doubt *list;
	size_t len, size;
	money_t difference, tolerance;
};

static enum deal_excluded
other_side(const struct deal *d)
{
	if (d->excluded != DEAL_COUNTS)
		return DEAL_COUNTS;
	return d->missing_utc_ms != 0 ? DEAL_ANNULLED : DEAL_CANCELLED;
}

static void
take_doubt(struct query *q, struct doubts *all)
{
	struct doubt *x;
	money_t net;

	all->list =
	    mem_room(all->list, all->len, &all->size, sizeof(*all->list));
	x = &all->list[all->len];
	*x = (struct doubt){.gain = 0};
	x->deal.ticket = take_int(q);
	x->deal.position_id = take_int(q);
	x->deal.type = (int)take_int(q);
	x->deal.meaning = (enum deal_meaning)take_int(q);
	x->deal.excluded = (enum deal_excluded)take_int(q);
	x->deal.missing_utc_ms = take_int(q);
	x->deal.profit = take_money(q);
	x->deal.commission = take_money(q);
	x->deal.swap = take_money(q);
	x->deal.fee = take_money(q);
	if (deal_net(&x->deal, &net) == -1)
		return;
	x->to = other_side(&x->deal);
	x->gain = x->to == DEAL_COUNTS ? net : -net;
	all->len++;
}

static enum ledger_result
load(struct ledger *l, int64_t account, struct doubts *all)
{
	struct query q;

	query_init(&q, l, SQL_DEAL_DOUBTFUL);
	put_int(&q, account);
	while (query_next(&q))
		take_doubt(&q, all);
	return query_done(&q);
}

/* How a group is made of the deals like one of them. */
enum group { WHOLE, BATCH, POSITION, SINGLE, GROUPS };

static bool
belongs(const struct doubt *a, const struct doubt *b, enum group g)
{
	if (a->to != b->to || a->deal.excluded != b->deal.excluded)
		return false;
	switch (g) {
	case WHOLE:
		return true;
	case BATCH: /* gone by the same read */
		return a->deal.missing_utc_ms == b->deal.missing_utc_ms;
	case POSITION:
		return a->deal.position_id != 0 &&
		       a->deal.position_id == b->deal.position_id;
	case SINGLE:
	case GROUPS:
		break;
	}
	return a == b;
}

static bool
explains(const struct doubts *all, const struct doubt *like, enum group g)
{
	money_t sum = 0, rest;

	for (size_t i = 0; i < all->len; i++)
		if (belongs(&all->list[i], like, g) &&
		    money_add(&sum, all->list[i].gain) == -1)
			return false;
	if (sum == 0 || __builtin_sub_overflow(all->difference, sum, &rest))
		return false;
	return rest < all->tolerance && rest > -all->tolerance;
}

static enum ledger_result
move(struct ledger *l, int64_t account, const struct doubts *all,
    const struct doubt *like, enum group g, int *moved)
{
	enum ledger_result r = LEDGER_OK;

	for (size_t i = 0; r == LEDGER_OK && i < all->len; i++)
		if (belongs(&all->list[i], like, g)) {
			r = ledger_deal_exclude(
			    l, account, &all->list[i].deal, all->list[i].to);
			++*moved;
		}
	return r;
}

static enum ledger_result
settle(struct ledger *l, int64_t account, const struct doubts *all, int *moved)
{
	for (enum group g = WHOLE; g < GROUPS; g++)
		for (size_t i = 0; i < all->len; i++)
			if (explains(all, &all->list[i], g))
				return move(
				    l, account, all, &all->list[i], g, moved);
	return LEDGER_OK;
}

enum ledger_result
ledger_deals_settle(struct ledger *l, int64_t account, money_t difference,
    money_t tolerance, int64_t now_utc_ms, int *moved)
{
	struct doubts all = {.difference = difference, .tolerance = tolerance};
	enum ledger_result r;
	bool own;

	*moved = 0;
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = load(l, account, &all);
	if (r == LEDGER_OK)
		r = settle(l, account, &all, moved);
	if (r == LEDGER_OK && *moved > 0)
		r = ledger_flows_guess(l, account, 0);
	if (r == LEDGER_OK && *moved > 0)
		r = ledger_trades_renew(l, account, now_utc_ms);
	/* what was left was counted with them */
	if (r == LEDGER_OK && *moved > 0)
		r = ledger_limits_put(l, account, NULL);
	free(all.list);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_deals_excluded(struct ledger *l, int64_t account, enum deal_excluded why,
    int64_t *n, money_t *sum)
{
	struct query q;

	*n = 0;
	*sum = 0;
	query_init(&q, l, SQL_DEAL_EXCLUDED_SUM);
	put_int(&q, account);
	put_int(&q, why);
	if (query_next(&q)) {
		*n = take_int(&q);
		*sum = take_money(&q);
	}
	return query_done(&q);
}
