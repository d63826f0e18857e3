/* fresh_test.c: what is live, by our own clock. */
#include "lib/fleet/fresh.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1782154438950)
#define TTL 60

static void
within_the_ttl_and_not_ahead(void **state)
{
	(void)state;
	assert_true(fresh_is(NOW, NOW, TTL));
	assert_true(fresh_is(NOW - 60000, NOW, TTL));
	assert_false(fresh_is(NOW - 60001, NOW, TTL));
	assert_true(fresh_is(NOW + 4999, NOW, TTL));
	assert_false(fresh_is(NOW + 5000, NOW, TTL));
	/* a clock that was set back by an hour */
	assert_false(fresh_is(NOW, NOW - 3600000, TTL));
	/* never known */
	assert_false(fresh_is(0, NOW, TTL));
}

static void
old_values_make_a_live_status_stale(void **state)
{
	(void)state;
	for (int s = 0; s < STATUS_COUNT; s++) {
		enum status said = (enum status)s;

		assert_int_equal(fresh_status(said, NOW, NOW, TTL), said);
		assert_int_equal(fresh_status(said, NOW - 60001, NOW, TTL),
		    status_is_live(said) ? STATUS_STALE : said);
		assert_int_equal(fresh_status(said, NOW + 3600000, NOW, TTL),
		    status_is_live(said) ? STATUS_STALE : said);
	}
	assert_true(fresh_until(NOW, TTL) == NOW + 60000);
	assert_true(fresh_until(0, TTL) == 0);
}

static void
nothing_that_is_shown_lies_ahead(void **state)
{
	(void)state;
	assert_true(fresh_moment(NOW - 1, NOW) == NOW - 1);
	assert_true(fresh_moment(NOW + 4999, NOW) == NOW);
	assert_true(fresh_moment(NOW + 5000, NOW) == 0);
	assert_true(fresh_moment(0, NOW) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(within_the_ttl_and_not_ahead),
	    cmocka_unit_test(old_values_make_a_live_status_stale),
	    cmocka_unit_test(nothing_that_is_shown_lies_ahead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
