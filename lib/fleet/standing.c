/* standing.c: how an account stands: profit, and what is left. */
#include <string.h>

#include "lib/fleet/standing.h"

void
standing_of(const struct ledger_account *a, struct standing *out)
{
	*out = (struct standing){.has_period = a->period.id != 0,
	    .initial_balance = a->period.initial_balance,
	    .has_day = a->has_day,
	    .day = a->day,
	    .flows_today = a->flows_today,
	    .flows_period = a->flows_period,
	    .flows = a->flows,
	    .cash = a->cash,
	    .history_ok = a->sync.state == LEDGER_HISTORY_OK &&
			  a->sync.residue.known && a->sync.residue.v == 0,
	    .synced = a->sync.balance,
	    .has_limits =
		a->has_limits &&
		a->limits.at_msc > a->last_cash_msc + RULES_FLOW_SKEW_MSC,
	    .limits = a->limits};
}

/* a - b; unknown where either is, or where it cannot be held. */
static struct amount
less(struct amount a, int64_t b)
{
	a.known = a.known && !__builtin_sub_overflow(a.v, b, &a.v);
	return a;
}

struct amount
standing_own(const struct standing *s, const struct standing_money *m)
{
	bool has_cash = m->cash == -1 || m->cash == s->cash;

	return less((struct amount){has_cash, m->equity}, m->credit);
}

static void
find_total(const struct standing *s, struct amount own, struct standing_pl *out)
{
	struct amount since = {true, 0};
	int64_t basis;

	if (s->has_period && s->initial_balance.known) {
		basis = s->initial_balance.v;
		since = s->flows_period;
	} else if (!s->has_period && s->history_ok)
		basis = s->flows;
	else
		return;
	own.known = own.known && since.known;
	out->total = less(less(own, basis), since.v);
	out->pct_known = out->total.known && basis > 0;
	if (out->pct_known)
		out->total_pct = (double)out->total.v / (double)basis * 100;
}

static bool
is_today(const struct ledger_day *d, int64_t now_msc)
{
	return now_msc >= d->day_msc && now_msc < d->next_msc;
}

void
standing_pl(const struct standing *s, const struct standing_money *m,
    int64_t now_msc, struct standing_pl *out)
{
	struct amount own = standing_own(s, m);

	memset(out, 0, sizeof(*out));
	if (!own.known)
		return;
	/* an old bridge does not say whether there was a deposit */
	out->estimated =
	    m->cash == -1 && (!s->synced.known || s->synced.v != m->balance);
	if (s->has_day && s->day.equity.known && s->flows_today.known &&
	    is_today(&s->day, now_msc)) {
		out->day = less(less(own, s->day.equity.v), s->flows_today.v);
		out->estimated = out->estimated || s->day.estimated;
	}
	find_total(s, own, out);
}

bool
standing_left(const struct standing *s, const struct standing_money *m,
    int64_t now_msc, struct rule_left *out)
{
	struct amount own = standing_own(s, m);

	if (!s->has_limits || !own.known)
		return false;
	rules_left(&s->limits, m->balance, own.v, &s->synced, now_msc, out);
	return true;
}
