/* web_params_test.c: queries, forms, cookies and paths, the bad ones too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/web/params.h"

static void
a_query_is_decoded(void **state)
{
	static const char text[] = "a=1&b=x%20y+z&&c&d=&e=1=2&%C3%A4=%e2%82%ac";
	struct web_params p;

	(void)state;
	assert_int_equal(web_params_form(&p, text, strlen(text)), 0);
	assert_int_equal(p.len, 6);
	assert_string_equal(web_params_get(&p, "a"), "1");
	assert_string_equal(web_params_get(&p, "b"), "x y z");
	assert_string_equal(web_params_get(&p, "c"), "");
	assert_string_equal(web_params_get(&p, "d"), "");
	assert_string_equal(web_params_get(&p, "e"), "1=2");
	assert_string_equal(web_params_get(&p, "\xc3\xa4"), "\xe2\x82\xac");
	assert_null(web_params_get(&p, "f"));
	web_params_done(&p);
}

static void
a_bad_query_is_refused(void **state)
{
	static const char *const bad[] = {"a=%", "a=%1", "a=%zz", "a=%00",
	    "a=%ff", "%80=1", "a=%c0%af", "a=\xff"};
	struct web_params p;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    web_params_form(&p, bad[i], strlen(bad[i])), -1);
		assert_int_equal(p.len, 0);
		assert_null(p.text);
	}
	assert_int_equal(web_params_form(&p, "a\0b", 3), -1);
}

static void
too_many_are_refused(void **state)
{
	char text[4 * (WEB_PARAMS_MAX + 2)] = "";
	struct web_params p;

	(void)state;
	for (int i = 0; i < WEB_PARAMS_MAX; i++)
		strcat(text, "a=1&");
	assert_int_equal(web_params_form(&p, text, strlen(text)), 0);
	assert_int_equal(p.len, WEB_PARAMS_MAX);
	web_params_done(&p);
	strcat(text, "a=1");
	assert_int_equal(web_params_form(&p, text, strlen(text)), -1);
}

static void
cookies(void **state)
{
	struct web_params p;

	(void)state;
	web_params_cookies(&p, "a=1; mt5fleet=abc;c=%41 ;;=x; bad=\xff; d");
	assert_string_equal(web_params_get(&p, "a"), "1");
	assert_string_equal(web_params_get(&p, "mt5fleet"), "abc");
	assert_string_equal(web_params_get(&p, "c"), "%41 ");
	assert_null(web_params_get(&p, "bad"));
	assert_string_equal(web_params_get(&p, "d"), "");
	web_params_done(&p);
}

static void
paths(void **state)
{
	static const struct {
		const char *pattern, *path;
		int fits;
		const char *server;
	} cases[] = {
	    {"/api", "/api", 1, NULL},
	    {"/api", "/api/", 0, NULL},
	    {"/api", "/apis", 0, NULL},
	    {"/api", "", 0, NULL},
	    {"/a/{server}/x", "/a/Broker-Live/x", 1, "Broker-Live"},
	    {"/a/{server}/x", "/a/Broker%20%2F%2B+Live/x", 1, "Broker /++Live"},
	    {"/a/{server}/x", "/a//x", 0, NULL},
	    {"/a/{server}/x", "/a/b/y", 0, NULL},
	    {"/a/{server}/x", "/a/b/x/z", 0, NULL},
	    {"/a/{server}/x", "/a/%ff/x", -1, NULL},
	    {"/a/{server}/x", "/a/%00/x", -1, NULL},
	    {"/a/{server}", "/a/%2e%2e", 1, ".."},
	};
	struct web_params p;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    web_params_path(&p, cases[i].pattern, cases[i].path),
		    cases[i].fits);
		if (cases[i].server != NULL)
			assert_string_equal(
			    web_params_get(&p, "server"), cases[i].server);
		web_params_done(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_query_is_decoded),
	    cmocka_unit_test(a_bad_query_is_refused),
	    cmocka_unit_test(too_many_are_refused),
	    cmocka_unit_test(cookies),
	    cmocka_unit_test(paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
