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
	struct rule_limits limits = {.at_msc = 5,
	    .total_mode = RULE_TRAILING,
	    .total_high = RULE_EQUITY,
	    .total_top = {true, M(5000)}};
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

	memset(&put, 0, sizeof(put));
	put.at_msc = 1;
	put.resets_msc = 2;
	put.daily_floor = (struct amount){true, 3};
	put.total_floor = (struct amount){true, -4};
	put.total_allowance = (struct amount){true, 5};
	put.daily_test = RULE_EQUITY;
	put.target_basis = RULE_HIGHER;
	put.total_mode = RULE_TRAILING_EOD;
	put.total_high = RULE_HIGHER;
	put.total_top = (struct amount){true, 6};
	put.days_done = 7;
	put.estimated = true;
	OK(ledger_limits_put(f->l, f->a, &put));
	OK(ledger_account_get(f->l, f->a, see_limits, &got));
	assert_int_equal(got.at_msc, 1);
	assert_int_equal(got.resets_msc, 2);
	assert_int_equal(got.daily_floor.v, 3);
	assert_false(got.daily_allowance.known);
	assert_int_equal(got.total_floor.v, -4);
	assert_int_equal(got.total_allowance.v, 5);
	assert_int_equal(got.daily_test, RULE_EQUITY);
	assert_int_equal(got.target_basis, RULE_HIGHER);
	assert_int_equal(got.total_mode, RULE_TRAILING_EOD);
	assert_int_equal(got.total_high, RULE_HIGHER);
	assert_true(got.total_top.known);
	assert_int_equal(got.total_top.v, 6);
	assert_int_equal(got.days_done, 7);
	assert_true(got.estimated);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_ledger_of_version_1_is_brought_along),
	    T(limits_are_kept_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
