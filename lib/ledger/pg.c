/* pg.c: statements, transactions and results of PostgreSQL. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEDGER_SQL_POSTGRESQL_TEXTS
#include "lib/ledger/pg.h"
#include "lib/ledger/transfer.h"
#include "lib/trading/money.h"

/* One writer at a time, as in SQLite: all that looks first and writes then
 * relies on it. Who comes second waits as long as there. A process that fell
 * asleep within its transaction does not hold up the others for long. */
static const char begin_sql[] =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
    "SET LOCAL lock_timeout = 5000;"
    "SET LOCAL idle_in_transaction_session_timeout = 30000;"
    "SELECT set_config('synchronous_commit', 'on', true)"
    " WHERE current_setting('synchronous_commit') = 'off';"
    "SELECT pg_advisory_xact_lock(5355)";

#define INT8_TYPE 20 /* pg_type's, for good */

enum { NOT_RUN, HAS_ROWS, FAILED };

const char *
pg_text_of(enum ledger_sql which)
{
	return sql_postgresql_texts[which];
}

bool
pg_is_error(const PGresult *r)
{
	ExecStatusType s = pq.PQresultStatus(r);

	return s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK &&
	       s != PGRES_SINGLE_TUPLE && s != PGRES_COPY_IN;
}

static enum ledger_result
result_of(const char *state)
{
	static const struct {
		const char *begin;
		enum ledger_result result;
	} list[] = {
	    {"55P03", LEDGER_BUSY},      /* lock_not_available */
	    {"40001", LEDGER_BUSY},      /* serialization_failure */
	    {"40P01", LEDGER_BUSY},      /* deadlock_detected */
	    {"57014", LEDGER_BUSY},      /* query_canceled */
	    {"53100", LEDGER_FULL},      /* disk_full */
	    {"25006", LEDGER_READONLY},  /* a standby, or a reader */
	    {"42501", LEDGER_READONLY},  /* insufficient_privilege */
	    {"53", LEDGER_UNREACHABLE},  /* no connections, no memory */
	    {"57P", LEDGER_UNREACHABLE}, /* shutting down, starting up */
	    {"08", LEDGER_UNREACHABLE},
	    {"22", LEDGER_REJECTED},    /* data exceptions */
	    {"23", LEDGER_REJECTED},    /* constraints */
	    {"54", LEDGER_REJECTED},    /* too large */
	    {"P0001", LEDGER_REJECTED}, /* our triggers */
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (strncmp(state, list[i].begin, strlen(list[i].begin)) == 0)
			return list[i].result;
	return LEDGER_ERROR;
}

/* A server that is no longer the one to write to is left, and so is one that
 * forgot what was prepared. */
static bool
is_to_be_left(const struct ledger *l, enum ledger_result r, const char *state)
{
	return (r == LEDGER_READONLY && l->mode == LEDGER_WRITE &&
		   strcmp(state, "25006") == 0) ||
	       r == LEDGER_UNREACHABLE || strcmp(state, "26000") == 0 ||
	       strcmp(state, "0A000") == 0;
}

enum ledger_result
pg_failed(struct ledger *l, const PGresult *r)
{
	struct pg *p = l->db;
	const char *state =
	    r != NULL ? pq.PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	const char *why =
	    r != NULL ? pq.PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)
		      : NULL;
	enum ledger_result result = LEDGER_UNREACHABLE;

	if (state != NULL)
		result = result_of(state);
	l->damaged = state != NULL && strncmp(state, "XX00", 4) == 0 &&
		     strcmp(state, "XX000") != 0;
	snprintf(l->error, sizeof(l->error), "ledger %s: %s",
	    ledger_result_word(result), why != NULL ? why : p->why);
	if (r == NULL)
		l->state = LEDGER_UNREACHABLE;
	else if (state != NULL && is_to_be_left(l, result, state)) {
		l->state = result;
		pg_lose(p);
	}
	return result;
}

enum ledger_result
pg_run(struct ledger *l, const char *sql)
{
	PGresult *r = pg_exec(l->db, sql);
	enum ledger_result result = LEDGER_OK;

	if (r == NULL || pg_is_error(r))
		result = pg_failed(l, r);
	pq.PQclear(r);
	return result;
}

/* ---- transactions ---- */

static bool
in_transaction(const struct ledger *l)
{
	return ((const struct pg *)l->db)->in_transaction;
}

/* A connection that went away while nothing was done is made again. */
enum ledger_result
pg_begin(struct ledger *l)
{
	struct pg *p = l->db;
	enum ledger_result result = LEDGER_OK;
	PGresult *r;

	if (l->mode != LEDGER_WRITE) {
		snprintf(l->error, sizeof(l->error),
		    "ledger read-only: it was opened to be read");
		return LEDGER_READONLY;
	}
	r = pg_exec(p, begin_sql);
	if (r == NULL && pg_reconnect(p) == 0)
		r = pg_exec(p, begin_sql);
	if (r != NULL && !pg_is_error(r))
		p->in_transaction = true;
	else {
		result = pg_failed(l, r);
		pq.PQclear(pg_exec(p, "ROLLBACK"));
	}
	pq.PQclear(r);
	return result;
}

void
pg_rollback(struct ledger *l)
{
	struct pg *p = l->db;

	if (p->in_transaction)
		pq.PQclear(pg_exec(p, "ROLLBACK"));
	p->in_transaction = false;
}

/* A copy is a file of SQLite, as one of a file is: a plain one, without a WAL.
 */
static enum ledger_result
copy_to_file(struct ledger *l, const char *path)
{
	struct ledger *to = ledger_open(path, LEDGER_WRITE);
	enum ledger_result r = ledger_state(to);
	char why[TRANSFER_WHY_SIZE];
	struct query q;

	snprintf(why, sizeof(why), "%s", to->error);
	if (r == LEDGER_OK && (r = ledger_snapshot(l)) == LEDGER_OK) {
		r = ledger_transfer(l, to, NULL, NULL, why);
		pg_rollback(l);
		if (r != LEDGER_OK)
			snprintf(l->error, sizeof(l->error), "%s", why);
	} else if (ledger_state(to) != LEDGER_OK)
		snprintf(l->error, sizeof(l->error), "%s", why);
	if (r == LEDGER_OK) {
		query_init_text(&q, to, "PRAGMA journal_mode = DELETE");
		r = query_run(&q);
	}
	ledger_close(to);
	return r;
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

const struct engine engine_postgresql = {
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
    .copy = copy_to_file,
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
