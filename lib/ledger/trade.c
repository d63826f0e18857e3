/* trade.c: the trade table, and positions without a beginning. */
#include <stdio.h>
#include <string.h>

#include "lib/ledger/db.h"
#include "lib/ledger/trade_fields.h"
#include "lib/ledger/trades.h"

enum ledger_result
ledger_trade_put(struct ledger *l, int64_t account, const struct trade *t,
    bool imported, int64_t now_msc)
{
	const struct ledger_trade row = {
	    .imported = imported, .changed_msc = now_msc, .trade = *t};
	const char *at;
	struct query q;

	query_init(&q, l, SQL_TRADE_ADD);
	put_int(&q, account);
	for (size_t i = 0; i < trade_fields_len; i++) {
		if ((trade_fields[i].flags & TRADE_FIELD_OF_ACCOUNT) != 0)
			continue;
		at = (const char *)&row + trade_fields[i].offset;
		switch (trade_fields[i].type) {
		case TRADE_FIELD_ID:
		case TRADE_FIELD_LOTS:
		case TRADE_FIELD_MONEY:
		case TRADE_FIELD_TIME:
			put_int(&q, *(const int64_t *)(const void *)at);
			break;
		case TRADE_FIELD_COUNT:
		case TRADE_FIELD_SIDE:
		case TRADE_FIELD_REASON:
			put_int(&q, *(const int *)(const void *)at);
			break;
		case TRADE_FIELD_STATE:
			put_int(
			    &q, *(const enum trade_state *)(const void *)at);
			break;
		case TRADE_FIELD_FLAG:
			put_int(&q, *(const bool *)(const void *)at);
			break;
		case TRADE_FIELD_PRICE:
			put_real(&q, *(const double *)(const void *)at);
			break;
		case TRADE_FIELD_SYMBOL:
			put_text(&q, at);
			break;
		case TRADE_FIELD_TEXT:
			put_text(&q, *(const char *const *)(const void *)at);
			break;
		}
	}
	return query_run(&q);
}

static void
take_trade(struct query *q, struct ledger_trade *t)
{
	void *at;

	memset(t, 0, sizeof(*t));
	t->account = take_int(q);
	t->currency_digits = take_small(q);
	for (size_t i = 0; i < trade_fields_len; i++) {
		at = (char *)t + trade_fields[i].offset;
		switch (trade_fields[i].type) {
		case TRADE_FIELD_ID:
		case TRADE_FIELD_LOTS:
		case TRADE_FIELD_MONEY:
		case TRADE_FIELD_TIME:
			*(int64_t *)at = take_int(q);
			break;
		case TRADE_FIELD_COUNT:
		case TRADE_FIELD_SIDE:
		case TRADE_FIELD_REASON:
			*(int *)at = (int)take_int(q);
			break;
		case TRADE_FIELD_STATE:
			*(enum trade_state *)at = (enum trade_state)take_int(q);
			break;
		case TRADE_FIELD_FLAG:
			*(bool *)at = take_int(q) != 0;
			break;
		case TRADE_FIELD_PRICE:
			*(double *)at = take_real(q);
			break;
		case TRADE_FIELD_SYMBOL:
			snprintf(at, TRADE_SYMBOL_SIZE, "%s", take_text(q));
			break;
		case TRADE_FIELD_TEXT:
			*(const char **)at = take_text(q);
			break;
		}
	}
}

static void
put_page(struct query *q, const struct ledger_page *page)
{
	static const struct ledger_page whole;

	if (page == NULL)
		page = &whole;
	ledger_put_after(q, page);
	/* parts count from 0: nothing lies before (0, 0, -1) */
	put_int(q, page->after_msc == 0 && page->after_id == 0
		       ? -1
		       : page->after_part);
}

enum ledger_result
ledger_trades(struct ledger *l, const struct ledger_trade_filter *filter,
    const struct ledger_page *page, ledger_trade_fn fn, void *arg)
{
	bool back = page != NULL && page->newest_first;
	struct ledger_trade t;
	struct query q;

	query_init(&q, l,
	    filter->account == 0 ? SQL_TRADE_LIST_ALL
	    : back               ? SQL_TRADE_LIST_BACK
				 : SQL_TRADE_LIST);
	if (filter->account != 0) {
		put_int(&q, filter->account);
		put_page(&q, page);
	}
	put_int(&q, filter->from_msc);
	put_int(&q, filter->to_msc > 0 ? filter->to_msc : INT64_MAX);
	put_int(&q, filter->changed_after_msc);
	if (filter->account != 0)
		put_int(&q, page != NULL && page->limit > 0 ? page->limit : -1);
	while (query_next(&q)) {
		take_trade(&q, &t);
		if (fn(&t, arg) != 0)
			break;
	}
	return query_done(&q);
}

/* ---- made from deals ---- */

struct making {
	struct ledger *l;
	int64_t account, now_msc;
	struct trade_fold fold;
	enum ledger_result result;
};

static int
make_deal(const struct deal *d, void *arg)
{
	struct making *m = arg;
	struct trade done;
	int ended = trade_fold_add(&m->fold, d, &done);

	if (ended == -1)
		m->result = ledger_refused(
		    m->l, "the sum of a position is beyond 92 billion");
	else if (ended == 1)
		m->result = ledger_trade_put(
		    m->l, m->account, &done, false, m->now_msc);
	return m->result == LEDGER_OK ? 0 : 1;
}

enum ledger_result
ledger_trade_make(
    struct ledger *l, int64_t account, int64_t position_id, int64_t now_msc)
{
	struct making m = {
	    l, account, now_msc, {{0}, 0, 0, 0, 0, false}, LEDGER_OK};
	struct trade last;
	struct query q;
	enum ledger_result r;

	query_init(&q, l, SQL_TRADE_CLEAR);
	put_int(&q, account);
	put_int(&q, position_id);
	r = query_run(&q);
	if (r != LEDGER_OK)
		return r;
	trade_fold_init(&m.fold, position_id);
	r = ledger_position_deals(l, account, position_id, make_deal, &m);
	if (r == LEDGER_OK)
		r = m.result;
	if (r == LEDGER_OK && trade_fold_end(&m.fold, &last))
		r = ledger_trade_put(l, account, &last, false, now_msc);
	return r;
}

/* ---- orphans ---- */

enum ledger_result
ledger_orphans(struct ledger *l, int64_t account, int64_t now_msc,
    ledger_id_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_ORPHAN_LIST);
	put_int(&q, account);
	put_int(&q, now_msc);
	while (query_next(&q))
		if (fn(take_int(&q), arg) != 0)
			break;
	return query_done(&q);
}

enum ledger_result
ledger_orphan_asked(
    struct ledger *l, int64_t account, int64_t position_id, int64_t now_msc)
{
	struct query q;

	query_init(&q, l, SQL_ORPHAN_ASKED);
	put_int(&q, account);
	put_int(&q, position_id);
	put_int(&q, now_msc);
	return query_write(&q);
}
