/* source_account.c: one row of Accounts: the ledger's and Redis's word. */
#include <inttypes.h>

#include "cron/sheets/source.h"
#include "lib/money.h"

/* a - b, unknown where either is or where it cannot be held. */
static struct amount
less(struct amount a, struct amount b)
{
	if (!a.known || !b.known || b.v == INT64_MIN ||
	    money_add(&a.v, -b.v) == -1)
		a.known = false;
	return a;
}

static struct amount
known(int64_t v)
{
	return (struct amount){true, v};
}

/* The account's own equity, less what its phase began with and what was paid
 * in since. Without a phase nobody knows what it began with. */
static struct amount
phase_profit(const struct ledger_account *a, struct amount own)
{
	struct amount none = {false, 0};

	if (a->period.id == 0)
		return none;
	return less(
	    less(own, a->period.initial_balance), known(a->flows_period));
}

static struct amount
left_today(const struct ledger_account *a, const struct live_account *now,
    struct amount own, int64_t now_msc)
{
	struct amount none = {false, 0};
	struct rule_left left;

	if (!a->has_limits || !now->balance.known || !own.known)
		return none;
	rules_left(&a->limits, now->balance.v, own.v, &a->sync.balance, now_msc,
	    &left);
	return left.today_left;
}

static void
put_values(struct row *r, const struct ledger_account *a,
    const struct live_account *now, int64_t now_msc)
{
	struct amount own = less(now->equity, now->credit);
	struct amount pl = phase_profit(a, own);
	struct amount drawdown = pl;

	/* below what the phase began with; 0 where it is above */
	drawdown.v = pl.known && pl.v < 0 ? -pl.v : 0;
	row_amount(r, now->balance);
	row_amount(r, now->equity);
	row_amount(r, pl);
	row_amount(r, now->profit);
	row_amount(r, drawdown);
	row_amount(r, left_today(a, now, own, now_msc));
	row_text(r, status_word(now->status));
	row_count(r, (now_msc - now->at_msc + 500) / 1000);
	row_time(r, now->at_msc);
}

/* Redis never heard of it (or lost it): the sheet's values stay, with the
 * moment they are of, and are said to be stale. */
static void
keep_values(struct row *r)
{
	for (int i = 0; i < 6; i++)
		row_keep(r);
	row_text(r, status_word(STATUS_STALE));
	row_blank(r); /* the age */
	row_keep(r);
}

void
source_account_row(struct row *r, const struct ledger_account *a,
    const struct source_account *whose, const struct live_account *now,
    int64_t now_msc)
{
	row_id(r, a->login);
	row_text(r, a->holder);
	row_text(r, a->prop_firm);
	row_text(r, a->period.id != 0 ? a->period.phase : NULL);
	if (whose->days_known)
		row_count(r, whose->days);
	else
		row_blank(r);
	if (now != NULL)
		put_values(r, a, now, now_msc);
	else
		keep_values(r);
	row_text(r, a->period.id != 0 ? a->period.status : NULL);
	if (a->period.id != 0)
		row_amount(r, a->period.initial_balance);
	else
		row_blank(r);
	row_text(r, a->currency);
	row_text(r, a->server);
	row_key(r, "%" PRId64 "@%s", a->login, a->server);
}
