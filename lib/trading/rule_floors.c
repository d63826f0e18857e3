/* rule_floors.c: floors, allowances and the target, as the state stands. */
#include "lib/trading/money.h"
#include "lib/trading/rule_floors.h"

money_t
rule_daily_allowance(const struct rules *r, const struct rule_state *st)
{
	money_t baseline =
	    rules_value(r->daily.baseline, st->day_balance, st->day_equity);

	return rules_size(&r->daily.size,
	    r->daily.of_baseline ? money_max(0, baseline) : st->initial);
}

static money_t
daily_high(const struct rules *r, const struct rule_state *st)
{
	if (!r->daily.trailing)
		return rules_value(
		    r->daily.baseline, st->day_balance, st->day_equity);
	return rules_value(
	    r->daily.baseline, st->day_peak_balance, st->day_peak_equity);
}

money_t
rule_daily_floor(const struct rules *r, const struct rule_state *st)
{
	return daily_high(r, st) - rule_daily_allowance(r, st);
}

/* The floor never rises above that. */
struct amount
rule_total_top(const struct rules *r, const struct rule_state *st)
{
	struct amount top = r->total.lock;

	if (st->locked)
		return (struct amount){true, st->lock_level};
	if (r->total.lock_initial) {
		top.v = top.known ? money_min(top.v, st->base) : st->base;
		top.known = true;
	}
	return top;
}

static money_t
total_high(const struct rules *r, const struct rule_state *st)
{
	switch (r->total.mode) {
	case RULE_STATIC:
		break;
	case RULE_TRAILING_EOD:
		return money_max(st->base,
		    rules_value(r->total.hwm, st->eod_balance, st->eod_equity));
	case RULE_TRAILING:
		return money_max(
		    st->base, rules_value(r->total.hwm, st->peak_balance,
				  st->peak_equity));
	}
	return st->base;
}

money_t
rule_total_allowance(const struct rules *r, const struct rule_state *st)
{
	return rules_size(&r->total.size,
	    r->total.of_high ? money_max(0, total_high(r, st)) : st->initial);
}

/* A floor that is locked moves no more: what was not seen cannot matter. */
bool
rule_total_estimated(const struct rules *r, const struct rule_state *st)
{
	if (r->total.hwm == RULE_BALANCE || st->locked)
		return false;
	return (r->total.mode == RULE_TRAILING_EOD && st->eod_estimated) ||
	       (r->total.mode == RULE_TRAILING && st->peak_estimated);
}

money_t
rule_total_floor(const struct rules *r, const struct rule_state *st)
{
	struct amount top = rule_total_top(r, st);
	money_t floor = total_high(r, st) - rule_total_allowance(r, st);

	if (st->locked)
		return top.v;
	return top.known ? money_min(floor, top.v) : floor;
}

money_t
rule_target_level(const struct rules *r, const struct rule_state *st)
{
	return st->base + rules_size(&r->target.size, st->initial);
}

bool
rules_at_is_breach(const struct rules *r, enum rule_breach own)
{
	return (own != RULE_BREACH_AS_ALL ? own : r->breach) == RULE_BREACH_AT;
}
