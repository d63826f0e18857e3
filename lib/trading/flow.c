/* flow.c: what a deal that is no trade is for: the words, and what fits. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/trading/flow.h"

static const char *const words[DEAL_MEANINGS] = {
    [DEAL_DEPOSIT] = "deposit",
    [DEAL_WITHDRAWAL] = "withdrawal",
    [DEAL_PAYOUT] = "payout",
    [DEAL_RESET] = "reset",
    [DEAL_FEE] = "fee",
    [DEAL_DIVIDEND] = "dividend",
    [DEAL_CORRECTED] = "correction",
    [DEAL_CORRECTED_PL] = "correction",
    [DEAL_CAPITAL] = "capital",
    [DEAL_CREDITED] = "credit",
};

const char *
flow_word(enum deal_meaning m)
{
	return words[m];
}

bool
flow_from(const char *word, enum deal_meaning *out)
{
	for (int m = 0; m < DEAL_MEANINGS; m++)
		if (words[m] != NULL && strcmp(words[m], word) == 0) {
			*out = (enum deal_meaning)m;
			return true;
		}
	return false;
}

static bool
is_credit(enum deal_meaning m)
{
	return m == DEAL_CAPITAL || m == DEAL_CREDITED;
}

bool
flow_fits(const struct deal *d, enum deal_meaning m, char why[FLOW_WHY_SIZE])
{
	enum deal_kind kind = deal_kind_by_type(d);
	char text[MONEY_SIZE];
	money_t net = 0;

	if (kind == DEAL_KIND_TRADE) {
		snprintf(why, FLOW_WHY_SIZE,
		    "deal %" PRId64 " is a trade of position %" PRId64
		    ": only what is no trade has a meaning",
		    d->ticket, d->position_id);
		return false;
	}
	if (deal_net(d, &net) == -1)
		net = 0;
	money_format(net, -1, text);
	if (is_credit(m) != (kind == DEAL_KIND_CREDIT)) {
		snprintf(why, FLOW_WHY_SIZE,
		    kind == DEAL_KIND_CREDIT
			? "deal %" PRId64 " moves the credit: it is capital or "
			  "credit, not \"%s\""
			: "deal %" PRId64 " moves the balance, not the "
			  "credit: it is not \"%s\"",
		    d->ticket, words[m]);
		return false;
	}
	if (m == DEAL_DEPOSIT && net <= 0) {
		snprintf(why, FLOW_WHY_SIZE,
		    "a deposit is above 0; deal %" PRId64 " is %s", d->ticket,
		    text);
		return false;
	}
	if ((m == DEAL_WITHDRAWAL || m == DEAL_PAYOUT) && net >= 0) {
		snprintf(why, FLOW_WHY_SIZE,
		    "a %s is below 0; deal %" PRId64 " is %s", words[m],
		    d->ticket, text);
		return false;
	}
	return true;
}
