/* source.c: the rows of a tab as they should be, a bite at a time. */
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/source.h"
#include "lib/base/mem.h"

#define BITE 1000

static char *
copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

/* ---- the accounts, known once for all tabs ---- */

struct first_look {
	struct source *source;
	int64_t *since_utc_ms; /* of each account's phase */
	int size;
};

static int
add_account(const struct ledger_account *a, void *arg)
{
	struct first_look *look = arg;
	struct source *s = look->source;

	if (s->len == s->size) {
		s->size = s->size > 0 ? 2 * s->size : 64;
		s->accounts = mem_grow(
		    s->accounts, (size_t)s->size, sizeof(*s->accounts));
		look->since_utc_ms = mem_grow(look->since_utc_ms,
		    (size_t)s->size, sizeof(*look->since_utc_ms));
	}
	look->since_utc_ms[s->len] =
	    a->period.id != 0 ? a->period.started_utc_ms : 0;
	s->accounts[s->len++] = (struct source_account){.id = a->id,
	    .login = a->login,
	    .server = mem_strdup(a->server),
	    .currency = copy(a->currency),
	    .days_known = a->has_limits,
	    .days = a->has_limits ? a->limits.days_done : 0};
	return 0;
}

static int
count_day(const struct ledger_day *d, void *arg)
{
	struct source_account *a = arg;

	a->days_known = true;
	a->days += d->opened > 0;
	return 0;
}

int
source_open(struct source *s, struct ledger *ledger)
{
	struct first_look look = {.source = s};
	enum ledger_result rc;

	memset(s, 0, sizeof(*s));
	s->ledger = ledger;
	rc = ledger_accounts(ledger, add_account, &look);
	for (int i = 0; i < s->len && rc == LEDGER_OK; i++)
		if (!s->accounts[i].days_known)
			rc = ledger_days(ledger, s->accounts[i].id,
			    look.since_utc_ms[i], INT64_MAX, count_day,
			    &s->accounts[i]);
	free(look.since_utc_ms);
	return rc == LEDGER_OK ? 0 : -1;
}

void
source_close(struct source *s)
{
	for (int i = 0; i < s->len; i++) {
		free(s->accounts[i].server);
		free(s->accounts[i].currency);
	}
	free(s->accounts);
	rows_done(&s->rows);
	memset(s, 0, sizeof(*s));
}

/* ---- bites ---- */

static struct row *
add(struct source *s)
{
	return rows_add(&s->rows, tab_get(s->tab));
}

static const struct source_account *
whose(const struct source *s)
{
	return &s->accounts[s->at];
}

/* One that came since the first look is the next run's. */
static int
on_account(const struct ledger_account *a, void *arg)
{
	struct source *s = arg;
	int tries;

	for (tries = 0; tries < s->len && whose(s)->id != a->id; tries++)
		s->at = (s->at + 1) % s->len; /* most often the next one */
	if (tries < s->len)
		source_account_row(add(s), a, whose(s),
		    live_find(s->live, a->server, a->login), s->now_utc_ms);
	return 0;
}

static int
on_trade(const struct ledger_trade *t, void *arg)
{
	struct source *s = arg;

	source_trade_row(add(s), t);
	s->page.after_broker_ms = t->trade.first_broker_ms;
	s->page.after_id = t->trade.position_id;
	s->page.after_part = t->trade.part;
	return 0;
}

static int
on_flow(const struct deal *d, void *arg)
{
	struct source *s = arg;

	source_flow_row(add(s), whose(s), d);
	s->page.after_broker_ms = d->time_msc;
	s->page.after_id = d->ticket;
	return 0;
}

static int
on_period(const struct ledger_period *p, void *arg)
{
	struct source *s = arg;

	source_period_row(add(s), whose(s), p);
	return 0;
}

static int
on_day(const struct ledger_day *d, void *arg)
{
	struct source *s = arg;

	if (s->have_day)
		source_day_row(add(s), whose(s), &s->day, d);
	s->day = *d;
	s->have_day = true;
	return 0;
}

static enum ledger_result
days(struct source *s)
{
	enum ledger_result rc;

	s->have_day = false;
	rc = ledger_days(s->ledger, whose(s)->id, 0, INT64_MAX, on_day, s);
	if (s->have_day)
		source_day_row(add(s), whose(s), &s->day, NULL);
	return rc;
}

static enum ledger_result
bite(struct source *s)
{
	struct ledger_trade_filter filter = {0};

	switch (s->tab) {
	case TAB_ACCOUNTS:
		return ledger_accounts(s->ledger, on_account, s);
	case TAB_TRADES:
		filter.account = whose(s)->id;
		return ledger_trades(s->ledger, &filter, &s->page, on_trade, s);
	case TAB_FLOWS:
		return ledger_cash_flows(
		    s->ledger, whose(s)->id, &s->page, on_flow, s);
	case TAB_PHASES:
		return ledger_periods(s->ledger, whose(s)->id, on_period, s);
	case TAB_DAILY:
		return days(s);
	}
	abort();
}

static void
next_account(struct source *s)
{
	s->at++;
	s->page = (struct ledger_page){.limit = BITE};
}

void
source_begin(struct source *s, enum tab_id tab)
{
	s->tab = tab;
	s->at = -1;
	next_account(s);
}

int
source_next(struct source *s)
{
	bool pages = s->tab == TAB_TRADES || s->tab == TAB_FLOWS;

	if (s->at >= s->len)
		return 0;
	s->rows.len = 0;
	if (bite(s) != LEDGER_OK)
		return -1;
	if (s->tab == TAB_ACCOUNTS)
		s->at = s->len;
	else if (!pages || s->rows.len < BITE)
		next_account(s);
	return 1;
}
