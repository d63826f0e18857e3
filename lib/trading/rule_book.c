/* rule_book.c: the rules of trading, folded over the deals of trades. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/trading/deal.h"
#include "lib/trading/money.h"
#include "lib/trading/rule_book.h"
#include "lib/trading/zone.h"

#define DAY_MS (INT64_C(86400) * 1000)
#define HOUR_MS (INT64_C(3600) * 1000)
#define DAYS_A_WEEK 7

void
rule_book_init(struct rule_book *b, const struct rules *rules,
    int64_t from_utc_ms, const struct zone_spans *server)
{
	memset(b, 0, sizeof(*b));
	b->rules = rules;
	b->from_utc_ms = from_utc_ms;
	b->server = server;
	b->trades.known = true;
	b->trades.until_utc_ms = from_utc_ms;
}

void
rule_book_done(struct rule_book *b)
{
	free(b->open);
}

static void
broke(struct rule_book *b, enum rule_kind kind, int64_t at_utc_ms,
    int64_t position_id, money_t value, money_t level)
{
	const struct rule_break is = {
	    kind, at_utc_ms, position_id, value, level};

	if (at_utc_ms < b->from_utc_ms)
		return;
	b->trades.broken[kind]++;
	if (b->broke != NULL)
		b->broke(&is, b->arg);
}

/* ---- moments ---- */

/* 0: Sunday. 1970-01-01 was a Thursday. */
static int
weekday(const char *date)
{
	int y = atoi(date), m = atoi(date + 5), d = atoi(date + 8);
	/* Sakamoto's table */
	static const int shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};

	if (m < 3)
		y--;
	return (y + y / 4 - y / 100 + y / 400 + shift[m - 1] + d) % 7;
}

/* The moment of flat k days away from a day; days may have 23 or 25 hours. */
static int64_t
flat_near(const struct rule_book *b, const struct zone_day *day, int k)
{
	struct zone_day found;

	zone_day(b->rules->zone, b->rules->flat.minute, b->server,
	    day->from_utc_ms + k * DAY_MS + 2 * HOUR_MS, &found);
	return found.from_utc_ms;
}

/* The first moment of flat behind that one. */
static int64_t
flat_after(const struct rule_book *b, int64_t utc_ms)
{
	const struct rules *r = b->rules;
	struct zone_day day;
	int k;

	zone_day(r->zone, r->flat.minute, b->server, utc_ms, &day);
	if (r->flat.every_day)
		return day.to_utc_ms;
	k = (r->flat.weekday - weekday(day.date) + DAYS_A_WEEK) % DAYS_A_WEEK;
	return flat_near(b, &day, k > 0 ? k : DAYS_A_WEEK);
}

/* Is it one at which nothing may be opened: some hours behind the moment? */
static bool
is_to_be_flat(const struct rule_book *b, int64_t utc_ms)
{
	const struct rules *r = b->rules;
	struct zone_day day;
	int k = 0;

	if (!r->flat.is_set || r->flat.hours == 0)
		return false;
	zone_day(r->zone, r->flat.minute, b->server, utc_ms, &day);
	if (!r->flat.every_day)
		k = (weekday(day.date) - r->flat.weekday + DAYS_A_WEEK) %
		    DAYS_A_WEEK;
	return utc_ms - flat_near(b, &day, -k) < r->flat.hours * HOUR_MS;
}

static int64_t
inactive_at(const struct rule_book *b)
{
	int64_t last = b->trades.last_utc_ms;

	if (last < b->from_utc_ms)
		last = b->from_utc_ms;
	return last + b->rules->inactivity.days * DAY_MS;
}

int64_t
rule_book_days_end(const struct rule_book *b)
{
	const struct rules *r = b->rules;
	int64_t at =
	    r->max_days.from_trade ? b->trades.first_utc_ms : b->from_utc_ms;
	struct zone_day day;

	if (r->max_days.days == 0 || at == 0)
		return 0;
	for (int i = 0; i < r->max_days.days; i++) {
		zone_day(r->zone, r->reset_minute, b->server, at, &day);
		at = day.to_utc_ms;
	}
	return at;
}

