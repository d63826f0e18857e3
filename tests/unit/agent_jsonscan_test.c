/* agent_jsonscan_test.c: JSON to the letter, and where its members stand. */
#include <stdlib.h>
#include <string.h>

#include "agent/jsonscan.h"
#include "tests/unit/unit.h"

static bool
scan(const char *text)
{
	struct members m;

	return jsonscan_object(text, strlen(text), &m);
}

static void
objects_are_taken(void **state)
{
	static const char *const good[] = {"{}", "{ }", "{\"a\":1}",
	    "{\"a\" : -0.5e+10 , \"b\":[ ] }", "{\"\":null}",
	    "{\"a\":\"\\u00e9\\ud83d\\ude00\\n\\/\"}", "{\"a\":0,\"b\":-0}",
	    "{\"a\":[1,[2,{\"a\":3,\"a\":4}]]}", "{\"a\":true,\"b\":false}",
	    "{\"a\":1E5,\"b\":0.0}", "{\"a\":\"\xc3\xa9\x7f\"}"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!scan(good[i]))
			fail_msg("refused: %s", good[i]);
}

static void
what_a_strict_reader_refuses_is_refused(void **state)
{
	static const char *const bad[] = {"", "[]", "1", "null", "{", "}",
	    "{}x", " {}", "{} ", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
	    "{a:1}", "{'a':1}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}",
	    "{\"a\":1.}", "{\"a\":1e}", "{\"a\":-}", "{\"a\":NaN}",
	    "{\"a\":Infinity}", "{\"a\":tru}", "{\"a\":\"\n\"}",
	    "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}",
	    "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}",
	    "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\\u0000\"}", "{\"a\":[1,]}",
	    "{\"a\":[1 2]}", "{\"a\":1 \"b\":2}", "{\"a\":[}]", "{\"a\":\"",
	    "{\"a\":\"\\", "{\"a\":1,\"a\":2}"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (scan(bad[i]))
			fail_msg("taken: %s", bad[i]);
}

static void
a_zero_byte_is_refused(void **state)
{
	static const char text[] = "{\"a\":\"x\0y\"}";
	struct members m;

	(void)state;
	assert_false(jsonscan_object(text, sizeof(text) - 1, &m));
}

static void
nesting_has_a_limit(void **state)
{
	char text[200];

	(void)state;
	for (size_t depth = 1; depth < 60; depth++) {
		size_t arrays = depth - 1, len = 0;

		memcpy(text, "{\"a\":", 5);
		len = 5;
		memset(text + len, '[', arrays);
		len += arrays;
		if (arrays == 0)
			text[len++] = '1';
		memset(text + len, ']', arrays);
		len += arrays;
		text[len++] = '}';
		text[len] = '\0';
		assert_int_equal(scan(text), depth <= JSONSCAN_DEPTH_MAX);
	}
}

static void
members_stand_where_they_are(void **state)
{
	static const char text[] =
	    "{\"id\": \"9007199254740993\" ,\"list\":[{},[1,2],\"]\"],"
	    "\"n\":12,\"o\":{\"x\":1,\"y\":2},\"none\":[],\"t\":\"\\u00e9\"}";
	struct members m;
	const struct member *list;
	int64_t v = 0;
	char *t;

	(void)state;
	assert_true(jsonscan_object(text, sizeof(text) - 1, &m));
	list = members_find(&m, "list");
	assert_non_null(list);
	assert_int_equal(list->count, 3);
	assert_memory_equal(list->value, "[{},[1,2],\"]\"]", list->len);
	assert_int_equal(members_find(&m, "o")->count, 2);
	assert_int_equal(members_find(&m, "none")->count, 0);
	assert_null(members_find(&m, "lis"));
	assert_null(members_find(&m, "x"));
	assert_true(member_int64(members_find(&m, "id"), &v));
	assert_true(v == 9007199254740993);
	assert_true(member_int64(members_find(&m, "n"), &v) && v == 12);
	assert_false(member_int64(list, &v));
	assert_false(member_int64(members_find(&m, "t"), &v));
	assert_false(member_int64(NULL, &v));
	t = member_text(members_find(&m, "t"));
	assert_string_equal(t, "\xc3\xa9");
	free(t);
	assert_null(member_text(members_find(&m, "n")));
	assert_true(member_equals(members_find(&m, "id"), "9007199254740993"));
	assert_false(member_equals(members_find(&m, "n"), "12"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(objects_are_taken),
	    cmocka_unit_test(what_a_strict_reader_refuses_is_refused),
	    cmocka_unit_test(a_zero_byte_is_refused),
	    cmocka_unit_test(nesting_has_a_limit),
	    cmocka_unit_test(members_stand_where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
