/* source_account.c: one row of Accounts: the ledger's and Redis's word. */
#include <inttypes.h>

#include "cron/sheets/source.h"

/* a - b - c, unknown where it cannot be held. */
static struct amount
less(int64_t a, int64_t b, int64_t c)
{
	struct amount out = {true, 0};

	if (__builtin_sub_overflow(a, b, &out.v) ||
	    __builtin_sub_overflow(out.v, c, &out.v))
		out.known = false;
	return out;
}

/*
 * The account's own equity, less what its phase began with and what was paid
 * in since; without a phase, less all that was ever paid in. As on the page.
 */
static struct amount
profit(const struct ledger_account *a, struct amount own)
{
	struct amount none = {false, 0};

	if (!own.known)
		return none;
	if (a->period.id != 0 && a->period.initial_balance.known)
		return less(
		    own.v, a->period.initial_balance.v, a->flows_period);
	if (a->period.id == 0 && a->sync.state == LEDGER_HISTORY_OK &&
	    a->sync.residue.known && a->sync.residue.v == 0)
		return less(own.v, a->flows, 0);
	return none;
}

/* A deposit that is not stored yet would pass for a profit. */
static struct amount
own_money(const struct ledger_account *a, const struct live_account *now)
{
	struct amount own = less(now->equity, now->credit, 0);

	if (now->cash != -1 && now->cash != a->cash)
		own.known = false;
	return own;
}

static struct amount
left_today(const struct ledger_account *a, const struct live_account *now,
    struct amount own, int64_t now_msc)
{
	struct amount none = {false, 0};
	struct rule_left left;

	if (!a->has_limits || !own.known)
		return none;
	rules_left(
	    &a->limits, now->balance, own.v, &a->sync.balance, now_msc, &left);
	return left.today_left;
}

static void
put_values(struct row *r, const struct ledger_account *a,
    const struct live_account *now, int64_t now_msc)
{
	struct amount own = own_money(a, now);
	struct amount pl = profit(a, own), drawdown = pl;

	/* below what it began with; 0 where it is above */
	drawdown.v = pl.known && pl.v < 0 ? -pl.v : 0;
	row_money(r, now->balance);
	row_money(r, now->equity);
	row_amount(r, pl);
	row_money(r, now->profit);
	row_amount(r, drawdown);
	row_amount(r, left_today(a, now, own, now_msc));
	row_text(r, status_word(now->status));
	row_count(r, (now_msc - now->at_msc + 500) / 1000);
	row_time(r, now->at_msc);
}

/* Redis never heard of it (or lost it): the sheet's values stay, with the
 * moment they are of, and are said to be stale (or worse). */
static void
keep_values(struct row *r, enum status status)
{
	if (status_is_live(status))
		status = STATUS_STALE;
	for (int i = 0; i < 6; i++)
		row_keep(r);
	row_text(r, status_word(status));
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
	if (now != NULL && now->known)
		put_values(r, a, now, now_msc);
	else
		keep_values(r, now != NULL ? now->status : STATUS_STALE);
	row_text(r, a->period.id != 0 ? a->period.status : NULL);
	if (a->period.id != 0)
		row_amount(r, a->period.initial_balance);
	else
		row_blank(r);
	row_text(r, a->currency);
	row_text(r, a->server);
	row_key(r, "%" PRId64 "@%s", a->login, a->server);
}
