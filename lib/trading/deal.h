/*
 * deal.h: one deal as MetaTrader 5 gives it, and what it is.
 *
 * Amounts are money.h's (exact, 1e-8). volume, price, sl and tp are the very
 * doubles of MT5, NAN where it gave none. Times are broker time. Values of
 * type, entry and reason that nobody knows yet are kept as they are.
 */
#ifndef LIB_TRADING_DEAL_H
#define LIB_TRADING_DEAL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trading/money.h"

enum deal_type {
	DEAL_BUY = 0,
	DEAL_SELL = 1,
	DEAL_BALANCE = 2,
	DEAL_CREDIT = 3,
	DEAL_CHARGE = 4,
	DEAL_CORRECTION = 5,
	DEAL_BONUS = 6,
	DEAL_COMMISSION = 7,
	DEAL_BUY_CANCELED = 13,
	DEAL_SELL_CANCELED = 14,
	DEAL_TAX = 17,
	DEAL_AGENT = 18, /* an agent's commission, at once; 10, 11 are later */
	DEAL_SO_CREDIT = 20
};

enum deal_entry { DEAL_IN = 0, DEAL_OUT = 1, DEAL_INOUT = 2, DEAL_OUT_BY = 3 };

enum deal_reason {
	DEAL_REASON_ROLLOVER = 7,
	DEAL_REASON_VMARGIN = 8,
	DEAL_REASON_SPLIT = 9,
	DEAL_REASON_CORPORATE_ACTION = 10,
};

/* Whether a stored deal stands in sums, and why not. It is kept in any case. */
enum deal_excluded {
	DEAL_COUNTS,
	DEAL_ANNULLED,  /* the broker took it back, and its money with it */
	DEAL_CANCELLED, /* type 13 or 14, and not in the balance */
	DEAL_VOIDED,    /* an admin said so */
};

/*
 * What a deal that is no trade is for. Guessed (flow.h), or said by a person.
 * The numbers are stored.
 */
enum deal_meaning {
	DEAL_MEANS_NOTHING, /* a trade; or nobody looked yet */
	DEAL_DEPOSIT,
	DEAL_WITHDRAWAL,
	DEAL_PAYOUT,
	DEAL_RESET, /* the firm put the account back to its start */
	DEAL_FEE,
	DEAL_DIVIDEND,
	DEAL_CORRECTED,    /* a correction of money that flowed */
	DEAL_CORRECTED_PL, /* a correction of a trade or a cost */
	DEAL_CAPITAL,      /* credit that is the account's capital */
	DEAL_CREDITED,     /* credit that is not the account's own */
	DEAL_MEANINGS
};

/* A deal's time is from 1970 to the year 3000: MT5's own calendar ends there.
 */
#define DEAL_TIME_MAX_S INT64_C(32535215999)

/* MT5 keeps a volume as whole 1e-8 lots in 64 bits; prices and texts: far
 * beyond any. */
#define DEAL_VOLUME_MAX 184467440737.0
#define DEAL_PRICE_MAX 1e18
#define DEAL_TEXT_MAX 4096

struct deal {
	int64_t ticket, order;
	int64_t time, time_msc;
	int type, entry;
	int64_t magic, position_id;
	int reason;
	double volume, price;
	money_t commission, swap, profit, fee; /* money */
	const char *symbol, *comment, *external_id;
	double sl, tp;

	/* what the ledger knows of it */
	bool offset_known;
	int offset_s;   /* the broker's offset in force when first seen */
	int64_t utc_ms; /* by the broker's zone, else that offset; 0: unknown */
	bool utc_estimated;  /* no zone is known, and it is not of that day */
	int64_t seen_utc_ms; /* when it was first seen; 0: long ago */
	int64_t missing_utc_ms; /* since when the broker gives it no more; 0 */
	enum deal_excluded excluded;
	enum deal_meaning meaning;
	const char *meaning_why; /* NULL */
	const char *meaning_who; /* a person said so; NULL: a guess */
	int64_t cancels;         /* of a correction: that deal; 0 */
	/* the account it came with, where that was joined into this one, and
	 * whose history alone has it; 0: its own */
	int64_t origin;
	const char *void_reason; /* why an admin voided it; NULL */
};

/* What its money is. */
enum deal_kind {
	DEAL_KIND_TRADE, /* buy or sell of a position: P/L */
	DEAL_KIND_COST,  /* fee, interest, dividend, tax: P/L that belongs to no
			    position */
	DEAL_KIND_FLOW,  /* deposit, withdrawal, payout, reset: never P/L */
	DEAL_KIND_CREDIT, /* moves the credit, not the balance */
};

/* By its meaning, where it has one; else by its type. This alone decides; SQL
 * sums by the kind that is stored with the deal. */
enum deal_kind deal_kind(const struct deal *d);
/* By its type alone. */
enum deal_kind deal_kind_by_type(const struct deal *d);

/*
 * The server closed and reopened a position by itself (rollover, variation
 * margin, split): nobody traded. Its money is the position's, its volume and
 * price are not. A corporate action's close is a close.
 */
bool deal_is_service(const struct deal *d);

/* A cancelled buy or sell: it counts only where the balance says so. */
bool deal_is_cancelled(const struct deal *d);

/* "annulled", "cancelled", "voided"; NULL: it counts. */
const char *deal_excluded_word(enum deal_excluded e);

/* profit + commission + swap + fee; -1 when it cannot be held. */
int deal_net(const struct deal *d, money_t *net);

/*
 * The agent's JSON object (docs/agent-api.md), texts borrowed from it. -1
 * with the reason (what is wrong, quoted) in why.
 */
int deal_from_json(const cJSON *o, struct deal *d, char *why, size_t why_size);

#endif
