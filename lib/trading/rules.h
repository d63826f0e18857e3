/*
 * rules.h: what a prop firm allows, and what is left of it. Pure: rules are
 * data (docs/rules.md), moments come from the caller (zone.h).
 *
 * Money is money.h's. Percentages are too: 5 % is 5 * MONEY_ONE. Equity here
 * is the account's own: what MT5 gives less the credit.
 */
#ifndef LIB_TRADING_RULES_H
#define LIB_TRADING_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trading/amount.h"

enum rule_metric { RULE_BALANCE, RULE_EQUITY, RULE_HIGHER, RULE_LOWER };
const char *rule_metric_word(enum rule_metric m);
bool rule_metric_from(const char *word, enum rule_metric *out);
/* What a rule looks at, of the two. */
money_t rules_value(enum rule_metric m, money_t balance, money_t equity);

/* The rules there are: rule_kinds.c has a row for each. */
enum rule_kind {
	RULE_DAILY_LOSS,
	RULE_MAX_LOSS,
	RULE_PROFIT_TARGET,
	RULE_MIN_DAYS,
	RULE_BEST_DAY,
	RULE_FLOATING_LOSS,
	RULE_MAX_DAYS,
	RULE_INACTIVITY,
	RULE_MAX_LOTS,
	RULE_MAX_LOTS_POSITION,
	RULE_MIN_HOLD,
	RULE_STOP_LOSS,
	RULE_FLAT,
	RULE_KINDS
};
const char *rule_kind_word(enum rule_kind k); /* "daily_loss" */
bool rule_kind_from(const char *word, enum rule_kind *out);
/* What it is called in a warning; NULL: nobody is warned. */
const char *rule_kind_title(enum rule_kind k);
/* What it takes to judge it, where that is not there. */
const char *rule_kind_needs(enum rule_kind k);
/* It is judged by the deals, not by balance and equity. */
bool rule_kind_of_trading(enum rule_kind k);
/* "money", "days", "percent", "lots", "positions", "seconds" */
const char *rule_kind_unit(enum rule_kind k);

/* What the floor of the total loss follows: nothing, the highs at the resets,
 * or each high. */
enum rule_mode { RULE_STATIC, RULE_TRAILING_EOD, RULE_TRAILING };
const char *rule_mode_word(enum rule_mode m);
bool rule_mode_from(const char *word, enum rule_mode *out);

struct rule_size {
	enum { RULE_SIZE_NONE, RULE_SIZE_PCT, RULE_SIZE_MONEY } kind;
	money_t v;
};

/* Of a whole (an initial balance, a baseline); 0 for none. */
money_t rules_size(const struct rule_size *s, money_t whole);

#define RULES_ZONE_SIZE 64
#define RULES_WARN_MAX 4

/* Is a value at the limit a breach, or only one beyond it? */
enum rule_breach { RULE_BREACH_AS_ALL, RULE_BREACH_BELOW, RULE_BREACH_AT };

/* What a payout does to the high and the base of the maximum loss. */
enum rule_payout {
	RULE_PAYOUT_MOVES,    /* as any withdrawal */
	RULE_PAYOUT_STAYS,    /* neither moves */
	RULE_PAYOUT_LOCKS,    /* from then on the floor is the lock's level */
	RULE_PAYOUT_RESTARTS, /* both are the balance after it */
};

/* Since when something is counted. */
enum rule_since { RULE_SINCE_PHASE, RULE_SINCE_PAYOUT };

