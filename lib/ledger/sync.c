/* sync.c: how far an account is read, and whether its deals add up. */
#include "lib/ledger/db.h"
#include "lib/ledger/history.h"
#include "lib/ledger/trades.h"

const char *
ledger_history_word(enum ledger_history h)
{
	static const char *const words[] = {
	    [LEDGER_HISTORY_NONE] = "none",
	    [LEDGER_HISTORY_SYNCING] = "history_syncing",
	    [LEDGER_HISTORY_OK] = "ok",
	    [LEDGER_HISTORY_FAILED] = "failed",
	};

	return words[h];
}

static void
take_sums(struct query *q, struct ledger_sums *sums)
{
	sums->deals = take_int(q);
	sums->trades_net = take_money(q);
	sums->costs = take_money(q);
	sums->flows = take_money(q);
	sums->credit = take_money(q);
}

enum ledger_result
ledger_sums(struct ledger *l, int64_t account, struct ledger_sums *sums)
{
	struct query q;

	query_init(&q, l, SQL_DEAL_SUMS);
	put_int(&q, account);
	if (query_next(&q)) {
		take_sums(&q, sums);
		sums->imported = take_int(&q);
	}
	return query_done(&q);
}

enum ledger_result
ledger_running_sums(struct ledger *l, int64_t account, struct ledger_sums *sums)
{
	struct query q;
	static const struct ledger_sums none;

	*sums = none;
	query_init(&q, l, SQL_RUNNING_SUMS_GET);
	put_int(&q, account);
	if (query_next(&q))
		take_sums(&q, sums);
	return query_done(&q);
}

enum ledger_result
ledger_sync_put(struct ledger *l, int64_t account, const struct ledger_sync *s)
{
	enum ledger_result r;
	struct query q;
	bool own, merged;

	r = ledger_account_is_merged(l, account, &merged);
	if (r != LEDGER_OK || merged)
		return r;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	/* the balance before each deal is another one with it */
	query_init(&q, l, SQL_FLOW_STALE_SYNC);
	put_int(&q, account);
	put_amount(&q, &s->difference);
	r = query_run(&q);
	if (r != LEDGER_OK)
		return ledger_own_end(l, own, r);
	query_init(&q, l, SQL_SYNC_PUT);
	put_int(&q, account);
	put_int(&q, s->state);
	put_text(&q, s->error);
	put_int(&q, s->sync_utc_ms);
	put_int(&q, s->full_utc_ms);
	put_amount(&q, &s->balance);
	put_amount(&q, &s->credit);
	put_amount(&q, &s->difference);
	put_amount(&q, &s->credit_difference);
	put_int(&q, s->checked_utc_ms);
	put_text(&q, s->difference_note);
	return ledger_own_end(l, own, query_run(&q));
}

enum ledger_result
ledger_cursor_get(struct ledger *l, int64_t account, struct ledger_cursor *c)
{
	struct query q;

	query_init(&q, l, SQL_CURSOR_GET);
	put_int(&q, account);
	if (query_next(&q)) {
		c->full = take_int(&q) != 0;
		c->begun_utc_ms = take_int(&q);
		c->after_broker_ms = take_int(&q);
		c->after_ticket = take_int(&q);
	}
	return query_found(&q);
}

enum ledger_result
ledger_cursor_put(
    struct ledger *l, int64_t account, const struct ledger_cursor *c)
{
	struct query q;

	query_init(&q, l, c != NULL ? SQL_CURSOR_PUT : SQL_CURSOR_CLEAR);
	put_int(&q, account);
	if (c != NULL) {
		put_int(&q, c->full);
		put_int(&q, c->begun_utc_ms);
		put_int(&q, c->after_broker_ms);
		put_int(&q, c->after_ticket);
	}
	return query_write(&q);
}
