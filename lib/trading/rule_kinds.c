/* rule_kinds.c: the kinds of rules, a row each. */
#include <string.h>

#include "lib/trading/rule_kinds.h"

#define DEALS "all deals of the account, with their UTC"

const struct rule_kind_row rule_kinds[RULE_KINDS] = {
    [RULE_DAILY_LOSS] = {"daily_loss", "money", rules_read_daily,
	rules_limit_daily, rules_left_daily, .title = "daily loss"},
    [RULE_MAX_LOSS] = {"max_loss", "money", rules_read_total, rules_limit_total,
	rules_left_total, .title = "maximum loss"},
    [RULE_PROFIT_TARGET] = {"profit_target", "money", rules_read_target,
	rules_limit_target, rules_left_target},
    [RULE_MIN_DAYS] = {"min_trading_days", "days", rules_read_days,
	rules_limit_days, rules_left_count},
    [RULE_BEST_DAY] = {"best_day", "percent", rules_read_best_day,
	rules_limit_best_day, rules_left_count},
    [RULE_FLOATING_LOSS] = {"floating_loss", "money", rules_read_floating,
	rules_limit_floating, rules_left_floating, rules_floating_is_broken,
	"floating loss"},
    [RULE_MAX_DAYS] = {"max_days", "days", rules_read_max_days,
	rules_limit_max_days, rules_left_days, .title = "time for the phase",
	.needs = DEALS, .of_trading = true},
    [RULE_INACTIVITY] = {"inactivity_days", "days", rules_read_inactivity,
	rules_limit_inactivity, rules_left_days,
	.title = "time until the next trade", .needs = DEALS,
	.of_trading = true},
    [RULE_MAX_LOTS] = {"max_lots", "lots", rules_read_lots, rules_limit_lots,
	rules_left_count, .title = "lots of all positions", .needs = DEALS,
	.of_trading = true},
    [RULE_MAX_LOTS_POSITION] = {"max_lots_position", "lots", NULL,
	rules_limit_lots_position, rules_left_count,
	.title = "lots of a position", .needs = DEALS, .of_trading = true},
    [RULE_MIN_HOLD] = {"min_hold", "percent", rules_read_min_hold,
	rules_limit_min_hold, rules_left_share,
	.title = "share of trades closed early", .needs = DEALS,
	.of_trading = true},
    [RULE_STOP_LOSS] = {"stop_loss", "positions", rules_read_stop_loss,
	rules_limit_stop_loss, rules_left_none,
	.needs = "the stop loss of each position within its time: in the "
		 "opening deal, or in a snapshot of the terminal",
	.of_trading = true},
    [RULE_FLAT] = {"flat", "positions", rules_read_flat, rules_limit_flat,
	rules_left_flat, .title = "time until all has to be closed",
	.needs = DEALS, .of_trading = true},
};

const char *
rule_kind_title(enum rule_kind k)
{
	return rule_kinds[k].title;
}

const char *
rule_kind_needs(enum rule_kind k)
{
	return rule_kinds[k].needs;
}

bool
rule_kind_of_trading(enum rule_kind k)
{
	return rule_kinds[k].of_trading;
}

const char *
rule_kind_word(enum rule_kind k)
{
	return rule_kinds[k].word;
}

bool
rule_kind_from(const char *word, enum rule_kind *out)
{
	for (int k = 0; k < RULE_KINDS; k++)
		if (strcmp(rule_kinds[k].word, word) == 0) {
			*out = (enum rule_kind)k;
			return true;
		}
	return false;
}

const char *
rule_kind_unit(enum rule_kind k)
{
	return rule_kinds[k].unit;
}

bool
rules_only_warns(const struct rules *r, enum rule_kind kind)
{
	const struct rule_trades none = {.known = true};
	const struct rule_days days = {.trades = none};
	const struct rule_basis basis = {r, NULL, &days};
	struct rule_line line = {.is_set = false};

	if (rule_kinds[kind].of_trading)
		rule_kinds[kind].limit(&basis, &line);
	return line.warns;
}
