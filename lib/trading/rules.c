/* rules.c: what a prop firm allows, folded over samples, flows and resets. */
#include <string.h>

#include "lib/trading/money.h"
#include "lib/trading/rule_floors.h"
#include "lib/trading/rule_kinds.h"

#define NEAR_RESET_MS (120 * 1000)

const char *
rule_seen_word(const struct rule_seen *seen)
{
	switch (seen->verdict) {
	case RULE_NO_VERDICT:
		return "none";
	case RULE_TARGET_REACHED:
		return "target_reached";
	case RULE_DAILY_BREACHED:
		return rule_kind_word(RULE_DAILY_LOSS);
	case RULE_TOTAL_BREACHED:
		return rule_kind_word(RULE_MAX_LOSS);
	case RULE_KIND_BREACHED:
		break;
	}
	return rule_kind_word(seen->kind);
}

bool
rule_seen_from(const char *word, struct rule_seen *seen)
{
	seen->verdict = RULE_KIND_BREACHED;
	if (strcmp(word, "none") == 0)
		seen->verdict = RULE_NO_VERDICT;
	else if (strcmp(word, "target_reached") == 0)
		seen->verdict = RULE_TARGET_REACHED;
	else if (!rule_kind_from(word, &seen->kind))
		return false;
	else if (seen->kind == RULE_DAILY_LOSS)
		seen->verdict = RULE_DAILY_BREACHED;
	else if (seen->kind == RULE_MAX_LOSS)
		seen->verdict = RULE_TOTAL_BREACHED;
	return true;
}

/* ---- the fold ---- */

void
rules_begin(struct rule_state *st, money_t initial, int64_t day_utc_ms,
    const struct rule_sample *s)
{
	memset(st, 0, sizeof(*st));
	st->begun = true;
	st->initial = st->base = initial;
	st->at_utc_ms = st->sampled_utc_ms = st->started_utc_ms = s->at_utc_ms;
	st->balance = s->balance;
	st->equity = s->equity;
	st->peak_balance = money_max(initial, s->balance);
	st->peak_equity = money_max(initial, s->equity);
	st->eod_balance = st->eod_equity = initial;
	st->day_utc_ms = day_utc_ms;
	st->day_balance = s->balance;
	st->day_equity = s->equity;
	st->day_low = st->day_high = s->equity;
	st->day_peak_balance = s->balance;
	st->day_peak_equity = s->equity;
	st->day_estimated = s->at_utc_ms - day_utc_ms > NEAR_RESET_MS &&
			    (s->balance != initial || s->equity != initial);
}

/* A lock that is reached is never undone, whatever is paid out. */
static void
settle_lock(const struct rules *r, struct rule_state *st)
{
	struct amount top = rule_total_top(r, st);

	if (!st->locked && top.known && rule_total_floor(r, st) >= top.v) {
		st->locked = true;
		st->lock_level = top.v;
	}
}

/* Before a flow or a reset moves them. */
static void
keep_low_floors(const struct rules *r, struct rule_state *st)
{
	money_t daily = rule_daily_floor(r, st),
		total = rule_total_floor(r, st);

	if (st->low_daily.known) {
		daily = money_min(daily, st->low_daily.v);
		total = money_min(total, st->low_total.v);
	}
	st->low_daily = (struct amount){true, daily};
	st->low_total = (struct amount){true, total};
}

/* What a withdrawal takes beyond the profit lowers the base. */
static money_t
base_after(const struct rule_state *st, money_t flow)
{
	money_t profit = money_max(0, st->balance - st->base);

	if (flow >= 0)
		return st->base + flow;
	return st->base - money_max(0, -flow - profit);
}

/* The firm put the account back to its start. */
static void
start_over(struct rule_state *st, int64_t at_utc_ms, money_t balance)
{
	money_t high = money_max(st->initial, balance);

	st->since_utc_ms = at_utc_ms;
	st->base = st->initial;
	st->balance = st->equity = balance;
	st->peak_balance = st->peak_equity = high;
	st->eod_balance = st->eod_equity = high;
	st->eod_estimated = st->peak_estimated = false;
	st->day_balance = st->day_equity = balance;
	st->day_low = st->day_high = balance;
	st->day_peak_balance = st->day_peak_equity = balance;
	st->locked = false;
	memset(st->stage, 0, sizeof(st->stage));
}

/* The base and the highs of the maximum loss. */
static void
move_total(struct rule_state *st, money_t flow)
{
	st->base = base_after(st, flow);
	st->peak_balance = money_max(st->base, st->peak_balance + flow);
	st->peak_equity = money_max(st->base, st->peak_equity + flow);
	st->eod_balance = money_max(st->base, st->eod_balance + flow);
	st->eod_equity = money_max(st->base, st->eod_equity + flow);
}