struct rules {
	struct {
		struct rule_size size;
		enum rule_metric basis;
	} target;
	struct {
		struct rule_size size;
		bool of_baseline; /* the percentage; else of the initial */
		enum rule_metric baseline; /* at the reset */
		bool trailing; /* the floor follows the day's high of that */
		enum rule_metric test;
		enum rule_breach breach;
		bool pause; /* effect: pause till the reset; else fail */
	} daily;
	struct {
		struct rule_size size;
		bool of_high; /* the percentage; else of the initial balance */
		enum rule_mode mode;
		enum rule_metric hwm, test;
		struct amount lock; /* the floor never rises above that… */
		bool lock_initial;  /* …or above the initial balance */
		enum rule_payout on_payout;
		enum rule_breach breach;
	} total;
	struct {
		struct rule_size size;
		bool of_balance; /* the percentage; else of the initial */
		enum rule_breach breach;
		bool pause;
	} floating;
	/* The rules of trading; `warns`: a break is told, and no verdict. */
	struct {
		int days;        /* 0: no such rule, and so below */
		bool from_trade; /* counted from the first trade's day */
		bool warns;
	} max_days;
	struct {
		int days;
		bool warns;
	} inactivity;
	struct {
		money_t position, all; /* lots */
		bool warns;
	} lots;
	struct {
		int64_t s;   /* a trade is held that long at least */
		money_t pct; /* but for that share of them; 0: each of them */
		bool of_profit; /* the share of what the winners brought in */
		bool warns;
	} min_hold;
	struct {
		int64_t within_s; /* of the opening */
		bool warns;
	} stop_loss;
	struct {
		bool is_set;
		int minute; /* of the day, in the zone of the reset */
		bool every_day;
		int weekday; /* else that; 0 is Sunday */
		int hours;   /* for so long nothing is opened behind it */
		bool warns;
	} flat;
	enum rule_breach breach;    /* of those that do not say it */
	char zone[RULES_ZONE_SIZE]; /* IANA name, or "server" */
	int reset_minute;           /* of the day, in that zone */
	struct {
		int needed;
		enum {
			RULE_DAY_OPENED,
			RULE_DAY_CLOSED,
			RULE_DAY_PROFITABLE
		} counts;
		struct rule_size profit; /* at least; percentage of initial */
		enum rule_since since;
	} days;
	struct {
		money_t pct;    /* of the whole; 0: no such rule */
		bool of_total;  /* the whole is the net of all days; else the
				   sum of the days with a profit */
		bool per_trade; /* the best trade; else the best day */
		bool at_limit;  /* that very share is too much, too */
		enum rule_since since;
	} best_day;
	money_t warn_at[RULES_WARN_MAX]; /* fractions, rising; 0.7: 0.7*ONE */
	int warn_len;
};

/*
 * A rule set's JSON for one phase. -1 with the reason in why, quoting what
 * is wrong: unknown words are mistakes.
 */
int rules_parse(const char *json, size_t len, const char *phase,
    struct rules *r, char *why, size_t why_size);

/* ---- the state of one phase period, folded event by event ---- */

struct rule_state {
	bool begun;
	money_t initial;         /* the period's initial balance */
	money_t base;            /* initial, with deposits since */
	int64_t at_utc_ms;       /* the last event */
	int64_t sampled_utc_ms;  /* the last sample */
	int64_t since_utc_ms;    /* the account was put back to its start; 0 */
	money_t balance, equity; /* by then */
	money_t peak_balance, peak_equity; /* highest ever */
	money_t eod_balance, eod_equity;   /* highest at a reset */
	bool eod_estimated;  /* at some reset nobody saw the equity */
	bool peak_estimated; /* for some time nobody saw it */
	int64_t day_utc_ms;  /* when this day began */
	money_t day_balance, day_equity;           /* then, with flows since */
	money_t day_low, day_high;                 /* of equity */
	money_t day_peak_balance, day_peak_equity; /* for a floor that trails */
	bool locked;        /* the floor of the maximum loss moves no more… */
	money_t lock_level; /* …it is that */
	int64_t payout_utc_ms; /* the last payout; 0 */
	/* The lowest floors since the last sample, where a flow or a reset
	 * moved them: nobody can say which of them its low was under. */
	struct amount low_daily, low_total;
	bool day_estimated;     /* the baseline had to be reconstructed */
	int stage[RULE_KINDS];  /* warnings given: index + 1; 0: none */
	int64_t started_utc_ms; /* the period */
	int64_t traded_utc_ms;  /* the last deal of a trade; 0 */
};

/*
 * The broker's clock stamps a flow, ours a sample: within that of a flow
 * nobody can say which came first, and the sample is not judged.
 */
#define RULES_FLOW_SKEW_MS (90 * INT64_C(1000))

