/* audit.c: every change, who made it, and the people who may. */
#include <stdlib.h>
#include <string.h>

#include "lib/ledger/audit.h"
#include "lib/base/mem.h"
#include "lib/ledger/db.h"

enum ledger_result
ledger_audit_put(struct ledger *l, const struct ledger_audit_new *a)
{
	struct query q;

	query_init(&q, l, SQL_AUDIT_ADD);
	put_int(&q, a->actor->at_utc_ms);
	put_text(&q, a->actor->who);
	put_text(&q, a->action);
	put_known(&q, a->account != 0, a->account);
	put_text(&q, a->field);
	put_text(&q, a->from);
	put_text(&q, a->to);
	put_amount(&q, &a->actor->balance);
	put_amount(&q, &a->actor->equity);
	put_known(&q, a->period != 0, a->period);
	return query_write(&q);
}

enum ledger_result
ledger_audit_add(struct ledger *l, const struct ledger_audit *a)
{
	struct ledger_actor actor = {.who = a->who,
	    .at_utc_ms = a->at_utc_ms,
	    .balance = a->balance,
	    .equity = a->equity};
	struct ledger_audit_new row = {.actor = &actor,
	    .action = a->action,
	    .account = a->account,
	    .field = a->field,
	    .from = a->from,
	    .to = a->to};

	return ledger_audit_put(l, &row);
}

static void
take_audit(struct query *q, struct ledger_audit *a)
{
	a->id = take_int(q);
	a->at_utc_ms = take_int(q);
	a->who = take_text(q);
	a->action = take_text(q);
	a->account = take_int(q);
	a->server = take_text(q);
	a->login = take_int(q);
	a->field = take_text(q);
	a->from = take_text(q);
	a->to = take_text(q);
	a->balance = take_amount(q);
	a->equity = take_amount(q);
	a->undone = take_int(q) != 0;
}

enum ledger_result
ledger_audits(struct ledger *l, int64_t account, int64_t before_id, int limit,
    ledger_audit_fn fn, void *arg)
{
	struct ledger_audit a;
	struct query q;

	query_init(
	    &q, l, account != 0 ? SQL_AUDIT_LIST_ACCOUNT : SQL_AUDIT_LIST);
	put_int(&q, before_id > 0 ? before_id : INT64_MAX);
	if (account != 0)
		put_int(&q, account);
	put_limit(&q, limit);
	while (query_next(&q)) {
		take_audit(&q, &a);
		if (fn(&a, arg) != 0)
			break;
	}
	return query_done(&q);
}

/* ---- users ---- */

static void
take_user(struct query *q, struct ledger_user *u)
{
	u->name = take_text(q);
	u->role = take_text(q);
	u->hash = take_text(q);
	u->changed_utc_ms = take_int(q);
	u->disabled = take_int(q) != 0;
	u->accounts = take_text(q);
}

enum ledger_result
ledger_user_get(
    struct ledger *l, const char *name, ledger_user_fn fn, void *arg)
{
	struct ledger_user u;
	struct query q;

	query_init(&q, l, SQL_USER_GET);
	put_text(&q, name);
	if (query_next(&q)) {
		take_user(&q, &u);
		fn(&u, arg);
	}
	return query_found(&q);
}

enum ledger_result
ledger_users(struct ledger *l, ledger_user_fn fn, void *arg)
{
	struct ledger_user u;
	struct query q;

	query_init(&q, l, SQL_USER_LIST);
	while (query_next(&q)) {
		take_user(&q, &u);
		if (fn(&u, arg) != 0)
			break;
	}
	return query_done(&q);
}

static enum ledger_result
user_row(struct ledger *l, const struct ledger_user *u, int64_t now_utc_ms)
{
	struct query q;

	query_init(&q, l, SQL_USER_PUT);
	put_text(&q, u->name);
	put_text(&q, u->role);
	put_text(&q, u->hash);
	put_int(&q, now_utc_ms);
	put_int(&q, u->disabled);
	put_text(&q, u->accounts);
	return query_run(&q);
}

/* "alice: admin", "alice: viewer, firm:FTMO", "alice: disabled": never the
 * hash. */
static char *
user_said(const struct ledger_user *u)
{
	char *text = mem_printf("%s: %s%s%s", u->name,
	    u->disabled ? "disabled" : u->role,
	    u->accounts != NULL && *u->accounts != '\0' ? ", " : "",
	    u->accounts != NULL ? u->accounts : "");

	for (char *at = text; (at = strchr(at, '\n')) != NULL;)
		*at = ' ';
	return text;
}

enum ledger_result
ledger_user_put(struct ledger *l, const struct ledger_user *u,
    const struct ledger_actor *actor)
{
	char *to = user_said(u);
	struct ledger_audit_new row = {
	    .actor = actor, .action = "user", .field = "user", .to = to};
	enum ledger_result r;
	bool own;

	r = ledger_own_begin(l, &own);
	if (r == LEDGER_OK) {
		r = user_row(l, u, actor->at_utc_ms);
		if (r == LEDGER_OK)
			r = ledger_audit_put(l, &row);
		r = ledger_own_end(l, own, r);
	}
	free(to);
	return r;
}
