/* rule_kinds.c: the kinds of rules, a row each. */
#include <string.h>

#include "lib/trading/rule_kinds.h"

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
