/* pg_open.c: a ledger in PostgreSQL: opening, migrations, checks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEDGER_SQL_POSTGRESQL_MIGRATIONS
#include "lib/base/mem.h"
#include "lib/ledger/migrations.h"
#include "lib/ledger/pg.h"

/* For an answer. What reads is asked by people who wait. */
#define READ_LIMIT_MS 15000
#define WRITE_LIMIT_MS 60000
#define MIGRATE_LIMIT_MS 3600000

/* One number, or -1 with the error noted. */
static int64_t
ask(struct ledger *l, const char *sql)
{
	PGresult *r = pg_exec(l->db, sql);
	int64_t v = -1;

	if (r == NULL || pg_is_error(r))
		pg_failed(l, r);
	else if (pq.PQntuples(r) == 1)
		v = strtoll(pq.PQgetvalue(r, 0, 0), NULL, 10);
	pq.PQclear(r);
	return v;
}

static enum ledger_result
begin(struct ledger *l)
{
	enum ledger_result r = pg_begin(l);

	if (r == LEDGER_OK)
		((struct pg *)l->db)->limit_ms = MIGRATE_LIMIT_MS;
	return r;
}

static enum ledger_result
commit(struct ledger *l)
{
	((struct pg *)l->db)->limit_ms = WRITE_LIMIT_MS;
	return pg_commit(l);
}

static void
rollback(struct ledger *l)
{
	((struct pg *)l->db)->limit_ms = WRITE_LIMIT_MS;
	pg_rollback(l);
}

static const struct migrations migrations = {
    .store = "database",
    .is_there = "SELECT CASE WHEN to_regclass('migration') IS NULL THEN 0 "
		"ELSE 1 END",
    .create = "CREATE TABLE IF NOT EXISTS migration ("
	      "number BIGINT PRIMARY KEY, applied_msc BIGINT NOT NULL)",
    .no_ledger = "the database has no tables yet: the first job makes them",
    .sql = sql_postgresql_migrations,
    .len = sizeof(sql_postgresql_migrations) /
	   sizeof(sql_postgresql_migrations[0]),
    .ask = ask,
    .run = pg_run,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
};

/* What the server is like. Behind a pooler the process that answers is not
 * the one that the connection was made to. */
static enum ledger_result
look_at_server(struct ledger *l)
{
	struct pg *p = l->db;
	PGresult *r = pg_exec(p,
	    "SELECT pg_backend_pid(), current_setting('server_encoding'),"
	    "current_setting('extra_float_digits'),"
	    "current_setting('server_version_num')");
	enum ledger_result result = LEDGER_OK;

	if (r == NULL || pg_is_error(r))
		result = pg_failed(l, r);
	else if (strcmp(pq.PQgetvalue(r, 0, 1), "UTF8") != 0)
		result = ledger_refused(l, "the database's encoding must be "
					   "UTF8");
	else if (atoi(pq.PQgetvalue(r, 0, 2)) < 1)
		result = ledger_refused(l, "extra_float_digits must be 1: "
					   "prices would be rounded");
	else if (atoi(pq.PQgetvalue(r, 0, 3)) < 120000)
		result = ledger_refused(l, "PostgreSQL 12 or later is needed");
	else
		p->direct =
		    atoi(pq.PQgetvalue(r, 0, 0)) == pq.PQbackendPID(p->conn);
	pq.PQclear(r);
	return result;
}

static enum ledger_result
open_it(struct ledger *l)
{
	enum ledger_result r;

	if (pg_connect(l->db) == -1)
		return pg_failed(l, NULL);
	r = look_at_server(l);
	return r == LEDGER_OK ? migrations_settle(l, &migrations) : r;
}

void
pg_open(struct ledger *l, const char *url)
{
	struct pg *p = mem_new(1, sizeof(*p));
	char *shown;
	size_t used;

	p->url = mem_strdup(url);
	p->limit_ms = l->mode == LEDGER_WRITE ? WRITE_LIMIT_MS : READ_LIMIT_MS;
	p->room_from[0] = p->room_from[1] = INT64_MIN / 2;
	l->db = p;
	l->state = open_it(l);
	if (l->state == LEDGER_OK)
		return;
	shown = ledger_shown(url);
	used = strlen(l->error);
	snprintf(l->error + used, sizeof(l->error) - used, " (%s)", shown);
	free(shown);
	pg_lose(p);
}

void
pg_close(struct ledger *l)
{
	struct pg *p = l->db;

	pg_lose(p);
	free(p->url);
	free(p);
}

/* Each statement of ours fits the tables that are there. */
enum ledger_result
pg_check(struct ledger *l)
{
	struct pg *p = l->db;
	enum ledger_result result = LEDGER_OK;

	for (int i = 0; result == LEDGER_OK && i < SQL_COUNT; i++) {
		PGresult *r = NULL;

		if (pq.PQsendPrepare(p->conn, "", pg_text_of(i), 0, NULL) == 1)
			r = pg_answer(p);
		if (r == NULL || pg_is_error(r))
			result = pg_failed(l, r);
		pq.PQclear(r);
	}
	return result;
}
