/* days.c: the day table, and the days that count. */
#include <stdlib.h>
#include <string.h>

#include "lib/judge/subject.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"

#define DAY_MS (INT64_C(86400) * 1000)
/* Deals are read again for that long; later ones come with a full read. */
#define RECOUNT_MS (10 * DAY_MS)

/* The day under way as a row, its sums by the deals. */
static enum ledger_result
row_of_today(struct subject *s, struct ledger_day *d)
{
	const struct rule_state *st = &s->saved.st;

	memset(d, 0, sizeof(*d));
	d->day_utc_ms = st->day_utc_ms;
	d->next_utc_ms = s->saved.next_utc_ms;
	memcpy(d->date, s->saved.date, sizeof(d->date));
	d->estimated = st->day_estimated;
	d->low = (struct amount){true, st->day_low};
	d->high = (struct amount){true, st->day_high};
	return ledger_day_sums(
	    s->judge->ledger, s->a.id, d->day_utc_ms, d->next_utc_ms, d);
}

void
days_end(struct subject *s)
{
	struct ledger_day d;

	if (s->result != LEDGER_OK || !s->saved.st.begun)
		return;
	s->result = row_of_today(s, &d);
	d.balance = (struct amount){true, s->saved.first_balance};
	d.equity = (struct amount){true, s->saved.first_equity};
	if (s->result == LEDGER_OK)
		s->result = ledger_day_put(s->judge->ledger, s->a.id, &d);
}

/* ---- counting the deals anew ---- */

struct recount {
	struct ledger_day *list;
	int len;
	size_t size;
};

static int
keep_day(const struct ledger_day *d, void *arg)
{
	struct recount *r = arg;

	r->list = mem_room(r->list, (size_t)r->len, &r->size, sizeof(*r->list));
	r->list[r->len++] = *d;
	return 0;
}

static bool
same_sums(const struct ledger_day *a, const struct ledger_day *b)
{
	return a->opened == b->opened && a->closed == b->closed &&
	       a->net == b->net && a->flows == b->flows;
}

/* Late deals belong to days that are over. */
static void
recount_day(struct subject *s, const struct ledger_day *was)
{
	struct ledger_day now = *was;

	s->result = ledger_day_sums(
	    s->judge->ledger, s->a.id, was->day_utc_ms, was->next_utc_ms, &now);
	if (s->result == LEDGER_OK && !same_sums(was, &now))
		s->result = ledger_day_put(s->judge->ledger, s->a.id, &now);
}

static int64_t
recount_from(const struct subject *s)
{
	if (s->a.sync.full_utc_ms != s->saved.full_utc_ms)
		return s->a.period.started_utc_ms - DAY_MS;
	return s->judge->now_utc_ms - RECOUNT_MS;
}

static void
each_day(struct subject *s, int64_t from_utc_ms,
    void (*each)(struct subject *s, const struct ledger_day *d))
{
	struct recount r = {NULL, 0, 0};

	s->result = ledger_days(
	    s->judge->ledger, s->a.id, from_utc_ms, INT64_MAX, keep_day, &r);
	for (int i = 0; i < r.len && s->result == LEDGER_OK; i++)
		each(s, &r.list[i]);
	free(r.list);
}

void
days_recount(struct subject *s)
{
	if (s->result != LEDGER_OK ||
	    s->a.sync.sync_utc_ms == s->saved.sync_utc_ms)
		return;
	each_day(s, recount_from(s), recount_day);
	s->saved.sync_utc_ms = s->a.sync.sync_utc_ms;
	s->saved.full_utc_ms = s->a.sync.full_utc_ms;
}

/* ---- the days of the period that count ---- */

/* The period's beginning, or when the firm put the account back to its start;
 * the last payout where the rule counts since then. */
static int64_t
counted_from(const struct subject *s, enum rule_since since)
{
	const struct rule_state *st = &s->saved.st;
	int64_t from = s->a.period.started_utc_ms;

	if (from < st->since_utc_ms)
		from = st->since_utc_ms;
	if (since == RULE_SINCE_PAYOUT && from < st->payout_utc_ms)
		from = st->payout_utc_ms;
	return from;
}

/* One count: of the days done, or of the best day. */
struct count {
	struct subject *s;
	int64_t from, until;
	bool of_best;
	struct rule_days *out;
};

static void
count_day(struct count *c, const struct ledger_day *row)
{
	struct subject *s = c->s;
	struct ledger_day d = *row;
	int64_t from = d.day_utc_ms > c->from ? d.day_utc_ms : c->from;
	int64_t to = d.next_utc_ms <= c->until ? d.next_utc_ms : c->until + 1;

	if (from >= to)
		return;
	/* of its first day only what is after the beginning, of its last only
	 * what was by then */
	if (row->day_utc_ms == s->saved.st.day_utc_ms || from != d.day_utc_ms ||
	    to != d.next_utc_ms)
		s->result =
		    ledger_day_sums(s->judge->ledger, s->a.id, from, to, &d);
	if (c->of_best)
		rules_days_add(&s->rules, c->out, d.net);
	else if (rules_day_counts(
		     &s->rules, s->saved.st.initial, d.opened, d.closed, d.net))
		c->out->done++;
}

/* The day under way has a row only once a run has ended. */
static void
count_days(struct count *c, const struct recount *rows)
{
	const struct rule_state *st = &c->s->saved.st;
	struct ledger_day today = {.day_utc_ms = st->day_utc_ms,
	    .next_utc_ms = c->s->saved.next_utc_ms};

	for (int i = 0; i < rows->len && c->s->result == LEDGER_OK; i++)
		if (!st->begun || rows->list[i].next_utc_ms <= st->day_utc_ms)
			count_day(c, &rows->list[i]);
	if (st->begun && c->s->result == LEDGER_OK)
		count_day(c, &today);
}

static int
see_trade(money_t net, void *arg)
{
	struct count *c = arg;

	rules_trade_add(&c->s->rules, c->out, net);
	return 0;
}

void
days_count(struct subject *s, int64_t until_utc_ms, struct rule_days *out)
{
	struct count done = {.s = s,
	    .from = counted_from(s, s->rules.days.since),
	    .until = until_utc_ms,
	    .out = out};
	struct count best = {.s = s,
	    .from = counted_from(s, s->rules.best_day.since),
	    .until = until_utc_ms,
	    .of_best = true,
	    .out = out};
	struct recount rows = {NULL, 0, 0};

	memset(out, 0, sizeof(*out));
	if (s->result != LEDGER_OK || s->a.period.id == 0)
		return;
	s->result = ledger_days(s->judge->ledger, s->a.id,
	    s->a.period.started_utc_ms - DAY_MS, INT64_MAX, keep_day, &rows);
	count_days(&done, &rows);
	if (s->rules.best_day.pct > 0)
		count_days(&best, &rows);
	if (s->rules.best_day.per_trade && s->result == LEDGER_OK)
		s->result = ledger_trade_nets(s->judge->ledger, s->a.id,
		    best.from, until_utc_ms + 1, see_trade, &best);
	free(rows.list);
}
