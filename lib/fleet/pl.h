/*
 * pl.h: profit and loss, and what is left of a firm's limits: the terminal's
 * money now, against what the ledger knows. Pure; the one answer for the API,
 * the gateway and the sheet.
 *
 * Deposits are never profit, and the broker's credit is not the account's own
 * money. While the terminal knows a deposit that the ledger does not, nothing
 * of this can be told: all is unknown until its deal is stored.
 */
#ifndef LIB_FLEET_PL_H
#define LIB_FLEET_PL_H

#include "lib/ledger/people.h"

/* What the ledger knows of an account. A copy: nothing in it is borrowed. */
struct pl_facts {
	int64_t period; /* the ledger's id; 0: no phase was ever set */
	struct amount initial_balance;
	bool has_day;
	struct ledger_day day;
	/* deposits less withdrawals */
	struct amount flows_today, flows_period;
	money_t flows;
	money_t capital;         /* of the credit, what is the account's own */
	int64_t non_trade_deals; /* stored ones */
	bool history_ok;         /* all deals are stored, and they add up */
	struct amount synced;    /* the balance that they stand for */
	/* false too while those that are stored are older than a deposit */
	bool has_limits;
	struct rule_limits limits;
};

void pl_facts_from(const struct ledger_account *a, struct pl_facts *out);

/* What a terminal says. */
struct pl_money {
	money_t balance, equity, credit; /* money.h */
	int64_t non_trade_deals; /* -1: an old bridge, which does not count */
};

/* Without the credit that is not the account's own. */
struct amount pl_equity_ex_credit(
    const struct pl_facts *f, const struct pl_money *m);

struct pl {
	/* since the reset, from the equity then: what was open at the reset
	 * is not counted again */
	struct amount day;
	bool day_pct_known;
	double day_pct; /* of that equity */
	/* of the phase; without one, over all deposits ever */
	struct amount total;
	bool pct_known;
	double total_pct; /* of the balance it began with; 5 is 5 % */
	bool estimated;   /* there are deals that are not stored yet */
};

void pl_find(const struct pl_facts *f, const struct pl_money *m, int64_t now_ms,
    struct pl *out);

/* The phase is another one, and what follows from it is unknown. */
void pl_forget_phase(struct pl_facts *f);

/* false: nothing is known of what is left. */
bool pl_left(const struct pl_facts *f, const struct pl_money *m, int64_t now_ms,
    struct rule_left *out);

#endif
