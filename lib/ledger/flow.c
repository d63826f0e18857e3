/* flow.c: what deals that are no trades are for: the guess, and its storing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/ledger/db.h"
#include "lib/ledger/flow_store.h"
#include "lib/ledger/flows.h"
#include "lib/ledger/samples.h"
#include "lib/ledger/trades.h"
#include "lib/trading/money.h"

#define DAY_MS INT64_C(86400000)
#define COMMON "flow_rules"

/* ---- one deal's meaning, stored, and what follows from it ---- */

static char *
copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static bool
same_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* The day it lies in has other sums now; so may the one before by clock. */
static enum ledger_result
recount_days(struct ledger *l, int64_t account, int64_t utc_ms)
{
	struct ledger_day days[4];
	enum ledger_result r = LEDGER_OK;
	struct query q;
	int n = 0;

	query_init(&q, l, SQL_DAY_AT);
	put_int(&q, account);
	put_int(&q, utc_ms);
	put_int(&q, utc_ms);
	while (n < 4 && query_next(&q)) {
		days[n] = (struct ledger_day){0};
		ledger_take_day(&q, &days[n++]);
	}
	r = query_done(&q);
	for (int i = 0; r == LEDGER_OK && i < n; i++) {
		r = ledger_day_sums(l, account, days[i].day_utc_ms,
		    days[i].next_utc_ms, &days[i]);
		if (r == LEDGER_OK)
			r = ledger_day_put(l, account, &days[i]);
	}
	return r;
}

static enum ledger_result
move_sums(struct ledger *l, int64_t account, const struct deal *was,
    const struct deal *is)
{
	enum deal_kind from = deal_kind(was), to = deal_kind(is);
	money_t sum[4] = {0}, net;
	enum ledger_result r;
	struct query q;

	if (from == to || was->excluded != DEAL_COUNTS)
		return LEDGER_OK;
	if (deal_net(was, &net) == -1)
		return ledger_rejected(l, "an amount cannot be held");
	sum[from] = -net;
	sum[to] = net;
	query_init(&q, l, SQL_RUNNING_SUMS_ADD);
	put_int(&q, account);
	put_int(&q, 0);
	put_int(&q, 0);
	put_int(&q, 0);
	for (int kind = 0; kind < 4; kind++)
		put_money(&q, sum[kind]);
	r = query_run(&q);
	if (r == LEDGER_OK && was->position_id != 0)
		r = ledger_trade_stale(l, account, was->position_id);
	return r;
}

enum ledger_result
flow_store(struct ledger *l, int64_t account, const struct deal *was,
    const struct deal *is, bool *changed)
{
	enum ledger_result r;
	struct query q;
	bool moved = was->meaning != is->meaning || was->cancels != is->cancels;

	if (!moved && same_text(was->meaning_why, is->meaning_why) &&
	    same_text(was->meaning_who, is->meaning_who))
		return LEDGER_OK;
	query_init(&q, l, SQL_DEAL_MEANING);
	put_int(&q, account);
	put_int(&q, was->ticket);
	put_int(&q, is->meaning);
	put_given(&q, is->meaning_why);
	put_given(&q, is->meaning_who);
	put_known(&q, is->cancels != 0, is->cancels);
	put_int(&q, deal_kind(is));
	r = query_run(&q);
	if (r == LEDGER_OK && moved)
		r = move_sums(l, account, was, is);
	if (r == LEDGER_OK && moved && was->utc_ms != 0)
		r = recount_days(l, account, was->utc_ms);
	*changed = *changed || moved;
	return r;
}

enum ledger_result
flow_followed(struct ledger *l, int64_t account, int64_t now_utc_ms)
{
	enum ledger_result r = ledger_trades_renew(l, account, now_utc_ms);

	return r == LEDGER_OK ? ledger_limits_put(l, account, NULL) : r;
}

/* ---- what an earlier deal of the opposite amount is ---- */

static bool
names(const char *comment, int64_t id)
{
	char text[24];
	const char *at;
	size_t len;

	if (id == 0)
		return false;
	len = (size_t)snprintf(text, sizeof(text), "%" PRId64, id);
	for (at = comment; (at = strstr(at, text)) != NULL; at++)
		if ((at == comment || at[-1] < '0' || at[-1] > '9') &&
		    (at[len] < '0' || at[len] > '9'))
			return true;
	return false;
}

