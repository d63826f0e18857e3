/* pl_test.c: what an account has made and has left, or that nobody knows.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib/trading/money.h"
#include "lib/fleet/pl.h"

#define M(x) ((int64_t)((x)*1e8 + ((x) < 0 ? -0.5 : 0.5)))
#define DAY INT64_C(86400000)
#define NOON (10 * DAY + DAY / 2)

/* A phase of 10,000 with 500 paid in since, 200 of them today. */
static struct ledger_account
an_account(void)
{
	return (struct ledger_account){
	    .period = {.id = 1, .initial_balance = {true, M(10000)}},
	    .sync = {.state = LEDGER_HISTORY_OK,
		.balance = {true, M(10600)},
		.difference = {true, 0}},
	    .has_day = true,
	    .day = {.day_utc_ms = 10 * DAY,
		.next_utc_ms = 11 * DAY,
		.equity = {true, M(10350)}},
	    .flows_today = {true, M(200)},
	    .flows_period = {true, M(500)},
	    .flows = M(9000),
	    .non_trade_deals = 3,
	    .last_non_trade_utc_ms = 10 * DAY,
	    .has_limits = true,
	    .limits = {.at_utc_ms = NOON - 60000,
		.resets_utc_ms = 11 * DAY,
		.line = {[RULE_DAILY_LOSS] = {.is_set = true,
			     .level = {true, M(10000)},
			     .size = {true, M(500)},
			     .test = RULE_EQUITY}}}};
}

/* Equity 10,650 with 50 of it credit: 10,600 of its own. */
static const struct pl_money money = {M(10600), M(10650), M(50), 3};

struct answer {
	struct pl pl;
	bool is_left;
	struct rule_left left;
};

static struct answer
ask(const struct ledger_account *a, const struct pl_money *m)
{
	struct pl_facts s;
	struct answer out;

	memset(&out, 0, sizeof(out));
	pl_facts_from(a, &s);
	pl_find(&s, m, NOON, &out.pl);
	out.is_left = pl_left(&s, m, NOON, &out.left);
	return out;
}

static void
deposits_and_credit_are_no_profit(void **state)
{
	(void)state;
	struct ledger_account a = an_account();
	struct answer is = ask(&a, &money);

	assert_true(is.pl.day.known);
	assert_int_equal(is.pl.day.v, M(50));
	assert_true(is.pl.day_pct_known);
	assert_int_equal(lround(is.pl.day_pct * 1e4), 4831);
	assert_true(is.pl.total.known);
	assert_int_equal(is.pl.total.v, M(100));
	assert_true(is.pl.pct_known);
	assert_float_equal(is.pl.total_pct, 1, 1e-12);
	assert_false(is.pl.estimated);
	assert_true(is.is_left);
	assert_int_equal(is.left.line[RULE_DAILY_LOSS].left.v, M(600));
}

static void
without_a_phase_all_that_was_paid_in_counts(void **state)
{
	(void)state;
	struct ledger_account a = an_account();

	a.period.id = 0;
	assert_int_equal(ask(&a, &money).pl.total.v, M(1600));
	/* not where the deals do not add up to the balance… */
	a.sync.difference.v = 1;
	assert_false(ask(&a, &money).pl.total.known);
	/* …or are not all here */
	a.sync.difference.v = 0;
	a.sync.state = LEDGER_HISTORY_SYNCING;
	assert_false(ask(&a, &money).pl.total.known);
	/* a phase whose beginning nobody typed has none either */
	a = an_account();
	a.period.initial_balance.known = false;
	assert_false(ask(&a, &money).pl.total.known);
	assert_true(ask(&a, &money).pl.day.known);
}

static void
a_deposit_without_its_moment_makes_profit_unknown(void **state)
{
	(void)state;
	struct ledger_account a = an_account();

	a.flows_today.known = false;
	assert_false(ask(&a, &money).pl.day.known);
	assert_true(ask(&a, &money).pl.total.known);
	a.flows_period.known = false;
	assert_false(ask(&a, &money).pl.total.known);
	assert_false(ask(&a, &money).pl.pct_known);
}

