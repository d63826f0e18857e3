/* alerts_list_test.c: who is called when, and who is not. */
#include <stdio.h>
#include <string.h>

#include "cron/alerts/list.h"
#include "lib/json/jsonin.h"
#include "tests/unit/unit.h"

#define T0 INT64_C(1782154438950)
#define MINUTE 60000

static struct alert *
say(struct alert_list *l, enum alert_level level, int64_t at_utc_ms)
{
	const struct event_alert e = {"status/S/1", "S", "1",
	    "S 1 on vps01: terminal_down", level, at_utc_ms};

	assert_true(alert_list_put(l, &e));
	return alert_list_find(l, "status/S/1");
}

static enum alert_due
due(const struct alert *a, int64_t now_utc_ms)
{
	return alert_due_now(a, now_utc_ms, false, false, ALERT_REPEAT_MS);
}

static void
what_begins_and_ends_is_told_once_each(void **state)
{
	struct alert_list l = {0};
	struct alert *a = say(&l, ALERT_CRITICAL, T0);

	(void)state;
	assert_int_equal(due(a, T0), ALERT_BEGAN);
	alert_told(a, T0);
	assert_int_equal(due(a, T0 + MINUTE), ALERT_NOTHING);
	say(&l, ALERT_CRITICAL, T0 + MINUTE); /* said again: nothing new */
	assert_int_equal(due(a, T0 + MINUTE), ALERT_NOTHING);
	say(&l, ALERT_INFO, T0 + 2 * MINUTE);
	assert_int_equal(due(a, T0 + 2 * MINUTE), ALERT_ENDED);
	alert_told(a, T0 + 2 * MINUTE);
	assert_int_equal(due(a, T0 + 3 * MINUTE), ALERT_NOTHING);
	alert_list_done(&l);
}

/* What phases says of an account: how much of a loss is used. */
static struct alert *
rules(struct alert_list *l, enum alert_level level, int64_t at_utc_ms)
{
	const struct event_alert e = {"rules/daily_loss/S/1", "S", "1",
	    "S 1: 71 % of the daily loss is used", level, at_utc_ms};

	assert_true(alert_list_put(l, &e));
	return alert_list_find(l, e.key);
}

static void
each_word_of_phases_is_news(void **state)
{
	struct alert_list l = {0};
	struct alert *a = rules(&l, ALERT_WARN, T0);
	int64_t now = T0;

	(void)state;
	assert_int_equal(due(a, now), ALERT_BEGAN);
	alert_told(a, now);
	/* the next stage, a minute later */
	rules(&l, ALERT_WARN, now += MINUTE);
	assert_int_equal(due(a, now), ALERT_BEGAN);
	alert_told(a, now);
	/* it has no end, and is not kept for ever */
	assert_true(alert_list_sweep(&l, now + 20 * MINUTE));
	assert_int_equal(l.len, 0);
	/* broken, repeated; broken once more in the next phase */
	a = rules(&l, ALERT_CRITICAL, now += MINUTE);
	alert_told(a, now);
	now += 61 * MINUTE;
	assert_int_equal(due(a, now), ALERT_GOES_ON);
	assert_int_equal(
	    alert_due_now(a, now, false, true, ALERT_REPEAT_MS), ALERT_NOTHING);
	rules(&l, ALERT_CRITICAL, now);
	assert_int_equal(
	    alert_due_now(a, now, false, true, ALERT_REPEAT_MS), ALERT_BEGAN);
	alert_list_done(&l);
}

static void
what_flaps_is_told_once_in_a_cooldown(void **state)
{
	struct alert_list l = {0};
	struct alert *a = say(&l, ALERT_CRITICAL, T0);
	int64_t now = T0;

	(void)state;
	alert_told(a, now);
	say(&l, ALERT_INFO, now += MINUTE);
	alert_told(a, now);
	for (int i = 0; i < 5; i++) {
		say(&l, ALERT_CRITICAL, now += MINUTE);
		assert_int_equal(due(a, now), ALERT_NOTHING);
		say(&l, ALERT_INFO, now += MINUTE);
		assert_int_equal(due(a, now), ALERT_NOTHING);
	}
	say(&l, ALERT_CRITICAL, now += MINUTE);
	/* still so when the cooldown ends: now it is told */
	assert_int_equal(due(a, T0 + MINUTE + ALERT_COOLDOWN_MS), ALERT_BEGAN);
	alert_list_done(&l);
}

static void
worse_is_told_at_once(void **state)
{
	struct alert_list l = {0};
	struct alert *a = say(&l, ALERT_WARN, T0);

	(void)state;
	alert_told(a, T0);
	say(&l, ALERT_CRITICAL, T0 + 1000);
	assert_int_equal(due(a, T0 + 1000), ALERT_BEGAN);
	alert_told(a, T0 + 1000);
	say(&l, ALERT_WARN, T0 + 2000); /* better, but not over */
	assert_int_equal(due(a, T0 + 2000), ALERT_NOTHING);
	alert_list_done(&l);
}

