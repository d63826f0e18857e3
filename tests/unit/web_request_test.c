/* web_request_test.c: parameters, the good and the bad. */
#include <string.h>

#include "lib/web/request.h"
#include "lib/web/response.h"
#include "tests/unit/unit.h"

static struct request req;
static struct response res;

static int
setup(void **state)
{
	(void)state;
	request_init(&req);
	response_init(&res);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	request_done(&req);
	response_done(&res);
	return 0;
}

static void
give(const char *name, const char *value)
{
	req.query.list[req.query.len].name = name;
	req.query.list[req.query.len++].value = value;
}

static void
assert_answer(int status, const char *text)
{
	const char *json = json_text(&res.json, NULL);

	assert_int_equal(res.status, status);
	assert_non_null(json);
	if (strstr(json, text) == NULL)
		fail_msg("no \"%s\" in %s", text, json);
}

static void
an_absent_number_keeps_its_default(void **state)
{
	int64_t v = 7;

	(void)state;
	assert_true(request_int64(&req, &res, "limit", 1, 10, &v));
	assert_true(v == 7);
	assert_int_equal(res.status, 200);
}

static void
a_number_in_its_range_is_taken(void **state)
{
	int64_t v = 7;

	(void)state;
	give("limit", "10");
	assert_true(request_int64(&req, &res, "limit", 1, 10, &v));
	assert_true(v == 10);
}

static void
any_other_number_is_quoted_in_a_400(void **state)
{
	static const char *const bad[] = {
	    "", "0", "11", "abc", "1.5", "-1", " 1", "1 ", "0x1", "1e1"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		int64_t v = 7;

		req.query.len = 0;
		response_reset(&res);
		give("limit", bad[i]);
		assert_false(request_int64(&req, &res, "limit", 1, 10, &v));
		assert_true(v == 7);
		assert_answer(400, bad[i]);
		assert_answer(400, "limit: not a whole number from 1 to 10");
	}
}

static void
an_unknown_parameter_is_quoted_in_a_400(void **state)
{

	(void)state;
	give("server", "x");
	assert_true(request_params_known(&req, &res, "server login"));
	give("Login", "1");
	assert_false(request_params_known(&req, &res, "server login"));
	assert_answer(400, "unknown parameter: \\\"Login\\\"");
}

static void
a_repeated_parameter_is_refused(void **state)
{
	char one[] = "1", two[] = "1";

	(void)state;
	give("login", one);
	give("login", two);
	assert_false(request_params_known(&req, &res, "login"));
	assert_answer(400, "repeated parameter: \\\"login\\\"");
}

static void
a_malformed_query_is_refused(void **state)
{
	static const char *const bad[] = {"/x?a=%00", "/x?a=%", "/x?a=%ff"};
	char many[4096] = "/x?";

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		response_reset(&res);
		request_set_target(&req, &res, bad[i], "");
		assert_answer(400, "bad_request");
		assert_string_equal(req.path, "/x");
	}
	response_reset(&res);
	for (int i = 0; i <= WEB_PARAMS_MAX; i++)
		strcat(many, "a=1&");
	request_set_target(&req, &res, many, "");
	assert_answer(400, "more than 64 parameters");
}

static void
an_error_replaces_half_an_answer(void **state)
{
	(void)state;
	json_object(&res.json, NULL);
	json_int(&res.json, "half", 1);
	response_error(&res, 404, "no", "bad \"%s\"", "\xff<");
	assert_string_equal(json_text(&res.json, NULL),
	    "{\"error\":{\"code\":\"no\",\"message\":"
	    "\"bad \\\"\xef\xbf\xbd<\\\"\"}}");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_absent_number_keeps_its_default),
	    TEST(a_number_in_its_range_is_taken),
	    TEST(any_other_number_is_quoted_in_a_400),
	    TEST(an_unknown_parameter_is_quoted_in_a_400),
	    TEST(a_repeated_parameter_is_refused),
	    TEST(a_malformed_query_is_refused),
	    TEST(an_error_replaces_half_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