struct rule_sample {
	int64_t at_utc_ms;
	money_t balance, equity;
	money_t low, high; /* of equity since the sample before */
};

/* The first event of a period. day_utc_ms: the last reset before it. */
void rules_begin(struct rule_state *st, money_t initial, int64_t day_utc_ms,
    const struct rule_sample *s);

/*
 * A deposit, withdrawal or correction, never P/L. Money put in raises the
 * base; money taken out comes from profit first. A deposit that makes the
 * balance the initial one is a reset of the account: all begins again.
 */
void rules_flow(const struct rules *r, struct rule_state *st, int64_t at_utc_ms,
    money_t flow);

/* The same, and never a reset of the account, whatever the balance is then. */
void rules_move(const struct rules *r, struct rule_state *st, int64_t at_utc_ms,
    money_t flow);
/* Money that is taken back again, and its taking back: all moves by it, and
 * nothing else follows from it. */
void rules_shift(const struct rules *r, struct rule_state *st,
    int64_t at_utc_ms, money_t amount);
/* The firm put the account back to its start, with that balance. */
void rules_restart(const struct rules *r, struct rule_state *st,
    int64_t at_utc_ms, money_t balance);

/* A reward of amount > 0 leaves the account. */
void rules_payout(const struct rules *r, struct rule_state *st,
    int64_t at_utc_ms, money_t amount);

/* A new day: balance and equity at its first moment. */
void rules_reset(const struct rules *r, struct rule_state *st,
    int64_t day_utc_ms, money_t balance, money_t equity, bool estimated);

/* What the deals of trades say (rule_book.h). */
struct rule_trades {
	bool known; /* every deal up to until_utc_ms was there */
	int64_t until_utc_ms;
	int64_t first_utc_ms, last_utc_ms; /* trade of the period, of all; 0 */
	bool is_inactive;
	int open;                        /* positions by then */
	money_t lots_all, lots_position; /* of all, of the largest */
	int closed, quick;      /* trades; held for less than they have to be */
	money_t won, won_quick; /* what those with a profit brought in */
	int orphans;            /* trades whose opening nobody saw */
	int without_stop;       /* open positions with no stop loss yet */
	int stops_unknown;      /* positions of which nobody saw that */
	/* Moments to come; 0: none. */
	int64_t flat_utc_ms, days_utc_ms, inactive_utc_ms, stop_utc_ms;
	int broken[RULE_KINDS]; /* how often in the period */
};

/* What counts beside the amounts; from the deals. */
struct rule_days {
	int done;
	money_t best;  /* profit of the best day or trade; 0: there is none */
	money_t whole; /* what that is a share of */
	struct rule_trades trades;
};

/* Is there a rule of trading at all: else the trades need not be read. */
bool rules_of_trading(const struct rules *r);
/* Is a break of it only told? */
bool rules_only_warns(const struct rules *r, enum rule_kind kind);

/* One finished day's result, for the best-day rule; a trade's, too. */
void rules_days_add(const struct rules *r, struct rule_days *days, money_t net);
void rules_trade_add(
    const struct rules *r, struct rule_days *days, money_t net);

/* Is a day one of min_trading_days, by what was opened, closed and won in it?
 */
bool rules_day_counts(const struct rules *r, money_t initial, int opened,
    int closed, money_t net);

/* The best day has a larger share of the whole than the rule allows. */
bool rules_best_day_passed(const struct rules *r, const struct rule_days *days);

enum rule_verdict {
	RULE_NO_VERDICT,
	RULE_TARGET_REACHED,
	RULE_DAILY_BREACHED, /* breached, or paused where the rule says so */
	RULE_TOTAL_BREACHED,
	RULE_KIND_BREACHED, /* of another kind, see rule_seen */
};

/* What was seen when a verdict fell. */
struct rule_seen {
	enum rule_verdict verdict;
	enum rule_kind kind; /* of a breach */
	bool pauses;         /* till the reset; else it is for good */
	int64_t at_utc_ms;
	money_t value, level; /* tested value, floor or target */
	money_t balance, equity, low, baseline;
	bool estimated;
	int64_t broken; /* all limits that the sample broke: RULE_BIT of each */
};
#define RULE_BIT(kind) (INT64_C(1) << (kind))

