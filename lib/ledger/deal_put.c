/* deal_put.c: deals into the ledger, exactly, none ever lost. */
#include <stdlib.h>
#include <string.h>

#include "lib/trading/deal_fields.h"
#include "lib/trading/deal_json.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"
#include "lib/ledger/db.h"
#include "lib/ledger/flows.h"
#include "lib/ledger/history.h"
#include "lib/ledger/samples.h"
#include "lib/ledger/trades.h"
#include "lib/ledger/utc.h"
#include "lib/trading/money.h"

#define VERSION_TEXT_MAX 8192
/* All of an hour that came twice lies within so much of each of its deals. */
#define TWICE_MS (INT64_C(3) * 3600 * 1000)

static void
put_field(struct query *q, const struct deal_field *f, const void *at)
{
	switch (f->type) {
	case DEAL_FIELD_ID:
	case DEAL_FIELD_TIME_S:
	case DEAL_FIELD_TIME_MS:
		put_int(q, *(const int64_t *)at);
		break;
	case DEAL_FIELD_INT:
		put_int(q, *(const int *)at);
		break;
	case DEAL_FIELD_VOLUME:
	case DEAL_FIELD_PRICE:
		put_real(q, *(const double *)at);
		break;
	case DEAL_FIELD_MONEY:
		put_money(q, *(const money_t *)at);
		break;
	case DEAL_FIELD_TEXT:
		put_text(q, *(const char *const *)at);
		break;
	}
}

static void
put_deal(struct query *q, const struct deal *d)
{
	for (size_t i = 0; i < deal_fields_len; i++)
		put_field(
		    q, &deal_fields[i], deal_field_const(&deal_fields[i], d));
	put_int(q, deal_kind(d));
	put_known(q, d->offset_known, d->offset_s);
	put_known(q, d->utc_ms != 0, d->utc_ms);
	put_int(q, d->excluded);
	put_int(q, d->utc_estimated);
}

/* One call of ledger_deals_put: what it changed besides the deals. */
struct putting {
	struct ledger *l;
	int64_t account, now_utc_ms;
	int64_t deals, missing, last_broker_ms;
	money_t sum[4]; /* by kind */
	bool overflow, cash_moved;
	struct utc_rule utc;
	/* broker times of hours that came twice, from and to; 0: none */
	int64_t twice_from_broker_ms, twice_to_broker_ms;
	int64_t first_broker_ms; /* of the deals added or changed; 0: none */
	int64_t *positions;      /* touched */
	size_t positions_len;
	struct ledger_put *put;
};

static void
count_money(struct putting *p, const struct deal *d, bool add)
{
	money_t net;

	if (d->excluded != DEAL_COUNTS)
		return;
	if (deal_net(d, &net) == -1 ||
	    (!add && __builtin_sub_overflow((money_t)0, net, &net)) ||
	    money_add(&p->sum[deal_kind(d)], net) == -1)
		p->overflow = true;
}

static void
touch(struct putting *p, const struct deal *d)
{
	enum deal_kind kind = deal_kind(d);

	if (p->first_broker_ms == 0 || d->time_msc < p->first_broker_ms)
		p->first_broker_ms = d->time_msc;
	if (kind == DEAL_KIND_TRADE ||
	    (kind == DEAL_KIND_COST && d->position_id != 0))
		p->positions[p->positions_len++] = d->position_id;
	if (kind != DEAL_KIND_TRADE)
		p->cash_moved = true;
}

/* Its UTC, and whether it is to be settled by the order of tickets. */
static void
place(struct putting *p, struct deal *d)
{
	if (!utc_place(&p->utc, d))
		return;
	if (p->twice_to_broker_ms == 0 || d->time_msc < p->twice_from_broker_ms)
		p->twice_from_broker_ms = d->time_msc;
	if (d->time_msc > p->twice_to_broker_ms)
		p->twice_to_broker_ms = d->time_msc;
}

static void
money_text(struct json *j, const char *key, money_t v)
{
	char text[MONEY_SIZE];

	json_string(j, key, money_format(v, -1, text));
}

static void
deal_version(struct json *j, const struct deal *d)
{
	json_object(j, NULL);
	deal_json(j, d, true, money_text);
	json_end(j);
}

static enum ledger_result
keep_version(struct putting *p, const struct deal *old)
{
	struct json j;
	struct query q;
	enum ledger_result r;

	json_init(&j, VERSION_TEXT_MAX);
	deal_version(&j, old);
	query_init(&q, p->l, SQL_DEAL_VERSION_ADD);
	put_int(&q, p->account);
	put_int(&q, old->ticket);
	put_int(&q, p->now_utc_ms);
	put_text(&q, json_text(&j, NULL));
	r = query_run(&q);
	json_done(&j);
	return r;
}

