/*
 * rule_book.h: what the deals of trades say about the rules of trading: lots,
 * how long a trade is held, its stop loss, being flat, inactivity. Folded deal
 * by deal in the order of time; for the rules' own files, the trial and the
 * judge.
 */
#ifndef LIB_TRADING_RULE_BOOK_H
#define LIB_TRADING_RULE_BOOK_H

#include "lib/trading/rules.h"
#include "lib/trading/zone.h"

/* Whether a position has its stop loss. */
enum rule_stop {
	RULE_STOP_UNKNOWN,
	RULE_STOP_NONE,
	RULE_STOP_KEPT, /* it was there in time */
	RULE_STOP_LATE, /* it was not */
};

/* A deal of a trade; entry is DEAL_IN, DEAL_OUT, DEAL_INOUT or DEAL_OUT_BY. */
struct rule_deal {
	int64_t at_utc_ms, position_id;
	int entry;
	money_t lots, net;
	enum rule_stop stop; /* with an entry: NONE, KEPT or UNKNOWN */
	/* the server's own (deal_is_service): money, and of a split what the
	 * position became; it breaks no rule and is no activity */
	bool service, split;
};

/* A rule of trading was broken. value and level are of the kind's unit. */
struct rule_break {
	enum rule_kind kind;
	int64_t at_utc_ms, position_id; /* 0: of no single one */
	money_t value, level;
};
typedef void (*rule_break_fn)(const struct rule_break *b, void *arg);

struct rule_position {
	int64_t id, opened_utc_ms;
	money_t lots;      /* open now, as the broker counts them */
	money_t traded;    /* the same as they were traded, before any split */
	money_t split_out; /* closed by a split, not reopened yet */
	money_t net;
	enum rule_stop stop;
};

struct rule_book {
	const struct rules *rules;
	const struct zone_spans *server; /* as for zone_day */
	int64_t from_utc_ms;             /* what was before breaks nothing */
	rule_break_fn broke;
	void *arg;
	struct rule_trades trades; /* what is found */
	struct rule_position *open;
	size_t open_len, open_size;
	int stops_unknown; /* of what is closed */
};

void rule_book_init(struct rule_book *b, const struct rules *rules,
    int64_t from_utc_ms, const struct zone_spans *server);
void rule_book_done(struct rule_book *b);

/* Deals come in the order of at_utc_ms. */
void rule_book_deal(struct rule_book *b, const struct rule_deal *d);
/* An open position was seen with a stop loss, or without. */
void rule_book_stop(
    struct rule_book *b, int64_t position_id, int64_t at_utc_ms, bool has_stop);
/* All deals up to that moment were given; more may follow. */
void rule_book_end(struct rule_book *b, int64_t until_utc_ms);

/* The day of the period in which max_days ends is over then; 0: no such rule,
 * or no trade yet from which it counts. */
int64_t rule_book_days_end(const struct rule_book *b);

#endif