/* Case credit-capital: 100,000 given as credit, 94 won. */
static void
credit_that_is_capital_is_the_accounts_own(void **state)
{
	(void)state;
	struct ledger_account a = an_account();
	const struct pl_money m = {M(94), M(100094), M(100000), 3};
	struct answer is;

	a.period.initial_balance.v = M(100000);
	a.flows_period.v = a.flows_today.v = a.flows = 0;
	a.capital = M(100000);
	a.sync.balance.v = M(94);
	a.day.equity.v = M(100094);
	a.limits.line[RULE_DAILY_LOSS].level.v = M(95094);
	a.limits.line[RULE_MAX_LOSS] = (struct rule_line){.is_set = true,
	    .level = {true, M(90000)},
	    .size = {true, M(10000)},
	    .test = RULE_EQUITY};
	is = ask(&a, &m);
	assert_int_equal(is.pl.total.v, M(94));
	assert_int_equal(is.pl.day.v, 0);
	assert_true(is.is_left);
	assert_int_equal(is.left.line[RULE_MAX_LOSS].left.v, M(10094));
	assert_int_equal(is.left.line[RULE_DAILY_LOSS].left.v, M(5000));
	assert_false(is.left.line[RULE_DAILY_LOSS].estimated);
	/* without a phase: no profit beyond what was won, either */
	a.period.id = 0;
	assert_int_equal(ask(&a, &m).pl.total.v, M(94));
}

static void
a_deposit_that_is_not_stored_makes_all_unknown(void **state)
{
	(void)state;
	struct ledger_account a = an_account();
	struct pl_money m = money;
	struct answer is;

	m.non_trade_deals = 4;
	is = ask(&a, &m);
	assert_false(is.pl.day.known);
	assert_false(is.pl.total.known);
	assert_false(is.pl.pct_known);
	assert_false(is.is_left);
}

static void
an_old_bridge_cannot_tell_a_deposit(void **state)
{
	(void)state;
	struct ledger_account a = an_account();
	struct pl_money m = money;

	m.non_trade_deals = -1;
	assert_false(ask(&a, &m).pl.estimated);
	m.balance += M(1);
	assert_true(ask(&a, &m).pl.day.known);
	assert_true(ask(&a, &m).pl.estimated);
}

/* The limits are of before the deposit, or of within 90 s of it. */
static void
limits_older_than_a_deposit_do_not_count(void **state)
{
	(void)state;
	struct ledger_account a = an_account();

	a.last_non_trade_utc_ms = a.limits.at_utc_ms - RULES_FLOW_SKEW_MS;
	assert_false(ask(&a, &money).is_left);
	a.last_non_trade_utc_ms--;
	assert_true(ask(&a, &money).is_left);
	assert_true(ask(&a, &money).pl.day.known);
}

static void
another_day_is_unknown(void **state)
{
	(void)state;
	struct ledger_account a = an_account();

	a.day.next_utc_ms = NOON;
	assert_false(ask(&a, &money).pl.day.known);
	assert_false(ask(&a, &money).pl.day_pct_known);
	a.day.next_utc_ms = NOON + 1;
	assert_true(ask(&a, &money).pl.day.known);
	a.day.day_utc_ms = NOON + 1;
	assert_false(ask(&a, &money).pl.day.known);
	assert_true(ask(&a, &money).pl.total.known);
	/* a day's beginning worked out later is said to be */
	a = an_account();
	a.day.estimated = true;
	assert_true(ask(&a, &money).pl.estimated);
}

static void
what_cannot_be_held_is_unknown(void **state)
{
	(void)state;
	struct ledger_account a = an_account();
	struct pl_money m = money;

	m.equity = (((money_t)1 << 126) - 1) * 2 + 1;
	m.credit = -1;
	assert_false(ask(&a, &m).pl.total.known);
	assert_false(ask(&a, &m).is_left);
	m.credit = 0;
	a.period.initial_balance.v = -1;
	assert_false(ask(&a, &m).pl.total.known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(deposits_and_credit_are_no_profit),
	    cmocka_unit_test(without_a_phase_all_that_was_paid_in_counts),
	    cmocka_unit_test(a_deposit_without_its_moment_makes_profit_unknown),
	    cmocka_unit_test(credit_that_is_capital_is_the_accounts_own),
	    cmocka_unit_test(a_deposit_that_is_not_stored_makes_all_unknown),
	    cmocka_unit_test(an_old_bridge_cannot_tell_a_deposit),
	    cmocka_unit_test(limits_older_than_a_deposit_do_not_count),
	    cmocka_unit_test(another_day_is_unknown),
	    cmocka_unit_test(what_cannot_be_held_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
