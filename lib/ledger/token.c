/* token.c: tokens of programs, in the ledger. */
#include "lib/ledger/audit.h"
#include "lib/ledger/db.h"

static void
take(struct query *q, struct ledger_token *t)
{
	t->name = take_text(q);
	t->digest = take_text(q);
	t->scope = take_text(q);
	t->created_utc_ms = take_int(q);
	t->expires_utc_ms = take_int(q);
	t->who = take_text(q);
	t->accounts = take_text(q);
}

enum ledger_result
ledger_token_find(
    struct ledger *l, const char *digest, ledger_token_fn fn, void *arg)
{
	struct ledger_token t;
	struct query q;

	query_init(&q, l, SQL_TOKEN_FIND);
	put_text(&q, digest);
	if (query_next(&q)) {
		take(&q, &t);
		fn(&t, arg);
	}
	return query_found(&q);
}

enum ledger_result
ledger_tokens(struct ledger *l, ledger_token_fn fn, void *arg)
{
	struct ledger_token t;
	struct query q;

	query_init(&q, l, SQL_TOKEN_LIST);
	while (query_next(&q)) {
		take(&q, &t);
		if (fn(&t, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_token_add(struct ledger *l, const struct ledger_token *t,
    const struct ledger_actor *actor)
{
	const struct ledger_audit_new audit = {.actor = actor,
	    .action = "token",
	    .field = t->name,
	    .to = t->scope};
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_TOKEN_ADD);
	put_text(&q, t->name);
	put_text(&q, t->digest);
	put_text(&q, t->scope);
	put_int(&q, t->created_utc_ms);
	put_int(&q, t->expires_utc_ms);
	put_text(&q, t->who);
	put_text(&q, t->accounts != NULL ? t->accounts : "");
	r = query_touch(&q);
	if (r == LEDGER_NOT_FOUND)
		r = LEDGER_CONFLICT;
	if (r == LEDGER_OK)
		r = ledger_audit_put(l, &audit);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_token_remove(
    struct ledger *l, const char *name, const struct ledger_actor *actor)
{
	const struct ledger_audit_new audit = {
	    .actor = actor, .action = "token", .field = name, .to = "removed"};
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_TOKEN_REMOVE);
	put_text(&q, name);
	if ((r = query_touch(&q)) == LEDGER_OK)
		r = ledger_audit_put(l, &audit);
	return ledger_own_end(l, own, r);
}
