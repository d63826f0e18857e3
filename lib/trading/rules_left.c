/* rules_left.c: what each kind of rule leaves, as the account is now. */
#include <string.h>

#include "lib/trading/money.h"
#include "lib/trading/rule_kinds.h"

static struct amount
known(money_t v)
{
	return (struct amount){true, v};
}

/* What is left to a floor, and how much of the allowance is used. */
static void
left_to(money_t floor, const struct amount *allowance, money_t value,
    struct rule_line_left *out)
{
	if (!allowance->known || allowance->v <= 0)
		return;
	out->left = known(value - floor);
	out->used_known = true;
	out->used = (double)(allowance->v - out->left.v) / (double)allowance->v;
	if (out->used < 0)
		out->used = 0;
}

/* How far the floor still can rise, with no end to it a very long way. */
static money_t
rise_to_top(const struct rule_line *line)
{
	const money_t far = (money_t)1 << 120;

	return line->top.known ? line->top.v - line->level.v : far;
}

/* The high that the floor stands for: a share of it is below the floor. */
static money_t
high_judged(const struct rule_line *line)
{
	return line->level.v + line->size.v;
}

/* The allowance under a high. */
static money_t
size_under(const struct rule_line *line, money_t high)
{
	const struct rule_size pct = {RULE_SIZE_PCT, line->pct.v};

	return line->pct.known ? rules_size(&pct, high) : line->size.v;
}

/* The floor by the highs known: the one judged last, and now. *size is the
 * allowance above it. */
static money_t
floor_now(const struct rule_line *line, const struct rule_now *now,
    struct amount *size, struct rule_line_left *out)
{
	money_t value = rules_value(line->high, now->balance, now->equity);
	money_t floor = line->level.v, over, rise;

	*size = line->size;
	if (line->mode != RULE_TRAILING || !line->size.known ||
	    rise_to_top(line) <= 0)
		return floor;
	out->estimated = true;
	over = value - high_judged(line);
	out->room = known(money_max(0, -over));
	if (over > 0)
		size->v = size_under(line, value);
	rise = over > 0 ? value - size->v - floor : 0;
	rise = money_min(rise, rise_to_top(line));
	if (line->top.known)
		out->rise = known(rise_to_top(line) - rise);
	return floor + rise;
}

/* What the reset changes is unknown after it. */
void
rules_left_daily(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out)
{
	struct amount size;
	money_t floor;

	if (!line->level.known || now->utc_ms >= now->resets_utc_ms)
		return;
	floor = floor_now(line, now, &size, out);
	left_to(floor, &size,
	    rules_value(line->test, now->balance, now->equity), out);
}

void
rules_raise(struct rule_limits *lim, enum rule_kind kind, money_t high)
{
	struct rule_line *line = &lim->line[kind];
	money_t rise;

	if (!line->is_set || line->mode != RULE_TRAILING ||
	    !line->level.known || !line->size.known || rise_to_top(line) <= 0)
		return;
	if (high <= high_judged(line))
		return;
	line->size.v = size_under(line, high);
	rise = high - line->size.v - line->level.v;
	line->level.v += money_min(money_max(0, rise), rise_to_top(line));
}

void
rules_left_total(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out)
{
	struct amount size;
	money_t floor;

	if (!line->level.known)
		return;
	floor = floor_now(line, now, &size, out);
	/* the last reset may have raised the floor */
	if (line->mode == RULE_TRAILING_EOD &&
	    now->utc_ms >= now->resets_utc_ms && rise_to_top(line) > 0)
		return;
	left_to(floor, &size,
	    rules_value(line->test, now->balance, now->equity), out);
}

void
rules_left_target(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out)
{
	if (line->level.known)
		out->left =
		    known(line->level.v -
			  rules_value(line->test, now->balance, now->equity));
}

void
rules_left_count(const struct rule_line *line, const struct rule_now *now,
    struct rule_line_left *out)
{
	(void)now;
	if (!line->level.known || !line->value.known)
		return;
	out->left = known(line->level.v - line->value.v);
	out->used_known = line->level.v > 0;
	if (out->used_known)
		out->used = (double)line->value.v / (double)line->level.v;
}
