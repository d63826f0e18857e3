/*
 * standing.h: how an account stands: the terminal's money now, against what
 * the ledger knows. Pure; one answer for the page and for the sheet.
 *
 * Deposits never are profit, and the broker's credit is not the account's own.
 * While the terminal knows a deposit that the ledger does not, nothing of
 * this can be told: all is unknown, until its deal is stored.
 */
#ifndef LIB_FLEET_STANDING_H
#define LIB_FLEET_STANDING_H

#include "lib/ledger/people.h"

/* What the ledger knows; it may be kept, nothing in it is the ledger's. */
struct standing {
	bool has_period;
	struct amount initial_balance;
	bool has_day;
	struct ledger_day day;
	/* paid in, less paid out */
	struct amount flows_today, flows_period;
	int64_t flows;
	int64_t cash;         /* stored deals that are no trade */
	bool history_ok;      /* all deals are here, and they add up */
	struct amount synced; /* the balance that they stand for */
	/* false too while those that are stored are older than a deposit */
	bool has_limits;
	struct rule_limits limits;
};

void standing_of(const struct ledger_account *a, struct standing *out);

/* What a terminal says. */
struct standing_money {
	int64_t balance, equity, credit; /* money.h */
	int64_t cash; /* deals that are no trade; -1: an old bridge, not told */
};

/* Equity less credit. */
struct amount standing_own(
    const struct standing *s, const struct standing_money *m);

struct standing_pl {
	/* since the reset, counted from equity then: what was open is not
	 * today's */
	struct amount day;
	/* in the phase; without one, of all that was ever paid in */
	struct amount total;
	bool pct_known;
	double total_pct; /* of the balance it began with; 5 is 5 % */
	bool estimated;   /* deals are on their way that we do not have yet */
};

void standing_pl(const struct standing *s, const struct standing_money *m,
    int64_t now_msc, struct standing_pl *out);

/* false: nothing is known of what is left. */
bool standing_left(const struct standing *s, const struct standing_money *m,
    int64_t now_msc, struct rule_left *out);

#endif
