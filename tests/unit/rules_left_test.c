/* rules_left_test.c: what is left of the limits, and when to warn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/trading/money.h"
#include "lib/trading/rules.h"

#define M(x) ((int64_t)((x)*1e8 + ((x) < 0 ? -0.5 : 0.5)))

static void
money_left_is_said_or_unknown(void **state)
{
	(void)state;
	struct rule_limits lim = {.resets_utc_ms = 1000,
	    .line = {[RULE_DAILY_LOSS] = {.is_set = true,
			 .level = {true, M(4750)},
			 .size = {true, M(250)},
			 .test = RULE_EQUITY},
		[RULE_MAX_LOSS] = {.is_set = true,
		    .level = {true, M(4500)},
		    .size = {true, M(500)},
		    .test = RULE_EQUITY},
		[RULE_PROFIT_TARGET] = {.is_set = true,
		    .level = {true, M(5400)},
		    .size = {true, M(400)},
		    .test = RULE_BALANCE}}};
	struct amount synced = {true, M(5079.7)};
	struct rule_left left;

	rules_left(&lim, M(5079.7), M(4960.4), &synced, 999, &left);
	assert_int_equal(left.line[RULE_DAILY_LOSS].left.v, M(210.4));
	assert_float_equal(left.line[RULE_DAILY_LOSS].used, 0.1584, 1e-12);
	assert_int_equal(left.line[RULE_MAX_LOSS].left.v, M(460.4));
	assert_float_equal(left.line[RULE_MAX_LOSS].used, 0.0792, 1e-12);
	assert_int_equal(left.line[RULE_PROFIT_TARGET].left.v, M(320.3));
	assert_false(left.estimated);

	/* the day is over: nobody has seen the new one */
	rules_left(&lim, M(5079.7), M(4960.4), &synced, 1000, &left);
	assert_false(left.line[RULE_DAILY_LOSS].left.known);
	assert_false(left.line[RULE_DAILY_LOSS].used_known);
	assert_true(left.line[RULE_MAX_LOSS].left.known);

	/* deals that we do not know yet may be a withdrawal */
	rules_left(&lim, M(5000), M(4960.4), &synced, 999, &left);
	assert_true(left.estimated);

	/* profit uses nothing */
	rules_left(&lim, M(5200), M(5200), &synced, 999, &left);
	assert_true(left.line[RULE_DAILY_LOSS].used == 0);
}

static void
a_floor_that_trails_rises_with_each_high(void **state)
{
	(void)state;
	static const struct {
		double equity, left, room, rise;
	} steps[] = {
	    /* the high judged last was 5100: floor 4600, locked at 5000 */
	    {5000, 400, 100, 400},
	    {5100, 500, 0, 400},
	    {5300, 500, 0, 200},
	    {5500, 500, 0, 0},
	    {6000, 1000, 0, 0},
	};
	struct rule_limits lim = {.resets_utc_ms = 1000,
	    .line = {[RULE_MAX_LOSS] = {.is_set = true,
			 .level = {true, M(4600)},
			 .size = {true, M(500)},
			 .test = RULE_EQUITY,
			 .mode = RULE_TRAILING,
			 .high = RULE_EQUITY,
			 .top = {true, M(5000)}}}};
	struct rule_line *floor = &lim.line[RULE_MAX_LOSS];
	struct amount synced = {true, M(5000)};
	struct rule_left left;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		rules_left(
		    &lim, M(5000), M(steps[i].equity), &synced, 999, &left);
		assert_int_equal(
		    left.line[RULE_MAX_LOSS].left.v, M(steps[i].left));
		assert_int_equal(
		    left.line[RULE_MAX_LOSS].room.v, M(steps[i].room));
		assert_true(left.line[RULE_MAX_LOSS].rise.known);
		assert_int_equal(
		    left.line[RULE_MAX_LOSS].rise.v, M(steps[i].rise));
		assert_true(left.estimated); /* a high may be judged yet */
	}
	floor->top.known = false;
	rules_left(&lim, M(5000), M(6000), &synced, 999, &left);
	assert_int_equal(left.line[RULE_MAX_LOSS].left.v, M(500));
	assert_false(left.line[RULE_MAX_LOSS].rise.known);

	/* where it can rise no more it is as good as static */
	floor->top = floor->level;
	rules_left(&lim, M(5000), M(6000), &synced, 999, &left);
	assert_int_equal(left.line[RULE_MAX_LOSS].left.v, M(1400));
	assert_false(left.line[RULE_MAX_LOSS].room.known);
	assert_false(left.estimated);
}

static void
a_floor_of_the_days_ends_is_unknown_past_the_reset(void **state)
{
	(void)state;
	struct rule_limits lim = {.resets_utc_ms = 1000,
	    .line = {[RULE_MAX_LOSS] = {.is_set = true,
			 .level = {true, M(4600)},
			 .size = {true, M(500)},
			 .test = RULE_EQUITY,
			 .mode = RULE_TRAILING_EOD}}};
	struct rule_line *floor = &lim.line[RULE_MAX_LOSS];
	struct amount synced = {true, M(5000)};
	struct rule_left left;

	rules_left(&lim, M(5000), M(5000), &synced, 999, &left);
	assert_int_equal(left.line[RULE_MAX_LOSS].left.v, M(400));
	assert_false(left.estimated);
	rules_left(&lim, M(5000), M(5000), &synced, 1000, &left);
	assert_false(left.line[RULE_MAX_LOSS].left.known);
	assert_false(left.line[RULE_MAX_LOSS].used_known);
	floor->top = floor->level;
	rules_left(&lim, M(5000), M(5000), &synced, 1000, &left);
	assert_true(left.line[RULE_MAX_LOSS].left.known);
}