bool
flow_find_cancelled(struct ledger *l, int64_t account, const struct deal *d,
    int64_t *ticket, enum deal_kind *kind)
{
	bool found = false, named = false;
	struct query q;
	money_t net;

	if (deal_net(d, &net) == -1 || net == 0)
		return false;
	query_init(&q, l, SQL_DEAL_OPPOSITE);
	put_int(&q, account);
	put_int(&q, d->time_msc);
	put_int(&q, d->ticket);
	put_int(&q, d->ticket);
	put_int(&q, deal_kind_by_type(d) == DEAL_KIND_CREDIT);
	put_money(&q, -net);
	put_money(&q, -net);
	while (!named && query_next(&q)) {
		int64_t id = take_int(&q), position = take_int(&q);
		enum deal_kind k = (enum deal_kind)take_int(&q);

		named = names(d->comment, id) || names(d->comment, position);
		if (found && !named)
			continue; /* the newest, or the one it names */
		*ticket = id;
		*kind = k;
		found = true;
	}
	return query_done(&q) == LEDGER_OK && found;
}

/* ---- the guess ---- */

struct period {
	int64_t started_utc_ms;
	struct amount initial;
	char *phase;
};

struct flow {
	struct deal d; /* its texts are copies */
	money_t before;
};

struct pass {
	struct ledger *l;
	int64_t account;
	struct flow_rules *rules;
	bool has_rule_set, has_capital, overflow;
	struct period *periods; /* newest first */
	size_t periods_len, periods_size;
	money_t balance;
	struct flow *flows;
	size_t len, size;
	bool changed;
};

static int
keep_period(const struct ledger_period *p, void *arg)
{
	struct pass *pass = arg;

	pass->periods = mem_room(pass->periods, pass->periods_len,
	    &pass->periods_size, sizeof(*pass->periods));
	pass->periods[pass->periods_len++] =
	    (struct period){.started_utc_ms = p->started_utc_ms,
		.initial = p->initial_balance,
		.phase = mem_strdup(p->phase)};
	return 0;
}

/* The rule set's text and the common rules, parsed. */
static enum ledger_result
load_rules(struct pass *p)
{
	char *set, *common = NULL;
	enum ledger_result r;
	struct query q;

	query_init(&q, p->l, SQL_FLOW_RULES);
	put_int(&q, p->account);
	put_text(&q, COMMON);
	set = query_next(&q) ? copy(take_text(&q)) : NULL;
	if (q.taken > 0)
		common = copy(take_text(&q));
	r = query_done(&q);
	p->has_rule_set = set != NULL;
	if (r == LEDGER_OK)
		p->rules = flow_rules_new(set, common);
	free(set);
	free(common);
	return r;
}

/* The balance before the first deal looked at. What the terminal has more
 * than the deals say is of before them all: archived ones. */
static enum ledger_result
load_balance(struct pass *p, int64_t from_broker_ms)
{
	struct amount missing = {false, 0};
	struct query q;

	query_init(&q, p->l, SQL_FLOW_BEFORE);
	put_int(&q, p->account);
	put_int(&q, from_broker_ms);
	put_int(&q, p->account);
	put_int(&q, p->account);
	put_int(&q, from_broker_ms);
	if (query_next(&q)) {
		p->balance = take_money(&q);
		missing = take_amount(&q);
		p->has_capital = take_int(&q) != 0;
	}
	if (missing.known && money_add(&p->balance, missing.v) == -1)
		p->overflow = true;
	return query_done(&q);
}

static int
keep_flow(const struct deal *d, void *arg)
{
	struct pass *p = arg;
	enum deal_kind kind = deal_kind_by_type(d);
	struct flow *f;
	money_t net;

	if (kind != DEAL_KIND_TRADE) {
		p->flows =
		    mem_room(p->flows, p->len, &p->size, sizeof(*p->flows));
		f = &p->flows[p->len++];
		*f = (struct flow){.d = *d, .before = p->balance};
		f->d.symbol = mem_strdup(d->symbol);
		f->d.comment = mem_strdup(d->comment);
		f->d.external_id = NULL;
		f->d.meaning_why = copy(d->meaning_why);
		f->d.meaning_who = copy(d->meaning_who);
	}
	if (d->excluded == DEAL_COUNTS && kind != DEAL_KIND_CREDIT &&
	    (deal_net(d, &net) == -1 || money_add(&p->balance, net) == -1))
		p->overflow = true;
	return 0;
}

static const struct period *
period_of(const struct pass *p, const struct deal *d)
{
	for (size_t i = 0; d->utc_ms != 0 && i < p->periods_len; i++)
		if (p->periods[i].started_utc_ms <= d->utc_ms)
			return &p->periods[i];
	return NULL;
}

static bool
find_cancelled(
    void *arg, const struct deal *d, int64_t *ticket, enum deal_kind *kind)
{
	struct pass *p = arg;

	return flow_find_cancelled(p->l, p->account, d, ticket, kind);
}

