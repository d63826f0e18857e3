/* session.c: who is logged in. */
#include "lib/ledger/db.h"
#include "lib/ledger/sessions.h"

enum ledger_result
ledger_session_add(struct ledger *l, const struct ledger_session *s)
{
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_SESSION_END_OLD);
	put_int(&q, s->began_utc_ms);
	r = query_run(&q);
	if (r != LEDGER_OK)
		return ledger_own_end(l, own, r);
	query_init(&q, l, SQL_SESSION_ADD);
	put_text(&q, s->digest);
	put_text(&q, s->user);
	put_text(&q, s->csrf);
	put_int(&q, s->user_changed_utc_ms);
	put_int(&q, s->began_utc_ms);
	put_int(&q, s->until_utc_ms);
	return ledger_own_end(l, own, query_run(&q));
}

enum ledger_result
ledger_session_find(struct ledger *l, const char *digest, int64_t now_utc_ms,
    ledger_session_fn *fn, void *arg)
{
	const char *user, *role, *csrf;
	struct query q;

	query_init(&q, l, SQL_SESSION_FIND);
	put_text(&q, digest);
	put_int(&q, now_utc_ms);
	if (query_next(&q)) {
		user = take_text(&q);
		role = take_text(&q);
		csrf = take_text(&q);
		fn(arg, user, role, csrf, take_text(&q));
	}
	return query_found(&q);
}

enum ledger_result
ledger_sessions_of(
    struct ledger *l, const char *user, ledger_session_digest_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_SESSION_LIST);
	put_text(&q, user);
	while (query_next(&q))
		if (fn(take_text(&q), arg) != 0)
			break;
	return query_done(&q);
}

enum ledger_result
ledger_session_end(struct ledger *l, const char *digest)
{
	struct query q;

	query_init(&q, l, SQL_SESSION_END);
	put_text(&q, digest);
	return query_write(&q);
}
