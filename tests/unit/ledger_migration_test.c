/* ledger_migration_test.c: a ledger of an older version is brought along. */
#include "tests/unit/ledger_fixture.h"

#define LEDGER_SQL_MIGRATIONS
#include "ledger_sql.h"

#define MIGRATIONS (sizeof(sql_migrations) / sizeof(sql_migrations[0]))

static const char version_1[] =
    "CREATE TABLE migration (number INTEGER PRIMARY KEY, applied_msc INTEGER "
    "NOT NULL);"
    "INSERT INTO migration VALUES (1, 1);"
    "INSERT INTO account (id, server, login, first_seen_msc) "
    "VALUES (1, 'Old-Live', 52001001, 1);"
    "INSERT INTO limits VALUES (1, 1000, 2000, 4750, 250, 4500, 500, 5400, "
    "400, 1, 1, 0, 3, 4, 0, 0);";

static void
make_version_1(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, sql_migrations[0], NULL, NULL, NULL), SQLITE_OK);
	if (sqlite3_exec(db, version_1, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static int
see_account(const struct ledger_account *a, void *arg)
{
	assert_int_equal(a->login, 52001001);
	assert_string_equal(a->server, "Old-Live");
	/* they are made anew, with what version 1 had no place for */
	assert_false(a->has_limits);
	++*(int *)arg;
	return 0;
}

static int64_t
version(const char *path)
{
	sqlite3_stmt *s;
	sqlite3 *db;
	int64_t n;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT max(number) FROM migration", -1, &s, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

static void
a_ledger_of_version_1_is_brought_along(void **state)
{
	struct fixture *f = *state;
	struct rule_limits limits = {.at_utc_ms = 5,
	    .line = {[RULE_MAX_LOSS] = {.is_set = true,
			 .mode = RULE_TRAILING,
			 .high = RULE_EQUITY,
			 .top = {true, M(5000)}}}};
	struct ledger *l;
	char path[160];
	int n = 0;

	snprintf(path, sizeof(path), "%s/old.db", f->dir);
	make_version_1(path);

	/* a reader does not touch it, and says so */
	l = ledger_open(path, LEDGER_READ);
	assert_int_not_equal(ledger_state(l), LEDGER_OK);
	assert_non_null(ledger_error(l));
	ledger_close(l);
	assert_int_equal(version(path), 1);

	l = ledger_open(path, LEDGER_WRITE);
	assert_null(ledger_error(l));
	OK(ledger_accounts(l, see_account, &n));
	assert_int_equal(n, 1);
	OK(ledger_limits_put(l, 1, &limits));
	ledger_close(l);
	assert_int_equal(version(path), MIGRATIONS);
}

static int
see_limits(const struct ledger_account *a, void *arg)
{
	struct rule_limits *limits = arg;

	*limits = a->limits;
	return 0;
}

static void
limits_are_kept_as_they_are(void **state)
{
	struct fixture *f = *state;
	struct rule_limits put, got;
	const struct rule_line *daily, *total;

	memset(&put, 0, sizeof(put));
	put.at_utc_ms = 1;
	put.resets_utc_ms = 2;
	put.days_done = 7;
	put.line[RULE_DAILY_LOSS] = (struct rule_line){.is_set = true,
	    .level = {true, 3},
	    .test = RULE_EQUITY,
	    .estimated = true};
	put.line[RULE_MAX_LOSS] = (struct rule_line){.is_set = true,
	    .level = {true, -4},
	    .size = {true, INT64_MAX},
	    .test = RULE_HIGHER,
	    .mode = RULE_TRAILING_EOD,
	    .high = RULE_HIGHER,
	    .top = {true, 6}};
	put.line[RULE_BEST_DAY] =
	    (struct rule_line){.is_set = true, .broken = true};
	OK(ledger_limits_put(f->l, f->a, &put));
	OK(ledger_account_get(f->l, f->a, see_limits, &got));
	daily = &got.line[RULE_DAILY_LOSS];
	total = &got.line[RULE_MAX_LOSS];
	assert_int_equal(got.at_utc_ms, 1);
	assert_int_equal(got.resets_utc_ms, 2);
	assert_int_equal(daily->level.v, 3);
	assert_false(daily->size.known);
	assert_int_equal(total->level.v, -4);
	assert_int_equal(total->size.v, INT64_MAX);
	assert_int_equal(daily->test, RULE_EQUITY);
	assert_int_equal(total->test, RULE_HIGHER);
	assert_int_equal(total->mode, RULE_TRAILING_EOD);
	assert_int_equal(total->high, RULE_HIGHER);
	assert_true(total->top.known);
	assert_int_equal(total->top.v, 6);
	assert_int_equal(got.days_done, 7);
	assert_true(daily->estimated);
	assert_false(total->estimated);
	assert_false(got.line[RULE_PROFIT_TARGET].is_set);
	assert_true(got.line[RULE_BEST_DAY].broken);
}

/* ---- the limits as columns, which version 2 had ---- */

static const char limits_of_version_2[] =
    "CREATE TABLE migration (number INTEGER PRIMARY KEY, applied_msc INTEGER "
    "NOT NULL);"
    "INSERT INTO migration VALUES (1, 1), (2, 1);"
    "INSERT INTO account (id, server, login, first_seen_msc) VALUES "
    "(1, 'Old-Live', 52001001, 1), (2, 'Old-Live', 52001002, 1),"
    "(3, 'Old-Live', 52001003, 1);"
    "INSERT INTO limits VALUES (1, 1000, 2000, 475000000001, 250, 4500, 500, "
    "9223372036854775807, 400, 1, 0, 2, 3, 4, 1, 1, 2, 1, 5000),"
    "(2, 1001, 2001, NULL, NULL, -7, 500, NULL, NULL, 0, 1, 0, 5, 0, 0, 0, 0, "
    "0, NULL);";

struct carried {
	bool has_limits[2];
	struct rule_limits limits[2];
};

static int
see_carried(const struct ledger_account *a, void *arg)
{
	struct carried *c = arg;

	if (a->id > 2) {
		assert_false(a->has_limits);
		return 0;
	}
	c->has_limits[a->id - 1] = a->has_limits;
	c->limits[a->id - 1] = a->limits;
	return 0;
}

static void
make_version_2(const char *path, const char *rows)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    sqlite3_exec(db, sql_migrations[i], NULL, NULL, NULL),
		    SQLITE_OK);
	if (sqlite3_exec(db, rows, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
limits_in_columns_become_a_list(void **state)
{
	struct fixture *f = *state;
	struct carried c = {.has_limits = {false}};
	const struct rule_line *line = c.limits[0].line;
	struct ledger *l;
	char path[160];

	snprintf(path, sizeof(path), "%s/columns.db", f->dir);
	make_version_2(path, limits_of_version_2);
	l = ledger_open(path, LEDGER_WRITE);
	assert_null(ledger_error(l));
	OK(ledger_accounts(l, see_carried, &c));
	ledger_close(l);

	assert_true(c.has_limits[0] && c.has_limits[1]);
	assert_int_equal(c.limits[0].at_utc_ms, 1000);
	assert_int_equal(c.limits[0].resets_utc_ms, 2000);
	assert_int_equal(c.limits[0].days_done, 3);
	assert_int_equal(line[RULE_DAILY_LOSS].level.v, 475000000001);
	assert_int_equal(line[RULE_DAILY_LOSS].size.v, 250);
	assert_int_equal(line[RULE_DAILY_LOSS].test, RULE_EQUITY);
	assert_true(line[RULE_DAILY_LOSS].estimated);
	assert_int_equal(line[RULE_MAX_LOSS].level.v, 4500);
	assert_int_equal(line[RULE_MAX_LOSS].size.v, 500);
	assert_int_equal(line[RULE_MAX_LOSS].test, RULE_BALANCE);
	assert_int_equal(line[RULE_MAX_LOSS].mode, RULE_TRAILING);
	assert_int_equal(line[RULE_MAX_LOSS].high, RULE_EQUITY);
	assert_int_equal(line[RULE_MAX_LOSS].top.v, 5000);
	assert_int_equal(line[RULE_PROFIT_TARGET].level.v, INT64_MAX);
	assert_int_equal(line[RULE_PROFIT_TARGET].size.v, 400);
	assert_int_equal(line[RULE_PROFIT_TARGET].test, RULE_HIGHER);
	assert_int_equal(line[RULE_MIN_DAYS].level.v, M(4));
	assert_int_equal(line[RULE_MIN_DAYS].value.v, M(3));
	assert_true(line[RULE_BEST_DAY].broken);

	line = c.limits[1].line;
	assert_int_equal(c.limits[1].days_done, 5);
	assert_false(line[RULE_DAILY_LOSS].is_set);
	assert_int_equal(line[RULE_MAX_LOSS].level.v, -7);
	assert_false(line[RULE_MAX_LOSS].top.known);
	assert_false(line[RULE_MAX_LOSS].estimated);
	assert_false(line[RULE_PROFIT_TARGET].is_set);
	assert_false(line[RULE_MIN_DAYS].is_set);
	assert_false(line[RULE_BEST_DAY].is_set);
}

/* ---- deals, trades and sums of version 2 ---- */

static const char deals_of_version_2[] =
    "CREATE TABLE migration (number INTEGER PRIMARY KEY, applied_msc INTEGER "
    "NOT NULL);"
    "INSERT INTO migration VALUES (1, 1), (2, 1);"
    "INSERT INTO account (id, server, login, first_seen_msc) VALUES "
    "(1, 'Old-Live', 52001001, 1);"
    "INSERT INTO deal VALUES "
    /* a deposit of 1,000; what an agent earned, which was a flow then */
    "(1, 1, 0, 1, 1000, 2, 0, 0, 0, 0, 0, 0, 0, 0, 100000000000, 0, '', '', '',"
    " NULL, NULL, 2, 0, 1000, 0),"
    "(1, 2, 0, 2, 2000, 18, 0, 0, 0, 0, 0, 0, 0, 0, 700000000, 0, '', '', '',"
    " NULL, NULL, 2, 0, 2000, 0),"
    "(1, 3, 3, 3, 3000, 0, 0, 0, 77, 0, 1, 1.1, -50000000, 0, 0, 0, 'EURUSD', "
    "'', '', NULL, NULL, 0, 0, 3000, 0),"
    "(1, 4, 4, 4, 4000, 1, 1, 0, 77, 0, 1, 1.2, -50000000, 0, 5000000000, 0, "
    "'EURUSD', '', '', NULL, NULL, 0, 0, 4000, 0),"
    /* one whose moment is not known */
    "(1, 5, 0, 5, 5000, 7, 0, 0, 0, 0, 0, 0, 0, 0, -100000000, 0, '', '', '',"
    " NULL, NULL, 1, NULL, NULL, 0);"
    "INSERT INTO book VALUES (1, 5, 0, 5000, 4900000000, -100000000, "
    "100700000000, 0);"
    "INSERT INTO trade VALUES (1, 77, 0, 'EURUSD', 0, 2, 100000000, 100000000, "
    "3000, 4000, 3000, 1.1, 1.2, 5000000000, -100000000, 0, 0, 4900000000, 0, "
    "0, 2, 0, 9);";

static int
see_old_trade(const struct ledger_trade *t, void *arg)
{
	assert_int_equal(t->trade.position_id, 77);
	assert_int_equal(t->trade.state, TRADE_CLOSED);
	assert_int_equal(t->trade.net, M(49));
	assert_int_equal(t->trade.volume_in, M(1));
	assert_true(t->trade.price_close == 1.2);
	++*(int *)arg;
	return 0;
}

static int
see_old_deal(const struct deal *d, void *arg)
{
	assert_int_equal(d->excluded, DEAL_COUNTS);
	assert_int_equal(d->ticket, ++*(int *)arg);
	return 0;
}

static void
deals_and_their_sums_are_carried(void **state)
{
	static const struct ledger_trade_filter of_it = {.account = 1};
	static const struct ledger_page whole;
	struct fixture *f = *state;
	struct ledger_sums kept, counted;
	struct ledger_put put;
	struct ledger *l;
	char path[160];
	int n = 0;

	snprintf(path, sizeof(path), "%s/deals.db", f->dir);
	make_version_2(path, deals_of_version_2);
	l = ledger_open(path, LEDGER_WRITE);
	assert_null(ledger_error(l));
	OK(ledger_deals(l, 1, &whole, see_old_deal, &n));
	assert_int_equal(n, 5);
	OK(ledger_running_sums(l, 1, &kept));
	OK(ledger_sums(l, 1, &counted));
	assert_int_equal(kept.deals, 5);
	assert_int_equal(kept.trades_net, M(49));
	assert_int_equal(kept.costs, M(6));
	assert_int_equal(kept.flows, M(1000));
	assert_int_equal(counted.trades_net, kept.trades_net);
	assert_int_equal(counted.costs, kept.costs);
	assert_int_equal(counted.flows, kept.flows);
	/* the next read makes the trades again: they are what they were */
	n = 0;
	OK(ledger_trades(l, &of_it, NULL, see_old_trade, &n));
	OK(ledger_deals_put(l, 1, NULL, 0, 10000, &put));
	OK(ledger_trades(l, &of_it, NULL, see_old_trade, &n));
	assert_int_equal(n, 2);
	ledger_close(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_ledger_of_version_1_is_brought_along),
	    T(limits_are_kept_as_they_are),
	    T(limits_in_columns_become_a_list),
	    T(deals_and_their_sums_are_carried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
