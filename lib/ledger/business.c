/* business.c: fees, resets, payouts: what people entered of the business. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/ledger/audit.h"
#include "lib/ledger/business.h"
#include "lib/ledger/db.h"
#include "lib/trading/money.h"

#define FIELD "business/"

bool
ledger_business_is_kind(const char *word)
{
	static const char *const kinds[] = {
	    "fee", "reset", "cost", "refund", "payout", "split"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i], word) == 0)
			return true;
	return false;
}

static bool
take(struct query *q, struct ledger_business *b)
{
	memset(b, 0, sizeof(*b));
	b->id = take_int(q);
	b->at_utc_ms = take_int(q);
	b->kind = take_text(q);
	b->amount = take_money(q);
	b->currency = take_text(q);
	b->account = take_int(q);
	b->server = take_text(q);
	b->login = take_int(q);
	b->firm = take_text(q);
	b->holder = take_text(q);
	b->note = take_text(q);
	b->who = take_text(q);
	b->entered_utc_ms = take_int(q);
	return take_int(q) == 0;
}

enum ledger_result
ledger_business_list(struct ledger *l, ledger_business_fn fn, void *arg)
{
	struct ledger_business b;
	struct query q;

	query_init(&q, l, SQL_BUSINESS_LIST);
	while (query_next(&q)) {
		(void)take(&q, &b);
		if (fn(&b, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_business_flows(struct ledger *l, ledger_business_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_BUSINESS_FLOWS);
	while (query_next(&q)) {
		struct ledger_business b = {.kind = "payout"};

		b.ticket = take_int(&q);
		b.at_utc_ms = take_int(&q);
		b.at_broker_ms = take_int(&q);
		b.amount = -take_money(&q);
		b.currency = take_text(&q);
		b.account = take_int(&q);
		b.server = take_text(&q);
		b.login = take_int(&q);
		b.firm = take_text(&q);
		b.holder = take_text(&q);
		b.note = take_text(&q);
		if (b.amount > 0 && fn(&b, arg) != 0)
			break;
	}
	return query_done(&q);
}

/* ---- in the audit ---- */

/* "fee 155 USD 2026-11-02 FTMO" */
static char *
words_of(const struct ledger_business *b)
{
	char amount[MONEY_SIZE], at[CLOCK_ISO_SIZE];
	bool split = strcmp(b->kind, "split") == 0;

	clock_iso(b->at_utc_ms, at);
	return mem_printf("%s %s %s %.10s%s%s%s%s", b->kind,
	    money_format(b->amount, -1, amount),
	    split                 ? "%"
	    : b->currency != NULL ? b->currency
				  : "",
	    at, b->firm != NULL ? " " : "", b->firm != NULL ? b->firm : "",
	    b->note != NULL ? ": " : "", b->note != NULL ? b->note : "");
}

static enum ledger_result
note(struct ledger *l, const struct ledger_business *b, const char *action,
    bool removed, const struct ledger_actor *actor)
{
	char field[40], *words = words_of(b);
	const struct ledger_audit_new row = {.actor = actor,
	    .action = action,
	    .account = b->account,
	    .field = field,
	    .from = removed ? words : NULL,
	    .to = removed ? NULL : words};
	enum ledger_result r;

	snprintf(field, sizeof(field), FIELD "%" PRId64, b->id);
	r = ledger_audit_put(l, &row);
	free(words);
	return r;
}

enum ledger_result
ledger_business_add(struct ledger *l, const struct ledger_business *b,
    const struct ledger_actor *actor, int64_t *id)
{
	struct ledger_business stored = *b;
	enum ledger_result r;
	struct query q;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_BUSINESS_ADD);
	put_int(&q, b->at_utc_ms);
	put_text(&q, b->kind);
	put_money(&q, b->amount);
	put_given(&q, b->currency);
	put_known(&q, b->account != 0, b->account);
	put_given(&q, b->firm);
	put_given(&q, b->holder);
	put_given(&q, b->note);
	put_text(&q, actor->who);
	put_int(&q, actor->at_utc_ms);
	r = query_id(&q, &stored.id);
	if (r == LEDGER_OK)
		r = note(l, &stored, "edit", false, actor);
	if (r == LEDGER_OK)
		*id = stored.id;
	return ledger_own_end(l, own, r);
}

/* Removes it, or puts it back. */
static enum ledger_result
set_removed(struct ledger *l, int64_t id, bool removed, const char *action,
    const struct ledger_actor *actor)
{
	struct ledger_business b;
	enum ledger_result r;
	struct query q, get;
	bool own;

	if ((r = ledger_own_begin(l, &own)) != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_BUSINESS_REMOVED);
	put_int(&q, id);
	put_int(&q, removed);
	r = query_touch(&q);
	if (r == LEDGER_OK) {
		query_init(&get, l, SQL_BUSINESS_GET);
		put_int(&get, id);
		if (query_next(&get)) {
			(void)take(&get, &b);
			r = note(l, &b, action, removed, actor);
		}
		if (r == LEDGER_OK)
			r = query_found(&get);
		else
			(void)query_done(&get);
	}
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_business_remove(
    struct ledger *l, int64_t id, const struct ledger_actor *actor)
{
	return set_removed(l, id, true, "edit", actor);
}

/* ---- undoing ---- */

bool
business_field_is(const char *field)
{
	return strncmp(field, FIELD, strlen(FIELD)) == 0;
}

enum ledger_result
business_undo(struct ledger *l, const char *field, const char *to,
    const struct ledger_actor *actor)
{
	enum ledger_result r;
	int64_t id;

	if (num_int64(field + strlen(FIELD), 1, INT64_MAX, &id) == -1)
		return LEDGER_NOT_FOUND;
	r = set_removed(l, id, to != NULL, "undo", actor);
	return r == LEDGER_NOT_FOUND ? LEDGER_CONFLICT : r;
}
