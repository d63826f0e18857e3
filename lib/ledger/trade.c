/* trade.c: the trade table, and positions without a beginning. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/utf8.h"
#include "lib/ledger/db.h"
#include "lib/ledger/trade_fields.h"
#include "lib/ledger/trades.h"

enum ledger_result
ledger_trade_put(struct ledger *l, int64_t account, const struct trade *t,
    bool imported, int64_t now_utc_ms)
{
	const struct ledger_trade row = {
	    .imported = imported, .changed_utc_ms = now_utc_ms, .trade = *t};
	const char *at;
	struct query q;

	query_init(&q, l, SQL_TRADE_ADD);
	put_int(&q, account);
	for (size_t i = 0; i < trade_fields_len; i++) {
		if ((trade_fields[i].flags &
			(TRADE_FIELD_OF_ACCOUNT | TRADE_FIELD_OF_DEALS)) != 0)
			continue;
		at = (const char *)&row + trade_fields[i].offset;
		switch (trade_fields[i].type) {
		case TRADE_FIELD_LOTS:
		case TRADE_FIELD_MONEY:
			put_money(&q, *(const money_t *)(const void *)at);
			break;
		case TRADE_FIELD_ID:
		case TRADE_FIELD_TIME:
		case TRADE_FIELD_UTC:
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
		case TRADE_FIELD_LOTS:
		case TRADE_FIELD_MONEY:
			*(money_t *)(void *)at = take_money(q);
			break;
		case TRADE_FIELD_ID:
		case TRADE_FIELD_TIME:
		case TRADE_FIELD_UTC:
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
			(void)utf8_copy(at, TRADE_SYMBOL_SIZE, take_text(q));
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
	put_int(q, page->after_broker_ms == 0 && page->after_id == 0
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
	put_int(&q, filter->from_broker_ms);
	put_int(
	    &q, filter->to_broker_ms > 0 ? filter->to_broker_ms : INT64_MAX);
	put_int(&q, filter->changed_after_utc_ms);
	if (filter->account != 0)
		put_limit(&q, page != NULL ? page->limit : 0);
	while (query_next(&q)) {
		take_trade(&q, &t);
		if (fn(&t, arg) != 0)
			break;
	}
	return query_done(&q);
}

/* ---- made from deals ---- */

struct position {
	struct deal *list; /* texts: the symbol alone, the same for all */
	size_t len, size;
	size_t counted; /* of them in sums */
	char symbol[TRADE_SYMBOL_SIZE];
};

static int
keep_deal(const struct deal *d, void *arg)
{
	struct position *p = arg;

	p->list = mem_room(p->list, p->len, &p->size, sizeof(*p->list));
	if (p->len == 0)
		(void)utf8_copy(p->symbol, sizeof(p->symbol), d->symbol);
	p->list[p->len] = *d;
	p->list[p->len].symbol = p->symbol;
	p->list[p->len].comment = p->list[p->len].external_id = "";
	p->list[p->len].void_reason = NULL;
	p->len++;
	p->counted += d->excluded == DEAL_COUNTS;
	return 0;
}

/* Only what counts; all of it where nothing does. */
static void
leave_out_excluded(struct position *p)
{
	size_t kept = 0;

	if (p->counted == 0)
		return;
	for (size_t i = 0; i < p->len; i++)
		if (p->list[i].excluded == DEAL_COUNTS)
			p->list[kept++] = p->list[i];
	p->len = kept;
}

static enum ledger_result
position_costs(
    struct ledger *l, int64_t account, int64_t position_id, money_t *sum)
{
	struct query q;

	*sum = 0;
	query_init(&q, l, SQL_POSITION_COSTS);
	put_int(&q, account);
	put_int(&q, position_id);
	if (query_next(&q))
		*sum = take_money(&q);
	return query_done(&q);
}

static enum ledger_result
put_parts(struct ledger *l, int64_t account, int64_t position_id,
    const struct position *p, int64_t now_utc_ms)
{
	enum ledger_result r = LEDGER_OK;
	struct trade_fold fold;
	struct trade part;
	money_t costs;

	trade_fold_init(&fold, position_id);
	for (size_t i = 0; r == LEDGER_OK && i < p->len; i++) {
		int ended = trade_fold_add(&fold, &p->list[i],
		    trade_later_volume(&p->list[i + 1], p->len - i - 1), &part);

		if (ended == -1)
			return ledger_rejected(l, "the sum of a position is "
						  "beyond what can be stored");
		if (p->counted == 0)
			part.state = TRADE_ANNULLED;
		if (ended == 1)
			r = ledger_trade_put(
			    l, account, &part, false, now_utc_ms);
	}
	if (r == LEDGER_OK)
		r = position_costs(l, account, position_id, &costs);
	if (r != LEDGER_OK || !trade_fold_end(&fold, &part))
		return r;
	part.costs = costs;
	if (p->counted == 0)
		part.state = TRADE_ANNULLED;
	return ledger_trade_put(l, account, &part, false, now_utc_ms);
}

enum ledger_result
ledger_trade_make(
    struct ledger *l, int64_t account, int64_t position_id, int64_t now_utc_ms)
{
	struct position p = {.len = 0};
	struct query q;
	enum ledger_result r;

	r = ledger_position_deals(l, account, position_id, keep_deal, &p);
	leave_out_excluded(&p);
	if (r == LEDGER_OK) {
		query_init(&q, l, SQL_TRADE_CLEAR);
		put_int(&q, account);
		put_int(&q, position_id);
		put_int(&q, p.len > 0);
		r = query_run(&q);
	}
	if (r == LEDGER_OK)
		r = put_parts(l, account, position_id, &p, now_utc_ms);
	free(p.list);
	return r;
}

enum ledger_result
ledger_trade_stale(struct ledger *l, int64_t account, int64_t position_id)
{
	struct query q;

	query_init(&q, l, SQL_TRADE_STALE_ADD);
	put_int(&q, account);
	put_int(&q, position_id);
	return query_run(&q);
}

enum ledger_result
ledger_trades_renew(struct ledger *l, int64_t account, int64_t now_utc_ms)
{
	enum ledger_result r;
	struct query q;
	int64_t *list = NULL;
	size_t len = 0, size = 0;

	query_init(&q, l, SQL_TRADE_STALE_LIST);
	put_int(&q, account);
	while (query_next(&q)) {
		list = mem_room(list, len, &size, sizeof(*list));
		list[len++] = take_int(&q);
	}
	r = query_done(&q);
	for (size_t i = 0; r == LEDGER_OK && i < len; i++)
		r = ledger_trade_make(l, account, list[i], now_utc_ms);
	if (r == LEDGER_OK && len > 0) {
		query_init(&q, l, SQL_TRADE_STALE_CLEAR);
		put_int(&q, account);
		r = query_run(&q);
	}
	free(list);
	return r;
}

/* ---- orphans ---- */

enum ledger_result
ledger_orphans(struct ledger *l, int64_t account, int64_t now_utc_ms,
    ledger_id_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_ORPHAN_LIST);
	put_int(&q, account);
	put_int(&q, now_utc_ms);
	while (query_next(&q))
		if (fn(take_int(&q), arg) != 0)
			break;
	return query_done(&q);
}

enum ledger_result
ledger_orphan_asked(
    struct ledger *l, int64_t account, int64_t position_id, int64_t now_utc_ms)
{
	struct query q;

	query_init(&q, l, SQL_ORPHAN_ASKED);
	put_int(&q, account);
	put_int(&q, position_id);
	put_int(&q, now_utc_ms);
	return query_write(&q);
}
