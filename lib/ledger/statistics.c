/* statistics.c: what an account's deals amount to: figures, and days. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/ledger/db.h"
#include "lib/ledger/statistics.h"
#include "lib/trading/results.h"

#define DAY_MS INT64_C(86400000)

/* One deal's part in the sums. */
struct entry {
	int64_t at_ms; /* UTC; broker time where that is not known */
	int64_t ticket, position;
	struct ledger_sums_of_day sums;
};

struct counting {
	struct ledger_statistics *s;
	struct entry *list;
	size_t len, size;
	/* one position's deals, in the order of their tickets */
	struct deal *deals;
	bool *counts;
	size_t deals_len, deals_size, counts_size;
	int64_t since_utc_ms;
	int results;
};

static struct entry *
add_entry(struct counting *c, const struct deal *d)
{
	struct entry *e;

	c->list = mem_room(c->list, c->len, &c->size, sizeof(*c->list));
	e = &c->list[c->len++];
	*e = (struct entry){.at_ms = d->utc_ms != 0 ? d->utc_ms : d->time_msc,
	    .ticket = d->ticket,
	    .position = d->position_id,
	    .sums.day = d->time_msc / DAY_MS};
	return e;
}

static void
count_result(struct counting *c, const struct deal *d, struct entry *e,
    money_t result, money_t lots)
{
	struct ledger_statistics *s = c->s;
	bool first = c->results++ == 0;

	e->sums.results = 1;
	s->wins += result > 0;
	s->losses += result < 0;
	*(result > 0 ? &s->won : &s->lost) += result;
	s->best = first ? result : money_max(s->best, result);
	s->worst = first ? result : money_min(s->worst, result);
	s->lots += lots;
	if (first || d->time_msc < s->first_broker_ms) {
		s->first_broker_ms = d->time_msc;
		s->first_utc_ms = d->utc_ms;
	}
	if (first || d->time_msc > s->last_broker_ms) {
		s->last_broker_ms = d->time_msc;
		s->last_utc_ms = d->utc_ms;
	}
}

static void
count_money(struct entry *e, const struct deal *d, enum deal_kind kind)
{
	money_t net = d->profit + d->commission + d->swap + d->fee;

	if (kind == DEAL_KIND_FLOW) {
		e->sums.flows = net;
		return;
	}
	e->sums.net = net;
	if (kind == DEAL_KIND_COST) {
		e->sums.charges = net;
		return;
	}
	e->sums.profit = d->profit;
	e->sums.commission = d->commission;
	e->sums.swap = d->swap;
	e->sums.fee = d->fee;
}

static void
count_trade_deal(struct counting *c, const struct deal *d, bool closed,
    money_t result, money_t lots)
{
	struct entry *e = add_entry(c, d);

	count_money(e, d, DEAL_KIND_TRADE);
	if (deal_is_service(d))
		return;
	if (d->entry == DEAL_IN || d->entry == DEAL_INOUT)
		e->sums.opened = 1;
	if (closed) {
		e->sums.closed = 1;
		count_result(c, d, e, result, lots);
	}
}

static void
count_position(struct counting *c)
{
	struct results_fold fold = {0};

	for (size_t i = 0; i < c->deals_len; i++) {
		money_t result = 0, lots = 0;
		bool closed = results_add(&fold, &c->deals[i],
		    trade_later_volume(&c->deals[i + 1], c->deals_len - i - 1),
		    &result, &lots);

		if (c->counts[i])
			count_trade_deal(c, &c->deals[i], closed, result, lots);
	}
	c->deals_len = 0;
}

static void
count_deal(
    struct counting *c, const struct deal *d, enum deal_kind kind, bool counts)
{
	if (kind != DEAL_KIND_TRADE) {
		if (counts)
			count_money(add_entry(c, d), d, kind);
		return;
	}
	if (c->deals_len > 0 && c->deals[0].position_id != d->position_id)
		count_position(c);
	c->deals =
	    mem_room(c->deals, c->deals_len, &c->deals_size, sizeof(*c->deals));
	c->counts = mem_room(
	    c->counts, c->deals_len, &c->counts_size, sizeof(*c->counts));
	c->deals[c->deals_len] = *d;
	c->counts[c->deals_len++] = counts;
}

static enum ledger_result
count_deals(struct ledger *l, int64_t account, struct counting *c)
{
	struct query q;

	query_init(&q, l, SQL_STATISTICS_DEALS);
	put_int(&q, account);
	while (query_next(&q)) {
		struct deal d = {.ticket = take_int(&q)};
		enum deal_kind kind;
		struct amount counts_utc;

		d.time_msc = take_int(&q);
		d.utc_ms = take_int(&q);
		counts_utc = take_amount(&q);
		kind = (enum deal_kind)take_int(&q);
		d.entry = (int)take_int(&q);
		d.reason = (int)take_int(&q);
		d.position_id = take_int(&q);
		d.volume = take_real(&q);
		d.profit = take_money(&q);
		d.commission = take_money(&q);
		d.swap = take_money(&q);
		d.fee = take_money(&q);
		count_deal(c, &d, kind,
		    c->since_utc_ms == 0 ||
			(counts_utc.known && counts_utc.v >= c->since_utc_ms));
	}
	count_position(c);
	return query_done(&q);
}

