/* rules.c: what a prop firm allows, folded over samples, flows and resets. */
#include <string.h>

#include "lib/trading/money.h"
#include "lib/trading/rule_kinds.h"

#define NEAR_RESET_MSC (120 * 1000)

static const char *const verdict_words[] = {
    [RULE_NO_VERDICT] = "none",
    [RULE_TARGET_REACHED] = "target_reached",
    [RULE_DAILY_BREACHED] = "daily_loss",
    [RULE_TOTAL_BREACHED] = "max_loss",
};

const char *
rule_verdict_word(enum rule_verdict v)
{
	return verdict_words[v];
}

static const char *const metric_words[] = {"balance", "equity", "higher"};
static const char *const mode_words[] = {"static", "trailing_eod", "trailing"};

/* The index of a word; -1. */
static int
find_word(const char *const words[], size_t len, const char *word)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -1;
}
#define FIND(words, word) \
	find_word(words, sizeof(words) / sizeof((words)[0]), word)

const char *
rule_metric_word(enum rule_metric m)
{
	return metric_words[m];
}

bool
rule_metric_from(const char *word, enum rule_metric *out)
{
	int i = FIND(metric_words, word);

	if (i != -1)
		*out = (enum rule_metric)i;
	return i != -1;
}

bool
rule_verdict_from(const char *word, enum rule_verdict *out)
{
	int i = FIND(verdict_words, word);

	if (i != -1)
		*out = (enum rule_verdict)i;
	return i != -1;
}

const char *
rule_mode_word(enum rule_mode m)
{
	return mode_words[m];
}

bool
rule_mode_from(const char *word, enum rule_mode *out)
{
	int i = FIND(mode_words, word);

	if (i != -1)
		*out = (enum rule_mode)i;
	return i != -1;
}

int64_t
rules_value(enum rule_metric m, int64_t balance, int64_t equity)
{
	switch (m) {
	case RULE_EQUITY:
		return equity;
	case RULE_HIGHER:
		return money_max(balance, equity);
	case RULE_BALANCE:
		break;
	}
	return balance;
}

/* A percentage is rounded to 1e-8, half up; both are never negative here. */
int64_t
rules_size(const struct rule_size *s, int64_t whole)
{
	const __int128 one = (__int128)MONEY_ONE * 100;

	switch (s->kind) {
	case RULE_SIZE_PCT:
		return (int64_t)(((__int128)s->v * whole + one / 2) / one);
	case RULE_SIZE_MONEY:
		return s->v;
	case RULE_SIZE_NONE:
		break;
	}
	return 0;
}

/* ---- the fold ---- */

void
rules_begin(struct rule_state *st, int64_t initial, int64_t day_msc,
    const struct rule_sample *s)
{
	memset(st, 0, sizeof(*st));
	st->begun = true;
	st->initial = st->base = initial;
	st->at_msc = st->sampled_msc = s->at_msc;
	st->balance = s->balance;
	st->equity = s->equity;
	st->peak_balance = money_max(initial, s->balance);
	st->peak_equity = money_max(initial, s->equity);
	st->eod_balance = st->eod_equity = initial;
	st->day_msc = day_msc;
	st->day_balance = s->balance;
	st->day_equity = s->equity;
	st->day_low = st->day_high = s->equity;
	st->day_estimated = s->at_msc - day_msc > NEAR_RESET_MSC &&
			    (s->balance != initial || s->equity != initial);
}

/* What a withdrawal takes beyond the profit lowers the base. */
static int64_t
base_after(const struct rule_state *st, int64_t flow)
{
	int64_t profit = money_max(0, st->balance - st->base);

	if (flow >= 0)
		return st->base + flow;
	return st->base - money_max(0, -flow - profit);
}

/* The firm put the account back to its start. */
static void
start_over(struct rule_state *st, int64_t at_msc)
{
	st->since_msc = at_msc;
	st->base = st->balance = st->initial;
	st->equity = st->initial;
	st->peak_balance = st->peak_equity = st->initial;
	st->eod_balance = st->eod_equity = st->initial;
	st->eod_estimated = false;
	st->day_balance = st->day_equity = st->initial;
	st->day_low = st->day_high = st->initial;
	st->stage_daily = st->stage_total = 0;
}

