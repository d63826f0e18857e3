/* high.c: the highest value that was seen since the limits were found. */
#include <string.h>

#include "live/high.h"

static void
drop_first(struct high *h, int n)
{
	h->len -= n;
	memmove(h->seen, h->seen + n, (size_t)h->len * sizeof(h->seen[0]));
}

/* Where there is no room, a higher one is taken to be as late as this one. */
static void
add(struct high *h, int64_t at_ms, money_t value)
{
	while (h->len > 0 && h->seen[h->len - 1].value <= value)
		h->len--;
	if (h->len == HIGH_MAX) {
		h->seen[h->len - 1].at_ms = at_ms;
		return;
	}
	h->seen[h->len].at_ms = at_ms;
	h->seen[h->len].value = value;
	h->len++;
}

void
high_note(struct high *h, enum rule_kind kind, struct pl_facts *f,
    const struct pl_money *m, int64_t at_ms)
{
	const struct amount equity = pl_equity_ex_credit(f, m);
	const struct rule_line *line = &f->limits.line[kind];
	enum rule_metric metric = line->high;
	int passed = 0;

	if (!f->has_limits || !line->is_set || line->mode != RULE_TRAILING ||
	    !equity.known) {
		h->len = 0;
		return;
	}
	/* a payout or a reset moves the floor: highs before it do not count */
	if (h->period != f->period || h->metric != metric ||
	    h->non_trade_deals != f->non_trade_deals)
		*h = (struct high){.period = f->period,
		    .metric = metric,
		    .non_trade_deals = f->non_trade_deals};
	while (passed < h->len && h->seen[passed].at_ms <= f->limits.at_utc_ms)
		passed++;
	drop_first(h, passed);
	add(h, at_ms, rules_value(metric, m->balance + f->capital, equity.v));
	rules_raise(&f->limits, kind, h->seen[0].value);
}
