/* status_test.c: which fact wins, and the words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/trading/status.h"

static const struct status_facts good = {
    .logged_in = true,
    .connected = true,
    .history_complete = true,
    .terminal_trade_allowed = true,
    .account_trade_allowed = true,
    .account_trade_expert = true,
};

static void
all_is_well(void **state)
{
	(void)state;
	assert_int_equal(status_decide(&good), STATUS_OK);
}

static void
nothing_told_is_not_well(void **state)
{
	struct status_facts none = {0};

	(void)state;
	assert_int_equal(status_decide(&none), STATUS_NOT_LOGGED_IN);
}

static void
one_bad_fact(void **state)
{
	struct status_facts f;

	(void)state;
#define CASE(field, value, expected) \
	f = good;                    \
	f.field = (value);           \
	assert_int_equal(status_decide(&f), STATUS_##expected)
	CASE(process_down, true, TERMINAL_DOWN);
	CASE(bridge_silent, true, BRIDGE_SILENT);
	CASE(wrong_account, true, WRONG_ACCOUNT);
	CASE(logged_in, false, NOT_LOGGED_IN);
	CASE(connected, false, BROKER_DISCONNECTED);
	CASE(history_complete, false, HISTORY_SYNCING);
	CASE(terminal_trade_allowed, false, TRADING_DISABLED);
	CASE(account_trade_expert, false, TRADING_DISABLED);
	CASE(account_trade_allowed, false, READ_ONLY);
#undef CASE
}

/* Facts made bad one after the other, mildest first: the last one wins. */
static void
the_worst_fact_wins(void **state)
{
	struct status_facts f = good;

	(void)state;
	f.account_trade_allowed = false;
	f.terminal_trade_allowed = false;
	/* without the right to trade the button does not matter */
	assert_int_equal(status_decide(&f), STATUS_READ_ONLY);
	f.history_complete = false;
	assert_int_equal(status_decide(&f), STATUS_HISTORY_SYNCING);
	f.connected = false;
	assert_int_equal(status_decide(&f), STATUS_BROKER_DISCONNECTED);
	f.wrong_account = true;
	assert_int_equal(status_decide(&f), STATUS_WRONG_ACCOUNT);
	f.bridge_silent = true;
	assert_int_equal(status_decide(&f), STATUS_BRIDGE_SILENT);
	f.process_down = true;
	assert_int_equal(status_decide(&f), STATUS_TERMINAL_DOWN);
}

static void
words_go_both_ways(void **state)
{
	enum status s;

	(void)state;
	for (int i = 0; i < STATUS_COUNT; i++) {
		assert_true(status_from(status_word((enum status)i), &s));
		assert_int_equal(s, i);
	}
	s = STATUS_OK;
	assert_false(status_from("OK", &s));
	assert_false(status_from("", &s));
	assert_int_equal(s, STATUS_OK);
	assert_string_equal(status_word(STATUS_READ_ONLY), "read_only");
}

static void
what_may_stand_in_a_total(void **state)
{
	(void)state;
	for (int i = 0; i < STATUS_COUNT; i++)
		assert_int_equal(status_is_live((enum status)i),
		    i == STATUS_OK || i == STATUS_READ_ONLY ||
			i == STATUS_TRADING_DISABLED ||
			i == STATUS_HISTORY_SYNCING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_is_well),
	    cmocka_unit_test(nothing_told_is_not_well),
	    cmocka_unit_test(one_bad_fact),
	    cmocka_unit_test(the_worst_fact_wins),
	    cmocka_unit_test(words_go_both_ways),
	    cmocka_unit_test(what_may_stand_in_a_total),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
