/*
 * statistics.h: what an account's deals amount to: figures, and days.
 *
 * All is booked as it was realised, at the moment of the deal that brought it,
 * on the broker's day. The days add up to the figures, and to the sums of the
 * deals. What was excluded is in none of them.
 */
#ifndef LIB_LEDGER_STATISTICS_H
#define LIB_LEDGER_STATISTICS_H

#include "lib/ledger/history.h"

struct ledger_sums_of_day {
	int64_t day;        /* of the broker's calendar: days since 1970 */
	int opened, closed; /* positions, as in ledger_day */
	int results;        /* deals that closed something */
	int imported;       /* of them trades of the legacy system */
	money_t net;        /* all of the next five */
	money_t profit, commission, swap, fee;
	money_t charges; /* deals of kind COST: dividend, interest, tax, … */
	money_t flows;   /* deposits and withdrawals; not in net */
};

struct ledger_statistics {
	struct ledger_sums_of_day all; /* its day: 0 */
	int trades_closed, trades_open, orphans;
	int wins, losses;               /* results above and below 0 */
	money_t won, lost, best, worst; /* of results */
	money_t lots;                   /* closed */
	/* of net as it was realised, from its highest; 0 or less */
	money_t max_drawdown;
	int64_t first_broker_ms, last_broker_ms; /* of results; 0: none */
	int64_t first_utc_ms, last_utc_ms;       /* 0: unknown */
	struct ledger_sums_of_day *days;         /* oldest first */
	size_t days_len;
};

/* Of what counts since that moment (UTC); 0: of all.
 * ledger_statistics_done afterwards, in any case. */
enum ledger_result ledger_statistics(struct ledger *l, int64_t account,
    int64_t since_utc_ms, struct ledger_statistics *s);
void ledger_statistics_done(struct ledger_statistics *s);

#endif
