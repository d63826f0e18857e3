/* hooks.c: what a web hook is sent of the ledger's own events. */
#include "lib/ledger/db.h"
#include "lib/ledger/hooks.h"

enum ledger_result
ledger_hook_get(
    struct ledger *l, const char *target, ledger_hook_fn fn, void *arg)
{
	struct ledger_hook h;
	struct query q;

	query_init(&q, l, SQL_HOOK_GET);
	put_text(&q, target);
	if (query_next(&q)) {
		h.target = take_text(&q);
		h.audit_id = take_int(&q);
		h.verdict_id = take_int(&q);
		h.live_id = take_text(&q);
		fn(&h, arg);
	}
	return query_found(&q);
}

enum ledger_result
ledger_hook_begin(struct ledger *l, const char *target, const char *live_id)
{
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_HOOK_BEGIN);
	put_text(&q, target);
	put_text(&q, live_id);
	if ((r = query_run(&q)) == LEDGER_OK) {
		query_init(&q, l, SQL_HOOK_PAYOUTS_BEGIN);
		put_text(&q, target);
		r = query_run(&q);
	}
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_hook_put(struct ledger *l, const struct ledger_hook *h)
{
	struct query q;

	query_init(&q, l, SQL_HOOK_PUT);
	put_text(&q, h->target);
	put_int(&q, h->audit_id);
	put_int(&q, h->verdict_id);
	put_text(&q, h->live_id);
	return query_write(&q);
}

enum ledger_result
ledger_audits_after(struct ledger *l, int64_t after_id, int64_t before_utc_ms,
    int limit, ledger_audit_fn fn, void *arg)
{
	struct ledger_audit a;
	struct query q;

	query_init(&q, l, SQL_AUDIT_AFTER);
	put_int(&q, after_id);
	put_int(&q, before_utc_ms);
	put_limit(&q, limit);
	while (query_next(&q)) {
		a = (struct ledger_audit){.id = take_int(&q)};
		a.at_utc_ms = take_int(&q);
		a.who = take_text(&q);
		a.action = take_text(&q);
		a.account = take_int(&q);
		a.server = take_text(&q);
		a.login = take_int(&q);
		a.field = take_text(&q);
		a.from = take_text(&q);
		a.to = take_text(&q);
		if (fn(&a, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_verdicts_after(struct ledger *l, int64_t after_id, int limit,
    ledger_hook_verdict_fn fn, void *arg)
{
	struct ledger_hook_verdict v;
	struct query q;

	query_init(&q, l, SQL_VERDICT_AFTER);
	put_int(&q, after_id);
	put_limit(&q, limit);
	while (query_next(&q)) {
		v.id = take_int(&q);
		v.at_utc_ms = take_int(&q);
		v.server = take_text(&q);
		v.login = take_int(&q);
		v.word = take_text(&q);
		v.status = take_text(&q);
		v.value = take_money(&q);
		v.level = take_money(&q);
		v.balance = take_money(&q);
		v.equity = take_money(&q);
		v.is_annulled = take_int(&q) > 0;
		if (fn(&v, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_payouts_untold(struct ledger *l, const char *target, int limit,
    ledger_payout_fn fn, void *arg)
{
	struct ledger_payout p;
	struct query q;

	query_init(&q, l, SQL_PAYOUT_UNTOLD);
	put_text(&q, target);
	put_limit(&q, limit);
	while (query_next(&q)) {
		p.account = take_int(&q);
		p.ticket = take_int(&q);
		p.server = take_text(&q);
		p.login = take_int(&q);
		p.currency = take_text(&q);
		p.comment = take_text(&q);
		p.amount = take_money(&q);
		p.counts_utc_ms = take_int(&q);
		p.seen_utc_ms = take_int(&q);
		if (fn(&p, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_payout_told(
    struct ledger *l, const char *target, int64_t account, int64_t ticket)
{
	struct query q;

	query_init(&q, l, SQL_PAYOUT_TOLD);
	put_text(&q, target);
	put_int(&q, account);
	put_int(&q, ticket);
	return query_write(&q);
}
