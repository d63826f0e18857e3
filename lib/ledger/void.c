/* void.c: deals that an admin took out of all sums, with a reason. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/ledger/db.h"
#include "lib/ledger/edit.h"
#include "lib/ledger/merge.h"
#include "lib/ledger/samples.h"
#include "lib/ledger/trades.h"

#define WHY_MAX 96

static enum ledger_result
reject(struct ledger *l, int64_t ticket, const char *what)
{
	char why[WHY_MAX];

	snprintf(why, sizeof(why), "deal %" PRId64 " %s", ticket, what);
	return ledger_rejected(l, why);
}

/* Of a stored deal what its exclusion needs; no texts. */
static enum ledger_result
get(struct ledger *l, int64_t account, int64_t ticket, struct deal *d)
{
	struct query q;
	enum ledger_result r;

	*d = (struct deal){0};
	query_init(&q, l, SQL_DEAL_GET);
	put_int(&q, account);
	put_int(&q, ticket);
	if (query_next(&q)) {
		ledger_take_deal(&q, d);
		d->symbol = d->comment = d->external_id = "";
		d->void_reason = NULL;
	}
	r = query_found(&q);
	return r == LEDGER_NOT_FOUND ? reject(l, ticket, "is not there") : r;
}

static enum ledger_result
void_one(const struct edit *e, int64_t ticket, const char *reason)
{
	enum ledger_result r;
	struct deal d;
	struct query q;
	char *note;

	if ((r = get(e->l, e->account, ticket, &d)) != LEDGER_OK)
		return r;
	if (d.excluded == DEAL_VOIDED)
		return reject(e->l, ticket, "is voided already");
	query_init(&q, e->l, SQL_VOID_ADD);
	put_int(&q, e->account);
	put_int(&q, ticket);
	put_int(&q, d.excluded);
	put_text(&q, reason);
	put_text(&q, e->actor->who);
	put_int(&q, e->actor->at_utc_ms);
	r = query_run(&q);
	if (r == LEDGER_OK)
		r = ledger_deal_exclude(e->l, e->account, &d, DEAL_VOIDED);
	note = mem_printf("%" PRId64 ": %s", ticket, reason);
	if (r == LEDGER_OK)
		r = edit_note(e, "void", NULL, note, 0);
	free(note);
	return r;
}

static enum ledger_result
unvoid_one(const struct edit *e, int64_t ticket)
{
	enum deal_excluded was = DEAL_COUNTS;
	enum ledger_result r;
	struct deal d;
	struct query q;
	char note[32];

	if ((r = get(e->l, e->account, ticket, &d)) != LEDGER_OK)
		return r;
	if (d.excluded != DEAL_VOIDED)
		return reject(e->l, ticket, "is not voided");
	query_init(&q, e->l, SQL_VOID_WAS);
	put_int(&q, e->account);
	put_int(&q, ticket);
	if (query_next(&q))
		was = (enum deal_excluded)take_int(&q);
	if ((r = query_done(&q)) != LEDGER_OK)
		return r;
	query_init(&q, e->l, SQL_VOID_CLEAR);
	put_int(&q, e->account);
	put_int(&q, ticket);
	r = query_run(&q);
	if (r == LEDGER_OK)
		r = ledger_deal_exclude(e->l, e->account, &d, was);
	snprintf(note, sizeof(note), "%" PRId64, ticket);
	return r == LEDGER_OK ? edit_note(e, "void", note, NULL, 0) : r;
}

/* Sums, trades, limits; the next read says whether the balance agrees. */
static enum ledger_result
settle(const struct edit *e)
{
	struct query q;
	enum ledger_result r =
	    ledger_trades_renew(e->l, e->account, e->actor->at_utc_ms);

	if (r == LEDGER_OK)
		r = edit_rules_moved(e);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, e->l, SQL_SYNC_DOUBT);
	put_int(&q, e->account);
	return query_run(&q);
}

static enum ledger_result
each(struct ledger *l, int64_t account, const int64_t *tickets, size_t n,
    const char *reason, const struct ledger_actor *actor)
{
	struct edit e = {l, account, actor, "edit"};
	enum ledger_result r;
	bool own;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = edit_version(l, account, LEDGER_ANY_VERSION);
	for (size_t i = 0; r == LEDGER_OK && i < n; i++)
		r = reason != NULL ? void_one(&e, tickets[i], reason)
				   : unvoid_one(&e, tickets[i]);
	if (r == LEDGER_OK)
		r = settle(&e);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_deals_void(struct ledger *l, int64_t account, const int64_t *tickets,
    size_t n, const char *reason, const struct ledger_actor *actor)
{
	return each(l, account, tickets, n, reason, actor);
}

enum ledger_result
ledger_deals_unvoid(struct ledger *l, int64_t account, const int64_t *tickets,
    size_t n, const struct ledger_actor *actor)
{
	return each(l, account, tickets, n, NULL, actor);
}

enum ledger_result
ledger_void_undo(const struct edit *e, const char *to)
{
	enum ledger_result r =
	    to != NULL ? unvoid_one(e, atoll(to)) : LEDGER_NOT_FOUND;

	return r == LEDGER_OK ? settle(e) : r;
}
