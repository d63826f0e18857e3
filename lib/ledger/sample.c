/* sample.c: equity over time, the days, limits and verdicts. */
#include <stdlib.h>
#include <string.h>

#include "lib/ledger/db.h"
#include "lib/ledger/samples.h"
#include "lib/trading/rules_json.h"

#define MINUTE_S 60
#define QUARTER_S 900
#define HOUR_S 3600
#define DAY_S 86400
#define MINUTES_KEPT_DAYS 7
#define QUARTERS_KEPT_DAYS 90

enum ledger_result
ledger_equity_put(
    struct ledger *l, int64_t account, const struct ledger_equity *e)
{
	int64_t span = e->span_s > 0 ? e->span_s : MINUTE_S;
	int64_t slot = e->at_utc_ms / 1000 / span * span;
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	if (span == MINUTE_S && (r = ledger_equity_room(l, slot)) != LEDGER_OK)
		return ledger_own_end(l, own, r);
	query_init(&q, l, SQL_EQUITY_PUT);
	put_int(&q, account);
	put_int(&q, slot);
	put_int(&q, span);
	put_int(&q, e->at_utc_ms);
	put_money(&q, e->balance);
	put_money(&q, e->credit);
	put_money(&q, e->equity);
	put_money(&q, e->low);
	put_money(&q, e->high);
	return ledger_own_end(l, own, query_run(&q));
}

/* Each sample of from <= at < to to fn. */
static enum ledger_result
take_samples(struct query *q, int64_t from_utc_ms, int64_t to_utc_ms,
    ledger_equity_fn fn, void *arg)
{
	struct ledger_equity e;

	while (query_next(q)) {
		e.at_utc_ms = take_int(q);
		e.span_s = take_small(q);
		e.balance = take_money(q);
		e.credit = take_money(q);
		e.equity = take_money(q);
		e.low = take_money(q);
		e.high = take_money(q);
		if (e.at_utc_ms < from_utc_ms || e.at_utc_ms >= to_utc_ms)
			continue;
		if (fn(&e, arg) != 0)
			break;
	}
	return query_done(q);
}

enum ledger_result
ledger_equity(struct ledger *l, int64_t account, int64_t from_utc_ms,
    int64_t to_utc_ms, ledger_equity_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_EQUITY_LIST);
	put_int(&q, account);
	/* a slot begins up to an hour before its sample */
	put_int(&q, from_utc_ms / 1000 - HOUR_S);
	put_int(&q, to_utc_ms / 1000 + 1);
	return take_samples(&q, from_utc_ms, to_utc_ms, fn, arg);
}

enum ledger_result
ledger_equity_steps(struct ledger *l, int64_t account, int64_t from_utc_ms,
    int64_t to_utc_ms, int64_t step_ms, ledger_equity_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_EQUITY_STEPS);
	put_int(&q, account);
	put_int(&q, from_utc_ms / 1000 - HOUR_S);
	put_int(&q, to_utc_ms / 1000 + 1);
	put_int(&q, step_ms / 1000);
	return take_samples(&q, from_utc_ms, to_utc_ms, fn, arg);
}

static enum ledger_result
thin_range(
    struct ledger *l, int64_t account, int64_t span_s, int64_t from, int64_t to)
{
	struct query q;
	enum ledger_result r;

	query_init(&q, l, SQL_EQUITY_THIN);
	put_int(&q, account);
	put_int(&q, span_s);
	put_int(&q, from);
	put_int(&q, to);
	r = query_run(&q);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_EQUITY_THINNED);
	put_int(&q, account);
	put_int(&q, span_s);
	put_int(&q, from);
	put_int(&q, to);
	return query_run(&q);
}

/* A day of samples at most, so that no other writer waits long. */
static enum ledger_result
thin(struct ledger *l, int64_t account, int64_t span_s, int64_t before,
    bool *more)
{
	struct amount oldest = {false, 0};
	struct query q;
	enum ledger_result r;
	int64_t from, to;
	bool own;

	query_init(&q, l, SQL_EQUITY_OLDEST);
	put_int(&q, account);
	put_int(&q, span_s);
	if (query_next(&q))
		oldest = take_amount(&q);
	r = query_done(&q);
	if (r != LEDGER_OK || !oldest.known || oldest.v >= before)
		return r;
	from = (int64_t)oldest.v / DAY_S * DAY_S;
	to = from + DAY_S < before ? from + DAY_S : before;
	r = ledger_own_begin(l, &own);
	if (r == LEDGER_OK)
		r = ledger_own_end(
		    l, own, thin_range(l, account, span_s, from, to));
	*more = true;
	return r;
}

enum ledger_result
ledger_equity_thin(
    struct ledger *l, int64_t account, int64_t now_utc_ms, bool *more)
{
	int64_t now = now_utc_ms / 1000;
	enum ledger_result r;