/* What breaks by the passing of time; a deal at the very moment is in time. */
static void
pass(struct rule_book *b, int64_t until_utc_ms)
{
	const struct rules *r = b->rules;
	struct rule_trades *t = &b->trades;

	while (r->flat.is_set && b->open_len > 0 && t->flat_utc_ms != 0 &&
	       t->flat_utc_ms < until_utc_ms) {
		broke(b, RULE_FLAT, t->flat_utc_ms, 0,
		    (money_t)b->open_len * MONEY_ONE, 0);
		t->flat_utc_ms = flat_after(b, t->flat_utc_ms);
	}
	if (r->inactivity.days > 0 && !t->is_inactive &&
	    inactive_at(b) < until_utc_ms) {
		t->is_inactive = true;
		broke(b, RULE_INACTIVITY, inactive_at(b), 0,
		    r->inactivity.days * MONEY_ONE,
		    r->inactivity.days * MONEY_ONE);
	}
	t->until_utc_ms = until_utc_ms;
}

/* ---- positions ---- */

static struct rule_position *
find(struct rule_book *b, int64_t id)
{
	for (size_t i = 0; i < b->open_len; i++)
		if (b->open[i].id == id)
			return &b->open[i];
	return NULL;
}

static void
measure(struct rule_book *b)
{
	struct rule_trades *t = &b->trades;

	t->lots_all = t->lots_position = 0;
	for (size_t i = 0; i < b->open_len; i++) {
		t->lots_all += b->open[i].lots;
		t->lots_position = money_max(t->lots_position, b->open[i].lots);
	}
	t->open = (int)b->open_len;
}

static int64_t
stop_due(const struct rule_book *b, const struct rule_position *p)
{
	return p->opened_utc_ms + b->rules->stop_loss.within_s * INT64_C(1000);
}

static void
stop_is_late(struct rule_book *b, struct rule_position *p)
{
	if (p->stop == RULE_STOP_LATE)
		return;
	p->stop = RULE_STOP_LATE;
	broke(b, RULE_STOP_LOSS, stop_due(b, p), p->id, MONEY_ONE, 0);
}

/* What was opened, or added to what was. */
static void
opened(struct rule_book *b, struct rule_position *p, const struct rule_deal *d)
{
	const struct rules *r = b->rules;
	struct rule_trades *t = &b->trades;
	money_t all = 0;

	measure(b);
	for (size_t i = 0; i < b->open_len; i++)
		all += b->open[i].traded;
	if (t->first_utc_ms == 0 && d->at_utc_ms >= b->from_utc_ms)
		t->first_utc_ms = d->at_utc_ms;
	/* what a split made of it nobody traded */
	if (r->lots.position > 0 && p->traded > r->lots.position)
		broke(b, RULE_MAX_LOTS_POSITION, d->at_utc_ms, p->id, p->traded,
		    r->lots.position);
	if (r->lots.all > 0 && all > r->lots.all)
		broke(b, RULE_MAX_LOTS, d->at_utc_ms, 0, all, r->lots.all);
	if (is_to_be_flat(b, d->at_utc_ms))
		broke(b, RULE_FLAT, d->at_utc_ms, p->id,
		    (money_t)b->open_len * MONEY_ONE, 0);
	if (r->flat.is_set && b->open_len == 1)
		t->flat_utc_ms = flat_after(b, d->at_utc_ms);
}

/* Its stop loss was due by then, and nobody saw whether it was there. */
static bool
is_stop_unknown(
    const struct rule_book *b, const struct rule_position *p, int64_t at_utc_ms)
{
	return b->rules->stop_loss.within_s > 0 && p->stop != RULE_STOP_KEPT &&
	       p->stop != RULE_STOP_LATE && at_utc_ms >= stop_due(b, p) &&
	       p->opened_utc_ms >= b->from_utc_ms;
}

static void
closed(struct rule_book *b, struct rule_position *p, int64_t at_utc_ms)
{
	const struct rules *r = b->rules;
	struct rule_trades *t = &b->trades;
	int64_t held_ms = at_utc_ms - p->opened_utc_ms;
	money_t won = money_max(0, p->net);

	b->stops_unknown += is_stop_unknown(b, p, at_utc_ms);
	if (at_utc_ms >= b->from_utc_ms) {
		t->closed++;
		t->won += won;
		if (r->min_hold.s > 0 && held_ms < r->min_hold.s * 1000) {
			t->quick++;
			t->won_quick += won;
			if (r->min_hold.pct == 0)
				broke(b, RULE_MIN_HOLD, at_utc_ms, p->id,
				    held_ms * (MONEY_ONE / 1000),
				    r->min_hold.s * MONEY_ONE);
		}
	}
	*p = b->open[--b->open_len];
}

