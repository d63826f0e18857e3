/* deal.c: one deal as MetaTrader 5 gives it, and what it is. */

#include "lib/trading/deal.h"
#include "lib/trading/money.h"

enum deal_kind
deal_kind_by_type(const struct deal *d)
{
	switch (d->type) {
	case DEAL_BUY:
	case DEAL_SELL:
		return d->position_id != 0 ? DEAL_KIND_TRADE : DEAL_KIND_COST;
	case DEAL_CREDIT:
	case DEAL_SO_CREDIT:
		return DEAL_KIND_CREDIT;
	case DEAL_BALANCE:
	case DEAL_CORRECTION:
	case DEAL_BONUS:
		return DEAL_KIND_FLOW;
	default:
		/* beyond the known ones: the server's own operations */
		return d->type == DEAL_CHARGE || (d->type >= DEAL_COMMISSION &&
						     d->type <= DEAL_AGENT)
			   ? DEAL_KIND_COST
			   : DEAL_KIND_FLOW;
	}
}

enum deal_kind
deal_kind(const struct deal *d)
{
	enum deal_kind kind = deal_kind_by_type(d);

	if (kind != DEAL_KIND_COST && kind != DEAL_KIND_FLOW)
		return kind;
	switch (d->meaning) {
	case DEAL_DEPOSIT:
	case DEAL_WITHDRAWAL:
	case DEAL_PAYOUT:
	case DEAL_RESET:
	case DEAL_CORRECTED:
		return DEAL_KIND_FLOW;
	case DEAL_FEE:
	case DEAL_DIVIDEND:
	case DEAL_CORRECTED_PL:
		return DEAL_KIND_COST;
	case DEAL_MEANS_NOTHING:
	case DEAL_CAPITAL:
	case DEAL_CREDITED:
	case DEAL_MEANINGS:
		break;
	}
	return kind;
}

bool
deal_is_service(const struct deal *d)
{
	return d->reason >= DEAL_REASON_ROLLOVER &&
	       d->reason <= DEAL_REASON_SPLIT;
}

bool
deal_is_cancelled(const struct deal *d)
{
	return d->type == DEAL_BUY_CANCELED || d->type == DEAL_SELL_CANCELED;
}

const char *
deal_excluded_word(enum deal_excluded e)
{
	static const char *const words[] = {
	    [DEAL_COUNTS] = NULL,
	    [DEAL_ANNULLED] = "annulled",
	    [DEAL_CANCELLED] = "cancelled",
	    [DEAL_VOIDED] = "voided",
	};

	return words[e];
}

int
deal_net(const struct deal *d, money_t *net)
{
	money_t sum = d->profit;

	if (money_add(&sum, d->commission) == -1 ||
	    money_add(&sum, d->swap) == -1 || money_add(&sum, d->fee) == -1)
		return -1;
	*net = sum;
	return 0;
}
