/* pg_open.c: a ledger in PostgreSQL: opening, migrations, checks. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEDGER_SQL_POSTGRESQL_MIGRATIONS
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/ledger/pg.h"

#define MIGRATIONS                                     \
	((int64_t)(sizeof(sql_postgresql_migrations) / \
		   sizeof(sql_postgresql_migrations[0])))
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

/* The last migration; 0 where there is no ledger yet, -1 with the error. */
static int64_t
migrated(struct ledger *l)
{
	int64_t there =
	    ask(l, "SELECT CASE WHEN to_regclass('migration') IS NULL THEN 0 "
		   "ELSE 1 END");

	if (there != 1)
		return there;
	return ask(l, "SELECT coalesce(max(number), 0) FROM migration");
}

static enum ledger_result
migrate_from(struct ledger *l, int64_t number)
{
	enum ledger_result r;
	char note[128];

	r = pg_run(l,
	    "CREATE TABLE IF NOT EXISTS migration ("
	    "number BIGINT PRIMARY KEY, applied_msc BIGINT NOT NULL)");
	for (; r == LEDGER_OK && number < MIGRATIONS; number++) {
		if (sql_postgresql_migrations[number] != NULL)
			r = pg_run(l, sql_postgresql_migrations[number]);
		snprintf(note, sizeof(note),
		    "INSERT INTO migration VALUES (%" PRId64 ", %" PRId64 ")",
		    number + 1, clock_utc_ms());
		if (r == LEDGER_OK)
			r = pg_run(l, note);
	}
	return r;
}

/* Under the writer's lock, so that two programs do not both do it. */
static enum ledger_result
migrate(struct ledger *l)
{
	struct pg *p = l->db;
	enum ledger_result r = pg_begin(l);
	int64_t number;

	if (r != LEDGER_OK)
		return r;
	p->limit_ms = MIGRATE_LIMIT_MS;
	number = migrated(l);
	r = number == -1 ? LEDGER_ERROR : migrate_from(l, number);
	p->limit_ms = WRITE_LIMIT_MS;
	if (r == LEDGER_OK)
		return pg_commit(l);
	pg_rollback(l);
	return r;
}

static enum ledger_result
check_version(struct ledger *l)
{
	int64_t number = migrated(l);

	if (number == -1)
		return l->state != LEDGER_OK ? l->state : LEDGER_ERROR;
	if (number == MIGRATIONS ||
	    (l->mode == LEDGER_CHECK && number > 0 && number < MIGRATIONS))
		return LEDGER_OK;
	if (number < MIGRATIONS && l->mode == LEDGER_WRITE)
		return migrate(l);
	if (number == 0) {
		snprintf(l->error, sizeof(l->error),
		    "ledger not found: the database has no tables yet: the "
		    "first job makes them");
		return LEDGER_NOT_FOUND;
	}
	snprintf(l->error, sizeof(l->error),
	    "ledger error: the database is of version %" PRId64
	    ", this program of %" PRId64 "%s",
	    number, MIGRATIONS,
	    number < MIGRATIONS ? ": run a job to bring it up to date"
				: ": the program is too old");
	return LEDGER_ERROR;
}

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
	return r == LEDGER_OK ? check_version(l) : r;
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
