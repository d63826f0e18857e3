/* results.c: what each deal that closed something brought in. */
#include "lib/trading/results.h"

#include "lib/trading/money.h"

static money_t
net_of(const struct deal *d)
{
	return d->profit + d->commission + d->swap + d->fee;
}

/* The server's own close and reopening: money, and a split's ratio. */
static void
serve(struct results_fold *f, const struct deal *d, money_t volume)
{
	f->pending += net_of(d);
	if (d->reason != DEAL_REASON_SPLIT)
		return;
	if (d->entry != DEAL_IN)
		f->split_out += volume;
	else {
		f->open = f->split_out > 0 ? volume : f->open + volume;
		f->split_out = 0;
	}
}

/* The share of what is pending that belongs to so many lots of it. */
static money_t
take_pending(struct results_fold *f, money_t volume)
{
	money_t share = f->pending;

	if (volume < f->open) {
		share = money_share(f->pending, volume, f->open);
		f->open -= volume;
	} else
		f->open = 0;
	f->pending -= share;
	return share;
}

bool
results_add(struct results_fold *f, const struct deal *d, money_t later,
    money_t *result, money_t *lots)
{
	money_t volume = 0, opened, cost;

	(void)money_from_double(d->volume, &volume);
	if (deal_is_service(d)) {
		serve(f, d, volume);
		return false;
	}
	switch ((enum deal_entry)d->entry) {
	case DEAL_OUT:
	case DEAL_OUT_BY:
		*lots = volume;
		*result = net_of(d) + take_pending(f, volume);
		return true;
	case DEAL_INOUT:
		/* commission and fee are shared by volume, and an opening that
		 * was never seen is what is closed later, as in trade.c */
		if (f->open > 0 && f->open <= volume)
			opened = volume - f->open;
		else
			opened = later > 0 && later < volume ? later : volume;
		cost = money_share(d->commission, opened, volume) +
		       money_share(d->fee, opened, volume);
		*lots = volume - opened;
		*result = net_of(d) - cost + take_pending(f, volume);
		f->pending += cost;
		f->open = opened;
		return true;
	case DEAL_IN:
		break;
	}
	f->pending += net_of(d);
	f->open += volume;
	return false;
}
