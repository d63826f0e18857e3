/* trade.c: trades out of deals. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/utf8.h"
#include "lib/trading/money.h"
#include "lib/trading/trade.h"

static const char *const words[] = {
    [TRADE_OPEN] = "open",
    [TRADE_PARTIALLY_CLOSED] = "partially_closed",
    [TRADE_CLOSED] = "closed",
    [TRADE_ORPHAN] = "orphan",
    [TRADE_ANNULLED] = "annulled",
};

const char *
trade_state_word(enum trade_state s)
{
	return words[s];
}

/* More than that nobody trades; products of two of them fit in 128 bits. */
#define LOTS_LIMIT 1e10

static int
lots_of(const struct deal *d, money_t *lots)
{
	return d->volume <= LOTS_LIMIT ? money_from_double(d->volume, lots)
				       : -1;
}

static void
begin_part(struct trade_fold *f, int64_t position_id, int part)
{
	memset(&f->now, 0, sizeof(f->now));
	f->now.position_id = position_id;
	f->now.part = part;
	f->now.type = -1;
	f->now.reason = -1;
	f->now.price_open = f->now.price_close = NAN;
	f->split_out = 0;
	f->price_sum_in = f->price_sum_out = 0;
	f->price_one_in = f->price_one_out = NAN;
}

void
trade_fold_init(struct trade_fold *f, int64_t position_id)
{
	f->orphan = false;
	begin_part(f, position_id, 0);
}

/*
 * The volume-weighted price with one more fill. As long as all fills have
 * the same price it is that very price, whatever the division would round.
 */
static double
weigh(double price, money_t volume, money_t before, double *sum, double *one)
{
	*sum += price * money_to_double(volume);
	if (before == 0)
		*one = price;
	else if (price != *one)
		*one = NAN;
	if (!isnan(*one) || before + volume == 0)
		return *one;
	return *sum / money_to_double(before + volume);
}

static void
open_volume(struct trade_fold *f, const struct deal *d, money_t volume)
{
	struct trade *t = &f->now;

	if (t->time_open_broker_ms == 0) {
		t->time_open_broker_ms = d->time_msc;
		t->ticket_open = d->ticket;
	}
	if (t->type == -1)
		t->type = d->type;
	t->price_open = weigh(
	    d->price, volume, t->volume_in, &f->price_sum_in, &f->price_one_in);
	(void)money_add(&t->volume_in, volume);
}

static void
close_volume(struct trade_fold *f, const struct deal *d, money_t volume)
{
	struct trade *t = &f->now;

	if (t->type == -1) /* it closes the other direction */
		t->type = d->type == DEAL_BUY ? DEAL_SELL : DEAL_BUY;
	t->price_close = weigh(d->price, volume, t->volume_out,
	    &f->price_sum_out, &f->price_one_out);
	(void)money_add(&t->volume_out, volume);
	t->time_close_broker_ms = d->time_msc;
	t->ticket_close = d->ticket;
	t->reason = d->reason;
	if (d->entry == DEAL_OUT_BY)
		t->close_by = true;
}

static void
set_state(struct trade_fold *f)
{
	struct trade *t = &f->now;

	if (f->orphan || t->volume_out > t->volume_in ||
	    (t->volume_in == 0 && t->volume_out == 0))
		t->state = TRADE_ORPHAN;
	else if (t->volume_out == 0)
		t->state = TRADE_OPEN;
	else if (t->volume_out < t->volume_in)
		t->state = TRADE_PARTIALLY_CLOSED;
	else
		t->state = TRADE_CLOSED;
}

static int
add_money(struct trade *t, money_t profit, money_t commission, money_t swap,
    money_t fee)
{
	if (money_add(&t->profit, profit) == -1 ||
	    money_add(&t->commission, commission) == -1 ||
	    money_add(&t->swap, swap) == -1 || money_add(&t->fee, fee) == -1 ||
	    money_add(&t->net, profit) == -1 ||
	    money_add(&t->net, commission) == -1 ||
	    money_add(&t->net, swap) == -1 || money_add(&t->net, fee) == -1)
		return -1;
	return 0;
}

static void
touch(struct trade *t, const struct deal *d)
{
	if (t->deals++ == 0) {
		t->first_broker_ms = d->time_msc;
		(void)utf8_copy(t->symbol, sizeof(t->symbol), d->symbol);
	}
}