/* "none", "target_reached", or the kind of rule that was breached. */
const char *rule_seen_word(const struct rule_seen *seen);
/* verdict and kind. */
bool rule_seen_from(const char *word, struct rule_seen *seen);

/*
 * A sample. flow: the cash that moved since the sample before; nobody can say
 * whether the low was before or after it or after a reset, so the low counts
 * only against the lowest floor since then. What was seen is in *seen when
 * there is a verdict.
 */
/* days NULL: the target is left to rules_target. excused: RULE_BIT of the kinds
 * whose break is no verdict now. */
enum rule_verdict rules_sample(const struct rules *r, struct rule_state *st,
    const struct rule_sample *s, money_t flow, const struct rule_days *days,
    int64_t excused, struct rule_seen *seen);

/* The amount of the target is there; its days may be missing. */
bool rules_at_target(const struct rules *r, const struct rule_state *st);
/* Behind rules_sample, with the days as they were at that sample. */
enum rule_verdict rules_target(const struct rules *r,
    const struct rule_state *st, const struct rule_days *days,
    struct rule_seen *seen);

/* ---- what is left ---- */

/*
 * One rule of a period as the phases job saw it last. It holds until the next
 * reset, flow or high; a floor that follows each high is the one at at_utc_ms.
 */
struct rule_line {
	bool is_set; /* the rule set has such a rule */
	struct amount
	    level;          /* floor, target, days needed, highest percentage */
	struct amount size; /* the allowance: `used` is a share of it */
	struct amount value; /* what it stands at, where deals alone say so */
	enum rule_metric test;
	enum rule_mode mode;   /* of a floor */
	enum rule_metric high; /* the value whose high that follows */
	struct amount top;     /* the floor rises no higher; else no end */
	struct amount pct;     /* of the high, where the allowance is of it */
	bool at_limit;         /* a value at the floor is a breach, too */
	int64_t due_utc_ms;    /* by when something has to happen; 0 */
	int64_t seconds;       /* within which, or for how long; 0 */
	bool warns;            /* a break is told, and no verdict */
	bool unjudged;         /* what it takes to judge it is not there */
	bool broken;           /* not kept as it stands */
	bool estimated;
};

struct rule_limits {
	int64_t at_utc_ms, resets_utc_ms;
	int days_done; /* counted whether or not a rule asks for them */
	struct rule_line line[RULE_KINDS];
};

void rules_limits(const struct rules *r, const struct rule_state *st,
    const struct rule_days *days, int64_t resets_utc_ms,
    struct rule_limits *out);

/* The account as it is now. */
struct rule_now {
	int64_t utc_ms;
	money_t balance, equity;
	/* The balance the ledger's deals stand for; another one now means deals
	 * we do not know: estimated. */
	struct amount synced;
	int64_t resets_utc_ms; /* of the limits */
};

struct rule_line_left {
	struct amount left; /* until it is broken, reached or done */
	bool used_known;
	double used; /* 0.16 of the allowance */
	/*
	 * Of a floor that follows each high: how far that may rise until the
	 * floor rises with it, and how far the floor then can.
	 */
	struct amount room, rise;
	bool estimated;
};

struct rule_left {
	struct rule_line_left line[RULE_KINDS];
	bool estimated; /* any of them */
};

/*
 * After the reset, today is unknown until the phases job has seen the new day,
 * and so is a total whose floor that reset may have raised. A floor that
 * follows each high is estimated: there may have been a high since that nobody
 * judged yet.
 */
void rules_left(const struct rule_limits *lim, money_t balance, money_t equity,
    const struct amount *synced, int64_t now_utc_ms, struct rule_left *out);

/*
 * A high that was seen after the limits were found: a floor that follows each
 * high is raised by it.
 */
void rules_raise(struct rule_limits *lim, enum rule_kind kind, money_t high);

/*
 * Staged warnings with hysteresis: the stage (0: none) of a use, where the
 * stage before was `stage`. It falls only 0.05 below its threshold.
 */
int rules_stage(const struct rules *r, int stage, double used);

#endif
