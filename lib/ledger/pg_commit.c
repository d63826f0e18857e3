/*
 * pg_commit.c: COMMIT. Where the answer to it is lost, PostgreSQL has written
 * the transaction or not: a random number that each one puts into `written`
 * says which, to the next connection.
 */
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/ledger/pg.h"

#define LOOK_FOR_MS 15000
#define LOOK_EVERY_MS 200
#define KEPT_MS 3600000

static int64_t
new_id(void)
{
	uint64_t id = 0;

	/* of a few bytes it gives all */
	(void)!getrandom(&id, sizeof(id), 0);
	return (int64_t)(id >> 1);
}

/* Now and then, that it stays short. */
static enum ledger_result
trim(struct ledger *l)
{
	struct query q;

	query_init(&q, l, SQL_WRITTEN_TRIM);
	put_int(&q, clock_utc_ms() - KEPT_MS);
	return query_run(&q);
}

static enum ledger_result
note(struct ledger *l, int64_t id)
{
	enum ledger_result r;
	struct query q;

	query_init(&q, l, SQL_WRITTEN_ADD);
	put_int(&q, id);
	put_int(&q, clock_utc_ms());
	r = query_run(&q);
	return r == LEDGER_OK && id % 256 == 0 ? trim(l) : r;
}

/*
 * The lost transaction holds the writer's lock until it has ended, so that
 * pg_begin_unfenced waits for it. What was found is written once more: with a
 * synchronous standby that is answered only when all before it is there, too.
 */
static enum ledger_result
look(struct ledger *l, int64_t id, bool *found)
{
	struct pg *p = l->db;
	enum ledger_result r = pg_begin_unfenced(l);
	struct query q;
	PGresult *end;

	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_WRITTEN_FIND);
	put_int(&q, id);
	*found = query_next(&q);
	r = query_done(&q);
	if (r != LEDGER_OK) {
		pg_rollback(l);
		return r;
	}
	end = pg_exec(p, "COMMIT");
	p->in_transaction = false;
	if (end == NULL || pg_is_error(end))
		r = pg_failed(l, end);
	pq.PQclear(end);
	return r;
}

static enum ledger_result
find_out(struct ledger *l, int64_t id)
{
	const struct timespec pause = {.tv_nsec = LOOK_EVERY_MS * 1000000};
	const int64_t until = clock_mono_ms() + LOOK_FOR_MS;
	struct pg *p = l->db;
	bool found = false;

	for (;;) {
		if (pg_reconnect(p) == 0) {
			l->state = LEDGER_OK;
			if (look(l, id, &found) == LEDGER_OK)
				break;
		}
		if (clock_mono_ms() >= until) {
			snprintf(l->error, sizeof(l->error),
			    "ledger unknown: the connection was lost while "
			    "it was being written: %s",
			    p->why);
			l->state = LEDGER_UNREACHABLE;
			return LEDGER_UNKNOWN;
		}
		nanosleep(&pause, NULL);
	}
	if (found) {
		l->error[0] = '\0';
		return LEDGER_OK;
	}
	snprintf(l->error, sizeof(l->error),
	    "ledger unreachable: the connection was lost before anything was "
	    "written");
	return LEDGER_UNREACHABLE;
}

enum ledger_result
pg_commit(struct ledger *l)
{
	const int64_t id = new_id();
	struct pg *p = l->db;
	enum ledger_result result = note(l, id);
	PGresult *r;

	if (result != LEDGER_OK)
		return result;
	r = pg_exec(p, "COMMIT");
	p->in_transaction = false;
	if (r == NULL)
		return find_out(l, id);
	if (pg_is_error(r))
		result = pg_failed(l, r);
	pq.PQclear(r);
	return result;
}
