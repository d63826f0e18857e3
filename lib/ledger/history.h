/*
 * history.h: accounts, their deals and trades, and how they were read.
 *
 * Amounts are money.h's, now_utc_ms is UTC. An account is its id in the ledger.
 */
#ifndef LIB_LEDGER_HISTORY_H
#define LIB_LEDGER_HISTORY_H

#include "lib/ledger/file.h"
#include "lib/trading/deal.h"
#include "lib/trading/trade.h"

/* What a snapshot says of an account; NULL and -1: it did not. */
struct ledger_seen {
	const char *server;
	int64_t login;
	const char *node;
	const char *currency, *company, *name;
	int currency_digits, trade_mode, margin_mode, leverage;
	bool offset_known;
	int offset_s;
};

/*
 * The account's id; made where it is new, brought up to date where something
 * changed (nothing is written where nothing did).
 */
enum ledger_result ledger_account_seen(
    struct ledger *l, const struct ledger_seen *seen, int64_t *id);

/* LEDGER_NOT_FOUND for an account that was never seen. */
enum ledger_result ledger_account_find(
    struct ledger *l, const char *server, int64_t login, int64_t *id);

/* How far the deals of an account are read. */
enum ledger_history {
	LEDGER_HISTORY_NONE,    /* never read yet */
	LEDGER_HISTORY_SYNCING, /* the terminal still loads them */
	LEDGER_HISTORY_OK,
	LEDGER_HISTORY_FAILED, /* the last read failed: `error` */
};
const char *ledger_history_word(enum ledger_history h);

struct ledger_sync {
	enum ledger_history state;
	const char *error;      /* NULL unless FAILED */
	int64_t sync_utc_ms;    /* last whole read to the end, UTC; 0 */
	int64_t full_utc_ms;    /* last read from the beginning, UTC; 0 */
	int64_t last_broker_ms; /* the newest deal, broker time; 0 */
	int64_t deals, missing; /* stored; of them no longer at the broker */
	struct amount balance, credit; /* as the terminal said with it */
	struct amount difference;      /* balance less the sum of the deals */
	struct amount credit_difference;
	int64_t checked_utc_ms;      /* when the difference was found, UTC */
	const char *difference_note; /* why that may be; NULL where it is 0 */
};

/* ---- reading ---- */

/* Where a list goes on: behind that row. All zero: from its beginning. */
struct ledger_page {
	int64_t after_broker_ms,
	    after_id;   /* deals: ticket, trades: position_id */
	int after_part; /* trades only */
	int limit;      /* 0: all */
	bool newest_first;
};

typedef int (*ledger_deal_fn)(const struct deal *d, void *arg);

/* In the order (time_msc, ticket), or backwards; page is never NULL. */
enum ledger_result ledger_deals(struct ledger *l, int64_t account,
    const struct ledger_page *page, ledger_deal_fn fn, void *arg);

/* Those that are no trade: deposits, credit, charges, … */
enum ledger_result ledger_cash_flows(struct ledger *l, int64_t account,
    const struct ledger_page *page, ledger_deal_fn fn, void *arg);

/* All deals of a position. */
enum ledger_result ledger_position_deals(struct ledger *l, int64_t account,
    int64_t position_id, ledger_deal_fn fn, void *arg);

struct ledger_trade {
	int64_t account;
	const char *server;
	int64_t login;
	const char *currency; /* NULL: never told */
	int currency_digits;
	bool imported; /* from the legacy system's file, not from deals */
	int64_t changed_utc_ms; /* when it last changed here, UTC */
	/* of the deals that opened and closed it; 0: unknown */
	int64_t open_utc_ms, close_utc_ms;
	bool utc_estimated;
	struct trade trade;
};

typedef int (*ledger_trade_fn)(const struct ledger_trade *t, void *arg);

struct ledger_trade_filter {
	int64_t account; /* 0: all accounts, then sorted by account first;
			    pages work on a single account only */
	int64_t from_broker_ms, to_broker_ms; /* of first_broker_ms, broker
				     time, both in it; 0: no bound */
	int64_t changed_after_utc_ms;         /* 0: all */
};

/* In the order (first_broker_ms, position_id, part), or backwards; page NULL:
 * all. */
enum ledger_result ledger_trades(struct ledger *l,
    const struct ledger_trade_filter *filter, const struct ledger_page *page,
    ledger_trade_fn fn, void *arg);

