/*
 * trade.h: trades out of deals. Pure; no clock, no store.
 *
 * A trade is all deals of one position. A reversal (inout, netting) ends one
 * part and starts the next in the other direction, so that a position is one
 * or more parts, counted from 0. The money of the parts adds up to the money
 * of the deals, exactly.
 */
#ifndef LIB_TRADING_TRADE_H
#define LIB_TRADING_TRADE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/trading/deal.h"

/* 31 characters of up to 4 bytes, as MT5 allows them. */
#define TRADE_SYMBOL_SIZE 128

enum trade_state {
	TRADE_OPEN,
	TRADE_PARTIALLY_CLOSED,
	TRADE_CLOSED,
	TRADE_ORPHAN,   /* closed more than we ever saw opened */
	TRADE_ANNULLED, /* none of its deals counts: it stands in no sum */
};

struct trade {
	int64_t position_id;
	int part;
	char symbol[TRADE_SYMBOL_SIZE];
	int type; /* 0 bought first, 1 sold first */
	enum trade_state state;
	money_t volume_in, volume_out;  /* lots, 1e-8 */
	int64_t time_open_broker_ms;    /* 0: never seen */
	int64_t time_close_broker_ms;   /* the last close; 0: none yet */
	int64_t first_broker_ms;        /* its first deal, whatever that is */
	double price_open, price_close; /* volume-weighted; NAN: none */
	money_t profit, commission, swap, fee, net; /* money */
	int reason;           /* of the last close; -1: none yet */
	bool close_by;        /* closed by another position */
	int64_t ticket_open;  /* of the first deal that opened it; 0: none */
	int64_t ticket_close; /* of the last close; 0: none yet */
	/* deals of kind COST that name the position (dividend, tax, …): in no
	 * other figure here, and in the account's costs */
	money_t costs;
	int deals;
};

/*
 * One position's deals folded one by one in the order of their tickets: a
 * ticket never goes back, a broker's wall clock does (docs/ledger.md).
 */
struct trade_fold {
	struct trade now;
	money_t split_out; /* closed by a split, not reopened yet */
	double price_sum_in, price_sum_out; /* price * lots */
	double price_one_in, price_one_out; /* the one price; NAN: several */
	bool orphan;                        /* of an earlier part */
};

void trade_fold_init(struct trade_fold *f, int64_t position_id);

/*
 * Adds a deal of kind TRADE. later: where it is a reversal, the volume that
 * the deals behind it close before the next one (trade_later_volume): what a
 * reversal opened where its own opening was never seen. 1 when it ended a part,
 * which is then in *done; 0 when it did not; -1 when an amount cannot be held.
 */
int trade_fold_add(struct trade_fold *f, const struct deal *d, money_t later,
    struct trade *done);

/* What the first n deals close beyond what they open, up to a reversal. */
money_t trade_later_volume(const struct deal *deals, size_t n);

/* The last part; false when there was no deal at all. */
bool trade_fold_end(const struct trade_fold *f, struct trade *last);

/* "open", "partially_closed", "closed", "orphan". */
const char *trade_state_word(enum trade_state s);

#endif