static enum ledger_result
add_deal(struct putting *p, const struct deal *given)
{
	struct deal now = *given, *d = &now;
	struct query q;

	d->excluded = deal_is_cancelled(d) ? DEAL_CANCELLED : DEAL_COUNTS;
	d->seen_utc_ms = p->now_utc_ms;
	place(p, d);
	d->meaning = DEAL_MEANS_NOTHING; /* guessed when all are there */
	p->put->added++;
	p->deals++;
	count_money(p, d, true);
	touch(p, d);
	query_init(&q, p->l, SQL_DEAL_ADD);
	put_int(&q, p->account);
	put_deal(&q, d);
	put_int(&q, p->now_utc_ms);
	put_known(&q, d->origin != 0, d->origin);
	return query_run(&q);
}

/* What an admin voided stays so; what the broker gives again counts again. */
static enum deal_excluded
excluded_now(const struct deal *now, const struct deal *old)
{
	if (old->excluded == DEAL_VOIDED)
		return DEAL_VOIDED;
	if (!deal_is_cancelled(now))
		return DEAL_COUNTS;
	return deal_is_cancelled(old) && old->excluded != DEAL_ANNULLED
		   ? old->excluded
		   : DEAL_CANCELLED;
}

/* The offset of its first sight stays. */
static enum ledger_result
change_deal(struct putting *p, const struct deal *d, const struct deal *old)
{
	struct deal now = *d;
	struct query q;

	if (old->offset_known && old->time_msc == d->time_msc) {
		now.offset_known = true;
		now.offset_s = old->offset_s;
	}
	now.seen_utc_ms = old->seen_utc_ms;
	place(p, &now);
	now.excluded = excluded_now(d, old);
	now.meaning = old->meaning;
	now.cancels = old->cancels;
	/* one that its own history has, too, is its own */
	now.origin = d->origin == 0 ? 0 : old->origin;
	count_money(p, old, false);
	count_money(p, &now, true);
	touch(p, old);
	touch(p, d);
	query_init(&q, p->l, SQL_DEAL_CHANGE);
	put_int(&q, p->account);
	put_deal(&q, &now);
	put_known(&q, now.origin != 0, now.origin);
	return query_run(&q);
}

/* A stored deal against the one just given; `old` lives in the query. */
static enum ledger_result
meet_deal(struct putting *p, const struct deal *d, struct deal *old)
{
	bool same = deal_fields_equal(d, old);
	bool learned = (!old->offset_known && d->offset_known) ||
		       (d->origin == 0 && old->origin != 0);
	enum ledger_result r = LEDGER_OK;

	if (old->missing_utc_ms != 0)
		p->missing--;
	if (same && old->missing_utc_ms == 0 && !learned) {
		p->put->same++;
		return LEDGER_OK;
	}
	if (same)
		p->put->same++;
	else {
		p->put->changed++;
		r = keep_version(p, old);
	}
	return r == LEDGER_OK ? change_deal(p, d, old) : r;
}

static enum ledger_result
put_one(struct putting *p, const struct deal *d)
{
	struct deal old;
	struct query q;
	enum ledger_result r, done;

	query_init(&q, p->l, SQL_DEAL_GET);
	put_int(&q, p->account);
	put_int(&q, d->ticket);
	if (query_next(&q)) {
		ledger_take_deal(&q, &old);
		r = meet_deal(p, d, &old);
		done = query_done(&q);
	} else {
		done = query_done(&q);
		r = done == LEDGER_OK ? add_deal(p, d) : done;
	}
	if (d->time_msc > p->last_broker_ms)
		p->last_broker_ms = d->time_msc;
	return r != LEDGER_OK ? r : done;
}

static enum ledger_result
add_to_book(struct putting *p)
{
	struct query q;

	query_init(&q, p->l, SQL_RUNNING_SUMS_ADD);
	put_int(&q, p->account);
	put_int(&q, p->deals);
	put_int(&q, p->missing);
	put_int(&q, p->last_broker_ms);
	for (int kind = 0; kind < 4; kind++)
		put_money(&q, p->sum[kind]);
	return query_run(&q);
}

enum ledger_result
ledger_deal_exclude(struct ledger *l, int64_t account, const struct deal *d,
    enum deal_excluded excluded)
{
	struct putting p = {.l = l, .account = account};
	struct deal now = *d;
	struct query q;
	enum ledger_result r;

	now.excluded = excluded;
	count_money(&p, d, false);
	count_money(&p, &now, true);
	if (p.overflow)
		return ledger_rejected(
		    l, "a sum of deals is beyond what can be stored");
	query_init(&q, l, SQL_DEAL_EXCLUDE);
	put_int(&q, account);
	put_int(&q, d->ticket);
	put_int(&q, excluded);
	r = query_run(&q);
	if (r == LEDGER_OK)
		r = add_to_book(&p);
	if (r == LEDGER_OK && d->position_id != 0)
		r = ledger_trade_stale(l, account, d->position_id);
	return r;
}

/* Of the zone in force, over the times of the deals given. */
static enum ledger_result
get_utc_rule(struct putting *p, const struct deal *deals, int n)
{
	int64_t from_ms = INT64_MAX, to_ms = 0;

	for (int i = 0; i < n; i++) {
		from_ms =
		    deals[i].time_msc < from_ms ? deals[i].time_msc : from_ms;
		to_ms = deals[i].time_msc > to_ms ? deals[i].time_msc : to_ms;
	}
	return n == 0 ? LEDGER_OK
		      : utc_rule_get(p->l, p->account, from_ms, to_ms, &p->utc);
}