void
rules_flow(struct rule_state *st, int64_t at_msc, int64_t flow)
{
	st->at_msc = money_max(st->at_msc, at_msc);
	if (flow > 0 && st->balance + flow == st->initial) {
		start_over(st, at_msc);
		return;
	}
	st->base = base_after(st, flow);
	st->balance += flow;
	st->equity += flow;
	st->peak_balance = money_max(st->base, st->peak_balance + flow);
	st->peak_equity = money_max(st->base, st->peak_equity + flow);
	st->eod_balance = money_max(st->base, st->eod_balance + flow);
	st->eod_equity = money_max(st->base, st->eod_equity + flow);
	st->day_balance += flow;
	st->day_equity += flow;
	st->day_low += flow;
	st->day_high += flow;
}

void
rules_reset(struct rule_state *st, int64_t day_msc, int64_t balance,
    int64_t equity, bool estimated)
{
	st->at_msc = money_max(st->at_msc, day_msc);
	st->balance = balance;
	st->equity = equity;
	st->eod_balance = money_max(st->eod_balance, balance);
	st->eod_equity = money_max(st->eod_equity, equity);
	st->eod_estimated = st->eod_estimated || estimated;
	st->day_msc = day_msc;
	st->day_balance = balance;
	st->day_equity = equity;
	st->day_low = st->day_high = equity;
	st->day_estimated = estimated;
	st->stage_daily = 0;
}

static int64_t
daily_allowance(const struct rules *r, const struct rule_state *st)
{
	int64_t baseline =
	    rules_value(r->daily.baseline, st->day_balance, st->day_equity);

	return rules_size(&r->daily.size,
	    r->daily.of_baseline ? money_max(0, baseline) : st->initial);
}

static int64_t
daily_floor(const struct rules *r, const struct rule_state *st)
{
	return rules_value(r->daily.baseline, st->day_balance, st->day_equity) -
	       daily_allowance(r, st);
}

/* The floor never rises above that. */
static struct amount
total_top(const struct rules *r, const struct rule_state *st)
{
	struct amount top = r->total.lock;

	if (r->total.lock_initial) {
		top.v = top.known ? money_min(top.v, st->base) : st->base;
		top.known = true;
	}
	return top;
}

static int64_t
total_floor(const struct rules *r, const struct rule_state *st)
{
	struct amount top = total_top(r, st);
	int64_t high = st->base, floor;

	switch (r->total.mode) {
	case RULE_STATIC:
		break;
	case RULE_TRAILING_EOD:
		high = money_max(high,
		    rules_value(r->total.hwm, st->eod_balance, st->eod_equity));
		break;
	case RULE_TRAILING:
		high = money_max(high, rules_value(r->total.hwm,
					   st->peak_balance, st->peak_equity));
		break;
	}
	floor = high - rules_size(&r->total.size, st->initial);
	return top.known ? money_min(floor, top.v) : floor;
}

/* ---- verdicts ---- */

/* The value that broke a floor, in *value. */
static bool
broke(enum rule_metric test, int64_t floor, const struct rule_sample *s,
    int64_t low, int64_t low_floor, int64_t *value)
{
	*value = test == RULE_BALANCE ? s->balance : s->equity;
	if (*value < floor)
		return true;
	if (test == RULE_BALANCE || low >= low_floor)
		return false;
	*value = low;
	return true;
}

static enum rule_verdict
see(struct rule_seen *seen, enum rule_verdict v, int64_t value, int64_t level,
    int64_t baseline)
{
	seen->verdict = v;
	seen->value = value;
	seen->level = level;
	seen->baseline = baseline;
	return v;
}

static bool
target_met(const struct rules *r, const struct rule_state *st,
    const struct rule_days *days, int64_t *value, int64_t *level)
{
	if (r->target.size.kind == RULE_SIZE_NONE ||
	    days->done < r->days.needed)
		return false;
	*value = rules_value(r->target.basis, st->balance, st->equity);
	*level = st->base + rules_size(&r->target.size, st->initial);
	return *value >= *level && !rules_best_day_passed(r, days);
}

static void
fold_sample(struct rule_state *st, const struct rule_sample *s, int64_t flow)
{
	st->at_msc = st->sampled_msc = s->at_msc;
	st->balance = s->balance;
	st->equity = s->equity;
	st->peak_balance = money_max(st->peak_balance, s->balance);
	/* with cash in between, its high may be of before */
	st->peak_equity =
	    money_max(st->peak_equity, flow == 0 ? s->high : s->equity);
	st->day_low = money_min(st->day_low, flow == 0 ? s->low : s->equity);
	st->day_high = money_max(st->day_high, flow == 0 ? s->high : s->equity);
}

