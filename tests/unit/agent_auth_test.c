/* agent_auth_test.c: the bearer token, and who may try again. */
#include <stdio.h>
#include <string.h>

#include "agent/auth.h"
#include "tests/unit/unit.h"

static void
only_the_token_opens(void **state)
{
	static const char *const bad[] = {"", "Bearer", "Bearer ", "secret",
	    "Bearer secre", "Bearer secrets", "Bearer  secret", "Bearer Secret",
	    "Basic secret", "Bearer secret "};

	(void)state;
	assert_true(auth_is_token("Bearer secret", "secret"));
	assert_true(auth_is_token("bearer secret", "secret"));
	assert_false(auth_is_token(NULL, "secret"));
	for (size_t i = 0; i < COUNT(bad); i++)
		if (auth_is_token(bad[i], "secret"))
			fail_msg("taken: %s", bad[i]);
}

static void
ten_wrong_ones_and_the_next_has_to_wait(void **state)
{
	static struct auth a;
	int64_t now = 1000000;

	(void)state;
	for (int i = 0; i < AUTH_BURST; i++) {
		assert_int_equal(auth_wait_s(&a, "10.0.0.1", now), 0);
		auth_failed(&a, "10.0.0.1", now);
	}
	assert_in_range(auth_wait_s(&a, "10.0.0.1", now), 1, AUTH_REFILL_S);
	assert_int_equal(auth_wait_s(&a, "10.0.0.2", now), 0);
	now += AUTH_REFILL_S * 1000;
	assert_int_equal(auth_wait_s(&a, "10.0.0.1", now), 0);
	auth_failed(&a, "10.0.0.1", now);
	assert_true(auth_wait_s(&a, "10.0.0.1", now) > 0);
	now += 3600000;
	for (int i = 0; i < AUTH_BURST; i++)
		auth_failed(&a, "10.0.0.1", now);
	assert_in_range(auth_wait_s(&a, "10.0.0.1", now), 1, AUTH_REFILL_S);
}

static void
many_addresses_need_no_more_memory(void **state)
{
	static struct auth a;
	char address[48];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(
		    address, sizeof(address), "10.0.%d.%d", i >> 8, i & 255);
		auth_failed(&a, address, 1000000 + i);
	}
	for (int i = 0; i < AUTH_BURST; i++)
		auth_failed(&a, address, 1001000);
	assert_true(auth_wait_s(&a, address, 1001000) > 0);
}

static void
a_rebound_name_is_not_local(void **state)
{
	static const char *const good[] = {"", "localhost", "localhost:8000",
	    "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "vps07:8000",
	    "10.0.0.7:8000"};
	static const char *const bad[] = {"evil.example", "evil.example:8000",
	    "127.0.0.1.evil.example", "localhost.:8000", "1.2.3.4.x:1"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!auth_host_is_local(good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (auth_host_is_local(bad[i]))
			fail_msg("taken: %s", bad[i]);
}

static void
an_origin_is_that_of_the_host(void **state)
{
	(void)state;
	assert_true(auth_origin_is_own("", "127.0.0.1:8000"));
	assert_true(
	    auth_origin_is_own("http://127.0.0.1:8000", "127.0.0.1:8000"));
	assert_false(auth_origin_is_own("null", "127.0.0.1:8000"));
	assert_false(
	    auth_origin_is_own("https://evil.example", "127.0.0.1:8000"));
	assert_false(auth_origin_is_own("http://127.0.0.1", "127.0.0.1:8000"));
}

static void
random_digits_differ(void **state)
{
	char a[33], b[33];

	(void)state;
	auth_random_hex(a, sizeof(a));
	auth_random_hex(b, sizeof(b));
	assert_int_equal(strspn(a, "0123456789abcdef"), 32);
	assert_string_not_equal(a, b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_the_token_opens),
	    cmocka_unit_test(ten_wrong_ones_and_the_next_has_to_wait),
	    cmocka_unit_test(many_addresses_need_no_more_memory),
	    cmocka_unit_test(a_rebound_name_is_not_local),
	    cmocka_unit_test(an_origin_is_that_of_the_host),
	    cmocka_unit_test(random_digits_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