/* The account itself, and its day. */
static void
move_day(struct rule_state *st, money_t flow)
{
	st->balance += flow;
	st->equity += flow;
	st->day_balance += flow;
	st->day_equity += flow;
	st->day_low += flow;
	st->day_high += flow;
	st->day_peak_balance += flow;
	st->day_peak_equity += flow;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

void
rules_restart(const struct rules *r, struct rule_state *st, int64_t at_utc_ms,
    money_t balance)
{
	keep_low_floors(r, st);
	st->at_utc_ms = later(st->at_utc_ms, at_utc_ms);
	start_over(st, at_utc_ms, balance);
}

void
rules_shift(const struct rules *r, struct rule_state *st, int64_t at_utc_ms,
    money_t amount)
{
	keep_low_floors(r, st);
	st->at_utc_ms = later(st->at_utc_ms, at_utc_ms);
	st->base += amount;
	st->peak_balance += amount;
	st->peak_equity += amount;
	st->eod_balance += amount;
	st->eod_equity += amount;
	if (st->locked && r->total.lock_initial)
		st->lock_level += amount;
	move_day(st, amount);
}

void
rules_flow(const struct rules *r, struct rule_state *st, int64_t at_utc_ms,
    money_t flow)
{
	if (flow > 0 && st->balance + flow == st->initial)
		rules_restart(r, st, at_utc_ms, st->initial);
	else
		rules_move(r, st, at_utc_ms, flow);
}

void
rules_move(const struct rules *r, struct rule_state *st, int64_t at_utc_ms,
    money_t flow)
{
	keep_low_floors(r, st);
	st->at_utc_ms = later(st->at_utc_ms, at_utc_ms);
	/* a lock at the initial balance is one at the base */
	if (st->locked && r->total.lock_initial && flow > 0)
		st->lock_level += flow;
	move_total(st, flow);
	move_day(st, flow);
	settle_lock(r, st);
}

static void
lock_now(const struct rules *r, struct rule_state *st)
{
	struct amount top = rule_total_top(r, st);

	st->lock_level = top.known ? top.v : rule_total_floor(r, st);
	st->locked = true;
}

static void
restart_at(struct rule_state *st, money_t balance)
{
	st->eod_estimated = st->peak_estimated = false;
	st->base = balance;
	st->peak_balance = st->peak_equity = balance;
	st->eod_balance = st->eod_equity = balance;
}

void
rules_payout(const struct rules *r, struct rule_state *st, int64_t at_utc_ms,
    money_t amount)
{
	keep_low_floors(r, st);
	st->at_utc_ms = later(st->at_utc_ms, at_utc_ms);
	st->payout_utc_ms = at_utc_ms;
	switch (r->total.on_payout) {
	case RULE_PAYOUT_LOCKS:
		lock_now(r, st);
		move_total(st, -amount);
		break;
	case RULE_PAYOUT_MOVES:
		move_total(st, -amount);
		break;
	case RULE_PAYOUT_RESTARTS:
		restart_at(st, st->balance - amount);
		break;
	case RULE_PAYOUT_STAYS:
		break;
	}
	move_day(st, -amount);
	settle_lock(r, st);
}

void
rules_reset(const struct rules *r, struct rule_state *st, int64_t day_utc_ms,
    money_t balance, money_t equity, bool estimated)
{
	keep_low_floors(r, st);
	st->at_utc_ms = later(st->at_utc_ms, day_utc_ms);
	st->balance = balance;
	st->equity = equity;
	st->eod_balance = money_max(st->eod_balance, balance);
	st->eod_equity = money_max(st->eod_equity, equity);
	st->eod_estimated = st->eod_estimated || estimated;
	st->day_utc_ms = day_utc_ms;
	st->day_balance = st->day_peak_balance = balance;
	st->day_equity = st->day_peak_equity = equity;
	st->day_low = st->day_high = equity;
	st->day_estimated = estimated;
	st->stage[RULE_DAILY_LOSS] = 0;
	settle_lock(r, st);
}

/* ---- verdicts ---- */

/* A floor, and what is held against it. */
struct held {
	enum rule_metric test;
	bool at_limit;
	money_t floor, low_floor; /* for the value now, and for the low */
};

/* The value that broke the floor, and that floor. */
static bool
broke(const struct held *h, const struct rule_sample *s, money_t *value,
    money_t *level)
{
	*value = rules_value(h->test, s->balance, s->equity);
	*level = h->floor;
	if (*value < h->floor || (h->at_limit && *value == h->floor))
		return true;
	if (h->test == RULE_BALANCE)
		return false;
	*value = s->low;
	*level = h->low_floor;
	return s->low < h->low_floor || (h->at_limit && s->low == h->low_floor);
}

bool
rules_at_target(const struct rules *r, const struct rule_state *st)
{
	return r->target.size.kind != RULE_SIZE_NONE &&
	       rules_value(r->target.basis, st->balance, st->equity) >=
		   rule_target_level(r, st);
}

enum rule_verdict
rules_target(const struct rules *r, const struct rule_state *st,
    const struct rule_days *days, struct rule_seen *seen)
{
	if (!rules_at_target(r, st) || days->done < r->days.needed ||
	    rules_best_day_passed(r, days))
		return RULE_NO_VERDICT;
	seen->verdict = RULE_TARGET_REACHED;
	seen->value = rules_value(r->target.basis, st->balance, st->equity);
	seen->level = rule_target_level(r, st);
	seen->baseline = st->base;
	return RULE_TARGET_REACHED;
}

/* Its high and low may be of before a flow, a credit or a reset. */
static void
fold_sample(struct rule_state *st, const struct rule_sample *s, money_t flow,
    bool has_reset)
{
	bool of_day = flow == 0 && !has_reset;
	money_t high = of_day ? s->high : s->equity;

	st->at_utc_ms = st->sampled_utc_ms = s->at_utc_ms;
	st->balance = s->balance;
	st->equity = s->equity;
	st->peak_balance = money_max(st->peak_balance, s->balance);
	st->peak_equity =
	    money_max(st->peak_equity, flow == 0 ? s->high : s->equity);
	st->day_low = money_min(st->day_low, of_day ? s->low : s->equity);
	st->day_high = money_max(st->day_high, high);
	st->day_peak_balance = money_max(st->day_peak_balance, s->balance);
	st->day_peak_equity = money_max(st->day_peak_equity, high);
	st->low_daily.known = st->low_total.known = false;
}

/* A limit that the sample broke: *seen is what it says of that. */
static bool
broke_total(const struct rules *r, const struct rule_state *st,
    const struct rule_sample *s, money_t low_floor, struct rule_seen *seen)
{
	const struct held h = {.test = r->total.test,
	    .at_limit = rules_at_is_breach(r, r->total.breach),
	    .floor = rule_total_floor(r, st),
	    .low_floor = low_floor};

	if (r->total.size.kind == RULE_SIZE_NONE ||
	    !broke(&h, s, &seen->value, &seen->level))
		return false;
	seen->verdict = RULE_TOTAL_BREACHED;
	seen->kind = RULE_MAX_LOSS;
	seen->estimated = rule_total_estimated(r, st);
	seen->baseline = st->base;
	return true;
}

static bool
broke_daily(const struct rules *r, const struct rule_state *st,
    const struct rule_sample *s, money_t low_floor, struct rule_seen *seen)
{
	const struct held h = {.test = r->daily.test,
	    .at_limit = rules_at_is_breach(r, r->daily.breach),
	    .floor = rule_daily_floor(r, st),
	    .low_floor = low_floor};

	if (r->daily.size.kind == RULE_SIZE_NONE ||
	    !broke(&h, s, &seen->value, &seen->level))
		return false;
	seen->verdict = RULE_DAILY_BREACHED;
	seen->kind = RULE_DAILY_LOSS;
	seen->pauses = r->daily.pause;
	seen->estimated = st->day_estimated;
	seen->baseline =
	    rules_value(r->daily.baseline, st->day_balance, st->day_equity);
	return true;
}

static bool
broke_other(const struct rules *r, const struct rule_state *st,
    const struct rule_sample *s, enum rule_kind kind, struct rule_seen *seen)
{
	const struct rule_basis basis = {r, st, NULL};

	if (rule_kinds[kind].is_broken == NULL ||
	    !rule_kinds[kind].is_broken(&basis, s, seen))
		return false;
	seen->verdict = RULE_KIND_BREACHED;
	seen->kind = kind;
	return true;
}

/* Of two that one sample broke: the maximum loss, then what is for good before
 * what pauses, then the daily loss. */
static int
rank(const struct rule_seen *seen)
{
	if (seen->verdict == RULE_TOTAL_BREACHED)
		return 4;
	return (seen->pauses ? 0 : 2) +
	       (seen->verdict == RULE_DAILY_BREACHED ? 1 : 0);
}

enum rule_verdict
rules_sample(const struct rules *r, struct rule_state *st,
    const struct rule_sample *s, money_t flow, const struct rule_days *days,
    int64_t excused, struct rule_seen *seen)
{
	const struct rule_seen none = {.at_utc_ms = s->at_utc_ms,
	    .balance = s->balance,
	    .equity = s->equity,
	    .low = s->low};
	bool has_reset = st->low_daily.known;
	money_t low_daily, low_total;

	/* floors before the sample's own high could raise them */
	keep_low_floors(r, st);
	low_daily = st->low_daily.v;
	low_total = st->low_total.v;
	fold_sample(st, s, flow, has_reset);
	settle_lock(r, st);
	*seen = none;
	for (int k = 0; k < RULE_KINDS; k++) {
		struct rule_seen this = none;
		bool is;

		if (k == RULE_MAX_LOSS)
			is = broke_total(r, st, s, low_total, &this);
		else if (k == RULE_DAILY_LOSS)
			is = broke_daily(r, st, s, low_daily, &this);
		else
			is = broke_other(r, st, s, (enum rule_kind)k, &this);
		if (!is)
			continue;
		this.broken = seen->broken | RULE_BIT(k);
		seen->broken = this.broken;
		if ((excused & RULE_BIT(k)) == 0 &&
		    (seen->verdict == RULE_NO_VERDICT ||
			rank(&this) > rank(seen)))
			*seen = this;
	}
	if (seen->verdict != RULE_NO_VERDICT || days == NULL)
		return seen->verdict;
	return rules_target(r, st, days, seen);
}