static enum ledger_result
guess_one(struct pass *p, const struct flow *f)
{
	const struct period *in = period_of(p, &f->d);
	struct flow_context c = {.before = {!p->overflow, f->before},
	    .after = {!p->overflow, f->before},
	    .initial = in != NULL ? in->initial : (struct amount){false, 0},
	    .phase = in != NULL ? in->phase : NULL,
	    .has_rules = p->has_rule_set && in != NULL,
	    .has_capital = p->has_capital,
	    .cancels = find_cancelled,
	    .arg = p};
	struct flow_guess guess;
	char why[FLOW_WHY_SIZE];
	struct deal now = f->d;
	money_t net = 0;

	if (deal_net(&f->d, &net) == -1 || money_add(&c.after.v, net) == -1)
		c.after.known = false;
	if (f->d.meaning_who == NULL || !flow_fits(&f->d, f->d.meaning, why)) {
		flow_guess(p->rules, &f->d, &c, &guess);
		now.meaning = guess.meaning;
		now.meaning_why = guess.why;
		now.meaning_who = NULL;
		now.cancels = guess.cancels;
	}
	p->has_capital = p->has_capital || now.meaning == DEAL_CAPITAL;
	return flow_store(p->l, p->account, &f->d, &now, &p->changed);
}

static void
pass_done(struct pass *p)
{
	for (size_t i = 0; i < p->len; i++) {
		free((char *)p->flows[i].d.symbol);
		free((char *)p->flows[i].d.comment);
		free((char *)p->flows[i].d.meaning_why);
		free((char *)p->flows[i].d.meaning_who);
	}
	for (size_t i = 0; i < p->periods_len; i++)
		free(p->periods[i].phase);
	free(p->periods);
	free(p->flows);
	flow_rules_free(p->rules);
}

/* Is there anything to guess of? Most pages are trades alone. */
static enum ledger_result
any_since(struct ledger *l, int64_t account, int64_t from_broker_ms, bool *any)
{
	struct query q;

	query_init(&q, l, SQL_FLOW_ANY);
	put_int(&q, account);
	put_int(&q, from_broker_ms);
	*any = query_next(&q);
	return query_done(&q);
}

enum ledger_result
ledger_flows_guess(struct ledger *l, int64_t account, int64_t from_broker_ms)
{
	struct ledger_page page = {
	    .after_broker_ms = from_broker_ms - 1, .after_id = INT64_MAX};
	struct pass p = {.l = l, .account = account};
	enum ledger_result r;
	bool any, own;

	r = any_since(l, account, from_broker_ms, &any);
	if (r != LEDGER_OK || !any)
		return r;
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = load_rules(&p);
	if (r == LEDGER_OK)
		r = load_balance(&p, from_broker_ms);
	if (r == LEDGER_OK)
		r = ledger_periods(l, account, keep_period, &p);
	if (r == LEDGER_OK)
		r = ledger_deals(l, account, &page, keep_flow, &p);
	for (size_t i = 0; r == LEDGER_OK && i < p.len; i++)
		r = guess_one(&p, &p.flows[i]);
	if (r == LEDGER_OK && p.changed)
		r = flow_followed(l, account, 0);
	pass_done(&p);
	return ledger_own_end(l, own, r);
}

/* ---- later ---- */

enum ledger_result
ledger_flows_stale(struct ledger *l, int64_t account)
{
	struct query q;

	query_init(&q, l, SQL_FLOW_STALE_ADD);
	put_known(&q, account != 0, account);
	return query_write(&q);
}

enum ledger_result
ledger_flows_renew(struct ledger *l, int64_t account)
{
	enum ledger_result r;
	struct query q;
	bool stale, own;

	query_init(&q, l, SQL_FLOW_STALE);
	put_int(&q, account);
	stale = query_next(&q);
	r = query_done(&q);
	if (r != LEDGER_OK || !stale)
		return r;
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = ledger_flows_guess(l, account, 0);
	if (r == LEDGER_OK) {
		query_init(&q, l, SQL_FLOW_STALE_CLEAR);
		put_int(&q, account);
		r = query_run(&q);
	}
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_flow_rules_put(struct ledger *l, const char *json)
{
	enum ledger_result r;
	struct query q;
	bool same, own;

	query_init(&q, l, SQL_SETTING_GET);
	put_text(&q, COMMON);
	same = same_text(query_next(&q) ? take_text(&q) : NULL, json);
	r = query_done(&q);
	if (r != LEDGER_OK || same)
		return r;
	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_SETTING_PUT);
	put_text(&q, COMMON);
	put_text(&q, json != NULL ? json : "");
	r = query_run(&q);
	if (r == LEDGER_OK)
		r = ledger_flows_stale(l, 0);
	return ledger_own_end(l, own, r);
}
