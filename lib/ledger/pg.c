/* pg.c: PostgreSQL as an engine: statements, and what their rows have. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/ledger/pg.h"
#include "lib/trading/money.h"

#define INT8_TYPE 20 /* pg_type's, for good */

enum { NOT_RUN, HAS_ROWS, FAILED };

/* ---- transactions ---- */

static bool
in_transaction(const struct ledger *l)
{
	return ((const struct pg *)l->db)->in_transaction;
}

static enum ledger_result
no_file(struct ledger *l, const char *path)
{
	(void)path;
	return ledger_refused(l, "a backup is put into an empty database, by "
				 "mt5fleet ledger copy");
}

/* Twice at most in a minute's samples: for the day that ends and begins. */
static enum ledger_result
equity_room(struct ledger *l, int64_t slot)
{
	struct pg *p = l->db;
	enum ledger_result r;
	struct query q;

	for (int i = 0; i < 2; i++)
		if (slot >= p->room_from[i] && slot - p->room_from[i] < 86400)
			return LEDGER_OK;
	query_init(&q, l, SQL_EQUITY_ROOM);
	put_int(&q, slot);
	if (query_next(&q)) {
		p->room_from[1] = p->room_from[0];
		p->room_from[0] = take_int(&q);
	}
	r = query_done(&q);
	return r;
}

/* ---- statements ---- */

static void
prepare(struct query *q)
{
	q->touched = 0;
	q->at_row = -1;
}

/* It stands before the place where db.c counted it. */
static void
put_value(struct query *q, const char *text)
{
	if (q->put <= QUERY_VALUES_MAX) {
		q->value[q->put - 1] = text;
		q->type[q->put - 1] = 0;
	}
}

/* Beside a number such as 86400000 the server would take it for one of 32
 * bits. */
static void
put_int8(struct query *q, const char *text)
{
	put_value(q, text);
	if (q->put <= QUERY_VALUES_MAX)
		q->type[q->put - 1] = INT8_TYPE;
}

static void
put_no_int(struct query *q)
{
	put_int8(q, NULL);
}

static void
put_none(struct query *q)
{
	put_value(q, NULL);
}

static char *
number_of(struct query *q)
{
	return q->number[q->put <= QUERY_VALUES_MAX ? q->put - 1 : 0];
}

static void
put_whole(struct query *q, int64_t v)
{
	char *text = number_of(q);

	snprintf(text, QUERY_NUMBER_SIZE, "%" PRId64, v);
	put_int8(q, text);
}

static void
put_double(struct query *q, double v)
{
	char *text = number_of(q);

	snprintf(text, QUERY_NUMBER_SIZE, "%.17g", v);
	put_value(q, text);
}

static void
put_units(struct query *q, money_t v)
{
	_Static_assert(QUERY_NUMBER_SIZE >= MONEY_SIZE, "money fits");
	put_value(q, money_to_units(v, number_of(q)));
}

static int
sent(struct pg *p, const struct query *q)
{
	char name[16];

	if (!p->direct)
		return pq.PQsendQueryParams(p->conn, pg_text_of(q->which),
		    q->put, q->type, q->value, NULL, NULL, 0);
	snprintf(name, sizeof(name), "l%d", (int)q->which);
	return pq.PQsendQueryPrepared(
	    p->conn, name, q->put, q->value, NULL, NULL, 0);
}

/* NULL with the connection lost; an error as a result. */
static PGresult *
run_once(struct pg *p, const struct query *q)
{
	char name[16];
	PGresult *r;

	if (q->text != NULL) {
		if (pq.PQsendQueryParams(
			p->conn, q->text, 0, NULL, NULL, NULL, NULL, 0) != 1)
			return pg_answer(p);
		(void)pq.PQsetSingleRowMode(p->conn);
		return pg_row(p);
	}
	if (p->direct && !p->prepared[q->which]) {
		snprintf(name, sizeof(name), "l%d", (int)q->which);
		if (pq.PQsendPrepare(p->conn, name, pg_text_of(q->which),
			q->put, q->type) != 1)
			return pg_answer(p);
		r = pg_answer(p);
		if (r == NULL || pg_is_error(r))
			return r;
		pq.PQclear(r);
		p->prepared[q->which] = true;
	}
	(void)sent(p, q);
	return pg_answer(p);
}

