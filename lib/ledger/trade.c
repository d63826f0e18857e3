/* trade.c: the trade table, and positions without a beginning. */
#include <stdio.h>
#include <string.h>

#include "lib/ledger/db.h"
#include "lib/ledger/trades.h"

enum ledger_result
ledger_trade_put(struct ledger *l, int64_t account, const struct trade *t,
    bool imported, int64_t now_msc)
{
	struct query q;

	query_init(&q, l, SQL_TRADE_ADD);
	put_int(&q, account);
	put_int(&q, t->position_id);
	put_int(&q, t->part);
	put_text(&q, t->symbol);
	put_int(&q, t->type);
	put_int(&q, t->state);
	put_int(&q, t->volume_in);
	put_int(&q, t->volume_out);
	put_int(&q, t->time_open_msc);
	put_int(&q, t->time_close_msc);
	put_int(&q, t->first_msc);
	put_real(&q, t->price_open);
	put_real(&q, t->price_close);
	put_int(&q, t->profit);
	put_int(&q, t->commission);
	put_int(&q, t->swap);
	put_int(&q, t->fee);
	put_int(&q, t->net);
	put_int(&q, t->reason);
	put_int(&q, t->close_by);
	put_int(&q, t->deals);
	put_int(&q, imported);
	put_int(&q, now_msc);
	return query_run(&q);
}

static void
take_trade(struct query *q, struct ledger_trade *t)
{
	const char *symbol;

	memset(t, 0, sizeof(*t));
	t->account = take_int(q);
	t->server = take_text(q);
	t->login = take_int(q);
	t->currency = take_text(q);
	t->currency_digits = take_small(q);
	t->imported = take_int(q) != 0;
	t->changed_msc = take_int(q);
	t->trade.position_id = take_int(q);
	t->trade.part = (int)take_int(q);
	symbol = take_text(q);
	snprintf(t->trade.symbol, sizeof(t->trade.symbol), "%s", symbol);
	t->trade.type = (int)take_int(q);
	t->trade.state = (enum trade_state)take_int(q);
	t->trade.volume_in = take_int(q);
	t->trade.volume_out = take_int(q);
	t->trade.time_open_msc = take_int(q);
	t->trade.time_close_msc = take_int(q);
	t->trade.first_msc = take_int(q);
	t->trade.price_open = take_real(q);
	t->trade.price_close = take_real(q);
	t->trade.profit = take_int(q);
	t->trade.commission = take_int(q);
	t->trade.swap = take_int(q);
	t->trade.fee = take_int(q);
	t->trade.net = take_int(q);
	t->trade.reason = (int)take_int(q);
	t->trade.close_by = take_int(q) != 0;
	t->trade.deals = (int)take_int(q);
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
