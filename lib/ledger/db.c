/* db.c: statements and transactions of the ledger, on either engine. */
#include <math.h>
#include <stdio.h>

#include "lib/ledger/engine.h"

static const char *const words[] = {
    [LEDGER_OK] = "ok",
    [LEDGER_NOT_FOUND] = "not found",
    [LEDGER_CONFLICT] = "conflict",
    [LEDGER_BUSY] = "busy",
    [LEDGER_FULL] = "disk full",
    [LEDGER_READONLY] = "read-only",
    [LEDGER_ERROR] = "error",
    [LEDGER_REJECTED] = "rejected",
    [LEDGER_UNREACHABLE] = "unreachable",
    [LEDGER_UNKNOWN] = "unknown",
    [LEDGER_FENCED] = "fenced",
};

const char *
ledger_result_word(enum ledger_result r)
{
	return words[r];
}

enum ledger_result
ledger_refused(struct ledger *l, const char *why)
{
	snprintf(l->error, sizeof(l->error), "ledger: %s", why);
	return LEDGER_ERROR;
}

enum ledger_result
ledger_begin(struct ledger *l)
{
	if (l->state != LEDGER_OK)
		return l->state;
	l->error[0] = '\0';
	return l->engine->begin(l);
}

enum ledger_result
ledger_commit(struct ledger *l)
{
	enum ledger_result r =
	    l->state == LEDGER_OK ? l->engine->commit(l) : l->state;

	if (r != LEDGER_OK)
		ledger_rollback(l);
	return r;
}

/* The error of what went before stays. */
void
ledger_rollback(struct ledger *l)
{
	if (l->state == LEDGER_OK)
		l->engine->rollback(l);
}

enum ledger_result
ledger_rejected(struct ledger *l, const char *why)
{
	snprintf(l->error, sizeof(l->error), "%s", why);
	return LEDGER_REJECTED;
}

enum ledger_result
ledger_own_begin(struct ledger *l, bool *own)
{
	*own = false;
	if (l->state != LEDGER_OK)
		return l->state;
	if (l->engine->in_transaction(l))
		return LEDGER_OK;
	*own = true;
	return ledger_begin(l);
}

enum ledger_result
ledger_own_end(struct ledger *l, bool own, enum ledger_result result)
{
	if (!own)
		return result;
	if (result == LEDGER_OK)
		return ledger_commit(l);
	ledger_rollback(l);
	return result;
}

enum ledger_result
ledger_equity_room(struct ledger *l, int64_t slot)
{
	return l->engine->equity_room(l, slot);
}

static void
init(struct query *q, struct ledger *l, enum ledger_sql which, const char *text)
{
	q->l = l;
	q->text = text;
	q->which = which;
	q->put = q->taken = 0;
	q->code = 0;
	q->row = false;
	q->at = NULL;
	if (l->state != LEDGER_OK) {
		q->code = QUERY_UNUSABLE;
		return;
	}
	l->error[0] = '\0';
	l->engine->prepare(q);
}

void
query_init(struct query *q, struct ledger *l, enum ledger_sql which)
{
	init(q, l, which, NULL);
}

void
query_init_text(struct query *q, struct ledger *l, const char *sql)
{
	init(q, l, SQL_COUNT, sql);
}

/* Where the next value goes; false: there is no use in it. */
static bool
place(struct query *q)
{
	q->put++;
	return q->code == 0;
}

void
put_int(struct query *q, int64_t v)
{
	if (place(q))
		q->l->engine->put_int(q, v);
}

static void
put_null(struct query *q)
{
	if (place(q))
		q->l->engine->put_null(q);
}

void
put_known(struct query *q, bool known, int64_t v)
{
	if (known)
		put_int(q, v);
	else if (place(q))
		q->l->engine->put_no_int(q);
}

void
put_amount(struct query *q, const struct amount *a)
{
	if (a->known)
		put_money(q, a->v);
	else
		put_null(q);
}

void
put_money(struct query *q, money_t v)
{
	if (place(q))
		q->l->engine->put_money(q, v);
}

void
put_real(struct query *q, double v)
{
	if (isnan(v))
		put_null(q);
	else if (place(q))
		q->l->engine->put_real(q, v);
}

/* Texts are borrowed until the query is done. */
void
put_text(struct query *q, const char *s)
{
	if (s == NULL)
		put_null(q);
	else if (place(q))
		q->l->engine->put_text(q, s);
}

void
put_given(struct query *q, const char *s)
{
	put_text(q, s != NULL && *s != '\0' ? s : NULL);
}

void
put_limit(struct query *q, int rows)
{
	put_int(q, rows > 0 ? rows : INT64_MAX);
}

bool
query_next(struct query *q)
{
	if (q->l->state != LEDGER_OK)
		return q->row = false;
	q->taken = 0;
	return q->row = q->l->engine->next(q);
}

enum ledger_result
query_done(struct query *q)
{
	enum ledger_result r;

	if (q->code == QUERY_UNUSABLE)
		return q->l->state;
	r = q->l->engine->done(q);
	/* a list whose end was not read is no whole one */
	return r == LEDGER_OK ? q->l->state : r;
}

enum ledger_result
query_found(struct query *q)
{
	bool row = q->row;
	enum ledger_result r = query_done(q);

	return r == LEDGER_OK && !row ? LEDGER_NOT_FOUND : r;
}

enum ledger_result
query_run(struct query *q)
{
	query_next(q);
	return query_done(q);
}

enum ledger_result
query_write(struct query *q)
{
	bool own;
	enum ledger_result r = ledger_own_begin(q->l, &own);

	if (r != LEDGER_OK) {
		if (q->code != QUERY_UNUSABLE)
			q->l->engine->drop(q);
		return r;
	}
	return ledger_own_end(q->l, own, query_run(q));
}

enum ledger_result
query_touch(struct query *q)
{
	enum ledger_result result = query_run(q);

	if (result == LEDGER_OK && q->l->engine->touched(q) == 0)
		return LEDGER_NOT_FOUND;
	return result;
}

enum ledger_result
query_id(struct query *q, int64_t *id)
{
	if (query_next(q))
		*id = take_int(q);
	return query_done(q);
}

int64_t
take_int(struct query *q)
{
	return q->l->engine->take_int(q, q->taken++);
}

money_t
take_money(struct query *q)
{
	return q->l->engine->take_money(q, q->taken++);
}

int
take_small(struct query *q)
{
	int column = q->taken++;

	if (q->l->engine->is_null(q, column))
		return -1;
	return (int)q->l->engine->take_int(q, column);
}

struct amount
take_amount(struct query *q)
{
	struct amount a = {false, 0};

	a.known = !q->l->engine->is_null(q, q->taken);
	a.v = take_money(q);
	return a;
}

double
take_real(struct query *q)
{
	int column = q->taken++;

	if (q->l->engine->is_null(q, column))
		return NAN;
	return q->l->engine->take_real(q, column);
}

const char *
take_text(struct query *q)
{
	return q->l->engine->take_text(q, q->taken++);
}
