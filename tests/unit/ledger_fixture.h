/*
 * ledger_fixture.h: a ledger for the tests of it: a file in a temporary folder,
 * or, where LEDGER_TEST_URL is set, a database of its own. That names a server
 * of PostgreSQL, with DATABASE for the name: ledger_pg.sh.
 */
#ifndef TESTS_LEDGER_FIXTURE_H
#define TESTS_LEDGER_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include "lib/ledger/jobs.h"
#include "lib/ledger/people.h"
#include "lib/trading/money.h"

#define M(x) ((int64_t)((x)*1e8 + ((x) < 0 ? -0.5 : 0.5)))
#define NOW INT64_C(1790000000000)
#define OK(call) assert_int_equal((call), LEDGER_OK)
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Each test has its own copy, and uses of it what it needs. */
#define FIXTURE static __attribute__((unused))

struct fixture {
	char dir[64], path[256];
	struct ledger *l;
	int64_t a, b; /* the same login at two servers */
};

FIXTURE int64_t
account(struct ledger *l, const char *server, int64_t login)
{
	struct ledger_seen s = {.server = server,
	    .login = login,
	    .node = "vps01",
	    .currency = "USD",
	    .company = "Broker",
	    .name = "Somebody",
	    .currency_digits = 2,
	    .trade_mode = 2,
	    .margin_mode = 2,
	    .leverage = 100,
	    .offset_known = true,
	    .offset_s = 10800};
	int64_t id;

	OK(ledger_account_seen(l, &s, &id));
	return id;
}

/* ---- PostgreSQL ---- */

FIXTURE bool
on_postgresql(void)
{
	return getenv("LEDGER_TEST_URL") != NULL;
}

FIXTURE void
database_url(char *url, size_t size, const char *name)
{
	const char *whole = getenv("LEDGER_TEST_URL"),
		   *at = whole != NULL ? strstr(whole, "DATABASE") : NULL;

	assert_non_null(at);
	snprintf(url, size, "%.*s%s%s", (int)(at - whole), whole, name, at + 8);
}

/* One number, or what the server says to what it refuses. */
FIXTURE int64_t
pg_ask(const char *url, const char *sql, char why[256])
{
	PGconn *conn = PQconnectdb(url);
	PGresult *r = PQexec(conn, sql);
	int64_t n = 0;

	*why = '\0';
	if (PQresultStatus(r) == PGRES_TUPLES_OK)
		n = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
	else if (PQresultStatus(r) != PGRES_COMMAND_OK)
		snprintf(why, 256, "%s", PQerrorMessage(conn));
	PQclear(r);
	PQfinish(conn);
	return n;
}

FIXTURE void
pg_do(const char *url, const char *sql)
{
	char why[256];

	(void)pg_ask(url, sql, why);
	if (*why != '\0')
		fail_msg("%s: %s", sql, why);
}

FIXTURE void
database_make(struct fixture *f, bool drop)
{
	const char *name = strrchr(f->dir, '/') + 1;
	char url[256], sql[512];

	database_url(url, sizeof(url), "postgres");
	snprintf(sql, sizeof(sql),
	    drop ? "DROP DATABASE \"%s\" WITH (FORCE)"
		 : "CREATE DATABASE \"%s\"",
	    name);
	pg_do(url, sql);
	database_url(f->path, sizeof(f->path), name);
}

FIXTURE int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->dir, "/tmp/ledger_test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/ledger.db", f->dir);
	if (on_postgresql())
		database_make(f, false);
	f->l = ledger_open(f->path, LEDGER_WRITE);
	assert_null(ledger_error(f->l));
	f->a = account(f->l, "Broker-Live", 52001001);
	f->b = account(f->l, "Other-Live", 52001001);
	*state = f;
	return 0;
}

FIXTURE int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	ledger_close(f->l);
	snprintf(command, sizeof(command), "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	if (on_postgresql())
		database_make(f, true);
	free(f);
	return 0;
}

FIXTURE struct deal
deal(int64_t ticket, int64_t broker_ms, int type, int entry, int64_t position,
    double volume, double price, int64_t profit)
{
	struct deal d = {.ticket = ticket,
	    .order = ticket - 1,
	    .time = broker_ms / 1000,
	    .time_msc = broker_ms,
	    .type = type,
	    .entry = entry,
	    .magic = INT64_C(1) << 60,
	    .position_id = position,
	    .reason = 3,
	    .volume = volume,
	    .price = price,
	    .profit = profit,
	    .symbol = "XAUUSDc",
	    .comment = "=HYPERLINK(\"x\"),\xd0\x9f",
	    .external_id = "e",
	    .offset_known = true,
	    .offset_s = 10800,
	    .utc_ms = broker_ms - 10800 * 1000};

	return d;
}

FIXTURE struct ledger_put
put(struct ledger *l, int64_t id, const struct deal *d, int n)
{
	struct ledger_put p;

	OK(ledger_deals_put(l, id, d, n, NOW, &p));
	return p;
}

struct seen {
	struct deal d[16];
	int n;
};

FIXTURE int
see_deal(const struct deal *d, void *arg)
{
	struct seen *s = arg;

	assert_true(s->n < 16);
	s->d[s->n] = *d;
	s->d[s->n].symbol = s->d[s->n].comment = s->d[s->n].external_id = "";
	s->n++;
	if (d->type < 2) {
		assert_string_equal(d->symbol, "XAUUSDc");
		assert_string_equal(d->comment, "=HYPERLINK(\"x\"),\xd0\x9f");
	}
	return 0;
}

FIXTURE struct seen
deals(struct ledger *l, int64_t id, struct ledger_page page)
{
	struct seen s = {.n = 0};

	OK(ledger_deals(l, id, &page, see_deal, &s));
	return s;
}

FIXTURE struct ledger_sums
sums(struct ledger *l, int64_t id)
{
	struct ledger_sums slow, quick;

	OK(ledger_sums(l, id, &slow));
	OK(ledger_running_sums(l, id, &quick));
	assert_int_equal(slow.deals, quick.deals);
	assert_int_equal(slow.trades_net, quick.trades_net);
	assert_int_equal(slow.costs, quick.costs);
	assert_int_equal(slow.flows, quick.flows);
	assert_int_equal(slow.credit, quick.credit);
	return slow;
}

FIXTURE int64_t
count(struct fixture *f, const char *sql)
{
	char why[256];
	sqlite3 *db;
	sqlite3_stmt *st;
	int64_t n;

	if (on_postgresql()) {
		n = pg_ask(f->path, sql, why);
		assert_string_equal(why, "");
		return n;
	}

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

struct trades {
	struct ledger_trade t[16];
	int n;
};

FIXTURE int
see_trade(const struct ledger_trade *t, void *arg)
{
	struct trades *s = arg;

	assert_true(s->n < 16);
	s->t[s->n++] = *t;
	return 0;
}

FIXTURE struct trades
trades(struct ledger *l, struct ledger_trade_filter filter,
    struct ledger_page page)
{
	struct trades s = {.n = 0};

	OK(ledger_trades(l, &filter, &page, see_trade, &s));
	return s;
}

#endif