/* What an account's deals add up to. */
struct ledger_sums {
	int64_t deals;
	money_t trades_net; /* kind TRADE */
	money_t costs;      /* kind COST */
	money_t flows;      /* kind FLOW */
	money_t credit;     /* kind CREDIT */
	int64_t imported;   /* trades not from deals; in no sum */
};
enum ledger_result ledger_sums(
    struct ledger *l, int64_t account, struct ledger_sums *sums);
/* The same from the running sums, at once (without `imported`). */
enum ledger_result ledger_running_sums(
    struct ledger *l, int64_t account, struct ledger_sums *sums);

/* ---- writing (the trades job) ---- */

struct ledger_put {
	int added, changed, same; /* of the deals given */
};

/*
 * Stores deals by (account, ticket). One that is there with other content is
 * replaced and its old version kept in deal_version. Trades of the positions
 * touched are made anew. The deal's offset and UTC are set when it is first
 * seen and stay; it counts by its UTC, or when it was first seen where that
 * was before. REJECTED where a sum passes what money.h can hold, CONFLICT
 * where the account was joined into another one. Call it
 * within a transaction, a page each.
 */
enum ledger_result ledger_deals_put(struct ledger *l, int64_t account,
    const struct deal *deals, int n, int64_t now_utc_ms,
    struct ledger_put *put);

/*
 * Marks the stored deals between two places of the order (time_msc, ticket),
 * from exclusive and to inclusive, that are not among the n given: the broker
 * gives them no more. Nothing is deleted. One that comes back is unmarked by
 * ledger_deals_put.
 */
struct ledger_span {
	int64_t from_broker_ms, from_ticket, to_broker_ms, to_ticket;
	int64_t origin; /* of deals that came with that account; 0: its own */
};
enum ledger_result ledger_deals_missing(struct ledger *l, int64_t account,
    const struct ledger_span *span, const struct deal *deals, int n,
    int64_t now_utc_ms, int *newly_missing);

/*
 * What the balance says of deals that the broker took back, and of cancelled
 * ones: difference is the balance less the sum of what counts. Where those
 * deals explain it, to less than tolerance, they are excluded, or counted
 * again. *moved: how many. Nothing is deleted.
 */
enum ledger_result ledger_deals_settle(struct ledger *l, int64_t account,
    money_t difference, money_t tolerance, int64_t now_utc_ms, int *moved);

/*
 * The account of that name which was joined into another; 0: it was not. And
 * what came with it (0: with all such), which the other's balance does not have
 * by itself.
 */
enum ledger_result ledger_account_origin(
    struct ledger *l, const char *server, int64_t login, int64_t *origin);
enum ledger_result ledger_carried(struct ledger *l, int64_t account,
    int64_t origin, money_t *sum, money_t *credit);

/* Deals that count no more for that reason, and what they had brought in. */
enum ledger_result ledger_deals_excluded(struct ledger *l, int64_t account,
    enum deal_excluded why, int64_t *n, money_t *sum);

/* Positions whose opening was never seen, for asking by position_id. */
typedef int (*ledger_id_fn)(int64_t id, void *arg);
enum ledger_result ledger_orphans(struct ledger *l, int64_t account,
    int64_t now_utc_ms, ledger_id_fn fn, void *arg);

/* It was asked for; ledger_orphans leaves it out for a day. */
enum ledger_result ledger_orphan_asked(
    struct ledger *l, int64_t account, int64_t position_id, int64_t now_utc_ms);

/* NOT_FOUND: the account was never read. */
enum ledger_result ledger_sync_get(struct ledger *l, int64_t account,
    int (*fn)(const struct ledger_sync *, void *), void *arg);
enum ledger_result ledger_sync_put(
    struct ledger *l, int64_t account, const struct ledger_sync *sync);

/* Where an interrupted read goes on. */
struct ledger_cursor {
	bool full;            /* a read from the beginning is under way */
	int64_t begun_utc_ms; /* UTC */
	int64_t after_broker_ms, after_ticket;
};
enum ledger_result ledger_cursor_get(struct ledger *l, int64_t account,
    struct ledger_cursor *c); /* NOT_FOUND: none */
enum ledger_result ledger_cursor_put(struct ledger *l, int64_t account,
    const struct ledger_cursor *c); /* NULL: it came to its end */

#endif