static bool
run(struct query *q)
{
	struct pg *p = q->l->db;
	bool first = !p->in_transaction;
	PGresult *r = NULL;

	if (p->pid != getpid())
		snprintf(p->why, sizeof(p->why),
		    "the connection is another process's");
	else if (q->put > QUERY_VALUES_MAX)
		snprintf(p->why, sizeof(p->why), "too many values");
	else {
		if (p->conn != NULL)
			r = run_once(p, q);
		/* what only reads is asked again by a new connection */
		if (r == NULL && first && pg_reconnect(p) == 0)
			r = run_once(p, q);
	}
	q->at = r;
	q->code = r == NULL || pg_is_error(r) ? FAILED : HAS_ROWS;
	if (q->code == HAS_ROWS)
		q->touched = strtoll(pq.PQcmdTuples(r), NULL, 10);
	return q->code == HAS_ROWS;
}

/* The row that came with the first answer, or the next. */
static bool
next_streamed(struct query *q, bool first)
{
	if (!first && q->code == HAS_ROWS) {
		pq.PQclear(q->at);
		q->at = pg_row(q->l->db);
		if (q->at == NULL || pg_is_error(q->at))
			q->code = FAILED;
	}
	q->at_row = 0;
	return q->code == HAS_ROWS && pq.PQntuples(q->at) > 0;
}

static bool
next(struct query *q)
{
	bool first = q->code == NOT_RUN;

	if (first && !run(q))
		return false;
	if (q->text != NULL)
		return next_streamed(q, first);
	return q->code == HAS_ROWS && ++q->at_row < pq.PQntuples(q->at);
}

static void
drop(struct query *q)
{
	struct pg *p = q->l->db;

	/* what is left of it is read past */
	if (q->text != NULL && q->code != NOT_RUN && p->conn != NULL)
		pq.PQclear(pg_answer(p));
	pq.PQclear(q->at);
	q->at = NULL;
}

static enum ledger_result
done(struct query *q)
{
	enum ledger_result r = LEDGER_OK;

	if (q->code == FAILED)
		r = pg_failed(q->l, q->at);
	drop(q);
	return r;
}

static int64_t
touched(const struct query *q)
{
	return q->touched;
}

/* ---- what a row has ---- */

static bool
is_null(const struct query *q, int column)
{
	return pq.PQgetisnull(q->at, q->at_row, column) == 1;
}

/* A NULL is "". */
static int64_t
whole(const struct query *q, int column)
{
	return strtoll(pq.PQgetvalue(q->at, q->at_row, column), NULL, 10);
}

static double
real(const struct query *q, int column)
{
	return strtod(pq.PQgetvalue(q->at, q->at_row, column), NULL);
}

static money_t
units(const struct query *q, int column)
{
	money_t v = 0;

	(void)money_from_units(pq.PQgetvalue(q->at, q->at_row, column), &v);
	return v;
}

static const char *
string(const struct query *q, int column)
{
	return is_null(q, column) ? NULL
				  : pq.PQgetvalue(q->at, q->at_row, column);
}

static enum ledger_result
snapshot(struct ledger *l)
{
	enum ledger_result r =
	    pg_run(l, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
		      "SET LOCAL idle_in_transaction_session_timeout = 0");

	((struct pg *)l->db)->in_transaction = r == LEDGER_OK;
	return r;
}

/* A long copy leaves it alone for a while. */
static enum ledger_result
stay(struct ledger *l)
{
	struct query q;

	query_init_text(&q, l,
	    "SELECT set_config('idle_in_transaction_session_timeout', '0', "
	    "true)");
	return query_run(&q);
}

const struct engine engine_postgresql = {
    .lists = true,
    .snapshot = snapshot,
    .fill_begin = pg_fill_begin,
    .fill_row = pg_fill_row,
    .fill_end = pg_fill_end,
    .open = pg_open,
    .close = pg_close,
    .in_transaction = in_transaction,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .stay = stay,
    .replace = no_file,
    .check = pg_check,
    .equity_room = equity_room,
    .prepare = prepare,
    .put_null = put_none,
    .put_no_int = put_no_int,
    .put_int = put_whole,
    .put_real = put_double,
    .put_money = put_units,
    .put_text = put_value,
    .next = next,
    .done = done,
    .drop = drop,
    .touched = touched,
    .is_null = is_null,
    .take_int = whole,
    .take_real = real,
    .take_money = units,
    .take_text = string,
};