static struct rule_position *
open_new(struct rule_book *b, const struct rule_deal *d, money_t lots)
{
	struct rule_position *p;

	b->open =
	    mem_room(b->open, b->open_len, &b->open_size, sizeof(*b->open));
	p = &b->open[b->open_len++];
	*p = (struct rule_position){.id = d->position_id,
	    .opened_utc_ms = d->at_utc_ms,
	    .lots = lots,
	    .traded = lots,
	    .net = d->net,
	    .stop = d->stop};
	return p;
}

static void
come_in(struct rule_book *b, const struct rule_deal *d)
{
	struct rule_position *p = find(b, d->position_id);

	if (p == NULL)
		p = open_new(b, d, d->lots);
	else {
		p->lots += d->lots;
		p->traded += d->lots;
		p->net += d->net;
	}
	opened(b, p, d);
}

/* Of the volume of a reversal a part closes, the rest opens. */
static void
go_out(struct rule_book *b, const struct rule_deal *d)
{
	struct rule_position *p = find(b, d->position_id);
	money_t rest;

	if (p == NULL) {
		b->trades.orphans += d->at_utc_ms >= b->from_utc_ms;
		if (d->entry == DEAL_INOUT)
			open_new(b, d, d->lots);
		measure(b);
		return;
	}
	rest = d->lots - p->lots;
	p->net += d->net;
	if (rest < 0) {
		p->traded -= money_share(p->traded, d->lots, p->lots);
		p->lots -= d->lots;
	} else
		closed(b, p, d->at_utc_ms);
	if (d->entry == DEAL_INOUT && rest > 0)
		opened(b, open_new(b, d, rest), d);
	measure(b);
}

/* As in trade.c: a split closes what is open and opens what it became, or
 * gives the new lots on top. */
static void
serve(struct rule_book *b, const struct rule_deal *d)
{
	struct rule_position *p = find(b, d->position_id);

	if (p == NULL)
		return;
	p->net += d->net;
	if (d->split && d->entry != DEAL_IN)
		p->split_out += d->lots;
	else if (d->split) {
		p->lots = p->split_out > 0 ? d->lots : p->lots + d->lots;
		p->split_out = 0;
	}
	measure(b);
}

void
rule_book_deal(struct rule_book *b, const struct rule_deal *d)
{
	pass(b, d->at_utc_ms);
	if (d->service)
		return serve(b, d);
	b->trades.last_utc_ms = d->at_utc_ms;
	b->trades.is_inactive = false;
	if (d->entry == DEAL_IN)
		come_in(b, d);
	else
		go_out(b, d);
}

void
rule_book_stop(
    struct rule_book *b, int64_t position_id, int64_t at_utc_ms, bool has_stop)
{
	struct rule_position *p = find(b, position_id);

	if (b->rules->stop_loss.within_s == 0 || p == NULL ||
	    p->stop == RULE_STOP_KEPT || p->stop == RULE_STOP_LATE)
		return;
	if (has_stop && at_utc_ms <= stop_due(b, p))
		p->stop = RULE_STOP_KEPT;
	else if (!has_stop && at_utc_ms > stop_due(b, p))
		stop_is_late(b, p);
	else if (!has_stop)
		p->stop = RULE_STOP_NONE;
}

void
rule_book_end(struct rule_book *b, int64_t until_utc_ms)
{
	const struct rules *r = b->rules;
	struct rule_trades *t = &b->trades;

	pass(b, until_utc_ms);
	measure(b);
	t->stops_unknown = b->stops_unknown;
	t->without_stop = 0;
	t->stop_utc_ms = 0;
	for (size_t i = 0; i < b->open_len && r->stop_loss.within_s > 0; i++) {
		const struct rule_position *p = &b->open[i];
		int64_t due = stop_due(b, p);

		t->stops_unknown += is_stop_unknown(b, p, until_utc_ms);
		if (p->stop == RULE_STOP_KEPT)
			continue;
		t->without_stop++;
		if (due > until_utc_ms &&
		    (t->stop_utc_ms == 0 || due < t->stop_utc_ms))
			t->stop_utc_ms = due;
	}
	if (r->flat.is_set && b->open_len == 0)
		t->flat_utc_ms = flat_after(b, until_utc_ms);
	t->days_utc_ms = rule_book_days_end(b);
	t->inactive_utc_ms = r->inactivity.days > 0 ? inactive_at(b) : 0;
}