/* Trades of the legacy system, which have no deals: one result each. */
static enum ledger_result
count_imported(struct ledger *l, int64_t account, struct counting *c)
{
	struct query q;

	if (c->since_utc_ms != 0)
		return LEDGER_OK; /* their UTC is not known */
	query_init(&q, l, SQL_STATISTICS_IMPORTED);
	put_int(&q, account);
	while (query_next(&q)) {
		struct deal d = {.time_msc = take_int(&q)};
		struct entry *e;
		money_t lots, net;

		lots = take_money(&q);
		d.profit = take_money(&q);
		d.commission = take_money(&q);
		net = take_money(&q);
		e = add_entry(c, &d);
		e->sums.net = net;
		e->sums.profit = d.profit;
		e->sums.commission = d.commission;
		e->sums.closed = e->sums.imported = 1;
		count_result(c, &d, e, net, lots);
		c->s->trades_closed++;
	}
	return query_done(&q);
}

static enum ledger_result
count_trades(struct ledger *l, int64_t account, struct counting *c)
{
	struct query q;

	query_init(&q, l, SQL_STATISTICS_TRADES);
	put_int(&q, account);
	put_int(&q, c->since_utc_ms);
	while (query_next(&q)) {
		enum trade_state state = (enum trade_state)take_int(&q);
		int n = (int)take_int(&q);

		if (state == TRADE_CLOSED || state == TRADE_ORPHAN)
			c->s->trades_closed += n;
		else
			c->s->trades_open += n;
		if (state == TRADE_ORPHAN)
			c->s->orphans += n;
	}
	return query_done(&q);
}

static int
by_moment(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;

	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

static int
by_day(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;

	if (a->sums.day != b->sums.day)
		return a->sums.day < b->sums.day ? -1 : 1;
	return (a->position > b->position) - (a->position < b->position);
}

/* A position is counted once a day, as in ledger_day. */
static void
count_once(struct entry *list, size_t len)
{
	struct entry *kept = list;

	for (size_t i = 1; i < len; i++) {
		if (by_day(kept, &list[i]) != 0 || list[i].position == 0) {
			kept = &list[i];
			continue;
		}
		kept->sums.opened |= list[i].sums.opened;
		kept->sums.closed |= list[i].sums.closed;
		list[i].sums.opened = list[i].sums.closed = 0;
	}
}

static void
add_sums(struct ledger_sums_of_day *to, const struct ledger_sums_of_day *d)
{
	to->opened += d->opened;
	to->closed += d->closed;
	to->results += d->results;
	to->imported += d->imported;
	to->net += d->net;
	to->profit += d->profit;
	to->commission += d->commission;
	to->swap += d->swap;
	to->fee += d->fee;
	to->charges += d->charges;
	to->flows += d->flows;
}

static void
sum_up(struct counting *c)
{
	struct ledger_statistics *s = c->s;
	money_t sum = 0, peak = 0;
	size_t size = 0;

	if (c->len == 0)
		return;
	qsort(c->list, c->len, sizeof(*c->list), by_moment);
	for (size_t i = 0; i < c->len; i++) {
		sum += c->list[i].sums.net;
		peak = money_max(peak, sum);
		s->max_drawdown = money_min(s->max_drawdown, sum - peak);
	}
	qsort(c->list, c->len, sizeof(*c->list), by_day);
	count_once(c->list, c->len);
	for (size_t i = 0; i < c->len; i++) {
		const struct ledger_sums_of_day *one = &c->list[i].sums;

		if (s->days_len == 0 ||
		    s->days[s->days_len - 1].day != one->day) {
			s->days = mem_room(
			    s->days, s->days_len, &size, sizeof(*s->days));
			s->days[s->days_len++] =
			    (struct ledger_sums_of_day){.day = one->day};
		}
		add_sums(&s->days[s->days_len - 1], one);
		add_sums(&s->all, one);
	}
}

enum ledger_result
ledger_statistics(struct ledger *l, int64_t account, int64_t since_utc_ms,
    struct ledger_statistics *s)
{
	struct counting c = {.s = s, .since_utc_ms = since_utc_ms};
	enum ledger_result r;

	memset(s, 0, sizeof(*s));
	r = count_deals(l, account, &c);
	if (r == LEDGER_OK)
		r = count_imported(l, account, &c);
	if (r == LEDGER_OK)
		r = count_trades(l, account, &c);
	if (r == LEDGER_OK)
		sum_up(&c);
	free(c.deals);
	free(c.counts);
	free(c.list);
	return r;
}

void
ledger_statistics_done(struct ledger_statistics *s)
{
	free(s->days);
	memset(s, 0, sizeof(*s));
}
