/* deal.c: deals out of the ledger, in their order. */
#include "lib/ledger/db.h"
#include "lib/ledger/history.h"
#include "lib/ledger/trades.h"
#include "lib/trading/deal_fields.h"

static void
take_field(struct query *q, const struct deal_field *f, void *at)
{
	switch (f->type) {
	case DEAL_FIELD_ID:
	case DEAL_FIELD_TIME_S:
	case DEAL_FIELD_TIME_MS:
		*(int64_t *)at = take_int(q);
		break;
	case DEAL_FIELD_INT:
		*(int *)at = (int)take_int(q);
		break;
	case DEAL_FIELD_VOLUME:
	case DEAL_FIELD_PRICE:
		*(double *)at = take_real(q);
		break;
	case DEAL_FIELD_MONEY:
		*(money_t *)at = take_money(q);
		break;
	case DEAL_FIELD_TEXT:
		*(const char **)at = take_text(q);
		break;
	}
}

void
ledger_take_deal(struct query *q, struct deal *d)
{
	struct amount offset;

	for (size_t i = 0; i < deal_fields_len; i++)
		take_field(q, &deal_fields[i], deal_field(&deal_fields[i], d));
	offset = take_amount(q);
	d->offset_known = offset.known;
	d->offset_s = (int)offset.v;
	d->utc_ms = take_int(q);
	d->missing_utc_ms = take_int(q);
	d->excluded = (enum deal_excluded)take_int(q);
	d->utc_estimated = take_int(q) != 0;
	d->seen_utc_ms = take_int(q);
	d->meaning = (enum deal_meaning)take_int(q);
	d->meaning_why = take_text(q);
	d->meaning_who = take_text(q);
	d->cancels = take_int(q);
	d->void_reason = take_text(q);
	d->origin = take_int(q);
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
