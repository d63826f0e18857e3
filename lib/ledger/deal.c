/* deal.c: deals out of the ledger, in their order. */
#include "lib/ledger/db.h"
#include "lib/ledger/history.h"
#include "lib/ledger/trades.h"

void
ledger_take_deal(struct query *q, struct deal *d)
{
	struct amount offset;

	d->ticket = take_int(q);
	d->order = take_int(q);
	d->time = take_int(q);
	d->time_msc = take_int(q);
	d->type = (int)take_int(q);
	d->entry = (int)take_int(q);
	d->magic = take_int(q);
	d->position_id = take_int(q);
	d->reason = (int)take_int(q);
	d->volume = take_real(q);
	d->price = take_real(q);
	d->commission = take_money(q);
	d->swap = take_money(q);
	d->profit = take_money(q);
	d->fee = take_money(q);
	d->symbol = take_text(q);
	d->comment = take_text(q);
	d->external_id = take_text(q);
	d->sl = take_real(q);
	d->tp = take_real(q);
	offset = take_amount(q);
	d->offset_known = offset.known;
	d->offset_s = (int)offset.v;
	d->utc_ms = take_int(q);
	d->missing_utc_ms = take_int(q);
	d->excluded = (enum deal_excluded)take_int(q);
}

static enum ledger_result
run_list(struct query *q, ledger_deal_fn fn, void *arg)
{
	struct deal d;

	while (query_next(q)) {
		ledger_take_deal(q, &d);
		if (fn(&d, arg) != 0)
			break;
	}
	return query_done(q);
}

/* Newest first and behind no row: from the end of all. */
void
ledger_put_after(struct query *q, const struct ledger_page *page)
{
	bool end = page->newest_first && page->after_broker_ms == 0 &&
		   page->after_id == 0;

	put_int(q, end ? INT64_MAX : page->after_broker_ms);
	put_int(q, end ? INT64_MAX : page->after_id);
}

static enum ledger_result
list_page(struct ledger *l, enum ledger_sql which, int64_t account,
    const struct ledger_page *page, ledger_deal_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, which);
	put_int(&q, account);
	ledger_put_after(&q, page);
	put_limit(&q, page->limit);
	return run_list(&q, fn, arg);
}

enum ledger_result
ledger_deals(struct ledger *l, int64_t account, const struct ledger_page *page,
    ledger_deal_fn fn, void *arg)
{
	return list_page(l,
	    page->newest_first ? SQL_DEAL_LIST_BACK : SQL_DEAL_LIST, account,
	    page, fn, arg);
}

enum ledger_result
ledger_cash_flows(struct ledger *l, int64_t account,
    const struct ledger_page *page, ledger_deal_fn fn, void *arg)
{
	return list_page(l,
	    page->newest_first ? SQL_CASH_LIST_BACK : SQL_CASH_LIST, account,
	    page, fn, arg);
}

enum ledger_result
ledger_position_deals(struct ledger *l, int64_t account, int64_t position_id,
    ledger_deal_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_POSITION_DEALS);
	put_int(&q, account);
	put_int(&q, position_id);
	return run_list(&q, fn, arg);
}
