/* rules_left.c: what is left of the limits, as the account is now. */
#include <string.h>

#include "lib/trading/money.h"
#include "lib/trading/rules.h"

#define HYSTERESIS 0.05

static struct amount
known(int64_t v)
{
	return (struct amount){true, v};
}

/* What is left to a floor, and how much of the allowance is used. */
static bool
left_to(const struct amount *floor, const struct amount *allowance,
    int64_t value, struct amount *left, double *used)
{
	if (!floor->known || !allowance->known || allowance->v <= 0)
		return false;
	left->known = true;
	left->v = value - floor->v;
	*used = (double)(allowance->v - left->v) / (double)allowance->v;
	if (*used < 0)
		*used = 0;
	return true;
}

/* How far the floor still can rise, with no end to it a very long way. */
static int64_t
rise_to_top(const struct rule_limits *lim)
{
	return lim->total_top.known ? lim->total_top.v - lim->total_floor.v
				    : INT64_MAX;
}

static bool
is_floating(const struct rule_limits *lim)
{
	return lim->total_mode == RULE_TRAILING && lim->total_floor.known &&
	       lim->total_allowance.known && rise_to_top(lim) > 0;
}

/* The floor by the highs known: the one judged last, and now. */
static struct amount
floor_now(const struct rule_limits *lim, int64_t balance, int64_t equity,
    struct rule_left *out)
{
	struct amount floor = lim->total_floor;
	int64_t rise;

	if (!is_floating(lim))
		return floor;
	out->estimated = true;
	rise = rules_value(lim->total_high, balance, equity) -
	       lim->total_allowance.v - floor.v;
	out->total_room = known(money_max(0, -rise));
	rise = money_min(money_max(0, rise), rise_to_top(lim));
	if (lim->total_top.known)
		out->total_rise = known(rise_to_top(lim) - rise);
	floor.v += rise;
	return floor;
}

/* The last reset may have raised the floor. */
static bool
total_is_over(const struct rule_limits *lim, int64_t now_msc)
{
	return lim->total_mode == RULE_TRAILING_EOD &&
	       now_msc >= lim->resets_msc && rise_to_top(lim) > 0;
}

void
rules_left(const struct rule_limits *lim, int64_t balance, int64_t equity,
    const struct amount *synced, int64_t now_msc, struct rule_left *out)
{
	struct amount floor;

	memset(out, 0, sizeof(*out));
	out->estimated =
	    lim->estimated || !synced->known || synced->v != balance;
	if (now_msc < lim->resets_msc)
		out->used_known_today =
		    left_to(&lim->daily_floor, &lim->daily_allowance,
			rules_value(lim->daily_test, balance, equity),
			&out->today_left, &out->used_today);
	floor = floor_now(lim, balance, equity, out);
	if (!total_is_over(lim, now_msc))
		out->used_known_total = left_to(&floor, &lim->total_allowance,
		    rules_value(lim->total_test, balance, equity),
		    &out->total_left, &out->used_total);
	if (lim->target_level.known)
		out->target_left =
		    known(lim->target_level.v -
			  rules_value(lim->target_basis, balance, equity));
}

int
rules_stage(const struct rules *r, int stage, double used)
{
	while (stage < r->warn_len &&
	       used >= (double)r->warn_at[stage] / (double)MONEY_ONE)
		stage++;
	while (stage > 0 &&
	       (stage > r->warn_len ||
		   used < (double)r->warn_at[stage - 1] / (double)MONEY_ONE -
			      HYSTERESIS))
		stage--;
	return stage;
}