	*more = false;
	r = thin(l, account, HOUR_S,
	    (now - QUARTERS_KEPT_DAYS * DAY_S) / HOUR_S * HOUR_S, more);
	if (r != LEDGER_OK)
		return r;
	return thin(l, account, QUARTER_S,
	    (now - MINUTES_KEPT_DAYS * DAY_S) / HOUR_S * HOUR_S, more);
}

/* ---- days and flows ---- */

enum ledger_result
ledger_day_put(struct ledger *l, int64_t account, const struct ledger_day *d)
{
	struct query q;

	query_init(&q, l, SQL_DAY_PUT);
	put_int(&q, account);
	put_int(&q, d->day_utc_ms);
	put_int(&q, d->next_utc_ms);
	put_text(&q, d->date);
	put_amount(&q, &d->balance);
	put_amount(&q, &d->equity);
	put_int(&q, d->estimated);
	put_amount(&q, &d->low);
	put_amount(&q, &d->high);
	put_int(&q, d->opened);
	put_int(&q, d->closed);
	put_money(&q, d->net);
	put_money(&q, d->flows);
	return query_write(&q);
}

enum ledger_result
ledger_days_forget(struct ledger *l, int64_t account, int64_t from_utc_ms)
{
	struct query q;

	query_init(&q, l, SQL_DAY_FORGET);
	put_int(&q, account);
	put_int(&q, from_utc_ms);
	return query_write(&q);
}

enum ledger_result
ledger_day_sums(struct ledger *l, int64_t account, int64_t from_utc_ms,
    int64_t to_utc_ms, struct ledger_day *d)
{
	struct query q;

	query_init(&q, l, SQL_DAY_SUMS);
	put_int(&q, account);
	put_int(&q, from_utc_ms);
	put_int(&q, to_utc_ms);
	if (query_next(&q)) {
		d->opened = take_small(&q);
		d->closed = take_small(&q);
		d->net = take_money(&q);
		d->flows = take_money(&q);
	}
	return query_done(&q);
}

enum ledger_result
ledger_trade_nets(struct ledger *l, int64_t account, int64_t from_utc_ms,
    int64_t to_utc_ms, ledger_net_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_TRADE_NETS);
	put_int(&q, account);
	put_int(&q, from_utc_ms);
	put_int(&q, to_utc_ms);
	while (query_next(&q))
		if (fn(take_money(&q), arg) != 0)
			break;
	return query_done(&q);
}

enum ledger_result
ledger_flows(struct ledger *l, int64_t account, int64_t from_utc_ms,
    int64_t to_utc_ms, ledger_flow_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_FLOW_LIST);
	put_int(&q, account);
	put_int(&q, from_utc_ms);
	put_int(&q, to_utc_ms);
	while (query_next(&q)) {
		struct ledger_flow flow = {.utc_ms = take_int(&q)};

		flow.amount = take_money(&q);
		flow.ticket = take_int(&q);
		flow.meaning = (enum deal_meaning)take_int(&q);
		flow.is_credit = take_int(&q) != 0;
		flow.cancels = take_int(&q);
		flow.cancelled = take_int(&q) != 0;
		if (fn(&flow, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_capital(
    struct ledger *l, int64_t account, int64_t until_utc_ms, money_t *capital)
{
	struct query q;

	*capital = 0;
	query_init(&q, l, SQL_CAPITAL_BEFORE);
	put_int(&q, account);
	put_int(&q, until_utc_ms);
	if (query_next(&q))
		*capital = take_money(&q);
	return query_done(&q);
}

enum ledger_result
ledger_flow_unplaced(
    struct ledger *l, int64_t account, int64_t from_utc_ms, bool *unplaced)
{
	struct query q;

	query_init(&q, l, SQL_FLOW_UNPLACED);
	put_int(&q, account);
	put_int(&q, from_utc_ms);
	*unplaced = query_next(&q);
	return query_done(&q);
}

/* ---- rules: state, limits, verdicts ---- */

enum ledger_result
ledger_rule_state_get(struct ledger *l, int64_t account, int64_t *period,
    int (*fn)(const char *json, void *), void *arg)
{
	struct query q;

	query_init(&q, l, SQL_RULE_STATE_GET);
	put_int(&q, account);
	if (query_next(&q)) {
		*period = take_int(&q);
		fn(take_text(&q), arg);
	}
	return query_found(&q);
}

enum ledger_result
ledger_rule_state_put(
    struct ledger *l, int64_t account, int64_t period, const char *json)
{
	struct query q;

	query_init(&q, l, SQL_RULE_STATE_PUT);
	put_int(&q, account);
	put_int(&q, period);
	put_text(&q, json);
	return query_write(&q);
}

enum ledger_result
ledger_limits_put(
    struct ledger *l, int64_t account, const struct rule_limits *limits)
{
	enum ledger_result r;
	struct query q;
	char *json;

	query_init(&q, l, limits != NULL ? SQL_LIMITS_PUT : SQL_LIMITS_CLEAR);
	put_int(&q, account);
	if (limits == NULL)
		return query_write(&q);
	json = rules_limits_json(limits);
	put_text(&q, json);
	r = query_write(&q);
	free(json);
	return r;
}