static void
no_rules_leave_nothing_known(void **state)
{
	(void)state;
	struct rules r;
	struct rule_state st;
	struct rule_days days = {0};
	struct rule_sample s = {1, M(100), M(100), M(100), M(100)};
	struct rule_limits lim;
	struct rule_left left;
	struct amount synced = {true, M(100)};
	char why[64];

	assert_int_equal(rules_parse("{}", 2, "F1", &r, why, 64), 0);
	rules_begin(&st, M(100), 1, &s);
	rules_limits(&r, &st, &days, 10, &lim);
	rules_left(&lim, M(1), M(1), &synced, 5, &left);
	assert_false(left.line[RULE_DAILY_LOSS].left.known);
	assert_false(left.line[RULE_MAX_LOSS].left.known);
	assert_false(left.line[RULE_PROFIT_TARGET].left.known);
}

static void
warnings_are_staged_with_hysteresis(void **state)
{
	(void)state;
	static const struct {
		double used;
		int stage;
	} steps[] = {{0.5, 0}, {0.69, 0}, {0.70, 1}, {0.66, 1}, {0.71, 1},
	    {0.64, 0}, {0.86, 2}, {0.81, 2}, {0.79, 1}, {0.96, 3}, {2, 3},
	    {0.91, 3}, {0.89, 2}, {0, 0}};
	struct rules r;
	char why[64];
	int stage = 0;

	assert_int_equal(rules_parse("{}", 2, "", &r, why, 64), 0);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		stage = rules_stage(&r, stage, steps[i].used);
		if (stage != steps[i].stage)
			fail_msg("step %zu: stage %d, not %d", i, stage,
			    steps[i].stage);
	}
}

/* Amounts of a currency of small worth are beyond 64 bits. */
static void
a_floor_without_a_top_rises_as_far_as_the_high(void **state)
{
	(void)state;
	const money_t trillion = (money_t)1000000000000 * MONEY_ONE;
	struct rule_limits lim = {.resets_utc_ms = 1000,
	    .line = {[RULE_MAX_LOSS] = {.is_set = true,
			 .level = {true, 9 * trillion},
			 .size = {true, trillion},
			 .test = RULE_EQUITY,
			 .mode = RULE_TRAILING,
			 .high = RULE_EQUITY}}};
	struct amount synced = {true, 12 * trillion};
	struct rule_left left;

	rules_left(&lim, 12 * trillion, 12 * trillion, &synced, 1, &left);
	assert_true(left.line[RULE_MAX_LOSS].left.v == trillion);
	rules_raise(&lim, RULE_MAX_LOSS, 13 * trillion);
	assert_true(lim.line[RULE_MAX_LOSS].level.v == 12 * trillion);
}

/* An allowance that is a share of the high: 10 % of 5100, floor 4590. */
static void
an_allowance_of_the_high_grows_with_it(void **state)
{
	(void)state;
	struct rule_limits lim = {.resets_utc_ms = 1000,
	    .line = {[RULE_MAX_LOSS] = {.is_set = true,
			 .level = {true, M(4590)},
			 .size = {true, M(510)},
			 .pct = {true, M(10)},
			 .test = RULE_EQUITY,
			 .mode = RULE_TRAILING,
			 .high = RULE_BALANCE}}};
	struct rule_line *line = &lim.line[RULE_MAX_LOSS];
	struct amount synced = {true, M(6000)};
	struct rule_left left;

	/* the high is seen now: 10 % of 6000, floor 5400 */
	rules_left(&lim, M(6000), M(5700), &synced, 1, &left);
	assert_int_equal(left.line[RULE_MAX_LOSS].left.v, M(300));
	assert_float_equal(left.line[RULE_MAX_LOSS].used, 0.5, 1e-12);

	/* it was seen before, and the balance is lower again */
	rules_raise(&lim, RULE_MAX_LOSS, M(6000));
	assert_int_equal(line->level.v, M(5400));
	assert_int_equal(line->size.v, M(600));
	rules_left(&lim, M(5900), M(5700), &synced, 1, &left);
	assert_int_equal(left.line[RULE_MAX_LOSS].left.v, M(300));
	assert_int_equal(left.line[RULE_MAX_LOSS].room.v, M(100));
	assert_float_equal(left.line[RULE_MAX_LOSS].used, 0.5, 1e-12);

	/* a high that is none changes nothing */
	rules_raise(&lim, RULE_MAX_LOSS, M(5950));
	assert_int_equal(line->level.v, M(5400));
	assert_int_equal(line->size.v, M(600));
	/* and the floor rises to its top alone */
	line->top = (struct amount){true, M(5450)};
	rules_raise(&lim, RULE_MAX_LOSS, M(7000));
	assert_int_equal(line->level.v, M(5450));
	rules_left(&lim, M(7000), M(5700), &synced, 1, &left);
	assert_int_equal(left.line[RULE_MAX_LOSS].left.v, M(250));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(money_left_is_said_or_unknown),
	    cmocka_unit_test(a_floor_that_trails_rises_with_each_high),
	    cmocka_unit_test(
		a_floor_of_the_days_ends_is_unknown_past_the_reset),
	    cmocka_unit_test(no_rules_leave_nothing_known),
	    cmocka_unit_test(warnings_are_staged_with_hysteresis),
	    cmocka_unit_test(a_floor_without_a_top_rises_as_far_as_the_high),
	    cmocka_unit_test(an_allowance_of_the_high_grows_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
