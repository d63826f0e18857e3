/* account.c: accounts, as they were seen and as a whole row. */
#include <string.h>

#include "lib/base/clock.h"
#include "lib/ledger/db.h"
#include "lib/trading/rules_json.h"
#include "lib/ledger/history.h"
#include "lib/ledger/people.h"
#include "lib/ledger/trades.h"

enum ledger_result
ledger_account_find(
    struct ledger *l, const char *server, int64_t login, int64_t *id)
{
	struct query q;

	query_init(&q, l, SQL_ACCOUNT_FIND);
	put_text(&q, server);
	put_int(&q, login);
	if (query_next(&q))
		*id = take_int(&q);
	return query_found(&q);
}

static void
put_seen(struct query *q, const struct ledger_seen *s)
{
	put_given(q, s->node);
	put_given(q, s->currency);
	put_given(q, s->company);
	put_given(q, s->name);
	put_known(q, s->currency_digits >= 0, s->currency_digits);
	put_known(q, s->trade_mode >= 0, s->trade_mode);
	put_known(q, s->margin_mode >= 0, s->margin_mode);
	put_known(q, s->leverage >= 0, s->leverage);
	put_known(q, s->offset_known, s->offset_s);
}

static enum ledger_result
account_add(struct ledger *l, const struct ledger_seen *s, int64_t *id)
{
	struct query q;

	query_init(&q, l, SQL_ACCOUNT_ADD);
	put_text(&q, s->server);
	put_int(&q, s->login);
	put_seen(&q, s);
	put_int(&q, clock_utc_ms());
	return query_id(&q, id);
}

/* What its terminal says of one that was joined into another is of before. */
static enum ledger_result
account_update(struct ledger *l, const struct ledger_seen *s, int64_t id)
{
	struct query q;
	enum ledger_result r;
	int64_t origin;
	bool differs;

	r = ledger_account_origin(l, s->server, s->login, &origin);
	if (r != LEDGER_OK || origin != 0)
		return r;
	query_init(&q, l, SQL_ACCOUNT_TOLD);
	put_int(&q, id);
	put_seen(&q, s);
	differs = query_next(&q);
	r = query_done(&q);
	if (r != LEDGER_OK || !differs)
		return r;
	query_init(&q, l, SQL_ACCOUNT_UPDATE);
	put_int(&q, id);
	put_seen(&q, s);
	return query_run(&q);
}

/* Looks first, so that the write lock is taken only where it is needed. */
enum ledger_result
ledger_account_seen(struct ledger *l, const struct ledger_seen *s, int64_t *id)
{
	enum ledger_result r;
	bool own;

	r = ledger_account_find(l, s->server, s->login, id);
	if (r == LEDGER_OK)
		return account_update(l, s, *id);
	if (r != LEDGER_NOT_FOUND)
		return r;
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = ledger_account_find(l, s->server, s->login, id);
	if (r == LEDGER_NOT_FOUND)
		r = account_add(l, s, id);
	return ledger_own_end(l, own, r);
}

static void
take_period(struct query *q, struct ledger_period *p)
{
	p->id = take_int(q);
	p->phase = take_text(q);
	p->status = take_text(q);
	p->started_utc_ms = take_int(q);
	p->ended_utc_ms = take_int(q);
	p->initial_balance = take_amount(q);
	p->start_balance = take_amount(q);
	p->start_equity = take_amount(q);
	p->paused_until_utc_ms = take_int(q);
	p->who = take_text(q);
	p->note = take_text(q);
	p->high = take_amount(q);
	p->entered_utc_ms = take_int(q);
}

static void
take_sync(struct query *q, struct ledger_sync *s)
{
	s->state = (enum ledger_history)take_int(q);
	s->error = take_text(q);
	s->sync_utc_ms = take_int(q);
	s->full_utc_ms = take_int(q);
	s->last_broker_ms = take_int(q);
	s->deals = take_int(q);
	s->missing = take_int(q);
	s->balance = take_amount(q);
	s->credit = take_amount(q);
	s->difference = take_amount(q);
	s->credit_difference = take_amount(q);
	s->checked_utc_ms = take_int(q);
	s->difference_note = take_text(q);
}

void
ledger_take_day(struct query *q, struct ledger_day *d)
{
	const char *date;

	d->day_utc_ms = take_int(q);
	d->next_utc_ms = take_int(q);
	date = take_text(q);
	if (date != NULL)
		strncat(d->date, date, sizeof(d->date) - 1);
	d->balance = take_amount(q);
	d->equity = take_amount(q);
	d->estimated = take_int(q) != 0;
	d->low = take_amount(q);
	d->high = take_amount(q);
	d->opened = take_small(q);
	d->closed = take_small(q);
	d->net = take_money(q);
	d->flows = take_money(q);
}

