/* rules_limits.c: the limit line of each kind of rule, from the state. */
#include "lib/trading/money.h"
#include "lib/trading/rule_floors.h"
#include "lib/trading/rule_kinds.h"

void
rules_days_add(const struct rules *r, struct rule_days *days, money_t net)
{
	if (r->best_day.of_total || net > 0)
		(void)money_add(&days->whole, net);
	if (!r->best_day.per_trade)
		days->best = money_max(days->best, net);
}

void
rules_trade_add(const struct rules *r, struct rule_days *days, money_t net)
{
	if (r->best_day.per_trade)
		days->best = money_max(days->best, net);
}

bool
rules_best_day_passed(const struct rules *r, const struct rule_days *days)
{
	money_t best = days->best * 100 * MONEY_ONE;
	money_t most = days->whole * r->best_day.pct;

	return r->best_day.pct > 0 && days->best > 0 &&
	       (best > most || (r->best_day.at_limit && best == most));
}

bool
rules_day_counts(
    const struct rules *r, money_t initial, int opened, int closed, money_t net)
{
	money_t least = 1;

	if (r->days.profit.kind != RULE_SIZE_NONE)
		least = rules_size(&r->days.profit, initial);
	switch (r->days.counts) {
	case RULE_DAY_CLOSED:
		return closed > 0;
	case RULE_DAY_PROFITABLE:
		return net >= least;
	case RULE_DAY_OPENED:
		break;
	}
	return opened > 0;
}

static struct amount
known(bool yes, money_t v)
{
	struct amount a = {yes, yes ? v : 0};

	return a;
}

void
rules_limit_daily(const struct rule_basis *b, struct rule_line *out)
{
	out->is_set = b->rules->daily.size.kind != RULE_SIZE_NONE;
	out->level = known(true, rule_daily_floor(b->rules, b->st));
	out->size = known(true, rule_daily_allowance(b->rules, b->st));
	out->test = b->rules->daily.test;
	out->mode = b->rules->daily.trailing ? RULE_TRAILING : RULE_STATIC;
	out->high = b->rules->daily.baseline;
	out->at_limit = rules_at_is_breach(b->rules, b->rules->daily.breach);
	out->estimated = b->st->day_estimated;
}

void
rules_limit_total(const struct rule_basis *b, struct rule_line *out)
{
	const struct rules *r = b->rules;

	out->is_set = r->total.size.kind != RULE_SIZE_NONE;
	out->level = known(true, rule_total_floor(r, b->st));
	out->size = known(true, rule_total_allowance(r, b->st));
	out->pct =
	    known(r->total.of_high && r->total.size.kind == RULE_SIZE_PCT,
		r->total.size.v);
	out->at_limit = rules_at_is_breach(r, r->total.breach);
	out->test = r->total.test;
	out->mode = r->total.mode;
	out->high = r->total.hwm;
	out->top = rule_total_top(r, b->st);
	out->estimated = rule_total_estimated(r, b->st);
}

void
rules_limit_target(const struct rule_basis *b, struct rule_line *out)
{
	money_t size = rules_size(&b->rules->target.size, b->st->initial);

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
	bool has_share = d->whole > 0;

	out->is_set = b->rules->best_day.pct > 0;
	out->level = known(true, b->rules->best_day.pct);
	if (has_share)
		out->value = known(true,
		    (money_t)((money_t)d->best * 100 * MONEY_ONE / d->whole));
	out->at_limit = b->rules->best_day.at_limit;
	out->broken = rules_best_day_passed(b->rules, d);
}