/*
 * A split closes what is open and opens as much as it became, or gives the
 * new shares on top: all volumes and prices are restated by the ratio, as if
 * they had always been so.
 */
static void
split(struct trade_fold *f, const struct deal *d, money_t volume)
{
	struct trade *t = &f->now;
	money_t open = t->volume_in - t->volume_out, from, to;
	double ratio;

	if (d->entry != DEAL_IN) {
		(void)money_add(&f->split_out, volume);
		return;
	}
	from = f->split_out > 0 ? f->split_out : open;
	to = f->split_out > 0 ? volume : open + volume;
	f->split_out = 0;
	if (from <= 0 || to <= 0)
		return;
	ratio = money_to_double(to) / money_to_double(from);
	t->volume_in = money_share(t->volume_in, to, from);
	t->volume_out = money_share(t->volume_out, to, from);
	t->price_open /= ratio;
	t->price_close /= ratio;
	f->price_one_in /= ratio;
	f->price_one_out /= ratio;
}

/* The server's own close and reopening: money, and a split's ratio. */
static int
serve(struct trade_fold *f, const struct deal *d, money_t volume)
{
	touch(&f->now, d);
	if (f->now.type == -1 && d->entry != DEAL_INOUT)
		f->now.type = (d->entry == DEAL_IN) == (d->type == DEAL_BUY)
				  ? DEAL_BUY
				  : DEAL_SELL;
	if (d->reason == DEAL_REASON_SPLIT)
		split(f, d, volume);
	return add_money(&f->now, d->profit, d->commission, d->swap, d->fee);
}

money_t
trade_later_volume(const struct deal *deals, size_t n)
{
	money_t sum = 0, volume;

	for (size_t i = 0; i < n && deals[i].entry != DEAL_INOUT; i++) {
		if (deal_is_service(&deals[i]) ||
		    lots_of(&deals[i], &volume) == -1)
			continue;
		(void)money_add(
		    &sum, deals[i].entry == DEAL_IN ? -volume : volume);
	}
	return sum > 0 ? sum : 0;
}

/*
 * A reversal: closes all that is open and opens the rest the other way.
 * Profit and swap are of what was closed; commission and fee are shared by
 * volume. Where the opening was never seen, what was opened is what later
 * deals close, as far as there are any, else all of it; both parts are
 * orphans then.
 */
static int
reverse(struct trade_fold *f, const struct deal *d, money_t volume,
    money_t later, struct trade *done)
{
	money_t closed = f->now.volume_in - f->now.volume_out;
	money_t commission, fee;

	if (closed <= 0 || closed > volume) {
		f->orphan = true;
		closed = later > 0 && later < volume ? volume - later : 0;
	}
	touch(&f->now, d);
	close_volume(f, d, closed);
	commission = money_share(d->commission, volume - closed, volume);
	fee = money_share(d->fee, volume - closed, volume);
	if (add_money(&f->now, d->profit, d->commission - commission, d->swap,
		d->fee - fee) == -1)
		return -1;
	set_state(f);
	*done = f->now;
	begin_part(f, done->position_id, done->part + 1);
	touch(&f->now, d);
	/* parts stay in their order where the broker's clock went back */
	if (f->now.first_broker_ms < done->first_broker_ms)
		f->now.first_broker_ms = done->first_broker_ms;
	open_volume(f, d, volume - closed);
	return add_money(&f->now, 0, commission, 0, fee) == -1 ? -1 : 1;
}

int
trade_fold_add(struct trade_fold *f, const struct deal *d, money_t later,
    struct trade *done)
{
	money_t volume;

	/* no volume (null): what it did to the position is not known */
	if (lots_of(d, &volume) == -1) {
		volume = 0;
		f->orphan = true;
	}
	if (deal_is_service(d))
		return serve(f, d, volume);
	if (d->entry == DEAL_INOUT)
		return reverse(f, d, volume, later, done);
	touch(&f->now, d);
	if (d->entry == DEAL_IN)
		open_volume(f, d, volume);
	else if (d->entry == DEAL_OUT || d->entry == DEAL_OUT_BY)
		close_volume(f, d, volume);
	return add_money(&f->now, d->profit, d->commission, d->swap, d->fee);
}

bool
trade_fold_end(const struct trade_fold *f, struct trade *last)
{
	struct trade_fold copy = *f;

	if (f->now.deals == 0)
		return false;
	set_state(&copy);
	*last = copy.now;
	if (last->type == -1)
		last->type = DEAL_BUY;
	return true;
}