/* Limits that cannot be read are unknown until the phases job writes them. */
static bool
take_limits(struct query *q, struct rule_limits *limits)
{
	const char *json = take_text(q);

	if (json != NULL)
		return rules_limits_parse(json, limits) == 0;
	memset(limits, 0, sizeof(*limits));
	return false;
}

static void
take_account(struct query *q, struct ledger_account *a)
{
	struct amount offset;

	memset(a, 0, sizeof(*a));
	a->id = take_int(q);
	a->version = take_int(q);
	a->server = take_text(q);
	a->login = take_int(q);
	a->node = take_text(q);
	a->currency = take_text(q);
	a->company = take_text(q);
	a->name = take_text(q);
	a->currency_digits = take_small(q);
	a->trade_mode = take_small(q);
	a->margin_mode = take_small(q);
	a->leverage = take_small(q);
	offset = take_amount(q);
	a->offset_known = offset.known;
	a->offset_s = (int)offset.v;
	a->first_seen_utc_ms = take_int(q);
	a->holder = take_text(q);
	a->prop_firm = take_text(q);
	a->vs_group = take_text(q);
	a->note = take_text(q);
	a->tags = take_text(q);
	a->rule_set = take_int(q);
	a->rule_set_name = take_text(q);
	take_period(q, &a->period);
	take_sync(q, &a->sync);
	ledger_take_day(q, &a->day);
	a->has_day = a->day.day_utc_ms != 0;
	a->flows_today = take_amount(q);
	a->flows_period = take_amount(q);
	a->capital = take_money(q);
	a->trades_net = take_money(q);
	a->costs = take_money(q);
	a->flows = take_money(q);
	a->carried = take_money(q);
	a->non_trade_deals = take_int(q);
	a->last_non_trade_utc_ms = take_int(q);
	a->has_limits = take_limits(q, &a->limits);
	a->broker_zone = take_text(q);
}

static enum ledger_result
list(struct ledger *l, const int64_t *id, const int64_t *login,
    ledger_account_fn fn, void *arg, int *n)
{
	struct ledger_account a;
	struct query q;

	query_init(&q, l, SQL_ACCOUNT_LIST);
	put_known(&q, id != NULL, id != NULL ? *id : 0);
	put_known(&q, login != NULL, login != NULL ? *login : 0);
	for (*n = 0; query_next(&q); ++*n) {
		take_account(&q, &a);
		if (fn(&a, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_accounts(struct ledger *l, ledger_account_fn fn, void *arg)
{
	int n;

	return list(l, NULL, NULL, fn, arg, &n);
}

enum ledger_result
ledger_account_get(
    struct ledger *l, int64_t id, ledger_account_fn fn, void *arg)
{
	int n;
	enum ledger_result r = list(l, &id, NULL, fn, arg, &n);

	return r == LEDGER_OK && n == 0 ? LEDGER_NOT_FOUND : r;
}

enum ledger_result
ledger_accounts_by_login(
    struct ledger *l, int64_t login, ledger_account_fn fn, void *arg)
{
	int n;

	return list(l, NULL, &login, fn, arg, &n);
}

enum ledger_result
ledger_periods(
    struct ledger *l, int64_t account, ledger_period_fn fn, void *arg)
{
	struct ledger_period p;
	struct query q;

	query_init(&q, l, SQL_PERIOD_LIST);
	put_int(&q, account);
	while (query_next(&q)) {
		take_period(&q, &p);
		if (fn(&p, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_sync_get(struct ledger *l, int64_t account,
    int (*fn)(const struct ledger_sync *, void *), void *arg)
{
	struct ledger_sync s;
	struct query q;

	query_init(&q, l, SQL_SYNC_GET);
	put_int(&q, account);
	if (query_next(&q)) {
		take_sync(&q, &s);
		fn(&s, arg);
	}
	return query_found(&q);
}

enum ledger_result
ledger_days(struct ledger *l, int64_t account, int64_t from_utc_ms,
    int64_t to_utc_ms, ledger_day_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_DAY_LIST);
	put_int(&q, account);
	put_int(&q, from_utc_ms);
	put_int(&q, to_utc_ms);
	while (query_next(&q)) {
		struct ledger_day d = {0};

		ledger_take_day(&q, &d);
		if (fn(&d, arg) != 0)
			break;
	}
	return query_done(&q);
}
