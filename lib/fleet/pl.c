/* pl.c: profit and loss, and what is left. */
#include <string.h>

#include "lib/fleet/pl.h"

void
pl_facts_from(const struct ledger_account *a, struct pl_facts *out)
{
	*out = (struct pl_facts){.period = a->period.id,
	    .initial_balance = a->period.initial_balance,
	    .has_day = a->has_day,
	    .day = a->day,
	    .flows_today = a->flows_today,
	    .flows_period = a->flows_period,
	    .flows = a->flows - a->carried,
	    .capital = a->capital,
	    .non_trade_deals = a->non_trade_deals,
	    .history_ok = a->sync.state == LEDGER_HISTORY_OK &&
			  a->sync.difference.known && a->sync.difference.v == 0,
	    .synced = a->sync.balance,
	    .has_limits = a->has_limits &&
			  a->limits.at_utc_ms >
			      a->last_non_trade_utc_ms + RULES_FLOW_SKEW_MS,
	    .limits = a->limits};
}

/* a - b; unknown where either is, or where it cannot be held. */
static struct amount
less(struct amount a, money_t b)
{
	a.known = a.known && !__builtin_sub_overflow(a.v, b, &a.v);
	return a;
}

struct amount
pl_equity_ex_credit(const struct pl_facts *f, const struct pl_money *m)
{
	bool has_all = m->non_trade_deals == -1 ||
		       m->non_trade_deals == f->non_trade_deals;

	return less(
	    (struct amount){has_all, m->equity}, m->credit - f->capital);
}

static void
find_total(const struct pl_facts *f, struct amount equity, struct pl *out)
{
	struct amount since = {true, 0};
	money_t basis;

	if (f->period != 0 && f->initial_balance.known) {
		basis = f->initial_balance.v;
		since = f->flows_period;
	} else if (f->period == 0 && f->history_ok)
		basis = f->flows + f->capital;
	else
		return;
	equity.known = equity.known && since.known;
	out->total = less(less(equity, basis), since.v);
	out->pct_known = out->total.known && basis > 0;
	if (out->pct_known)
		out->total_pct = (double)out->total.v / (double)basis * 100;
}

static bool
is_today(const struct ledger_day *d, int64_t now_ms)
{
	return now_ms >= d->day_utc_ms && now_ms < d->next_utc_ms;
}

void
pl_find(const struct pl_facts *f, const struct pl_money *m, int64_t now_ms,
    struct pl *out)
{
	struct amount equity = pl_equity_ex_credit(f, m);

	memset(out, 0, sizeof(*out));
	if (!equity.known)
		return;
	/* an old bridge does not say whether there was a deposit */
	out->estimated = m->non_trade_deals == -1 &&
			 (!f->synced.known || f->synced.v != m->balance);
	if (f->has_day && f->day.equity.known && f->flows_today.known &&
	    is_today(&f->day, now_ms)) {
		out->day =
		    less(less(equity, f->day.equity.v), f->flows_today.v);
		out->estimated = out->estimated || f->day.estimated;
		out->day_pct_known = out->day.known && f->day.equity.v > 0;
		if (out->day_pct_known)
			out->day_pct =
			    (double)out->day.v / (double)f->day.equity.v * 100;
	}
	find_total(f, equity, out);
}

void
pl_forget_phase(struct pl_facts *f)
{
	f->initial_balance.known = false;
	f->history_ok = false;
	f->has_limits = false;
}

bool
pl_left(const struct pl_facts *f, const struct pl_money *m, int64_t now_ms,
    struct rule_left *out)
{
	struct amount equity = pl_equity_ex_credit(f, m), synced = f->synced;

	if (!f->has_limits || !equity.known)
		return false;
	/* the rules look at what is the account's own */
	synced.v += f->capital;
	rules_left(&f->limits, m->balance + f->capital, equity.v, &synced,
	    now_ms, out);
	return true;
}
