/* source_account.c: one row of Accounts: the ledger's and Redis's word. */
#include <inttypes.h>

#include "cron/sheets/source.h"
#include "lib/fleet/pl.h"

/* As on the page. */
static void
put_values(struct row *r, const struct ledger_account *a,
    const struct live_account *now, int64_t now_utc_ms)
{
	struct pl_money money = {
	    now->balance, now->equity, now->credit, now->non_trade_deals};
	struct rule_left left = {0};
	struct amount drawdown;
	struct pl pl;
	struct pl_facts s;

	pl_facts_from(a, &s);
	pl_find(&s, &money, now_utc_ms, &pl);
	(void)pl_left(&s, &money, now_utc_ms, &left);
	/* below what it began with; 0 where it is above */
	drawdown = pl.total;
	drawdown.v = drawdown.v < 0 ? -drawdown.v : 0;
	row_money(r, now->balance);
	row_money(r, now->equity);
	row_amount(r, pl.total);
	row_money(r, now->profit);
	row_amount(r, drawdown);
	row_amount(r, left.line[RULE_DAILY_LOSS].left);
	row_text(r, status_word(now->status));
	row_count(r, (now_utc_ms - now->at_utc_ms + 500) / 1000);
	row_time(r, now->at_utc_ms);
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
    int64_t now_utc_ms)
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
		put_values(r, a, now, now_utc_ms);
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
