/* rule_values.c: words of metrics and modes, what a rule looks at, sizes. */
#include <string.h>

#include "lib/trading/money.h"
#include "lib/trading/rules.h"

static const char *const metric_words[] = {
    "balance", "equity", "higher", "lower"};
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

money_t
rules_value(enum rule_metric m, money_t balance, money_t equity)
{
	switch (m) {
	case RULE_EQUITY:
		return equity;
	case RULE_HIGHER:
		return money_max(balance, equity);
	case RULE_LOWER:
		return money_min(balance, equity);
	case RULE_BALANCE:
		break;
	}
	return balance;
}

/* A percentage is rounded to 1e-8, half up; both are never negative here. */
money_t
rules_size(const struct rule_size *s, money_t whole)
{
	const __int128 one = (money_t)MONEY_ONE * 100;

	switch (s->kind) {
	case RULE_SIZE_PCT:
		return (money_t)(((money_t)s->v * whole + one / 2) / one);
	case RULE_SIZE_MONEY:
		return s->v;
	case RULE_SIZE_NONE:
		break;
	}
	return 0;
}
