/* num_test.c: numbers from outside, the good and the bad. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/num.h"
#include "tests/unit/unit.h"

static void
int64_takes_whole_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} good[] = {{"0", 0}, {"-1", -1}, {"007", 7},
	    {"9223372036854775807", INT64_MAX},
	    {"-9223372036854775808", INT64_MIN}};
	int64_t v;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(
		    num_int64(good[i].text, INT64_MIN, INT64_MAX, &v), 0);
		assert_true(v == good[i].want);
	}
}

static void
int64_refuses_the_rest_and_leaves_out_alone(void **state)
{
	static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1x",
	    "0x10", "1.0", "1e3", "9223372036854775808", "--1", "five"};
	int64_t v = 42;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(
		    num_int64(bad[i], INT64_MIN, INT64_MAX, &v), -1);
	assert_int_equal(num_int64("11", 0, 10, &v), -1);
	assert_int_equal(num_int64("-1", 0, 10, &v), -1);
	assert_true(v == 42);
}

static void
double_takes_decimals_only(void **state)
{
	static const char *const bad[] = {
	    "", "nan", "inf", "1,5", "0x1p3", "1.5 ", " 1", "1e999", "."};
	double v = 42;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(num_double(bad[i], &v), -1);
	assert_true(v == 42);
	assert_int_equal(num_double("-12.5e1", &v), 0);
	assert_true(v == -125);
}

static void
bool_knows_its_words(void **state)
{
	bool v = false;

	(void)state;
	assert_int_equal(num_bool("On", &v), 0);
	assert_true(v);
	assert_int_equal(num_bool("0", &v), 0);
	assert_false(v);
	assert_int_equal(num_bool("maybe", &v), -1);
	assert_int_equal(num_bool("", &v), -1);
}

static void
format_is_short_and_reads_back(void **state)
{
	static const struct {
		double v;
		const char *want;
	} table[] = {{0, "0"}, {6047.22, "6047.22"}, {0.1, "0.1"},
	    {-1055.12, "-1055.12"}, {3341060.41, "3341060.41"},
	    {10.687902118038018, "10.687902118038018"}, {1e21, "1e+21"}};
	char text[NUM_DOUBLE_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_string_equal(
		    num_format(table[i].v, text), table[i].want);
		assert_true(strtod(text, NULL) == table[i].v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(int64_takes_whole_numbers),
	    cmocka_unit_test(int64_refuses_the_rest_and_leaves_out_alone),
	    cmocka_unit_test(double_takes_decimals_only),
	    cmocka_unit_test(bool_knows_its_words),
	    cmocka_unit_test(format_is_short_and_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
