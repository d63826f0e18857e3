/* pg_run.c: what PostgreSQL's errors are; transactions. */
#include <stdio.h>
#include <string.h>

#define LEDGER_SQL_POSTGRESQL_TEXTS
#include "lib/ledger/lease.h"
#include "lib/ledger/pg.h"

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

const char *
pg_text_of(enum ledger_sql which)
{
	return sql_postgresql_texts[which];
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

/* A connection that went away while nothing was done is made again. */
enum ledger_result
pg_begin_unfenced(struct ledger *l)
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

enum ledger_result
pg_begin(struct ledger *l)
{
	enum ledger_result r = pg_begin_unfenced(l);

	if (r == LEDGER_OK && (r = lease_check(l)) != LEDGER_OK)
		pg_rollback(l);
	return r;
}

void
pg_rollback(struct ledger *l)
{
	struct pg *p = l->db;

	if (p->in_transaction)
		pq.PQclear(pg_exec(p, "ROLLBACK"));
	p->in_transaction = false;
}