static void
an_end_that_was_not_told_before_it_began_again_is_no_news(void **state)
{
	struct alert_list l = {0};
	struct alert *a = say(&l, ALERT_CRITICAL, T0);

	(void)state;
	alert_told(a, T0);
	say(&l, ALERT_INFO, T0 + 1000);
	say(&l, ALERT_CRITICAL, T0 + 2000);
	assert_int_equal(due(a, T0 + 2000), ALERT_NOTHING);
	assert_true(a->open);
	alert_list_done(&l);
}

static void
muted_is_not_told_and_told_later_if_it_is_still_so(void **state)
{
	struct alert_list l = {0};
	struct alert *a = say(&l, ALERT_CRITICAL, T0);

	(void)state;
	assert_int_equal(
	    alert_due_now(a, T0, true, false, ALERT_REPEAT_MS), ALERT_NOTHING);
	assert_int_equal(due(a, T0 + MINUTE), ALERT_BEGAN);
	/* over before anyone was called: no all-clear either */
	say(&l, ALERT_INFO, T0 + 2 * MINUTE);
	assert_int_equal(due(a, T0 + 2 * MINUTE), ALERT_NOTHING);
	alert_list_done(&l);
}

static void
critical_is_repeated_until_acknowledged(void **state)
{
	struct alert_list l = {0};
	struct alert *a = say(&l, ALERT_CRITICAL, T0);
	int64_t later = T0 + ALERT_REPEAT_MS;

	(void)state;
	alert_told(a, T0);
	assert_int_equal(due(a, later - 1), ALERT_NOTHING);
	assert_int_equal(due(a, later), ALERT_GOES_ON);
	assert_int_equal(alert_due_now(a, later, false, true, ALERT_REPEAT_MS),
	    ALERT_NOTHING);
	assert_int_equal(alert_due_now(a, later, true, false, ALERT_REPEAT_MS),
	    ALERT_NOTHING);
	alert_told(a, later);
	assert_int_equal(due(a, later + MINUTE), ALERT_NOTHING);
	alert_list_done(&l);

	a = say(&l, ALERT_WARN, T0);
	alert_told(a, T0);
	assert_int_equal(due(a, later), ALERT_NOTHING);
	alert_list_done(&l);
}

static void
good_news_is_told_once(void **state)
{
	struct alert_list l = {0};
	struct alert *a = say(&l, ALERT_INFO, T0);

	(void)state;
	assert_int_equal(due(a, T0), ALERT_BEGAN);
	alert_told(a, T0);
	assert_int_equal(due(a, T0 + 10 * ALERT_REPEAT_MS), ALERT_NOTHING);
	alert_list_done(&l);
}

static void
what_is_over_is_forgotten_after_the_cooldown(void **state)
{
	struct alert_list l = {0};
	struct alert *a = say(&l, ALERT_CRITICAL, T0);

	(void)state;
	assert_false(alert_list_sweep(&l, T0 + 99 * ALERT_COOLDOWN_MS));
	alert_told(a, T0);
	assert_false(alert_list_sweep(&l, T0 + 99 * ALERT_COOLDOWN_MS));
	say(&l, ALERT_INFO, T0 + 1000);
	assert_false(alert_list_sweep(&l, T0 + 99 * ALERT_COOLDOWN_MS));
	alert_told(a, T0 + 1000);
	assert_false(alert_list_sweep(&l, T0 + 2000));
	assert_true(alert_list_sweep(&l, T0 + 1000 + ALERT_COOLDOWN_MS));
	assert_null(alert_list_find(&l, "status/S/1"));
	alert_list_done(&l);
}

/* 1.0 named no node: its alert would be repeated for ever. */
static void
an_alert_of_a_version_before_ends_under_its_new_key(void **state)
{
	struct alert_list l = {0};
	struct event_alert e = {"status/S/1/vps01", "S", "1",
	    "S 1 on vps01: ok", ALERT_INFO, T0 + MINUTE};
	struct alert *a = say(&l, ALERT_CRITICAL, T0);

	(void)state;
	alert_told(a, T0);
	assert_true(alert_list_put(&l, &e));
	assert_int_equal(l.len, 1);
	a = alert_list_find(&l, e.key);
	assert_non_null(a);
	assert_false(a->open);
	assert_int_equal(due(a, T0 + MINUTE), ALERT_ENDED);
	alert_told(a, T0 + MINUTE);
	/* of two nodes each has its own */
	e.key = "status/S/1/vps02";
	e.level = ALERT_CRITICAL;
	assert_true(alert_list_put(&l, &e));
	assert_int_equal(l.len, 2);
	alert_list_done(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_begins_and_ends_is_told_once_each),
	    cmocka_unit_test(each_word_of_phases_is_news),
	    cmocka_unit_test(what_flaps_is_told_once_in_a_cooldown),
	    cmocka_unit_test(worse_is_told_at_once),
	    cmocka_unit_test(
		an_end_that_was_not_told_before_it_began_again_is_no_news),
	    cmocka_unit_test(
		muted_is_not_told_and_told_later_if_it_is_still_so),
	    cmocka_unit_test(critical_is_repeated_until_acknowledged),
	    cmocka_unit_test(good_news_is_told_once),
	    cmocka_unit_test(what_is_over_is_forgotten_after_the_cooldown),
	    cmocka_unit_test(
		an_alert_of_a_version_before_ends_under_its_new_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