/* An hour that came twice: all of its deals, those stored before as well. */
static enum ledger_result
settle_twice(struct putting *p)
{
	if (p->twice_to_broker_ms == 0)
		return LEDGER_OK;
	return utc_settle(p->l, p->account, &p->utc,
	    p->twice_from_broker_ms - TWICE_MS,
	    p->twice_to_broker_ms + TWICE_MS);
}

static int
by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static enum ledger_result
make_trades(struct putting *p)
{
	enum ledger_result r = LEDGER_OK;
	int64_t last = 0;

	qsort(p->positions, p->positions_len, sizeof(*p->positions), by_id);
	for (size_t i = 0; r == LEDGER_OK && i < p->positions_len; i++) {
		if (i == 0 || p->positions[i] != last)
			r = ledger_trade_make(
			    p->l, p->account, p->positions[i], p->now_utc_ms);
		last = p->positions[i];
	}
	return r;
}

enum ledger_result
ledger_deals_put(struct ledger *l, int64_t account, const struct deal *deals,
    int n, int64_t now_utc_ms, struct ledger_put *put)
{
	struct putting p = {
	    .l = l, .account = account, .now_utc_ms = now_utc_ms, .put = put};
	enum ledger_result r;
	bool own, merged;

	memset(put, 0, sizeof(*put));
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = ledger_account_is_merged(l, account, &merged);
	if (r == LEDGER_OK && merged)
		r = LEDGER_CONFLICT;
	p.positions = mem_new((size_t)n * 2 + 1, sizeof(*p.positions));
	if (r == LEDGER_OK)
		r = get_utc_rule(&p, deals, n);
	for (int i = 0; r == LEDGER_OK && i < n; i++)
		r = put_one(&p, &deals[i]);
	if (r == LEDGER_OK && p.overflow)
		r = ledger_rejected(
		    l, "a sum of deals is beyond what can be stored");
	if (r == LEDGER_OK && n > 0)
		r = add_to_book(&p);
	if (r == LEDGER_OK)
		r = settle_twice(&p);
	if (r == LEDGER_OK)
		r = make_trades(&p);
	if (r == LEDGER_OK && p.first_broker_ms != 0)
		r = ledger_flows_guess(l, account, p.first_broker_ms);
	if (r == LEDGER_OK)
		r = ledger_trades_renew(l, account, now_utc_ms);
	/* the limits are of before that */
	if (r == LEDGER_OK && p.cash_moved)
		r = ledger_limits_put(l, account, NULL);
	free(p.positions);
	utc_rule_done(&p.utc);
	return ledger_own_end(l, own, r);
}

/* ---- deals the broker gives no more ---- */

static enum ledger_result
mark_missing(
    struct ledger *l, int64_t account, int64_t ticket, int64_t now_utc_ms)
{
	struct query q;

	query_init(&q, l, SQL_DEAL_MISSING);
	put_int(&q, now_utc_ms);
	put_int(&q, account);
	put_int(&q, ticket);
	return query_run(&q);
}

/* Both run in the order (time_msc, ticket): a merge finds the difference. */
static enum ledger_result
find_missing(struct ledger *l, int64_t account, const struct ledger_span *span,
    const struct deal *deals, int n, int64_t **tickets, int *len)
{
	struct query q;
	size_t size = 0;
	int i = 0;

	query_init(&q, l, SQL_DEAL_SPAN);
	put_int(&q, account);
	put_int(&q, span->from_broker_ms);
	put_int(&q, span->from_ticket);
	put_int(&q, span->to_broker_ms);
	put_int(&q, span->to_ticket);
	put_int(&q, span->origin);
	while (query_next(&q)) {
		int64_t ticket = take_int(&q), broker_ms = take_int(&q);
		bool known = take_int(&q) != 0;

		while (i < n && (deals[i].time_msc < broker_ms ||
				    (deals[i].time_msc == broker_ms &&
					deals[i].ticket < ticket)))
			i++;
		if (known || (i < n && deals[i].ticket == ticket))
			continue;
		*tickets =
		    mem_room(*tickets, (size_t)*len, &size, sizeof(**tickets));
		(*tickets)[(*len)++] = ticket;
	}
	return query_done(&q);
}

enum ledger_result
ledger_deals_missing(struct ledger *l, int64_t account,
    const struct ledger_span *span, const struct deal *deals, int n,
    int64_t now_utc_ms, int *newly_missing)
{
	struct putting p = {
	    .l = l, .account = account, .now_utc_ms = now_utc_ms};
	int64_t *tickets = NULL;
	enum ledger_result r;
	int len = 0;
	bool own;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = find_missing(l, account, span, deals, n, &tickets, &len);
	for (int i = 0; r == LEDGER_OK && i < len; i++)
		r = mark_missing(l, account, tickets[i], now_utc_ms);
	p.missing = len;
	if (r == LEDGER_OK && len > 0)
		r = add_to_book(&p);
	free(tickets);
	if (r == LEDGER_OK)
		*newly_missing = len;
	return ledger_own_end(l, own, r);
}
