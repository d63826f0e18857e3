/* join.c: machines on their way into nodes.json, in the ledger. */
#include "lib/ledger/audit.h"
#include "lib/ledger/db.h"
#include "lib/ledger/joins.h"

#define DAY_MS (24 * 60 * 60 * INT64_C(1000))

static void
take(struct query *q, struct ledger_join *j)
{
	j->name = take_text(q);
	j->digest = take_text(q);
	j->note = take_text(q);
	j->who = take_text(q);
	j->created_utc_ms = take_int(q);
	j->expires_utc_ms = take_int(q);
	j->came_utc_ms = take_int(q);
	j->address = take_text(q);
	j->url = take_text(q);
	j->certificate = take_text(q);
	j->token = take_text(q);
}

enum ledger_result
ledger_joins(struct ledger *l, ledger_join_fn fn, void *arg)
{
	struct ledger_join j;
	struct query q;

	query_init(&q, l, SQL_JOIN_LIST);
	while (query_next(&q)) {
		take(&q, &j);
		if (fn(&j, arg) != 0)
			break;
	}
	return query_done(&q);
}

static enum ledger_result
get(struct query *q, const char *key, ledger_join_fn fn, void *arg)
{
	struct ledger_join j;

	put_text(q, key);
	if (query_next(q)) {
		take(q, &j);
		fn(&j, arg);
	}
	return query_found(q);
}

enum ledger_result
ledger_join_get(
    struct ledger *l, const char *name, ledger_join_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_JOIN_GET);
	return get(&q, name, fn, arg);
}

enum ledger_result
ledger_join_find(
    struct ledger *l, const char *digest, ledger_join_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_JOIN_FIND);
	return get(&q, digest, fn, arg);
}

static enum ledger_result
add_row(struct ledger *l, const struct ledger_join *j)
{
	enum ledger_result r;
	struct query q;

	query_init(&q, l, SQL_JOIN_FORGET);
	put_text(&q, j->name);
	put_int(&q, j->created_utc_ms - DAY_MS);
	if ((r = query_run(&q)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_JOIN_ADD);
	put_text(&q, j->name);
	put_text(&q, j->digest);
	put_text(&q, j->note);
	put_text(&q, j->who);
	put_int(&q, j->created_utc_ms);
	put_int(&q, j->expires_utc_ms);
	r = query_touch(&q);
	return r == LEDGER_NOT_FOUND ? LEDGER_CONFLICT : r;
}

enum ledger_result
ledger_join_add(struct ledger *l, const struct ledger_join *j,
    const struct ledger_actor *actor)
{
	const struct ledger_audit_new audit = {.actor = actor,
	    .action = "node",
	    .field = "join token",
	    .to = j->name};
	enum ledger_result r;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	if ((r = add_row(l, j)) == LEDGER_OK)
		r = ledger_audit_put(l, &audit);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_join_come(struct ledger *l, const struct ledger_join *j,
    const char *what, const struct ledger_actor *actor)
{
	const struct ledger_audit_new audit = {
	    .actor = actor, .action = "node", .field = "joins", .to = what};
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_JOIN_COME);
	put_text(&q, j->digest);
	put_int(&q, j->came_utc_ms);
	put_text(&q, j->address);
	put_text(&q, j->url);
	put_text(&q, j->certificate);
	put_text(&q, j->token);
	if ((r = query_touch(&q)) == LEDGER_OK)
		r = ledger_audit_put(l, &audit);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_join_remove(struct ledger *l, const char *name)
{
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_JOIN_REMOVE);
	put_text(&q, name);
	return ledger_own_end(l, own, query_touch(&q));
}

enum ledger_result
ledger_node_renamed(struct ledger *l, const char *from, const char *to)
{
	struct query q;

	query_init(&q, l, SQL_NODE_RENAMED);
	put_text(&q, from);
	put_text(&q, to);
	return query_write(&q);
}
