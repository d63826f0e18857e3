/* money_test.c: amounts in, out and added, to the last digit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "lib/trading/money.h"

static void
doubles(void **state)
{
	static const struct {
		double in;
		money_t out;
	} good[] = {
	    {0, 0},
	    {-0.0, 0},
	    {6047.22, INT64_C(604722000000)},
	    {-14.5, INT64_C(-1450000000)},
	    {0.1 + 0.2, INT64_C(30000000)},
	    {1e-8, 1},
	    {4.9e-9, 0},
	    {5.1e-9, 1},
	    {-5.1e-9, -1},
	    {1e-300, 0},
	    {0.00012, 12000},
	    {1e10, INT64_C(1000000000000000000)},
	    {90000000000.01, INT64_C(9000000000001000000)},
	    {1e13, (money_t)10000000000000 * MONEY_ONE},
	    {9999999999999.99, (money_t)999999999999999 * 1000000},
	    {-1e15, (money_t)-1000000000000000 * MONEY_ONE},
	};
	money_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		v = 77;
		assert_int_equal(money_from_double(good[i].in, &v), 0);
		assert_true(v == good[i].out);
	}
}

static void
doubles_that_do_not_fit(void **state)
{
	static const double bad[] = {
	    1.01e15, -1.01e15, 1e16, 1e300, (double)INFINITY, (double)NAN};
	money_t v = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(money_from_double(bad[i], &v), -1);
	assert_int_equal(v, 77);
}

static void
texts(void **state)
{
	static const struct {
		const char *in;
		money_t out;
	} good[] = {
	    {"0", 0},
	    {"-0.00", 0},
	    {"12", INT64_C(1200000000)},
	    {"-12.5", INT64_C(-1250000000)},
	    {"0.00000001", 1},
	    {"0.0000000100", 1},
	    {"92233720368.54775807", INT64_MAX},
	    {"-92233720368.54775808", INT64_MIN},
	    {"92233720368.54775808", (money_t)INT64_MAX + 1},
	    {"-9999999999999.99999999",
		(money_t)-1000000000 * 1000000000000 + 1},
	};
	static const char *const bad[] = {"", "-", ".", "1.", ".5", "+1", " 1",
	    "1 ", "1e3", "1,5", "0.000000001", "1000000000000000.00000001",
	    "-1000000000000001", "1.2.3", "nan", "--1", "0x10",
	    "11111111111111111111111111111111111111111111111111111111111111"
	    "1111111"};
	money_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		v = 77;
		assert_int_equal(money_from_text(good[i].in, &v), 0);
		assert_true(v == good[i].out);
	}
	v = 77;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(money_from_text(bad[i], &v), -1);
	assert_int_equal(v, 77);
}

static void
formats(void **state)
{
	static const struct {
		money_t in;
		int digits;
		const char *out;
	} good[] = {
	    {0, -1, "0"},
	    {0, 2, "0.00"},
	    {INT64_C(604722000000), -1, "6047.22"},
	    {INT64_C(604722000000), 2, "6047.22"},
	    {INT64_C(604722000000), 0, "6047"},
	    {INT64_C(604750000000), 0, "6048"},
	    {INT64_C(-1250000000), 1, "-12.5"},
	    {INT64_C(-1250000000), 0, "-13"},
	    {-1, -1, "-0.00000001"},
	    {-1, 2, "0.00"},
	    {INT64_MAX, 8, "92233720368.54775807"},
	    {INT64_MIN, -1, "-92233720368.54775808"},
	    {(money_t)1000000000000000 * 1000 * MONEY_ONE, 2,
		"1000000000000000000.00"},
	    {(money_t)-999999999999999 * 1000000, -1, "-9999999999999.99"},
	};
	char text[MONEY_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_string_equal(
		    money_format(good[i].in, good[i].digits, text),
		    good[i].out);
}

static void
a_million_cents_add_up(void **state)
{
	money_t cent, sum = 0;
	char text[MONEY_SIZE];

	(void)state;
	assert_int_equal(money_from_double(0.01, &cent), 0);
	for (int i = 0; i < 1000000; i++)
		assert_int_equal(money_add(&sum, cent), 0);
	assert_string_equal(money_format(sum, -1, text), "10000");
	assert_true(money_to_double(sum) == 10000.0);
}

static void
a_sum_that_does_not_fit_is_refused(void **state)
{
	const money_t most = (((money_t)1 << 126) - 1) * 2 + 1;
	money_t sum = most - 1;
	char text[MONEY_SIZE];

	(void)state;
	assert_int_equal(money_add(&sum, 1), 0);
	assert_int_equal(money_add(&sum, 1), -1);
	assert_true(sum == most);
	assert_string_equal(money_to_units(sum, text),
	    "170141183460469231731687303715884105727");
	assert_int_equal(money_add(&sum, -1), 0);
	sum = -most;
	assert_int_equal(money_add(&sum, -1), 0);
	assert_int_equal(money_add(&sum, -1), -1);
	assert_string_equal(money_to_units(sum, text),
	    "-170141183460469231731687303715884105728");
}

/* What is stored comes back, whatever it is. */
static void
units(void **state)
{
	static const char *const good[] = {"0", "-1", "604722000000",
	    "9223372036854775808", "-1000000000000000000000000",
	    "170141183460469231731687303715884105727",
	    "-170141183460469231731687303715884105728"};
	static const char *const bad[] = {"", "-", "+1", "1.0", "1u",
	    "170141183460469231731687303715884105728",
	    "-170141183460469231731687303715884105729"};
	char text[MONEY_SIZE];
	money_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(money_from_units(good[i], &v), 0);
		assert_string_equal(money_to_units(v, text), good[i]);
	}
	v = 77;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(money_from_units(bad[i], &v), -1);
	assert_true(v == 77);
}

static void
shares_add_up(void **state)
{
	money_t large = (money_t)1000000000000000 * MONEY_ONE;

	(void)state;
	assert_true(money_share(-100, 1, 3) == -33);
	assert_true(money_share(100, 2, 3) == 66);
	assert_true(money_share(7, 5, 0) == 0);
	assert_true(money_share(large, 1, 2) == large / 2);
	assert_true(money_share(large, 999999999, 1000000000) ==
		    large - large / 1000000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(doubles),
	    cmocka_unit_test(doubles_that_do_not_fit),
	    cmocka_unit_test(texts),
	    cmocka_unit_test(formats),
	    cmocka_unit_test(a_million_cents_add_up),
	    cmocka_unit_test(a_sum_that_does_not_fit_is_refused),
	    cmocka_unit_test(units),
	    cmocka_unit_test(shares_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
