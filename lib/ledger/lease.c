/* lease.c: which of several coordinators does a job; fencing tokens. */
#include <stdio.h>

#include "lib/ledger/engine.h"
#include "lib/ledger/lease.h"

/* What all transactions of this process are held against. */
static struct {
	bool set;
	char job[32], shard[32];
	int64_t token;
} fence;

static void
init(struct query *q, struct ledger *l, enum ledger_sql which,
    const struct lease_name *name)
{
	query_init(q, l, which);
	put_text(q, name->job);
	put_text(q, name->shard);
}

enum ledger_result
lease_take(struct ledger *l, const struct lease_name *name, const char *holder,
    int64_t *token)
{
	enum ledger_result r;
	struct query q;

	init(&q, l, SQL_LEASE_TAKE, name);
	put_text(&q, holder);
	put_int(&q, LEASE_MS);
	if (query_next(&q))
		*token = take_int(&q);
	r = query_found(&q);
	return r == LEDGER_NOT_FOUND ? LEDGER_CONFLICT : r;
}

enum ledger_result
lease_renew(struct ledger *l, const struct lease_name *name, int64_t token)
{
	struct query q;

	init(&q, l, SQL_LEASE_RENEW, name);
	put_int(&q, token);
	put_int(&q, LEASE_MS);
	return query_touch(&q);
}

enum ledger_result
lease_end(struct ledger *l, const struct lease_name *name, int64_t token)
{
	struct query q;

	init(&q, l, SQL_LEASE_END, name);
	put_int(&q, token);
	return query_run(&q);
}

enum ledger_result
lease_find(struct ledger *l, const struct lease_name *name,
    char holder[LEASE_HOLDER_SIZE], bool *ended)
{
	const char *text;
	struct query q;

	init(&q, l, SQL_LEASE_FIND, name);
	if (query_next(&q)) {
		text = take_text(&q);
		snprintf(
		    holder, LEASE_HOLDER_SIZE, "%s", text != NULL ? text : "");
		text = take_text(&q);
		*ended = text != NULL && *text == 't';
	}
	return query_found(&q);
}

enum ledger_result
lease_list(struct ledger *l, int (*fn)(const struct lease_row *row, void *arg),
    void *arg)
{
	struct lease_row row;
	struct query q;

	query_init(&q, l, SQL_LEASE_LIST);
	while (query_next(&q)) {
		row.job = take_text(&q);
		row.shard = take_text(&q);
		row.holder = take_text(&q);
		row.left_ms = take_int(&q);
		if (fn(&row, arg) != 0)
			break;
	}
	return query_done(&q);
}

void
lease_fence(const struct lease_name *name, int64_t token)
{
	if (!(fence.set = name != NULL))
		return;
	snprintf(fence.job, sizeof(fence.job), "%s", name->job);
	snprintf(fence.shard, sizeof(fence.shard), "%s", name->shard);
	fence.token = token;
}

/*
 * Who sleeps within a transaction holds up whoever takes over: the server ends
 * it when its lease would be over. The row stays locked until the transaction
 * ends, so that all it writes was written before the next holder begins.
 */
static enum ledger_result
limit_sleep(struct ledger *l)
{
	char ms[16];
	struct query q;

	snprintf(ms, sizeof(ms), "%d", LEASE_MS);
	query_init(&q, l, SQL_IDLE_LIMIT);
	put_text(&q, ms);
	return query_run(&q);
}

enum ledger_result
lease_check(struct ledger *l)
{
	const struct lease_name name = {fence.job, fence.shard};
	enum ledger_result r;
	struct query q;

	if (!fence.set)
		return LEDGER_OK;
	if ((r = limit_sleep(l)) != LEDGER_OK)
		return r;
	init(&q, l, SQL_LEASE_HELD, &name);
	put_int(&q, fence.token);
	query_next(&q);
	r = query_found(&q);
	if (r != LEDGER_NOT_FOUND)
		return r;
	snprintf(l->error, sizeof(l->error),
	    "ledger fenced: another coordinator does %s %s now: nothing was "
	    "written",
	    fence.job, fence.shard);
	return LEDGER_FENCED;
}
