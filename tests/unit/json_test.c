/* json_test.c: the writer, its escapes, its misuse; buffers; the getters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json/json.h"
#include "lib/base/utf8.h"
#include "lib/json/jsonin.h"
#include "tests/unit/unit.h"

static int
setup(void **state)
{
	static struct json j;

	json_init(&j, 4096);
	*state = &j;
	return 0;
}

static int
teardown(void **state)
{
	json_done(*state);
	return 0;
}

static void
nesting_and_commas(void **state)
{
	struct json *j = *state;

	json_object(j, NULL);
	json_int(j, "a", -1);
	json_array(j, "b");
	json_number(j, NULL, 0.5);
	json_bool(j, NULL, true);
	json_object(j, NULL);
	json_end(j);
	json_end(j);
	json_id(j, "login", INT64_MAX);
	json_string(j, "none", NULL);
	json_end(j);
	assert_string_equal(json_text(j, NULL),
	    "{\"a\":-1,\"b\":[0.5,true,{}],"
	    "\"login\":\"9223372036854775807\",\"none\":null}");
}

static void
not_a_number_is_null(void **state)
{
	struct json *j = *state;

	json_array(j, NULL);
	json_number(j, NULL, NAN);
	json_number(j, NULL, -INFINITY);
	json_end(j);
	assert_string_equal(json_text(j, NULL), "[null,null]");
}

static void
text_is_escaped(void **state)
{
	static const struct {
		const char *in, *want;
	} table[] = {
	    {"a\"b\\c", "\"a\\\"b\\\\c\""},
	    {"\n\t\x01", "\"\\u000a\\u0009\\u0001\""},
	    {"日本", "\"日本\""},
	    {"\xff", "\"\xef\xbf\xbd\""},
	    {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	    {"</script>", "\"</script>\""},
	};
	struct json *j = *state;

	for (size_t i = 0; i < COUNT(table); i++) {
		json_reset(j);
		json_string(j, NULL, table[i].in);
		assert_string_equal(json_text(j, NULL), table[i].want);
	}
}

static void
misuse_gives_no_text(void **state)
{
	struct json *j = *state;

	json_object(j, NULL);
	json_int(j, NULL, 1); /* a member without a name */
	json_end(j);
	assert_null(json_text(j, NULL));

	json_reset(j);
	json_array(j, NULL);
	json_int(j, "name", 1); /* a name in a list */
	assert_null(json_text(j, NULL));

	json_reset(j);
	json_object(j, NULL); /* never closed */
	assert_null(json_text(j, NULL));

	json_reset(j);
	json_end(j); /* nothing open */
	assert_null(json_text(j, NULL));

	json_reset(j);
	json_int(j, NULL, 1);
	json_int(j, NULL, 2); /* two values */
	assert_null(json_text(j, NULL));
}

static void
too_deep_and_too_long_are_errors(void **state)
{
	struct json *j = *state;
	struct json small;

	for (int i = 0; i < JSON_DEPTH_MAX + 1; i++)
		json_array(j, NULL);
	for (int i = 0; i < JSON_DEPTH_MAX + 1; i++)
		json_end(j);
	assert_null(json_text(j, NULL));

	json_init(&small, 8);
	json_string(&small, NULL, "0123456789");
	assert_null(json_text(&small, NULL));
	json_done(&small);
}

static void
members_are_merged(void **state)
{
	struct json *j = *state;

	json_object(j, NULL);
	json_members(j, "{}", 2);
	json_int(j, "a", 1);
	json_members(j, "{\"b\":2}", 7);
	json_int(j, "c", 3);
	json_end(j);
	assert_string_equal(json_text(j, NULL), "{\"a\":1,\"b\":2,\"c\":3}");

	json_reset(j);
	json_object(j, NULL);
	json_members(j, "[1]", 3);
	json_end(j);
	assert_null(json_text(j, NULL));
}

static void
lines_of_json(void **state)
{
	struct json *j = *state;

	json_int(j, NULL, 1);
	json_newline(j);
	json_int(j, NULL, 2);
	json_newline(j);
	assert_string_equal(json_text(j, NULL), "1\n2\n");
}

static void
getters_want_the_type(void **state)
{
	static const char text[] =
	    "{\"s\":\"x\",\"i\":5,\"id\":\"9007199254740993\",\"n\":1.5,"
	    "\"b\":true,\"z\":null,\"big\":9007199254740994,\"o\":{},\"a\":[]}";
	cJSON *doc = jsonin_parse(text, strlen(text));
	const char *s = "untouched";
	int64_t i = 42;
	double n = 42;
	int small = 42;
	bool b = false;

	(void)state;
	assert_non_null(doc);
	assert_true(jsonin_string(doc, "s", &s));
	assert_string_equal(s, "x");
	assert_true(jsonin_int64(doc, "i", &i));
	assert_true(i == 5);
	assert_true(jsonin_int64(doc, "id", &i));
	assert_true(i == 9007199254740993);
	assert_false(jsonin_int64(doc, "n", &i));
	assert_false(jsonin_int64(doc, "big", &i));
	assert_false(jsonin_int64(doc, "s", &i));
	assert_false(jsonin_int64(doc, "z", &i));
	assert_true(i == 9007199254740993);
	assert_false(jsonin_int(doc, "id", &small));
	assert_true(jsonin_number(doc, "n", &n));
	assert_false(jsonin_number(doc, "z", &n));
	assert_false(jsonin_number(doc, "nothing", &n));
	assert_true(n == 1.5);
	assert_true(jsonin_bool(doc, "b", &b));
	assert_false(jsonin_bool(doc, "i", &b));
	assert_non_null(jsonin_object(doc, "o"));
	assert_null(jsonin_object(doc, "a"));
	assert_non_null(jsonin_array(doc, "a"));
	cJSON_Delete(doc);
}

static void
parse_wants_one_value(void **state)
{
	static const char *const bad[] = {
	    "", "{", "{} {}", "{}x", "nul", "{\"a\":}"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_null(jsonin_parse(bad[i], strlen(bad[i])));
	cJSON_Delete(jsonin_parse(" {} \n", 5));
}

static void
utf8_is_strict(void **state)
{
	static const char *const bad[] = {"\x80", "\xc0\xaf", "\xe0\x80\xaf",
	    "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xc3",
	    "a\xff"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(utf8_valid(bad[i], strlen(bad[i])));
	assert_true(utf8_valid("é日\xf0\x9f\x98\x80", 9));
	assert_true(utf8_valid("", 0));
}

static void
a_buffer_keeps_its_cap(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_int_equal(buf_puts(&b, "01234"), 0);
	assert_int_equal(buf_printf(&b, "%d", 56789), 0);
	assert_int_equal(buf_putc(&b, 'x'), -1);
	assert_true(b.overflow);
	assert_string_equal(b.data, "0123456789");
	buf_reset(&b);
	assert_int_equal(buf_puts(&b, "ok"), 0);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	    WITH(nesting_and_commas),
	    WITH(not_a_number_is_null),
	    WITH(text_is_escaped),
	    WITH(misuse_gives_no_text),
	    WITH(too_deep_and_too_long_are_errors),
	    WITH(members_are_merged),
	    WITH(lines_of_json),
	    cmocka_unit_test(getters_want_the_type),
	    cmocka_unit_test(parse_wants_one_value),
	    cmocka_unit_test(utf8_is_strict),
	    cmocka_unit_test(a_buffer_keeps_its_cap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
