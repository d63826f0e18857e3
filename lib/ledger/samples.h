/*
 * samples.h: equity over time, the days, and what the rules leave.
 *
 * Amounts are money.h's, *_msc is UTC. An account is its id in the ledger.
 */
#ifndef LIB_LEDGER_SAMPLES_H
#define LIB_LEDGER_SAMPLES_H

#include "lib/ledger/file.h"
#include "lib/ledger/history.h"
#include "lib/trading/deal.h"
#include "lib/trading/rules.h"

/*
 * One sample of a live account; never of a stale one, at_utc_ms by our clock.
 * low and high: lowest and highest equity since the sample before.
 */
struct ledger_equity {
	int64_t at_utc_ms;
	int span_s; /* it stands for: 60, after 7 days 900, after 90 3600 */
	money_t balance, credit, equity, low, high;
};

/* Two samples of one minute become one. Many are written in one transaction:
 * ledger_begin before, ledger_commit behind. */
enum ledger_result ledger_equity_put(
    struct ledger *l, int64_t account, const struct ledger_equity *e);

/* A minute of many accounts, each as it was seen. */
struct ledger_sample {
	struct ledger_seen seen;
	struct ledger_equity equity;
};
typedef void ledger_sample_fn(
    const struct ledger_sample *s, const char *why, void *arg);

/*
 * All of them in one transaction: accounts that are new are made. Where the old
 * name of an account is live beside its new one the new one counts. What cannot
 * be stored is told to refused, and the others are stored.
 */
enum ledger_result ledger_samples_put(struct ledger *l,
    const struct ledger_sample *list, size_t n, ledger_sample_fn *refused,
    void *arg);

typedef int (*ledger_equity_fn)(const struct ledger_equity *e, void *arg);

/* from <= at < to, oldest first. */
enum ledger_result ledger_equity(struct ledger *l, int64_t account,
    int64_t from_utc_ms, int64_t to_utc_ms, ledger_equity_fn fn, void *arg);

/* The last sample of each step of step_ms, by slot; of two in one the order is
 * not said. */
enum ledger_result ledger_equity_steps(struct ledger *l, int64_t account,
    int64_t from_utc_ms, int64_t to_utc_ms, int64_t step_ms,
    ledger_equity_fn fn, void *arg);

/* Thins what is older than 7 and 90 days; a bounded bite, so that no writer
 * waits long: *more says whether to call again. */
enum ledger_result ledger_equity_thin(
    struct ledger *l, int64_t account, int64_t now_utc_ms, bool *more);

/* A day of an account, from reset to reset. */
struct ledger_day {
	int64_t day_utc_ms, next_utc_ms; /* UTC moments of its resets */
	char date[11];                   /* "2026-11-21" in the reset's zone */
	struct amount balance, equity;   /* at its first moment */
	bool estimated;                  /* that had to be reconstructed */
	struct amount low, high;         /* of equity within it */
	int opened, closed;              /* positions */
	money_t net;                     /* realised, costs included */
	money_t flows;                   /* deposits and withdrawals */
};
enum ledger_result ledger_day_put(
    struct ledger *l, int64_t account, const struct ledger_day *d);

typedef int (*ledger_day_fn)(const struct ledger_day *d, void *arg);
/* from <= day_utc_ms < to, oldest first. */
enum ledger_result ledger_days(struct ledger *l, int64_t account,
    int64_t from_utc_ms, int64_t to_utc_ms, ledger_day_fn fn, void *arg);

/* Those that end behind a moment: they are made anew. */
enum ledger_result ledger_days_forget(
    struct ledger *l, int64_t account, int64_t from_utc_ms);

/* What the deals say of from <= UTC < to: opened, closed, net and flows; the
 * rest of *d stays. */
enum ledger_result ledger_day_sums(struct ledger *l, int64_t account,
    int64_t from_utc_ms, int64_t to_utc_ms, struct ledger_day *d);

/* The net of each position that was closed, or partly, at from <= UTC < to:
 * of all its deals up to then. */
typedef int (*ledger_net_fn)(money_t net, void *arg);
enum ledger_result ledger_trade_nets(struct ledger *l, int64_t account,
    int64_t from_utc_ms, int64_t to_utc_ms, ledger_net_fn fn, void *arg);

/* Money that came or went and is no P/L: kind FLOW, and credit that is capital;
 * with from < utc <= to, oldest first. */
struct ledger_flow {
	int64_t utc_ms, ticket;
	money_t amount;
	enum deal_meaning meaning;
	bool is_credit;
	int64_t cancels; /* of a correction; 0 */
	bool cancelled;  /* a correction takes it back */
};
typedef int (*ledger_flow_fn)(const struct ledger_flow *flow, void *arg);
enum ledger_result ledger_flows(struct ledger *l, int64_t account,
    int64_t from_utc_ms, int64_t to_utc_ms, ledger_flow_fn fn, void *arg);
/* Capital that was given as credit, up to a moment. */
enum ledger_result ledger_capital(
    struct ledger *l, int64_t account, int64_t until_utc_ms, money_t *capital);
/* Is there one since then whose UTC is not known? */
enum ledger_result ledger_flow_unplaced(
    struct ledger *l, int64_t account, int64_t from_utc_ms, bool *unplaced);

/* The phases job's own notes about a period (JSON); NOT_FOUND, fn not called:
 * there are none yet. */
enum ledger_result ledger_rule_state_get(struct ledger *l, int64_t account,
    int64_t *period, int (*fn)(const char *json, void *), void *arg);
enum ledger_result ledger_rule_state_put(
    struct ledger *l, int64_t account, int64_t period, const char *json);
/* What the rules leave, as found last; NULL: nothing can be said now. */
enum ledger_result ledger_limits_put(
    struct ledger *l, int64_t account, const struct rule_limits *limits);

#endif