enum rule_verdict
rules_sample(const struct rules *r, struct rule_state *st,
    const struct rule_sample *s, int64_t flow, const struct rule_days *days,
    struct rule_seen *seen)
{
	/* floors before the sample's own high could raise them */
	int64_t low_total = total_floor(r, st) - money_max(0, flow);
	int64_t low_daily = daily_floor(r, st) - money_max(0, flow);
	int64_t value, level, baseline;

	fold_sample(st, s, flow);
	baseline =
	    rules_value(r->daily.baseline, st->day_balance, st->day_equity);
	memset(seen, 0, sizeof(*seen));
	seen->at_msc = s->at_msc;
	seen->balance = s->balance;
	seen->equity = s->equity;
	seen->low = s->low;
	level = total_floor(r, st);
	if (r->total.size.kind != RULE_SIZE_NONE &&
	    broke(r->total.test, level, s, s->low, low_total, &value))
		return see(seen, RULE_TOTAL_BREACHED, value,
		    value < low_total ? low_total : level, st->base);
	level = daily_floor(r, st);
	if (r->daily.size.kind != RULE_SIZE_NONE &&
	    broke(r->daily.test, level, s, s->low, low_daily, &value)) {
		seen->estimated = st->day_estimated;
		return see(seen, RULE_DAILY_BREACHED, value,
		    value < low_daily ? low_daily : level, baseline);
	}
	if (target_met(r, st, days, &value, &level))
		return see(seen, RULE_TARGET_REACHED, value, level, st->base);
	return RULE_NO_VERDICT;
}

/* ---- limits ---- */

bool
rules_best_day_passed(const struct rules *r, const struct rule_days *days)
{
	return r->best_day_pct > 0 && days->profit > 0 &&
	       (__int128)days->best * 100 * MONEY_ONE >
		   (__int128)days->profit * r->best_day_pct;
}

static struct amount
known(bool yes, int64_t v)
{
	struct amount a = {yes, yes ? v : 0};

	return a;
}

void
rules_limit_daily(const struct rule_basis *b, struct rule_line *out)
{
	out->is_set = b->rules->daily.size.kind != RULE_SIZE_NONE;
	out->level = known(true, daily_floor(b->rules, b->st));
	out->size = known(true, daily_allowance(b->rules, b->st));
	out->test = b->rules->daily.test;
	out->estimated = b->st->day_estimated;
}

void
rules_limit_total(const struct rule_basis *b, struct rule_line *out)
{
	const struct rules *r = b->rules;

	out->is_set = r->total.size.kind != RULE_SIZE_NONE;
	out->level = known(true, total_floor(r, b->st));
	out->size = known(true, rules_size(&r->total.size, b->st->initial));
	out->test = r->total.test;
	out->mode = r->total.mode;
	out->high = r->total.hwm;
	out->top = total_top(r, b->st);
	out->estimated = r->total.mode == RULE_TRAILING_EOD &&
			 r->total.hwm != RULE_BALANCE && b->st->eod_estimated;
}

void
rules_limit_target(const struct rule_basis *b, struct rule_line *out)
{
	int64_t size = rules_size(&b->rules->target.size, b->st->initial);

	out->is_set = b->rules->target.size.kind != RULE_SIZE_NONE;
	out->level = known(true, b->st->base + size);
	out->size = known(true, size);
	out->test = b->rules->target.basis;
}

void
rules_limit_days(const struct rule_basis *b, struct rule_line *out)
{
	out->is_set = b->rules->days.needed > 0;
	out->level = known(true, b->rules->days.needed * MONEY_ONE);
	out->value = known(true, b->days->done * MONEY_ONE);
}

void
rules_limit_best_day(const struct rule_basis *b, struct rule_line *out)
{
	const struct rule_days *d = b->days;
	bool has_share = d->profit > 0;

	out->is_set = b->rules->best_day_pct > 0;
	out->level = known(true, b->rules->best_day_pct);
	if (has_share)
		out->value = known(true,
		    (int64_t)((__int128)d->best * 100 * MONEY_ONE / d->profit));
	out->broken = rules_best_day_passed(b->rules, d);
}

void
rules_limits(const struct rules *r, const struct rule_state *st,
    const struct rule_days *days, int64_t resets_msc, struct rule_limits *out)
{
	const struct rule_basis basis = {r, st, days};

	memset(out, 0, sizeof(*out));
	out->at_msc = st->at_msc;
	out->resets_msc = resets_msc;
	out->days_done = days->done;
	for (int k = 0; k < RULE_KINDS; k++) {
		struct rule_line line = {.is_set = false};

		rule_kinds[k].limit(&basis, &line);
		if (line.is_set)
			out->line[k] = line;
	}
}
